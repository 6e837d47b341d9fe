//! What may be asked of a series. Pure.

use chrono::NaiveDate;

pub use crate::metrics::{Metric, Unit};
use crate::refusal::{FieldFault, Refusal};
use crate::reporting::places::Regions;
use crate::text_enum::text_enum;

/// Most points of one series, over all its groups.
pub const MAX_POINTS: usize = 4_000;

text_enum! {
    /// How long each period is.
    Interval {
        /// One day.
        Day = "day",
        /// One month.
        Month = "month",
        /// One quarter.
        Quarter = "quarter",
        /// One year.
        Year = "year",
    }
}

text_enum! {
    /// By what a series is told apart.
    GroupBy {
        /// By nothing: one group.
        None = "none",
        /// By program.
        Program = "program",
        /// By fund.
        Fund = "fund",
        /// By 시도.
        Region = "region",
        /// By kind of program.
        Kind = "kind",
    }
}

text_enum! {
    /// What the value of a period says.
    Basis {
        /// What happened in it; periods may be added.
        InPeriod = "in_period",
        /// What stood at its end; periods are never added.
        AtPeriodEnd = "at_period_end",
    }
}

/// Which sums a metric is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The accounts.
    Ledger,
    /// The programs' sums.
    Tallies,
    /// The numbers of distinct people.
    People,
    /// The sums of sales.
    Sales,
}

impl Metric {
    /// Where it is read from; none where there is no series of it.
    #[must_use]
    pub fn source(self) -> Option<Source> {
        match self {
            Self::Committed | Self::Contributed => Some(Source::Ledger),
            Self::Disbursed | Self::Payments | Self::Donated | Self::Paid | Self::Refunded => {
                Some(Source::Tallies)
            }
            Self::Beneficiaries => Some(Source::People),
            Self::SalesAmount | Self::SalesQuantityKg | Self::Orders => Some(Source::Sales),
            Self::Buyers | Self::PledgesMet => None,
        }
    }

    /// What its value says of a period.
    #[must_use]
    pub fn basis(self) -> Basis {
        match self {
            Self::Beneficiaries => Basis::AtPeriodEnd,
            _ => Basis::InPeriod,
        }
    }
}

/// A series that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesQuery {
    /// What it follows.
    pub metric: Metric,
    /// How long each period is.
    pub interval: Interval,
    /// By what it is told apart.
    pub group_by: GroupBy,
    /// How regions are told apart.
    pub regions: Regions,
    /// Its first day; the first month with an entry where none is given.
    pub from: Option<NaiveDate>,
    /// Its last day; the day of the report where none is given.
    pub to: Option<NaiveDate>,
}

impl SeriesQuery {
    /// The source of what is asked for, where it can be answered as of that day.
    ///
    /// # Errors
    /// Every wrong field: `metric_not_available`, `group_not_available`, `not_additive`,
    /// `after_as_of`, `end_before_start`.
    pub fn check(&self, as_of: NaiveDate) -> Result<Source, Refusal> {
        let mut faults = Vec::new();
        let source = self.metric.source();
        match source {
            None => faults.push(fault("/metric", "metric_not_available", self.metric)),
            Some(source) => faults.extend(self.group_fault(source)),
        }
        if self.to.is_some_and(|to| to > as_of) {
            faults.push(fault("/to", "after_as_of", as_of));
        }
        let to = self.to.unwrap_or(as_of);
        if self.from.is_some_and(|from| from > to) {
            faults.push(fault("/from", "end_before_start", to));
        }
        match source {
            Some(source) if faults.is_empty() => Ok(source),
            _ => Err(Refusal::Fields(faults)),
        }
    }

    fn group_fault(&self, source: Source) -> Option<FieldFault> {
        use GroupBy::{Fund, Kind, Program, Region};
        let code = match (source, self.group_by) {
            // One person may be in several regions and kinds, and nobody counts them there.
            (Source::People, Region | Kind) => "not_additive",
            (Source::Ledger, Program | Region | Kind) | (Source::Sales, Fund) => {
                "group_not_available"
            }
            (Source::Tallies, Region) if self.metric == Metric::Donated => "group_not_available",
            _ => return None,
        };
        Some(fault("/group_by", code, self.group_by).with("metric", self.metric))
    }
}

fn fault(field: &str, code: &'static str, value: impl ToString) -> FieldFault {
    FieldFault::new(field, code).with("value", value)
}

/// The refusal of a series with more than [`MAX_POINTS`].
#[must_use]
pub fn too_many_points() -> Refusal {
    Refusal::Fields(vec![
        FieldFault::new("/interval", "too_many_points").with("most", MAX_POINTS),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_enum::TextEnum;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn query(metric: Metric, group_by: GroupBy) -> SeriesQuery {
        SeriesQuery {
            metric,
            interval: Interval::Month,
            group_by,
            regions: Regions::as_recorded(day("2022-11-03")),
            from: None,
            to: None,
        }
    }

    fn codes(query: &SeriesQuery) -> Vec<&'static str> {
        match query.check(day("2022-11-03")) {
            Ok(_) => Vec::new(),
            Err(Refusal::Fields(faults)) => faults.iter().map(|fault| fault.code).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn people_are_not_told_apart_by_what_they_are_not_counted_in() {
        for (group_by, expected) in [
            (GroupBy::None, vec![]),
            (GroupBy::Program, vec![]),
            (GroupBy::Fund, vec![]),
            (GroupBy::Region, vec!["not_additive"]),
            (GroupBy::Kind, vec!["not_additive"]),
        ] {
            assert_eq!(codes(&query(Metric::Beneficiaries, group_by)), expected);
        }
    }

    #[test]
    fn every_metric_that_has_a_series_has_one_of_one_group() {
        for metric in Metric::ALL {
            let expected = match metric {
                Metric::Buyers | Metric::PledgesMet => vec!["metric_not_available"],
                _ => vec![],
            };
            assert_eq!(codes(&query(*metric, GroupBy::None)), expected, "{metric}");
        }
    }

    #[test]
    fn commitments_have_no_program_and_sales_no_fund() {
        for wrong in [
            query(Metric::Committed, GroupBy::Program),
            query(Metric::Contributed, GroupBy::Region),
            query(Metric::Orders, GroupBy::Fund),
            query(Metric::Donated, GroupBy::Region),
        ] {
            assert_eq!(codes(&wrong), ["group_not_available"]);
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = SeriesQuery {
            from: Some(day("2023-02-01")),
            to: Some(day("2023-01-01")),
            ..query(Metric::Buyers, GroupBy::None)
        };
        assert_eq!(
            codes(&wrong),
            ["metric_not_available", "after_as_of", "end_before_start"]
        );
    }
}
