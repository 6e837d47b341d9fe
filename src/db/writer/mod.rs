//! The write door: threads that own the writing connections.
//!
//! Jobs wait in a bounded queue (`queue`). A thread takes the oldest job whose book no other
//! thread is at work on, and with it every other waiting job of that book, up to [`MAX_GROUP`]:
//! they share one transaction and so one commit. After a large group it waits a little for those who
//! were just answered. Some jobs want a transaction to themselves. So a book's jobs are done in their
//! order, and books do not wait for each other. The embedded engine has one thread, since it has one
//! writer.
//!
//! A group that the database refuses is taken back and its jobs are tried one by one, so that one
//! bad job cannot spoil another. Answers leave only after the commit returned. Whoever does not want
//! to wait longer withdraws a job, which works until a thread has taken it.
//!
//! On the embedded engine what the log of a commit holds is carried over beside the writer
//! (`carrier`).
//!
//! Where several threads or servers write to the same database, a group may lose a race for a row
//! that books share, or be chosen to end a deadlock: it is taken back and tried again, a few times
//! (`thread`).

mod carrier;
mod queue;
mod thread;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::patience::Patience;
use super::{Conn, DbError, Url, Use};
use crate::meters::Writes;
use crate::traces::Passage;
use carrier::Carrier;
pub use queue::Place;
use queue::Queue;
use thread::Inside;

/// Jobs that share one transaction at most.
pub const MAX_GROUP: usize = 1_000;
/// Jobs that may wait; past this the caller is told to come back later.
pub const MAX_WAITING: usize = 4_096;
/// Threads that write to PostgreSQL where nothing is said of it.
pub const THREADS: usize = 4;
/// The most threads that write.
pub const MAX_THREADS: usize = 16;

/// Work for the writer.
pub trait Job: Send + 'static {
    /// How a book is named.
    type Book: Clone + Eq + Send + std::fmt::Debug;

    /// The book that the job locks; the first of them, where it locks several.
    fn book(&self) -> Self::Book;

    /// Whether it has to have a transaction to itself.
    fn is_alone(&self) -> bool {
        false
    }

    /// Its way through the door.
    fn passage(&self) -> &Passage;
}

/// What came of a group of jobs.
pub struct Worked<O> {
    /// The outcome of each job.
    pub outcomes: Vec<O>,
    /// Whether what was written is to stay.
    pub keep: bool,
}

/// What runs the jobs of one book inside a transaction. Each thread has its own.
pub trait Worker<J: Job>: Clone + Send + 'static {
    /// What a job leaves behind until the commit is known.
    type Outcome;

    /// Decides and writes. An error takes the whole group back; so does an outcome that is not to
    /// be kept, and then it is the answer.
    ///
    /// # Errors
    /// Any database error; refusals are outcomes, not errors.
    fn work(
        &mut self,
        conn: &mut Conn,
        book: &J::Book,
        jobs: &mut [J],
    ) -> Result<Worked<Self::Outcome>, DbError>;

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

/// The sending side of the write door.
pub struct Writer<J: Job> {
    queue: Arc<Queue<J>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Leaves when the writing threads have.
    carrier: Mutex<Option<JoinHandle<()>>>,
    farewell: Option<Duration>,
}

impl<J: Job> Writer<J> {
    /// Opens a writing connection and starts the threads: so many on PostgreSQL, between one and
    /// [`MAX_THREADS`], and one on the embedded engine. The other threads connect when they have
    /// something to do.
    ///
    /// # Errors
    /// [`DbError`] when the connection or a thread cannot be made.
    pub fn start<W: Worker<J>>(url: &Url, threads: usize, worker: W) -> Result<Self, DbError> {
        let threads = if url.is_shared() { threads } else { 1 };
        let mut first = Some(Conn::open(url, Use::Write)?);
        let (mut carrier, thread) = Carrier::start(url)?.unzip();
        let writer = Self {
            queue: Arc::new(Queue::new()),
            threads: Mutex::default(),
            carrier: Mutex::new(thread),
            farewell: Patience::with(url, Use::Write).farewell(),
        };
        for number in 1..=threads.clamp(1, MAX_THREADS) {
            let inside = Inside::new(url, first.take(), carrier.take(), worker.clone());
            let queue = Arc::clone(&writer.queue);
            let thread = std::thread::Builder::new()
                .name(format!("writer-{number}"))
                .spawn(move || inside.serve(&queue))
                .map_err(|e| DbError::Connect(e.to_string()))?;
            writer.threads().push(thread);
        }
        Ok(writer)
    }

    /// Puts a job in the queue.
    ///
    /// # Errors
    /// [`NotTaken`] when the queue is full or closed.
    pub fn submit(&self, job: J) -> Result<Place, NotTaken> {
        self.queue.put(job)
    }

    /// Takes a job out that still waits. `None` where a thread has taken it: whether it is written
    /// is then for that thread to say.
    #[must_use]
    pub fn withdraw(&self, place: Place) -> Option<J> {
        self.queue.withdraw(place)
    }

    /// How many jobs wait, and since when the oldest does.
    pub fn waiting(&self) -> (usize, Option<Instant>) {
        self.queue.waiting()
    }

    /// Takes no more jobs, finishes those that wait, and returns when the last is answered. A
    /// database that stalls is not waited for: what the threads are at is then unknown.
    pub fn stop(&self) {
        self.queue.close();
        let threads = std::mem::take(&mut *self.threads());
        if !self.queue.wait_until_left(threads.len(), self.farewell) {
            tracing::error!("the database did not let the writers finish");
            return;
        }
        let carrier = self
            .carrier
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        for thread in threads.into_iter().chain(carrier) {
            if thread.join().is_err() {
                tracing::error!("a writer thread had panicked");
            }
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J: Job> Drop for Writer<J> {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A job that tells whether it was done; `None` makes the thread panic.
    struct Told(Option<Sender<bool>>, Passage);

    impl Job for Told {
        type Book = ();

        fn book(&self) {}

        fn passage(&self) -> &Passage {
            &self.1
        }
    }

    #[derive(Clone, Default)]
    struct Teller(Writes);

    impl Worker<Told> for Teller {
        type Outcome = Sender<bool>;

        fn work(
            &mut self,
            _conn: &mut Conn,
            _book: &(),
            jobs: &mut [Told],
        ) -> Result<Worked<Self::Outcome>, DbError> {
            let outcome = |job: &mut Told| job.0.take().expect("as the test has it");
            Ok(Worked {
                outcomes: jobs.iter_mut().map(outcome).collect(),
                keep: true,
            })
        }

        fn answer(&mut self, _job: Told, outcome: Sender<bool>) {
            outcome.send(true).unwrap();
        }

        fn fail(&mut self, _job: Told, _why: &Failure) {}

        fn meters(&self) -> &Writes {
            &self.0
        }
    }

    fn writer() -> (tempfile::TempDir, Writer<Told>) {
        let dir = tempfile::tempdir().unwrap();
        let url = Url::parse(&format!("sqlite://{}/a.db", dir.path().display())).unwrap();
        let writer = Writer::start(&url, THREADS, Teller::default()).unwrap();
        (dir, writer)
    }

    fn submit(writer: &Writer<Told>) -> Result<Receiver<bool>, NotTaken> {
        let (sender, receiver) = channel();
        writer
            .submit(Told(Some(sender), Passage::begin()))
            .map(|_| receiver)
    }

    #[test]
    fn whoever_stops_waits_until_everything_is_answered() {
        let (_dir, writer) = writer();
        let told: Vec<_> = (0..100).map(|_| submit(&writer).unwrap()).collect();
        writer.stop();
        assert!(told.iter().all(|told| told.try_recv() == Ok(true)));
        assert_eq!(submit(&writer).unwrap_err(), NotTaken::Stopping);
        writer.stop();
    }

    #[test]
    fn a_thread_that_panics_closes_the_door_behind_it() {
        let (_dir, writer) = writer();
        writer.submit(Told(None, Passage::begin())).unwrap();
        writer.queue.wait_until_left(1, None);
        assert_eq!(submit(&writer).unwrap_err(), NotTaken::Stopping);
        writer.stop();
    }
}
