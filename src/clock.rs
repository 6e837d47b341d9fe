//! The only source of "now" and of "today in Seoul".
//!
//! Serving reads the [`SystemClock`]; the demo and the tests steer a [`SteeredClock`]. Before each
//! write the books ask [`Clock::check`], so that a machine whose wall clock is put to another day
//! stops recording instead of dating its entries wrongly.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

use crate::calendar::today_in_seoul;

/// How far the wall clock may stray from the monotonic one before nothing is recorded any more.
const MAX_STRAY: TimeDelta = TimeDelta::days(1);

/// Digits of a second that are kept: the stores hold microseconds.
const SUBSECOND_DIGITS: u16 = 6;

/// The wall clock moved by more than a day while serving, so no entry can be dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the wall clock moved by more than a day since the start; restart to go on")]
pub struct ClockJumped;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// This instant, in whole microseconds.
    fn now(&self) -> DateTime<Utc>;

    /// The day it is in Seoul.
    fn today(&self) -> NaiveDate {
        today_in_seoul(self.now())
    }

    /// Whether the clock can be believed.
    ///
    /// # Errors
    /// [`ClockJumped`], and then always until a restart.
    fn check(&self) -> Result<(), ClockJumped>;
}

/// The machine's clock, watched for jumps.
///
/// A machine that sleeps for more than a day looks the same as one whose clock was moved, since
/// the monotonic clock may stand still meanwhile.
#[derive(Debug)]
pub struct SystemClock {
    wall_at_start: DateTime<Utc>,
    started: Instant,
    jumped: AtomicBool,
}

impl SystemClock {
    /// The machine's clock, believed as it stands now.
    #[must_use]
    pub fn start() -> Self {
        Self::believing(wall())
    }

    fn believing(wall_at_start: DateTime<Utc>) -> Self {
        Self {
            wall_at_start,
            started: Instant::now(),
            jumped: AtomicBool::new(false),
        }
    }

    fn check_at(&self, wall: DateTime<Utc>, elapsed: Duration) -> Result<(), ClockJumped> {
        if strayed(wall.signed_duration_since(self.wall_at_start), elapsed) {
            self.jumped.store(true, Ordering::Relaxed);
        }
        if self.jumped.load(Ordering::Relaxed) {
            return Err(ClockJumped);
        }
        Ok(())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        wall().trunc_subsecs(SUBSECOND_DIGITS)
    }

    fn check(&self) -> Result<(), ClockJumped> {
        self.check_at(wall(), self.started.elapsed())
    }
}

/// What the machine's wall clock says.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that may ask the machine"
)]
fn wall() -> DateTime<Utc> {
    Utc::now()
}

/// Whether wall and monotonic clock went apart; what cannot be computed counts as having strayed.
fn strayed(wall: TimeDelta, monotonic: Duration) -> bool {
    TimeDelta::from_std(monotonic)
        .ok()
        .and_then(|monotonic| wall.checked_sub(&monotonic))
        .is_none_or(|apart| apart.abs() > MAX_STRAY)
}

/// A clock that stands where it was set, until it is let go and follows the machine's.
#[derive(Debug)]
pub struct SteeredClock {
    standing_at: Mutex<Option<DateTime<Utc>>>,
    system: SystemClock,
}

impl SteeredClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self {
            standing_at: Mutex::new(Some(instant)),
            system: SystemClock::start(),
        }
    }

    /// Moves the hands to this instant.
    pub fn set(&self, instant: DateTime<Utc>) {
        *self.hands() = Some(instant);
    }

    /// From now on this is the machine's clock.
    pub fn let_go(&self) {
        *self.hands() = None;
    }

    fn hands(&self) -> MutexGuard<'_, Option<DateTime<Utc>>> {
        // A single value is whole even where another thread died while it held the lock.
        self.standing_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SteeredClock {
    fn now(&self) -> DateTime<Utc> {
        let standing_at = *self.hands();
        standing_at.map_or_else(
            || self.system.now(),
            |instant| instant.trunc_subsecs(SUBSECOND_DIGITS),
        )
    }

    fn check(&self) -> Result<(), ClockJumped> {
        let standing_at = *self.hands();
        standing_at.map_or_else(|| self.system.check(), |_instant| Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn days(count: i64) -> Duration {
        TimeDelta::days(count).to_std().unwrap()
    }

    #[test]
    fn clocks_that_run_together_are_believed() {
        let clock = SystemClock::start();
        assert_eq!(clock.check(), Ok(()));
        let later = clock.wall_at_start + TimeDelta::days(30);
        assert_eq!(clock.check_at(later, days(30)), Ok(()));
        assert_eq!(clock.check_at(later, days(29)), Ok(()));
        assert_eq!(clock.check_at(later, days(31)), Ok(()));
    }

    #[test]
    fn a_jump_of_more_than_a_day_is_noticed_either_way_and_stays() {
        for off in [2, -2] {
            let clock = SystemClock::believing(wall() - TimeDelta::days(off));
            assert_eq!(clock.check(), Err(ClockJumped));
            let back = clock.wall_at_start;
            assert_eq!(clock.check_at(back, Duration::ZERO), Err(ClockJumped));
        }
    }

    #[test]
    fn a_steered_clock_stands_where_it_was_set() {
        let first = Utc.with_ymd_and_hms(2021, 8, 1, 0, 0, 0).unwrap();
        let clock = SteeredClock::at(first);
        assert_eq!(clock.now(), first);
        let second = Utc.timestamp_nanos(1_667_437_323_000_004_999);
        clock.set(second);
        assert_eq!(
            clock.now(),
            Utc.timestamp_micros(1_667_437_323_000_004).unwrap()
        );
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2022, 11, 3).unwrap());
        assert_eq!(clock.check(), Ok(()));
    }

    #[test]
    fn a_clock_that_was_let_go_follows_the_machine() {
        let clock = SteeredClock::at(Utc.with_ymd_and_hms(2021, 8, 1, 0, 0, 0).unwrap());
        clock.let_go();
        let before = wall().trunc_subsecs(SUBSECOND_DIGITS);
        assert!(clock.now() >= before);
        assert_eq!(clock.check(), Ok(()));
    }

    #[test]
    fn a_steered_clock_is_believed_until_it_is_let_go() {
        let instant = Utc.with_ymd_and_hms(2021, 8, 1, 0, 0, 0).unwrap();
        let clock = SteeredClock {
            standing_at: Mutex::new(Some(instant)),
            system: SystemClock::believing(instant),
        };
        assert_eq!(clock.check(), Ok(()));
        clock.let_go();
        assert_eq!(clock.check(), Err(ClockJumped));
    }
}
