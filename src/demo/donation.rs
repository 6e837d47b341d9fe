//! The gift through Hope Bridge (fact 8): recorded, approved and paid on one day by three people.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cast::Cast;
use super::error::DemoError;
use super::facts::{DONATED_ON, DONATION_WON, HOPE_BRIDGE, MOBILITY_SUPPORT};
use super::pen::Pen;
use crate::clock::Clock;
use crate::code::Code;
use crate::donations::model::{Donation, RecipientRole};
use crate::donations::record::RecordDonation;
use crate::ids;
use crate::ledger::Form;
use crate::money::Amount;
use crate::payouts::advance::Advance;
use crate::payouts::draft::NewPayout;
use crate::payouts::model::Values;
use crate::payouts::rules::Act;

/// The hours in Seoul at which it is recorded, approved and paid.
const HOURS: [u32; 3] = [10, 14, 16];

const BASIS: &str = "금액·전달 기관은 2022-11-03 실적 발표, 100억 원 중 1차분·택시 기사 지정은 언론 \
                     보도, 날짜(2022년 9월 중)는 가정 (amount and association from the earnings call of \
                     2022-11-03; the first of the ten billion, for taxi drivers, from the press; \
                     handed over in September 2022, the day is assumed)";

/// Makes the gift when its day has come.
///
/// # Errors
/// [`DemoError`] when the books do not take an entry.
pub fn on(day: NaiveDate, pen: &mut Pen<'_>, cast: &Cast) -> Result<(), DemoError> {
    if day.to_string() != DONATED_ON {
        return Ok(());
    }
    let [recorded, approved, paid] = HOURS;
    pen.turn_to(day, recorded);
    let donation = pen.write(&cast.officer, gift(day, pen)?)?;
    let step = |act| Advance::<Donation>::new(donation.payout.id.clone(), act, None, None);
    pen.turn_to(day, approved);
    pen.write(&cast.approver, step(Act::Approve))?;
    pen.turn_to(day, paid);
    pen.write(
        &cast.treasurer,
        step(Act::Pay {
            amount: None,
            bank_reference: None,
        }),
    )?;
    Ok(())
}

fn gift(day: NaiveDate, pen: &Pen<'_>) -> Result<RecordDonation, DemoError> {
    let program = Code::parse(MOBILITY_SUPPORT)?;
    Ok(RecordDonation {
        book: pen.tools.directory.of_payout(Some(&program), None)?,
        payout: NewPayout {
            unique: ids::unique(pen.tools.clock.now()),
            program: Some(program),
            fund: None,
            fiscal_year: None,
            form: Form::Cash,
            amount: Amount::new(DONATION_WON)?,
            values: Values::default(),
            planned_on: day,
            effective_on: None,
            purpose: Some("택시 기사 지원 (support for taxi drivers)".to_owned()),
            external_id: None,
            attributes: BTreeMap::new(),
        },
        recipient: Code::parse(HOPE_BRIDGE)?,
        recipient_role: RecipientRole::Intermediary,
        designated: true,
        approval_document: None,
        basis: Some(BASIS.to_owned()),
    })
}
