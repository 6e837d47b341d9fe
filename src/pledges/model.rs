//! What a pledge (대외 약속) is: a promise made in public, its milestones, and what was done about it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope};
use crate::text_enum::text_enum;

text_enum! {
    /// How far a milestone has come, or a pledge that has neither milestones nor a target.
    MilestoneStatus {
        /// Still ahead (예정).
        Scheduled = "scheduled",
        /// Done (이행).
        Met = "met",
        /// Done in part (일부 이행).
        PartlyMet = "partly_met",
        /// Not done (미이행).
        NotMet = "not_met",
    }
}

text_enum! {
    /// Where a pledge stands on a day.
    PledgeState {
        /// Nothing says more than that it is not met yet.
        Open = "open",
        /// Its figure is where it should be by now.
        OnTrack = "on_track",
        /// Its figure is not.
        Behind = "behind",
        /// Something of it is due and not met.
        Overdue = "overdue",
        /// It is kept.
        Met = "met",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What the figure of a target is held against on the way.
    TargetPath {
        /// As much each day, up to the due date.
        StraightLine = "straight_line",
        /// The plan of the fund.
        Plan = "plan",
    }
}

text_enum! {
    /// What can be done to a pledge.
    PledgeVerb {
        /// Record it.
        Make = "make",
        /// Change its words.
        Edit = "edit",
        /// Add a milestone.
        AddMilestone = "add_milestone",
        /// Say how far it has come.
        Review = "review",
        /// Move its due date.
        Reschedule = "reschedule",
        /// Have an organisation say that a milestone is met.
        Confirm = "confirm",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

/// Where the promise was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// When the promise was made.
    pub date: NaiveDate,
    /// Where it can be read.
    pub url: Option<String>,
}

/// What a pledge is measured by. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What is followed.
    pub metric: Metric,
    /// Of what.
    pub scope: Scope,
    /// Won, grams, people or records; see [`Metric::unit`].
    pub value: i64,
    /// The day that the straight line begins on.
    pub starts_on: NaiveDate,
    /// What the figure is held against on the way.
    pub path: TargetPath,
}

/// The words of a pledge: what may be changed; each version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PledgeTerms {
    /// What it is called.
    pub title: String,
    /// What was promised.
    pub statement: String,
    /// The department or role that answers for it.
    pub owner: Option<String>,
    /// The organisation that it was made to, or together with.
    pub counterpart: Option<Code>,
    /// What is known of it beyond its source.
    pub basis: Option<String>,
}

/// One thing to be done, as it was promised. Its number is its place, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// What is to be done.
    pub title: String,
    /// When it was first due.
    pub due_on: Option<NaiveDate>,
    /// When it was promised.
    pub made_on: NaiveDate,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub verb: PledgeVerb,
    /// To which milestone; none for the pledge itself.
    pub milestone: Option<i32>,
    /// By whom.
    pub actor: String,
    /// The value date.
    pub effective_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The sequence of its event in the book.
    pub sequence: i64,
    /// How far it has come, for a review.
    pub status: Option<MilestoneStatus>,
    /// When it was met, for a review that says so.
    pub met_on: Option<NaiveDate>,
    /// When it was due before, for a slip.
    pub due_from: Option<NaiveDate>,
    /// When it is due now, for a slip.
    pub due_on: Option<NaiveDate>,
    /// Who confirms.
    pub organisation: Option<Code>,
    /// In the words of who did it: what was seen, or why.
    pub note: Option<String>,
    /// Where it can be seen.
    pub evidence_url: Option<String>,
    /// The letter or message that confirms it.
    pub reference: Option<String>,
}

/// A pledge with everything that was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pledge {
    /// Its id.
    pub id: RecordId,
    /// Its words.
    pub terms: PledgeTerms,
    /// Where it was made.
    pub source: Source,
    /// When it was first due.
    pub due_on: Option<NaiveDate>,
    /// What it is measured by.
    pub target: Option<Target>,
    /// What is to be done, in the order of their numbers.
    pub milestones: Vec<Milestone>,
    /// Everything that was done to it, in order.
    pub steps: Vec<Step>,
    /// The version of the record.
    pub version: i32,
}

impl Pledge {
    /// Who recorded it.
    #[must_use]
    pub fn recorded_by(&self) -> &str {
        self.steps.first().map_or("", |step| step.actor.as_str())
    }

    /// When it was recorded.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.steps
            .first()
            .map_or(DateTime::UNIX_EPOCH, |step| step.recorded_at)
    }

    /// The milestone of that number.
    #[must_use]
    pub fn milestone(&self, number: i32) -> Option<&Milestone> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.milestones.get(index)
    }

    /// What was done to one milestone, or to the pledge itself, in order.
    pub fn steps_of(&self, milestone: Option<i32>) -> impl Iterator<Item = &Step> {
        self.steps
            .iter()
            .filter(move |step| step.milestone == milestone)
    }

    /// When it was taken back.
    #[must_use]
    pub fn withdrawal(&self) -> Option<&Step> {
        self.steps
            .iter()
            .find(|step| step.verb == PledgeVerb::Withdraw)
    }
}
