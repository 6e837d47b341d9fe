//! Other records of the same program for the same person, under any of their ids.
//!
//! Cost: nothing where no program of these records has a limit; three statements where one has.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::beneficiaries::merges;
use crate::beneficiaries::model::BeneficiaryId;
use crate::db::place::Place;
use crate::db::schema::disbursements;
use crate::db::{Conn, DbError};
use crate::disbursements::model::Disbursement;
use crate::disbursements::splitting::{Sibling, WITHIN_DAYS, splitting};
use crate::ids::RecordId;
use crate::money::Amount;
use crate::payouts::store::{Parts, Told};

/// Records of others that are read at most: what is more is not told.
const MAX_READ: i64 = 10_000;

/// What makes a record live.
const LIVE: &str = "status <> 'rejected' AND status <> 'withdrawn' AND status <> 'cancelled'";

/// A record as it is read: id, program, beneficiary, amount, planned, submitted.
type SiblingRow = (String, String, Option<String>, i64, NaiveDate, NaiveDate);

/// Tells of those records that may be parts of something larger what that is.
pub(super) fn tell(
    conn: &mut Conn,
    records: &mut [Disbursement],
    told: Told,
    parts: &Parts,
) -> Result<(), DbError> {
    let limit = |record: &Disbursement| {
        let payout = &record.payout;
        let program = payout.line.program.as_ref()?;
        let asked = told.of(payout.status) && payout.status.is_live();
        parts.limit_of(program.as_str()).filter(|_| asked)
    };
    let asked = records.iter().filter(|one| limit(one).is_some());
    let asked: Vec<&Disbursement> = asked
        .filter(|one| one.payee.beneficiary.is_some())
        .collect();
    let Some(query) = Query::of(&asked) else {
        return Ok(());
    };
    let people = merges::store::survivors(conn, &query.people)?;
    let survivor = |id: &BeneficiaryId| people.get(id).unwrap_or(id).clone();
    let mut found: HashMap<(String, BeneficiaryId), Vec<Sibling>> = HashMap::new();
    for row in query.run(conn, &people)? {
        let (id, program, beneficiary, amount, planned_on, effective_on) = row;
        let place = Place {
            table: "disbursements",
            key: &id,
        };
        let Some(person) = beneficiary.map(BeneficiaryId::stored) else {
            continue;
        };
        let amount = place.value(Amount::new(amount))?;
        let sibling = Sibling {
            id: RecordId::stored(id),
            amount,
            planned_on,
            effective_on,
        };
        let of = found.entry((program, survivor(&person))).or_default();
        of.push(sibling);
    }
    for record in records {
        if let (Some(above), Some(program), Some(person)) = (
            limit(record),
            record.payout.line.program.as_ref(),
            record.payee.beneficiary.as_ref(),
        ) {
            let key = (program.to_string(), survivor(person));
            let siblings = found.get(&key).map(Vec::as_slice).unwrap_or_default();
            record.splitting = splitting(record, siblings, above);
        }
    }
    Ok(())
}

/// Which records are asked for.
struct Query {
    programs: BTreeSet<String>,
    people: Vec<BeneficiaryId>,
    planned: (NaiveDate, NaiveDate),
    submitted: (NaiveDate, NaiveDate),
}

impl Query {
    /// Whatever may lie near enough to any of these; none where there are none.
    fn of(records: &[&Disbursement]) -> Option<Self> {
        let people = records
            .iter()
            .filter_map(|one| one.payee.beneficiary.clone());
        let people: BTreeSet<BeneficiaryId> = people.collect();
        let programs = records
            .iter()
            .filter_map(|one| one.payout.line.program.as_ref());
        Some(Self {
            planned: around(records.iter().map(|one| one.payout.planned_on))?,
            submitted: around(records.iter().map(|one| one.payout.effective_on))?,
            programs: programs.map(ToString::to_string).collect(),
            people: people.into_iter().collect(),
        })
    }

    /// The live records of these programs and of all who count as these people.
    fn run(
        &self,
        conn: &mut Conn,
        people: &HashMap<BeneficiaryId, BeneficiaryId>,
    ) -> Result<Vec<SiblingRow>, DbError> {
        let ids: BTreeSet<&str> = self
            .people
            .iter()
            .chain(people.keys())
            .map(BeneficiaryId::as_str)
            .collect();
        Ok(disbursements::table
            .filter(disbursements::beneficiary.eq_any(ids))
            .filter(disbursements::program.eq_any(&self.programs))
            .filter(sql::<Bool>(LIVE))
            .filter(
                disbursements::planned_on
                    .between(self.planned.0, self.planned.1)
                    .or(disbursements::effective_on.between(self.submitted.0, self.submitted.1)),
            )
            .order(disbursements::id)
            .limit(MAX_READ)
            .select((
                disbursements::id,
                disbursements::program,
                disbursements::beneficiary,
                disbursements::amount,
                disbursements::planned_on,
                disbursements::effective_on,
            ))
            .load(conn)?)
    }
}

/// The days from the window's length before the first of these to as long after the last.
fn around(days: impl Iterator<Item = NaiveDate> + Clone) -> Option<(NaiveDate, NaiveDate)> {
    let window = TimeDelta::days(WITHIN_DAYS);
    let first = days.clone().min()?.checked_sub_signed(window)?;
    let last = days.max()?.checked_add_signed(window)?;
    Some((first, last))
}
