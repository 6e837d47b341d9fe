//! What callers say of proposals.

use deserr::{Deserr, ValuePointerRef};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::code::Code;
use crate::http::v1::funds::dto::Note;
use crate::http::wire::{Choice, CodeIn, Faults, WonIn};
use crate::ledger::store::BookRef;
use crate::proposals::limit::{LimitOf, SetLimit};
use crate::proposals::model::{ProposalKind, ProposalStatus};
use crate::proposals::store::ProposalFilter;
use crate::proposals::undertake::Undertake;

/// What is proposed.
pub type ProposalKindWire = Choice<ProposalKind>;
/// Where a proposal stands.
pub type ProposalStatusWire = Choice<ProposalStatus>;

/// Another limit: for a fund, for a program, or with neither for the house.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = fund_or_program -> Faults)]
#[schema(example = json!({
    "program": "sosin-merchants", "second_approval_above": "50000000", "reason": "larger rounds"
}))]
pub struct NewProposal {
    /// The fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// The program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Over how many won a second person is to be needed; null for no limit of its own.
    #[deserr(default)]
    pub second_approval_above: Option<WonIn>,
    /// Why.
    pub reason: Note,
}

fn fund_or_program(new: NewProposal, at: ValuePointerRef<'_>) -> Result<NewProposal, Faults> {
    if new.fund.is_some() && new.program.is_some() {
        Err(Faults::one(at, "fund_or_program"))
    } else {
        Ok(new)
    }
}

impl NewProposal {
    /// The fund and the program that it names.
    #[must_use]
    pub fn named(&self) -> (Option<Code>, Option<Code>) {
        let code = |code: &Option<CodeIn>| code.as_ref().map(|code| code.0.clone());
        (code(&self.fund), code(&self.program))
    }

    /// The command that proposes it.
    #[must_use]
    pub fn into_command(self, book: BookRef, unique: Uuid) -> Undertake {
        let of = match (self.fund, self.program) {
            (Some(fund), _) => LimitOf::Fund(fund.0),
            (None, Some(program)) => LimitOf::Program(program.0),
            (None, None) => LimitOf::House,
        };
        let act = SetLimit {
            book,
            of,
            second_approval_above: self.second_approval_above.map(|won| won.0),
            reason: self.reason.0,
        };
        Undertake::or_propose(act, unique)
    }
}

/// Nothing more has to be said.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Decided {}

/// Why a proposal is refused or taken back.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Refused {
    /// Why.
    pub reason: Note,
}

/// Which proposals to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProposalQuery {
    /// Only those that stand so.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<ProposalStatusWire>,
    /// Only those of a kind.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<ProposalKindWire>,
    /// Only those about a fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// Only those about a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
}

impl ProposalQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> ProposalFilter {
        ProposalFilter {
            status: self.status.map(|choice| choice.0),
            kind: self.kind.map(|choice| choice.0),
            fund: self.fund.map(|code| code.0),
            program: self.program.map(|code| code.0),
        }
    }
}
