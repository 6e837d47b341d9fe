//! Moments of the books: as long as it is the same one, nothing was committed.
//!
//! The engine is asked, so every commit counts, whichever server, command or hand made it: SQLite
//! counts the commits of others than the connection that asks, which never writes itself;
//! PostgreSQL names the snapshot that it would give, and a standby how far it has replayed.
//!
//! Cost: one statement on a connection of its own, made when first needed. On the embedded engine
//! it looks at the head of the write-ahead log, in memory: some microseconds.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Conn, Db, DbError, Url, Use};

/// How many commits of others the embedded engine has seen.
const EMBEDDED: &str = "SELECT CAST(data_version AS TEXT) AS value FROM pragma_data_version";
/// What a snapshot shows. Numbers of transactions grow, but one server's may be those that another
/// lost: so also since when the server runs.
const SHARED: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text \
     ELSE pg_current_snapshot()::text END || ' ' || pg_postmaster_start_time()::text AS value";

/// The number of the next connection that looks.
static LINKS: AtomicU64 = AtomicU64::new(0);

/// A moment of the books, as one connection saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    link: u64,
    number: u64,
}

impl Moment {
    /// Whether it is known to be no earlier than the other: moments that two connections saw, as
    /// of a primary and its standby, compare to nothing.
    #[must_use]
    pub fn is_no_earlier_than(self, other: Self) -> bool {
        self.link == other.link && self.number >= other.number
    }

    /// A moment of a test's own.
    #[cfg(test)]
    pub(crate) fn of(link: u64, number: u64) -> Self {
        Self { link, number }
    }
}

/// Sees moments pass.
pub(super) struct Moments {
    url: Url,
    sight: Mutex<Option<Sight>>,
}

/// What one connection saw.
struct Sight {
    conn: Conn,
    said: String,
    last: Moment,
}

impl Moments {
    pub(super) fn of(url: &Url) -> Self {
        Self {
            url: url.clone(),
            sight: Mutex::default(),
        }
    }

    fn now(&self) -> Result<Moment, DbError> {
        let question = if self.url.is_shared() {
            SHARED
        } else {
            EMBEDDED
        };
        let mut kept = self.sight.lock().unwrap_or_else(PoisonError::into_inner);
        // One that fails was lost since, and another takes its place.
        let known = kept.take().and_then(|sight| sight.looking(question).ok());
        let sight = match known {
            Some(sight) => sight,
            None => Sight::of(&self.url)
                .and_then(|sight| sight.looking(question))
                .map_err(|error| DbError::OutOfReach(error.to_string()))?,
        };
        Ok(kept.insert(sight).last)
    }
}

impl Sight {
    fn of(url: &Url) -> Result<Self, DbError> {
        Ok(Self {
            conn: Conn::open(url, Use::Read)?,
            said: String::new(),
            last: Moment {
                link: LINKS.fetch_add(1, Ordering::Relaxed),
                number: 0,
            },
        })
    }

    fn looking(mut self, question: &str) -> Result<Self, DbError> {
        let says = self.conn.text(question)?;
        if says != self.said {
            self.said = says;
            self.last.number = self.last.number.saturating_add(1);
        }
        Ok(self)
    }
}

impl Db {
    /// The moment it is: whatever was acknowledged before this is asked was committed before it.
    /// What is read after this shows at least that moment.
    ///
    /// # Errors
    /// As [`Db::ask`].
    pub async fn moment(&self) -> Result<Moment, DbError> {
        let moments = Arc::clone(&self.moments);
        if self.patience.is_needed() {
            self.look_up(move || moments.now()).await
        } else {
            // Quicker than to change threads for it.
            moments.now()
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;

    #[test]
    fn a_moment_lasts_until_somebody_else_commits() {
        let dir = tempfile::tempdir().unwrap();
        let url = Url::parse(&format!("sqlite://{}/a.db", dir.path().display())).unwrap();
        let mut writer = Conn::open(&url, Use::Write).unwrap();
        writer.batch_execute("CREATE TABLE t (x)").unwrap();
        let moments = Moments::of(&url);
        let first = moments.now().unwrap();
        assert_eq!(moments.now().unwrap(), first);
        writer
            .batch_execute("BEGIN; INSERT INTO t VALUES (1)")
            .unwrap();
        assert_eq!(moments.now().unwrap(), first, "not committed yet");
        writer.batch_execute("COMMIT").unwrap();
        let second = moments.now().unwrap();
        assert!(second.is_no_earlier_than(first) && !first.is_no_earlier_than(second));
        assert_eq!(moments.now().unwrap(), second);
    }

    #[test]
    fn what_two_connections_saw_compares_to_nothing() {
        let (one, other) = (Moment::of(1, 5), Moment::of(2, 5));
        assert!(one.is_no_earlier_than(one));
        assert!(!one.is_no_earlier_than(other) && !other.is_no_earlier_than(one));
    }
}
