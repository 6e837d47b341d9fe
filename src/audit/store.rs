//! Records and their steps as an audit reads them: in pages by id.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::replay::{Amounts, Noun};
use crate::db::schema::{
    amendments, beneficiaries, disbursements, donations, events, programs, proposals, steps,
};
use crate::db::{Conn, DbError};
use crate::tallies::audit::Place;
use crate::tallies::audit_compensation::Class;

/// Records that are read at a time, with their steps.
const RECORDS_PER_PAGE: i64 = 500;

/// What disbursements and donations have in common, as stored.
#[derive(Debug, Queryable)]
struct Columns {
    id: String,
    book: i64,
    program: String,
    fund: String,
    form: String,
    amount: i64,
    status: String,
    approved: i64,
    paid: i64,
    returned: i64,
    refunded: i64,
}

/// A disbursement or a donation, as stored.
#[derive(Debug)]
pub(super) struct RecordRow {
    pub(super) id: String,
    pub(super) book: i64,
    /// Under which program, place and payee it is summed now.
    pub(super) place: Rc<Place>,
    pub(super) amount: i64,
    pub(super) status: String,
    pub(super) amounts: Amounts,
    pub(super) receipt_on: Option<NaiveDate>,
    /// What it counts for, where its program is one of compensation.
    pub(super) cohort: Option<Cohort>,
}

/// What a record of a compensation program counts for, and under what.
#[derive(Debug)]
pub(super) struct Cohort {
    pub(super) class: Class,
    /// Records, named, counted, assessed loss, cost, list, without list, fair, without fair.
    pub(super) whole: [i128; 9],
}

/// What of a disbursement is summed in a compensation program, as stored.
#[derive(Debug, Queryable)]
struct CohortColumns {
    kind: Option<String>,
    rule_version: Option<String>,
    tier: Option<String>,
    assessed_loss: Option<i64>,
    beneficiary: Option<String>,
    people: Option<i64>,
    cost: Option<i64>,
    list: Option<i64>,
    fair: Option<i64>,
}

impl CohortColumns {
    /// What it counts for; none in a program that is not one of compensation.
    fn cohort(self, book: i64, place: &Place) -> Option<Cohort> {
        if self.kind.as_deref() != Some("compensation") {
            return None;
        }
        let in_kind = place.form == "in_kind";
        let value = |value: Option<i64>| match value {
            Some(value) if in_kind => i128::from(value),
            _ => 0,
        };
        let lacks = |value: Option<i64>| i128::from(in_kind && value.is_none());
        let whole = [
            1,
            i128::from(self.beneficiary.is_some()),
            i128::from(self.people.unwrap_or(0)),
            i128::from(self.assessed_loss.unwrap_or(0)),
            value(self.cost),
            value(self.list),
            lacks(self.list),
            value(self.fair),
            lacks(self.fair),
        ];
        let class = Class {
            book,
            program: place.program.clone(),
            rule_version: self.rule_version.unwrap_or_default(),
            tier: self.tier.unwrap_or_default(),
            form: place.form.clone(),
        };
        Some(Cohort { class, whole })
    }
}

/// A step, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct StepRow {
    pub(super) record: String,
    pub(super) step: i32,
    pub(super) verb: String,
    pub(super) effective_on: NaiveDate,
    pub(super) sequence: i64,
    pub(super) amount: Option<i64>,
    pub(super) actor: String,
    pub(super) content: Option<String>,
}

impl Columns {
    fn with(self, region: String, payee: String, receipt_on: Option<NaiveDate>) -> RecordRow {
        RecordRow {
            id: self.id,
            book: self.book,
            place: Rc::new(Place {
                program: self.program,
                fund: self.fund,
                region,
                payee,
                form: self.form,
            }),
            amount: self.amount,
            status: self.status,
            amounts: Amounts {
                approved: i128::from(self.approved),
                paid: i128::from(self.paid),
                returned: i128::from(self.returned),
                refunded: i128::from(self.refunded),
            },
            receipt_on,
            cohort: None,
        }
    }
}

/// The payee that a donation is summed under, by its recipient's role.
pub(super) fn recipient(role: &str) -> String {
    format!("recipient_{role}")
}

/// The next records of a noun after one, by id.
pub(super) fn records(conn: &mut Conn, noun: Noun, after: &str) -> Result<Vec<RecordRow>, DbError> {
    match noun {
        Noun::Disbursement => next_disbursements(conn, after),
        Noun::Donation => next_donations(conn, after),
    }
}

fn next_disbursements(conn: &mut Conn, after: &str) -> Result<Vec<RecordRow>, DbError> {
    let of_program = programs::code.eq(disbursements::program);
    let rows: Vec<(Columns, String, String, CohortColumns)> = disbursements::table
        .left_join(programs::table.on(of_program))
        .filter(disbursements::id.gt(after))
        .order(disbursements::id)
        .limit(RECORDS_PER_PAGE)
        .select((
            (
                disbursements::id,
                disbursements::book,
                disbursements::program,
                disbursements::fund,
                disbursements::form,
                disbursements::amount,
                disbursements::status,
                disbursements::approved,
                disbursements::paid,
                disbursements::returned,
                disbursements::refunded,
            ),
            disbursements::region,
            disbursements::beneficiary_kind,
            (
                programs::kind.nullable(),
                disbursements::rule_version,
                disbursements::tier,
                disbursements::assessed_loss,
                disbursements::beneficiary,
                disbursements::people,
                disbursements::value_cost,
                disbursements::value_list,
                disbursements::value_fair,
            ),
        ))
        .load(conn)?;
    let disbursement = |(row, region, payee, cohort): (Columns, _, _, CohortColumns)| {
        let mut record = row.with(region, payee, None);
        record.cohort = cohort.cohort(record.book, &record.place);
        record
    };
    Ok(rows.into_iter().map(disbursement).collect())
}

fn next_donations(conn: &mut Conn, after: &str) -> Result<Vec<RecordRow>, DbError> {
    let rows: Vec<(Columns, String, Option<NaiveDate>)> = donations::table
        .filter(donations::id.gt(after))
        .order(donations::id)
        .limit(RECORDS_PER_PAGE)
        .select((
            (
                donations::id,
                donations::book,
                donations::program,
                donations::fund,
                donations::form,
                donations::amount,
                donations::status,
                donations::approved,
                donations::paid,
                donations::returned,
                donations::refunded,
            ),
            donations::recipient_role,
            donations::receipt_issued_on,
        ))
        .load(conn)?;
    let donation = |(row, role, receipt_on): (Columns, String, _)| {
        row.with(String::new(), recipient(&role), receipt_on)
    };
    Ok(rows.into_iter().map(donation).collect())
}

/// The steps of these records, in their order.
pub(super) fn steps_of(
    conn: &mut Conn,
    records: &[RecordRow],
) -> Result<HashMap<String, Vec<StepRow>>, DbError> {
    let rows: Vec<StepRow> = steps::table
        .filter(steps::record.eq_any(records.iter().map(|record| &record.id)))
        .order((steps::record, steps::step))
        .select((
            steps::record,
            steps::step,
            steps::verb,
            steps::effective_on,
            steps::sequence,
            steps::amount,
            steps::actor,
            steps::content,
        ))
        .load(conn)?;
    let mut found: HashMap<String, Vec<StepRow>> = HashMap::new();
    for row in rows {
        match found.get_mut(&row.record) {
            Some(steps) => steps.push(row),
            None => drop(found.insert(row.record.clone(), vec![row])),
        }
    }
    Ok(found)
}

/// An amendment, as stored.
#[derive(Debug, Queryable)]
pub(super) struct AmendmentRow {
    pub(super) record: String,
    pub(super) number: i32,
    pub(super) status: String,
    pub(super) reason_class: String,
    pub(super) reason: String,
    pub(super) former: String,
    pub(super) later: String,
    pub(super) effective_on: Option<NaiveDate>,
    pub(super) proposed_by: String,
    pub(super) proposed_sequence: i64,
    pub(super) decided_by: Option<String>,
    pub(super) decided_sequence: Option<i64>,
    pub(super) decision_reason: Option<String>,
}

/// The next amendments after one, by record and number.
pub(super) fn amendments(
    conn: &mut Conn,
    (record, number): &(String, i32),
) -> Result<Vec<AmendmentRow>, DbError> {
    let later = amendments::record
        .eq(record)
        .and(amendments::number.gt(number));
    Ok(amendments::table
        .filter(amendments::record.gt(record).or(later))
        .order((amendments::record, amendments::number))
        .limit(RECORDS_PER_PAGE)
        .select((
            amendments::record,
            amendments::number,
            amendments::status,
            amendments::reason_class,
            amendments::reason,
            amendments::former_values,
            amendments::later_values,
            amendments::effective_on,
            amendments::proposed_by,
            amendments::proposed_sequence,
            amendments::decided_by,
            amendments::decided_sequence,
            amendments::decision_reason,
        ))
        .load(conn)?)
}

/// How many steps amend a record, and how many proposals the log holds.
pub(super) fn amending(conn: &mut Conn) -> Result<(i64, i64), DbError> {
    let amend = steps::table.filter(steps::verb.eq("amend")).count();
    let kinds = [
        "disbursement.amendment_proposed",
        "donation.amendment_proposed",
    ];
    let proposed = events::table.filter(events::kind.eq_any(kinds)).count();
    Ok((amend.get_result(conn)?, proposed.get_result(conn)?))
}

/// A proposal, as stored.
#[derive(Debug, Queryable)]
pub(super) struct ProposalRow {
    pub(super) id: String,
    pub(super) book: i64,
    pub(super) status: String,
    pub(super) proposed_by: String,
    pub(super) proposed_sequence: i64,
    pub(super) decided_by: Option<String>,
    pub(super) decided_sequence: Option<i64>,
}

/// The next proposals after one, by id.
pub(super) fn proposals(conn: &mut Conn, after: &str) -> Result<Vec<ProposalRow>, DbError> {
    Ok(proposals::table
        .filter(proposals::id.gt(after))
        .order(proposals::id)
        .limit(RECORDS_PER_PAGE)
        .select((
            proposals::id,
            proposals::book,
            proposals::status,
            proposals::proposed_by,
            proposals::proposed_sequence,
            proposals::decided_by,
            proposals::decided_sequence,
        ))
        .load(conn)?)
}

/// How many events of that kind the log holds.
pub(super) fn events_of(conn: &mut Conn, kind: &str) -> Result<i64, DbError> {
    Ok(events::table
        .filter(events::kind.eq(kind))
        .count()
        .get_result(conn)?)
}

/// How many rows an audit has before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) events: u64,
    pub(super) records: u64,
    pub(super) people: u64,
    pub(super) steps: u64,
}

/// Counts the rows that an audit goes through.
pub(super) fn sizes(conn: &mut Conn) -> Result<Sizes, DbError> {
    let disbursements: i64 = disbursements::table.count().get_result(conn)?;
    let donations: i64 = donations::table.count().get_result(conn)?;
    let measurements = crate::measurements::audit_store::count(conn)?;
    let events: i64 = events::table.count().get_result(conn)?;
    let people: i64 = beneficiaries::table.count().get_result(conn)?;
    let steps: i64 = steps::table.count().get_result(conn)?;
    Ok(Sizes {
        events: events.unsigned_abs(),
        records: disbursements
            .saturating_add(donations)
            .unsigned_abs()
            .saturating_add(measurements),
        people: people.unsigned_abs(),
        steps: steps.unsigned_abs(),
    })
}
