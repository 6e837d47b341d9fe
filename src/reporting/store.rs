//! What reports read beyond the sums: which master data was there, plans in force, days below zero.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::dsl::min;
use diesel::prelude::*;

use super::series::Source;
use crate::calendar::Month;
use crate::code::Code;
use crate::db::kept::Kept;
use crate::db::place::Place;
use crate::db::schema::{
    account_sums, accounts, people_counts, plans, pledges, sale_statements, sale_sums, tallies,
    versions,
};
use crate::db::{Conn, DbError};
use crate::funds::model::Plan;
use crate::ledger::store::SumFilter;
use crate::ledger::{AccountKey, Line, Span};
use crate::money::Won;
use crate::tallies::{ALL, Sold};

/// Most back-dated accounts whose days one report looks through.
pub const MAX_ACCOUNTS_LOOKED_THROUGH: usize = 40;

/// Which master data had taken effect by a day, as (noun, code). One statement.
///
/// # Errors
/// [`DbError::Statement`].
pub fn in_effect(conn: &mut Conn, as_of: NaiveDate) -> Result<BTreeSet<(String, String)>, DbError> {
    let firsts: Vec<(String, String)> = versions::table
        .filter(versions::version.eq(1))
        .filter(versions::effective_on.le(as_of))
        .select((versions::noun, versions::code))
        .load(conn)?;
    Ok(firsts.into_iter().collect())
}

/// Reads the plan of each fund that was in force on a day: the latest to have taken effect by
/// then, or the first where the day lies before it. Three statements.
///
/// # Errors
/// [`DbError`].
pub fn plans_in_force(conn: &mut Conn, as_of: NaiveDate) -> Result<BTreeMap<Code, Plan>, DbError> {
    let heads: Vec<(String, i32, NaiveDate)> = plans::table
        .order((plans::fund, plans::version))
        .select((plans::fund, plans::version, plans::effective_on))
        .load(conn)?;
    let mut chosen: BTreeMap<Code, i32> = BTreeMap::new();
    for (fund, version, effective_on) in heads {
        let in_force = chosen.entry(Code::stored(fund)).or_insert(version);
        if effective_on <= as_of {
            *in_force = version;
        }
    }
    let keys: Vec<(Code, i32)> = chosen.into_iter().collect();
    let plans = Plan::load(conn, &keys)?;
    Ok(plans
        .into_iter()
        .map(|plan| (plan.fund.clone(), plan))
        .collect())
}

/// The first day of the first month that a kind of sum has an entry in. One statement.
///
/// # Errors
/// [`DbError::Statement`].
pub fn first_month(conn: &mut Conn, source: Source) -> Result<Option<NaiveDate>, DbError> {
    let month = Span::Month.number();
    Ok(match source {
        Source::Ledger => account_sums::table
            .filter(account_sums::span.eq(month))
            .select(min(account_sums::starts_on))
            .first(conn)?,
        Source::Tallies => tallies::table
            .filter(tallies::span.eq(month))
            .filter(tallies::payee.eq(ALL))
            .select(min(tallies::starts_on))
            .first(conn)?,
        Source::People => people_counts::table
            .filter(people_counts::span.eq(month))
            .select(min(people_counts::starts_on))
            .first(conn)?,
        Source::Sales => sale_sums::table
            .filter(sale_sums::span.eq(month))
            .select(min(sale_sums::starts_on))
            .first(conn)?,
        Source::Statements => sale_statements::table
            .select(min(sale_statements::period_end))
            .first::<Option<NaiveDate>>(conn)?
            .map(first_of_month),
        Source::Pledges => pledges::table
            .select(min(pledges::source_date))
            .first::<Option<NaiveDate>>(conn)?
            .map(first_of_month),
    })
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    Month::of(day).first_day()
}

/// Reads what a program sold on these days, one row for each product and region. One statement.
///
/// # Errors
/// [`DbError::Statement`].
pub fn sold_on(
    conn: &mut Conn,
    program: &Code,
    days: &[NaiveDate],
) -> Result<Vec<(NaiveDate, Sold)>, DbError> {
    let rows: Vec<(NaiveDate, i64, i64, i64)> = sale_sums::table
        .filter(sale_sums::span.eq(Span::Day.number()))
        .filter(sale_sums::program.eq(program.as_str()))
        .filter(sale_sums::starts_on.eq_any(days))
        .select((
            sale_sums::starts_on,
            sale_sums::grams,
            sale_sums::amount,
            sale_sums::orders,
        ))
        .load(conn)?;
    let sold = |(day, grams, amount, orders)| {
        let sold = Sold {
            grams,
            amount,
            orders,
        };
        (day, sold)
    };
    Ok(rows.into_iter().map(sold).collect())
}

/// By how much one account changed on each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDays {
    /// What the account is for.
    pub key: AccountKey,
    /// Given less taken, by day.
    pub changes: BTreeMap<NaiveDate, Won>,
}

/// Reads the days until `as_of` of limited accounts that something back-dated was taken from, and
/// whether there are more than [`MAX_ACCOUNTS_LOOKED_THROUGH`]. Two statements.
///
/// # Errors
/// [`DbError`].
pub fn backdated(
    conn: &mut Conn,
    filter: &SumFilter,
    as_of: NaiveDate,
) -> Result<(Vec<AccountDays>, bool), DbError> {
    type AccountRow = (i64, i64, String, String, i32, String);
    let limit = i64::try_from(MAX_ACCOUNTS_LOOKED_THROUGH).unwrap_or(i64::MAX);
    let mut query = accounts::table
        .filter(accounts::backdated.eq(true))
        .filter(accounts::limited.eq(true))
        .order((
            accounts::fund,
            accounts::program,
            accounts::fiscal_year,
            accounts::bucket,
        ))
        .limit(limit.saturating_add(1))
        .select((
            accounts::book,
            accounts::account,
            accounts::fund,
            accounts::program,
            accounts::fiscal_year,
            accounts::bucket,
        ))
        .into_boxed();
    if let Some(funds) = &filter.funds {
        query = query.filter(accounts::fund.eq_any(funds.iter().map(Code::as_str)));
    }
    if let Some(program) = &filter.program {
        query = query.filter(accounts::program.eq(program.as_str()));
    }
    let mut rows: Vec<AccountRow> = query.load(conn)?;
    let more = rows.len() > MAX_ACCOUNTS_LOOKED_THROUGH;
    rows.truncate(MAX_ACCOUNTS_LOOKED_THROUGH);
    let numbers: Vec<(i64, i64)> = rows.iter().map(|row| (row.0, row.1)).collect();
    let mut days = changes(conn, &numbers, as_of)?;
    let mut found = Vec::new();
    for (book, account, fund, program, fiscal_year, bucket) in rows {
        let place = Place {
            table: "accounts",
            key: &format!("{book}/{account}"),
        };
        let line = Line {
            fund: Code::stored_or_none(fund),
            program: Code::stored_or_none(program),
            fiscal_year: (fiscal_year != 0).then_some(fiscal_year),
        };
        found.push(AccountDays {
            key: line.bucket(place.name(&bucket)?),
            changes: days.remove(&(book, account)).unwrap_or_default(),
        });
    }
    Ok((found, more))
}

type Days = BTreeMap<(i64, i64), BTreeMap<NaiveDate, Won>>;

fn changes(conn: &mut Conn, accounts: &[(i64, i64)], as_of: NaiveDate) -> Result<Days, DbError> {
    type DayRow = (i64, i64, NaiveDate, i64, i64);
    let rows: Vec<DayRow> = account_sums::table
        .filter(account_sums::span.eq(Span::Day.number()))
        .filter(account_sums::book.eq_any(accounts.iter().map(|(book, _)| book)))
        .filter(account_sums::account.eq_any(accounts.iter().map(|(_, account)| account)))
        .filter(account_sums::starts_on.le(as_of))
        .select((
            account_sums::book,
            account_sums::account,
            account_sums::starts_on,
            account_sums::debit,
            account_sums::credit,
        ))
        .load(conn)?;
    let mut days = Days::new();
    for (book, account, day, debit, credit) in rows {
        let sum = days
            .entry((book, account))
            .or_default()
            .entry(day)
            .or_default();
        let change = Won::new(credit).checked_sub(Won::new(debit));
        *sum = change
            .and_then(|change| sum.checked_add(change))
            .map_err(|error| DbError::Schema(format!("sums of account {account}: {error}")))?;
    }
    Ok(days)
}
