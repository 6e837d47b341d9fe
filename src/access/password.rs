//! Passwords: what is accepted, and how it is kept (argon2id, one PHC string per user).
//!
//! Hashing takes tens of milliseconds and 19 MiB on purpose, which makes sign-in the cheapest way
//! to wear the server out. So at most [`MAX_CONCURRENT_HASHES`] run at once, a few more wait, and
//! the rest are told to come back. Everything here blocks: call it from a blocking thread.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use argon2::password_hash;
use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier,
    Version,
};
use zeroize::Zeroizing;

use super::secret::{NoRandomness, random_bytes};

/// How many passwords are hashed at the same time.
pub const MAX_CONCURRENT_HASHES: usize = 2;

/// How many callers wait for their turn; about a second's work.
const MAX_WAITING: usize = 32;

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

/// A hash that no password has, with today's cost: what unknown users are compared with.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
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
    let salt = random_bytes::<SALT_BYTES>()?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| PasswordError::Hashing(error.into()))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let _turn = GATE.enter()?;
    hasher
        .hash_password_with_salt(password.0.as_bytes(), salt.as_slice())
        .map(|hash| hash.to_string())
        .map_err(PasswordError::Hashing)
}

/// Whether the password is the one that `stored` was made from, at the cost `stored` names.
///
/// # Errors
/// [`PasswordError::Busy`], or [`PasswordError::Stored`] when `stored` cannot be used.
pub fn verify(password: &Password, stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|e| PasswordError::Stored(e.into()))?;
    let _turn = GATE.enter()?;
    match Argon2::default().verify_password(password.0.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Stored(error)),
    }
}

/// Takes as long as [`verify`] and says no: for a user that doesn't exist, so that the time an
/// answer takes doesn't tell who does.
///
/// # Errors
/// [`PasswordError::Busy`].
pub fn dummy_verify(password: &Password) -> Result<bool, PasswordError> {
    verify(password, NOBODYS_HASH).map(|_| false)
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
    let stem = folded.trim_end_matches(|letter: char| !letter.is_alphabetic());
    let distinct = folded.chars().collect::<BTreeSet<char>>().len();
    distinct < MIN_DISTINCT_CHARS
        || OUR_WORDS.iter().any(|word| folded.contains(word))
        || COMMON_WORDS.split(' ').any(|word| word == stem)
        || COMMON_DIGITS.split(' ').any(|word| word == *folded)
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
        let mut counts = self
            .left
            .wait_while(counts, full)
            .unwrap_or_else(PoisonError::into_inner);
        counts.waiting = counts.waiting.saturating_sub(1);
        counts.inside = counts.inside.saturating_add(1);
        Ok(Turn(self))
    }
}

/// One caller's place inside the gate; dropping it lets the next one in.
struct Turn<'a>(&'a Gate);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut counts = self.0.counts();
        counts.inside = counts.inside.saturating_sub(1);
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    fn chosen(text: &str) -> Result<(), PasswordRefused> {
        Password::chosen(text.to_owned()).map(drop)
    }

    fn typed(text: &str) -> Password {
        Password::typed(text.to_owned())
    }

    #[test]
    fn a_password_is_recognised_and_another_is_not() {
        let stored = hash(&typed("correct horse battery")).unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(verify(&typed("correct horse battery"), &stored).unwrap());
        assert!(!verify(&typed("correct horse battery "), &stored).unwrap());
        assert!(!verify(&typed(""), &stored).unwrap());
        assert_ne!(
            stored,
            hash(&typed("correct horse battery")).unwrap(),
            "each has its salt"
        );
    }

    #[test]
    fn nothing_is_cut_off() {
        let long = "가".repeat(127);
        let stored = hash(&typed(&format!("{long}나"))).unwrap();
        assert!(verify(&typed(&format!("{long}나")), &stored).unwrap());
        assert!(!verify(&typed(&format!("{long}다")), &stored).unwrap());
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(chosen("seven77"), Err(PasswordRefused::TooShort));
        assert_eq!(chosen("eight888"), Ok(()));
        assert_eq!(chosen("나의비밀번호들"), Err(PasswordRefused::TooShort));
        assert_eq!(chosen("나의비밀번호들🔑"), Ok(()));
        let long: String = "하늘과바람과별과시".chars().cycle().take(128).collect();
        assert_eq!(chosen(&long), Ok(()));
        assert_eq!(chosen(&format!("{long}!")), Err(PasswordRefused::TooLong));
    }

    #[test]
    fn easily_guessed_passwords_are_refused() {
        let easy = "password Password1! QWERTY123 iloveyou2022 12345678 aaaaaaaa 12121212 1q2w3e4r \
                    welcome!!! Sangsaeng-2022! 우리상생기금입니다 mySANGSAENGkey admin1234 비밀번호1234";
        for text in easy.split(' ') {
            assert_eq!(chosen(text), Err(PasswordRefused::TooCommon), "{text}");
        }
        for text in [
            "passwordless",
            "8k3mz-w0c2q",
            "monkey sees moon",
            "2022 qwerty moon",
        ] {
            assert_eq!(chosen(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn refusals_have_stable_codes() {
        let all = [
            PasswordRefused::TooShort,
            PasswordRefused::TooLong,
            PasswordRefused::TooCommon,
        ];
        let codes = [
            "password_too_short",
            "password_too_long",
            "password_too_common",
        ];
        assert_eq!(all.map(PasswordRefused::code), codes);
    }

    #[test]
    fn a_hash_of_lower_cost_still_verifies_and_asks_to_be_made_again() {
        let cheap = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let stored = cheap
            .hash_password_with_salt(b"old password", &[3; 16])
            .unwrap()
            .to_string();
        assert!(verify(&typed("old password"), &stored).unwrap());
        assert!(needs_rehash(&stored));
        assert!(!needs_rehash(&hash(&typed("old password")).unwrap()));
        for other in ["", "plain", &NOBODYS_HASH.replace("argon2id", "argon2i")] {
            assert!(needs_rehash(other), "{other}");
        }
        for (now, less) in [("m=19456", "m=19455"), ("t=2", "t=1"), ("v=19", "v=16")] {
            assert!(needs_rehash(&NOBODYS_HASH.replace(now, less)), "{less}");
        }
    }

    #[test]
    fn a_stored_text_that_is_no_hash_is_an_error_and_not_a_wrong_password() {
        for stored in [
            "",
            "plain",
            "$argon2id$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        ] {
            let result = verify(&typed("password"), stored);
            assert!(
                matches!(result, Err(PasswordError::Stored(_))),
                "{stored}: {result:?}"
            );
        }
    }

    #[test]
    fn an_unknown_user_costs_what_a_known_one_costs() {
        assert!(!needs_rehash(NOBODYS_HASH));
        let cost = |stored| {
            let hash = PasswordHash::new(stored).unwrap();
            (Params::try_from(&hash).unwrap(), hash.salt.unwrap().len())
        };
        assert_eq!(
            cost(NOBODYS_HASH),
            cost(&hash(&typed("anything at all")).unwrap())
        );
        let stored = hash(&typed("another one")).unwrap();
        let quickest = |check: &dyn Fn(&Password) -> Result<bool, PasswordError>| {
            let time = |_| {
                let start = Instant::now();
                assert!(!check(&typed("anything at all")).unwrap());
                start.elapsed()
            };
            (0..3).map(time).min().unwrap()
        };
        assert!(quickest(&dummy_verify) * 4 > quickest(&|password| verify(password, &stored)));
    }

    #[test]
    fn the_gate_lets_two_in_and_turns_away_when_too_many_wait() {
        let gate = Gate::new();
        let (inside, most, busy) = (
            AtomicUsize::new(0),
            AtomicUsize::new(0),
            AtomicUsize::new(0),
        );
        thread::scope(|scope| {
            for _ in 0..60 {
                scope.spawn(|| match gate.enter() {
                    Err(_) => drop(busy.fetch_add(1, Ordering::SeqCst)),
                    Ok(_turn) => {
                        let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(20));
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(most.load(Ordering::SeqCst), MAX_CONCURRENT_HASHES);
        assert!(busy.load(Ordering::SeqCst) > 0);
        let counts = gate.counts.into_inner().unwrap();
        assert_eq!((counts.inside, counts.waiting), (0, 0));
    }

    #[test]
    fn debug_shows_nothing_of_the_password() {
        assert_eq!(format!("{:?}", typed("correct horse")), "Password(hidden)");
    }
}
