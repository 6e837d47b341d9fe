//! The write door: one thread that owns the writing connection.
//!
//! Jobs wait in a bounded queue. The thread takes the oldest, and with it every other waiting job
//! of the same book, up to [`MAX_GROUP`]: they share one transaction and so one commit. A group
//! that the database refuses is taken back and its jobs are tried one by one, so that one bad job
//! cannot spoil another. Answers leave only after the commit returned.
//!
//! Where other servers write to the same database, a group may lose a race for a row that books
//! share, or be chosen to end a deadlock: it is taken back and tried again, a few times.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Conn, DbError, Url, Use};
use crate::meters::Writes;
use crate::traces::{self, Passage};

/// Jobs that share one transaction at most.
pub const MAX_GROUP: usize = 1_000;
/// Jobs that may wait; past this the caller is told to come back later.
pub const MAX_WAITING: usize = 4_096;

/// How often a group that lost a race is tried again.
const MAX_RETRIES: u32 = 5;
/// The longest pause before the first of these tries; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// Work for the writer.
pub trait Job: Send + 'static {
    /// How a book is named.
    type Book: Clone + Eq + std::fmt::Debug;

    /// The book that the job locks.
    fn book(&self) -> Self::Book;

    /// Its way through the door.
    fn passage(&self) -> &Passage;
}

/// What runs the jobs of one book inside a transaction.
pub trait Worker<J: Job>: Send + 'static {
    /// What a job leaves behind until the commit is known.
    type Outcome;

    /// Decides and writes. An error takes the whole group back.
    ///
    /// # Errors
    /// Any database error; refusals are outcomes, not errors.
    fn work(
        &mut self,
        conn: &mut Conn,
        book: &J::Book,
        jobs: &mut [J],
    ) -> Result<Vec<Self::Outcome>, DbError>;

    /// Sends the answer of a committed job.
    fn answer(&mut self, job: J, outcome: Self::Outcome);

    /// Tells a job that it was not, or perhaps not, written.
    fn fail(&mut self, job: J, why: &Failure);

    /// Where it is counted what happens to groups.
    fn meters(&self) -> &Writes;
}

/// Why a job has no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Nothing was written.
    NotWritten,
    /// Nothing was written, since the database is out of reach.
    OutOfReach,
    /// The commit was sent and its answer was lost: the same key tells which.
    Unknown,
}

/// Why a job was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The queue is full.
    #[error("too many writes are waiting")]
    Full,
    /// The writer is stopping.
    #[error("the server is stopping")]
    Stopping,
}

struct Queue<J> {
    waiting: Mutex<Waiting<J>>,
    arrived: Condvar,
}

struct Waiting<J> {
    jobs: VecDeque<J>,
    open: bool,
}

impl<J> Queue<J> {
    fn lock(&self) -> MutexGuard<'_, Waiting<J>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sending side of the write door.
pub struct Writer<J> {
    queue: Arc<Queue<J>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl<J: Job> Writer<J> {
    /// Opens the writing connection and starts the thread.
    ///
    /// # Errors
    /// [`DbError`] when the connection or the thread cannot be made.
    pub fn start<W: Worker<J>>(url: &Url, worker: W) -> Result<Self, DbError> {
        let conn = Conn::open(url, Use::Write)?;
        let queue = Arc::new(Queue {
            waiting: Mutex::new(Waiting {
                jobs: VecDeque::new(),
                open: true,
            }),
            arrived: Condvar::new(),
        });
        let mut inside = Inside {
            url: url.clone(),
            conn: Some(conn),
            worker,
        };
        let theirs = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                let _closing = Closing(&theirs);
                while let Some((book, jobs)) = next_group(&theirs) {
                    let since = jobs.iter().map(J::passage).map(Passage::taken);
                    inside.worker.meters().taken(since);
                    inside.run(&book, jobs);
                }
            })
            .map_err(|e| DbError::Connect(e.to_string()))?;
        Ok(Self {
            queue,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Puts a job in the queue.
    ///
    /// # Errors
    /// [`NotTaken`] when the queue is full or closed.
    pub fn submit(&self, job: J) -> Result<(), NotTaken> {
        let mut waiting = self.queue.lock();
        if !waiting.open {
            return Err(NotTaken::Stopping);
        }
        if waiting.jobs.len() >= MAX_WAITING {
            return Err(NotTaken::Full);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.queue.arrived.notify_one();
        Ok(())
    }

    /// How many jobs wait, and since when the oldest does.
    pub fn waiting(&self) -> (usize, Option<Instant>) {
        let waiting = self.queue.lock();
        let oldest = waiting.jobs.front().map(|job| job.passage().since());
        (waiting.jobs.len(), oldest)
    }

    /// Takes no more jobs, finishes those that wait, and returns when the last is answered.
    pub fn stop(&self) {
        self.queue.lock().open = false;
        self.queue.arrived.notify_all();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer thread had panicked");
        }
    }
}

impl<J> Drop for Writer<J> {
    fn drop(&mut self) {
        self.queue.lock().open = false;
        self.queue.arrived.notify_all();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

/// Closes the queue when the thread ends, however it ends, so that nobody waits for it in vain.
struct Closing<'a, J>(&'a Queue<J>);

impl<J> Drop for Closing<'_, J> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.open = false;
        waiting.jobs.clear();
    }
}

/// Waits for the oldest job and takes those of its book with it. `None` once closed and empty.
fn next_group<J: Job>(queue: &Queue<J>) -> Option<(J::Book, Vec<J>)> {
    let mut waiting = queue.lock();
    loop {
        if let Some(first) = waiting.jobs.front() {
            let book = first.book();
            let (mut group, mut rest) = (Vec::new(), VecDeque::new());
            for job in waiting.jobs.drain(..) {
                if group.len() < MAX_GROUP && job.book() == book {
                    group.push(job);
                } else {
                    rest.push_back(job);
                }
            }
            waiting.jobs = rest;
            return Some((book, group));
        }
        if !waiting.open {
            return None;
        }
        waiting = queue
            .arrived
            .wait(waiting)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

struct Inside<W> {
    url: Url,
    conn: Option<Conn>,
    worker: W,
}

/// Why an attempt came to nothing.
enum Broke {
    /// Another writer was in the way: nothing was written, and the next try may succeed.
    Raced,
    /// The connection was lost before the commit, or none could be made: nothing was written.
    Lost,
    /// Anything else.
    Failed(Failure),
}

impl<W> Inside<W> {
    fn run<J: Job>(&mut self, book: &J::Book, mut jobs: Vec<J>)
    where
        W: Worker<J>,
    {
        match self.insist(book, &mut jobs) {
            Ok(outcomes) => {
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    self.worker.answer(job, outcome);
                }
            }
            Err(Failure::NotWritten) if jobs.len() > 1 => {
                for job in jobs {
                    self.run(book, vec![job]);
                }
            }
            Err(why) => {
                for job in jobs {
                    self.worker.fail(job, &why);
                }
            }
        }
    }

    /// Attempts, again where another writer was in the way, and once more where a connection that
    /// had stood for a while was lost.
    fn insist<J: Job>(&mut self, book: &J::Book, jobs: &mut [J]) -> Result<Vec<W::Outcome>, Failure>
    where
        W: Worker<J>,
    {
        let (mut raced, mut lost) = (0, false);
        loop {
            match self.attempt(book, jobs) {
                Ok(outcomes) => return Ok(outcomes),
                Err(Broke::Failed(why)) => return Err(why),
                Err(Broke::Raced) if raced < MAX_RETRIES => {
                    self.worker.meters().retried();
                    std::thread::sleep(pause(raced));
                    raced = raced.saturating_add(1);
                }
                Err(Broke::Raced) => return Err(Failure::NotWritten),
                Err(Broke::Lost) if lost => return Err(Failure::OutOfReach),
                Err(Broke::Lost) => lost = true,
            }
        }
    }

    fn attempt<J: Job>(&mut self, book: &J::Book, jobs: &mut [J]) -> Result<Vec<W::Outcome>, Broke>
    where
        W: Worker<J>,
    {
        let group = traces::group(jobs.iter().map(Job::passage));
        let _in_group = group.enter();
        let shared = matches!(self.url, Url::Postgres(_));
        let not_written = |error: DbError| {
            if shared && error.may_be_a_race() {
                tracing::info!(?book, %error, "a group of writes lost a race");
                return Broke::Raced;
            }
            tracing::error!(?book, %error, "a group of writes was taken back");
            Broke::Failed(Failure::NotWritten)
        };
        let lost = |error: DbError| {
            tracing::error!(?book, %error, "the database is out of reach");
            Broke::Lost
        };
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => Conn::open(&self.url, Use::Write).map_err(lost)?,
        };
        conn.begin(Use::Write).map_err(lost)?;
        match traces::decide().in_scope(|| self.worker.work(&mut conn, book, jobs)) {
            Ok(outcomes) => match timed(|| traces::commit().in_scope(|| conn.commit())) {
                (Ok(()), took) => {
                    self.worker.meters().committed(took);
                    self.conn = Some(conn);
                    Ok(outcomes)
                }
                // The connection is dropped: what became of the commit only a retry can tell.
                (Err(error), _) => {
                    tracing::error!(?book, %error, "the outcome of a commit is unknown");
                    self.worker.meters().unknown(jobs.len());
                    Err(Broke::Failed(Failure::Unknown))
                }
            },
            Err(error) => match conn.roll_back() {
                Ok(()) => {
                    self.conn = Some(conn);
                    Err(not_written(error))
                }
                Err(_gone) => Err(lost(error)),
            },
        }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

/// A pause of up to twice the one before, of a random length so that two do not meet again.
fn pause(retry: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(retry));
    let share = RandomState::new().hash_one(retry) % 1_000;
    let share = u32::try_from(share).unwrap_or(0);
    longest.saturating_mul(share) / 1_000
}
