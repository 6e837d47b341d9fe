//! Contributions (출연): cash actually paid into a fund, and undoing a wrong one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::FundError;
use super::{Entry, entry, open_fund, subject, value_date};
use crate::code::Code;
use crate::desk::{Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{AccountKey, Bucket, Form, Line, NewEvent, Transfer, TransferKind, Who};
use crate::money::Amount;
use crate::refusal::Refusal;

/// Books cash that was paid into a fund.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contribute {
    /// The fund's book.
    #[serde(skip, default = "BookRef::house")]
    pub book: BookRef,
    /// The fund.
    pub fund: Code,
    /// How much.
    pub amount: Amount,
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// From whom. The code of the parent fund moves that fund's cash.
    pub from: String,
}

impl Contribute {
    /// What it comes to, once nobody else has to agree to it.
    ///
    /// # Errors
    /// [`Stop`]: wrong fields, a wrong state, or not enough money.
    pub(crate) fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Entry>, Stop> {
        let fund = open_fund(desk, &self.fund)?;
        let on = value_date(desk, self.effective_on)?;
        let from_parent = self.is_from_parent(desk, fund.part_of.as_ref())?;
        let transfer = Transfer {
            kind: if from_parent {
                TransferKind::ContributeChild
            } else {
                TransferKind::Contribute
            },
            form: Form::Cash,
            debit: source(from_parent.then_some(fund.part_of.as_ref()).flatten()),
            credit: Line::of_fund(&self.fund).bucket(Bucket::Cash),
            amount: self.amount,
            effective_on: on,
            reverses: None,
        };
        if let Some(short) = desk.shortfall(std::slice::from_ref(&transfer))? {
            return Err(FundError::short(&short).into());
        }
        let command = json!({
            "fund": self.fund,
            "amount": self.amount,
            "effective_on": on,
            "from": self.from,
            "from_parent": from_parent,
        });
        let event = NewEvent {
            kind: "contribution.recorded",
            subject: subject(&self.fund),
            effective_on: on,
            command: command.to_string(),
        };
        Ok(entry(desk, who, event, vec![transfer]))
    }
}

impl Contribute {
    /// Whether the money comes out of the parent fund. Any other fund's code is refused.
    fn is_from_parent(&self, desk: &Desk, parent: Option<&Code>) -> Result<bool, Stop> {
        // A text that cannot be a code names an outside giver.
        let Ok(code) = Code::parse(&self.from) else {
            return Ok(false);
        };
        if desk.funds.find(&code)?.is_none() {
            return Ok(false);
        }
        if parent == Some(&code) {
            Ok(true)
        } else {
            Err(Refusal::field("/from", "not_the_parent_fund")
                .with("fund", code)
                .into())
        }
    }
}

fn source(parent: Option<&Code>) -> AccountKey {
    match parent {
        Some(parent) => Line::of_fund(parent).bucket(Bucket::Cash),
        None => Line::outside().bucket(Bucket::CashOutside),
    }
}

/// Undoes a contribution that was wrong.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReverseContribution {
    /// The fund.
    pub fund: Code,
    /// The book and the sequence of the contribution.
    pub contribution: (i64, i64),
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

impl ReverseContribution {
    /// What it comes to, once nobody else has to agree to it.
    ///
    /// # Errors
    /// [`Stop`]: wrong fields, a wrong state, or not enough money.
    pub(crate) fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Entry>, Stop> {
        let contribution = desk
            .contributions
            .find(&self.contribution)?
            .filter(|contribution| contribution.fund == self.fund)
            .ok_or(FundError::NoSuchEntry)?;
        let fund = open_fund(desk, &self.fund)?;
        if contribution.reversed {
            return Err(FundError::AlreadyReversed.into());
        }
        let on = value_date(desk, self.effective_on)?;
        if on < contribution.effective_on {
            let refusal = Refusal::rule("before_previous_step");
            return Err(refusal.with("last_on", contribution.effective_on).into());
        }
        let (kind, back_to) = if contribution.from_parent {
            (
                TransferKind::ContributeChildReverse,
                source(fund.part_of.as_ref()),
            )
        } else {
            (TransferKind::ContributeReverse, source(None))
        };
        let transfer = Transfer {
            kind,
            form: Form::Cash,
            debit: Line::of_fund(&self.fund).bucket(Bucket::Cash),
            credit: back_to,
            amount: contribution.amount,
            effective_on: on,
            reverses: Some(contribution.sequence),
        };
        if let Some(short) = desk.shortfall(std::slice::from_ref(&transfer))? {
            return Err(FundError::short(&short).into());
        }
        let (book, sequence) = self.contribution;
        let command = json!({
            "fund": self.fund,
            "contribution": format!("{book}-{sequence}"),
            "amount": contribution.amount,
            "effective_on": on,
            "reason": self.reason,
        });
        let event = NewEvent {
            kind: "contribution.reversed",
            subject: format!("contribution:{book}-{sequence}"),
            effective_on: on,
            command: command.to_string(),
        };
        let mut decision = entry(desk, who, event, vec![transfer]);
        decision.changes.reversed_contribution = Some(sequence);
        Ok(decision)
    }
}
