//! What people were approved and gave back, read from their records.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::beneficiaries::merges;
use crate::beneficiaries::model::BeneficiaryId;
use crate::code::Code;
use crate::db::among::AmongKeys;
use crate::db::kept::Kept;
use crate::db::schema::{beneficiaries, disbursements, people, steps};
use crate::db::{Conn, DbError};
use crate::money::Won;
use crate::tallies::people::{Given, PersonHistory, Scope};

/// People whose histories are read at a time.
pub const PEOPLE_PER_PAGE: i64 = 500;

/// The next people after one, by id, who ever stood at something in a scope; without a scope,
/// everybody. Who counts under somebody else is not among them.
///
/// # Errors
/// [`DbError::Statement`].
pub fn people_after(
    conn: &mut Conn,
    scope: Option<&Scope>,
    after: &str,
) -> Result<Vec<BeneficiaryId>, DbError> {
    let counted = beneficiaries::merged_into.is_null();
    let ids: Vec<String> = match scope {
        Some(scope) => people::table
            .inner_join(beneficiaries::table.on(beneficiaries::id.eq(people::person)))
            .filter(counted)
            .filter(people::scope.eq(scope.to_string()))
            .filter(people::person.gt(after))
            .order(people::person)
            .limit(PEOPLE_PER_PAGE)
            .select(people::person)
            .load(conn)?,
        None => beneficiaries::table
            .filter(counted)
            .filter(beneficiaries::id.gt(after))
            .order(beneficiaries::id)
            .limit(PEOPLE_PER_PAGE)
            .select(beneficiaries::id)
            .load(conn)?,
    };
    Ok(ids.into_iter().map(BeneficiaryId::stored).collect())
}

/// What these people were given, with those who count under them. Two statements.
///
/// # Errors
/// [`DbError::Statement`].
pub fn whole_histories(
    conn: &mut Conn,
    people: &[BeneficiaryId],
) -> Result<Vec<PersonHistory>, DbError> {
    let mut survivors: BTreeMap<BeneficiaryId, BeneficiaryId> = BTreeMap::new();
    for (survivor, merged) in merges::store::merged_into(conn, people)? {
        survivors.extend(merged.into_iter().map(|id| (id, survivor.clone())));
    }
    let ids: Vec<BeneficiaryId> = people.iter().chain(survivors.keys()).cloned().collect();
    let mut whole: BTreeMap<BeneficiaryId, Vec<Given>> = BTreeMap::new();
    for history in PersonHistory::load(conn, &ids)? {
        let person = survivors.remove(&history.person).unwrap_or(history.person);
        whole.entry(person).or_default().extend(history.given);
    }
    let whole = whole.into_iter();
    Ok(whole
        .map(|(person, given)| PersonHistory { person, given })
        .collect())
}

impl Kept for PersonHistory {
    type Key = BeneficiaryId;

    fn key(&self) -> BeneficiaryId {
        self.person.clone()
    }

    fn load(conn: &mut Conn, keys: &[BeneficiaryId]) -> Result<Vec<Self>, DbError> {
        type Row = (
            Option<String>,
            String,
            String,
            String,
            NaiveDate,
            Option<i64>,
        );
        let rows: Vec<Row> = disbursements::table
            .inner_join(steps::table.on(steps::record.eq(disbursements::id)))
            .filter(disbursements::beneficiary.among(keys.iter().map(BeneficiaryId::as_str)))
            .filter(steps::verb.eq_any(["approve", "cancel", "refund"]))
            .select((
                disbursements::beneficiary,
                disbursements::program,
                disbursements::fund,
                steps::verb,
                steps::effective_on,
                steps::amount,
            ))
            .load(conn)?;
        let mut histories: BTreeMap<String, Vec<Given>> = BTreeMap::new();
        for (person, program, fund, verb, on, amount) in rows {
            let (Some(person), Some(amount)) = (person, amount) else {
                continue;
            };
            let sign = if verb == "approve" { 1 } else { -1 };
            histories.entry(person).or_default().push(Given {
                program: Code::stored(program),
                fund: Code::stored_or_none(fund),
                on,
                amount: Won::new(amount.saturating_mul(sign)),
            });
        }
        let whole = histories.into_iter().map(|(person, given)| Self {
            person: BeneficiaryId::stored(person),
            given,
        });
        Ok(whole.collect())
    }
}
