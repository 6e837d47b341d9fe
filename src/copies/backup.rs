//! Taking a backup beside a running server.

use std::io;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::hash::sha256;
use super::keys::Fingerprints;
use super::manifest::{self, Manifest};
use super::part::{Part, refuse_existing};
use super::{CopyError, Progress, Stage, checking};
use crate::access::keys::KeyRing;
use crate::audit;
use crate::db::{Conn, DbError, Url, Use, migrate, snapshot};

/// How often the copy is brought to the disk while it grows.
const SETTLE_EVERY: Duration = Duration::from_millis(100);

/// Copies the database at `source` as it stands now into `file` and its manifest, and checks the
/// copy. Books that do not agree are backed up all the same: the report tells.
///
/// The manifest gets its name first, so whoever sees `file` sees a whole backup.
///
/// # Errors
/// [`CopyError`]; nothing is then left of the backup.
pub fn back_up(
    source: &str,
    file: &Path,
    keys: &KeyRing,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Manifest, audit::Report), CopyError> {
    let part = Part::begin(file)?;
    refuse_existing(file)?;
    copy(source, &part, progress)?;
    let (report, books) = {
        let mut conn = Conn::open(&url_of(part.path())?, Use::Read)?;
        let report = audit::verify(&mut conn, &mut checking(progress))?;
        (report, manifest::positions(&mut conn)?)
    };
    let hashed = sha256(part.path(), |_| Ok(()));
    let (size, sha256) = hashed.map_err(|e| CopyError::File(part.path().to_owned(), e))?;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: migrate::newest()?,
        taken_at: now,
        differences: report.found,
        size,
        sha256,
        keys: Fingerprints::of(keys),
        books,
    };
    write_manifest(file, &manifest)?;
    part.finish()?;
    Ok((manifest, report))
}

/// Where SQLite finds a file, by its whole path: a relative one might read as a URI.
pub(super) fn url_of(path: &Path) -> Result<Url, CopyError> {
    let failed = |e| CopyError::File(path.to_owned(), e);
    let whole = std::path::absolute(path).map_err(failed)?;
    let text = whole.into_os_string().into_string();
    text.map(Url::Sqlite)
        .map_err(|_name| failed(io::Error::other("its name is not UTF-8")))
}

/// Has the engine copy, and meanwhile brings what is there to the disk and tells how far it is.
fn copy(source: &str, part: &Part, progress: &mut dyn FnMut(Progress)) -> Result<(), CopyError> {
    let Url::Sqlite(into) = url_of(part.path())? else {
        return Ok(());
    };
    let failed = |e| CopyError::File(part.path().to_owned(), e);
    let total = std::fs::metadata(source).map_or(0, |file| file.len());
    let mut conn = Conn::open(&Url::Sqlite(source.to_owned()), Use::Write)?;
    migrate::check(&mut conn)?;
    thread::scope(|scope| {
        let (done, told) = channel::<Result<(), DbError>>();
        scope.spawn(move || {
            // Nobody listens only where the disk failed, which is told already.
            drop(done.send(snapshot::into_file(&mut conn, &into)));
        });
        loop {
            match told.recv_timeout(SETTLE_EVERY) {
                Ok(copied) => return Ok(copied?),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(failed(io::Error::other("the copy was not finished")));
                }
            }
            let stage = Stage::Copying;
            let done = part.settle().map_err(failed)?;
            progress(Progress { stage, done, total });
        }
    })
}

fn write_manifest(file: &Path, manifest: &Manifest) -> Result<(), CopyError> {
    let path = manifest::beside(file);
    let mut part = Part::begin(&path)?;
    let failed = |e: io::Error| CopyError::File(path.clone(), e);
    let mut text = serde_json::to_vec_pretty(manifest).map_err(|e| failed(e.into()))?;
    text.push(b'\n');
    part.write(&text).map_err(failed)?;
    part.finish()
}
