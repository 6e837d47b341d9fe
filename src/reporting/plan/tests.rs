use proptest::prelude::*;

use super::due::Due;
use super::*;
use crate::calendar::Period;
use crate::money::Amount;
use crate::reporting::sample::{self, BILLION, code, day};
use crate::tallies::Measure;

fn line(fiscal_year: i32, program: &str, area: &str, amount: i64) -> PlanLine {
    PlanLine {
        fiscal_year,
        program: Code::stored_or_none(program.to_owned()),
        area: (!area.is_empty()).then(|| area.to_owned()),
        amount: Amount::new(amount).unwrap(),
    }
}

fn five_years() -> Period {
    Period::new(day("2022-04-01"), day("2027-03-31")).unwrap()
}

fn plan_of(lines: Vec<PlanLine>) -> Plan {
    Plan {
        fund: code("parent"),
        version: 1,
        reason: String::new(),
        recorded_by: String::new(),
        effective_on: day("2022-04-01"),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        lines,
    }
}

/// Paid on the sums' day, and nothing since.
fn forecast_on(as_of: &str, disbursed: i64, recently: i64) -> Option<Forecast> {
    let plan = plan_of(
        (2022..=2026)
            .map(|year| line(year, "", "", 60 * BILLION))
            .collect(),
    );
    let of_line = sample::line("parent", "merchants");
    let recent = vec![sample::tallied(&of_line, Measure::Paid, recently)];
    let timed = Timed::of(Vec::new(), recent);
    let disbursed = Won::new(disbursed);
    forecast::forecast((five_years(), &plan), disbursed, &timed, day(as_of)).unwrap()
}

#[test]
fn a_forecast_goes_on_in_a_straight_line_and_at_the_pace_of_the_last_days() {
    let forecast = forecast_on("2022-11-03", 8_200_000_000, 900_000_000).unwrap();
    // 8.2 billion × 1826 / 217; 8.2 billion and 10 million for each of 1609 days.
    assert_eq!(forecast.straight_line, Won::new(69_000_921_659));
    assert_eq!(forecast.current_pace, Won::new(24_290_000_000));
    assert_eq!(forecast.pace_days, PACE_DAYS);
    assert_eq!(forecast.plan, Won::new(300 * BILLION));
    let short = Won::new(69_000_921_659 - 300 * BILLION);
    assert_eq!(forecast.against_plan.straight_line, short);
}

#[test]
fn the_pace_is_measured_since_the_start_where_that_is_shorter() {
    let forecast = forecast_on("2022-04-10", 1_000, 1_000).unwrap();
    assert_eq!(forecast.pace_days, 10);
    assert_eq!(forecast.current_pace, forecast.straight_line);
    assert_eq!(forecast.straight_line, Won::new(182_600));
}

#[test]
fn there_is_no_forecast_before_the_start_and_after_the_end_it_is_what_was_done() {
    assert_eq!(forecast_on("2022-03-31", 0, 0), None);
    for after in ["2027-03-31", "2029-01-01"] {
        let forecast = forecast_on(after, 77, 50).unwrap();
        let both = (forecast.straight_line, forecast.current_pace);
        assert_eq!(both, (Won::new(77), Won::new(77)), "{after}");
    }
}

proptest! {
    #[test]
    fn the_groups_of_a_plan_add_up_to_it_on_every_day(
        amounts in prop::collection::vec((2021_i32..2025, 1_i64..9_999, 0_u8..4), 1..20),
        offset in 0_u64..1_500,
    ) {
        let lines: Vec<PlanLine> = amounts
            .into_iter()
            .map(|(year, amount, group)| line(year, "", &"x".repeat(group.into()), amount))
            .collect();
        let as_of = day("2021-06-01") + chrono::Days::new(offset);
        let due = Due::of(&lines, five_years(), as_of).unwrap();
        let groups = due.groups(|line| line.area.clone()).unwrap();
        let to_date = Won::sum(groups.values().map(|(_, to_date)| *to_date)).unwrap();
        prop_assert_eq!(to_date, due.to_date().unwrap());
        let plan = Won::sum(groups.values().map(|(plan, _)| *plan)).unwrap();
        let whole = Won::sum(lines.iter().map(|line| line.amount.won())).unwrap();
        prop_assert_eq!(plan, whole);
        for (plan, to_date) in groups.values() {
            prop_assert!(to_date <= plan && *to_date >= Won::ZERO);
        }
    }
}
