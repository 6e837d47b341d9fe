//! What may be recorded as a claim. Pure.

use chrono::NaiveDate;

use super::comparison::{Comparator, Comparison, Stated, Tolerance};
use super::model::{Nature, Words, unit};
use crate::metrics::{Metric, Scope, Unit};
use crate::money::MoneyError;
use crate::refusal::{FieldFault, Refusal};

/// A claim as somebody asks for it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What was said, and where.
    pub words: Words,
    /// When.
    pub said_on: NaiveDate,
    /// What the number counts.
    pub metric: Option<Metric>,
    /// Of what.
    pub scope: Scope,
    /// The first day that it covers.
    pub from: Option<NaiveDate>,
    /// The day that the number is of; it may lie ahead.
    pub as_of: NaiveDate,
    /// How the number was said.
    pub comparator: Comparator,
    /// The number.
    pub value: Stated,
    /// To what it was rounded down.
    pub unit: Option<Stated>,
    /// Its own tolerance.
    pub tolerance: Tolerance,
    /// What sort of number it is.
    pub nature: Nature,
}

/// The comparison of a claim that makes sense.
///
/// # Errors
/// Every wrong field at once.
pub fn check(draft: &Draft, today: NaiveDate) -> Result<Comparison, Refusal> {
    let mut faults = Vec::new();
    if draft.said_on > today {
        faults.push(FieldFault::new("/said_on", "in_the_future"));
    }
    faults.extend(draft.metric.and_then(|metric| of_metric(metric, draft)));
    faults.extend(of_days(draft));
    let counted_in = unit(draft.metric);
    let value = number("/value", draft.value, counted_in, &mut faults);
    let rounded_to = draft
        .unit
        .map(|stated| number("/unit", stated, counted_in, &mut faults));
    match Comparison::new(draft.comparator, value, rounded_to, draft.tolerance) {
        Ok(comparison) if faults.is_empty() => Ok(comparison),
        Ok(_) => Err(Refusal::Fields(faults)),
        Err(more) => {
            faults.extend(more);
            Err(Refusal::Fields(faults))
        }
    }
}

/// Whether the metric may be claimed, and of this scope.
fn of_metric(metric: Metric, draft: &Draft) -> Option<FieldFault> {
    let fault = match metric {
        Metric::Paid | Metric::Refunded | Metric::Approved => {
            FieldFault::new("/metric", "metric_not_claimed")
        }
        _ if !metric.is_of(&draft.scope) => FieldFault::new("/scope", "figure_not_of_scope"),
        _ => return None,
    };
    Some(fault.with("metric", metric))
}

fn of_days(draft: &Draft) -> Option<FieldFault> {
    let from = draft.from?;
    match draft.metric.filter(|metric| metric.is_stock()) {
        Some(metric) => {
            Some(FieldFault::new("/from", "stock_has_no_first_day").with("metric", metric))
        }
        None if from > draft.as_of => {
            Some(FieldFault::new("/from", "from_after_as_of").with("as_of", draft.as_of))
        }
        None => None,
    }
}

/// The number in its unit; one where it is none, and a fault.
fn number(field: &'static str, stated: Stated, unit: Unit, faults: &mut Vec<FieldFault>) -> i64 {
    match stated.in_unit(unit) {
        Ok(number) => number,
        Err(MoneyError::Fraction) => {
            faults.push(FieldFault::new(field, "no_decimals"));
            1
        }
        Err(error) => {
            faults.push(FieldFault::new(field, error.code()));
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::model::Source;
    use crate::code::Code;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn draft(metric: Option<Metric>, scope: Scope) -> Draft {
        let source = Source {
            title: "실적 발표".into(),
            date: None,
            url: None,
        };
        Draft {
            words: Words {
                statement: "60억 원 돌파".into(),
                source,
                basis: None,
            },
            said_on: day("2022-11-03"),
            metric,
            scope,
            from: None,
            as_of: day("2022-11-03"),
            comparator: Comparator::Gte,
            value: Stated::parse("6000000000").unwrap(),
            unit: None,
            tolerance: Tolerance::default(),
            nature: Nature::Actual,
        }
    }

    fn refused(draft: &Draft) -> Vec<String> {
        let Err(Refusal::Fields(faults)) = check(draft, day("2022-11-03")) else {
            panic!("{draft:?}")
        };
        let line = |fault: FieldFault| format!("{} {}", fault.field, fault.code);
        faults.into_iter().map(line).collect()
    }

    #[test]
    fn a_number_of_what_the_books_do_not_count_may_be_recorded() {
        let draft = draft(None, Scope::All);
        let comparison = check(&draft, day("2022-11-03")).unwrap();
        assert_eq!(comparison.value(), 6_000_000_000);
    }

    #[test]
    fn a_figure_that_its_scope_does_not_have_is_refused() {
        let fund = Scope::Fund(Code::parse("mobility").unwrap());
        let program = Scope::Program(Code::parse("drivers").unwrap());
        for (metric, scope, expected) in [
            (Metric::SalesAmount, &fund, "/scope figure_not_of_scope"),
            (Metric::Committed, &program, "/scope figure_not_of_scope"),
            (Metric::PledgesMet, &program, "/scope figure_not_of_scope"),
            (Metric::Paid, &program, "/metric metric_not_claimed"),
        ] {
            assert_eq!(refused(&draft(Some(metric), scope.clone())), [expected]);
        }
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let mut wrong = draft(Some(Metric::Beneficiaries), Scope::All);
        wrong.said_on = day("2022-11-04");
        wrong.from = Some(day("2022-01-01"));
        wrong.value = Stated::parse("1.5").unwrap();
        wrong.unit = Some(Stated::parse("0.5").unwrap());
        assert_eq!(
            refused(&wrong),
            [
                "/said_on in_the_future",
                "/from stock_has_no_first_day",
                "/value no_decimals",
                "/unit no_decimals",
                "/unit unit_only_for_rounded_down",
            ]
        );
        let mut backwards = draft(Some(Metric::Disbursed), Scope::All);
        backwards.from = Some(day("2022-11-04"));
        assert_eq!(refused(&backwards), ["/from from_after_as_of"]);
    }

    #[test]
    fn the_day_of_a_claim_may_lie_ahead_and_weight_has_decimals() {
        let mut ahead = draft(Some(Metric::SalesQuantityKg), Scope::All);
        ahead.as_of = day("2027-03-31");
        ahead.value = Stated::parse("2.5").unwrap();
        assert_eq!(check(&ahead, day("2022-11-03")).unwrap().value(), 2_500);
    }
}
