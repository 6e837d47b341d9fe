//! A pledge as reports and answers show it, in the order and with the names of the contract. Pure.

use chrono::NaiveDate;
use serde::Serialize;

use super::TargetRead;
use super::words;
use crate::calendar::instant_text;
use crate::code::{Code, Name};
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope, Unit};
use crate::money::Ratio;
use crate::pledges::model::{
    MilestoneStatus, Pledge, PledgeState, Source, Step, Target, TargetPath,
};
use crate::pledges::standing::{Progress, Reading, Slip, Standing, Track};
use crate::reporting::figure::FigureBasis;

/// Where one pledge stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PledgeShown {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What was promised.
    pub statement: String,
    /// Where it was made.
    pub source: Source,
    /// The department or role that answers for it.
    pub owner: Option<String>,
    /// The organisation that it was made to.
    pub counterpart: Option<Code>,
    /// What is known of it beyond its source.
    pub basis: Option<String>,
    /// Where it stands.
    pub state: PledgeState,
    /// The same in words.
    pub state_label: Name,
    /// The same in sentences that can be read aloud.
    pub summary: Name,
    /// The due date that holds.
    pub due_on: Option<NaiveDate>,
    /// The first due date there ever was.
    pub first_due_on: Option<NaiveDate>,
    /// Days until it is due; none once it is met, late or taken back.
    pub days_left: Option<i64>,
    /// Days since something of it was due, where it is overdue.
    pub days_late: Option<i64>,
    /// Every time that its due date was moved.
    pub slips: Vec<SlipShown>,
    /// When anything of it was last looked at.
    pub last_reviewed_on: Option<NaiveDate>,
    /// Its last review, where it has neither milestones nor a target.
    pub review: Option<ReviewShown>,
    /// How it was taken back.
    pub withdrawn: Option<WithdrawnShown>,
    /// What it is measured by.
    pub target: Option<TargetShown>,
    /// What is to be done.
    pub milestones: Vec<MilestoneShown>,
}

/// A due date that was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlipShown {
    /// When it was due before.
    pub from: NaiveDate,
    /// When it is due since then.
    pub to: NaiveDate,
    /// Why.
    pub reason: String,
    /// Since when.
    pub effective_on: NaiveDate,
    /// By whom.
    pub actor: String,
    /// When that was recorded.
    pub recorded_at: String,
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewShown {
    /// How far it has come.
    pub status: MilestoneStatus,
    /// When it was looked at.
    pub reviewed_on: NaiveDate,
    /// When it was met.
    pub met_on: Option<NaiveDate>,
    /// What was seen.
    pub note: Option<String>,
    /// Where it can be seen.
    pub evidence_url: Option<String>,
}

/// How a pledge was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawnShown {
    /// Since when.
    pub effective_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// By whom.
    pub actor: String,
}

/// What a pledge is measured by, and how far that has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetShown {
    /// What is followed.
    pub metric: Metric,
    /// Of what.
    pub scope: ScopeShown,
    /// In what it is counted.
    pub unit: Unit,
    /// What is to be reached.
    pub value: String,
    /// The day that the straight line begins on.
    pub starts_on: NaiveDate,
    /// What the figure is held against on the way.
    pub path: TargetPath,
    /// What is reached; none where nothing of it was ever recorded.
    pub actual: Option<String>,
    /// What should be reached by now; none where nothing says so.
    pub expected: Option<String>,
    /// Actual over value.
    pub ratio: Option<Ratio>,
    /// When it is reached at the pace so far.
    pub projected_on: Option<NaiveDate>,
    /// What the figure rests on.
    pub basis: Option<FigureBasis>,
    /// The day that the figure is of.
    pub as_of: Option<NaiveDate>,
}

/// Of what a figure is asked: of everything where neither is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeShown {
    /// One program.
    pub program: Option<Code>,
    /// One fund with its children.
    pub fund: Option<Code>,
}

/// One thing to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MilestoneShown {
    /// Its place, from 1.
    pub number: i32,
    /// What is to be done.
    pub title: String,
    /// How far it has come.
    pub status: MilestoneStatus,
    /// The same in words.
    pub status_label: Name,
    /// When it was promised.
    pub made_on: NaiveDate,
    /// The due date that holds.
    pub due_on: Option<NaiveDate>,
    /// The first due date there ever was.
    pub first_due_on: Option<NaiveDate>,
    /// Days since it was due, where it is not met.
    pub days_late: Option<i64>,
    /// Every time that its due date was moved.
    pub slips: Vec<SlipShown>,
    /// When it was last looked at.
    pub last_reviewed_on: Option<NaiveDate>,
    /// When it was met.
    pub met_on: Option<NaiveDate>,
    /// What was seen.
    pub note: Option<String>,
    /// Where it can be seen.
    pub evidence_url: Option<String>,
    /// Who confirmed what it has come to.
    pub confirmed_by: Vec<ConfirmationShown>,
}

/// What an organisation confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfirmationShown {
    /// Who.
    pub organisation: Option<Code>,
    /// When.
    pub confirmed_on: NaiveDate,
    /// The letter or message that says so.
    pub reference: Option<String>,
    /// By whom it was recorded.
    pub actor: String,
    /// When that was.
    pub recorded_at: String,
}

impl PledgeShown {
    /// A pledge that stands so.
    #[must_use]
    pub fn of(
        pledge: &Pledge,
        standing: &Standing<'_>,
        read: &TargetRead,
        as_of: NaiveDate,
    ) -> Self {
        let terms = pledge.terms.clone();
        let own = &standing.own;
        let still_open = matches!(
            standing.state,
            PledgeState::Open | PledgeState::OnTrack | PledgeState::Behind
        );
        Self {
            id: pledge.id.clone(),
            source: pledge.source.clone(),
            state: standing.state,
            state_label: words::of_state(standing.state),
            summary: words::summary(pledge, standing, read, as_of),
            due_on: own.due_on,
            first_due_on: own.first_due_on,
            days_left: own
                .due_on
                .filter(|_| still_open)
                .map(|due_on| days_between(as_of, due_on)),
            days_late: standing.late_since.map(|since| days_between(since, as_of)),
            slips: own.slips.iter().map(SlipShown::from).collect(),
            last_reviewed_on: standing.last_reviewed_on(),
            review: own.review.map(ReviewShown::of),
            withdrawn: standing.withdrawal.map(|step| WithdrawnShown {
                effective_on: step.effective_on,
                reason: step.note.clone().unwrap_or_default(),
                actor: step.actor.clone(),
            }),
            target: pledge
                .target
                .as_ref()
                .zip(standing.progress)
                .map(|(target, progress)| TargetShown::of(target, progress, read)),
            milestones: MilestoneShown::all(pledge, as_of),
            title: terms.title,
            statement: terms.statement,
            owner: terms.owner,
            counterpart: terms.counterpart,
            basis: terms.basis,
        }
    }
}

impl MilestoneShown {
    /// The milestones of a pledge as they stood at the end of a day, by their numbers.
    #[must_use]
    pub fn all(pledge: &Pledge, as_of: NaiveDate) -> Vec<Self> {
        // The figure of a target says nothing of milestones.
        let standing = Standing::of(pledge, as_of, Reading::default());
        standing
            .milestones
            .iter()
            .map(|(number, milestone, track)| {
                Self::of((*number, &milestone.title, milestone.made_on), track, as_of)
            })
            .collect()
    }

    fn of(
        (number, title, made_on): (i32, &str, NaiveDate),
        track: &Track<'_>,
        as_of: NaiveDate,
    ) -> Self {
        let review = track.review;
        let late_since = track.late_since(as_of);
        Self {
            number,
            title: title.to_owned(),
            status: track.status,
            status_label: words::of_status(track.status),
            made_on,
            due_on: track.due_on,
            first_due_on: track.first_due_on,
            days_late: late_since.map(|since| days_between(since, as_of)),
            slips: track.slips.iter().map(SlipShown::from).collect(),
            last_reviewed_on: review.map(|step| step.effective_on),
            met_on: review.and_then(|step| step.met_on),
            note: review.and_then(|step| step.note.clone()),
            evidence_url: review.and_then(|step| step.evidence_url.clone()),
            confirmed_by: track
                .confirmations
                .iter()
                .map(|step| ConfirmationShown::of(step))
                .collect(),
        }
    }
}

impl ConfirmationShown {
    fn of(step: &Step) -> Self {
        Self {
            organisation: step.organisation.clone(),
            confirmed_on: step.effective_on,
            reference: step.reference.clone(),
            actor: step.actor.clone(),
            recorded_at: instant_text(step.recorded_at),
        }
    }
}

impl ReviewShown {
    fn of(step: &Step) -> Self {
        Self {
            status: step.status.unwrap_or(MilestoneStatus::Scheduled),
            reviewed_on: step.effective_on,
            met_on: step.met_on,
            note: step.note.clone(),
            evidence_url: step.evidence_url.clone(),
        }
    }
}

impl From<&Slip<'_>> for SlipShown {
    fn from(slip: &Slip<'_>) -> Self {
        Self {
            from: slip.from,
            to: slip.to,
            reason: slip.step.note.clone().unwrap_or_default(),
            effective_on: slip.step.effective_on,
            actor: slip.step.actor.clone(),
            recorded_at: instant_text(slip.step.recorded_at),
        }
    }
}

impl TargetShown {
    fn of(target: &Target, progress: Progress, read: &TargetRead) -> Self {
        let unit = target.metric.unit();
        let figure = read.figure.as_ref();
        let (program, fund) = match &target.scope {
            Scope::All => (None, None),
            Scope::Program(program) => (Some(program.clone()), None),
            Scope::Fund(fund) => (None, Some(fund.clone())),
        };
        Self {
            metric: target.metric,
            scope: ScopeShown { program, fund },
            unit,
            value: unit.shown(target.value),
            starts_on: target.starts_on,
            path: target.path,
            actual: figure.map(|figure| unit.shown(figure.value)),
            expected: progress.expected.map(|expected| unit.shown(expected)),
            ratio: figure.and_then(|figure| Ratio::of(figure.value, target.value)),
            projected_on: progress.projected_on,
            basis: figure.map(|figure| figure.basis),
            as_of: figure.map(|figure| figure.as_of),
        }
    }
}

/// Days from the one to the other.
fn days_between(first: NaiveDate, last: NaiveDate) -> i64 {
    last.signed_duration_since(first).num_days()
}
