//! `GET /v1/reports/indicators` and `/{indicator}`: what was measured, against baseline and target.
//!
//! Flow: the terms that held on the day, and the measurements that counted then: approved by then
//! and not cancelled by then. `line` makes figures of them, `targets` holds them against the
//! targets. What must not be added is not added: then there is no figure, but the reason
//! ([`NotAdded`]); whoever asks for it outright is refused.
//!
//! Cost: two statements, over measurements: of one indicator there are at most
//! [`MAX_MEASUREMENTS`](crate::measurements::rules::MAX_MEASUREMENTS).

pub mod line;
pub mod query;
pub mod targets;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::ReportError;
use super::series::{MAX_POINTS, too_many_points};
use crate::code::{Code, Name};
use crate::db::Conn;
use crate::indicators::INDICATOR;
use crate::indicators::model::{
    Accumulation, Baseline, BetterWhen, Dimension, IndicatorTerms, ValueKind,
};
use crate::indicators::rules::places;
use crate::measurements::model::MeasurementNature;
use crate::measurements::store::{Counted, counted};
use crate::versions;
use line::{Line, Lines, NotAdded, Point};
pub use query::{IndicatorInterval, IndicatorQuery};
use targets::TargetRow;

/// What an indicator is, on the day of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its address.
    pub code: Code,
    /// Its name.
    pub name: Name,
    /// In what it is counted.
    pub unit: String,
    /// Numbers or ratios.
    pub value: ValueKind,
    /// Whether values may be added.
    pub additive: bool,
    /// What a value says of its period.
    pub accumulation: Accumulation,
    /// Which way is better.
    pub better: BetterWhen,
    /// The program it is about.
    pub program: Option<Code>,
}

/// All indicators on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indicators {
    /// The day.
    pub as_of: NaiveDate,
    /// Each of them, by code.
    pub indicators: Vec<Summary>,
}

/// One indicator in a few figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What it is.
    #[serde(flatten)]
    pub head: Head,
    /// Where it stood at the start.
    pub baseline: Option<BaselineShown>,
    /// What was measured last of the whole.
    pub latest: Option<Point>,
    /// The target of the year that the day lies in.
    pub target: Option<TargetRow>,
    /// How many measurements count.
    pub counts: Counts,
}

/// How many measurements count, and how they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// All of them.
    pub measurements: usize,
    /// Those that were measured.
    pub measured: usize,
    /// Those that were estimated.
    pub estimated: usize,
    /// Those that somebody declared.
    pub declared: usize,
}

/// Where an indicator stood at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaselineShown {
    /// The number, or the share.
    pub value: Option<String>,
    /// The numerator of a ratio.
    pub numerator: Option<String>,
    /// The denominator of a ratio.
    pub denominator: Option<String>,
    /// On which day.
    pub on: NaiveDate,
}

/// The report of one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndicatorReport {
    /// The day.
    pub as_of: NaiveDate,
    /// What it is.
    #[serde(flatten)]
    pub head: Head,
    /// What exactly is counted.
    pub definition: Option<String>,
    /// Where what is known of it comes from.
    pub basis: Option<String>,
    /// Where it stood at the start.
    pub baseline: Option<BaselineShown>,
    /// Each target with what came of it.
    pub targets: Vec<TargetRow>,
    /// How long each period is.
    pub interval: IndicatorInterval,
    /// By which dimension it is told apart.
    pub group_by: Option<Code>,
    /// The first day; none where it was not bounded.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
    /// The whole over time.
    #[serde(flatten)]
    pub whole: Line,
    /// Each value of the dimension over time.
    pub groups: Vec<Group>,
    /// What the groups come to together; none where they are not added.
    pub groups_total: Option<String>,
    /// Why they are not.
    pub groups_not_added: Option<NotAdded>,
    /// How many measurements count.
    pub counts: Counts,
}

/// One value of a dimension over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The code of the value.
    pub key: Code,
    /// What it is called.
    pub name: Name,
    /// Its figures.
    #[serde(flatten)]
    pub line: Line,
}

impl Head {
    fn of(code: Code, terms: &IndicatorTerms) -> Self {
        Self {
            code,
            name: terms.name.clone(),
            unit: terms.unit.clone(),
            value: terms.value,
            additive: terms.additive,
            accumulation: terms.accumulation,
            better: terms.better,
            program: terms.program.clone(),
        }
    }
}

impl Counts {
    fn of(rows: &[Counted]) -> Self {
        let of = |nature| rows.iter().filter(|row| row.nature == nature).count();
        Self {
            measurements: rows.len(),
            measured: of(MeasurementNature::Measured),
            estimated: of(MeasurementNature::Estimated),
            declared: of(MeasurementNature::Declared),
        }
    }
}

impl BaselineShown {
    fn of(baseline: &Baseline, terms: &IndicatorTerms) -> Self {
        let stated = baseline.stated;
        let measure = stated.read(terms.value, terms.decimals, "").ok();
        let figure = measure.and_then(|measure| measure.figure().ok().flatten());
        Self {
            value: figure.map(|figure| figure.shown(places(terms))),
            numerator: stated.numerator.map(|part| part.shown(terms.decimals)),
            denominator: stated.denominator.map(|part| part.shown(terms.decimals)),
            on: baseline.on,
        }
    }
}

/// Reports on every indicator as it stood at the end of `as_of`.
///
/// # Errors
/// [`ReportError::Database`].
pub fn indicators(conn: &mut Conn, as_of: NaiveDate) -> Result<Indicators, ReportError> {
    let all: Vec<(Code, IndicatorTerms)> = versions::in_force(conn, INDICATOR, as_of)?;
    let rows = counted(conn, None, as_of)?;
    let summaries = all.into_iter().map(|(code, terms)| {
        // They come in the order of their indicators.
        let start = rows.partition_point(|row| row.indicator < code);
        let end = rows.partition_point(|row| row.indicator <= code);
        summary(
            code,
            &terms,
            rows.get(start..end).unwrap_or_default(),
            as_of,
        )
    });
    Ok(Indicators {
        as_of,
        indicators: summaries.collect(),
    })
}

fn summary(code: Code, terms: &IndicatorTerms, rows: &[Counted], as_of: NaiveDate) -> Summary {
    let lines = Lines::of(terms, rows);
    let points = lines.whole_as_recorded();
    let mut targets = terms.targets.iter();
    let target = targets.find(|target| target.year == as_of.year());
    Summary {
        head: Head::of(code, terms),
        baseline: terms.baseline.as_ref().map(|b| BaselineShown::of(b, terms)),
        target: target.map(|target| targets::row(terms, target, &points, as_of)),
        latest: points.last().cloned(),
        counts: Counts::of(rows),
    }
}

/// Reports on one indicator as it stood at the end of `as_of`.
///
/// # Errors
/// [`ReportError`]; [`ReportError::Fields`] for what cannot be asked of it.
pub fn indicator(
    conn: &mut Conn,
    code: &Code,
    query: &IndicatorQuery,
    as_of: NaiveDate,
) -> Result<IndicatorReport, ReportError> {
    let all: Vec<(Code, IndicatorTerms)> = versions::in_force(conn, INDICATOR, as_of)?;
    let found = all.into_iter().find(|(known, _)| known == code);
    let (code, terms) = found.ok_or_else(|| ReportError::UnknownIndicator(code.clone()))?;
    query
        .check(&code, &terms, as_of)
        .map_err(ReportError::Fields)?;
    let rows = counted(conn, Some(&code), as_of)?;
    build(code, terms, &rows, query, as_of)
}

fn build(
    code: Code,
    terms: IndicatorTerms,
    rows: &[Counted],
    query: &IndicatorQuery,
    as_of: NaiveDate,
) -> Result<IndicatorReport, ReportError> {
    let lines = Lines::of(&terms, rows);
    let recorded = lines.whole_as_recorded();
    let target = |target| targets::row(&terms, target, &recorded, as_of);
    let window = (query.from, query.to.unwrap_or(as_of));
    let whole = lines
        .whole(query.interval, window)
        .map_err(ReportError::Fields)?;
    let groups = groups(&lines, &terms, query, window)?;
    let points = groups.iter().map(|group| group.line.points.len());
    if points.sum::<usize>().saturating_add(whole.points.len()) > MAX_POINTS {
        return Err(ReportError::Fields(too_many_points(MAX_POINTS)));
    }
    let each = groups.iter().map(|group| &group.line);
    let (groups_total, groups_not_added) = lines.together(each);
    Ok(IndicatorReport {
        as_of,
        targets: terms.targets.iter().map(target).collect(),
        baseline: terms
            .baseline
            .as_ref()
            .map(|b| BaselineShown::of(b, &terms)),
        interval: query.interval,
        group_by: query.group_by.clone(),
        from: window.0,
        to: window.1,
        whole,
        groups,
        groups_total,
        groups_not_added,
        counts: Counts::of(rows),
        head: Head::of(code, &terms),
        definition: terms.definition,
        basis: terms.basis,
    })
}

fn groups(
    lines: &Lines<'_>,
    terms: &IndicatorTerms,
    query: &IndicatorQuery,
    window: (Option<NaiveDate>, NaiveDate),
) -> Result<Vec<Group>, ReportError> {
    let mut dimensions = terms.dimensions.iter();
    let asked = dimensions.find(|dimension| Some(&dimension.code) == query.group_by.as_ref());
    let Some(Dimension { code, values, .. }) = asked else {
        return Ok(Vec::new());
    };
    let group = |value: &crate::indicators::model::DimensionValue| {
        let line = lines.of_value(code, &value.code, query.interval, window);
        line.map(|line| Group {
            key: value.code.clone(),
            name: value.name.clone(),
            line,
        })
    };
    let groups: Result<Vec<Group>, _> = values.iter().map(group).collect();
    let groups = groups.map_err(ReportError::Fields)?;
    Ok(groups
        .into_iter()
        .filter(|group| !group.line.points.is_empty())
        .collect())
}
