//! What callers are shown of proposals.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::{ProposalKindWire, ProposalStatusWire};
use crate::http::wire::{Choice, Currency, Instant, WonOut};
use crate::proposals::model::{Proposal, ProposalStatus};

/// A proposal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalView {
    /// Its id.
    pub id: String,
    /// What is proposed.
    pub kind: ProposalKindWire,
    /// Where it stands. Nothing moves before it is approved.
    pub status: ProposalStatusWire,
    /// The fund that it is about.
    #[schema(required)]
    pub fund: Option<String>,
    /// The program that it is about.
    #[schema(required)]
    pub program: Option<String>,
    /// The currency of its amount.
    pub currency: Currency,
    /// How much it moves; null for another limit.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// What was asked for.
    #[schema(value_type = Object, example = json!({"act": "allocation", "amount": "10000000000"}))]
    pub asked: Value,
    /// Who proposed it: the id of a user.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Instant,
    /// Who decided on it, or took it back.
    #[schema(required)]
    pub decided_by: Option<String>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<Instant>,
    /// Why it was rejected or withdrawn.
    #[schema(required)]
    pub reason: Option<String>,
    /// The id of the entry that it became.
    #[schema(required, example = "2-14")]
    pub entry: Option<String>,
    /// Its version.
    pub version: i32,
}

impl ProposalView {
    /// The view of a proposal.
    #[must_use]
    pub fn of(proposal: &Proposal) -> Self {
        let (act, decided) = (&proposal.act, proposal.decided.as_ref());
        let approved = decided.filter(|_| proposal.status == ProposalStatus::Approved);
        Self {
            id: proposal.id.to_string(),
            kind: Choice(act.kind()),
            status: Choice(proposal.status),
            fund: act.fund().map(ToString::to_string),
            program: act.program().map(ToString::to_string),
            currency: Currency,
            amount: proposal.amount.map(WonOut::from),
            asked: serde_json::to_value(act).unwrap_or(Value::Null),
            proposed_by: proposal.proposed.by.clone(),
            proposed_at: Instant(proposal.proposed.at),
            decided_by: decided.map(|(said, _)| said.by.clone()),
            decided_at: decided.map(|(said, _)| Instant(said.at)),
            reason: decided.and_then(|(_, reason)| reason.clone()),
            entry: approved.map(|(said, _)| format!("{}-{}", proposal.id.book(), said.sequence)),
            version: proposal.version,
        }
    }
}
