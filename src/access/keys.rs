//! The server's keys: one small text file for each purpose, in one directory.
//!
//! A file holds one line, `sangsaeng-key v1 PURPOSE KID SECRET`: the key's id, then 32 random bytes
//! in base64url. [`KeyRing::create`] writes the set once and never over anything;
//! [`KeyRing::open`] refuses whatever could be a mistake (a file lost, swapped, copied, cut short,
//! made up, or open to others) and signs and checks one token, so that a fault shows at the start
//! and not at the first sign-in. Four files of at most 512 bytes are read, once.
//!
//! Losing `personal-details.key` or `blind-index.key` loses the personal details: back them up.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use zeroize::Zeroizing;

use super::secret::{NoRandomness, hex, random_bytes};
use super::token::{TokenError, TokenKeys, TokenRefused};

/// Bytes of every key.
pub const KEY_BYTES: usize = 32;

/// A key file is shorter than this; a longer one is not read to its end.
const MAX_FILE_BYTES: usize = 512;

/// Random bytes behind a key id.
const KID_BYTES: usize = 8;

/// Random bytes take on some thirty values in 32 places; fewer than this is no accident.
const MIN_DISTINCT: usize = 16;

/// How a key file begins: what it is, and the version of its form.
const MAGIC: &str = "sangsaeng-key";
const VERSION: &str = "v1";

const TOKEN_SIGNING: &str = "token-signing";
const PERSONAL_DETAILS: &str = "personal-details";
const BLIND_INDEX: &str = "blind-index";
const CURSOR: &str = "cursor";
const PURPOSES: [&str; 4] = [TOKEN_SIGNING, PERSONAL_DETAILS, BLIND_INDEX, CURSOR];

/// Why the keys cannot be used or made. Every message names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not there.
    #[error(
        "the key file {0} is missing: restore it from the backup of the keys, or, before the \
         first record is made, begin anew with `sangsaeng keys init` on an empty directory"
    )]
    Missing(PathBuf),
    /// The file cannot be read.
    #[error("the key file {0} cannot be read: let the user that runs sangsaeng own it ({1})")]
    Unreadable(PathBuf, #[source] io::Error),
    /// Others than its owner may read or change the file; its permission bits.
    #[error("the key file {0} is open to others (mode {1:04o}): run `chmod 600 {0}`")]
    TooOpen(PathBuf, u32),
    /// The file is not of the form that `keys init` writes.
    #[error("the key file {0} is cut short or altered: restore it from the backup of the keys")]
    Garbled(PathBuf),
    /// The file holds the key of another purpose, which it names.
    #[error("the key file {0} holds a key for `{1}`: put each key back under its own name")]
    WrongPurpose(PathBuf, String),
    /// The key is not random: zeros, text, a pattern.
    #[error("the key in {0} is not random: make the keys with `sangsaeng keys init`, not by hand")]
    Weak(PathBuf),
    /// Two purposes share one key.
    #[error("the key files {0} and {1} hold the same key: restore the set from its backup")]
    Shared(PathBuf, PathBuf),
    /// There is a key already, and keys are never overwritten.
    #[error("the key file {0} exists already and is left as it is: name an empty directory")]
    Exists(PathBuf),
    /// The directory or the file cannot be written.
    #[error("{0} cannot be written: name a directory that can ({1})")]
    Unwritable(PathBuf, #[source] io::Error),
    /// There is nothing to make keys from.
    #[error("no keys can be made: {0}")]
    NoRandomness(#[from] NoRandomness),
    /// The signing key or the cryptographic library doesn't sign.
    #[error("no token can be signed with {0}: {1}")]
    NotSigning(PathBuf, #[source] TokenError),
    /// A token just signed is not accepted.
    #[error("a token signed with {0} is not accepted: report this build as broken ({1})")]
    NotVerifying(PathBuf, #[source] TokenRefused),
}

/// All keys of one server, each for one purpose. Wiped when dropped.
pub struct KeyRing {
    tokens: TokenKeys,
    personal_details: Secret,
    blind_index: Secret,
    cursor: Secret,
}

type Secret = Zeroizing<[u8; KEY_BYTES]>;

impl KeyRing {
    /// Makes a new set in `dir`, which is made too (mode 0700) if need be, and opens it.
    ///
    /// # Errors
    /// [`KeyError::Exists`] before anything is written, [`KeyError::Unwritable`],
    /// [`KeyError::NoRandomness`].
    pub fn create(dir: &Path) -> Result<Self, KeyError> {
        if let Some(path) = key_paths(dir).find(|path| path.exists()) {
            return Err(KeyError::Exists(path));
        }
        make_directory(dir).map_err(|error| KeyError::Unwritable(dir.to_owned(), error))?;
        for purpose in PURPOSES {
            write_key(dir, purpose)?;
        }
        sync_directory(dir).map_err(|error| KeyError::Unwritable(dir.to_owned(), error))?;
        Self::open(dir)
    }

    /// Reads and tries the set in `dir`.
    ///
    /// # Errors
    /// The first fault found in any file, or between two of them.
    pub fn open(dir: &Path) -> Result<Self, KeyError> {
        let signing = KeyFile::read(dir, TOKEN_SIGNING)?;
        let personal_details = KeyFile::read(dir, PERSONAL_DETAILS)?;
        let blind_index = KeyFile::read(dir, BLIND_INDEX)?;
        let cursor = KeyFile::read(dir, CURSOR)?;
        refuse_shared(&[&signing, &personal_details, &blind_index, &cursor])?;
        Ok(Self {
            tokens: tried_token_keys(&signing)?,
            personal_details: personal_details.secret,
            blind_index: blind_index.secret,
            cursor: cursor.secret,
        })
    }

    /// Opens the set in `dir`, or makes it where there is none of it. `true` says that it is new.
    ///
    /// # Errors
    /// As [`KeyRing::open`] and [`KeyRing::create`]. Half a set is a fault, not a reason for a new
    /// one: it would lock the personal details away for good.
    pub fn open_or_create(dir: &Path) -> Result<(Self, bool), KeyError> {
        if key_paths(dir).any(|path| path.exists()) {
            Ok((Self::open(dir)?, false))
        } else {
            Ok((Self::create(dir)?, true))
        }
    }

    /// The key of access tokens.
    #[must_use]
    pub fn tokens(&self) -> &TokenKeys {
        &self.tokens
    }

    /// The key that wraps each person's own key.
    #[must_use]
    pub fn personal_details(&self) -> &[u8; KEY_BYTES] {
        &self.personal_details
    }

    /// The key of the blind index, by which people are found again.
    #[must_use]
    pub fn blind_index(&self) -> &[u8; KEY_BYTES] {
        &self.blind_index
    }

    /// The key that seals the cursors of paged lists.
    #[must_use]
    pub fn cursor(&self) -> &[u8; KEY_BYTES] {
        &self.cursor
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

/// What one file holds.
struct KeyFile {
    path: PathBuf,
    kid: String,
    secret: Secret,
}

impl KeyFile {
    fn read(dir: &Path, purpose: &str) -> Result<Self, KeyError> {
        let path = key_path(dir, purpose);
        let text = read_private(&path)?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let words: Vec<&str> = line.split(' ').collect();
        let &[MAGIC, VERSION, found, kid, encoded] = words.as_slice() else {
            return Err(KeyError::Garbled(path));
        };
        let mut secret = Secret::default();
        let length = URL_SAFE_NO_PAD.decode_slice(encoded, secret.as_mut_slice());
        if length != Ok(KEY_BYTES) || !is_kid(kid) {
            return Err(KeyError::Garbled(path));
        }
        if found != purpose {
            return Err(KeyError::WrongPurpose(path, found.to_owned()));
        }
        if is_weak(&secret) {
            return Err(KeyError::Weak(path));
        }
        Ok(Self {
            kid: kid.to_owned(),
            path,
            secret,
        })
    }
}

fn key_path(dir: &Path, purpose: &str) -> PathBuf {
    dir.join(format!("{purpose}.key"))
}

fn key_paths(dir: &Path) -> impl Iterator<Item = PathBuf> {
    PURPOSES.iter().map(|purpose| key_path(dir, purpose))
}

/// A key id, as `keys init` makes them: hexadecimal digits.
fn is_kid(text: &str) -> bool {
    text.len() == 2 * KID_BYTES && text.bytes().all(|letter| letter.is_ascii_hexdigit())
}

/// The text of a file that is its owner's alone.
fn read_private(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
        io::ErrorKind::InvalidData => KeyError::Garbled(path.to_owned()),
        _ => KeyError::Unreadable(path.to_owned(), error),
    };
    let file = File::open(path).map_err(unreadable)?;
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::TooOpen(path.to_owned(), mode));
    }
    // Room from the start, so that no copy is left behind by growing.
    let mut text = Zeroizing::new(String::with_capacity(MAX_FILE_BYTES));
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or_default();
    file.take(limit)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    Ok(text)
}

/// Bytes nobody drew at random: few different ones, even steps between them, or typed text.
fn is_weak(secret: &[u8; KEY_BYTES]) -> bool {
    let values: BTreeSet<u8> = secret.iter().copied().collect();
    let pairs = secret.iter().zip(secret.iter().skip(1));
    let steps: BTreeSet<u8> = pairs.map(|(one, next)| next.wrapping_sub(*one)).collect();
    let typed = secret.is_ascii() && !secret.iter().any(u8::is_ascii_control);
    values.len() < MIN_DISTINCT || steps.len() < MIN_DISTINCT || typed
}

fn refuse_shared(mut files: &[&KeyFile]) -> Result<(), KeyError> {
    while let [file, others @ ..] = files {
        if let Some(other) = others.iter().find(|other| other.secret == file.secret) {
            return Err(KeyError::Shared(file.path.clone(), other.path.clone()));
        }
        files = others;
    }
    Ok(())
}

/// The token keys, after one token was signed and checked with them.
fn tried_token_keys(file: &KeyFile) -> Result<TokenKeys, KeyError> {
    let moment = DateTime::UNIX_EPOCH;
    let not_signing = |error| KeyError::NotSigning(file.path.clone(), error);
    let not_verifying = |refused| KeyError::NotVerifying(file.path.clone(), refused);
    let keys = TokenKeys::from_seed(&file.kid, &file.secret).map_err(not_signing)?;
    let token = keys.issue("start-up", 0, moment).map_err(not_signing)?;
    keys.verify(&token, moment).map_err(not_verifying)?;
    Ok(keys)
}

/// Makes the directory, unless it is there, and brings its name to the disk.
fn make_directory(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    sync_directory(&dir.join(".."))
}

fn sync_directory(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Makes one key and brings it to the disk.
fn write_key(dir: &Path, purpose: &str) -> Result<(), KeyError> {
    let kid = hex(random_bytes::<KID_BYTES>()?.as_slice());
    let secret = random_bytes::<KEY_BYTES>()?;
    let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()));
    let line = Zeroizing::new(format!(
        "{MAGIC} {VERSION} {purpose} {kid} {}\n",
        encoded.as_str()
    ));
    let path = key_path(dir, purpose);
    write_private(&path, line.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path),
        _ => KeyError::Unwritable(path, error),
    })
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A fresh set of keys in a directory of its own.
    fn made() -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("keys");
        KeyRing::create(&dir).unwrap();
        (home, dir)
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// Replaces the secret of one file.
    fn plant(dir: &Path, purpose: &str, secret: &[u8]) {
        let encoded = URL_SAFE_NO_PAD.encode(secret);
        let line = format!("{MAGIC} {VERSION} {purpose} 0011223344556677 {encoded}\n");
        fs::write(key_path(dir, purpose), line).unwrap();
    }

    #[test]
    fn a_new_set_is_private_and_opens_again_with_the_same_keys() {
        let (_home, dir) = made();
        assert_eq!(mode(&dir), 0o700);
        assert!(key_paths(&dir).all(|path| mode(&path) == 0o600));
        let (one, two) = (KeyRing::open(&dir).unwrap(), KeyRing::open(&dir).unwrap());
        assert_eq!(one.personal_details(), two.personal_details());
        assert_eq!(one.cursor(), two.cursor());
        let token = one.tokens().issue("u1", 1, DateTime::UNIX_EPOCH).unwrap();
        assert!(two.tokens().verify(&token, DateTime::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn keys_are_made_once_and_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("deep/keys");
        let (first, created) = KeyRing::open_or_create(&dir).unwrap();
        assert!(created);
        let (second, created) = KeyRing::open_or_create(&dir).unwrap();
        assert!(!created);
        assert_eq!(first.blind_index(), second.blind_index());
        assert!(matches!(KeyRing::create(&dir), Err(KeyError::Exists(_))));
        assert_eq!(KeyRing::open(&dir).unwrap().cursor(), first.cursor());

        let elsewhere = home.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink("nowhere", key_path(&elsewhere, CURSOR)).unwrap();
        assert!(matches!(
            KeyRing::create(&elsewhere),
            Err(KeyError::Exists(_))
        ));
    }

    #[test]
    fn half_a_set_is_refused_and_not_completed() {
        let (_home, dir) = made();
        let lost = key_path(&dir, BLIND_INDEX);
        fs::remove_file(&lost).unwrap();
        let error = KeyRing::open_or_create(&dir).unwrap_err();
        assert!(matches!(&error, KeyError::Missing(path) if *path == lost));
        assert!(error.to_string().contains("blind-index.key"));
        assert!(matches!(KeyRing::create(&dir), Err(KeyError::Exists(_))));
        assert!(!lost.exists());
    }

    #[test]
    fn a_file_that_others_can_open_is_refused() {
        let (_home, dir) = made();
        let path = key_path(&dir, CURSOR);
        for open in [0o640, 0o604, 0o620, 0o601, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
            let error = KeyRing::open(&dir).unwrap_err();
            assert!(matches!(&error, KeyError::TooOpen(_, mode) if *mode == open));
            assert!(error.to_string().contains("chmod 600"));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(KeyRing::open(&dir).is_ok());
    }

    #[test]
    fn a_garbled_file_is_refused() {
        let (_home, dir) = made();
        let path = key_path(&dir, CURSOR);
        let good = fs::read_to_string(&path).unwrap();
        let line = good.trim_end();
        let garbled = [
            String::new(),
            "change-me\n".to_owned(),
            line.get(..line.len() - 1).unwrap().to_owned(),
            format!("{line}A\n"),
            format!("{line}=\n"),
            format!("{line}\n\n"),
            format!("{line} \n"),
            format!("{good}{good}"),
            line.replace("v1", "v2"),
            line.replace("cursor ", "cursor  "),
            line.replace("cursor ", "cursor ../../x"),
            "x".repeat(100_000),
        ];
        for text in garbled {
            fs::write(&path, &text).unwrap();
            assert!(
                matches!(KeyRing::open(&dir), Err(KeyError::Garbled(_))),
                "{text:.80}"
            );
        }
        fs::write(&path, [0xff; 80]).unwrap();
        assert!(matches!(KeyRing::open(&dir), Err(KeyError::Garbled(_))));
        plant(&dir, CURSOR, &[]);
        assert!(matches!(KeyRing::open(&dir), Err(KeyError::Garbled(_))));
        fs::write(&path, line).unwrap();
        assert!(
            KeyRing::open(&dir).is_ok(),
            "the last line break may be missing"
        );
    }

    #[test]
    fn a_key_of_another_purpose_is_refused() {
        let (_home, dir) = made();
        fs::copy(key_path(&dir, CURSOR), key_path(&dir, BLIND_INDEX)).unwrap();
        let error = KeyRing::open(&dir).unwrap_err();
        assert!(matches!(&error, KeyError::WrongPurpose(_, found) if found == CURSOR));
    }

    #[test]
    fn a_key_that_nobody_drew_at_random_is_refused() {
        let (_home, dir) = made();
        let ramp: Vec<u8> = (0..32).collect();
        let weak: [&[u8]; 5] = [
            &[0; 32],
            &[0xff; 32],
            &ramp,
            b"change-me-change-me-change-me-ch",
            b"Tr0ub4dor&3, correct HORSE bat7!",
        ];
        for purpose in PURPOSES {
            for secret in weak {
                let (_home, dir) = made();
                plant(&dir, purpose, secret);
                assert!(matches!(KeyRing::open(&dir), Err(KeyError::Weak(_))));
            }
        }
        assert!(KeyRing::open(&dir).is_ok());
    }

    #[test]
    fn one_key_for_two_purposes_is_refused() {
        let (_home, dir) = made();
        let secret = *KeyRing::open(&dir).unwrap().cursor();
        plant(&dir, PERSONAL_DETAILS, &secret);
        let error = KeyRing::open(&dir).unwrap_err();
        assert!(matches!(error, KeyError::Shared(..)));
        assert!(error.to_string().contains("personal-details.key"));
        assert!(error.to_string().contains("cursor.key"));
    }

    #[test]
    fn debug_shows_no_key() {
        let (_home, dir) = made();
        let shown = format!("{:?}", KeyRing::open(&dir).unwrap());
        assert!(shown.starts_with("KeyRing { tokens: TokenKeys { kid: "));
        assert!(shown.ends_with(", .. }, .. }") && shown.len() < 80);
    }
}
