//! The worker: one thread that makes files, one export at a time.
//!
//! It is woken when something is asked for, and looks by itself now and then, since another server
//! may have died over an export. Whatever died or failed leaves no file: it is begun anew, or said
//! to have failed. Files whose time is up are removed.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::error::ExportError;
use super::manifest::Manifest;
use super::model::{Export, Work, WorkState};
use super::rules::{self, CLAIM, LIFETIME, MOST_ATTEMPTS, PULSE};
use super::sheet::Sheet;
use super::source::Source;
use super::spool::Spool;
use super::{Exports, store};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

/// How long the worker waits before it looks by itself.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Exports that it looks at in one go.
const MOST: i64 = 100;

/// Wakes the worker.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    pub(super) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_all();
    }

    fn wait(&self) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = |rung: &mut bool| !*rung;
        let waited = self.heard.wait_timeout_while(rung, LOOK_EVERY, silent);
        let (mut rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}

/// The worker at work.
pub struct ExportWorker {
    exports: Arc<Exports>,
    thread: Option<JoinHandle<()>>,
}

impl ExportWorker {
    /// Starts it.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(exports: Arc<Exports>) -> std::io::Result<Self> {
        let theirs = Arc::clone(&exports);
        let thread = std::thread::Builder::new()
            .name("exports".to_owned())
            .spawn(move || {
                theirs.remove_parts();
                while !theirs.is_stopping() {
                    theirs.remove_files();
                    theirs.work_off();
                    theirs.bell.wait();
                }
            })?;
        Ok(Self {
            exports,
            thread: Some(thread),
        })
    }

    /// Lets go of the export at hand, which is begun anew after the next start, and returns.
    pub fn stop(&mut self) {
        self.exports.stopping.store(true, Ordering::Relaxed);
        self.exports.ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the worker of exports had panicked");
        }
    }
}

impl Drop for ExportWorker {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Exports {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Makes what is to be made, the oldest first.
    fn work_off(&self) {
        let open = match self.db.read(|conn| store::open(conn, MOST)) {
            Ok(open) => open,
            Err(error) => return tracing::error!(%error, "open exports cannot be read"),
        };
        for export in &open {
            if self.is_stopping() {
                return;
            }
            if let Err(error) = self.work_on(export) {
                tracing::warn!(%error, export = %export.id, "an export was left for later");
            }
        }
    }

    /// Makes the file of an export, unless somebody else is at it.
    ///
    /// # Errors
    /// [`DbError`] where how far it came cannot be noted.
    pub fn work_on(&self, export: &Export) -> Result<(), DbError> {
        let now = self.clock.now();
        let claim = (self.owner.as_str(), now + CLAIM);
        let begun = self
            .aside
            .write(|conn| store::works::begin(conn, &export.id, claim, now))?;
        let Some(mut work) = begun else {
            return Ok(());
        };
        let made = if work.attempts > MOST_ATTEMPTS {
            // Whoever tried before died over it.
            Err(ExportError::Unreadable("the list".to_owned()))
        } else {
            self.make(export, &mut work)
        };
        match made {
            Ok(manifest) => {
                work.state = WorkState::Ready;
                work.rows_done = i64::try_from(manifest.rows).unwrap_or(i64::MAX);
                work.bytes = i64::try_from(manifest.bytes).unwrap_or(i64::MAX);
                work.manifest = Some(manifest);
                work.expires_at = Some(self.clock.now() + LIFETIME);
            }
            // Begun anew: by whoever starts next.
            Err(ExportError::Stopping) => work.attempts -= 1,
            // May pass: tried again at the next look.
            Err(ExportError::Database(error)) if work.attempts < MOST_ATTEMPTS => {
                tracing::warn!(%error, export = %export.id, "an export is begun anew");
            }
            Err(ExportError::Cancelled) => work.state = WorkState::Removed,
            Err(error) => {
                tracing::error!(%error, export = %export.id, "an export failed");
                work.state = WorkState::Failed;
                work.failure = Some(error.code().to_owned());
            }
        }
        work.changed_at = self.clock.now();
        self.aside.write(|conn| {
            // Whoever was believed to be dead and is not leaves it to the one who took over.
            if store::works::is_at(conn, &export.id, &self.owner)? {
                store::works::note(conn, &work, None)?;
            }
            Ok(())
        })
    }

    fn make(&self, export: &Export, work: &mut Work) -> Result<Manifest, ExportError> {
        let source = self.sources.open(&export.asked())?;
        // A connection of its own: one that others wait for would be lent for minutes.
        let (sheet, known_at) = self.db.read_apart(|conn| {
            let known_at = self.known_at(conn)?;
            let mut pulse = Pulse::new(self, &export.id);
            let rows = source.count(conn, &mut |rows| pulse.beat(work, rows))?;
            rules::fits(export.form.format, rows)?;
            work.rows_total = Some(i64::try_from(rows).unwrap_or(i64::MAX));
            work.state = WorkState::Writing;
            pulse.note(work, 0)?;
            let sheet = self.write(conn, (export, &source), work)?;
            pulse.note(work, sheet.rows())?;
            Ok::<_, ExportError>((sheet, known_at))
        })?;
        // What is left to be done may take long, and needs no snapshot.
        let format = export.form.format;
        let (written, tally) = sheet.keep(&self.file(&export.id, format))?;
        Ok(Manifest::of(&source, format, (&written, &tally), known_at))
    }

    fn write(
        &self,
        conn: &mut Conn,
        (export, source): (&Export, &Source),
        work: &mut Work,
    ) -> Result<Sheet, ExportError> {
        let used = self.db.read(store::works::bytes_kept)?;
        let spool = Spool::begin(&self.part(&export.id), rules::room(used))?;
        let form = &export.form;
        let look = source.look(form, &self.spool);
        let mut sheet = Sheet::begin(form.format, source.table.columns, spool, &look)?;
        let mut pulse = Pulse::new(self, &export.id);
        source.write(conn, &mut sheet, None, &mut |rows| pulse.beat(work, rows))?;
        Ok(sheet)
    }

    /// Removes files whose time is up, and those of exports that were called off.
    fn remove_files(&self) {
        let now = self.clock.now();
        let old = match self.db.read(|conn| store::to_remove(conn, now, MOST)) {
            Ok(old) => old,
            Err(error) => return tracing::error!(%error, "old exports cannot be read"),
        };
        for export in old {
            let file = self.file(&export.id, export.form.format);
            let removed = remove(&file)
                .map_err(|error| error.to_string())
                .and_then(|()| {
                    self.note_removed(&export.id)
                        .map_err(|error| error.to_string())
                });
            if let Err(error) = removed {
                tracing::error!(error, export = %export.id, "a file is left over");
            }
        }
    }

    fn note_removed(&self, id: &RecordId) -> Result<(), DbError> {
        let now = self.clock.now();
        self.aside.write(|conn| {
            let Some(mut work) = store::works::get(conn, id)? else {
                return Ok(());
            };
            work.state = WorkState::Removed;
            work.changed_at = now;
            store::works::note(conn, &work, None)
        })
    }

    /// Removes what was begun and that nobody is at.
    fn remove_parts(&self) {
        let Ok(folder) = fs::read_dir(&self.spool) else {
            return;
        };
        for entry in folder.flatten() {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.strip_prefix("export-"));
            let id = id.and_then(|name| name.strip_suffix(".part"));
            let Some(id) = id.and_then(RecordId::parse) else {
                continue;
            };
            let now = self.clock.now();
            let at_work = self
                .db
                .read(|conn| store::works::is_claimed(conn, &id, now));
            if matches!(at_work, Ok(false))
                && let Err(error) = remove(&entry.path())
            {
                tracing::error!(%error, export = %id, "a file that was begun is left over");
            }
        }
    }
}

/// Removes a file that may be gone already.
fn remove(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Says now and then how far the work has come, and learns whether it is still wanted.
struct Pulse<'a> {
    exports: &'a Exports,
    id: &'a RecordId,
    last: Instant,
}

impl<'a> Pulse<'a> {
    fn new(exports: &'a Exports, id: &'a RecordId) -> Self {
        Self {
            exports,
            id,
            last: Instant::now(),
        }
    }

    fn beat(&mut self, work: &mut Work, rows: u64) -> Result<(), ExportError> {
        if self.exports.is_stopping() {
            return Err(ExportError::Stopping);
        }
        if self.last.elapsed() < PULSE {
            return Ok(());
        }
        self.note(work, rows)
    }

    fn note(&mut self, work: &mut Work, rows: u64) -> Result<(), ExportError> {
        let exports = self.exports;
        let now = exports.clock.now();
        self.last = Instant::now();
        work.rows_done = i64::try_from(rows).unwrap_or(i64::MAX);
        work.changed_at = now;
        let (owner, id) = (exports.owner.as_str(), self.id);
        let wanted = exports.aside.write(|conn| {
            if !store::works::is_at(conn, id, owner)? {
                return Ok(false);
            }
            store::works::note(conn, work, Some((owner, now + CLAIM)))?;
            Ok(store::get(conn, id)?.is_some_and(|(export, _)| export.cancelled_at.is_none()))
        })?;
        if wanted {
            Ok(())
        } else {
            Err(ExportError::Cancelled)
        }
    }
}
