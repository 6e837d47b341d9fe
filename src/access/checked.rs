//! Tokens whose signature was found good under a key: it stays so, and is what a request's check costs
//! most. Each key has its own, so they go with it. Everything else about a token is asked each time:
//! its key's time, its own times, its claims, and its sender's session.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

/// How many are remembered; then all are forgotten, and each is checked once more.
const MAX_REMEMBERED: usize = 4_096;

/// SHA-256 of a whole token, its signature included: nothing that somebody could present.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// The tokens that one key has signed, as far as they were seen.
#[derive(Default)]
pub(super) struct Checked(Mutex<HashSet<Fingerprint>>);

impl Checked {
    pub(super) fn knows(&self, token: Fingerprint) -> bool {
        self.held().contains(&token)
    }

    pub(super) fn remember(&self, token: Fingerprint) {
        let mut held = self.held();
        if held.len() >= MAX_REMEMBERED {
            held.clear();
        }
        held.insert(token);
    }

    fn held(&self) -> MutexGuard<'_, HashSet<Fingerprint>> {
        // The set is whole at every moment, even where a thread died.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded() {
        let checked = Checked::default();
        let token = |n: usize| Fingerprint::of(&n.to_string());
        for n in 0..=MAX_REMEMBERED {
            checked.remember(token(n));
            assert!(checked.knows(token(n)));
        }
        assert!(!checked.knows(token(0)));
        assert!(checked.held().len() <= MAX_REMEMBERED);
    }
}
