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
    /// What partners stated.
    Statements,
    /// Pledges, as they stood on a day.
    Pledges,
}

impl Metric {
    /// Where it is read from.
    #[must_use]
    pub fn source(self) -> Source {
        match self {
            Self::Committed | Self::Contributed => Source::Ledger,
            Self::Disbursed
            | Self::Payments
            | Self::Donated
            | Self::Paid
            | Self::Refunded
            | Self::Approved => Source::Tallies,
            Self::Beneficiaries => Source::People,
            Self::SalesAmount | Self::SalesQuantityKg | Self::Orders => Source::Sales,
            Self::Buyers => Source::Statements,
            Self::PledgesMet => Source::Pledges,
        }
    }

    /// What its value says of a period.
    #[must_use]
    pub fn basis(self) -> Basis {
        if self.is_stock() {
            Basis::AtPeriodEnd
        } else {
            Basis::InPeriod
        }
    }
}

/// A series that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// Every wrong field: `group_not_available`, `not_additive`, `after_as_of`,
    /// `end_before_start`.
    pub fn check(&self, as_of: NaiveDate) -> Result<Source, Refusal> {
        let source = self.metric.source();
        let mut faults = Vec::from_iter(self.group_fault(source));
        if self.to.is_some_and(|to| to > as_of) {
            faults.push(fault("/to", "after_as_of", as_of));
        }
        let to = self.to.unwrap_or(as_of);
        if self.from.is_some_and(|from| from > to) {
            faults.push(fault("/from", "end_before_start", to));
        }
        if faults.is_empty() {
            Ok(source)
        } else {
            Err(Refusal::Fields(faults))
        }
    }

    fn group_fault(&self, source: Source) -> Option<FieldFault> {
        use GroupBy::{Fund, Kind, Program, Region};
        let code = match (source, self.group_by) {
            // One person may be in several regions and kinds, and nobody counts them there.
            (Source::People, Region | Kind) => "not_additive",
            // Nor does anybody know who bought from several programs.
            (Source::Statements, GroupBy::None | Fund | Region | Kind) => "not_additive",
            (Source::Pledges, Program | Fund | Region | Kind)
            | (Source::Ledger, Program | Region | Kind)
            | (Source::Sales, Fund) => "group_not_available",
            (Source::Tallies, Region) if self.metric == Metric::Donated => "group_not_available",
            _ => return None,
        };
        Some(fault("/group_by", code, self.group_by).with("metric", self.metric))
    }
}

fn fault(field: &str, code: &'static str, value: impl ToString) -> FieldFault {
    FieldFault::new(field, code).with("value", value)
}

/// The refusal of a series with more points than it may have.
#[must_use]
pub fn too_many_points(most: usize) -> Refusal {
    Refusal::Fields(vec![
        FieldFault::new("/interval", "too_many_points").with("most", most),
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
    fn every_metric_but_buyers_has_a_series_of_one_group() {
        for metric in Metric::ALL {
            let expected = match metric {
                Metric::Buyers => vec!["not_additive"],
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
            ["not_additive", "after_as_of", "end_before_start"]
        );
    }
}
