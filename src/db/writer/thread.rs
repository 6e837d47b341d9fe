//! A thread of the write door: a group at a time, in a transaction, as often as it takes.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use super::carrier::Carrier;
use super::queue::Queue;
use super::{Failure, Job, Worked, Worker};
use crate::db::{Conn, DbError, Url, Use};
use crate::traces::{self, Passage};

/// How often a group that lost a race is tried again.
const MAX_RETRIES: u32 = 5;
/// The longest pause before the first of these tries; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// Tells the queue that a thread leaves, however it does.
struct Leaving<'a, J: Job>(&'a Queue<J>);

impl<J: Job> Drop for Leaving<'_, J> {
    fn drop(&mut self) {
        self.0.leave(std::thread::panicking());
    }
}

/// What a thread owns.
pub(super) struct Inside<W> {
    url: Url,
    conn: Option<Conn>,
    carrier: Option<Carrier>,
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
    pub(super) fn new(url: &Url, conn: Option<Conn>, carrier: Option<Carrier>, worker: W) -> Self {
        Self {
            url: url.clone(),
            conn,
            carrier,
            worker,
        }
    }

    /// Works until the queue is closed and nothing is left to do.
    pub(super) fn serve<J: Job>(mut self, queue: &Queue<J>)
    where
        W: Worker<J>,
    {
        let _leaving = Leaving(queue);
        while let Some((book, jobs)) = queue.take() {
            let since = jobs.iter().map(J::passage).map(Passage::taken);
            self.worker.meters().taken(since);
            let (size, began) = (jobs.len(), Instant::now());
            self.run(&book, jobs);
            let took = began.elapsed();
            if let Some(carrier) = &mut self.carrier {
                carrier.wrote(took);
            }
            if self.url.is_shared() {
                queue.gather(&book, size, took);
            }
            queue.done(&book);
        }
    }

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
        let shared = self.url.is_shared();
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
            // The connection is dropped: the next one may find who is written to now.
            Err(error) if error.is_read_only() => Err(lost(error)),
            Ok(Worked {
                outcomes,
                keep: false,
            }) => {
                conn.roll_back().map_err(lost)?;
                self.conn = Some(conn);
                Ok(outcomes)
            }
            Ok(Worked { outcomes, .. }) => {
                match timed(|| traces::commit().in_scope(|| conn.commit())) {
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
                }
            }
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
