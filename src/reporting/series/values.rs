//! The values of a series: sums put in their groups and periods. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::groups::{Group, Groups, Origin};
use super::periods::{self, Span};
use super::query::{Basis, GroupBy, Metric};
use crate::ledger::store::AccountSum;
use crate::money::Won;
use crate::reporting::books::{Flows, Tallied, count};
use crate::reporting::checks::Broken;
use crate::reporting::figure::{of_sale, of_tally};
use crate::reporting::places::Regions;
use crate::reporting::suppress::{hidden, is_small};
use crate::tallies::ALL;
use crate::tallies::store::{SaleSum, TallySum};

/// Sums as they were read: those of the metric's source.
#[derive(Debug)]
pub enum Read {
    /// Of the accounts.
    Ledger(Vec<AccountSum>),
    /// Of the programs.
    Tallies(Vec<TallySum>),
    /// Changes to what stands, by scope: distinct people, buyers, pledges met.
    Standing(Vec<(String, NaiveDate, i64)>),
    /// Of sales.
    Sales(Vec<SaleSum>),
}

/// What happened in each period of each group; one slot more, the first, for before the series.
struct Slots<'a> {
    periods: &'a [Span],
    groups: BTreeMap<Group, Vec<i64>>,
}

impl Slots<'_> {
    fn add(&mut self, group: Group, on: NaiveDate, amount: i64) -> Result<(), Broken> {
        let empty = || vec![0; self.periods.len() + 1];
        let slots = self.groups.entry(group).or_insert_with(empty);
        match slots.get_mut(periods::slot(self.periods, on)) {
            Some(slot) => Ok(count(slot, amount)?),
            None => Ok(()),
        }
    }
}

/// The values of each group, period by period.
///
/// # Errors
/// [`Broken`].
pub fn values(
    rows: &Read,
    metric: Metric,
    periods: &[Span],
    groups: &Groups<'_>,
) -> Result<BTreeMap<Group, Vec<i64>>, Broken> {
    let mut slots = Slots {
        periods,
        groups: BTreeMap::new(),
    };
    match rows {
        Read::Ledger(sums) => add_sums(&mut slots, sums, metric, groups)?,
        Read::Tallies(sums) => {
            for sum in sums {
                let (Some(group), Some(amount)) =
                    (groups.of(origin_of(sum))?, of_tally(metric, sum))
                else {
                    continue;
                };
                slots.add(group, sum.starts_on, amount)?;
            }
        }
        Read::Standing(changes) => {
            for (scope, on, people) in changes {
                slots.add(group_of_scope(scope), *on, *people)?;
            }
        }
        Read::Sales(sums) => {
            for sum in sums {
                let origin = Origin {
                    program: Some(&sum.program),
                    fund: None,
                    region: &sum.region,
                };
                if let Some(group) = groups.of(origin)? {
                    slots.add(group, sum.starts_on, of_sale(metric, sum))?;
                }
            }
        }
    }
    if groups.group_by == GroupBy::None {
        let nothing = vec![0; periods.len() + 1];
        slots.groups.entry(Group::All).or_insert(nothing);
    }
    let mut values = slots.groups;
    for slots in values.values_mut() {
        if metric.basis() == Basis::AtPeriodEnd {
            let mut standing = 0;
            for slot in slots.iter_mut() {
                count(&mut standing, *slot)?;
                *slot = standing;
            }
        }
        slots.remove(0);
    }
    Ok(values)
}

fn add_sums(
    slots: &mut Slots<'_>,
    sums: &[AccountSum],
    metric: Metric,
    groups: &Groups<'_>,
) -> Result<(), Broken> {
    for sum in sums {
        let mut flows = Flows::default();
        flows.add(sum)?;
        let amount = match metric {
            Metric::Contributed => flows.contributed.unwrap_or_default(),
            _ => flows.committed()?,
        };
        let origin = Origin {
            program: None,
            fund: sum.key.line.fund.as_ref(),
            region: "",
        };
        if amount == Won::ZERO {
            continue;
        }
        if let Some(group) = groups.of(origin)? {
            slots.add(group, sum.starts_on, amount.get())?;
        }
    }
    Ok(())
}

fn origin_of(sum: &TallySum) -> Origin<'_> {
    Origin {
        program: sum.program.as_ref(),
        fund: sum.fund.as_ref(),
        // Sums of all places together have no place; they are not read by region.
        region: if sum.region == ALL { "" } else { &sum.region },
    }
}

fn group_of_scope(scope: &str) -> Group {
    match scope.split_once(':') {
        Some((_, code)) => Group::Named(code.to_owned()),
        None => Group::All,
    }
}

/// The regions to hide: those with a small cell in any period.
///
/// # Errors
/// [`Broken`].
pub fn small_regions(
    rows: &Read,
    periods: &[Span],
    groups: &Groups<'_>,
) -> Result<BTreeSet<Group>, Broken> {
    let (Read::Tallies(sums), GroupBy::Region) = (rows, groups.group_by) else {
        return Ok(BTreeSet::new());
    };
    let mut regions: BTreeMap<Group, BTreeMap<usize, Tallied>> = BTreeMap::new();
    let mut joined: BTreeSet<(Group, Group)> = BTreeSet::new();
    // Decided by the regions as they were recorded, and handed on to those that join them: else
    // the one table, held against the other, would tell what each of them hides.
    let recorded = Groups {
        regions: Regions::as_recorded(groups.regions.today),
        ..*groups
    };
    for sum in sums {
        let both = (recorded.of(origin_of(sum))?, groups.of(origin_of(sum))?);
        if let (Some(group), Some(shown)) = both {
            joined.insert((group.clone(), shown));
            let cells = regions.entry(group).or_default();
            let slot = periods::slot(periods, sum.starts_on);
            cells.entry(slot).or_default().add(sum)?;
        }
    }
    let mut sizes = Vec::new();
    for cells in regions.values() {
        let mut payments = 0;
        for cell in cells.values() {
            count(&mut payments, cell.payments)?;
        }
        sizes.push((cells.values().any(is_small), payments));
    }
    let hidden = hidden(&sizes);
    let named = regions.into_keys().enumerate();
    let hidden: BTreeSet<Group> = named
        .filter(|(row, _)| hidden.contains(row))
        .map(|(_, group)| group)
        .collect();
    let shown = joined.into_iter();
    Ok(shown
        .filter(|(group, _)| hidden.contains(group))
        .map(|(_, shown)| shown)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::query::Interval;
    use super::*;
    use crate::reporting::sample::{self, code, day, tallied};
    use crate::tallies::{Measure, Sold};

    fn months() -> Vec<Span> {
        periods::of(Interval::Month, day("2022-07-01"), day("2022-09-30")).unwrap()
    }

    fn by(group_by: GroupBy) -> Groups<'static> {
        Groups {
            group_by,
            regions: Regions::as_recorded(day("2022-11-03")),
            funds: &[],
            programs: &[],
        }
    }

    fn found(rows: &Read, metric: Metric, group_by: GroupBy) -> Vec<(Option<String>, Vec<i64>)> {
        let values = values(rows, metric, &months(), &by(group_by)).unwrap();
        let values = values.into_iter();
        values
            .map(|(group, values)| (group.key(), values))
            .collect()
    }

    fn in_region(region: &str, measure: Measure, amount: i64) -> TallySum {
        TallySum {
            region: region.to_owned(),
            ..tallied(&sample::line("parent", "merchants"), measure, amount)
        }
    }

    #[test]
    fn a_flow_is_told_by_period_and_periods_without_entries_are_nothing() {
        let (sums, tallies) = sample::sums();
        let tenth = sample::BILLION / 10;
        assert_eq!(
            found(&Read::Tallies(tallies), Metric::Disbursed, GroupBy::Fund),
            [
                (Some("child".into()), vec![0, 20 * tenth, 0]),
                (Some("parent".into()), vec![0, 60 * tenth, 0]),
            ]
        );
        assert_eq!(
            found(&Read::Ledger(sums), Metric::Committed, GroupBy::None),
            [(Some("all".into()), vec![0, 3_000 * tenth, 0])]
        );
    }

    #[test]
    fn by_fund_commitments_are_each_funds_own() {
        let (sums, _) = sample::sums();
        let groups = found(&Read::Ledger(sums), Metric::Committed, GroupBy::Fund);
        let august: Vec<i64> = groups.iter().map(|(_, values)| values[1]).collect();
        assert_eq!(august, [10 * sample::BILLION, 290 * sample::BILLION]);
    }

    #[test]
    fn people_stand_at_the_end_of_each_period_and_those_before_it_count() {
        let change = |on: &str, people| ("program:merchants".to_owned(), day(on), people);
        let rows = Read::Standing(vec![
            change("2021-03-01", 5),
            change("2022-07-01", 2),
            change("2022-09-01", -1),
        ]);
        assert_eq!(
            found(&rows, Metric::Beneficiaries, GroupBy::Program),
            [(Some("merchants".into()), vec![7, 7, 6])]
        );
    }

    #[test]
    fn districts_count_under_their_province_and_the_rest_comes_last() {
        let rows = Read::Tallies(vec![
            in_region("", Measure::Payments, 1),
            in_region("11110", Measure::Payments, 3),
            in_region("11", Measure::Payments, 4),
        ]);
        assert_eq!(
            found(&rows, Metric::Payments, GroupBy::Region),
            [(Some("11".into()), vec![0, 7, 0]), (None, vec![0, 1, 0])]
        );
    }

    #[test]
    fn sales_are_told_by_what_is_asked() {
        let rows = || {
            Read::Sales(vec![SaleSum {
                program: code("produce"),
                product: code("rice"),
                region: String::new(),
                starts_on: day("2022-07-01"),
                sold: Sold {
                    grams: 2_500,
                    amount: 10,
                    orders: 1,
                },
            }])
        };
        for (metric, value) in [
            (Metric::SalesQuantityKg, 2_500),
            (Metric::SalesAmount, 10),
            (Metric::Orders, 1),
        ] {
            let expected = [(Some("produce".into()), vec![value, 0, 0])];
            assert_eq!(found(&rows(), metric, GroupBy::Program), expected);
        }
    }

    #[test]
    fn a_region_with_one_small_period_is_hidden_and_not_alone() {
        let rows = Read::Tallies(vec![
            in_region("11", Measure::Payments, 90),
            in_region("26", Measure::Payments, 4),
            in_region("50", Measure::Payments, 8),
        ]);
        let hidden = small_regions(&rows, &months(), &by(GroupBy::Region)).unwrap();
        let keys: Vec<_> = hidden.iter().filter_map(Group::key).collect();
        assert_eq!(keys, ["26", "50"]);
        let whole = small_regions(&rows, &months(), &by(GroupBy::None)).unwrap();
        assert!(whole.is_empty());
    }

    #[test]
    fn a_series_of_one_line_is_there_without_entries() {
        assert_eq!(
            found(&Read::Tallies(Vec::new()), Metric::Paid, GroupBy::None),
            [(Some("all".into()), vec![0, 0, 0])]
        );
        let none = found(&Read::Tallies(Vec::new()), Metric::Paid, GroupBy::Kind);
        assert!(none.is_empty());
    }
}
