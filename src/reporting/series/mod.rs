//! `GET /v1/reports/series`: one metric over time.
//!
//! Flow: the question is checked; the sums of its days are read; each entry is put in its group
//! and period; periods without entries are listed with nothing. A flow says what happened in a
//! period. Distinct people, buyers and pledges met say what stood at its end, and are never added. By fund, commitments
//! and contributions are each fund's own, so that groups add up; distinct people are those of a
//! fund with its children. Compensation counts under its own program and kind only.
//!
//! Where small cells are hidden, a region with a small cell in any period is hidden in all.
//!
//! Cost: the statements of `funds::store::all` and `programs::store::all`, one each for names, one
//! for the first month, at most three for the sums; five for people, whose count before the first
//! period is read as well. Buyers cost one statement, pledges what their report costs for each period.
//! At most [`MAX_POINTS`] points.

mod groups;
mod periods;
mod query;
mod values;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::books::count;
use super::checks::Broken;
use super::places::RegionBasis;
use super::until::{self, Piece};
use super::{CURRENCY, ReportError, declared, master, pledges, store};
use crate::code::Name;
use crate::db::Conn;
use crate::ledger;
use crate::ledger::Span as SumSpan;
use crate::ledger::store::SumFilter;
use crate::statements::model::BuyersBasis;
use crate::tallies::people::Scope;
use crate::tallies::store::TallyFilter;
use crate::tallies::{RECIPIENT_END, RECIPIENT_INTERMEDIARY};
use crate::{statements, tallies};

use groups::{Group, Groups};
pub use periods::Span;
pub use query::{
    Basis, GroupBy, Interval, MAX_POINTS, Metric, SeriesQuery, Source, Unit, too_many_points,
};
use values::{Read, small_regions, values};

/// Most periods of a series of pledges, which are read anew for the end of each.
const MAX_PLEDGE_PERIODS: usize = 120;

/// One metric over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The day.
    pub as_of: NaiveDate,
    /// Of the values, where they are won.
    pub currency: Option<&'static str>,
    /// What is followed.
    pub metric: Metric,
    /// In what it is counted.
    pub unit: Unit,
    /// How long each period is.
    pub interval: Interval,
    /// By what it is told apart.
    pub group_by: GroupBy,
    /// Of which day the regions are.
    pub region_basis: RegionBasis,
    /// What a value says of its period.
    pub basis: Basis,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The groups with entries; one where nothing is told apart.
    pub groups: Vec<SeriesGroup>,
}

/// One line of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeriesGroup {
    /// `all`, the code of a program, fund or 시도, or a kind; none for what has none.
    pub key: Option<String>,
    /// What it is called; none where the key says it all.
    pub name: Option<Name>,
    /// Whether it is a region that ended, and nobody knows in which 시도 its area lies today.
    pub ended: bool,
    /// Whether the values are hidden.
    pub suppressed: bool,
    /// Every period of the series.
    pub points: Vec<Point>,
    /// The values together; none where they are never added, or hidden.
    pub total: Option<String>,
}

/// One value of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The name of the period, such as `2022-08`.
    pub period: String,
    /// Its first day within the series.
    pub starts_on: NaiveDate,
    /// The value, as a decimal; none where it is hidden.
    pub value: Option<String>,
    /// How many disbursements are in what was approved; none for other metrics, and where hidden.
    pub payments: Option<i64>,
}

/// Reports one metric over time, as of a day.
///
/// # Errors
/// [`ReportError`]; [`ReportError::Fields`] for what cannot be asked and for too many points.
pub fn series(
    conn: &mut Conn,
    query: &SeriesQuery,
    as_of: NaiveDate,
    suppress_small_cells: bool,
) -> Result<Series, ReportError> {
    let source = query.check(as_of).map_err(ReportError::Fields)?;
    let to = query.to.unwrap_or(as_of);
    let from = match query.from {
        Some(from) => from,
        None => store::first_month(conn, source)?.map_or(to, |first| first.min(to)),
    };
    let too_many = || ReportError::Fields(too_many_points(MAX_POINTS));
    let periods = periods::of(query.interval, from, to).ok_or_else(too_many)?;
    let (funds, programs) = (master::funds(conn, as_of)?, master::programs(conn, as_of)?);
    let groups = Groups {
        group_by: query.group_by,
        regions: query.regions,
        funds: &funds,
        programs: &programs,
    };
    let rows = read(conn, source, query, (from, to), &periods, &groups)?;
    let in_series = |broken: Broken| broken.in_report("series");
    let hidden = if suppress_small_cells {
        small_regions(&rows, &periods, &groups).map_err(in_series)?
    } else {
        BTreeSet::new()
    };
    let values = values(&rows, query.metric, &periods, &groups).map_err(in_series)?;
    if values.len().saturating_mul(periods.len()) > MAX_POINTS {
        return Err(too_many());
    }
    let payments = match query.metric {
        Metric::Approved => {
            Some(self::values(&rows, Metric::Payments, &periods, &groups).map_err(in_series)?)
        }
        _ => None,
    };
    let unit = query.metric.unit();
    let basis = query.metric.basis();
    let lines = values.into_iter().map(|(group, values)| {
        let shown = Shown {
            periods: &periods,
            values: &values,
            payments: payments.as_ref().map(|of| of.get(&group)),
            suppressed: hidden.contains(&group),
        };
        line(&groups, &group, &shown, unit, basis)
    });
    Ok(Series {
        as_of,
        currency: (unit == Unit::Krw).then_some(CURRENCY),
        metric: query.metric,
        unit,
        interval: query.interval,
        group_by: query.group_by,
        region_basis: query.regions.basis,
        basis,
        from,
        to,
        groups: lines.collect::<Result<_, _>>().map_err(in_series)?,
    })
}

fn read(
    conn: &mut Conn,
    source: Source,
    query: &SeriesQuery,
    (from, to): (NaiveDate, NaiveDate),
    periods: &[Span],
    groups: &Groups<'_>,
) -> Result<Read, ReportError> {
    let pieces: Vec<Piece> = match query.interval {
        Interval::Day => vec![(SumSpan::Day, (from, to))],
        Interval::Month | Interval::Quarter | Interval::Year => until::between(from, to),
    };
    Ok(match source {
        Source::Ledger => Read::Ledger(until::read(&pieces, |span, days| {
            ledger::store::sums(conn, &SumFilter::default(), span, days)
        })?),
        Source::Tallies => {
            let gifts = vec![RECIPIENT_END, RECIPIENT_INTERMEDIARY];
            let donated = query.metric == Metric::Donated;
            let filter = TallyFilter {
                by_place: donated || query.group_by == GroupBy::Region,
                payees: donated.then_some(gifts),
                ..TallyFilter::default()
            };
            Read::Tallies(until::read(&pieces, |span, days| {
                tallies::store::read(conn, &filter, span, days)
            })?)
        }
        Source::People => {
            let mut all = until::between(until::earliest(), until::before(from));
            all.extend(pieces);
            let scopes = scopes(groups);
            Read::Standing(until::read(&all, |span, days| {
                tallies::store::people_counts(conn, Some(&scopes), span, days)
            })?)
        }
        Source::Statements => Read::Standing(buyers(conn, to)?),
        Source::Pledges => Read::Standing(pledges_met(conn, periods, to, query.regions.today)?),
        Source::Sales => Read::Sales(until::read(&pieces, |span, days| {
            tallies::store::sale_sums(conn, None, span, days)
        })?),
    })
}

/// How the number of distinct buyers to date changed, by program and the last day of the statement
/// that told of it.
fn buyers(conn: &mut Conn, to: NaiveDate) -> Result<Vec<(String, NaiveDate, i64)>, ReportError> {
    let known = statements::store::known(conn, None, to)?;
    let mut changes = Vec::new();
    for (program, told) in declared::standing(&known) {
        let mut before = 0;
        for one in told {
            let buyers = one.figures.buyers;
            let Some(now) = buyers.filter(|b| b.basis == BuyersBasis::UniqueToDate) else {
                continue;
            };
            let scope = Scope::Program(program.clone()).to_string();
            changes.push((scope, one.period.end(), now.count.saturating_sub(before)));
            before = now.count;
        }
    }
    Ok(changes)
}

/// How the number of pledges met changed from the end of one period to that of the next.
fn pledges_met(
    conn: &mut Conn,
    periods: &[Span],
    to: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<(String, NaiveDate, i64)>, ReportError> {
    if periods.len() > MAX_PLEDGE_PERIODS {
        return Err(ReportError::Fields(too_many_points(MAX_PLEDGE_PERIODS)));
    }
    let ends = periods
        .iter()
        .skip(1)
        .map(|next| until::before(next.starts_on));
    let (mut changes, mut before) = (Vec::new(), 0);
    for (period, end) in periods.iter().zip(ends.chain([to])) {
        let now = pledges::met_count(conn, end, today)?.unwrap_or(0);
        let scope = Scope::All.to_string();
        changes.push((scope, period.starts_on, now.saturating_sub(before)));
        before = now;
    }
    Ok(changes)
}

fn scopes(groups: &Groups<'_>) -> Vec<Scope> {
    let programs = groups.programs.iter();
    let funds = groups.funds.iter();
    match groups.group_by {
        GroupBy::Program => programs
            .map(|known| Scope::Program(known.code.clone()))
            .collect(),
        GroupBy::Fund => funds.map(|known| Scope::Fund(known.code.clone())).collect(),
        GroupBy::None | GroupBy::Region | GroupBy::Kind => vec![Scope::All],
    }
}

/// What is told of a group.
struct Shown<'a> {
    periods: &'a [Span],
    values: &'a [i64],
    /// How many disbursements the values are, where that is told; nothing inside where the group
    /// has none.
    payments: Option<Option<&'a Vec<i64>>>,
    suppressed: bool,
}

fn line(
    groups: &Groups<'_>,
    group: &Group,
    shown: &Shown<'_>,
    unit: Unit,
    basis: Basis,
) -> Result<SeriesGroup, Broken> {
    let suppressed = shown.suppressed;
    let mut total = 0;
    for value in shown.values {
        count(&mut total, *value)?;
    }
    let has_total = basis == Basis::InPeriod && !suppressed;
    let payments = |slot: usize| {
        let of_group = shown.payments.filter(|_| !suppressed)?;
        Some(of_group.and_then(|all| all.get(slot)).copied().unwrap_or(0))
    };
    let points = shown.periods.iter().zip(shown.values).enumerate();
    let points = points.map(|(slot, (period, value))| Point {
        period: period.name.clone(),
        starts_on: period.starts_on,
        value: (!suppressed).then(|| unit.shown(*value)),
        payments: payments(slot),
    });
    Ok(SeriesGroup {
        key: group.key(),
        name: groups.name(group),
        ended: matches!(group, Group::Ended(_)),
        suppressed,
        points: points.collect(),
        total: has_total.then(|| unit.shown(total)),
    })
}
