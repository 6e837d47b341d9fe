//! The server's keys: one small text file for each purpose, in one directory.
//!
//! A file holds one line, `sangsaeng-key v1 PURPOSE KID SECRET`: the key's id, then 32 random bytes
//! in base64url. [`KeyRing::create`] writes the set once and never over anything;
//! [`KeyRing::open`] refuses whatever could be a mistake (a file lost, swapped, copied, cut short,
//! made up, or open to others) and signs and checks one token, so that a fault shows at the start
//! and not at the first sign-in. Four files of at most 512 bytes are read, once.
//!
//! The key that signs tokens can be replaced while servers use it ([`rotation`]): they look for
//! another one every few seconds ([`KeyRing::read_again`]).
//!
//! Losing `personal-details.key` or `blind-index.key` loses the personal details: back them up.

pub mod rotation;

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::secret::{NoRandomness, hex, random_bytes};
use super::token::{SigningKey, SigningKeys, TokenError, TokenKeys, TokenRefused};

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

/// The file of the key that takes the place of the one that signs.
const NEXT: &str = "token-signing.next.key";

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
    /// Others than its owner may change the directory; its permission bits.
    #[error("the key directory {0} can be changed by others (mode {1:04o}): run `chmod go-w {0}`")]
    OpenDirectory(PathBuf, u32),
    /// One key is taking the place of another already, until then.
    #[error("a key in {0} is taking the place of another until {1}: rotate again after that")]
    Rotating(PathBuf, DateTime<Utc>),
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
    dir: PathBuf,
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
        refuse_open(dir)?;
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
        refuse_open(dir)?;
        let (signing, next) = read_signing(dir)?;
        let personal_details = KeyFile::read(dir, PERSONAL_DETAILS)?;
        let blind_index = KeyFile::read(dir, BLIND_INDEX)?;
        let cursor = KeyFile::read(dir, CURSOR)?;
        let mut files = vec![&signing, &personal_details, &blind_index, &cursor];
        files.extend(&next);
        refuse_shared(&files)?;
        Ok(Self {
            tokens: TokenKeys::of(tried(&signing, next.as_ref())?),
            dir: dir.to_owned(),
            personal_details: personal_details.secret,
            blind_index: blind_index.secret,
            cursor: cursor.secret,
        })
    }

    /// Reads the keys that sign tokens once more, and uses what is there now. The other keys stay
    /// what they are.
    ///
    /// # Errors
    /// As [`KeyRing::open`]; then the keys stay as they were.
    pub fn read_again(&self) -> Result<(), KeyError> {
        refuse_open(&self.dir)?;
        let (signing, next) = read_signing(&self.dir)?;
        for file in std::iter::once(&signing).chain(&next) {
            for (purpose, other) in [
                (PERSONAL_DETAILS, &self.personal_details),
                (BLIND_INDEX, &self.blind_index),
                (CURSOR, &self.cursor),
            ] {
                if file.secret == *other {
                    let other = key_path(&self.dir, purpose);
                    return Err(KeyError::Shared(file.path.clone(), other));
                }
            }
        }
        self.tokens.replace(tried(&signing, next.as_ref())?);
        Ok(())
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
    /// When it signs from: of a key that took the place of another, or will.
    from: Option<DateTime<Utc>>,
}

impl KeyFile {
    fn read(dir: &Path, purpose: &str) -> Result<Self, KeyError> {
        Self::read_at(key_path(dir, purpose), purpose)
    }

    fn read_at(path: PathBuf, purpose: &str) -> Result<Self, KeyError> {
        let text = read_private(&path)?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let words: Vec<&str> = line.split(' ').collect();
        let (found, kid, encoded, from) = match *words.as_slice() {
            [MAGIC, VERSION, found, kid, encoded] => (found, kid, encoded, None),
            [MAGIC, VERSION, TOKEN_SIGNING, kid, encoded, from] => {
                let Some(from) = rotation::instant(from) else {
                    return Err(KeyError::Garbled(path));
                };
                (TOKEN_SIGNING, kid, encoded, Some(from))
            }
            _ => return Err(KeyError::Garbled(path)),
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
            from,
        })
    }

    fn signing_key(&self) -> Result<SigningKey, KeyError> {
        let from = self.from.unwrap_or(DateTime::<Utc>::MIN_UTC);
        SigningKey::from_seed(&self.kid, &self.secret, from)
            .map_err(|error| KeyError::NotSigning(self.path.clone(), error))
    }
}

/// The key that signs tokens, and the one that takes its place, where there is one.
fn read_signing(dir: &Path) -> Result<(KeyFile, Option<KeyFile>), KeyError> {
    // In this order: the next one may become the first between the two.
    let next = match KeyFile::read_at(dir.join(NEXT), TOKEN_SIGNING) {
        Err(KeyError::Missing(_)) => None,
        next => Some(next?),
    };
    let first = KeyFile::read(dir, TOKEN_SIGNING)?;
    let next = next.filter(|next| next.kid != first.kid);
    Ok((first, next))
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

/// The keys that sign tokens, after each has signed one that was then checked.
fn tried(first: &KeyFile, next: Option<&KeyFile>) -> Result<SigningKeys, KeyError> {
    for file in std::iter::once(first).chain(next) {
        let moment = DateTime::UNIX_EPOCH;
        let not_signing = |error| KeyError::NotSigning(file.path.clone(), error);
        let not_verifying = |refused| KeyError::NotVerifying(file.path.clone(), refused);
        let keys = TokenKeys::of(SigningKeys::one(file.signing_key()?));
        let token = keys.issue("start-up", 0, moment).map_err(not_signing)?;
        keys.verify(&token, moment).map_err(not_verifying)?;
    }
    let next = next.map(KeyFile::signing_key).transpose()?;
    Ok(SigningKeys::with_next(first.signing_key()?, next))
}

/// Refuses a directory into which others may put keys of their own. In one that is sticky, as
/// `/tmp` is, they may put none in the place of ours.
fn refuse_open(dir: &Path) -> Result<(), KeyError> {
    let Ok(metadata) = dir.metadata() else {
        // What is not there is told by the name of the first key.
        return Ok(());
    };
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o022 != 0 && mode & 0o1000 == 0 {
        return Err(KeyError::OpenDirectory(dir.to_owned(), mode));
    }
    Ok(())
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
    let path = key_path(dir, purpose);
    let (_, line) = new_key(purpose)?;
    let line = Zeroizing::new(format!("{}\n", line.as_str()));
    write_private(&path, line.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path),
        _ => KeyError::Unwritable(path, error),
    })
}

/// The id of a new key, and the line of its file.
fn new_key(purpose: &str) -> Result<(String, Zeroizing<String>), KeyError> {
    let kid = hex(random_bytes::<KID_BYTES>()?.as_slice());
    let secret = random_bytes::<KEY_BYTES>()?;
    let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()));
    let line = format!("{MAGIC} {VERSION} {purpose} {kid} {}", encoded.as_str());
    Ok((kid, Zeroizing::new(line)))
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
mod tests;
