use std::collections::BTreeMap;

use chrono::DateTime;

use super::*;
use crate::code::{Code, Name};
use crate::ids::RecordId;
use crate::indicators::measure::Measure;
use crate::indicators::model::{BetterWhen, Dimension, DimensionValue, ValueKind};
use crate::money::Quantity;
use crate::payouts::model::Step;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn name() -> Name {
    Name {
        ko: "지표".into(),
        en: "indicator".into(),
    }
}

fn dimension(code_of: &str, values: &[&str]) -> Dimension {
    let value = |text: &&str| DimensionValue {
        code: code(text),
        name: name(),
    };
    Dimension {
        code: code(code_of),
        name: name(),
        values: values.iter().map(value).collect(),
    }
}

fn terms() -> IndicatorTerms {
    IndicatorTerms {
        name: name(),
        unit: "people".into(),
        value: ValueKind::Number,
        decimals: 0,
        additive: false,
        accumulation: Accumulation::InPeriod,
        better: BetterWhen::Up,
        program: None,
        area: None,
        period: None,
        dimensions: vec![
            dimension("region", &["seoul", "busan"]),
            dimension("age", &["20s"]),
        ],
        baseline: None,
        targets: Vec::new(),
        definition: None,
        basis: None,
    }
}

fn step(verb: Verb, actor: &str) -> Step {
    Step {
        verb,
        actor: actor.into(),
        effective_on: day("2022-10-01"),
        recorded_at: DateTime::UNIX_EPOCH,
        sequence: 1,
        amount: None,
        reason_class: None,
        reason: None,
        bank_reference: None,
        content: None,
    }
}

fn entry(id: &str, start: &str, end: &str, value: i64) -> Entry {
    Entry {
        id: RecordId::stored(id.into()),
        period: Period::new(day(start), day(end)).unwrap(),
        measure: Measure {
            value: Quantity::from_millionths(value),
            denominator: None,
        },
    }
}

fn measured(status: MeasurementStatus, of: &Entry) -> Measurement {
    Measurement {
        id: of.id.clone(),
        indicator: code("people"),
        period: of.period,
        cell: Cell::default(),
        measure: of.measure,
        nature: MeasurementNature::Measured,
        method: None,
        reason: None,
        basis: None,
        external_id: None,
        attributes: BTreeMap::new(),
        status,
        steps: vec![step(Verb::Submit, "officer"), step(Verb::Edit, "helper")],
        version: 1,
    }
}

fn submitted() -> Measurement {
    let of = entry("new", "2022-01-01", "2022-03-31", 5);
    measured(MeasurementStatus::Submitted, &of)
}

#[test]
fn whoever_made_an_entry_never_decides_on_it_and_only_its_recorder_withdraws_it() {
    let new = submitted();
    let own = MeasurementError::Record(PayoutError::OwnRecord);
    for verb in [Verb::Approve, Verb::Reject, Verb::Cancel] {
        for maker in ["officer", "helper"] {
            assert_eq!(advance(&new, verb, maker), Err(own.clone()), "{verb}");
        }
    }
    assert_eq!(
        advance(&new, Verb::Approve, "approver"),
        Ok(MeasurementStatus::Approved)
    );
    let not_recorder = MeasurementError::Record(PayoutError::NotRecorder);
    assert_eq!(advance(&new, Verb::Withdraw, "helper"), Err(not_recorder));
    assert_eq!(
        advance(&new, Verb::Withdraw, "officer"),
        Ok(MeasurementStatus::Withdrawn)
    );
}

#[test]
fn each_state_allows_its_own_verbs_and_no_other() {
    use MeasurementStatus::{Approved, Cancelled, Rejected, Submitted, Withdrawn};
    for (status, allowed) in [
        (
            Submitted,
            vec![Verb::Approve, Verb::Reject, Verb::Withdraw, Verb::Edit],
        ),
        (Rejected, vec![Verb::Withdraw, Verb::Resubmit]),
        (Withdrawn, vec![]),
        (Approved, vec![Verb::Cancel]),
        (Cancelled, vec![]),
    ] {
        let of = entry("new", "2022-01-01", "2022-03-31", 5);
        let record = measured(status, &of);
        let possible = [
            Verb::Approve,
            Verb::Reject,
            Verb::Withdraw,
            Verb::Cancel,
            Verb::Edit,
            Verb::Resubmit,
        ];
        let may = |verb: &Verb| {
            let actor = if *verb == Verb::Withdraw {
                "officer"
            } else {
                "approver"
            };
            advance(&record, *verb, actor).is_ok()
        };
        let found: Vec<Verb> = possible.into_iter().filter(may).collect();
        assert_eq!(found, allowed, "{status}");
    }
}

#[test]
fn a_cell_names_every_dimension_or_none() {
    let said = |parts: &[(&str, &str)]| {
        let cell = Cell(parts.iter().map(|(d, v)| (code(d), code(v))).collect());
        let faults = cell_faults(&terms(), &cell);
        let told = faults
            .iter()
            .map(|fault| format!("{} {}", fault.field, fault.code));
        told.collect::<Vec<_>>()
    };
    assert_eq!(said(&[]), [""; 0]);
    assert_eq!(said(&[("region", "seoul"), ("age", "20s")]), [""; 0]);
    assert_eq!(
        said(&[("region", "seoul")]),
        ["/dimensions/age dimension_missing"]
    );
    assert_eq!(
        said(&[("region", "jeju"), ("sex", "ff")]),
        [
            "/dimensions/region unknown_dimension_value",
            "/dimensions/sex unknown_dimension",
            "/dimensions/age dimension_missing",
        ]
    );
}

#[test]
fn nothing_is_measured_ahead_of_its_entry_or_outside_the_days_of_its_indicator() {
    let mut terms = terms();
    let period = |start: &str, end: &str| Period::new(day(start), day(end)).unwrap();
    let said = |terms: &IndicatorTerms, of, on: &str| {
        let faults = period_faults(terms, of, day(on), day("2022-11-03"));
        faults.iter().map(|fault| fault.code).collect::<Vec<_>>()
    };
    let quarter = period("2022-07-01", "2022-09-30");
    assert_eq!(said(&terms, quarter, "2022-09-30"), [""; 0]);
    assert_eq!(said(&terms, quarter, "2022-09-29"), ["after_value_date"]);
    let year = period("2022-01-01", "2022-12-31");
    assert_eq!(said(&terms, year, "2022-11-03"), ["in_the_future"]);
    terms.period = Some(period("2022-07-02", "2022-12-31"));
    assert_eq!(
        said(&terms, quarter, "2022-11-03"),
        ["outside_indicator_period"]
    );
}

#[test]
fn what_a_period_brought_is_measured_once() {
    let live = [entry("old", "2022-01-01", "2022-03-31", 9)];
    let agrees = |start, end| {
        let new = measured(MeasurementStatus::Submitted, &entry("new", start, end, 1));
        agrees(Accumulation::InPeriod, &new, &live)
    };
    assert_eq!(agrees("2022-04-01", "2022-06-30"), Ok(()));
    assert_eq!(agrees("2021-10-01", "2021-12-31"), Ok(()));
    for (start, end) in [
        ("2022-03-31", "2022-06-30"),
        ("2021-12-01", "2022-01-01"),
        ("2022-02-01", "2022-02-28"),
        ("2021-01-01", "2022-12-31"),
    ] {
        let refused = agrees(start, end);
        assert!(
            matches!(refused, Err(MeasurementError::Overlaps { .. })),
            "{start}"
        );
    }
}

#[test]
fn a_running_count_has_one_start_and_does_not_fall_without_a_reason() {
    let live = [
        entry("one", "2022-01-01", "2022-03-31", 10),
        entry("two", "2022-01-01", "2022-09-30", 20),
    ];
    let agrees = |start, end, value, reason: Option<&str>| {
        let of = entry("new", start, end, value);
        let mut new = measured(MeasurementStatus::Submitted, &of);
        new.reason = reason.map(str::to_owned);
        agrees(Accumulation::Cumulative, &new, &live)
    };
    assert_eq!(agrees("2022-01-01", "2022-10-31", 20, None), Ok(()));
    let falls = Err(MeasurementError::Falls);
    assert_eq!(agrees("2022-01-01", "2022-10-31", 19, None), falls);
    assert_eq!(
        agrees("2022-01-01", "2022-10-31", 19, Some("recount")),
        Ok(())
    );
    assert_eq!(agrees("2022-01-01", "2022-06-30", 15, None), Ok(()));
    assert_eq!(agrees("2022-01-01", "2022-06-30", 21, None), falls);
    let other_start = Err(MeasurementError::OtherStart(day("2022-01-01")));
    assert_eq!(agrees("2022-02-01", "2022-10-31", 30, None), other_start);
    let twice = agrees("2022-01-01", "2022-09-30", 30, None);
    assert!(matches!(twice, Err(MeasurementError::Overlaps { .. })));
}

#[test]
fn a_measurement_does_not_contradict_itself() {
    let live = [entry("new", "2022-01-01", "2022-03-31", 10)];
    let changed = measured(
        MeasurementStatus::Submitted,
        &entry("new", "2022-01-01", "2022-03-31", 4),
    );
    for accumulation in [Accumulation::Cumulative, Accumulation::InPeriod] {
        assert_eq!(agrees(accumulation, &changed, &live), Ok(()));
    }
}

#[test]
fn an_estimate_tells_its_method() {
    use MeasurementNature::{Declared, Estimated, Measured};
    assert!(method_fault(Estimated, None).is_some());
    assert!(method_fault(Estimated, Some("survey")).is_none());
    assert!(method_fault(Measured, None).is_none() && method_fault(Declared, None).is_none());
}
