//! Where a pledge stands on a day. Pure, and by value dates alone.
//!
//! A review counts from the day of the review, a slip from the day it took effect: the day before,
//! the old due date holds. A pledge with a target follows its figure, one with milestones follows
//! these, and one with neither its own reviews.

use chrono::{Days, NaiveDate};

use super::model::{
    Milestone, MilestoneStatus, Pledge, PledgeState, PledgeVerb, Step, Target, TargetPath,
};

/// A due date that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip<'a> {
    /// When it was due before.
    pub from: NaiveDate,
    /// When it is due since then.
    pub to: NaiveDate,
    /// The step that moved it, with its reason in its note.
    pub step: &'a Step,
}

/// How one milestone, or the pledge itself, has come along by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track<'a> {
    /// The first due date there ever was.
    pub first_due_on: Option<NaiveDate>,
    /// The due date that holds.
    pub due_on: Option<NaiveDate>,
    /// Every time that it was moved.
    pub slips: Vec<Slip<'a>>,
    /// How far it has come.
    pub status: MilestoneStatus,
    /// The last review.
    pub review: Option<&'a Step>,
    /// Who confirmed what it has come to.
    pub confirmations: Vec<&'a Step>,
}

impl<'a> Track<'a> {
    /// Tells the steps of one thing, first due on `due_on`, that had taken effect by `as_of`.
    #[must_use]
    pub fn of(
        due_on: Option<NaiveDate>,
        steps: impl Iterator<Item = &'a Step>,
        as_of: NaiveDate,
    ) -> Self {
        let mut track = Self {
            first_due_on: due_on,
            due_on,
            slips: Vec::new(),
            status: MilestoneStatus::Scheduled,
            review: None,
            confirmations: Vec::new(),
        };
        for step in steps.filter(|step| step.effective_on <= as_of) {
            track.follow(step);
        }
        track
    }

    fn follow(&mut self, step: &'a Step) {
        match (step.verb, step.status, step.due_on) {
            (PledgeVerb::Review, Some(status), _) => {
                // Who confirmed that it was met has not confirmed anything else.
                if status != self.status {
                    self.confirmations.clear();
                }
                self.status = status;
                self.review = Some(step);
            }
            (PledgeVerb::Reschedule, _, Some(to)) => {
                if let Some(from) = self.due_on {
                    self.slips.push(Slip { from, to, step });
                }
                self.first_due_on = self.first_due_on.or(Some(to));
                self.due_on = Some(to);
            }
            (PledgeVerb::Confirm, _, _) => self.confirmations.push(step),
            _ => {}
        }
    }

    /// The day it was due on, where that has passed and it is not met.
    #[must_use]
    pub fn late_since(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        self.due_on
            .filter(|due_on| *due_on < as_of && self.status != MilestoneStatus::Met)
    }
}

/// What the books say of a target on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// The figure; none where nothing of it was ever recorded.
    pub actual: Option<i64>,
    /// What the plan of the fund says should be reached; none where there is no plan.
    pub planned: Option<i64>,
}

/// How far a target has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What should be reached by the day; none where nothing says so.
    pub expected: Option<i64>,
    /// When it is reached at the pace so far; none without a pace, and once it is.
    pub projected_on: Option<NaiveDate>,
}

/// Where a pledge stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    /// In one word.
    pub state: PledgeState,
    /// The pledge itself: its due dates and its own reviews.
    pub own: Track<'a>,
    /// The milestones that were promised by the day, with their numbers.
    pub milestones: Vec<(i32, &'a Milestone, Track<'a>)>,
    /// How far its target has come.
    pub progress: Option<Progress>,
    /// Since when something of it is due, where it is overdue.
    pub late_since: Option<NaiveDate>,
    /// How it was taken back.
    pub withdrawal: Option<&'a Step>,
}

impl<'a> Standing<'a> {
    /// Where a pledge stands at the end of `as_of`, when the books say `reading` of its target.
    #[must_use]
    pub fn of(pledge: &'a Pledge, as_of: NaiveDate, reading: Reading) -> Self {
        let own = Track::of(pledge.due_on, pledge.steps_of(None), as_of);
        let milestones: Vec<_> = (1..)
            .zip(&pledge.milestones)
            .filter(|(_, milestone)| milestone.made_on <= as_of)
            .map(|(number, milestone)| {
                let steps = pledge.steps_of(Some(number));
                (number, milestone, Track::of(milestone.due_on, steps, as_of))
            })
            .collect();
        let progress = pledge.target.as_ref().map(|target| Progress {
            expected: expected(target, own.due_on, reading, as_of),
            projected_on: projected_on(target, reading, as_of),
        });
        let withdrawal = pledge.withdrawal();
        let mut standing = Self {
            state: PledgeState::Open,
            own,
            milestones,
            progress,
            late_since: None,
            withdrawal: withdrawal.filter(|step| step.effective_on <= as_of),
        };
        standing.settle(pledge, as_of, reading);
        standing
    }

    fn settle(&mut self, pledge: &Pledge, as_of: NaiveDate, reading: Reading) {
        self.state = if self.withdrawal.is_some() {
            PledgeState::Withdrawn
        } else if self.is_met(pledge.target.as_ref(), reading) {
            PledgeState::Met
        } else {
            self.late_since = self.late_since(pledge.target.is_some(), as_of);
            match (self.late_since, self.progress.and_then(|p| p.expected)) {
                (Some(_), _) => PledgeState::Overdue,
                (None, None) => PledgeState::Open,
                (None, Some(expected)) if reading.actual.unwrap_or(0) >= expected => {
                    PledgeState::OnTrack
                }
                (None, Some(_)) => PledgeState::Behind,
            }
        };
    }

    fn is_met(&self, target: Option<&Target>, reading: Reading) -> bool {
        match target {
            Some(target) => reading.actual.is_some_and(|actual| actual >= target.value),
            None if self.milestones.is_empty() => self.own.status == MilestoneStatus::Met,
            None => self
                .milestones
                .iter()
                .all(|(_, _, track)| track.status == MilestoneStatus::Met),
        }
    }

    /// The first day that something was due on and was not met. A target has one due date, that
    /// of the pledge; its milestones are told and decide nothing.
    fn late_since(&self, has_target: bool, as_of: NaiveDate) -> Option<NaiveDate> {
        let own = self.own.late_since(as_of);
        let milestones = self.milestones.iter().filter(|_| !has_target);
        let late = milestones.filter_map(|(_, _, track)| track.late_since(as_of));
        late.chain(own).min()
    }

    /// When anything of it was last looked at.
    #[must_use]
    pub fn last_reviewed_on(&self) -> Option<NaiveDate> {
        let milestones = self.milestones.iter().map(|(_, _, track)| track.review);
        let reviews = milestones.chain([self.own.review]).flatten();
        reviews.map(|step| step.effective_on).max()
    }
}

/// What should be reached by the end of `as_of`, rounded down: the share of the days from the
/// start to the due date, both counted, or what the plan says.
fn expected(
    target: &Target,
    due_on: Option<NaiveDate>,
    reading: Reading,
    as_of: NaiveDate,
) -> Option<i64> {
    if target.path == TargetPath::Plan {
        return reading.planned;
    }
    let due_on = due_on?;
    let (elapsed, days) = (
        days_through(target.starts_on, as_of.min(due_on)).max(0),
        days_through(target.starts_on, due_on),
    );
    if days <= 0 {
        return Some(if as_of < due_on { 0 } else { target.value });
    }
    let reached = i128::from(target.value)
        .saturating_mul(i128::from(elapsed))
        .checked_div(i128::from(days))?;
    i64::try_from(reached).ok()
}

/// The day on which the figure reaches its target, if it goes on as it did from the start, days
/// rounded up. None where it has no pace, is there already, or would take beyond the calendar.
fn projected_on(target: &Target, reading: Reading, as_of: NaiveDate) -> Option<NaiveDate> {
    let actual = reading.actual.filter(|actual| *actual > 0)?;
    let elapsed = days_through(target.starts_on, as_of);
    if elapsed <= 0 || actual >= target.value {
        return None;
    }
    let needed = i128::from(elapsed).saturating_mul(i128::from(target.value));
    let days = needed
        .saturating_add(i128::from(actual).saturating_sub(1))
        .checked_div(i128::from(actual))?;
    let after_the_first = u64::try_from(days).ok()?.checked_sub(1)?;
    let day = target
        .starts_on
        .checked_add_days(Days::new(after_the_first))?;
    (day <= last_day()).then_some(day)
}

/// The last day that the books can hold.
fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2199, 12, 31).unwrap_or_default()
}

/// Days from the one to the other, both counted; zero or less where the last comes first.
fn days_through(first: NaiveDate, last: NaiveDate) -> i64 {
    last.signed_duration_since(first)
        .num_days()
        .saturating_add(1)
}

#[cfg(test)]
mod tests;
