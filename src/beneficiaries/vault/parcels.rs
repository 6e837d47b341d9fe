//! Parcels: many details sealed at once, such as the rows of a file, under one key for the whole.
//! Throwing that key away erases them all.

use zeroize::Zeroizing;

use super::{
    KEY_BYTES, KEY_VERSION, LessSafeKey, Vault, VaultError, framed, key, open_bytes, random_bytes,
    seal_bytes,
};

/// The key of all parcels of one owner.
pub struct ParcelKey {
    key: LessSafeKey,
    owner: String,
}

/// Where a seal belongs.
fn place(what: &str, owner: &str, number: i32) -> Zeroizing<Vec<u8>> {
    framed(&[
        "parcels",
        what,
        owner,
        &number.to_string(),
        &KEY_VERSION.to_string(),
    ])
}

impl Vault {
    /// A new key for the parcels of an owner, and the same wrapped under the server's.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`], [`VaultError::Sealing`].
    pub fn new_parcel_key(&self, owner: &str) -> Result<(ParcelKey, Vec<u8>), VaultError> {
        let own = random_bytes::<KEY_BYTES>()?;
        let wrapped = seal_bytes(&self.wrapping, &place("key", owner, 0), own.as_slice())?;
        let key = ParcelKey {
            key: key(&own)?,
            owner: owner.to_owned(),
        };
        Ok((key, wrapped))
    }

    /// The key of an owner's parcels, unwrapped.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when it is not exactly as it was wrapped for this owner, or gone.
    pub fn parcel_key(&self, owner: &str, wrapped: &[u8]) -> Result<ParcelKey, VaultError> {
        let own = open_bytes(&self.wrapping, &place("key", owner, 0), wrapped);
        let own = own.ok_or(VaultError::Refused)?;
        let own = own.as_slice().try_into();
        Ok(ParcelKey {
            key: key(own.map_err(|_other_length| VaultError::Refused)?)?,
            owner: owner.to_owned(),
        })
    }
}

impl ParcelKey {
    /// Seals a parcel, which opens under its own number alone.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`], [`VaultError::Sealing`].
    pub fn seal(&self, number: i32, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal_bytes(&self.key, &place("parcel", &self.owner, number), plain)
    }

    /// Opens a parcel.
    ///
    /// # Errors
    /// [`VaultError::Refused`] when anything is not exactly as it was sealed.
    pub fn open(&self, number: i32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let place = place("parcel", &self.owner, number);
        open_bytes(&self.key, &place, sealed).ok_or(VaultError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_opens_for_its_owner_and_under_its_number_alone() {
        let vault = Vault::new(&[1; 32], &[2; 32]).unwrap();
        let (key, wrapped) = vault.new_parcel_key("i1").unwrap();
        let sealed = key.seal(3, b"rows").unwrap();
        let again = vault.parcel_key("i1", &wrapped).unwrap();
        assert_eq!(again.open(3, &sealed).unwrap().as_slice(), b"rows");
        assert!(again.open(4, &sealed).is_err());
        assert!(vault.parcel_key("i2", &wrapped).is_err());
        assert!(vault.parcel_key("i1", b"").is_err(), "a key thrown away");
        assert!(!sealed.windows(4).any(|part| part == b"rows"));
    }
}
