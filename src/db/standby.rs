//! A hot standby that reports and lists are read from, for as long as it can be trusted.
//!
//! How far it trails is told by positions in the log that it replays, and by no server's clock.
//! Every `INTERVAL` the primary is asked how far its log is safe on disk. Whatever was
//! acknowledged before that question lies before that position; so once the standby has replayed
//! as far, it shows all that there was at the moment of the question. An idle primary's log does
//! not grow, so its standby never ages; a standby that is cut off from a busy one stands still, and
//! does. The servers also tell which database and which timeline they are of: positions of others
//! compare to nothing.
//!
//! Cost: a thread, two connections and two small queries each `INTERVAL`. Requests ask nobody.
//! On any doubt, reads go to the primary.

use std::collections::VecDeque;
use std::mem::{Discriminant, discriminant};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::moment::Moment;
use super::pool::Pool;
use super::{Conn, Db, DbError, Url, Use};

/// How far a standby may trail when nothing else is said, in seconds.
pub const DEFAULT_LAG: u64 = 5;
/// The shortest bound, in seconds: a few intervals, or a busy primary's standby is never trusted.
pub const LEAST_LAG: u64 = 2;
/// The longest bound, in seconds.
pub const MOST_LAG: u64 = 300;

/// How often both servers are asked.
const INTERVAL: Duration = Duration::from_millis(500);
/// How long a standby is believed to be there that was not heard of again.
const SILENCE: Duration = Duration::from_secs(2);
/// Positions of the primary that are remembered: more than [`MOST_LAG`] has intervals.
const MOST_MARKS: usize = 1_000;

/// What the primary says: how far its log is on disk, and which database and timeline it is of.
const OF_PRIMARY: &str = "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint AS position, \
     (SELECT system_identifier FROM pg_control_system()) || '/' || \
     (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || \
     left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) AS line";
/// The same of a standby, of what it has replayed. Its timeline is that of its last restart point,
/// which follows a change of timeline late, and never comes before it.
const OF_STANDBY: &str = "SELECT (coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0')::bigint AS position, \
     (SELECT system_identifier FROM pg_control_system()) || '/' || \
     (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || \
     lpad(upper(to_hex((SELECT timeline_id FROM pg_control_checkpoint()))), 8, '0') AS line \
     WHERE pg_is_in_recovery()";

/// Which standby, and how far it may trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it is.
    pub url: Url,
    /// How old at most what it shows may be.
    pub lag: Duration,
}

/// Where one server stands.
#[derive(QueryableByName)]
struct Stand {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    line: String,
}

/// What the last check found.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Everything that was acknowledged before this is shown.
    shows_all_until: Instant,
    at: Instant,
}

/// Why a standby is not read from.
#[derive(Debug, thiserror::Error)]
enum Doubt {
    #[error("the primary does not say how far it is: {0}")]
    Primary(DbError),
    #[error("the standby is out of reach: {0}")]
    Standby(DbError),
    #[error("it is no standby: it takes writes of its own")]
    NoStandby,
    #[error("it holds another database, or has not followed the primary to its timeline yet")]
    OtherLine,
    #[error("it trails too far behind")]
    Behind,
}

/// A standby, checked for as long as this lives.
pub struct Standby {
    db: Db,
    lag: Duration,
    seen: Arc<Mutex<Option<Seen>>>,
    _lives: Sender<()>,
}

impl Standby {
    /// Begins to check a standby of `primary`. It may be out of reach for now.
    ///
    /// # Errors
    /// [`DbError::Connect`] when there can be no thread for the checks.
    pub fn watch(primary: &Url, wanted: &Wanted) -> Result<Self, DbError> {
        let seen = Arc::new(Mutex::new(None));
        let (lives, ended) = mpsc::channel();
        let checks = Checks {
            primary: Link::to(primary),
            standby: Link::to(&wanted.url),
            marks: Marks::default(),
            lag: wanted.lag,
            seen: Arc::clone(&seen),
            told: None,
        };
        std::thread::Builder::new()
            .name("standby".to_owned())
            .spawn(move || checks.run(&ended))
            .map_err(|e| DbError::Connect(e.to_string()))?;
        Ok(Self {
            db: Db::over(Pool::of(&wanted.url), &wanted.url),
            lag: wanted.lag,
            seen,
            _lives: lives,
        })
    }

    /// The standby's own books, while they show what they have to.
    fn trusted(&self) -> Option<&Db> {
        let seen = (*self.seen.lock().unwrap_or_else(PoisonError::into_inner))?;
        seen.holds(self.lag).then_some(&self.db)
    }
}

impl Seen {
    fn holds(self, lag: Duration) -> bool {
        self.shows_all_until.elapsed() <= lag && self.at.elapsed() <= SILENCE
    }
}

/// Books that may be as old as the bound of the standby, where there is one that can be trusted.
/// What the standby refuses, for whatever reason, the primary is asked again.
#[derive(Clone)]
pub struct Trailing {
    standby: Option<Db>,
    primary: Db,
}

impl Db {
    /// The books for what may trail.
    #[must_use]
    pub fn trailing(&self) -> Trailing {
        let trusted = self.standby.as_ref().and_then(|standby| standby.trusted());
        Trailing {
            standby: trusted.cloned(),
            primary: self.clone(),
        }
    }
}

impl Trailing {
    /// The moment of these books. From then on they are those that it is of.
    ///
    /// # Errors
    /// As [`Db::moment`].
    pub async fn moment(&mut self) -> Result<Moment, DbError> {
        if let Some(standby) = &self.standby {
            match standby.moment().await {
                Ok(moment) => return Ok(moment),
                Err(_) => self.standby = None,
            }
        }
        self.primary.moment().await
    }

    /// Runs `work` on one snapshot.
    ///
    /// # Errors
    /// As [`Db::ask`].
    pub async fn ask<T, E>(
        &self,
        work: impl Fn(&mut Conn) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let work = Arc::new(work);
        if let Some(standby) = &self.standby {
            let work = Arc::clone(&work);
            if let Ok(read) = standby.ask(move |conn| work(conn)).await {
                return Ok(read);
            }
        }
        self.primary.ask(move |conn| work(conn)).await
    }
}

/// The thread that checks.
struct Checks {
    primary: Link,
    standby: Link,
    marks: Marks,
    lag: Duration,
    seen: Arc<Mutex<Option<Seen>>>,
    /// What was logged last: trust, or which doubt.
    told: Option<Option<Discriminant<Doubt>>>,
}

impl Checks {
    fn run(mut self, ended: &Receiver<()>) {
        loop {
            let found = self.check();
            self.tell(found.as_ref().err());
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = found.ok();
            if let Err(RecvTimeoutError::Disconnected) = ended.recv_timeout(INTERVAL) {
                return;
            }
        }
    }

    fn check(&mut self) -> Result<Seen, Doubt> {
        let asked = Instant::now();
        let primary = self.primary.ask(OF_PRIMARY).map_err(Doubt::Primary)?;
        let primary = primary.ok_or(Doubt::OtherLine)?;
        self.marks.set(asked, &primary);
        let at = Instant::now();
        let standby = self.standby.ask(OF_STANDBY).map_err(Doubt::Standby)?;
        let standby = standby.ok_or(Doubt::NoStandby)?;
        if standby.line != primary.line {
            return Err(Doubt::OtherLine);
        }
        let shows_all_until = self.marks.replayed(standby.position);
        let seen = shows_all_until.map(|shows_all_until| Seen {
            shows_all_until,
            at,
        });
        seen.filter(|seen| seen.holds(self.lag))
            .ok_or(Doubt::Behind)
    }

    /// Logs what changed since it was told last.
    fn tell(&mut self, doubt: Option<&Doubt>) {
        let now = Some(doubt.map(discriminant));
        if self.told == now {
            return;
        }
        self.told = now;
        match doubt {
            None => tracing::info!("reports and lists are read from the standby"),
            Some(why) => {
                tracing::warn!(%why, "reports and lists are read from the primary");
            }
        }
    }
}

/// A server that is asked again and again.
struct Link {
    url: Url,
    conn: Option<Conn>,
}

impl Link {
    fn to(url: &Url) -> Self {
        Self {
            url: url.clone(),
            conn: None,
        }
    }

    fn ask(&mut self, question: &str) -> Result<Option<Stand>, DbError> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => Conn::open(&self.url, Use::Read)?,
        };
        let stand = diesel::sql_query(question)
            .get_result(&mut conn)
            .optional()?;
        // A connection that failed is not kept.
        self.conn = Some(conn);
        Ok(stand)
    }
}

/// How far the primary was, and when.
#[derive(Default)]
struct Marks {
    line: String,
    /// The latest moment of which everything is replayed.
    reached: Option<Instant>,
    /// What is not, the oldest first.
    ahead: VecDeque<(Instant, i64)>,
}

impl Marks {
    /// The primary stood there when it was asked at this moment, or soon after.
    fn set(&mut self, asked: Instant, primary: &Stand) {
        if self.line != primary.line {
            *self = Self::default();
            self.line.clone_from(&primary.line);
        }
        if self.ahead.len() == MOST_MARKS {
            // Whoever replays as far as a later one has replayed this one.
            self.ahead.pop_front();
        }
        self.ahead.push_back((asked, primary.position));
    }

    /// The latest moment of which a standby that has replayed so far shows everything.
    fn replayed(&mut self, position: i64) -> Option<Instant> {
        while let Some((asked, mark)) = self.ahead.front().copied()
            && mark <= position
        {
            self.reached = Some(asked);
            self.ahead.pop_front();
        }
        self.reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(position: i64, line: &str) -> Stand {
        Stand {
            position,
            line: line.to_owned(),
        }
    }

    /// Moments in their order.
    fn moments<const N: usize>() -> [Instant; N] {
        [(); N].map(|()| {
            std::thread::yield_now();
            Instant::now()
        })
    }

    #[test]
    fn a_standby_shows_what_the_primary_had_when_it_stood_where_the_standby_is_now() {
        let [first, second, third] = moments();
        let mut marks = Marks::default();
        marks.set(first, &at(100, "a"));
        assert_eq!(
            marks.replayed(99),
            None,
            "it never showed what was asked for"
        );
        marks.set(second, &at(250, "a"));
        marks.set(third, &at(300, "a"));
        assert_eq!(marks.replayed(240), Some(first));
        assert_eq!(marks.replayed(299), Some(second));
        assert_eq!(marks.replayed(299), Some(second), "it stands still");
        assert_eq!(marks.replayed(300), Some(third));
    }

    #[test]
    fn the_standby_of_an_idle_primary_does_not_age() {
        let [first, second] = moments();
        let mut marks = Marks::default();
        for asked in [first, second] {
            marks.set(asked, &at(100, "a"));
            assert_eq!(marks.replayed(100), Some(asked));
        }
    }

    #[test]
    fn positions_of_another_timeline_say_nothing() {
        let [first, second] = moments();
        let mut marks = Marks::default();
        marks.set(first, &at(100, "a/1"));
        assert_eq!(marks.replayed(400), Some(first));
        marks.set(second, &at(300, "a/2"));
        assert_eq!(marks.replayed(299), None);
    }

    #[test]
    fn marks_are_bounded_and_the_latest_are_kept() {
        let mut marks = Marks::default();
        let mut last = Instant::now();
        for position in 0..2_000 {
            last = Instant::now();
            marks.set(last, &at(position, "a"));
        }
        assert_eq!(marks.ahead.len(), MOST_MARKS);
        assert_eq!(marks.replayed(1_999), Some(last));
    }
}
