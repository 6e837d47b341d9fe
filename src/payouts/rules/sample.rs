//! A payout that somebody submitted, for tests.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::*;
use crate::code::Code;
use crate::ids::RecordId;
use crate::ledger::{Form, Line};
use crate::payouts::model::{Step, Values};

/// A day in September 2022.
pub(crate) fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 9, n).unwrap()
}

/// A step of somebody.
pub(crate) fn step(verb: Verb, actor: &str) -> Step {
    Step {
        verb,
        actor: actor.to_owned(),
        effective_on: day(1),
        recorded_at: DateTime::<Utc>::UNIX_EPOCH,
        sequence: 1,
        amount: None,
        reason_class: None,
        reason: None,
        bank_reference: None,
        content: None,
    }
}

/// A payout of so much, submitted by the maker.
pub(crate) fn submitted(amount: i64) -> Payout {
    Payout {
        id: RecordId::new(uuid::Uuid::nil(), 1),
        line: Line {
            fund: Some(Code::parse("fund").unwrap()),
            program: Some(Code::parse("program").unwrap()),
            fiscal_year: None,
        },
        form: Form::Cash,
        amount: Amount::new(amount).unwrap(),
        values: Values::default(),
        planned_on: day(1),
        effective_on: day(1),
        purpose: None,
        external_id: None,
        attributes: BTreeMap::new(),
        approvals_needed: 1,
        status: Status::Submitted,
        amounts: Amounts::default(),
        steps: vec![step(Verb::Submit, "maker")],
        version: 1,
    }
}
