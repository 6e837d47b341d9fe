use super::*;
use crate::calendar::Period;
use crate::indicators::model::{BetterWhen, Dimension};
use crate::measurements::model::MeasurementNature;
use crate::money::Quantity;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn terms(accumulation: Accumulation, additive: bool) -> IndicatorTerms {
    let name = || Name {
        ko: "지역".into(),
        en: "Region".into(),
    };
    IndicatorTerms {
        name: name(),
        unit: "people".into(),
        value: ValueKind::Number,
        decimals: 0,
        additive,
        accumulation,
        better: BetterWhen::Up,
        program: None,
        area: None,
        period: None,
        dimensions: vec![Dimension {
            code: Code::parse("region").unwrap(),
            name: name(),
            values: Vec::new(),
        }],
        baseline: None,
        targets: Vec::new(),
        definition: None,
        basis: None,
    }
}

fn row(id: &str, cell: &str, (start, end): (&str, &str), units: i64) -> Counted {
    Counted {
        id: RecordId::stored(id.into()),
        indicator: Code::parse("people").unwrap(),
        cell: Cell::stored(cell),
        period: Period::new(day(start), day(end)).unwrap(),
        measure: Measure {
            value: Quantity::from_millionths(units * 1_000_000),
            denominator: None,
        },
        nature: MeasurementNature::Measured,
        method: None,
        reason: None,
        basis: None,
    }
}

fn whole(terms: &IndicatorTerms, rows: &[Counted], interval: IndicatorInterval) -> Line {
    let window = (None, day("2022-12-31"));
    Lines::of(terms, rows).whole(interval, window).unwrap()
}

fn values(line: &Line) -> Vec<&str> {
    let values = line.points.iter().map(|point| point.value.as_deref());
    values.map(|value| value.unwrap_or("–")).collect()
}

const JANUARY: (&str, &str) = ("2022-01-01", "2022-01-31");
const FEBRUARY: (&str, &str) = ("2022-02-01", "2022-02-28");

#[test]
fn of_two_that_cover_the_same_days_the_later_one_counts() {
    let in_period = terms(Accumulation::InPeriod, true);
    let rows = [
        row("b", "", JANUARY, 7),
        row("a", "", ("2022-01-15", "2022-02-15"), 5),
    ];
    let line = whole(&in_period, &rows, IndicatorInterval::AsRecorded);
    assert_eq!(
        (values(&line), line.total.as_deref()),
        (vec!["7"], Some("7"))
    );
    let running = terms(Accumulation::Cumulative, true);
    let rows = [row("a", "", JANUARY, 7), row("b", "", JANUARY, 9)];
    let line = whole(&running, &rows, IndicatorInterval::AsRecorded);
    assert_eq!(values(&line), ["9"]);
}

#[test]
fn parts_stand_in_for_the_whole_only_on_days_on_which_it_was_not_measured() {
    let terms = terms(Accumulation::InPeriod, true);
    let rows = [
        row("a", "", JANUARY, 10),
        row("b", "region=seoul", JANUARY, 6),
        row("c", "region=seoul", FEBRUARY, 3),
        row("d", "region=jeju", FEBRUARY, 4),
    ];
    let line = whole(&terms, &rows, IndicatorInterval::AsRecorded);
    assert_eq!(
        (values(&line), line.total.as_deref()),
        (vec!["10", "7"], Some("17"))
    );
    let quarters = whole(&terms, &rows, IndicatorInterval::Quarter);
    assert_eq!(quarters.points[0].period, "2022-Q1");
    assert_eq!(
        (values(&quarters), quarters.points[0].measurements),
        (vec!["17"], 3)
    );
}

#[test]
fn one_part_alone_is_never_the_whole_of_what_must_not_be_added() {
    let terms = terms(Accumulation::InPeriod, false);
    let rows = [row("a", "region=seoul", JANUARY, 6)];
    let line = whole(&terms, &rows, IndicatorInterval::AsRecorded);
    assert_eq!((values(&line), line.total.as_deref()), (vec!["–"], None));
    assert_eq!(line.not_added.unwrap().code, "not_additive");
}

#[test]
fn a_sum_that_does_not_fit_is_not_told() {
    let terms = terms(Accumulation::InPeriod, true);
    let most = Quantity::MAX / 1_000_000;
    let cells = (0..10).map(|n| row("a", &format!("region=r{n}"), JANUARY, most));
    let rows: Vec<Counted> = cells.collect();
    let line = whole(&terms, &rows, IndicatorInterval::AsRecorded);
    assert_eq!(values(&line), ["–"]);
    assert_eq!(line.not_added.unwrap().code, "too_large");
}

#[test]
fn a_period_has_the_name_of_what_it_lies_in() {
    let may = day("2022-05-17");
    let of = |interval| (name(interval, may), first_day(interval, may).to_string());
    let told = |name: &str, first: &str| (name.to_owned(), first.to_owned());
    assert_eq!(of(IndicatorInterval::Month), told("2022-05", "2022-05-01"));
    assert_eq!(
        of(IndicatorInterval::Quarter),
        told("2022-Q2", "2022-04-01")
    );
    assert_eq!(of(IndicatorInterval::Year), told("2022", "2022-01-01"));
}
