//! Records and their steps as an audit reads them: in pages by id.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::replay::{Amounts, Noun};
use crate::db::schema::{beneficiaries, disbursements, donations, events, steps};
use crate::db::{Conn, DbError};
use crate::tallies::audit::Place;

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
}

/// A step, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct StepRow {
    record: String,
    pub(super) step: i32,
    pub(super) verb: String,
    pub(super) effective_on: NaiveDate,
    pub(super) sequence: i64,
    pub(super) amount: Option<i64>,
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
        Noun::Disbursement => {
            let rows: Vec<(Columns, String, String)> = disbursements::table
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
                ))
                .load(conn)?;
            Ok(rows
                .into_iter()
                .map(|(row, region, payee)| row.with(region, payee, None))
                .collect())
        }
        Noun::Donation => {
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
    }
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
