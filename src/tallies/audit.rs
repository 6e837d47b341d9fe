//! The audit of the sums of programs and sales: derived again from the records.
//!
//! What each record did comes from the audit of the records through [`Derived`]; sales are read
//! here, in pages. Each sum is expanded from its days to all three spans and both lines, without
//! the code that keeps the stored ones, and compared in both directions.
//!
//! Memory: the day sums by place and product; it does not grow with the number of records.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::NaiveDate;

use super::audit_store::{self, SaleRow, SaleSumRow, TallyRow};
use super::measured::Measured;
use super::{ALL, Measure};
use crate::db::{Conn, DbError};
use crate::difference::{Findings, Sides};
use crate::ledger::Span;
use crate::text_enum::TextEnum;

/// Under which program, place and payee something is summed, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The program; empty for direct giving.
    pub program: String,
    /// The fund; empty outside any.
    pub fund: String,
    /// Where; empty where it is not known.
    pub region: String,
    /// What sort of payee.
    pub payee: String,
    /// In what form.
    pub form: String,
}

type Days = BTreeMap<(Measure, NaiveDate), i128>;

/// What records did, by book, place and day.
#[derive(Debug, Default)]
pub struct Derived(BTreeMap<i64, HashMap<Place, Days>>);

impl Derived {
    /// Adds what a record did at a place: on each day so much of each measure.
    pub fn add(
        &mut self,
        book: i64,
        place: Place,
        changes: impl IntoIterator<Item = (Measure, NaiveDate, i128)>,
    ) {
        let days = self.0.entry(book).or_default().entry(place).or_default();
        for (measure, on, amount) in changes {
            let sum = days.entry((measure, on)).or_default();
            *sum = sum.saturating_add(amount);
        }
    }
}

/// Compares the sums of programs with what records did; returns how many are stored.
///
/// # Errors
/// [`DbError`] when a statement fails.
pub fn verify_programs(
    conn: &mut Conn,
    derived: &Derived,
    findings: &mut Findings,
) -> Result<u64, DbError> {
    let nothing = HashMap::new();
    let mut sums = 0_u64;
    for span in Span::ALL {
        let stored = audit_store::tallies(conn, span.number())?;
        sums = sums.saturating_add(length(&stored));
        let stored = by_book(stored, derived.0.keys(), |row| row.book);
        for (book, stored) in stored {
            let places = derived.0.get(&book).unwrap_or(&nothing);
            compare_programs(book, span, places, &stored, findings);
        }
    }
    Ok(sums)
}

/// Rows by their book, and each book of which something is derived.
fn by_book<'a, T>(
    rows: Vec<T>,
    derived: impl Iterator<Item = &'a i64>,
    book: impl Fn(&T) -> i64,
) -> BTreeMap<i64, Vec<T>> {
    let mut books: BTreeMap<i64, Vec<T>> = derived.map(|book| (*book, Vec::new())).collect();
    for row in rows {
        books.entry(book(&row)).or_default().push(row);
    }
    books
}

fn compare_programs(
    book: i64,
    span: Span,
    places: &HashMap<Place, Days>,
    stored: &[TallyRow],
    findings: &mut Findings,
) {
    let mut sides: Sides<([&str; 6], NaiveDate), i128> = Sides::default();
    for (place, changes) in places {
        let Place {
            program,
            fund,
            region,
            payee,
            form,
        } = place;
        for ((measure, on), amount) in changes {
            for (region, payee) in [(ALL, ALL), (region, payee)] {
                let names = [program, fund, region, payee, form, measure.as_str()];
                let sum = sides.expected((names, span.starts_on(*on)));
                *sum = sum.saturating_add(*amount);
            }
        }
    }
    for row in stored {
        let place = [&row.program, &row.fund, &row.region, &row.payee, &row.form];
        let [program, fund, region, payee, form] = place.map(String::as_str);
        for (measure, amount) in Measured::of(row.sums.into()).told() {
            let names = [program, fund, region, payee, form, measure.as_str()];
            *sides.found((names, row.starts_on)) = i128::from(amount);
        }
    }
    for ((names, starts_on), expected, found) in sides.differing() {
        let place = format!("book {book} {} {starts_on} {span:?}", names.join("/"));
        findings.differ("tally", place, expected, found);
    }
}

/// A quantity sold; wide enough for any number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sold {
    grams: i128,
    amount: i128,
    orders: i128,
}

impl Sold {
    fn add(&mut self, sign: i128, (grams, amount, orders): (i64, i64, i64)) {
        let plus = |sum: i128, part: i64| sum.saturating_add(i128::from(part).saturating_mul(sign));
        self.grams = plus(self.grams, grams);
        self.amount = plus(self.amount, amount);
        self.orders = plus(self.orders, orders);
    }
}

impl fmt::Display for Sold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} g, {} won, {} orders",
            self.grams, self.amount, self.orders
        )
    }
}

/// Program, product, region and a day.
type SaleKey = (String, String, String, NaiveDate);
type SaleDays = BTreeMap<i64, HashMap<SaleKey, Sold>>;

/// Compares the sums of sales with the sales; returns how many sales and sums there are.
///
/// # Errors
/// [`DbError`] when a statement fails.
pub fn verify_sales(conn: &mut Conn, findings: &mut Findings) -> Result<(u64, u64), DbError> {
    let (mut derived, mut sales) = (SaleDays::new(), 0_u64);
    let mut after = String::new();
    loop {
        let page = audit_store::sales(conn, &after)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        sales = sales.saturating_add(length(&page));
        for row in page {
            sell(row, &mut derived, findings);
        }
    }
    let nothing = HashMap::new();
    let mut sums = 0_u64;
    for span in Span::ALL {
        let stored = audit_store::sale_sums(conn, span.number())?;
        sums = sums.saturating_add(length(&stored));
        for (book, stored) in by_book(stored, derived.keys(), |row| row.book) {
            let days = derived.get(&book).unwrap_or(&nothing);
            compare_sales(book, span, days, stored, findings);
        }
    }
    Ok((sales, sums))
}

/// Adds a sale on its day, and takes a cancelled one back on the day it was cancelled.
fn sell(row: SaleRow, derived: &mut SaleDays, findings: &mut Findings) {
    let status = if row.cancelled_on.is_some() {
        "cancelled"
    } else {
        "recorded"
    };
    findings.compare(
        "record_status",
        format_args!("sale:{}", row.id),
        status,
        row.status.as_str(),
    );
    let days = derived.entry(row.book).or_default();
    let sold = (row.grams, row.amount, row.orders);
    let key = (row.program, row.product, row.region, row.sold_on);
    if let Some(on) = row.cancelled_on {
        let (program, product, region, _) = key.clone();
        days.entry((program, product, region, on))
            .or_default()
            .add(-1, sold);
    }
    days.entry(key).or_default().add(1, sold);
}

fn compare_sales(
    book: i64,
    span: Span,
    days: &HashMap<SaleKey, Sold>,
    stored: Vec<SaleSumRow>,
    findings: &mut Findings,
) {
    let mut sides: Sides<SaleKey, Sold> = Sides::default();
    for ((program, product, region, on), sold) in days {
        let starts_on = span.starts_on(*on);
        let sum = sides.expected((program.clone(), product.clone(), region.clone(), starts_on));
        sum.grams = sum.grams.saturating_add(sold.grams);
        sum.amount = sum.amount.saturating_add(sold.amount);
        sum.orders = sum.orders.saturating_add(sold.orders);
    }
    for row in stored {
        let key = (row.program, row.product, row.region, row.starts_on);
        sides.found(key).add(1, (row.grams, row.amount, row.orders));
    }
    for ((program, product, region, starts_on), expected, found) in sides.differing() {
        let place = format!("book {book} {program}/{product}/{region}/{starts_on} {span:?}");
        findings.differ("sale_sum", place, expected, found);
    }
}

pub(super) fn length<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, month, n).unwrap()
    }

    fn codes(findings: &Findings) -> Vec<(&'static str, String)> {
        let kept = findings.kept().iter();
        kept.map(|d| (d.what, format!("{} {}", d.expected, d.found)))
            .collect()
    }

    #[test]
    fn a_program_is_summed_in_place_and_as_a_whole_and_rows_too_many_are_found() {
        let place = Place {
            program: "program".to_owned(),
            fund: String::new(),
            region: "11".to_owned(),
            payee: "merchant".to_owned(),
            form: "cash".to_owned(),
        };
        let mut derived = Derived::default();
        let changes = [(Measure::Paid, day(8, 1), 5), (Measure::Paid, day(8, 9), 6)];
        derived.add(1, place, changes);
        let row = |region: &str, payee: &str, sums| TallyRow {
            book: 1,
            program: "program".to_owned(),
            fund: String::new(),
            region: region.to_owned(),
            payee: payee.to_owned(),
            form: "cash".to_owned(),
            starts_on: day(8, 1),
            sums,
        };
        let mut findings = Findings::default();
        let paid = (0, 0, 11, 0, 0, 0, 0);
        let stored = [row(ALL, ALL, paid), row("11", "merchant", paid)];
        compare_programs(1, Span::Month, &derived.0[&1], &stored, &mut findings);
        assert_eq!(codes(&findings), []);
        let stored = [
            row(ALL, ALL, (0, 0, 12, 0, 0, 0, 0)),
            row("11", "merchant", (0, 3, 0, 0, 0, 0, 0)),
        ];
        compare_programs(1, Span::Month, &derived.0[&1], &stored, &mut findings);
        let expected = [("tally", "11 12"), ("tally", "0 3"), ("tally", "11 0")];
        assert_eq!(
            codes(&findings),
            expected.map(|(what, sides)| (what, sides.to_owned()))
        );
    }

    #[test]
    fn a_cancelled_sale_counts_until_the_day_it_was_cancelled() {
        let row = SaleRow {
            id: "sale".to_owned(),
            book: 1,
            program: "program".to_owned(),
            product: "apples".to_owned(),
            region: String::new(),
            sold_on: day(8, 1),
            grams: 1_000,
            amount: 50,
            orders: 2,
            status: "cancelled".to_owned(),
            cancelled_on: Some(day(9, 1)),
        };
        let (mut derived, mut findings) = (SaleDays::new(), Findings::default());
        sell(row, &mut derived, &mut findings);
        let stored = |month, amount| SaleSumRow {
            book: 1,
            program: "program".to_owned(),
            product: "apples".to_owned(),
            region: String::new(),
            starts_on: day(month, 1),
            grams: amount * 20,
            amount,
            orders: amount / 25,
        };
        let months = vec![stored(8, 50), stored(9, -50)];
        compare_sales(1, Span::Month, &derived[&1], months, &mut findings);
        assert_eq!(codes(&findings), []);
        compare_sales(
            1,
            Span::Month,
            &derived[&1],
            vec![stored(8, 50)],
            &mut findings,
        );
        assert_eq!(findings.kept()[0].expected, "-1000 g, -50 won, -2 orders");
    }
}
