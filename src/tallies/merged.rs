//! Distinct people where two were found to be one, or one to be two.
//!
//! A merge corrects who somebody is: the two always were one person. So what either stands at and
//! every crossing is worked out again from the first day on, in each scope that the merged one
//! falls into; in other scopes nothing changes. Taking a merge apart does the same the other way,
//! which leaves every number as it would be had there been none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::CountChange;
use super::people::{
    Given, PersonChange, Scope, Standing, crossings, given_to, inside, scopes, since,
};
use crate::beneficiaries::merges::model::Identity;
use crate::beneficiaries::model::BeneficiaryId;
use crate::desk::{Desk, Stop, both};
use crate::money::{MoneyError, Won};

/// What changes when `person` begins to count under `survivor`.
///
/// # Errors
/// [`Stop::Fetch`] until both histories are in hand.
pub fn join(desk: &Desk, person: &Identity, survivor: &Identity) -> Result<PersonChange, Stop> {
    recount(desk, person, survivor, Step::Join)
}

/// What changes when `person` ceases to count under `survivor`.
///
/// # Errors
/// As [`join`].
pub fn part(desk: &Desk, person: &Identity, survivor: &Identity) -> Result<PersonChange, Stop> {
    recount(desk, person, survivor, Step::Part)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Join,
    Part,
}

fn recount(
    desk: &Desk,
    person: &Identity,
    survivor: &Identity,
    step: Step,
) -> Result<PersonChange, Stop> {
    let others = survivor.merged.iter().filter(|id| **id != person.id);
    let rest: Vec<BeneficiaryId> = [&survivor.id].into_iter().chain(others).cloned().collect();
    let (own, rest) = both(
        given_to(desk, std::slice::from_ref(&person.id)),
        given_to(desk, &rest),
    )?;
    let mut found: BTreeSet<Scope> = BTreeSet::new();
    for given in &own {
        found.extend(scopes(desk, &given.program, given.fund.as_ref())?);
    }
    let (mut standings, mut counts) = (Vec::new(), Vec::new());
    for scope in found {
        let (own, rest) = (inside(desk, &own, &scope)?, inside(desk, &rest, &scope)?);
        counts.extend(
            moved(&own, &rest, step)?
                .into_iter()
                .map(|(on, people)| CountChange {
                    scope: scope.clone(),
                    on,
                    people,
                }),
        );
        let together = || own.iter().chain(&rest);
        let (one, two): (Vec<&Given>, Vec<&Given>) = match step {
            Step::Join => (Vec::new(), together().collect()),
            Step::Part => (own.iter().collect(), rest.iter().collect()),
        };
        // Both keep a row: one that stands at nothing is as good as none.
        let Some(last_on) = together().map(|given| given.on).max() else {
            continue;
        };
        for (id, given) in [(&person.id, one), (&survivor.id, two)] {
            standings.push(Standing {
                scope: scope.to_string(),
                person: id.clone(),
                net: Won::sum(given.iter().map(|given| given.amount))?,
                last_on: given.iter().map(|given| given.on).max().unwrap_or(last_on),
                since: since(&crossings(given.iter().copied())?),
            });
        }
    }
    Ok(PersonChange {
        person: person.id.clone(),
        given: None,
        standings,
        counts,
    })
}

/// By how much each day's crossings change between two people and one.
fn moved(own: &[Given], rest: &[Given], step: Step) -> Result<Vec<(NaiveDate, i64)>, MoneyError> {
    let together: Vec<Given> = own.iter().chain(rest).cloned().collect();
    let sign = match step {
        Step::Join => 1,
        Step::Part => -1,
    };
    let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (given, sign) in [(&*together, sign), (own, -sign), (rest, -sign)] {
        for (on, people) in crossings(given)? {
            let change = days.entry(on).or_default();
            *change = change.saturating_add(people.saturating_mul(sign));
        }
    }
    Ok(days
        .into_iter()
        .filter(|(_, people)| *people != 0)
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::code::Code;

    fn given((n, amount): (u32, i64)) -> Given {
        Given {
            program: Code::parse("program").unwrap(),
            fund: None,
            on: NaiveDate::from_ymd_opt(2022, 1, n).unwrap(),
            amount: Won::new(amount),
        }
    }

    fn all(entries: Vec<(u32, i64)>) -> Vec<Given> {
        entries.into_iter().map(given).collect()
    }

    #[test]
    fn two_who_counted_on_different_days_count_from_the_first_of_them() {
        let (own, rest) = (all(vec![(5, 1), (20, -1)]), all(vec![(10, 1)]));
        let join = moved(&own, &rest, Step::Join).unwrap();
        let days: Vec<(String, i64)> = join.iter().map(|(d, n)| (d.to_string(), *n)).collect();
        assert_eq!(days, [("2022-01-10".into(), -1), ("2022-01-20".into(), 1)]);
    }

    proptest! {
        #[test]
        fn joined_crossings_are_those_of_one_person_and_parting_takes_them_back(
            own in prop::collection::vec((1_u32..28, -3_i64..4), 0..8),
            rest in prop::collection::vec((1_u32..28, -3_i64..4), 0..8),
        ) {
            let (own, rest) = (all(own), all(rest));
            let mut sums: BTreeMap<NaiveDate, i64> = BTreeMap::new();
            let mut add = |changes: Vec<(NaiveDate, i64)>| {
                for (on, people) in changes {
                    *sums.entry(on).or_default() += people;
                }
                sums.retain(|_, people| *people != 0);
                sums.clone()
            };
            add(crossings(&own).unwrap().into_iter().collect());
            let before = add(crossings(&rest).unwrap().into_iter().collect());
            let together: Vec<Given> = own.iter().chain(&rest).cloned().collect();
            let joined = add(moved(&own, &rest, Step::Join).unwrap());
            prop_assert_eq!(joined, crossings(&together).unwrap());
            prop_assert_eq!(add(moved(&own, &rest, Step::Part).unwrap()), before);
        }
    }
}
