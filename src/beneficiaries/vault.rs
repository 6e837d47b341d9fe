//! The vault of personal details: how they are sealed, found again and vouched for.
//!
//! Each record has a random key of its own that seals the details; the server's key wraps that
//! key. So erasing one person is throwing away one small key, and changing the server's key means
//! wrapping small keys again, not every detail. Both seals are AES-256-GCM-SIV (RFC 8452) and name
//! table, column, record and key version: moved anywhere else, they do not open.
//!
//! People are found by a *blind index*: a keyed hash, since ten digits with a check digit are
//! guessed in seconds from a plain one. The event log gets a *commitment*, a salted hash that says
//! nothing until the salt is shown, and nothing ever again once the salt is destroyed.

pub mod parcels;

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::access::secret::{NoRandomness, hex, random_bytes};

/// Bytes of every key in the vault.
const KEY_BYTES: usize = 32;

/// Bytes of a commitment's salt.
const SALT_BYTES: usize = 32;

/// The version of the server's key that new records are sealed under.
const KEY_VERSION: i32 = 1;

/// Where the two seals lie. Part of what they authenticate: changing a name locks every record.
const TABLE: &str = "personal_details";
const WRAPPED_KEY: &str = "wrapped_key";
const CIPHERTEXT: &str = "ciphertext";

/// Who a beneficiary is, as far as the books know. Hidden from Debug, wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonalDetails {
    /// 사업자등록번호: one person across the books.
    pub registration_number: Option<String>,
    /// The program's own mark for the person: one person in that program.
    pub reference: Option<String>,
    /// The name, if it was given.
    pub name: Option<String>,
}

impl fmt::Debug for PersonalDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalDetails(hidden)")
    }
}

impl Drop for PersonalDetails {
    fn drop(&mut self) {
        self.registration_number.zeroize();
        self.reference.zeroize();
        self.name.zeroize();
    }
}

/// The details as they are written inside the seal. Kept apart so that nothing else can print
/// personal details as JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain<T> {
    registration_number: Option<T>,
    reference: Option<T>,
    name: Option<T>,
}

/// Sealed details, as the table keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The record's own key, sealed under the server's.
    pub wrapped_key: Vec<u8>,
    /// The details, sealed under the record's own key.
    pub ciphertext: Vec<u8>,
    /// Which of the server's keys wraps it.
    pub key_version: i32,
}

/// What one person is known by.
#[derive(Clone, Copy)]
pub enum Identifier<'a> {
    /// A registration number (ten digits): the same person in every program.
    RegistrationNumber(&'a str),
    /// A reference, which means something in its own program alone.
    Reference {
        /// The program.
        program: &'a str,
        /// The reference as the program wrote it.
        reference: &'a str,
    },
}

/// Why details could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There are no random bytes for keys.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The cryptographic library failed.
    #[error("the personal details could not be sealed")]
    Sealing,
    /// The details could not be written as JSON.
    #[error("the personal details could not be written: {0}")]
    Writing(#[source] serde_json::Error),
    /// Altered, moved from another record or column, or sealed with another key.
    #[error("the personal details do not open: altered, moved, or sealed with another key")]
    Refused,
    /// The server's key of that version is not here.
    #[error("the personal details need version {0} of the key, which this server doesn't have")]
    UnknownKeyVersion(i32),
}

/// The server's two keys for personal details.
pub struct Vault {
    wrapping: LessSafeKey,
    index: hmac::Key,
}

impl Vault {
    /// A vault that wraps with `personal` and indexes with `index`.
    ///
    /// # Errors
    /// [`VaultError::Sealing`] when the library refuses the key.
    pub fn new(personal: &[u8; KEY_BYTES], index: &[u8; KEY_BYTES]) -> Result<Self, VaultError> {
        Ok(Self {
            wrapping: key(personal)?,
            index: hmac::Key::new(hmac::HMAC_SHA256, index),
        })
    }

    /// Seals the details of one record under a new key of its own.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`], [`VaultError::Sealing`], [`VaultError::Writing`].
    pub fn seal(&self, record_id: &str, details: &PersonalDetails) -> Result<Sealed, VaultError> {
        let own = random_bytes::<KEY_BYTES>()?;
        let plain = Plain {
            registration_number: details.registration_number.as_deref(),
            reference: details.reference.as_deref(),
            name: details.name.as_deref(),
        };
        let json = Zeroizing::new(serde_json::to_vec(&plain).map_err(VaultError::Writing)?);
        let place = |column| place(column, record_id, KEY_VERSION);
        Ok(Sealed {
            wrapped_key: seal_bytes(&self.wrapping, &place(WRAPPED_KEY), own.as_slice())?,
            ciphertext: seal_bytes(&key(&own)?, &place(CIPHERTEXT), &json)?,
            key_version: KEY_VERSION,
        })
    }

    /// Opens the details of one record.
    ///
    /// # Errors
    /// [`VaultError::UnknownKeyVersion`]; [`VaultError::Refused`] when anything is not exactly as
    /// it was sealed for this record.
    pub fn open(&self, record_id: &str, sealed: &Sealed) -> Result<PersonalDetails, VaultError> {
        if sealed.key_version != KEY_VERSION {
            return Err(VaultError::UnknownKeyVersion(sealed.key_version));
        }
        let place = |column| place(column, record_id, sealed.key_version);
        let opened = || {
            let own = open_bytes(&self.wrapping, &place(WRAPPED_KEY), &sealed.wrapped_key)?;
            let own = key(own.as_slice().try_into().ok()?).ok()?;
            let json = open_bytes(&own, &place(CIPHERTEXT), &sealed.ciphertext)?;
            let plain: Plain<String> = serde_json::from_slice(&json).ok()?;
            Some(PersonalDetails {
                registration_number: plain.registration_number,
                reference: plain.reference,
                name: plain.name,
            })
        };
        opened().ok_or(VaultError::Refused)
    }

    /// The mark by which one person is found again: HMAC-SHA256 in hexadecimal. Each kind of
    /// identifier, and each program's references, lie in a space of their own.
    #[must_use]
    pub fn blind_index(&self, identifier: Identifier<'_>) -> String {
        let framed = match identifier {
            Identifier::RegistrationNumber(number) => framed(&["registration_number", number]),
            Identifier::Reference { program, reference } => {
                framed(&["reference", program, reference])
            }
        };
        hex(hmac::sign(&self.index, &framed).as_ref())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(hidden)")
    }
}

/// A salted hash that vouches for details without telling them.
#[derive(Clone, PartialEq, Eq)]
pub struct Commitment {
    /// 256 random bits in hexadecimal. As secret as the details: it lies beside them, and goes
    /// with them when a person is erased.
    pub salt: String,
    /// SHA-256 in hexadecimal: what the event log holds.
    pub digest: String,
}

impl Commitment {
    /// Commits to the details with a new salt.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn to(details: &PersonalDetails) -> Result<Self, VaultError> {
        let salt = hex(random_bytes::<SALT_BYTES>()?.as_slice());
        let digest = commitment_digest(&salt, details);
        Ok(Self { salt, digest })
    }

    /// Whether these are the details that were committed to.
    #[must_use]
    pub fn holds_for(&self, details: &PersonalDetails) -> bool {
        let digest = commitment_digest(&self.salt, details);
        verify_slices_are_equal(digest.as_bytes(), self.digest.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Commitment")
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

/// The canonical bytes of the details, each field there or not, hashed with the salt.
fn commitment_digest(salt: &str, details: &PersonalDetails) -> String {
    let mut parts = vec!["personal-details-v1", salt];
    let details = [
        &details.registration_number,
        &details.reference,
        &details.name,
    ];
    for field in details {
        match field {
            None => parts.push("absent"),
            Some(text) => parts.extend(["present", text]),
        }
    }
    hex(digest(&SHA256, &framed(&parts)).as_ref())
}

/// The parts one after another, each behind its length in bytes (`5:hello,`), so that no two
/// lists of parts give the same bytes.
fn framed(parts: &[&str]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::new());
    for part in parts {
        bytes.extend_from_slice(part.len().to_string().as_bytes());
        bytes.push(b':');
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(b',');
    }
    bytes
}

/// Where a seal belongs: it authenticates this and opens nowhere else.
fn place(column: &str, record_id: &str, key_version: i32) -> Zeroizing<Vec<u8>> {
    framed(&[TABLE, column, record_id, &key_version.to_string()])
}

fn key(bytes: &[u8; KEY_BYTES]) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM_SIV, bytes)
        .map(LessSafeKey::new)
        .map_err(|Unspecified| VaultError::Sealing)
}

/// A random nonce, then the sealed bytes with their tag.
fn seal_bytes(key: &LessSafeKey, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = random_bytes::<NONCE_LEN>()?;
    let mut bytes = plain.to_vec();
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(place),
            &mut bytes,
        )
        .map_err(|Unspecified| VaultError::Sealing)?;
    Ok([nonce.as_slice(), &bytes, tag.as_ref()].concat())
}

fn open_bytes(key: &LessSafeKey, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let opened = key.open_in_place(nonce, Aad::from(place), &mut bytes);
    let length = opened.ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn vault() -> Vault {
        Vault::new(&[1; 32], &[2; 32]).unwrap()
    }

    fn merchant() -> PersonalDetails {
        PersonalDetails {
            registration_number: Some("1208147521".to_owned()),
            reference: None,
            name: Some("한빛상회 \"본점\"".to_owned()),
        }
    }

    #[track_caller]
    fn refused(vault: &Vault, record_id: &str, sealed: &Sealed) {
        assert!(matches!(
            vault.open(record_id, sealed),
            Err(VaultError::Refused)
        ));
    }

    #[test]
    fn what_was_sealed_opens_for_the_same_record() {
        for details in [merchant(), PersonalDetails::default()] {
            let sealed = vault().seal("b1", &details).unwrap();
            assert_eq!(sealed.key_version, 1);
            assert!(vault().open("b1", &sealed).unwrap() == details);
        }
    }

    #[test]
    fn nothing_of_the_details_shows_in_the_seal() {
        let sealed = vault().seal("b1", &merchant()).unwrap();
        let bytes = [sealed.wrapped_key, sealed.ciphertext].concat();
        for clear in ["1208147521", "한빛상회", "name"] {
            assert!(
                !bytes
                    .windows(clear.len())
                    .any(|window| window == clear.as_bytes())
            );
        }
    }

    #[test]
    fn seals_moved_between_records_or_columns_do_not_open() {
        let vault = vault();
        let one = vault.seal("b1", &merchant()).unwrap();
        let two = vault.seal("b2", &merchant()).unwrap();
        refused(&vault, "b2", &one);
        refused(
            &vault,
            "b1",
            &Sealed {
                ciphertext: two.ciphertext.clone(),
                ..one.clone()
            },
        );
        refused(
            &vault,
            "b1",
            &Sealed {
                wrapped_key: two.wrapped_key.clone(),
                ..one.clone()
            },
        );
        let swapped = Sealed {
            wrapped_key: one.ciphertext.clone(),
            ciphertext: one.wrapped_key.clone(),
            key_version: 1,
        };
        refused(&vault, "b1", &swapped);
    }

    #[test]
    fn each_name_in_the_place_is_authenticated() {
        let key = key(&[5; 32]).unwrap();
        let sealed = seal_bytes(&key, &place("ciphertext", "b1", 1), b"details").unwrap();
        let opens = |place: &[u8]| open_bytes(&key, place, &sealed).is_some();
        assert!(opens(&place("ciphertext", "b1", 1)));
        assert!(!opens(&place("wrapped_key", "b1", 1)));
        assert!(!opens(&place("ciphertext", "b2", 1)));
        assert!(!opens(&place("ciphertext", "b1", 2)));
        assert!(!opens(b""));
    }

    #[test]
    fn every_altered_or_missing_byte_is_noticed() {
        let vault = vault();
        let sealed = vault.seal("b1", &merchant()).unwrap();
        for place in 0..sealed.ciphertext.len() {
            let mut altered = sealed.clone();
            altered.ciphertext[place] ^= 1;
            refused(&vault, "b1", &altered);
            altered.ciphertext.truncate(place);
            refused(&vault, "b1", &altered);
        }
        for place in 0..sealed.wrapped_key.len() {
            let mut altered = sealed.clone();
            altered.wrapped_key[place] ^= 1;
            refused(&vault, "b1", &altered);
        }
    }

    #[test]
    fn another_servers_key_opens_nothing_and_an_unknown_version_is_named() {
        let sealed = vault().seal("b1", &merchant()).unwrap();
        refused(&Vault::new(&[9; 32], &[2; 32]).unwrap(), "b1", &sealed);
        let later = Sealed {
            key_version: 2,
            ..sealed
        };
        assert!(matches!(
            vault().open("b1", &later),
            Err(VaultError::UnknownKeyVersion(2))
        ));
    }

    #[test]
    fn sealing_twice_shares_no_key_nonce_or_ciphertext() {
        let mut nonces = BTreeSet::new();
        for _ in 0..1_000 {
            let sealed = vault().seal("b1", &merchant()).unwrap();
            assert!(nonces.insert(sealed.wrapped_key[..NONCE_LEN].to_vec()));
            assert!(nonces.insert(sealed.ciphertext[..NONCE_LEN].to_vec()));
        }
    }

    #[test]
    fn one_person_has_one_index_and_different_ones_differ() {
        let vault = vault();
        let reference = |program, reference| Identifier::Reference { program, reference };
        let number = Identifier::RegistrationNumber("1208147521");
        assert_eq!(vault.blind_index(number), vault.blind_index(number));
        let other_server = Vault::new(&[1; 32], &[3; 32]).unwrap();
        let all = [
            vault.blind_index(number),
            vault.blind_index(Identifier::RegistrationNumber("1208147522")),
            vault.blind_index(reference("p", "1208147521")),
            vault.blind_index(reference("q", "1208147521")),
            vault.blind_index(reference("p1", "208147521")),
            vault.blind_index(reference("", "1208147521")),
            vault.blind_index(reference("1208147521", "")),
            other_server.blind_index(number),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.iter().all(|index| index.len() == 64));
    }

    #[test]
    fn indexes_and_commitments_never_change_their_form() {
        // HMAC-SHA256 with the key of 32 bytes 0x02 over "19:registration_number,10:1208147521,".
        let index = vault().blind_index(Identifier::RegistrationNumber("1208147521"));
        let expected = "75ac0e1c93a2a9d535ba189b0a3a73cd8f05a7037cad38ad2b6068de707ccc8b";
        assert_eq!(index, expected);
        // SHA-256 of "19:personal-details-v1,2:00,7:present,10:1208147521,6:absent,6:absent,".
        let mut details = merchant();
        details.name = None;
        let expected = "0aac34d7a49e2b97ffa1d6689d7bd0c559b9f953813638769dec809edceabee0";
        assert_eq!(commitment_digest("00", &details), expected);
    }

    #[test]
    fn a_commitment_holds_for_its_details_alone() {
        let commitment = Commitment::to(&merchant()).unwrap();
        assert!(commitment.holds_for(&merchant()));
        let mut other = merchant();
        std::mem::swap(&mut other.name, &mut other.reference);
        assert!(!commitment.holds_for(&other));
        other.reference = Some(String::new());
        let empty = Commitment::to(&other).unwrap();
        other.reference = None;
        assert!(!empty.holds_for(&other), "empty is not absent");
        assert_ne!(
            commitment.digest,
            Commitment::to(&merchant()).unwrap().digest
        );
    }

    #[test]
    fn debug_shows_no_personal_detail_salt_or_key() {
        let commitment = Commitment {
            salt: "5a17".to_owned(),
            digest: "d1".to_owned(),
        };
        let shown = format!("{:?} {:?} {commitment:?}", merchant(), vault());
        let hidden = "PersonalDetails(hidden) Vault(hidden) Commitment { digest: \"d1\", .. }";
        assert_eq!(shown, hidden);
    }
}
