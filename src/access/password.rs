//! Passwords: what is accepted, and how it is kept (argon2id, one PHC string per user).
//!
//! Hashing takes tens of milliseconds and 19 MiB on purpose, which makes sign-in the cheapest way
//! to wear the server out. So at most [`MAX_CONCURRENT_HASHES`] run at once, a few more wait, and
//! the rest are told to come back. Everything here blocks: call it from a blocking thread.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::password_hash;
use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier,
    Version,
};
use zeroize::Zeroizing;

use super::model::Email;
use super::secret::{NoRandomness, random_bytes};

/// How many passwords are hashed at the same time.
pub const MAX_CONCURRENT_HASHES: usize = 2;

/// How many callers wait for their turn; about a second's work.
const MAX_WAITING: usize = 32;

/// How long a caller waits for its turn at most.
const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// The fewest characters (Unicode scalar values) of a new password.
const MIN_CHARS: usize = 8;

/// The most characters of a new password. Nothing is ever cut off.
const MAX_CHARS: usize = 128;

/// A new password with fewer different characters is as good as none.
const MIN_DISTINCT_CHARS: usize = 4;

/// Memory of one hash, in KiB: 19 MiB. With the two below, a set that OWASP recommends.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SALT_BYTES: usize = 16;

/// A hash that no password has, with today's cost: what unknown users are compared with, and what
/// users have who sign in elsewhere.
pub const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
                            $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Words that stand for this very system: no password contains one.
const OUR_WORDS: [&str; 2] = ["sangsaeng", "상생"];

/// The commonest passwords, lower case, without the digits and signs people hang on them.
const COMMON_WORDS: &str = "\
    abcabc abcd abcdefg abcdefgh admin administrator asdasd asdf asdfasdf asdfgh asdfghjk \
    asdfghjkl azerty azertyuiop baseball changeme charlie computer default dragon football \
    freedom google guest hello iloveyou internet jennifer jordan letmein liverpool login master \
    michelle monkey pass passw0rd password princess qlalfqjsgh qwer qwerasdf qwert qwerty \
    qwertyui qwertyuiop root secret shadow sunshine superman trustno welcome whatever zxcvbnm \
    비밀번호";

/// The commonest passwords that begin with a digit, whole.
const COMMON_DIGITS: &str = "\
    01234567 0123456789 0987654321 12341234 123412345 12345678 123456789 1234567890 1q2w3e4r \
    1q2w3e4r! 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc 87654321 987654321";

/// The 3,000 passwords of eight characters and more that were found most often among those that
/// leaked, in order, in lower case (the list of zxcvbn, MIT licence, by frequency).
const COMMONEST: &str = include_str!("password/common.txt");

/// What somebody typed. Hidden from Debug, wiped when dropped.
pub struct Password(Zeroizing<String>);

impl Password {
    /// What was typed to sign in: whatever it is, it is compared.
    #[must_use]
    pub fn typed(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A password somebody chooses to have from now on.
    ///
    /// # Errors
    /// [`PasswordRefused`] when it is too short, too long or too common.
    pub fn chosen(text: String) -> Result<Self, PasswordRefused> {
        let password = Self::typed(text);
        let length = password.0.chars().count();
        if length < MIN_CHARS {
            Err(PasswordRefused::TooShort)
        } else if length > MAX_CHARS {
            Err(PasswordRefused::TooLong)
        } else if is_common(&password.0) {
            Err(PasswordRefused::TooCommon)
        } else {
            Ok(password)
        }
    }
}

impl Password {
    /// Makes sure that a password is not a name of its user's address, with or without an ending:
    /// who it is before the `@`, or a name in the domain, where that of the organisation stands.
    ///
    /// # Errors
    /// [`PasswordRefused::TooCommon`].
    pub fn not_of(&self, email: &Email) -> Result<(), PasswordRefused> {
        let folded = Zeroizing::new(self.0.to_lowercase());
        let (whole, stem) = (email.as_str(), stem(&folded));
        let (local, _) = whole.split_once('@').unwrap_or((whole, ""));
        let mut names = whole.split(['@', '.']).chain([whole, local]);
        if names.any(|name| name == stem || name == *folded) {
            Err(PasswordRefused::TooCommon)
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// Why a password cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than eight characters.
    #[error("a password has at least {MIN_CHARS} characters")]
    TooShort,
    /// More than 128 characters.
    #[error("a password has at most {MAX_CHARS} characters")]
    TooLong,
    /// One that many people use, or with the name of this system in it.
    #[error("this password is too easily guessed")]
    TooCommon,
}

impl PasswordRefused {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::TooCommon => "password_too_common",
        }
    }
}

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many callers wait already; try again in a second.
    #[error("too many passwords are being checked at this moment")]
    Busy,
    /// What the database holds is not a password hash.
    #[error("the stored password hash is not valid: {0}")]
    Stored(#[source] password_hash::Error),
    /// The library failed, for want of memory for instance.
    #[error("the password could not be hashed: {0}")]
    Hashing(#[source] password_hash::Error),
    /// There was no salt to be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// The PHC string to keep for a password, with a salt of its own.
///
/// # Errors
/// [`PasswordError::Busy`], [`PasswordError::Hashing`], [`PasswordError::NoRandomness`].
pub fn hash(password: &Password) -> Result<String, PasswordError> {
    turn()?.hash(password)
}

/// Whether the password is the one that `stored` was made from, at the cost `stored` names.
///
/// # Errors
/// [`PasswordError::Busy`], or [`PasswordError::Stored`] when `stored` cannot be used.
pub fn verify(password: &Password, stored: &str) -> Result<bool, PasswordError> {
    turn()?.verify(password, stored)
}

/// Waits for one's turn to hash.
///
/// # Errors
/// [`PasswordError::Busy`] when too many wait already, or it took too long.
pub fn turn() -> Result<Turn<'static>, PasswordError> {
    GATE.enter()
}

impl Turn<'_> {
    /// As [`hash`].
    ///
    /// # Errors
    /// [`PasswordError::Hashing`], [`PasswordError::NoRandomness`].
    pub fn hash(&self, password: &Password) -> Result<String, PasswordError> {
        let salt = random_bytes::<SALT_BYTES>()?;
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|error| PasswordError::Hashing(error.into()))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        hasher
            .hash_password_with_salt(password.0.as_bytes(), salt.as_slice())
            .map(|hash| hash.to_string())
            .map_err(PasswordError::Hashing)
    }

    /// As [`verify`].
    ///
    /// # Errors
    /// [`PasswordError::Stored`] when `stored` cannot be used.
    pub fn verify(&self, password: &Password, stored: &str) -> Result<bool, PasswordError> {
        let stored = PasswordHash::new(stored).map_err(|e| PasswordError::Stored(e.into()))?;
        match Argon2::default().verify_password(password.0.as_bytes(), &stored) {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(PasswordError::Stored(error)),
        }
    }
}

/// Whether a stored hash was made at less than today's cost; then hash again at the next sign-in.
#[must_use]
pub fn needs_rehash(stored: &str) -> bool {
    let up_to_date = || {
        let hash = PasswordHash::new(stored).ok()?;
        let params = Params::try_from(&hash).ok()?;
        Some(
            hash.algorithm == ARGON2ID_IDENT
                && hash.version == Some(Version::V0x13.into())
                && params.m_cost() >= MEMORY_KIB
                && params.t_cost() >= PASSES
                && params.p_cost() >= LANES,
        )
    };
    up_to_date() != Some(true)
}

/// Whether others would guess it early: our own name, a common word with or without an ending,
/// a run of digits, or hardly any different characters.
fn is_common(text: &str) -> bool {
    let folded = Zeroizing::new(text.to_lowercase());
    let stem = stem(&folded);
    let distinct = folded.chars().collect::<BTreeSet<char>>().len();
    distinct < MIN_DISTINCT_CHARS
        || OUR_WORDS.iter().any(|word| folded.contains(word))
        || COMMON_WORDS.split(' ').any(|word| word == stem)
        || COMMON_DIGITS.split(' ').any(|word| word == *folded)
        || COMMONEST.lines().any(|word| word == *folded)
}

/// A text without the digits and signs that people hang on it.
fn stem(folded: &str) -> &str {
    folded.trim_end_matches(|letter: char| !letter.is_alphabetic())
}

/// The one gate before the hash function.
static GATE: Gate = Gate::new();

/// Lets [`MAX_CONCURRENT_HASHES`] in at once, [`MAX_WAITING`] wait, and turns the others away.
struct Gate {
    counts: Mutex<Counts>,
    left: Condvar,
}

struct Counts {
    inside: usize,
    waiting: usize,
}

impl Gate {
    const fn new() -> Self {
        Self {
            counts: Mutex::new(Counts {
                inside: 0,
                waiting: 0,
            }),
            left: Condvar::new(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Counts are whole at every moment, even where a thread died.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self) -> Result<Turn<'_>, PasswordError> {
        let mut counts = self.counts();
        if counts.inside >= MAX_CONCURRENT_HASHES && counts.waiting >= MAX_WAITING {
            return Err(PasswordError::Busy);
        }
        counts.waiting = counts.waiting.saturating_add(1);
        let full = |counts: &mut Counts| counts.inside >= MAX_CONCURRENT_HASHES;
        let waited = self.left.wait_timeout_while(counts, LONGEST_WAIT, full);
        let (mut counts, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        counts.waiting = counts.waiting.saturating_sub(1);
        if waited.timed_out() {
            return Err(PasswordError::Busy);
        }
        counts.inside = counts.inside.saturating_add(1);
        Ok(Turn(self))
    }
}

/// One caller's place inside the gate; dropping it lets the next one in.
pub struct Turn<'a>(&'a Gate);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut counts = self.0.counts();
        counts.inside = counts.inside.saturating_sub(1);
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests;
