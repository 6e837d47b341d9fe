//! Opening a fund with its first commitment.

use chrono::NaiveDate;
use serde_json::json;

use super::error::FundError;
use super::model::{CountedAt, Fund, FundKind, FundTerms, Openness, SpendLimit};
use super::{commit, subject, value_date};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who, written};
use crate::money::Amount;
use crate::refusal::Refusal;
use crate::settings::limits;
use crate::versions::Version;

/// Funds that may lie within one another.
pub const MAX_DEPTH: usize = 8;

/// Opens a fund.
#[derive(Debug, Clone)]
pub struct OpenFund {
    /// Its own book for a root fund, its root's for a child.
    pub book: BookRef,
    /// Its address.
    pub code: Code,
    /// Its name and period.
    pub terms: FundTerms,
    /// Under what rules it stands.
    pub kind: FundKind,
    /// What is promised to it.
    pub commitment: Amount,
    /// When that was promised; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The fund it is a part of.
    pub part_of: Option<Code>,
    /// What spending is limited by.
    pub spend_limit: SpendLimit,
    /// At which value giving in kind counts.
    pub in_kind_counted_at: CountedAt,
    /// Over how many won a second person has to agree to what moves its money.
    pub second_approval_above: Option<Amount>,
}

impl Command for OpenFund {
    type Done = Fund;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn hint(&self, desk: &Desk) {
        desk.funds.want(&self.code);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Fund>, Stop> {
        if self.part_of.as_ref() == Some(&self.code) {
            return Err(Refusal::field("/part_of", "part_of_itself").into());
        }
        if desk.funds.find(&self.code)?.is_some() {
            return Err(FundError::DuplicateCode(self.code.clone()).into());
        }
        let on = value_date(desk, self.effective_on)?;
        if let Some(parent) = &self.part_of {
            self.check_parent(desk, parent)?;
        }
        let fund = Fund {
            code: self.code.clone(),
            book: desk.book(),
            part_of: self.part_of.clone(),
            kind: self.kind,
            spend_limit: self.spend_limit,
            in_kind_counted_at: self.in_kind_counted_at,
            second_approval_above: self.second_approval_above,
            terms: self.terms.clone(),
            status: Openness::Open,
            plan_version: 0,
            version: 1,
        };
        self.check_limit(desk)?;
        let raise = commit::transfer(&fund, commit::Change::Raise, self.commitment, on);
        if let Some(short) = desk.shortfall(std::slice::from_ref(&raise))? {
            let (available, needed) = (short.available, short.needed);
            return Err(FundError::InsufficientUnallocated { available, needed }.into());
        }
        let mut changes = Changes::of(self.event(on));
        changes.transfers.push(raise);
        changes.version = Some(version(&fund, desk, on)?);
        Ok(changes.put(Put::Fund(fund.clone())).done(fund))
    }
}

/// The version of a fund's terms to be kept.
pub(crate) fn version(fund: &Fund, desk: &Desk, on: NaiveDate) -> Result<Version, Stop> {
    Ok(Version {
        noun: "fund",
        code: fund.code.clone(),
        version: fund.version,
        effective_on: on,
        recorded_at: desk.now(),
        document: written(&fund.terms)?,
    })
}

impl OpenFund {
    fn check_parent(&self, desk: &Desk, parent: &Code) -> Result<(), Stop> {
        let lineage = desk.lineage(parent)?;
        let Some(parent_fund) = lineage.first() else {
            let refusal = Refusal::field("/part_of", "unknown_fund");
            return Err(refusal.with("fund", parent).into());
        };
        desk.expect_book(parent_fund.book)?;
        if lineage.len() >= MAX_DEPTH {
            return Err(Refusal::field("/part_of", "too_deep")
                .with("most", MAX_DEPTH)
                .into());
        }
        if parent_fund.status == Openness::Closed {
            return Err(FundError::Closed(parent.clone()).into());
        }
        Ok(())
    }

    /// What holds without a limit of its own holds for its first commitment, which is not proposed, and
    /// is what its own limit may not be looser than.
    fn check_limit(&self, desk: &Desk) -> Result<(), Stop> {
        let held = limits::inherited(desk, self.part_of.as_ref())?;
        limits::may_become(held, self.second_approval_above.or(held))?;
        match held {
            Some(limit) if limits::needs_second(self.commitment, held) => {
                Err(FundError::OpenedAboveLimit(limit).into())
            }
            _ => Ok(()),
        }
    }

    fn event(&self, on: NaiveDate) -> NewEvent {
        NewEvent {
            kind: "fund.opened",
            subject: subject(&self.code),
            effective_on: on,
            command: json!({
                "fund": self.code,
                "terms": self.terms,
                "kind": self.kind,
                "change": "open",
                "amount": self.commitment,
                "effective_on": on,
                "part_of": self.part_of,
                "spend_limit": self.spend_limit,
                "in_kind_counted_at": self.in_kind_counted_at,
                "second_approval_above": self.second_approval_above,
            })
            .to_string(),
        }
    }
}
