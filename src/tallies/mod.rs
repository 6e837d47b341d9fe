//! Sums of what programs did: by place and payee, by product, and of distinct people.
//!
//! They are changed in the transaction that changes the records, so a report reads them in place
//! of the records. Each change is added to the line of its program and fund as a whole (region
//! and payee [`ALL`]) and to its own place and payee; each of these for ever, by month and by day.

pub mod audit;
pub mod audit_compensation;
pub mod audit_people;
mod audit_store;
pub mod compensation;
pub mod compensation_store;
pub mod measured;
pub mod merged;
pub mod people;
pub mod store;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::beneficiaries::model::PayeeKind;
use crate::code::Code;
use crate::ledger::{Form, Span};
use crate::money::MoneyError;
use crate::regions::RegionCode;
use crate::text_enum::{TextEnum, text_enum};
use compensation::{Compensated, CompensationChange};
use measured::Measured;
use people::Scope;

/// Stands for every region, or every payee.
pub const ALL: &str = "*";
/// The payee of a donation that stays with its recipient.
pub const RECIPIENT_END: &str = "recipient_end";
/// The payee of a donation that is passed on.
pub const RECIPIENT_INTERMEDIARY: &str = "recipient_intermediary";

/// Every payee but [`ALL`].
fn payees() -> Vec<&'static str> {
    let kinds = PayeeKind::ALL.iter().map(|kind| kind.as_str());
    kinds
        .chain([RECIPIENT_END, RECIPIENT_INTERMEDIARY])
        .collect()
}

text_enum! {
    /// What is summed.
    Measure {
        /// Won waiting for a decision.
        Submitted = "submitted",
        /// Won approved, net of cancellations.
        Approved = "approved",
        /// Won paid, net of returns.
        Paid = "paid",
        /// Won that came back for good.
        Refunded = "refunded",
        /// Disbursements of which something approved is left.
        Payments = "payments",
        /// Donations of which something paid is left.
        Donations = "donations",
        /// Receipts for donations.
        Receipts = "receipts",
    }
}

/// A change to what a program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The program; none for direct giving.
    pub program: Option<Code>,
    /// The fund; none outside any.
    pub fund: Option<Code>,
    /// Where; none where it is not known (지역 미배분).
    pub region: Option<RegionCode>,
    /// What sort of payee.
    pub payee: &'static str,
    /// In what form.
    pub form: Form,
    /// What is summed.
    pub measure: Measure,
    /// The value date.
    pub on: NaiveDate,
    /// Won, or a number of records; negative where something is taken back.
    pub amount: i64,
}

/// A change to what was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleChange {
    /// The program.
    pub program: Code,
    /// The code of the product.
    pub product: Code,
    /// Where it came from.
    pub region: Option<RegionCode>,
    /// The value date.
    pub on: NaiveDate,
    /// What is added.
    pub sold: Sold,
}

/// A quantity of produce sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sold {
    /// Grams.
    pub grams: i64,
    /// Won.
    pub amount: i64,
    /// Orders.
    pub orders: i64,
}

impl Sold {
    fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            grams: add(self.grams, other.grams)?,
            amount: add(self.amount, other.amount)?,
            orders: add(self.orders, other.orders)?,
        })
    }
}

/// A change in how many distinct people a scope has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountChange {
    /// The scope.
    pub scope: Scope,
    /// The day.
    pub on: NaiveDate,
    /// One more, or one fewer.
    pub people: i64,
}

/// Where the tallies of a day belong; what they add to other spans and places is worked out when
/// they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct TallyKey {
    on: NaiveDate,
    payee: &'static str,
    program: Option<Code>,
    fund: Option<Code>,
    region: &'static str,
    form: Form,
}

type SaleKey = (String, String, &'static str, Span, NaiveDate);
type CountKey = (String, Span, NaiveDate);
/// Program, rule version, tier, form, span and its first day.
type CompensationKey = (String, String, String, Form, Span, NaiveDate);

/// Changes to sums that are not written yet.
#[derive(Debug, Default)]
pub struct Pending {
    tallies: BTreeMap<TallyKey, Measured>,
    sales: BTreeMap<SaleKey, Sold>,
    counts: BTreeMap<CountKey, i64>,
    compensation: BTreeMap<CompensationKey, Compensated>,
}

fn add(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Overflow)
}

impl Pending {
    /// Adds a change to what a program did.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn tally(&mut self, tally: &Tally) -> Result<(), MoneyError> {
        let key = TallyKey {
            on: tally.on,
            payee: tally.payee,
            program: tally.program.clone(),
            fund: tally.fund.clone(),
            region: tally.region.map_or("", RegionCode::as_str),
            form: tally.form,
        };
        let day = self.tallies.entry(key).or_default();
        day.add(tally.measure, tally.amount)
    }

    /// Adds a change to what was sold.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn sale(&mut self, change: &SaleChange) -> Result<(), MoneyError> {
        let region = change.region.map_or("", RegionCode::as_str);
        for span in Span::ALL {
            let key = (
                change.program.to_string(),
                change.product.to_string(),
                region,
                span,
                span.starts_on(change.on),
            );
            let sum = self.sales.entry(key).or_default();
            *sum = sum.plus(change.sold)?;
        }
        Ok(())
    }

    /// Adds a change to what a compensation program did.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn compensate(&mut self, change: &CompensationChange) -> Result<(), MoneyError> {
        for span in Span::ALL {
            let key = (
                change.program.to_string(),
                change.rule_version.clone(),
                change.tier.clone(),
                change.form,
                span,
                span.starts_on(change.on),
            );
            let sum = self.compensation.entry(key).or_default();
            *sum = sum.plus(change.added)?;
        }
        Ok(())
    }

    /// Adds a change in how many distinct people there are.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn count(&mut self, change: &CountChange) -> Result<(), MoneyError> {
        for span in Span::ALL {
            let key = (change.scope.to_string(), span, span.starts_on(change.on));
            let sum = self.counts.entry(key).or_default();
            *sum = add(*sum, change.people)?;
        }
        Ok(())
    }
}
