//! Connections kept for reading.
//!
//! At most [`READERS`] at a time. One that is lent begins a snapshot; where that fails it was lost
//! since it was last used, and the next takes its place: an idle one, or else a new one. So the
//! pool is whole again with the first reads after the database is, and asks nothing before.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Conn, DbError, Url, Use};
use crate::meters::Counter;

/// Connections kept for reading.
pub const READERS: usize = 4;
/// How long a reader waits for a connection before the answer is "busy".
pub const READER_WAIT: Duration = Duration::from_secs(1);

/// Connections kept for reading.
pub(super) struct Pool {
    url: Url,
    shelf: Mutex<Shelf>,
    returned: Condvar,
    timed_out: Counter,
}

#[derive(Default)]
struct Shelf {
    idle: Vec<Conn>,
    lent: usize,
}

/// The right to one of the connections.
struct Loan<'a>(&'a Pool);

impl Pool {
    /// Makes the first connection; the others are made as they are needed.
    pub(super) fn open(url: &Url) -> Result<Self, DbError> {
        let pool = Self::of(url);
        pool.shelf().idle.push(Conn::open(url, Use::Read)?);
        Ok(pool)
    }

    /// Makes connections as they are needed, the first too.
    pub(super) fn of(url: &Url) -> Self {
        Self {
            url: url.clone(),
            shelf: Mutex::default(),
            returned: Condvar::new(),
            timed_out: Counter::default(),
        }
    }

    /// Runs `work` on one snapshot.
    pub(super) fn read<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let loan = self.lend()?;
        let mut conn = loan.begin()?;
        let result = work(&mut conn);
        // Nothing was written, so this fails with the connection alone; that tells more than what
        // `work` met with on a connection that was gone.
        conn.roll_back().map_err(lost)?;
        self.shelf().idle.push(conn);
        result
    }

    /// Runs `work` on one snapshot, on a connection that is none of the pool's.
    pub(super) fn read_apart<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = Conn::open(&self.url, Use::Read).map_err(lost)?;
        conn.begin(Use::Read).map_err(lost)?;
        let result = work(&mut conn);
        conn.roll_back().map_err(lost)?;
        result
    }

    /// How many connections are lent, and how many idle.
    pub(super) fn counts(&self) -> (usize, usize) {
        let shelf = self.shelf();
        (shelf.lent, shelf.idle.len())
    }

    /// How many reads found no free connection in time.
    pub(super) fn timed_out(&self) -> &Counter {
        &self.timed_out
    }

    fn lend(&self) -> Result<Loan<'_>, DbError> {
        let (mut shelf, waited) = self
            .returned
            .wait_timeout_while(self.shelf(), READER_WAIT, |shelf| shelf.lent >= READERS)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            self.timed_out.inc();
            return Err(DbError::Busy);
        }
        shelf.lent = shelf.lent.saturating_add(1);
        Ok(Loan(self))
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loan<'_> {
    /// A connection on which a snapshot was begun.
    fn begin(&self) -> Result<Conn, DbError> {
        loop {
            // Taken in a statement of its own: nobody else waits for the shelf meanwhile.
            let idle = self.0.shelf().idle.pop();
            let Some(mut conn) = idle else {
                let mut conn = Conn::open(&self.0.url, Use::Read).map_err(lost)?;
                conn.begin(Use::Read).map_err(lost)?;
                return Ok(conn);
            };
            if conn.begin(Use::Read).is_ok() {
                return Ok(conn);
            }
        }
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut shelf = self.0.shelf();
        shelf.lent = shelf.lent.saturating_sub(1);
        drop(shelf);
        self.0.returned.notify_one();
    }
}

fn lost(error: DbError) -> DbError {
    DbError::OutOfReach(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> (tempfile::TempDir, Pool) {
        let dir = tempfile::tempdir().unwrap();
        let url = Url::parse(&format!("sqlite://{}/a.db", dir.path().display())).unwrap();
        let pool = Pool::open(&url).unwrap();
        (dir, pool)
    }

    #[test]
    fn a_connection_comes_back_and_is_used_again() {
        let (_dir, pool) = pool();
        for _ in 0..2 * READERS {
            pool.read(|_| Ok::<_, DbError>(())).unwrap();
            assert_eq!(pool.counts(), (0, 1));
        }
    }

    #[test]
    fn a_connection_whose_reader_died_is_not_lent_again_and_its_place_is() {
        let (_dir, pool) = pool();
        let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.read(|_| -> Result<(), DbError> { panic!("as the test has it") })
        }));
        assert!(died.is_err());
        assert_eq!(pool.counts(), (0, 0));
        pool.read(|_| Ok::<_, DbError>(())).unwrap();
    }

    #[test]
    fn no_more_are_lent_than_there_are() {
        let (_dir, pool) = pool();
        let loans: Vec<_> = (0..READERS).map(|_| pool.lend().unwrap()).collect();
        assert!(matches!(pool.lend(), Err(DbError::Busy)));
        drop(loans);
        assert!(pool.lend().is_ok());
    }
}
