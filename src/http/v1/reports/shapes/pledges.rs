//! What the report of pledges looks like.

use utoipa::ToSchema;

use super::examples;
use super::series::UnitWire;
use crate::http::v1::pledges::dto::{MilestoneStatusWire, PledgeStateWire, TargetPathWire};
use crate::http::v1::reports::query::MetricWire;
use crate::http::wire::{Choice, Day, Instant, NameOut, RatioOut};
use crate::reporting::figure::FigureBasis;

/// What a figure rests on.
pub type FigureBasisWire = Choice<FigureBasis>;

/// Where every pledge stands.
#[derive(ToSchema)]
pub struct PledgesReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// How many stand where.
    pub counts: PledgeCounts,
    /// The pledges, in the order in which they were recorded.
    pub pledges: Vec<PledgeStanding>,
    /// Whether there are more pledges than are listed; all are counted.
    pub pledges_truncated: bool,
}

/// How many pledges stand where: total = met + open + overdue + withdrawn.
#[derive(ToSchema)]
#[schema(example = json!({
    "total": 5, "met": 0, "open": 5, "overdue": 0, "withdrawn": 0, "on_track": 1, "behind": 0
}))]
pub struct PledgeCounts {
    /// Made in public by the day.
    pub total: i64,
    /// Kept.
    pub met: i64,
    /// Neither kept, nor late, nor taken back.
    pub open: i64,
    /// Late.
    pub overdue: i64,
    /// Taken back.
    pub withdrawn: i64,
    /// Of the open ones, those whose figure is where it should be by now.
    pub on_track: i64,
    /// Of the open ones, those whose figure is not.
    pub behind: i64,
}

/// Where one pledge stands.
#[derive(ToSchema)]
#[schema(example = examples::pledge)]
pub struct PledgeStanding {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What was promised.
    pub statement: String,
    /// Where it was made.
    pub source: PledgeSourceShown,
    /// The department or role that answers for it.
    #[schema(required)]
    pub owner: Option<String>,
    /// The organisation that it was made to, or together with.
    #[schema(required)]
    pub counterpart: Option<String>,
    /// What is known of it beyond its source.
    #[schema(required)]
    pub basis: Option<String>,
    /// Where it stands.
    pub state: PledgeStateWire,
    /// The same in words.
    pub state_label: NameOut,
    /// The same in sentences that can be read aloud.
    pub summary: NameOut,
    /// The due date that holds.
    #[schema(required)]
    pub due_on: Option<Day>,
    /// The first due date there ever was.
    #[schema(required)]
    pub first_due_on: Option<Day>,
    /// Days until it is due; null once it is met, late or taken back.
    #[schema(required)]
    pub days_left: Option<i64>,
    /// Days since something of it was due, where it is overdue.
    #[schema(required)]
    pub days_late: Option<i64>,
    /// Every time that its due date was moved.
    pub slips: Vec<PledgeSlip>,
    /// When anything of it was last looked at.
    #[schema(required)]
    pub last_reviewed_on: Option<Day>,
    /// The last review of the pledge itself.
    #[schema(required)]
    pub review: Option<PledgeReview>,
    /// How it was taken back.
    #[schema(required)]
    pub withdrawn: Option<PledgeWithdrawn>,
    /// What it is measured by; null where it is not.
    #[schema(required)]
    pub target: Option<PledgeTargetShown>,
    /// What is to be done.
    pub milestones: Vec<MilestoneStanding>,
}

/// Where a promise was made.
#[derive(ToSchema)]
#[schema(example = json!({"title": "2022년 3분기 실적 발표", "date": "2022-11-03", "url": null}))]
pub struct PledgeSourceShown {
    /// What it is called.
    pub title: String,
    /// When the promise was made.
    pub date: Day,
    /// Where it can be read.
    #[schema(required)]
    pub url: Option<String>,
}

/// A due date that was moved.
#[derive(ToSchema)]
#[schema(example = examples::pledge_slip)]
pub struct PledgeSlip {
    /// When it was due before.
    pub from: Day,
    /// When it is due since then.
    pub to: Day,
    /// Why.
    pub reason: String,
    /// Since when the new date holds.
    pub effective_on: Day,
    /// Who moved it: the id of a user.
    pub actor: String,
    /// When that was recorded.
    pub recorded_at: Instant,
}

/// A review of a pledge itself.
#[derive(ToSchema)]
#[schema(example = json!({
    "status": "partly_met", "reviewed_on": "2022-11-03", "met_on": null, "note": "절반을 마침",
    "evidence_url": null
}))]
pub struct PledgeReview {
    /// How far it has come.
    pub status: MilestoneStatusWire,
    /// When it was looked at.
    pub reviewed_on: Day,
    /// When it was met.
    #[schema(required)]
    pub met_on: Option<Day>,
    /// What was seen.
    #[schema(required)]
    pub note: Option<String>,
    /// Where it can be seen.
    #[schema(required)]
    pub evidence_url: Option<String>,
}

/// How a pledge was taken back.
#[derive(ToSchema)]
pub struct PledgeWithdrawn {
    /// Since when.
    pub effective_on: Day,
    /// Why.
    pub reason: String,
    /// Who took it back: the id of a user.
    pub actor: String,
}

/// What a pledge is measured by, and how far that has come.
#[derive(ToSchema)]
#[schema(example = examples::pledge_target)]
pub struct PledgeTargetShown {
    /// What is followed.
    pub metric: MetricWire,
    /// Of what.
    pub scope: PledgeScopeShown,
    /// In what it is counted.
    pub unit: UnitWire,
    /// What is to be reached.
    pub value: String,
    /// The day that the straight line begins on.
    pub starts_on: Day,
    /// What the figure is held against on the way.
    pub path: TargetPathWire,
    /// What is reached; null where nothing of it was ever recorded.
    #[schema(required)]
    pub actual: Option<String>,
    /// What should be reached by now; null where nothing says so.
    #[schema(required)]
    pub expected: Option<String>,
    /// Actual over value.
    #[schema(required)]
    pub ratio: Option<RatioOut>,
    /// When it is reached at the pace so far; null without a pace, and once it is.
    #[schema(required)]
    pub projected_on: Option<Day>,
    /// What the figure rests on.
    #[schema(required)]
    pub basis: Option<FigureBasisWire>,
    /// The day that the figure is of.
    #[schema(required)]
    pub as_of: Option<Day>,
}

/// Of what a figure is asked: of everything where both are null.
#[derive(ToSchema)]
#[schema(example = json!({"program": null, "fund": "mobility-workers"}))]
pub struct PledgeScopeShown {
    /// One program.
    #[schema(required)]
    pub program: Option<String>,
    /// One fund with its children.
    #[schema(required)]
    pub fund: Option<String>,
}

/// Where one milestone stands.
#[derive(ToSchema)]
#[schema(example = examples::pledge_milestone)]
pub struct MilestoneStanding {
    /// Its place, from 1.
    pub number: i32,
    /// What is to be done.
    pub title: String,
    /// How far it has come.
    pub status: MilestoneStatusWire,
    /// The same in words.
    pub status_label: NameOut,
    /// When it was promised.
    pub made_on: Day,
    /// The due date that holds.
    #[schema(required)]
    pub due_on: Option<Day>,
    /// The first due date there ever was.
    #[schema(required)]
    pub first_due_on: Option<Day>,
    /// Days since it was due, where it is not met.
    #[schema(required)]
    pub days_late: Option<i64>,
    /// Every time that its due date was moved.
    pub slips: Vec<PledgeSlip>,
    /// When it was last looked at.
    #[schema(required)]
    pub last_reviewed_on: Option<Day>,
    /// When it was met.
    #[schema(required)]
    pub met_on: Option<Day>,
    /// What was seen.
    #[schema(required)]
    pub note: Option<String>,
    /// Where it can be seen.
    #[schema(required)]
    pub evidence_url: Option<String>,
    /// Who confirmed what it has come to.
    pub confirmed_by: Vec<PledgeConfirmation>,
}

/// What an organisation confirmed.
#[derive(ToSchema)]
#[schema(example = examples::pledge_confirmation)]
pub struct PledgeConfirmation {
    /// The code of the organisation.
    #[schema(required)]
    pub organisation: Option<String>,
    /// When it confirmed.
    pub confirmed_on: Day,
    /// The letter or message that says so.
    #[schema(required)]
    pub reference: Option<String>,
    /// Who recorded it: the id of a user.
    pub actor: String,
    /// When that was.
    pub recorded_at: Instant,
}
