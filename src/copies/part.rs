//! A file on its way: `NAME.part` until it is whole and on the disk, and only then `NAME`.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::CopyError;

/// What an embedded database has beside itself while it is open.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file that is being written beside the one it is to become. Dropped, it is taken away.
pub struct Part {
    target: PathBuf,
    path: PathBuf,
    file: File,
    finished: bool,
}

impl Part {
    /// Begins an empty file that only its owner may read. What was left of one by a power cut is
    /// written over.
    ///
    /// # Errors
    /// [`CopyError::Held`] while somebody else writes it, [`CopyError::File`].
    pub fn begin(target: &Path) -> Result<Self, CopyError> {
        let path = with_ending(target, ".part");
        let failed = |e| CopyError::File(path.clone(), e);
        let mut options = OpenOptions::new();
        let options = options.create(true).truncate(false).read(true).write(true);
        let file = options.mode(0o600).open(&path).map_err(failed)?;
        if file.try_lock().is_err() {
            return Err(CopyError::Held(path));
        }
        file.set_len(0).map_err(failed)?;
        clear_side_files(&path).map_err(failed)?;
        let target = target.to_owned();
        let finished = false;
        Ok(Self {
            target,
            path,
            file,
            finished,
        })
    }

    /// Where it lies for now.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes it has, after bringing them to the disk.
    ///
    /// Called now and then, it keeps what waits for the disk small, so that others who wait for
    /// the same disk wait briefly.
    ///
    /// # Errors
    /// Of the disk.
    pub fn settle(&self) -> io::Result<u64> {
        self.file.sync_data()?;
        Ok(self.file.metadata()?.len())
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// Of the disk.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Brings the file to the disk and gives it its name, which nothing had.
    ///
    /// # Errors
    /// [`CopyError::File`].
    pub fn finish(mut self) -> Result<(), CopyError> {
        let done = self.file.sync_all().and_then(|()| {
            let log = fs::metadata(with_ending(&self.path, "-wal"));
            if log.is_ok_and(|log| log.len() > 0) {
                return Err(io::Error::other("its log was not written back"));
            }
            clear_side_files(&self.path)?;
            fs::rename(&self.path, &self.target)?;
            self.finished = true;
            File::open(folder(&self.target))?.sync_all()
        });
        done.map_err(|e| CopyError::File(self.target.clone(), e))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.finished {
            drop(fs::remove_file(&self.path));
            drop(clear_side_files(&self.path));
        }
    }
}

/// Refuses a name that has something already: the file, or what a database leaves beside it.
///
/// # Errors
/// [`CopyError::Exists`].
pub fn refuse_existing(target: &Path) -> Result<(), CopyError> {
    let beside = SIDE_FILES.iter().map(|ending| with_ending(target, ending));
    let mut names = std::iter::once(target.to_owned()).chain(beside);
    match names.find(|name| fs::symlink_metadata(name).is_ok()) {
        Some(name) => Err(CopyError::Exists(name)),
        None => Ok(()),
    }
}

fn clear_side_files(path: &Path) -> io::Result<()> {
    for ending in SIDE_FILES {
        match fs::remove_file(with_ending(path, ending)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

fn with_ending(path: &Path, ending: impl AsRef<OsStr>) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
