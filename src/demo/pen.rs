//! The hand that writes: through the same door as every other caller, on the day that the clock
//! was put to, as the person named.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::error::DemoError;
use crate::beneficiaries::vault::Vault;
use crate::clock::SteeredClock;
use crate::db::writer::MAX_GROUP;
use crate::desk::door::Waiting;
use crate::desk::{Answer, Command, Directory, Door, Request};
use crate::ids::RecordId;
use crate::ledger::Who;

/// Writes under way at once: one group at work and one that waits.
const MAX_UNDER_WAY: usize = 2 * MAX_GROUP;
/// How far the clocks in Seoul are ahead of UTC.
const HOURS_AHEAD: u32 = 9;

/// What the demo is recorded with.
pub struct Tools<'a> {
    /// The write door.
    pub door: &'a Door,
    /// Which book a record belongs to.
    pub directory: &'a Directory,
    /// What seals personal details.
    pub vault: &'a Vault,
    /// The clock that the door goes by.
    pub clock: &'a SteeredClock,
}

/// How far the demo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The day being recorded.
    pub day: NaiveDate,
    /// Entries of merchants and sales written so far.
    pub written: usize,
    /// All of them.
    pub planned: usize,
}

/// The hand that writes.
pub struct Pen<'a> {
    /// What it writes with.
    pub tools: &'a Tools<'a>,
    progress: &'a mut dyn FnMut(Progress),
    at: Progress,
}

impl<'a> Pen<'a> {
    /// A pen for so many entries.
    pub fn new(
        tools: &'a Tools<'a>,
        day: NaiveDate,
        planned: usize,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Self {
        Self {
            tools,
            progress,
            at: Progress {
                day,
                written: 0,
                planned,
            },
        }
    }

    /// Puts the clock to that hour in Seoul, from nine on, of that day.
    pub fn turn_to(&mut self, day: NaiveDate, hour: u32) {
        self.at.day = day;
        self.tools.clock.set(in_seoul(day, hour));
        (self.progress)(self.at);
    }

    /// Writes one entry.
    ///
    /// # Errors
    /// [`DemoError::NotTaken`].
    pub fn write<C: Command>(&self, who: &Who, command: C) -> Result<C::Done, DemoError>
    where
        C::Done: Send,
    {
        Ok(self.tools.door.run_blocking(command, who.clone())?)
    }

    /// Writes many entries, many at a time, and hands on their ids in the same order.
    ///
    /// # Errors
    /// [`DemoError`] of the first that was not taken; others may have been.
    pub fn write_all<C: Command>(
        &mut self,
        who: &Who,
        commands: impl Iterator<Item = Result<C, DemoError>>,
        id: fn(&C::Done) -> &RecordId,
    ) -> Result<Vec<RecordId>, DemoError> {
        let (mut under_way, mut written) = (VecDeque::new(), Vec::new());
        for command in commands {
            let request = Request {
                command: command?,
                who: who.clone(),
                once: None,
                dry_run: false,
            };
            let answer = move |done: &C::Done| naming(id(done));
            under_way.push_back(self.tools.door.start(request, answer)?);
            if under_way.len() >= MAX_UNDER_WAY {
                written.extend(self.land(under_way.pop_front())?);
            }
        }
        for waiting in under_way {
            written.extend(self.land(Some(waiting))?);
        }
        Ok(written)
    }

    /// Waits for a write and tells how far the demo has come.
    fn land(&mut self, waiting: Option<Waiting>) -> Result<Option<RecordId>, DemoError> {
        let Some(waiting) = waiting else {
            return Ok(None);
        };
        let id = waiting
            .wait()?
            .location
            .as_deref()
            .and_then(RecordId::parse);
        self.at.written = self.at.written.saturating_add(1);
        (self.progress)(self.at);
        id.map(Some).ok_or(DemoError::Nameless)
    }
}

/// An answer that says nothing but which record it is about.
fn naming(id: &RecordId) -> Answer {
    let location = Some(id.to_string());
    Answer {
        status: 200,
        location,
        etag: None,
        body: Vec::new(),
        replayed: false,
    }
}

/// That hour in Seoul, from nine on: it is the same day in UTC.
pub fn in_seoul(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour.saturating_sub(HOURS_AHEAD), 0, 0);
    day.and_time(time.unwrap_or(NaiveTime::MIN)).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{instant_text, today_in_seoul};

    #[test]
    fn an_hour_in_seoul_is_nine_hours_earlier_in_utc() {
        let day: NaiveDate = "2022-11-03".parse().unwrap();
        let evening = in_seoul(day, 18);
        assert_eq!(instant_text(evening), "2022-11-03T09:00:00.000000Z");
        assert_eq!(today_in_seoul(evening), day);
        assert_eq!(
            instant_text(in_seoul(day, 9)),
            "2022-11-03T00:00:00.000000Z"
        );
    }
}
