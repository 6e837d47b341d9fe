//! What a step does to the books: transfers, sums, distinct people. Pure.

use chrono::NaiveDate;

use super::error::PayoutError;
use super::model::{Amounts, Payout, Verb};
use super::rules::{self, Next};
use crate::ledger::{AccountKey, Bucket, Form, Line, Transfer, TransferKind};
use crate::money::{Amount, Won};
use crate::regions::RegionCode;
use crate::tallies::compensation::{Compensated, CompensationChange};
use crate::tallies::{Measure, Tally};

/// Under which place and payee a payout is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where; none where it is not known.
    pub region: Option<RegionCode>,
    /// What sort of payee.
    pub payee: &'static str,
    /// Which records of this sort are counted.
    pub counted: Counted,
}

/// What is counted of records beside their money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Disbursements: from the approval, while something approved is left.
    Payments,
    /// Donations: from the payment, while something paid is left.
    Donations {
        /// Whether there is a receipt.
        receipt: bool,
    },
}

/// What a record of a compensation program counts for, and under what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// The version of the rules; empty where nothing was assessed.
    pub rule_version: String,
    /// The tier; empty where nothing was assessed.
    pub tier: String,
    /// What counts while something approved is left.
    pub whole: Compensated,
}

/// The transfers of a step that moves `amount`.
#[must_use]
pub fn transfers(payout: &Payout, verb: Verb, amount: Amount, on: NaiveDate) -> Vec<Transfer> {
    let line = &payout.line;
    let Some((kind, debit, credit)) = sides(line, verb) else {
        return Vec::new();
    };
    let reverses = match verb {
        Verb::Cancel => last(payout, Verb::Approve),
        Verb::Return | Verb::Refund => last(payout, Verb::Pay),
        _ => None,
    };
    let form = payout.form;
    let mut moved = vec![Transfer {
        kind,
        form,
        debit,
        credit,
        amount,
        effective_on: on,
        reverses,
    }];
    if let (Some(fund), Form::Cash) = (&line.fund, form) {
        match verb {
            Verb::Pay => moved.push(Transfer::cash_out(fund, amount, on)),
            Verb::Return | Verb::Refund => moved.push(Transfer::cash_back(fund, amount, on)),
            _ => {}
        }
    }
    moved
}

/// Why a step moves money of a budget line, out of which account and into which; none where it
/// moves none.
#[must_use]
pub fn sides(line: &Line, verb: Verb) -> Option<(TransferKind, AccountKey, AccountKey)> {
    use TransferKind::{Approve, Cancel, Pay, Refund, Return};
    let (source, awaiting) = (source(line), line.bucket(Bucket::Awaiting));
    let spent = line.bucket(Bucket::Spent);
    match verb {
        Verb::Approve => Some((Approve, source, awaiting)),
        Verb::Cancel => Some((Cancel, awaiting, source)),
        Verb::Pay => Some((Pay, awaiting, spent)),
        Verb::Return => Some((Return, spent, awaiting)),
        Verb::Refund => Some((Refund, spent, source)),
        _ => None,
    }
}

/// Where approved money comes from: the line's own budget, or outside for a line without a fund.
fn source(line: &Line) -> AccountKey {
    match line.fund {
        Some(_) => line.bucket(Bucket::Available),
        None => Line::outside().bucket(Bucket::Outside),
    }
}

fn last(payout: &Payout, verb: Verb) -> Option<i64> {
    payout
        .steps
        .iter()
        .rev()
        .find(|step| step.verb == verb)
        .map(|step| step.sequence)
}

/// What a step adds to the sums of its program.
///
/// # Errors
/// [`PayoutError::Ledger`] when a sum does not fit.
pub fn tallies(
    payout: &Payout,
    place: Place,
    verb: Verb,
    next: &Next,
    on: NaiveDate,
) -> Result<Vec<Tally>, PayoutError> {
    let tally = |measure, amount| Tally {
        program: payout.line.program.clone(),
        fund: payout.line.fund.clone(),
        region: place.region,
        payee: place.payee,
        form: payout.form,
        measure,
        on,
        amount,
    };
    let moved = next.moved.map_or(0, Amount::get);
    let whole = payout.amount.get();
    let was_waiting = payout.status == super::model::Status::Submitted;
    let mut tallies = match verb {
        Verb::Submit | Verb::Resubmit => vec![tally(Measure::Submitted, whole)],
        Verb::Reject | Verb::Withdraw if was_waiting => {
            vec![tally(Measure::Submitted, negative(whole))]
        }
        Verb::Reject | Verb::Withdraw | Verb::Edit | Verb::Amend | Verb::ApproveFirst => Vec::new(),
        Verb::Approve => {
            vec![
                tally(Measure::Submitted, negative(whole)),
                tally(Measure::Approved, moved),
            ]
        }
        Verb::Cancel => vec![tally(Measure::Approved, negative(moved))],
        Verb::Pay => vec![tally(Measure::Paid, moved)],
        Verb::Return => vec![tally(Measure::Paid, negative(moved))],
        Verb::Refund => vec![tally(Measure::Refunded, moved)],
    };
    let (before, after) = (payout.amounts, next.amounts);
    match place.counted {
        Counted::Payments => {
            let change = counted(left(&before)?, left(&after)?);
            tallies.extend(change.map(|change| tally(Measure::Payments, change)));
        }
        Counted::Donations { receipt } => {
            let change = counted(rules::disbursed(&before)?, rules::disbursed(&after)?);
            if let Some(change) = change {
                tallies.push(tally(Measure::Donations, change));
                if receipt {
                    tallies.push(tally(Measure::Receipts, change));
                }
            }
        }
    }
    Ok(tallies)
}

/// What an amendment moves from the sums of one place to those of another: all that stands there.
/// Only an approved record is amended, so nothing waits for a decision.
///
/// # Errors
/// [`PayoutError::Ledger`] when a sum does not fit.
pub fn relocated(
    payout: &Payout,
    from: Place,
    to: Place,
    on: NaiveDate,
) -> Result<Vec<Tally>, PayoutError> {
    if from == to {
        return Ok(Vec::new());
    }
    let amounts = &payout.amounts;
    let counted = i64::from(left(amounts)? > Won::ZERO);
    let standing = [
        (Measure::Approved, amounts.approved.get()),
        (Measure::Paid, amounts.paid.get()),
        (Measure::Refunded, amounts.refunded.get()),
        (Measure::Payments, counted),
    ];
    let tally = |place: Place, measure, amount| Tally {
        program: payout.line.program.clone(),
        fund: payout.line.fund.clone(),
        region: place.region,
        payee: place.payee,
        form: payout.form,
        measure,
        on,
        amount,
    };
    let moved = standing.into_iter().filter(|(_, amount)| *amount != 0);
    Ok(moved
        .flat_map(|(measure, amount)| {
            [
                tally(from, measure, negative(amount)),
                tally(to, measure, amount),
            ]
        })
        .collect())
}

/// What a step on a record of a compensation program adds to its sums, if anything.
///
/// # Errors
/// [`PayoutError::Ledger`] when a sum does not fit.
pub fn compensated(
    payout: &Payout,
    cohort: Cohort,
    verb: Verb,
    next: &Next,
    on: NaiveDate,
) -> Result<Option<CompensationChange>, PayoutError> {
    let (Some(program), Some(moved)) = (&payout.line.program, next.moved.map(Amount::get)) else {
        return Ok(None);
    };
    let mut flow = Compensated::default();
    match verb {
        Verb::Approve => flow.approved = moved,
        Verb::Cancel => flow.approved = negative(moved),
        Verb::Pay => flow.paid = moved,
        Verb::Return => flow.paid = negative(moved),
        Verb::Refund => flow.refunded = moved,
        _ => return Ok(None),
    }
    let change = counted(left(&payout.amounts)?, left(&next.amounts)?);
    let added = flow.plus(cohort.whole.times(change.unwrap_or(0)))?;
    Ok(Some(CompensationChange {
        program: program.clone(),
        rule_version: cohort.rule_version,
        tier: cohort.tier,
        form: payout.form,
        on,
        added,
    }))
}

fn negative(amount: i64) -> i64 {
    amount.saturating_neg()
}

/// What is left of what was approved: net of what came back for good.
fn left(amounts: &Amounts) -> Result<Won, PayoutError> {
    Ok(amounts.approved.checked_sub(amounts.refunded)?)
}

fn counted(before: Won, after: Won) -> Option<i64> {
    match (before > Won::ZERO, after > Won::ZERO) {
        (false, true) => Some(1),
        (true, false) => Some(-1),
        _ => None,
    }
}

/// Whether a step gives something to the person behind it, or takes it back: see [`given`].
#[must_use]
pub fn gives(verb: Verb) -> bool {
    matches!(verb, Verb::Approve | Verb::Cancel | Verb::Refund)
}

/// What a step gives to the person behind it, in won; negative for what is taken back.
///
/// # Errors
/// [`PayoutError::Ledger`] when a sum does not fit.
pub fn given(verb: Verb, next: &Next) -> Result<Option<Won>, PayoutError> {
    let Some(moved) = next.moved.map(Amount::won) else {
        return Ok(None);
    };
    match verb {
        Verb::Approve => Ok(Some(moved)),
        Verb::Cancel | Verb::Refund => Ok(Some(moved.checked_neg()?)),
        _ => Ok(None),
    }
}
