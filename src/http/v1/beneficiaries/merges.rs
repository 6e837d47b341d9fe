//! Merging beneficiaries that were found to be one person, and taking that back.

use actix_web::{post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::beneficiaries::merges::model::{MergeFile, MergeStatus, MergeVerb};
use crate::beneficiaries::merges::{DecideMerge, ProposeMerge, Unmerge};
use crate::beneficiaries::model::BeneficiaryId;
use crate::desk::Answer;
use crate::http::extract::{Body, Caller, Expected, PathKey, Writing, rights};
use crate::http::problem::Answered;
use crate::http::respond::changed;
use crate::http::state::State;
use crate::http::v1::funds::dto::Note;
use crate::http::v1::payouts::dto::{NewApproval, NewReason};
use crate::http::wire::{Choice, Day, Faults, Instant, Text};

/// Where a merge stands.
pub type MergeStatusWire = Choice<MergeStatus>;
/// What was done about a merge.
pub type MergeVerbWire = Choice<MergeVerb>;
/// The id of a beneficiary.
pub type PersonId = Text<64>;

/// A merge that is proposed.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "into": "b3c1f0a2d4e5", "reason": "같은 사업자의 두 기록", "effective_on": "2022-11-03"
}))]
pub struct NewMerge {
    /// The beneficiary that it is to count under.
    pub into: PersonId,
    /// When; today by default. Numbers of people are put right from the first day on all the same.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why.
    pub reason: Note,
}

/// What was done about merging one beneficiary into another.
#[derive(Clone, Serialize, ToSchema)]
pub struct MergeView {
    /// Who was to be merged.
    pub beneficiary: String,
    /// Into whom, by the last step.
    pub into: String,
    /// Where it stands.
    pub status: MergeStatusWire,
    /// All that was ever done, in its order.
    pub steps: Vec<MergeStepView>,
}

/// One step of a merge.
#[derive(Clone, Serialize, ToSchema)]
pub struct MergeStepView {
    /// What was done.
    pub verb: MergeVerbWire,
    /// Into whom.
    pub into: String,
    /// Who did it.
    pub actor: String,
    /// When it took effect.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
}

impl MergeView {
    /// The view of a file; none of an empty one.
    #[must_use]
    pub fn of(file: &MergeFile) -> Option<Self> {
        let (last, status) = (file.last()?, file.status()?);
        let steps = file.steps.iter().map(|step| MergeStepView {
            verb: Choice(step.verb),
            into: step.survivor.to_string(),
            actor: step.actor.clone(),
            effective_on: Day(step.effective_on),
            recorded_at: Instant(step.recorded_at),
            reason: step.reason.clone(),
        });
        Some(Self {
            beneficiary: file.beneficiary.to_string(),
            into: last.survivor.to_string(),
            status: Choice(status),
            steps: steps.collect(),
        })
    }
}

fn answer(file: &MergeFile) -> Answer {
    changed(&MergeView::of(file), file.version())
}

/// Proposes to merge a beneficiary into another that is the same person.
///
/// Nothing changes until somebody else approves it. Both have to be of one kind, and there is one
/// level only: nobody is merged into somebody who is merged, or who others were merged into.
#[utoipa::path(
    tag = "beneficiaries",
    request_body = NewMerge,
    responses((status = 200, description = "The merge.", body = MergeView)),
)]
#[post("/beneficiaries/{id}/merge")]
pub async fn propose_merge(
    caller: Caller<rights::Record>,
    id: PathKey,
    writing: Writing,
    expected: Expected,
    body: Body<NewMerge>,
    state: web::Data<State>,
) -> Answered {
    let command = ProposeMerge {
        id: BeneficiaryId::stored(id.0),
        into: BeneficiaryId::stored(body.value.into.0),
        reason: body.value.reason.0,
        effective_on: body.value.effective_on.map(|day| day.0),
        expected_version: expected.0,
    };
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, answer).await
}

/// Approves a merge that somebody else proposed.
///
/// From then on the two count as one, and always did: numbers of people of past days are put right
/// too. Records keep the id they were recorded with.
#[utoipa::path(
    tag = "beneficiaries",
    request_body = NewApproval,
    responses((status = 200, description = "The merge.", body = MergeView)),
)]
#[post("/beneficiaries/{id}/merge/approve")]
pub async fn approve_merge(
    caller: Caller<rights::Approve>,
    id: PathKey,
    writing: Writing,
    expected: Expected,
    body: Body<NewApproval>,
    state: web::Data<State>,
) -> Answered {
    let command = DecideMerge {
        id: BeneficiaryId::stored(id.0),
        approve: true,
        reason: None,
        effective_on: body.value.effective_on.map(|day| day.0),
        expected_version: expected.0,
    };
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, answer).await
}

/// Rejects a merge that somebody else proposed.
#[utoipa::path(
    tag = "beneficiaries",
    request_body = NewReason,
    responses((status = 200, description = "The merge.", body = MergeView)),
)]
#[post("/beneficiaries/{id}/merge/reject")]
pub async fn reject_merge(
    caller: Caller<rights::Approve>,
    id: PathKey,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let command = DecideMerge {
        id: BeneficiaryId::stored(id.0),
        approve: false,
        reason: Some(body.value.reason.0),
        effective_on: body.value.effective_on.map(|day| day.0),
        expected_version: expected.0,
    };
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, answer).await
}

/// Takes a merge back.
///
/// The two are two after all, and numbers of people are as if it never was.
#[utoipa::path(
    tag = "beneficiaries",
    request_body = NewReason,
    responses((status = 200, description = "The merge.", body = MergeView)),
)]
#[post("/beneficiaries/{id}/unmerge")]
pub async fn unmerge(
    caller: Caller<rights::Approve>,
    id: PathKey,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let command = Unmerge {
        id: BeneficiaryId::stored(id.0),
        reason: body.value.reason.0,
        effective_on: body.value.effective_on.map(|day| day.0),
        expected_version: expected.0,
    };
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, answer).await
}
