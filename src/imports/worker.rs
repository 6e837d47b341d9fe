//! The worker: one thread that takes up what is open, one import at a time.
//!
//! It is woken when something is received or ordered, and looks by itself now and then, since
//! another server may have died over an import. What fails and may pass is tried again at the next
//! look; what cannot be read ends the import.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::error::WorkError;
use super::model::{Import, State, Work};
use super::rules::Act;
use super::{Imports, store};
use crate::db::DbError;
use crate::ids::{RecordId, unique};
use crate::ledger::store::HOUSE;

/// How long the worker waits before it looks by itself.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Looks after which it clears up: about once an hour.
const CLEAR_UP_EVERY: u32 = 1_800;
/// Imports that it looks at in one go.
const MOST: i64 = 100;
/// Imports whose rows are thrown away in one go.
const MOST_LEFT_OVER: i64 = 20;
/// How old rows are that belong to no import before they are thrown away: their file may still be
/// coming in.
const LEFT_OVER_HOURS: i64 = 24;

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
pub struct Worker {
    imports: Arc<Imports>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts it.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(imports: Arc<Imports>) -> std::io::Result<Self> {
        let theirs = Arc::clone(&imports);
        let thread = std::thread::Builder::new()
            .name("imports".to_owned())
            .spawn(move || {
                let mut looks: u32 = 0;
                while !theirs.is_stopping() {
                    theirs.work_off();
                    if looks.is_multiple_of(CLEAR_UP_EVERY) {
                        theirs.clear_up();
                    }
                    looks = looks.wrapping_add(1);
                    theirs.bell.wait();
                }
            })?;
        Ok(Self {
            imports,
            thread: Some(thread),
        })
    }

    /// Lets it finish the rows at hand, and returns when it has. It goes on after the next start.
    pub fn stop(&mut self) {
        self.imports.stopping.store(true, Ordering::Relaxed);
        self.imports.ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the worker of imports had panicked");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Imports {
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Works on whatever is open until nothing is, or nothing more can be done now.
    fn work_off(&self) {
        loop {
            let open = match self.db.read(|conn| store::open(conn, MOST)) {
                Ok(open) => open,
                Err(error) => return tracing::error!(%error, "open imports cannot be read"),
            };
            let mut any = false;
            for import in &open {
                if self.is_stopping() {
                    return;
                }
                any |= self.work_on(import);
            }
            if !any {
                break;
            }
        }
    }

    /// Takes an import one state further, whoever is at it otherwise; says whether it did.
    pub fn work_on(&self, import: &Import) -> bool {
        match self.take(import) {
            Ok(true) => {}
            Ok(false) => return false,
            Err(error) => {
                tracing::warn!(%error, import = %import.id, "an import was not claimed");
                return false;
            }
        }
        let done = match import.state {
            State::Received => self.check(import),
            State::Committing => self.commit(import),
            State::Undoing => self.undo(import),
            _ => Ok(()),
        };
        let gone_on = match done {
            Ok(()) => true,
            Err(WorkError::Elsewhere) => true,
            Err(error) if error.passes() => {
                tracing::warn!(%error, import = %import.id, "an import was left for later");
                false
            }
            Err(error) => {
                tracing::error!(%error, import = %import.id, "an import cannot be worked on");
                let work = Work::none(import.id.clone(), self.clock.now());
                let act = match import.state {
                    State::Undoing => Act::Undone,
                    _ => Act::Break("import_unreadable".to_owned()),
                };
                self.end(import, act, work).is_ok()
            }
        };
        if let Err(error) = self.let_go(import) {
            tracing::error!(%error, import = %import.id, "an import cannot be let go");
        }
        gone_on
    }

    fn take(&self, import: &Import) -> Result<bool, DbError> {
        let now = self.clock.now();
        let claim = self.claim(now);
        self.aside
            .write(|conn| store::works::claim(conn, &import.id, &claim, now))
    }

    fn let_go(&self, import: &Import) -> Result<(), DbError> {
        self.aside
            .write(|conn| store::works::let_go(conn, &import.id, &self.owner))
    }

    /// Throws away rows that nobody can read any more, or whose import never came to be.
    pub fn clear_up(&self) {
        if let Err(error) = self.throw_away_left_over() {
            tracing::warn!(%error, "rows that are left over were not thrown away");
        }
    }

    fn throw_away_left_over(&self) -> Result<(), DbError> {
        let then = self.clock.now() - chrono::Duration::hours(LEFT_OVER_HOURS);
        let before = RecordId::new(unique(then), HOUSE);
        let left = self
            .db
            .read(|conn| store::parcels::left_over(conn, before.as_str(), MOST_LEFT_OVER))?;
        for id in left {
            // What is wrong with rows of an import that is there stays, also where it is over.
            match self.now(&id)? {
                None => self.forget(&id),
                Some(_) => {
                    let aside = &self.aside;
                    while aside.write(|conn| store::parcels::throw_away(conn, &id))? {}
                }
            }
        }
        Ok(())
    }
}
