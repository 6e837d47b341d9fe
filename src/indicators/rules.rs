//! What an indicator may be, and what of it stays once something was measured. Pure.

use std::collections::BTreeSet;
use std::fmt::Display;

use chrono::NaiveDate;

use super::model::{Dimension, IndicatorTerms, ValueKind};
use crate::money::Quantity;
use crate::refusal::FieldFault;

/// Dimensions that one indicator may have.
pub const MAX_DIMENSIONS: usize = 3;
/// Values that one dimension may have.
pub const MAX_VALUES: usize = 100;
/// Years that one indicator may have a target for.
pub const MAX_TARGETS: usize = 50;

/// What is wrong with terms, by themselves.
#[must_use]
pub fn faults(terms: &IndicatorTerms, today: NaiveDate) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let codes = terms.dimensions.iter().map(|dimension| &dimension.code);
    repeated("/dimensions", "/code", codes, &mut faults);
    for (at, dimension) in terms.dimensions.iter().enumerate() {
        let field = format!("/dimensions/{at}/values");
        if dimension.values.is_empty() {
            faults.push(FieldFault::new(&*field, "empty"));
        }
        let codes = dimension.values.iter().map(|value| &value.code);
        repeated(&field, "/code", codes, &mut faults);
    }
    if let Some(baseline) = &terms.baseline {
        let read = baseline
            .stated
            .read(terms.value, terms.decimals, "/baseline");
        faults.extend(read.err().into_iter().flatten());
        if baseline.on > today {
            faults.push(FieldFault::new("/baseline/on", "in_the_future"));
        }
    }
    let places = places(terms);
    for (at, target) in terms.targets.iter().enumerate() {
        if !target.value.has_at_most(places) {
            let fault = FieldFault::new(format!("/targets/{at}/value"), "too_precise");
            faults.push(fault.with("most", places));
        }
    }
    let years = terms.targets.iter().map(|target| target.year);
    repeated("/targets", "/year", years, &mut faults);
    faults
}

/// Decimal places of its figures: of a ratio four.
#[must_use]
pub fn places(terms: &IndicatorTerms) -> i32 {
    match terms.value {
        ValueKind::Number => terms.decimals,
        ValueKind::Ratio => Quantity::RATIO_PLACES,
    }
}

fn repeated<T: Ord + Display>(
    list: &str,
    member: &str,
    keys: impl Iterator<Item = T>,
    faults: &mut Vec<FieldFault>,
) {
    let mut seen = BTreeSet::new();
    for (at, key) in keys.enumerate() {
        let told = key.to_string();
        if !seen.insert(key) {
            let fault = FieldFault::new(format!("{list}/{at}{member}"), "repeated");
            faults.push(fault.with("value", told));
        }
    }
}

/// The first field whose change would give values that were measured another meaning. Names may
/// change, places and values of dimensions may be added.
#[must_use]
pub fn changed_meaning(before: &IndicatorTerms, after: &IndicatorTerms) -> Option<&'static str> {
    let changes = [
        ("value", before.value != after.value),
        ("unit", before.unit != after.unit),
        ("decimals", after.decimals < before.decimals),
        ("additive", before.additive != after.additive),
        ("accumulation", before.accumulation != after.accumulation),
        ("dimensions", !keeps(&before.dimensions, &after.dimensions)),
    ];
    let changed = changes.into_iter().find(|(_, changed)| *changed);
    changed.map(|(field, _)| field)
}

/// Whether every dimension is still there with all its values, and no other.
fn keeps(before: &[Dimension], after: &[Dimension]) -> bool {
    before.len() == after.len()
        && before.iter().all(|old| {
            let same = after.iter().find(|new| new.code == old.code);
            same.is_some_and(|new| {
                let kept = |code| new.values.iter().any(|value| value.code == code);
                old.values.iter().all(|value| kept(value.code.clone()))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Name};
    use crate::indicators::measure::Stated;
    use crate::indicators::model::{
        Accumulation, Baseline, BetterWhen, DimensionValue, IndicatorTerms, Target,
    };

    fn name() -> Name {
        Name {
            ko: "지표".into(),
            en: "indicator".into(),
        }
    }

    fn dimension(code: &str, values: &[&str]) -> Dimension {
        let value = |code: &&str| DimensionValue {
            code: Code::parse(code).unwrap(),
            name: name(),
        };
        Dimension {
            code: Code::parse(code).unwrap(),
            name: name(),
            values: values.iter().map(value).collect(),
        }
    }

    fn terms() -> IndicatorTerms {
        IndicatorTerms {
            name: name(),
            unit: "people".into(),
            value: ValueKind::Number,
            decimals: 1,
            additive: false,
            accumulation: Accumulation::InPeriod,
            better: BetterWhen::Up,
            program: None,
            area: None,
            period: None,
            dimensions: vec![dimension("region", &["seoul", "busan"])],
            baseline: None,
            targets: Vec::new(),
            definition: None,
            basis: None,
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 11, 3).unwrap()
    }

    fn said(terms: &IndicatorTerms) -> Vec<(String, &'static str)> {
        faults(terms, today())
            .into_iter()
            .map(|fault| (fault.field, fault.code))
            .collect()
    }

    #[test]
    fn nothing_is_listed_twice_and_no_dimension_is_empty() {
        let mut terms = terms();
        assert_eq!(said(&terms), []);
        terms.dimensions.push(dimension("region", &["one", "one"]));
        terms.dimensions.push(dimension("age", &[]));
        let target = Target {
            year: 2022,
            value: Quantity::parse("1.55").unwrap(),
        };
        terms.targets = vec![target.clone(), target];
        let told = said(&terms);
        let told: Vec<_> = told
            .iter()
            .map(|(at, code)| format!("{at} {code}"))
            .collect();
        assert_eq!(
            told,
            [
                "/dimensions/1/code repeated",
                "/dimensions/1/values/1/code repeated",
                "/dimensions/2/values empty",
                "/targets/0/value too_precise",
                "/targets/1/value too_precise",
                "/targets/1/year repeated",
            ]
        );
    }

    #[test]
    fn a_baseline_is_a_value_like_any_other_and_not_ahead() {
        let mut terms = terms();
        terms.baseline = Some(Baseline {
            stated: Stated::default(),
            on: today().succ_opt().unwrap(),
        });
        let (missing, ahead) = ("/baseline/value", "/baseline/on");
        let told = said(&terms);
        assert_eq!(told[0], (missing.to_owned(), "missing"));
        assert_eq!(told[1], (ahead.to_owned(), "in_the_future"));
    }

    #[test]
    fn what_was_measured_keeps_its_meaning() {
        let before = terms();
        let changed = |change: &dyn Fn(&mut IndicatorTerms)| {
            let mut after = before.clone();
            change(&mut after);
            changed_meaning(&before, &after)
        };
        assert_eq!(
            changed(&|terms| terms.value = ValueKind::Ratio),
            Some("value")
        );
        assert_eq!(changed(&|terms| terms.unit = "t".into()), Some("unit"));
        assert_eq!(changed(&|terms| terms.decimals = 0), Some("decimals"));
        assert_eq!(changed(&|terms| terms.decimals = 2), None);
        assert_eq!(changed(&|terms| terms.additive = true), Some("additive"));
        let cumulative = |terms: &mut IndicatorTerms| {
            terms.accumulation = Accumulation::Cumulative;
        };
        assert_eq!(changed(&cumulative), Some("accumulation"));
        let regions = |values: &'static [&str]| {
            move |terms: &mut IndicatorTerms| terms.dimensions = vec![dimension("region", values)]
        };
        assert_eq!(changed(&regions(&["seoul"])), Some("dimensions"));
        assert_eq!(changed(&regions(&["busan", "seoul", "jeju"])), None);
        let more = |terms: &mut IndicatorTerms| terms.dimensions.push(dimension("age", &["ab"]));
        assert_eq!(changed(&more), Some("dimensions"));
        let other = |terms: &mut IndicatorTerms| {
            terms.better = BetterWhen::Down;
            terms.name.en = "other".into();
        };
        assert_eq!(changed(&other), None);
    }
}
