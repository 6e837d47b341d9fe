//! The merchants' support (facts 3 and 4): weekly rounds, each submitted, approved on the next day
//! and paid on the day after, by three people.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cast::Cast;
use super::error::DemoError;
use super::facts::{CREDIT_WON, SOSIN_MERCHANTS};
use super::merchants::{self, Merchant};
use super::pen::{Pen, Tools};
use crate::beneficiaries::model::PayeeKind;
use crate::beneficiaries::{Identity, introduce};
use crate::calendar::parse_day;
use crate::clock::Clock;
use crate::code::Code;
use crate::disbursements::model::Disbursement;
use crate::disbursements::record::{RecordDisbursement, Whom};
use crate::ids::{self, RecordId};
use crate::ledger::store::BookRef;
use crate::ledger::{Form, Who};
use crate::money::Amount;
use crate::payouts::advance::Advance;
use crate::payouts::draft::NewPayout;
use crate::payouts::model::Values;
use crate::payouts::rules::Act;

/// The day each round (차수) is submitted, a Monday or the first working day after it, and how many
/// merchants it has. Generated; the last is paid on 2022-11-02.
const ROUNDS: [(&str, usize); 14] = [
    ("2022-08-01", 900),
    ("2022-08-08", 1_200),
    ("2022-08-16", 1_100),
    ("2022-08-22", 1_500),
    ("2022-08-29", 1_600),
    ("2022-09-05", 1_300),
    ("2022-09-13", 900),
    ("2022-09-19", 1_700),
    ("2022-09-26", 1_800),
    ("2022-10-04", 1_500),
    ("2022-10-11", 1_400),
    ("2022-10-17", 1_100),
    ("2022-10-24", 1_900),
    ("2022-10-31", 2_100),
];

/// What the credit is for, and that the entry is made up.
const PURPOSE: &str = "시연용: 메시지 발송 크레딧";

/// All that is awaiting; credit leaves no trace at a bank.
const PAY: Act = Act::Pay {
    amount: None,
    bank_reference: None,
};

/// All rounds, and what of the latest is under way.
pub struct Rounds {
    rounds: Vec<Round>,
    under_way: Vec<RecordId>,
}

struct Round {
    name: String,
    opens_on: NaiveDate,
    merchants: Vec<Merchant>,
}

impl Rounds {
    /// Makes the merchants up and parts them among the rounds.
    ///
    /// # Errors
    /// [`DemoError`] when a figure of the demo is wrong.
    pub fn generate() -> Result<Self, DemoError> {
        let [(first, _), ..] = ROUNDS;
        let mut waiting = merchants::all(parse_day(first)?)?.into_iter();
        let mut rounds = Vec::with_capacity(ROUNDS.len());
        for (number, (opens_on, size)) in (1..).zip(ROUNDS) {
            rounds.push(Round {
                name: format!("2022-{number}차"),
                opens_on: parse_day(opens_on)?,
                merchants: waiting.by_ref().take(size).collect(),
            });
        }
        Ok(Self {
            rounds,
            under_way: Vec::new(),
        })
    }

    /// How many entries all of them make: three for each merchant.
    pub fn entries(&self) -> usize {
        let merchants: usize = self.rounds.iter().map(|round| round.merchants.len()).sum();
        merchants.saturating_mul(3)
    }

    /// Does what is to be done on that day.
    ///
    /// # Errors
    /// [`DemoError`] when the books do not take an entry.
    pub fn on(&mut self, day: NaiveDate, pen: &mut Pen<'_>, cast: &Cast) -> Result<(), DemoError> {
        for round in &self.rounds {
            match day.signed_duration_since(round.opens_on).num_days() {
                0 => self.under_way = round.submit(pen, cast)?,
                1 => advance(pen, &cast.approver, &self.under_way, &Act::Approve)?,
                2 => advance(pen, &cast.treasurer, &self.under_way, &PAY)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn advance(pen: &mut Pen<'_>, who: &Who, records: &[RecordId], act: &Act) -> Result<(), DemoError> {
    let step = |id: &RecordId| {
        Ok(Advance::<Disbursement>::new(
            id.clone(),
            act.clone(),
            None,
            None,
        ))
    };
    pen.write_all(who, records.iter().map(step), id)?;
    Ok(())
}

fn id(record: &Disbursement) -> &RecordId {
    &record.payout.id
}

impl Round {
    fn submit(&self, pen: &mut Pen<'_>, cast: &Cast) -> Result<Vec<RecordId>, DemoError> {
        let (tools, program) = (pen.tools, Code::parse(SOSIN_MERCHANTS)?);
        let book = tools.directory.of_payout(Some(&program), None)?;
        let entries = self
            .merchants
            .iter()
            .map(|m| self.entry(tools, &program, &book, *m));
        pen.write_all(&cast.officer, entries, id)
    }

    fn entry(
        &self,
        tools: &Tools<'_>,
        program: &Code,
        book: &BookRef,
        merchant: Merchant,
    ) -> Result<RecordDisbursement, DemoError> {
        let (now, kind) = (tools.clock.now(), PayeeKind::Merchant);
        let identity = Identity::RegistrationNumber(merchant.registration_number()?);
        let told = (Some(merchant.name()), Some(merchant.region.to_string()));
        let introduced = introduce(tools.vault, now, kind, &identity, Some(program), told)?;
        let amount = Amount::new(CREDIT_WON)?;
        Ok(RecordDisbursement {
            book: book.clone(),
            payout: NewPayout {
                unique: ids::unique(now),
                program: Some(program.clone()),
                fund: None,
                fiscal_year: None,
                form: Form::InKind,
                amount,
                // What the credit cost the company was never said.
                values: Values {
                    cost: None,
                    list: Some(amount),
                    fair: None,
                },
                planned_on: self.opens_on,
                effective_on: None,
                purpose: Some(PURPOSE.to_owned()),
                external_id: Some(merchant.external_id()),
                attributes: BTreeMap::new(),
            },
            kind,
            whom: Whom::One(introduced),
            round: Some(self.name.clone()),
            voucher_number: None,
            assessment: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Weekday};

    use super::*;

    #[test]
    fn every_merchant_has_a_round_and_the_last_is_paid_the_day_before_the_call() {
        let rounds = Rounds::generate().unwrap();
        assert_eq!(rounds.entries(), 60_000);
        for (round, (_, size)) in rounds.rounds.iter().zip(ROUNDS) {
            assert_eq!(round.merchants.len(), size, "{}", round.name);
        }
        let last = rounds.rounds.last().unwrap();
        assert_eq!(last.name, "2022-14차");
        assert_eq!(last.opens_on.to_string(), "2022-10-31");
    }

    #[test]
    fn a_round_is_over_within_its_week_and_before_the_next() {
        for round in Rounds::generate().unwrap().rounds {
            let opens_on = round.opens_on.weekday();
            assert!(
                [Weekday::Mon, Weekday::Tue].contains(&opens_on),
                "{}",
                round.name
            );
        }
    }
}
