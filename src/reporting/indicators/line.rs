//! Figures of an indicator over time, made of its measurements. Pure.
//!
//! A figure is one measurement, or several added together where the indicator is additive. The
//! whole is taken as it was measured; where only parts were measured, it is their sum. A running
//! count is a sum of its parts only where all of them were measured to the same day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::query::IndicatorInterval;
use crate::calendar::Month;
use crate::code::{Code, Name};
use crate::ids::RecordId;
use crate::indicators::measure::Measure;
use crate::indicators::model::{Accumulation, IndicatorTerms, ValueKind};
use crate::indicators::rules::places;
use crate::measurements::model::Cell;
use crate::measurements::store::Counted;
use crate::refusal::{FieldFault, Refusal};
use crate::text_enum::text_enum;

text_enum! {
    /// How a figure is known.
    FigureNature {
        /// All of it was measured.
        Measured = "measured",
        /// All of it was estimated.
        Estimated = "estimated",
        /// All of it was declared.
        Declared = "declared",
        /// Not all of it in the same way.
        Mixed = "mixed",
    }
}

/// Why figures were not added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAdded {
    /// `not_additive`, `different_days` or `too_large`.
    pub code: &'static str,
    /// In words.
    pub reason: Name,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The period: `2022-01-01/2022-03-31` as recorded, or `2022-03`, `2022-Q1`, `2022`.
    pub period: String,
    /// The first day measured in it.
    pub starts_on: NaiveDate,
    /// The last day measured in it: the figure's own day.
    pub as_of: NaiveDate,
    /// The number, or the share; none where it would have to be added and must not be.
    pub value: Option<String>,
    /// The numerator of a ratio.
    pub numerator: Option<String>,
    /// The denominator of a ratio.
    pub denominator: Option<String>,
    /// What the time since the figure before brought, for a running count.
    pub in_period: Option<String>,
    /// How it is known.
    pub nature: FigureNature,
    /// By which method, where it is one measurement.
    pub method: Option<String>,
    /// Why a running count has fallen, where it is one measurement.
    pub reason: Option<String>,
    /// What it rests on, where it is one measurement.
    pub basis: Option<String>,
    /// The measurement, where it is one.
    pub measurement: Option<RecordId>,
    /// Of how many measurements it is made.
    pub measurements: usize,
    /// Why it was not added.
    pub not_added: Option<NotAdded>,
    /// What the figure was made of.
    #[serde(skip)]
    pub measure: Option<Measure>,
}

/// Figures over time, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// One figure for each period that was measured.
    pub points: Vec<Point>,
    /// The figures together; of a running count, the last one. None where they are not added.
    pub total: Option<String>,
    /// Why they are not.
    pub not_added: Option<NotAdded>,
    /// What the total was made of.
    #[serde(skip)]
    pub sum: Option<Measure>,
}

/// The days that a line shows: from a day on, where that is bounded, to another.
pub type Window = (Option<NaiveDate>, NaiveDate);

/// What lines of an indicator are made of.
#[derive(Debug)]
pub struct Lines<'a> {
    terms: &'a IndicatorTerms,
    rows: Vec<&'a Counted>,
}

/// The measurements of one period.
struct Slot<'a> {
    name: String,
    rows: Vec<&'a Counted>,
}

impl NotAdded {
    /// The reason of an indicator that is not additive.
    #[must_use]
    pub fn not_additive(value: ValueKind) -> Self {
        let (ko, en) = match value {
            ValueKind::Number => (
                "더할 수 없는 지표입니다. 같은 대상이 여러 기간·구분·사업에 들어 있을 수 있습니다.",
                "Values of this indicator are not added: the same person or thing may be in \
                 several periods, groups or programs.",
            ),
            ValueKind::Ratio => (
                "더할 수 없는 비율입니다. 분모가 서로 겹칠 수 있습니다.",
                "Shares of this indicator are not added: what they are shares of may overlap.",
            ),
        };
        Self::because("not_additive", ko, en)
    }

    fn different_days() -> Self {
        Self::because(
            "different_days",
            "누적 값의 기준일이 서로 달라 더하지 않았습니다.",
            "The running counts are of different days, so they were not added.",
        )
    }

    /// The reason of a sum that does not fit.
    #[must_use]
    pub fn too_large() -> Self {
        Self::because(
            "too_large",
            "합계가 너무 커서 나타낼 수 없습니다.",
            "The sum is too large to be told.",
        )
    }

    fn because(code: &'static str, ko: &str, en: &str) -> Self {
        let reason = Name {
            ko: ko.to_owned(),
            en: en.to_owned(),
        };
        Self { code, reason }
    }
}

impl<'a> Lines<'a> {
    /// Of these measurements. Of two of one cell that cover the same days, which a cancellation
    /// by value date can leave behind, the one that was recorded later counts.
    #[must_use]
    pub fn of(terms: &'a IndicatorTerms, rows: &'a [Counted]) -> Self {
        let mut sorted: Vec<&Counted> = rows.iter().collect();
        sorted.sort_by_key(|row| (&row.cell, row.period.end(), row.period.start()));
        let mut kept: Vec<&Counted> = Vec::with_capacity(sorted.len());
        for row in sorted {
            let clash = kept.last().is_some_and(|last| {
                let overlap = match terms.accumulation {
                    Accumulation::InPeriod => last.period.end() >= row.period.start(),
                    Accumulation::Cumulative => last.period.end() == row.period.end(),
                };
                last.cell == row.cell && overlap
            });
            match kept.last_mut() {
                Some(last) if clash && last.id < row.id => *last = row,
                Some(_) if clash => {}
                _ => kept.push(row),
            }
        }
        Self { terms, rows: kept }
    }

    /// The whole, each period as it was measured.
    #[must_use]
    pub fn whole_as_recorded(&self) -> Vec<Point> {
        let slots = slots(IndicatorInterval::AsRecorded, self.terms, self.whole_rows());
        // As recorded, no period is too long.
        self.points(slots.unwrap_or_default(), false)
    }

    /// The whole over time.
    ///
    /// # Errors
    /// A fault of `/interval` where something was measured of a longer period.
    pub fn whole(&self, interval: IndicatorInterval, window: Window) -> Result<Line, Refusal> {
        self.line(self.whole_rows(), false, interval, window)
    }

    /// One value of a dimension over time.
    ///
    /// # Errors
    /// As [`Lines::whole`].
    pub fn of_value(
        &self,
        dimension: &Code,
        value: &Code,
        interval: IndicatorInterval,
        window: Window,
    ) -> Result<Line, Refusal> {
        let of_value = |row: &&Counted| row.cell.0.get(dimension) == Some(value);
        let rows = self.rows.iter().copied().filter(of_value).collect();
        self.line(rows, self.terms.dimensions.len() == 1, interval, window)
    }

    /// What lines come to together, or why they are not added.
    pub fn together<'l>(
        &self,
        lines: impl Iterator<Item = &'l Line>,
    ) -> (Option<String>, Option<NotAdded>) {
        let lines: Vec<&Line> = lines.collect();
        let ends = lines.iter().filter_map(|line| line.points.last());
        let ends: BTreeSet<NaiveDate> = ends.map(|point| point.as_of).collect();
        let not_added = if lines.is_empty() {
            return (None, None);
        } else if !self.terms.additive {
            NotAdded::not_additive(self.terms.value)
        } else if self.terms.accumulation == Accumulation::Cumulative && ends.len() > 1 {
            NotAdded::different_days()
        } else {
            let sums: Option<Vec<Measure>> = lines.iter().map(|line| line.sum).collect();
            match sums.and_then(sum) {
                Some(sum) => return (self.shown(sum), None),
                None => NotAdded::too_large(),
            }
        };
        (None, Some(not_added))
    }

    /// The rows that make up the whole: it was measured itself, or in parts where it was not.
    fn whole_rows(&self) -> Vec<&'a Counted> {
        let rows = self.rows.iter().copied();
        let (wholes, parts): (Vec<_>, Vec<_>) = rows.partition(|row| row.cell.is_whole());
        if wholes.is_empty() {
            return parts;
        }
        if self.terms.accumulation == Accumulation::Cumulative {
            return wholes;
        }
        // They are in the order of their days, and none of them overlap.
        let covered = |part: &&Counted| {
            let begun = wholes.partition_point(|whole| whole.period.start() <= part.period.end());
            let last = begun.checked_sub(1).and_then(|at| wholes.get(at));
            last.is_some_and(|whole| whole.period.end() >= part.period.start())
        };
        let beside: Vec<&Counted> = parts.into_iter().filter(|part| !covered(part)).collect();
        wholes.into_iter().chain(beside).collect()
    }

    fn line(
        &self,
        mut rows: Vec<&'a Counted>,
        single: bool,
        interval: IndicatorInterval,
        (from, to): Window,
    ) -> Result<Line, Refusal> {
        let shows =
            |start: NaiveDate, end: NaiveDate| from.is_none_or(|from| from <= start) && end <= to;
        if self.terms.accumulation == Accumulation::InPeriod {
            rows.retain(|row| shows(row.period.start(), row.period.end()));
        }
        let mut points = self.points(slots(interval, self.terms, rows)?, single);
        // What a running count brought since the figure before is known only with that figure.
        points.retain(|point| {
            self.terms.accumulation == Accumulation::InPeriod || shows(point.as_of, point.as_of)
        });
        let (sum, not_added) = self.total(&points);
        Ok(Line {
            total: sum.and_then(|sum| self.shown(sum)),
            points,
            not_added,
            sum,
        })
    }

    fn total(&self, points: &[Point]) -> (Option<Measure>, Option<NotAdded>) {
        let last = match points {
            [] => return (None, None),
            [.., last] => last,
        };
        // A running count contains what was before, and a single figure needs no adding.
        if points.len() == 1 || self.terms.accumulation == Accumulation::Cumulative {
            return (last.measure, last.not_added.clone());
        }
        if !self.terms.additive {
            return (None, Some(NotAdded::not_additive(self.terms.value)));
        }
        let measures: Option<Vec<Measure>> = points.iter().map(|point| point.measure).collect();
        match measures.and_then(sum) {
            Some(sum) => (Some(sum), None),
            None => (None, Some(NotAdded::too_large())),
        }
    }

    fn points(&self, slots: Vec<Slot<'a>>, single: bool) -> Vec<Point> {
        let mut points = Vec::with_capacity(slots.len());
        let (mut seen, mut before) = (BTreeSet::new(), None);
        for slot in slots {
            seen.extend(slot.rows.iter().map(|row| &row.cell));
            let made = self.made(&slot.rows, single, &seen);
            let point = self.point(slot, made, before);
            before = Some(point.measure);
            points.push(point);
        }
        points
    }

    /// What measurements of one period come to.
    fn made(
        &self,
        rows: &[&Counted],
        single: bool,
        seen: &BTreeSet<&Cell>,
    ) -> Result<Measure, NotAdded> {
        if let [only] = rows
            && (single || only.cell.is_whole())
        {
            return Ok(only.measure);
        }
        if !self.terms.additive {
            return Err(NotAdded::not_additive(self.terms.value));
        }
        let here: BTreeSet<&Cell> = rows.iter().map(|row| &row.cell).collect();
        let ends: BTreeSet<NaiveDate> = rows.iter().map(|row| row.period.end()).collect();
        let counts = self.terms.accumulation == Accumulation::Cumulative;
        if counts && (here != *seen || ends.len() > 1) {
            return Err(NotAdded::different_days());
        }
        sum(rows.iter().map(|row| row.measure).collect()).ok_or_else(NotAdded::too_large)
    }

    /// `before` is what the figure before it was made of, where there is one before it.
    fn point(
        &self,
        slot: Slot<'a>,
        made: Result<Measure, NotAdded>,
        before: Option<Option<Measure>>,
    ) -> Point {
        let (measure, not_added) = match made {
            Ok(measure) => (Some(measure), None),
            Err(not_added) => (None, Some(not_added)),
        };
        let parts = measure.filter(|_| self.terms.value == ValueKind::Ratio);
        let decimals = self.terms.decimals;
        let starts = slot.rows.iter().map(|row| row.period.start());
        let ends = slot.rows.iter().map(|row| row.period.end());
        let only = match slot.rows.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        Point {
            period: slot.name,
            starts_on: starts.min().unwrap_or_default(),
            as_of: ends.max().unwrap_or_default(),
            value: measure.and_then(|measure| self.shown(measure)),
            numerator: parts.map(|parts| parts.value.shown(decimals)),
            denominator: parts
                .and_then(|parts| parts.denominator)
                .map(|whole| whole.shown(decimals)),
            in_period: measure.and_then(|measure| self.brought(measure, before)),
            nature: nature(&slot.rows),
            method: only.and_then(|only| only.method.clone()),
            reason: only.and_then(|only| only.reason.clone()),
            basis: only.and_then(|only| only.basis.clone()),
            measurement: only.map(|only| only.id.clone()),
            measurements: slot.rows.len(),
            not_added,
            measure,
        }
    }

    /// What the time since the figure before brought. Shares have no such difference, but where
    /// their parts may be added.
    fn brought(&self, now: Measure, before: Option<Option<Measure>>) -> Option<String> {
        let terms = self.terms;
        if terms.accumulation == Accumulation::InPeriod
            || (terms.value == ValueKind::Ratio && !terms.additive)
        {
            return None;
        }
        match before {
            None => self.shown(now),
            Some(before) => self.shown(now.checked_sub(before?).ok()?),
        }
    }

    fn shown(&self, measure: Measure) -> Option<String> {
        let figure = measure.figure().ok().flatten()?;
        Some(figure.shown(places(self.terms)))
    }
}

/// All of them together; none where that does not fit, or where there are none.
fn sum(measures: Vec<Measure>) -> Option<Measure> {
    let mut measures = measures.into_iter();
    let first = measures.next()?;
    measures.try_fold(first, |sum, next| sum.checked_add(next).ok())
}

fn nature(rows: &[&Counted]) -> FigureNature {
    use crate::measurements::model::MeasurementNature::{Declared, Estimated, Measured};
    let all = |nature| rows.iter().all(|row| row.nature == nature);
    if all(Measured) {
        FigureNature::Measured
    } else if all(Estimated) {
        FigureNature::Estimated
    } else if all(Declared) {
        FigureNature::Declared
    } else {
        FigureNature::Mixed
    }
}

/// Puts measurements in their periods, in the order of their days. Of a running count, a longer
/// period holds what was measured last in it.
fn slots<'a>(
    interval: IndicatorInterval,
    terms: &IndicatorTerms,
    rows: Vec<&'a Counted>,
) -> Result<Vec<Slot<'a>>, Refusal> {
    let mut slots: BTreeMap<(NaiveDate, NaiveDate), Slot<'a>> = BTreeMap::new();
    for row in rows {
        let (start, end) = (row.period.start(), row.period.end());
        let running = terms.accumulation == Accumulation::Cumulative;
        let (key, name) = match interval {
            IndicatorInterval::AsRecorded => ((end, start), format!("{start}/{end}")),
            _ if !running && name(interval, start) != name(interval, end) => {
                let fault = FieldFault::new("/interval", "interval_too_short");
                let fault = fault.with("start", start).with("end", end);
                return Err(Refusal::Fields(vec![fault.with("value", interval)]));
            }
            _ => {
                let first = first_day(interval, end);
                ((first, first), name(interval, end))
            }
        };
        let slot = slots.entry(key).or_insert_with(|| Slot {
            name,
            rows: Vec::new(),
        });
        slot.rows.push(row);
    }
    let mut slots: Vec<Slot<'a>> = slots.into_values().collect();
    if terms.accumulation == Accumulation::Cumulative {
        for slot in &mut slots {
            let last = slot.rows.iter().map(|row| row.period.end()).max();
            slot.rows.retain(|row| Some(row.period.end()) == last);
        }
    }
    Ok(slots)
}

fn name(interval: IndicatorInterval, day: NaiveDate) -> String {
    let month = Month::of(day);
    match interval {
        IndicatorInterval::AsRecorded => day.to_string(),
        IndicatorInterval::Month => month.key(),
        IndicatorInterval::Quarter => month.quarter_key(),
        IndicatorInterval::Year => month.year_key(),
    }
}

/// The first day of the period that a day lies in.
fn first_day(interval: IndicatorInterval, day: NaiveDate) -> NaiveDate {
    let month = Month::of(day);
    let first = match interval {
        IndicatorInterval::AsRecorded => return day,
        IndicatorInterval::Month => month.month(),
        IndicatorInterval::Quarter => month.month() - (month.month() - 1) % 3,
        IndicatorInterval::Year => 1,
    };
    Month::new(month.year(), first).map_or(day, Month::first_day)
}

#[cfg(test)]
mod tests;
