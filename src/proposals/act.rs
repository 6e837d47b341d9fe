//! What can be asked of a fund's money, or of a limit.

use serde::{Deserialize, Serialize};

use super::limit::{LimitOf, SetLimit};
use super::model::ProposalKind;
use crate::code::Code;
use crate::desk::{Decision, Desk, Stop};
use crate::funds::Entry;
use crate::funds::allocate::Allocate;
use crate::funds::commit::ChangeCommitment;
use crate::funds::contribute::{Contribute, ReverseContribution};
use crate::funds::error::FundError;
use crate::ledger::Who;
use crate::ledger::store::BookRef;
use crate::money::Amount;
use crate::settings::limits;

/// What is to be done. As JSON it is what a proposal keeps.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// To promise a fund more or less.
    Commitment(ChangeCommitment),
    /// To book cash paid in.
    Contribution(Contribute),
    /// To undo that.
    ContributionReversal(ReverseContribution),
    /// To set money aside, to give it back, or to move it to another year.
    Allocation(Allocate),
    /// To make a limit another one.
    SecondApprovalAbove(SetLimit),
}

impl From<ChangeCommitment> for Act {
    fn from(act: ChangeCommitment) -> Self {
        Self::Commitment(act)
    }
}

impl From<Contribute> for Act {
    fn from(act: Contribute) -> Self {
        Self::Contribution(act)
    }
}

impl From<ReverseContribution> for Act {
    fn from(act: ReverseContribution) -> Self {
        Self::ContributionReversal(act)
    }
}

impl From<Allocate> for Act {
    fn from(act: Allocate) -> Self {
        Self::Allocation(act)
    }
}

impl From<SetLimit> for Act {
    fn from(act: SetLimit) -> Self {
        Self::SecondApprovalAbove(act)
    }
}

impl Act {
    /// What kind of proposal it becomes.
    #[must_use]
    pub fn kind(&self) -> ProposalKind {
        match self {
            Self::Commitment(_) => ProposalKind::Commitment,
            Self::Contribution(_) => ProposalKind::Contribution,
            Self::ContributionReversal(_) => ProposalKind::ContributionReversal,
            Self::Allocation(_) => ProposalKind::Allocation,
            Self::SecondApprovalAbove(_) => ProposalKind::SecondApprovalAbove,
        }
    }

    /// The fund that it is about.
    #[must_use]
    pub fn fund(&self) -> Option<&Code> {
        match self {
            Self::Commitment(act) => Some(&act.fund),
            Self::Contribution(act) => Some(&act.fund),
            Self::ContributionReversal(act) => Some(&act.fund),
            Self::Allocation(act) => Some(&act.fund),
            Self::SecondApprovalAbove(act) => match &act.of {
                LimitOf::Fund(fund) => Some(fund),
                LimitOf::Program(_) | LimitOf::House => None,
            },
        }
    }

    /// The program that it is about.
    #[must_use]
    pub fn program(&self) -> Option<&Code> {
        match self {
            Self::Allocation(act) => Some(&act.program),
            Self::SecondApprovalAbove(act) => match &act.of {
                LimitOf::Program(program) => Some(program),
                LimitOf::Fund(_) | LimitOf::House => None,
            },
            _ => None,
        }
    }

    /// The book that it is decided in.
    #[must_use]
    pub fn book(&self) -> BookRef {
        match self {
            Self::Commitment(act) => act.book.clone(),
            Self::Contribution(act) => act.book.clone(),
            Self::ContributionReversal(act) => BookRef::Number(act.contribution.0),
            Self::Allocation(act) => act.book.clone(),
            Self::SecondApprovalAbove(act) => act.book.clone(),
        }
    }

    /// Names what is sure to be asked for.
    pub fn hint(&self, desk: &Desk) {
        desk.settings.want(&());
        if let Some(fund) = self.fund() {
            desk.funds.want(fund);
        }
        if let Some(program) = self.program() {
            desk.programs.want(program);
        }
        if let Self::ContributionReversal(act) = self {
            desk.contributions.want(&act.contribution);
        }
    }

    /// How many won it moves; none for what moves no money.
    ///
    /// # Errors
    /// [`Stop::Fetch`] until it is in hand.
    pub fn amount(&self, desk: &Desk) -> Result<Option<Amount>, Stop> {
        Ok(match self {
            Self::Commitment(act) => Some(act.amount),
            Self::Contribution(act) => Some(act.amount),
            Self::Allocation(act) => Some(act.amount),
            Self::ContributionReversal(act) => {
                let found = desk.contributions.find(&act.contribution)?;
                found.map(|contribution| contribution.amount)
            }
            Self::SecondApprovalAbove(_) => None,
        })
    }

    /// Over how many won of it a second person has to agree; none where never.
    ///
    /// # Errors
    /// [`Stop`] when there is no such fund, or it is not in hand yet.
    pub fn limit(&self, desk: &Desk) -> Result<Option<Amount>, Stop> {
        match self.fund() {
            Some(fund) => {
                let fund = desk.funds.find(fund)?.ok_or(FundError::NotFound)?;
                limits::of_fund(desk, &fund)
            }
            None => Ok(None),
        }
    }

    /// Whether a second person has to agree: to more than the limit, and to any other limit.
    ///
    /// # Errors
    /// As [`Act::limit`].
    pub fn needs_second(&self, desk: &Desk) -> Result<bool, Stop> {
        match self.amount(desk)? {
            Some(amount) => Ok(limits::needs_second(amount, self.limit(desk)?)),
            None => Ok(true),
        }
    }

    /// What it comes to, once nobody else has to agree to it.
    ///
    /// # Errors
    /// [`Stop`]: wrong fields, a wrong state, or not enough money.
    pub(super) fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Entry>, Stop> {
        match self {
            Self::Commitment(act) => act.decide(desk, who),
            Self::Contribution(act) => act.decide(desk, who),
            Self::ContributionReversal(act) => act.decide(desk, who),
            Self::Allocation(act) => act.decide(desk, who),
            Self::SecondApprovalAbove(act) => act.decide(desk, who),
        }
    }
}
