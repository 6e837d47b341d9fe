//! The tables of sums: written with the group, read by reports.

mod histories;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::measured::Measured;
use super::people::{Scope, Standing};
use super::{ALL, Measure, Pending, Sold};
use crate::beneficiaries::model::BeneficiaryId;
use crate::code::{Code, or_empty};
use crate::db::among::AmongKeys;
use crate::db::dialect::upsert_rows;
use crate::db::kept::{Kept, Saved, by_common};
use crate::db::schema::{people, people_counts, sale_sums, tallies};
use crate::db::times::Day;
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::ledger::{Form, Span};
use crate::money::{MoneyError, Won};
use crate::text_enum::TextEnum;

pub use histories::{PEOPLE_PER_PAGE, people_after, whole_histories};

#[derive(Insertable)]
#[diesel(table_name = tallies, treat_none_as_default_value = false)]
struct TallyRow<'a> {
    span: i32,
    payee: &'a str,
    starts_on: Day,
    program: &'a str,
    fund: &'a str,
    region: &'a str,
    form: &'static str,
    book: i64,
    submitted: i64,
    approved: i64,
    paid: i64,
    refunded: i64,
    payments: i64,
    donations: i64,
    receipts: i64,
}

#[derive(Insertable)]
#[diesel(table_name = sale_sums, treat_none_as_default_value = false)]
struct SaleRow<'a> {
    book: i64,
    program: &'a str,
    product: &'a str,
    region: &'a str,
    span: i32,
    starts_on: Day,
    grams: i64,
    amount: i64,
    orders: i64,
}

#[derive(Insertable)]
#[diesel(table_name = people_counts, treat_none_as_default_value = false)]
struct CountRow<'a> {
    scope: &'a str,
    span: i32,
    starts_on: Day,
    people: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
struct StandingRow {
    person: String,
    scope: String,
    net: i64,
    last_on: Day,
    since: Option<Day>,
}

/// The key of a sum, in the order of the table's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SumKey<'a> {
    span: Span,
    payee: &'static str,
    starts_on: NaiveDate,
    program: &'a str,
    fund: &'a str,
    region: &'static str,
    form: Form,
}

/// Of a row that is there already.
struct UpsertTallies;

impl Words for UpsertTallies {
    const WORDS: &'static str = "ON CONFLICT (span, payee, starts_on, program, fund, region, form, book) DO UPDATE SET \
        submitted = tallies.submitted + excluded.submitted, \
        approved = tallies.approved + excluded.approved, \
        paid = tallies.paid + excluded.paid, \
        refunded = tallies.refunded + excluded.refunded, \
        payments = tallies.payments + excluded.payments, \
        donations = tallies.donations + excluded.donations, \
        receipts = tallies.receipts + excluded.receipts";
}

/// Of a row that is there already.
struct UpsertSaleSums;

impl Words for UpsertSaleSums {
    const WORDS: &'static str = "ON CONFLICT (span, starts_on, program, product, region, book) DO UPDATE SET \
        grams = sale_sums.grams + excluded.grams, \
        amount = sale_sums.amount + excluded.amount, \
        orders = sale_sums.orders + excluded.orders";
}

/// Of a row that is there already.
struct UpsertPeopleCounts;

impl Words for UpsertPeopleCounts {
    const WORDS: &'static str = "ON CONFLICT (span, starts_on, scope) DO UPDATE SET \
        people = people_counts.people + excluded.people";
}

/// Of a row that is there already.
struct UpsertPeople;

impl Words for UpsertPeople {
    const WORDS: &'static str = "ON CONFLICT (person, scope) DO UPDATE SET \
        net = excluded.net, last_on = excluded.last_on, since = excluded.since";
}

impl Pending {
    /// Adds what is pending to the sums of `book`: each table once.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub fn write(&self, conn: &mut Conn, book: i64) -> Result<(), DbError> {
        self.write_tallies(conn, book)?;
        self.write_sales(conn, book)?;
        self.write_compensation(conn, book)?;
        self.write_counts(conn)
    }

    fn write_tallies(&self, conn: &mut Conn, book: i64) -> Result<(), DbError> {
        let sums = self
            .tallies_by_span()
            .map_err(|error| DbError::Schema(error.to_string()))?;
        let rows: Vec<TallyRow<'_>> = sums
            .into_iter()
            .filter(|(_, sums)| *sums != Measured::default())
            .map(|(key, sums)| TallyRow {
                span: key.span.number(),
                payee: key.payee,
                starts_on: Day(key.starts_on),
                program: key.program,
                fund: key.fund,
                region: key.region,
                form: key.form.as_str(),
                book,
                submitted: sums.get(Measure::Submitted),
                approved: sums.get(Measure::Approved),
                paid: sums.get(Measure::Paid),
                refunded: sums.get(Measure::Refunded),
                payments: sums.get(Measure::Payments),
                donations: sums.get(Measure::Donations),
                receipts: sums.get(Measure::Receipts),
            })
            .collect();
        Ok(upsert_rows!(conn, tallies::table, rows, UpsertTallies)?)
    }

    /// What the days add to the lines as a whole and to their own places, in each span.
    fn tallies_by_span(&self) -> Result<BTreeMap<SumKey<'_>, Measured>, MoneyError> {
        let mut sums: BTreeMap<SumKey<'_>, Measured> = BTreeMap::new();
        for (key, day) in &self.tallies {
            for (region, payee) in [(ALL, ALL), (key.region, key.payee)] {
                for span in Span::ALL {
                    let sum = sums.entry(SumKey {
                        span,
                        payee,
                        starts_on: span.starts_on(key.on),
                        program: or_empty(key.program.as_ref()),
                        fund: or_empty(key.fund.as_ref()),
                        region,
                        form: key.form,
                    });
                    let sum = sum.or_default();
                    *sum = sum.plus(*day)?;
                }
            }
        }
        Ok(sums)
    }

    fn write_sales(&self, conn: &mut Conn, book: i64) -> Result<(), DbError> {
        let rows: Vec<SaleRow<'_>> = self
            .sales
            .iter()
            .map(
                |((program, product, region, span, starts_on), sold)| SaleRow {
                    book,
                    program,
                    product,
                    region,
                    span: span.number(),
                    starts_on: Day(*starts_on),
                    grams: sold.grams,
                    amount: sold.amount,
                    orders: sold.orders,
                },
            )
            .collect();
        Ok(upsert_rows!(conn, sale_sums::table, rows, UpsertSaleSums)?)
    }

    fn write_counts(&self, conn: &mut Conn) -> Result<(), DbError> {
        let rows: Vec<CountRow<'_>> = self
            .counts
            .iter()
            .filter(|(_, people)| **people != 0)
            .map(|((scope, span, starts_on), people)| CountRow {
                scope,
                span: span.number(),
                starts_on: Day(*starts_on),
                people: *people,
            })
            .collect();
        Ok(upsert_rows!(
            conn,
            people_counts::table,
            rows,
            UpsertPeopleCounts
        )?)
    }
}

impl Kept for Standing {
    type Key = (String, BeneficiaryId);

    fn key(&self) -> Self::Key {
        (self.scope.clone(), self.person.clone())
    }

    /// Who the person is was asked before, which locked them: what is read is what will be changed.
    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let mut rows: Vec<StandingRow> = Vec::new();
        let keys = keys.iter().map(|(scope, person)| (scope, person.as_str()));
        for (scope, persons) in by_common(keys) {
            let found = people::table
                .filter(people::scope.eq(scope))
                .filter(people::person.among(persons))
                .load(conn)?;
            rows.extend::<Vec<StandingRow>>(found);
        }
        Ok(rows
            .into_iter()
            .map(|row| Self {
                scope: row.scope,
                person: BeneficiaryId::stored(row.person),
                net: Won::new(row.net),
                last_on: row.last_on.0,
                since: row.since.map(|day| day.0),
            })
            .collect())
    }
}

impl Saved for Standing {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<StandingRow> = new
            .iter()
            .chain(changed)
            .map(|standing| StandingRow {
                scope: standing.scope.clone(),
                person: standing.person.to_string(),
                net: standing.net.get(),
                last_on: Day(standing.last_on),
                since: standing.since.map(Day),
            })
            .collect();
        Ok(upsert_rows!(conn, people::table, rows, UpsertPeople)?)
    }
}

/// One sum of what programs did, as a report reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallySum {
    /// The program; none for direct giving.
    pub program: Option<Code>,
    /// The fund; none outside any.
    pub fund: Option<Code>,
    /// A region code, nothing where it is not known, or [`super::ALL`].
    pub region: String,
    /// What sort of payee, or [`super::ALL`].
    pub payee: String,
    /// In what form.
    pub form: Form,
    /// What is summed.
    pub measure: Measure,
    /// The first day of the span.
    pub starts_on: NaiveDate,
    /// Won, or a number of records.
    pub amount: i64,
}

/// Which tallies a report reads.
#[derive(Debug, Clone, Default)]
pub struct TallyFilter {
    /// Only this program.
    pub program: Option<Code>,
    /// Only these funds.
    pub funds: Option<Vec<Code>>,
    /// By place and payee, in place of the lines as a whole.
    pub by_place: bool,
    /// Only these payees; with `by_place`.
    pub payees: Option<Vec<&'static str>>,
}

/// Reads the tallies of one span that start on a day of `from..=to`.
///
/// # Errors
/// [`DbError::Statement`].
pub fn read(
    conn: &mut Conn,
    filter: &TallyFilter,
    span: Span,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<TallySum>, DbError> {
    // Lines as a whole have a payee of their own, so that either sort is found by the key.
    let payees = match (&filter.payees, filter.by_place) {
        (_, false) => vec![ALL],
        (Some(payees), true) => payees.clone(),
        (None, true) => super::payees(),
    };
    let mut query = tallies::table
        .filter(tallies::span.eq(span.number()))
        .filter(tallies::payee.eq_any(payees))
        .filter(tallies::starts_on.ge(from))
        .filter(tallies::starts_on.le(to))
        .select((
            (
                tallies::program,
                tallies::fund,
                tallies::region,
                tallies::payee,
                tallies::form,
                tallies::starts_on,
            ),
            (
                tallies::submitted,
                tallies::approved,
                tallies::paid,
                tallies::refunded,
                tallies::payments,
                tallies::donations,
                tallies::receipts,
            ),
        ))
        .into_boxed();
    if let Some(program) = &filter.program {
        query = query.filter(tallies::program.eq(program.as_str()));
    }
    if let Some(funds) = &filter.funds {
        query = query.filter(tallies::fund.eq_any(funds.iter().map(Code::as_str)));
    }
    let rows: Vec<(PlaceColumns, MeasureColumns)> = query.load(conn)?;
    Ok(rows.into_iter().filter_map(sums_of).flatten().collect())
}

/// Program, fund, region, payee, form and day, as stored.
type PlaceColumns = (String, String, String, String, String, NaiveDate);
/// A number for each measure, in its order.
type MeasureColumns = (i64, i64, i64, i64, i64, i64, i64);

fn sums_of(
    ((program, fund, region, payee, form, starts_on), sums): (PlaceColumns, MeasureColumns),
) -> Option<impl Iterator<Item = TallySum>> {
    let form = Form::from_name(&form)?;
    let told = Measured::of(sums.into()).told();
    Some(told.map(move |(measure, amount)| TallySum {
        program: Code::stored_or_none(program.clone()),
        fund: Code::stored_or_none(fund.clone()),
        region: region.clone(),
        payee: payee.clone(),
        form,
        measure,
        starts_on,
        amount,
    }))
}

/// Reads how the number of distinct people changed: (scope, first day of the span, change).
///
/// # Errors
/// [`DbError::Statement`].
pub fn people_counts(
    conn: &mut Conn,
    scopes: Option<&[Scope]>,
    span: Span,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, NaiveDate, i64)>, DbError> {
    let mut query = people_counts::table
        .filter(people_counts::span.eq(span.number()))
        .filter(people_counts::starts_on.ge(from))
        .filter(people_counts::starts_on.le(to))
        .select((
            people_counts::scope,
            people_counts::starts_on,
            people_counts::people,
        ))
        .into_boxed();
    if let Some(scopes) = scopes {
        query = query.filter(people_counts::scope.eq_any(scopes.iter().map(Scope::to_string)));
    }
    Ok(query.load(conn)?)
}

/// One sum of sales, as a report reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleSum {
    /// The program.
    pub program: Code,
    /// The code of the product.
    pub product: Code,
    /// A region code, or nothing where it is not known.
    pub region: String,
    /// The first day of the span.
    pub starts_on: NaiveDate,
    /// What was sold.
    pub sold: Sold,
}

/// Reads the sums of sales of one span that start on a day of `from..=to`.
///
/// # Errors
/// [`DbError::Statement`].
pub fn sale_sums(
    conn: &mut Conn,
    program: Option<&Code>,
    span: Span,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<SaleSum>, DbError> {
    type Row = (String, String, String, NaiveDate, i64, i64, i64);
    let mut query = sale_sums::table
        .filter(sale_sums::span.eq(span.number()))
        .filter(sale_sums::starts_on.ge(from))
        .filter(sale_sums::starts_on.le(to))
        .select((
            sale_sums::program,
            sale_sums::product,
            sale_sums::region,
            sale_sums::starts_on,
            sale_sums::grams,
            sale_sums::amount,
            sale_sums::orders,
        ))
        .into_boxed();
    if let Some(program) = program {
        query = query.filter(sale_sums::program.eq(program.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(program, product, region, starts_on, grams, amount, orders)| SaleSum {
                program: Code::stored(program),
                product: Code::stored(product),
                region,
                starts_on,
                sold: Sold {
                    grams,
                    amount,
                    orders,
                },
            },
        )
        .collect())
}
