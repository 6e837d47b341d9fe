//! Imports: files of many records, kept, checked, recorded, and if need be undone, each as a whole.
//!
//! 1. [`staging`] reads a file once, finds its columns and keeps every row as it came, sealed, many
//!    to a parcel. Only then the import itself is recorded (`steps::ReceiveImport`): it is there
//!    with all its rows, or not at all.
//! 2. [`worker`] takes up what is open, one import at a time. [`check`] turns each row into the
//!    body that the API takes for one record, asks the write door for it as a dry run, compares it
//!    with the other rows, and keeps what is wrong.
//! 3. [`commit`] asks for the same rows again, for good. Each is recorded under its fingerprint
//!    ([`prints`]), so nothing is recorded twice, whatever breaks in between.
//! 4. [`undo`] takes records back through the commands that people use.
//!
//! Memory: two parcels of at most [`parcels::MAX_ROWS`] rows, and while checking 40 bytes or so a
//! row of what no two rows may share.

pub mod batch;
pub mod check;
pub mod columns;
pub mod commit;
pub mod entry;
pub mod error;
pub mod kinds;
pub mod marked;
pub mod model;
pub mod parcels;
pub mod prints;
pub mod rights;
pub mod rules;
mod seen;
pub mod staging;
pub mod steps;
pub mod store;
pub mod template;
pub mod undo;
pub mod values;
pub mod worker;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::access::secret::random_id;
use crate::beneficiaries::vault::Vault;
use crate::clock::Clock;
use crate::db::aside::Aside;
use crate::db::{Conn, Db, DbError, Url};
use crate::desk::Door;
use crate::ids::RecordId;
use crate::ledger::Who;
use entry::Reader;
use model::{Import, Work};
use prints::Printer;
use store::works::Claim;
use worker::Bell;

/// How long a worker that says nothing more is believed to be at an import.
const CLAIM: Duration = Duration::from_secs(15);
/// Files that may come in at once: each takes its length of the disk.
const MOST_ARRIVING: usize = 4;

/// What imports are worked on with.
pub struct Imports {
    /// The only way to write to the books.
    pub door: Arc<Door>,
    /// The only way to read.
    pub db: Db,
    /// Where rows and progress are written.
    pub aside: Aside,
    /// What seals rows.
    pub vault: Arc<Vault>,
    /// The only source of now.
    pub clock: Arc<dyn Clock>,
    /// Where files lie while they come in.
    pub spool: PathBuf,
    reader: Arc<dyn Reader>,
    printer: Printer,
    owner: String,
    bell: Bell,
    stopping: AtomicBool,
    /// Places for files that come in.
    arriving: Semaphore,
    /// One file at a time is read or rehearsed: what that holds in memory is held once.
    reading: Mutex<()>,
}

/// The doors and keys that imports are worked on with.
pub struct Tools {
    /// The only way to write to the books.
    pub door: Arc<Door>,
    /// The only way to read.
    pub db: Db,
    /// What seals rows.
    pub vault: Arc<Vault>,
    /// The only source of now.
    pub clock: Arc<dyn Clock>,
    /// What fingerprints of rows are keyed with.
    pub key: [u8; 32],
    /// What turns rows into what they ask for.
    pub reader: Arc<dyn Reader>,
    /// Where files lie while they come in.
    pub spool: PathBuf,
}

impl Imports {
    /// What is needed to work on imports of these books.
    #[must_use]
    pub fn new(url: &Url, tools: Tools) -> Self {
        let owner = random_id(tools.clock.now());
        Self {
            door: tools.door,
            db: tools.db,
            aside: Aside::new(url),
            vault: tools.vault,
            clock: tools.clock,
            spool: tools.spool,
            reader: tools.reader,
            printer: Printer::new(&tools.key),
            owner,
            bell: Bell::default(),
            stopping: AtomicBool::new(false),
            arriving: Semaphore::new(MOST_ARRIVING),
            reading: Mutex::default(),
        }
    }

    /// A place for a file that is to come in; none where enough of them do.
    pub fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.arriving.try_acquire().ok()
    }

    /// Says that there may be something to do.
    pub fn ring(&self) {
        self.bell.ring();
    }

    /// Who records the rows of an import: whoever sent it, all under one request id.
    #[must_use]
    pub fn who(import: &Import) -> Who {
        Who::of_house(&import.recorded_by, format!("import:{}", import.id))
    }

    /// Notes how far the work has come, with whatever else belongs to it, and goes on claiming it.
    fn note<T>(
        &self,
        work: &mut Work,
        more: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let now = self.clock.now();
        work.changed_at = now;
        let claim = self.claim(now);
        self.aside.write(|conn| {
            let done = more(conn)?;
            store::works::note(conn, work, Some(&claim))?;
            Ok(done)
        })
    }

    fn claim(&self, now: DateTime<Utc>) -> Claim {
        Claim {
            owner: self.owner.clone(),
            to: now + CLAIM,
        }
    }

    /// The import as it stands now.
    fn now(&self, id: &RecordId) -> Result<Option<Import>, DbError> {
        self.db.read(|conn| store::get(conn, id))
    }
}
