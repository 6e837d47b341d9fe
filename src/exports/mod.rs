//! Exports: any list or report as a file: CSV, NDJSON, XLSX or Parquet.
//!
//! 1. A [`source`] reads rows on one connection, within one snapshot: what is written while it is
//!    read is not in it.
//! 2. [`tables`] says which rows a list or report has, and which columns; [`mod@column`] reads a cell
//!    out of what the API answers; [`sheet`] counts and adds up; [`writers`] write a format each.
//! 3. A [`spool`] gives a file its name once all of it is on the disk. What fails leaves nothing.
//! 4. A small list is answered at once (`http/v1/exports/answer.rs`). A large one is asked for
//!    ([`steps`]), and [`worker`] makes its file, counts first, and removes it after a day.
//!
//! Memory: a page of rows, and what a format needs for one group of them.

pub mod column;
pub mod error;
pub mod format;
pub mod manifest;
pub mod model;
pub mod rules;
pub mod sheet;
pub mod source;
pub mod spool;
pub mod steps;
pub mod store;
pub mod tables;
pub mod worker;
pub mod writers;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};

use crate::access::secret::random_id;
use crate::clock::Clock;
use crate::db::aside::Aside;
use crate::db::{Conn, Db, DbError, Url};
use crate::ids::RecordId;
use crate::ledger::store::heads;
use format::ExportFormat;
use source::Sources;
use worker::Bell;

/// What exports are worked on with.
pub struct Exports {
    /// The way to read.
    pub db: Db,
    /// Where progress is written.
    pub aside: Aside,
    /// The only source of now.
    pub clock: Arc<dyn Clock>,
    /// Where files lie.
    pub spool: PathBuf,
    sources: Arc<dyn Sources>,
    owner: String,
    bell: Bell,
    stopping: AtomicBool,
}

impl Exports {
    /// What is needed to export from these books.
    #[must_use]
    pub fn new(
        url: &Url,
        db: Db,
        clock: Arc<dyn Clock>,
        sources: Arc<dyn Sources>,
        spool: PathBuf,
    ) -> Self {
        Self {
            owner: random_id(clock.now()),
            aside: Aside::new(url),
            db,
            clock,
            spool,
            sources,
            bell: Bell::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// Says that there may be something to do.
    pub fn ring(&self) {
        self.bell.ring();
    }

    /// The instant of a snapshot: what had been recorded by then is in it.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn known_at(&self, conn: &mut Conn) -> Result<DateTime<Utc>, DbError> {
        let heads = heads(conn)?;
        let last = heads.iter().filter(|head| head.sequence > 0);
        let last = last.map(|head| head.recorded_at).max();
        Ok(last.unwrap_or_else(|| self.clock.now()))
    }

    /// What finds lists and reports.
    #[must_use]
    pub fn sources(&self) -> &dyn Sources {
        self.sources.as_ref()
    }

    /// Where the file of an export is.
    #[must_use]
    pub fn file(&self, id: &RecordId, format: ExportFormat) -> PathBuf {
        self.spool.join(format!("export-{id}.{format}"))
    }

    /// Where it is while it is written.
    fn part(&self, id: &RecordId) -> PathBuf {
        self.spool.join(format!("export-{id}.part"))
    }
}
