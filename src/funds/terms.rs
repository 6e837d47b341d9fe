//! Changing a fund's name or period, and closing and reopening it.

use chrono::NaiveDate;
use serde_json::json;

use super::error::FundError;
use super::model::{Fund, FundTerms, Openness};
use super::open::version;
use super::{subject, value_date};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::Amount;
use crate::settings::limits;

/// What of a fund's terms is to be changed. `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct TermsPatch {
    /// Its name.
    pub name: Option<crate::code::Name>,
    /// When it runs.
    pub period: Option<crate::calendar::Period>,
    /// How the period is known; `Some(None)` takes it away.
    pub period_basis: Option<Option<String>>,
    /// What its figures rest on; `Some(None)` takes it away.
    pub basis: Option<Option<String>>,
    /// Over how many won a second person has to agree to what moves its money; `Some(None)` takes the
    /// fund's own limit away.
    pub second_approval_above: Option<Option<Amount>>,
}

impl TermsPatch {
    fn apply(&self, terms: &FundTerms) -> FundTerms {
        let old = terms.clone();
        FundTerms {
            name: self.name.clone().unwrap_or(old.name),
            period: self.period.unwrap_or(old.period),
            period_basis: self.period_basis.clone().unwrap_or(old.period_basis),
            basis: self.basis.clone().unwrap_or(old.basis),
        }
    }
}

/// Changes a fund's terms.
#[derive(Debug, Clone)]
pub struct ChangeFund {
    /// The fund's book.
    pub book: BookRef,
    /// The fund.
    pub fund: Code,
    /// The version that was read.
    pub expected_version: i32,
    /// Since when the change holds; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What is to be changed.
    pub patch: TermsPatch,
}

impl Command for ChangeFund {
    type Done = Fund;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Fund>, Stop> {
        let fund = desk.funds.find(&self.fund)?.ok_or(FundError::NotFound)?;
        desk.expect_book(fund.book)?;
        if fund.version != self.expected_version {
            return Err(FundError::Stale(fund.version).into());
        }
        let on = value_date(desk, self.effective_on)?;
        let mut fund = (*fund).clone();
        fund.terms = self.patch.apply(&fund.terms);
        let held = limits::of_fund(desk, &fund)?;
        if let Some(limit) = self.patch.second_approval_above {
            fund.second_approval_above = limit;
        }
        limits::may_become(held, limits::of_fund(desk, &fund)?)?;
        fund.version = fund.version.saturating_add(1);
        let mut changes = Changes::of(changed(&fund, on));
        changes.version = Some(version(&fund, desk, on)?);
        Ok(changes.put(Put::Fund(fund.clone())).done(fund))
    }
}

/// The event of a fund whose terms or limit are other ones.
pub(crate) fn changed(fund: &Fund, on: NaiveDate) -> NewEvent {
    NewEvent {
        kind: "fund.changed",
        subject: subject(&fund.code),
        effective_on: on,
        command: json!({
            "fund": fund.code,
            "terms": fund.terms,
            "second_approval_above": fund.second_approval_above,
            "effective_on": on,
        })
        .to_string(),
    }
}

/// Closes or reopens a fund.
#[derive(Debug, Clone)]
pub struct SetFundOpenness {
    /// The fund's book.
    pub book: BookRef,
    /// The fund.
    pub fund: Code,
    /// Open or closed.
    pub to: Openness,
    /// Why.
    pub reason: String,
}

impl Command for SetFundOpenness {
    type Done = Fund;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Fund>, Stop> {
        let fund = desk.funds.find(&self.fund)?.ok_or(FundError::NotFound)?;
        desk.expect_book(fund.book)?;
        if fund.status == self.to {
            return Err(FundError::AlreadySo(self.fund.clone()).into());
        }
        let mut fund = (*fund).clone();
        fund.status = self.to;
        fund.version = fund.version.saturating_add(1);
        let kind = match self.to {
            Openness::Open => "fund.reopened",
            Openness::Closed => "fund.closed",
        };
        let on = desk.today();
        let mut changes = Changes::of(NewEvent {
            kind,
            subject: subject(&self.fund),
            effective_on: on,
            command: json!({ "fund": self.fund, "reason": self.reason }).to_string(),
        });
        // The terms are the same, but versions of the row are counted without gaps.
        changes.version = Some(version(&fund, desk, on)?);
        Ok(changes.put(Put::Fund(fund.clone())).done(fund))
    }
}
