//! What callers are shown of pledges.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::dto::MilestoneStatusWire;
use crate::http::v1::reports::shapes::pledges as shapes;
use crate::http::wire::{Choice, Day, Instant};
use crate::pledges::model::{Pledge, PledgeVerb, Step};
use crate::pledges::standing::Standing;
use crate::reporting::pledges::{MilestoneShown, PledgeShown, TargetRead};

/// What was done to a pledge.
pub type PledgeVerbWire = Choice<PledgeVerb>;

/// A pledge, where it stands, and everything that was done about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PledgeView {
    /// The day that it is told for.
    pub as_of: Day,
    /// Where it stands.
    #[serde(flatten)]
    pub standing: PledgeOut,
    /// What was done about it by the day, in order.
    pub steps: Vec<PledgeStepView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The version of the record. What the books say of its target changes without it.
    pub version: i32,
}

/// One thing that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct PledgeStepView {
    /// What.
    pub verb: PledgeVerbWire,
    /// To which milestone; null for the pledge itself.
    #[schema(required)]
    pub milestone: Option<i32>,
    /// By whom: the id of a user.
    pub actor: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// How far it has come, for a review.
    #[schema(required)]
    pub status: Option<MilestoneStatusWire>,
    /// When it was met, for a review that says so.
    #[schema(required)]
    pub met_on: Option<Day>,
    /// When it was due before, for a slip.
    #[schema(required)]
    pub due_from: Option<Day>,
    /// When it is due since then, for a slip.
    #[schema(required)]
    pub due_on: Option<Day>,
    /// Who confirms: the code of an organisation.
    #[schema(required, example = json!(null))]
    pub organisation: Option<String>,
    /// What was seen, or why.
    #[schema(required)]
    pub note: Option<String>,
    /// Where it can be seen.
    #[schema(required)]
    pub evidence_url: Option<String>,
    /// The letter or message that confirms it.
    #[schema(required)]
    pub reference: Option<String>,
}

/// A pledge as the reporting room tells it, in the shape that the document has of it.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct PledgeOut(PledgeShown);

/// A milestone as the reporting room tells it.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct MilestoneOut(pub MilestoneShown);

impl PledgeView {
    /// The view of a pledge at the end of a day, when the books say `read` of its target.
    #[must_use]
    pub fn of(pledge: &Pledge, read: &TargetRead, as_of: NaiveDate) -> Self {
        let standing = Standing::of(pledge, as_of, read.reading());
        let taken = pledge.steps.iter();
        Self {
            as_of: Day(as_of),
            standing: PledgeOut(PledgeShown::of(pledge, &standing, read, as_of)),
            steps: taken
                .filter(|step| step.effective_on <= as_of)
                .map(PledgeStepView::from)
                .collect(),
            recorded_by: pledge.recorded_by().to_owned(),
            recorded_at: Instant(pledge.recorded_at()),
            version: pledge.version,
        }
    }
}

impl From<&Step> for PledgeStepView {
    fn from(step: &Step) -> Self {
        Self {
            verb: Choice(step.verb),
            milestone: step.milestone,
            actor: step.actor.clone(),
            effective_on: Day(step.effective_on),
            recorded_at: Instant(step.recorded_at),
            status: step.status.map(Choice),
            met_on: step.met_on.map(Day),
            due_from: step.due_from.map(Day),
            due_on: step.due_on.map(Day),
            organisation: step.organisation.as_ref().map(ToString::to_string),
            note: step.note.clone(),
            evidence_url: step.evidence_url.clone(),
            reference: step.reference.clone(),
        }
    }
}

impl PartialSchema for PledgeOut {
    fn schema() -> RefOr<Schema> {
        shapes::PledgeStanding::schema()
    }
}

impl ToSchema for PledgeOut {
    fn name() -> Cow<'static, str> {
        shapes::PledgeStanding::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        shapes::PledgeStanding::schemas(schemas);
    }
}

impl PartialSchema for MilestoneOut {
    fn schema() -> RefOr<Schema> {
        shapes::MilestoneStanding::schema()
    }
}

impl ToSchema for MilestoneOut {
    fn name() -> Cow<'static, str> {
        shapes::MilestoneStanding::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        shapes::MilestoneStanding::schemas(schemas);
    }
}
