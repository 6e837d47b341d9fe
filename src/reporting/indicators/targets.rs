//! Targets, and what came of them. Pure.
//!
//! A running count is held against its target by its last figure in the year. What periods brought
//! is added over the periods that lie in the year, where it may be added; else the year has a
//! figure only where it was measured once.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::line::{NotAdded, Point};
use crate::indicators::measure::Measure;
use crate::indicators::model::{Accumulation, BetterWhen, IndicatorTerms, Target};
use crate::indicators::rules::places;
use crate::money::{Quantity, Ratio};
use crate::text_enum::text_enum;

text_enum! {
    /// Where an indicator stands towards a target.
    TargetStatus {
        /// The year is over, and the target was reached.
        Met = "met",
        /// The year is over, and it was not.
        NotMet = "not_met",
        /// The year is not over; so far the target is kept or reached.
        OnTarget = "on_target",
        /// The year is not over, and the target is not reached yet.
        NotYet = "not_yet",
        /// Nothing is known of the year.
        NoActual = "no_actual",
    }
}

/// A target with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetRow {
    /// The calendar year.
    pub year: i32,
    /// Where the indicator is meant to stand.
    pub target: String,
    /// Where it stands; none where nothing was measured, or it must not be added.
    pub actual: Option<String>,
    /// The figure's own day.
    pub actual_as_of: Option<NaiveDate>,
    /// actual − target.
    pub difference: Option<String>,
    /// actual ÷ target where more is better, target ÷ actual where less is.
    pub achieved_ratio: Option<Ratio>,
    /// Where it stands towards the target.
    pub status: TargetStatus,
    /// Why there is no figure of the year.
    pub not_added: Option<NotAdded>,
}

/// A target, held against the whole of the indicator as it was recorded.
#[must_use]
pub fn row(
    terms: &IndicatorTerms,
    target: &Target,
    points: &[Point],
    as_of: NaiveDate,
) -> TargetRow {
    let found = actual(terms, target.year, points);
    let (measure, not_added) = match found {
        Some((Ok(measure), _)) => (Some(measure), None),
        Some((Err(ref not_added), _)) => (None, Some(not_added.clone())),
        None => (None, None),
    };
    let figure = measure.and_then(|measure| measure.figure().ok().flatten());
    let difference = figure.and_then(|figure| figure.checked_sub(target.value).ok());
    let places = places(terms);
    TargetRow {
        year: target.year,
        target: target.value.shown(places),
        actual: figure.map(|figure| figure.shown(places)),
        actual_as_of: found.map(|(_, day)| day),
        difference: difference.map(|difference| difference.shown(places)),
        achieved_ratio: figure.and_then(|figure| achieved(terms.better, figure, target.value)),
        status: status(terms.better, figure, target, as_of),
        not_added,
    }
}

/// The figure of a year and its day.
fn actual(
    terms: &IndicatorTerms,
    year: i32,
    points: &[Point],
) -> Option<(Result<Measure, NotAdded>, NaiveDate)> {
    let made = |point: &Point| match (point.measure, &point.not_added) {
        (Some(measure), _) => Ok(measure),
        (None, Some(not_added)) => Err(not_added.clone()),
        (None, None) => Err(NotAdded::too_large()),
    };
    if terms.accumulation == Accumulation::Cumulative {
        let last = points.iter().rfind(|point| point.as_of.year() == year)?;
        return Some((made(last), last.as_of));
    }
    let within = |point: &&Point| point.starts_on.year() == year && point.as_of.year() == year;
    let points: Vec<&Point> = points.iter().filter(within).collect();
    let (first, others) = points.split_first()?;
    let day = points.iter().map(|point| point.as_of).max()?;
    if !others.is_empty() && !terms.additive {
        return Some((Err(NotAdded::not_additive(terms.value)), day));
    }
    let sum = others.iter().try_fold(made(first), |sum, point| {
        let both = sum?.checked_add(made(point)?);
        Ok(both.map_err(|_too_large| NotAdded::too_large()))
    });
    Some((sum.and_then(|sum| sum), day))
}

fn achieved(better: BetterWhen, actual: Quantity, target: Quantity) -> Option<Ratio> {
    let (part, whole) = match better {
        BetterWhen::Up => (actual, target),
        BetterWhen::Down => (target, actual),
    };
    if part < Quantity::ZERO || whole <= Quantity::ZERO {
        return None;
    }
    Ratio::of(part.millionths(), whole.millionths())
}

fn status(
    better: BetterWhen,
    actual: Option<Quantity>,
    target: &Target,
    as_of: NaiveDate,
) -> TargetStatus {
    let Some(actual) = actual else {
        return TargetStatus::NoActual;
    };
    let reached = match better {
        BetterWhen::Up => actual >= target.value,
        BetterWhen::Down => actual <= target.value,
    };
    let last = NaiveDate::from_ymd_opt(target.year, 12, 31);
    match (last.is_some_and(|last| as_of >= last), reached) {
        (true, true) => TargetStatus::Met,
        (true, false) => TargetStatus::NotMet,
        (false, true) => TargetStatus::OnTarget,
        (false, false) => TargetStatus::NotYet,
    }
}
