//! Files on their way: a file has its name once all of it is on the disk, and before that no one
//! reads it. Whatever is not kept is removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};

use super::error::ExportError;
use crate::access::secret::hex;

/// Bytes that are written in one go.
const AT_ONCE: usize = 64 * 1024;

/// A file on its way, hashed as it is written.
pub struct Spool {
    file: File,
    path: Option<PathBuf>,
    pending: Vec<u8>,
    digest: Context,
    bytes: u64,
    most: u64,
}

/// What is known of a file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Spool {
    /// Begins a file of at most that many bytes that only its owner may read.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(path: &Path, most: u64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        let file = options.mode(0o600).open(path)?;
        Ok(Self {
            file,
            path: Some(path.to_owned()),
            pending: Vec::with_capacity(AT_ONCE),
            digest: Context::new(&SHA256),
            bytes: 0,
            most,
        })
    }

    /// Begins a file without a name: it is gone with the process.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn unnamed(folder: &Path, unique: &str, most: u64) -> io::Result<Self> {
        let path = folder.join(format!("answer-{unique}.part"));
        let mut spool = Self::begin(&path, most)?;
        fs::remove_file(&path)?;
        spool.path = None;
        Ok(spool)
    }

    /// Whether more was written than there is room for.
    fn is_too_large(&self) -> bool {
        self.bytes > self.most
    }

    /// What was wrong with writing, by its cause.
    #[must_use]
    pub fn failure(&self, error: ExportError) -> ExportError {
        if self.is_too_large() {
            ExportError::TooLarge(self.most)
        } else {
            error
        }
    }

    /// Brings everything to the disk and gives the file its name, in the place of another.
    ///
    /// # Errors
    /// When that fails; the file is then gone.
    pub fn keep(mut self, name: &Path) -> io::Result<Written> {
        self.flush()?;
        self.file.sync_all()?;
        if let Some(path) = &self.path {
            fs::rename(path, name)?;
        }
        self.path = None;
        if let Some(folder) = name
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            File::open(folder)?.sync_all()?;
        }
        Ok(self.told())
    }

    /// The file as it is to be read, from its beginning.
    ///
    /// # Errors
    /// When the last of it cannot be written.
    pub fn read_back(mut self) -> io::Result<(File, Written)> {
        self.flush()?;
        self.file.seek(SeekFrom::Start(0))?;
        Ok((self.file.try_clone()?, self.told()))
    }

    fn told(&self) -> Written {
        Written {
            bytes: self.bytes,
            sha256: hex(self.digest.clone().finish().as_ref()),
        }
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        if self.is_too_large() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.digest.update(bytes);
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= AT_ONCE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = fs::remove_file(path)
        {
            tracing::error!(%error, path = %path.display(), "a file that was begun is left over");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_file_has_its_name_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (part, name) = (folder.path().join("a.part"), folder.path().join("a.csv"));
        let mut spool = Spool::begin(&part, 100).unwrap();
        spool.write_all(b"abc").unwrap();
        assert!(part.exists() && !name.exists());
        let written = spool.keep(&name).unwrap();
        assert!(!part.exists());
        assert_eq!(fs::read(&name).unwrap(), b"abc");
        assert_eq!(written.bytes, 3);
        assert!(written.sha256.starts_with("ba7816bf"), "{written:?}");
    }

    #[test]
    fn what_is_not_kept_or_too_long_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("a.part");
        let mut spool = Spool::begin(&part, 2).unwrap();
        let error = spool.write_all(b"abc").unwrap_err();
        let failure = spool.failure(error.into());
        assert!(matches!(failure, ExportError::TooLarge(2)), "{failure}");
        drop(spool);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_without_a_name_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::unnamed(folder.path(), "1", 100).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        spool.write_all(b"abc").unwrap();
        let (mut file, _) = spool.read_back().unwrap();
        let mut read = String::new();
        file.read_to_string(&mut read).unwrap();
        assert_eq!(read, "abc");
    }
}
