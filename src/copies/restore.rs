//! Going back to a backup.

use std::io;
use std::path::Path;

use super::backup::url_of;
use super::hash::sha256;
use super::manifest::{self, Manifest};
use super::part::{Part, refuse_existing};
use super::{CopyError, Progress, Stage, checking};
use crate::access::keys::KeyRing;
use crate::audit;
use crate::db::{Conn, Use, migrate};

/// Makes the database `target`, which must not be there, of the backup `file`.
///
/// What is checked is the copy that becomes the database: its bytes against the manifest, its
/// schema, which is brought up to date where it is older, and its books as `verify` does.
///
/// # Errors
/// [`CopyError`]; `target` is then not there.
pub fn restore(
    file: &Path,
    target: &Path,
    keys: &KeyRing,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Manifest, audit::Report), CopyError> {
    let manifest = Manifest::read(file)?;
    manifest.keys.refuse_others(keys)?;
    let mut part = Part::begin(target)?;
    refuse_existing(target)?;
    copy(file, &mut part, &manifest, progress)?;
    let report = {
        let url = url_of(part.path())?;
        migrate::run(&mut Conn::open(&url, Use::Write)?)?;
        let mut conn = Conn::open(&url, Use::Read)?;
        if manifest::positions(&mut conn)? != manifest.books {
            return Err(CopyError::OtherBooks(file.to_owned()));
        }
        audit::verify(&mut conn, &mut checking(progress))?
    };
    if !report.is_clean() {
        return Err(CopyError::Differs(Box::new(report)));
    }
    part.finish()?;
    Ok((manifest, report))
}

/// Copies the backup, and refuses bytes that are not those of the manifest.
fn copy(
    file: &Path,
    part: &mut Part,
    manifest: &Manifest,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), CopyError> {
    let (mut done, total) = (0_u64, manifest.size);
    let hashed = sha256(file, |piece| {
        done = done.saturating_add(u64::try_from(piece.len()).unwrap_or_default());
        if done > total {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "longer than it was",
            ));
        }
        let stage = Stage::Copying;
        progress(Progress { stage, done, total });
        part.write(piece)
    });
    let damaged = |found: String| CopyError::Damaged {
        file: file.to_owned(),
        wanted: manifest.sha256.clone(),
        found,
    };
    let (size, found) = hashed.map_err(|e| match e.kind() {
        io::ErrorKind::InvalidData => damaged(e.to_string()),
        _ => CopyError::File(file.to_owned(), e),
    })?;
    if size != total || found != manifest.sha256 {
        return Err(damaged(found));
    }
    Ok(())
}
