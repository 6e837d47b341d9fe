//! Fingerprints of requests, and seals on cursors: both keyed, so that nobody can make one, and
//! nobody who reads the database can find out by trying what a body held.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

/// A keyed hash (HMAC-SHA-256) over parts of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(Vec<u8>);

impl Digest {
    /// The hash over a purpose and parts, each with its length.
    #[must_use]
    pub fn over(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> Self {
        let mut hash = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        for part in [purpose.as_bytes()].iter().chain(parts) {
            hash.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self(hash.sign().as_ref().to_vec())
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its first bytes, for a seal.
    #[must_use]
    pub fn seal(&self, length: usize) -> &[u8] {
        self.0.get(..length).unwrap_or(&self.0)
    }

    /// Whether that is its seal; takes the same time whatever it is.
    #[must_use]
    pub fn is_sealed_by(&self, seal: &[u8]) -> bool {
        verify_slices_are_equal(self.seal(seal.len()), seal).is_ok()
    }
}
