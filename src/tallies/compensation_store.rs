//! The table of what compensation programs did: written with the group, read by its report.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Pending;
use super::compensation::Compensated;
use crate::code::Code;
use crate::db::dialect::upsert_rows;
use crate::db::place::Place;
use crate::db::schema::compensation_sums;
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::ledger::{Form, Span};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = compensation_sums, treat_none_as_default_value = false)]
struct Row {
    book: i64,
    program: String,
    rule_version: String,
    tier: String,
    form: String,
    span: i32,
    starts_on: NaiveDate,
    records: i64,
    named: i64,
    counted: i64,
    assessed_loss: i64,
    cost: i64,
    list: i64,
    without_list: i64,
    fair: i64,
    without_fair: i64,
    approved: i64,
    paid: i64,
    refunded: i64,
}

/// One sum of compensation, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompensationSum {
    /// The book.
    pub book: i64,
    /// The program.
    pub program: Code,
    /// The version of the rules; empty where nothing was assessed.
    pub rule_version: String,
    /// The tier; empty where nothing was assessed.
    pub tier: String,
    /// In what form.
    pub form: Form,
    /// The first day of the span.
    pub starts_on: NaiveDate,
    /// The sum.
    pub sum: Compensated,
}

/// Of a row that is there already.
struct UpsertSums;

impl Words for UpsertSums {
    const WORDS: &'static str = "ON CONFLICT (book, span, program, rule_version, tier, form, starts_on) DO UPDATE SET \
        records = compensation_sums.records + excluded.records, \
        named = compensation_sums.named + excluded.named, \
        counted = compensation_sums.counted + excluded.counted, \
        assessed_loss = compensation_sums.assessed_loss + excluded.assessed_loss, \
        cost = compensation_sums.cost + excluded.cost, \
        list = compensation_sums.list + excluded.list, \
        without_list = compensation_sums.without_list + excluded.without_list, \
        fair = compensation_sums.fair + excluded.fair, \
        without_fair = compensation_sums.without_fair + excluded.without_fair, \
        approved = compensation_sums.approved + excluded.approved, \
        paid = compensation_sums.paid + excluded.paid, \
        refunded = compensation_sums.refunded + excluded.refunded";
}

impl Pending {
    /// Adds what is pending to the sums of compensation of `book`.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub(super) fn write_compensation(&self, conn: &mut Conn, book: i64) -> Result<(), DbError> {
        use compensation_sums as sums;
        let rows: Vec<Row> = self
            .compensation
            .iter()
            .map(|(key, sum)| {
                let (program, rule_version, tier, form, span, starts_on) = key;
                Row {
                    book,
                    program: program.clone(),
                    rule_version: rule_version.clone(),
                    tier: tier.clone(),
                    form: form.to_string(),
                    span: span.number(),
                    starts_on: *starts_on,
                    records: sum.records,
                    named: sum.named,
                    counted: sum.counted,
                    assessed_loss: sum.assessed_loss,
                    cost: sum.cost,
                    list: sum.list,
                    without_list: sum.without_list,
                    fair: sum.fair,
                    without_fair: sum.without_fair,
                    approved: sum.approved,
                    paid: sum.paid,
                    refunded: sum.refunded,
                }
            })
            .collect();
        Ok(upsert_rows!(conn, sums::table, rows, UpsertSums)?)
    }
}

/// Reads the sums of compensation of one span that start on a day of `from..=to`: of one program,
/// or of all.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn read(
    conn: &mut Conn,
    program: Option<&Code>,
    span: Span,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<CompensationSum>, DbError> {
    let mut query = compensation_sums::table
        .filter(compensation_sums::span.eq(span.number()))
        .filter(compensation_sums::starts_on.ge(from))
        .filter(compensation_sums::starts_on.le(to))
        .select(Row::as_select())
        .into_boxed();
    if let Some(program) = program {
        query = query.filter(compensation_sums::program.eq(program.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::into_sum).collect()
}

/// Reads every sum of compensation of one span.
///
/// # Errors
/// As [`read`].
pub(super) fn all(conn: &mut Conn, span: Span) -> Result<Vec<CompensationSum>, DbError> {
    let rows: Vec<Row> = compensation_sums::table
        .filter(compensation_sums::span.eq(span.number()))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::into_sum).collect()
}

impl Row {
    fn into_sum(self) -> Result<CompensationSum, DbError> {
        let place = Place {
            table: "compensation_sums",
            key: &self.program,
        };
        Ok(CompensationSum {
            form: place.name(&self.form)?,
            book: self.book,
            sum: Compensated {
                records: self.records,
                named: self.named,
                counted: self.counted,
                assessed_loss: self.assessed_loss,
                cost: self.cost,
                list: self.list,
                without_list: self.without_list,
                fair: self.fair,
                without_fair: self.without_fair,
                approved: self.approved,
                paid: self.paid,
                refunded: self.refunded,
            },
            program: Code::stored(self.program),
            rule_version: self.rule_version,
            tier: self.tier,
            starts_on: self.starts_on,
        })
    }
}
