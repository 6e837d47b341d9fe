//! Which keys belong to a copy, told without telling anything of them.

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};

use super::CopyError;
use crate::access::keys::{KEY_BYTES, KeyRing};
use crate::access::secret::hex;

/// Bytes of a fingerprint: enough that two keys never share one by accident.
const BYTES: usize = 8;

/// The fingerprints of those keys that the books cannot be used without: 16 hexadecimal digits
/// each. The key that signs tokens is not among them: after a new one, people sign in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fingerprints {
    /// Of the key that personal details are locked with.
    pub personal_details: String,
    /// Of the key that people are found again by.
    pub blind_index: String,
    /// Of the key that repeated requests are recognised by.
    pub cursor: String,
}

impl Fingerprints {
    /// Those of a set of keys.
    #[must_use]
    pub fn of(keys: &KeyRing) -> Self {
        Self {
            personal_details: fingerprint(keys.personal_details()),
            blind_index: fingerprint(keys.blind_index()),
            cursor: fingerprint(keys.cursor()),
        }
    }

    /// Refuses keys that are not the ones these were made of.
    ///
    /// # Errors
    /// [`CopyError::WrongKey`], naming the first that differs.
    pub fn refuse_others(&self, keys: &KeyRing) -> Result<(), CopyError> {
        let here = Self::of(keys);
        let pairs = [
            (
                "personal-details",
                &self.personal_details,
                here.personal_details,
            ),
            ("blind-index", &self.blind_index, here.blind_index),
            ("cursor", &self.cursor, here.cursor),
        ];
        for (name, wanted, found) in pairs {
            if *wanted != found {
                let wanted = wanted.clone();
                return Err(CopyError::WrongKey {
                    name,
                    wanted,
                    found,
                });
            }
        }
        Ok(())
    }
}

/// A keyed hash of fixed words: it tells keys apart and gives nothing of them away.
fn fingerprint(key: &[u8; KEY_BYTES]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, b"sangsaeng backup key fingerprint v1");
    hex(tag.as_ref().get(..BYTES).unwrap_or_default())
}
