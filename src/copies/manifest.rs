//! What is known of a backup besides its bytes: `FILE.json`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::CopyError;
use super::keys::Fingerprints;
use crate::access::secret::hex;
use crate::db::{Conn, DbError};
use crate::ledger::store::heads;

/// The form of the manifest.
const FORMAT: u32 = 1;
/// A manifest is shorter than this: some 200 bytes for each book.
const MAX_BYTES: u64 = 16 << 20;

/// What is known of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the manifest, 1.
    pub format: u32,
    /// The version of the program that took it.
    pub program: String,
    /// The last migration of its schema.
    pub schema: String,
    /// When it was begun: everything that was acknowledged before is in it.
    pub taken_at: DateTime<Utc>,
    /// How many differences `verify` found in it.
    pub differences: u64,
    /// The length of the file in bytes.
    pub size: u64,
    /// The SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// The keys that belong to it.
    pub keys: Fingerprints,
    /// Where each book stands.
    pub books: Vec<Position>,
}

/// Where a book stands: what its log says up to here is in the copy, and nothing later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The book, such as `fund:co-prosperity`.
    pub book: String,
    /// The sequence of its last event.
    pub sequence: i64,
    /// The root of the hash tree over its events, in hexadecimal digits.
    pub root: String,
}

/// Where the books of a database stand, by number.
///
/// # Errors
/// As [`heads`].
pub fn positions(conn: &mut Conn) -> Result<Vec<Position>, DbError> {
    let heads = heads(conn)?.into_iter();
    let position = heads.map(|head| Position {
        root: hex(&head.frontier.root()),
        book: head.key,
        sequence: head.sequence,
    });
    Ok(position.collect())
}

/// The manifest's name beside that of its backup.
#[must_use]
pub fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

impl Manifest {
    /// The form that this program writes.
    pub(super) const FORMAT: u32 = FORMAT;

    /// Reads the manifest of a backup.
    ///
    /// # Errors
    /// [`CopyError::NoManifest`]; [`CopyError::BadManifest`] for one that is garbled or of a later
    /// form.
    pub fn read(file: &Path) -> Result<Self, CopyError> {
        let path = beside(file);
        let bad = |why: String| CopyError::BadManifest(path.clone(), why);
        let mut text = String::new();
        let opened = File::open(&path).and_then(|f| f.take(MAX_BYTES).read_to_string(&mut text));
        match opened {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(CopyError::NoManifest(path));
            }
            Err(e) => return Err(bad(e.to_string())),
        }
        let manifest: Self = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
        if manifest.format != FORMAT {
            return Err(bad(format!(
                "its form is {}, not {FORMAT}",
                manifest.format
            )));
        }
        Ok(manifest)
    }
}
