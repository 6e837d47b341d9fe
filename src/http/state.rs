//! What every request has at hand, and the bounds on what comes in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::web;
use chrono::{DateTime, NaiveDate, Utc};

use super::extract::IfNoneMatch;
use super::kept::Kept;
use super::problem::{Answered, ApiError};
use super::respond;
use super::v1::reports::question::Question;
use crate::access::Access;
use crate::access::secret::random_id;
use crate::access::source::Proxies;
use crate::attempts::Attempts;
use crate::beneficiaries::vault::Vault;
use crate::clock::Clock;
use crate::db::{Conn, Db, DbError};
use crate::desk::{Answer, Command, Directory, Door, Once, Request};
use crate::exports::Exports;
use crate::imports::Imports;
use crate::ledger::store::BookRef;

/// Bounds on what comes in and on how long it may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// How long a body may take in all.
    pub body_time: Duration,
    /// How long a body may take before it must have come at [`Limits::body_rate`].
    pub body_grace: Duration,
    /// Bytes a second that a body must come at.
    pub body_rate: u64,
    /// Bytes of a file of rows.
    pub file: usize,
    /// How long a file of rows may take in all.
    pub file_time: Duration,
    /// How long the head of a request may take.
    pub head_time: Duration,
    /// How long a connection may wait for its next request.
    pub keep_alive: Duration,
    /// How long a connection may take to close.
    pub close_time: Duration,
    /// Connections of one worker.
    pub connections: usize,
    /// Connections of those who read `/metrics`.
    pub watchers: usize,
    /// Connections that wait to be accepted.
    pub backlog: u32,
    /// Threads that take requests.
    pub workers: usize,
    /// Threads of one worker that may block: reading, hashing.
    pub blocking_threads: usize,
    /// How long `/readyz` waits for the database.
    pub ready_time: Duration,
    /// How long counts of attempts wait to be written down.
    pub attempts_pause: Duration,
    /// How long the server says that it is stopping before it stops to listen.
    pub notice: Duration,
    /// Seconds that requests in flight have to finish when the server stops.
    pub farewell_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 2 * 1024 * 1024,
            body_time: Duration::from_secs(30),
            body_grace: Duration::from_secs(5),
            body_rate: 1024,
            file: 1024 * 1024 * 1024,
            file_time: Duration::from_secs(15 * 60),
            head_time: Duration::from_secs(5),
            keep_alive: Duration::from_secs(15),
            close_time: Duration::from_secs(5),
            connections: 4_096,
            watchers: 16,
            backlog: 1_024,
            workers: 2,
            blocking_threads: 32,
            ready_time: Duration::from_millis(500),
            attempts_pause: Duration::from_secs(2),
            notice: Duration::from_millis(500),
            farewell_seconds: 9,
        }
    }
}

/// Whether the server is about to stop.
#[derive(Debug, Default)]
pub struct Stopping(AtomicBool);

impl Stopping {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What every request has at hand.
pub struct State {
    /// The only way to write.
    pub door: Arc<Door>,
    /// The only way to read.
    pub db: Db,
    /// Which book a new record belongs to.
    pub books: Arc<Directory>,
    /// The only source of now.
    pub clock: Arc<dyn Clock>,
    /// Who somebody is.
    pub access: Access,
    /// Where personal details are locked away.
    pub vault: Arc<Vault>,
    /// Reports as they were told a moment ago.
    pub reports: Kept,
    /// Files of many records, and what is done about them.
    pub imports: Arc<Imports>,
    /// Lists and reports as files.
    pub exports: Arc<Exports>,
    /// Sign-ins and refused requests, counted.
    pub attempts: Arc<Attempts>,
    /// What cursors and idempotency fingerprints are keyed with.
    pub cursor_key: [u8; 32],
    /// Bounds.
    pub limits: Limits,
    /// Who is believed about where a request comes from.
    pub proxies: Proxies,
    /// Whether the server is about to stop.
    pub stopping: Stopping,
}

impl State {
    /// Reads a snapshot of the books as they stand, off the request threads.
    ///
    /// # Errors
    /// What `work` returns, as a problem; `busy` when no connection came free in time.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: From<DbError> + Into<ApiError> + Send + 'static,
    {
        self.db.ask(work).await.map_err(Into::into)
    }

    /// The same for reports and lists: on the standby where there is one that can be trusted, and
    /// then of at most its bound ago.
    ///
    /// # Errors
    /// As [`State::read`].
    pub async fn read_trailing<T, E>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: From<DbError> + Into<ApiError> + Send + 'static,
    {
        self.db.trailing().ask(work).await.map_err(Into::into)
    }

    /// Answers a report: as it was told before, where nothing was committed since.
    ///
    /// # Errors
    /// As [`State::read`].
    pub async fn report(&self, question: Question, known: &IfNoneMatch) -> Answered {
        let page = self.reports.page(&self.db, question).await?;
        Ok(respond::report(&page, known))
    }

    /// Finds the book of a new record: at once where the directory remembers it, else off the
    /// request threads.
    ///
    /// # Errors
    /// As [`State::read`].
    pub async fn book(
        &self,
        find: impl Fn(&Directory) -> Result<BookRef, DbError> + Send + 'static,
    ) -> Result<BookRef, ApiError> {
        if let Ok(book) = find(&self.books.memory()) {
            return Ok(book);
        }
        let books = Arc::clone(&self.books);
        Ok(self.db.look_up(move || find(&books)).await?)
    }

    /// Runs work that blocks off the request threads.
    ///
    /// # Errors
    /// What `work` returns, as a problem.
    pub async fn off_thread<T, E>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        web::block(work)
            .await
            .map_err(ApiError::internal)?
            .map_err(Into::into)
    }

    /// What was answered to a key before, for a request whose commands depend on what the books say
    /// by now.
    ///
    /// # Errors
    /// `idempotency_key_reused`, and as [`State::read`].
    pub async fn answered_before(&self, once: Option<&Once>) -> Result<Option<Answer>, ApiError> {
        let Some(once) = once.cloned() else {
            return Ok(None);
        };
        let before = self.read(move |conn| Answer::before(conn, &once)).await?;
        Ok(before.transpose()?)
    }

    /// Asks the write door and sends what it answers: rendered before the commit, and kept with
    /// the idempotency key so that it can be given again, byte for byte.
    ///
    /// # Errors
    /// A problem for each way in which a write is not answered.
    pub async fn record<C: Command>(
        &self,
        request: Request<C>,
        render: impl Fn(&C::Done) -> Answer + Send + 'static,
    ) -> Answered {
        let dry_run = request.dry_run;
        let render = move |done: &C::Done| respond::as_asked(render(done), dry_run);
        Ok(respond::answer(self.door.write(request, render).await?))
    }

    /// This instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The day it is in Seoul.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// A fresh random id, in the order of time.
    #[must_use]
    pub fn new_id(&self) -> String {
        random_id(self.now())
    }
}
