//! Distinct people (실인원): who counts, in which scope, since when.
//!
//! A person counts in a scope while what they were approved there, net of what was cancelled or
//! refunded, is above zero. Each crossing of that line is kept on its day, so the number of people
//! on any past day is a sum of crossings. Compensation is no giving: whom it reached counts in its
//! own program, and not among all people. An entry dated before the person's last one can move
//! crossings that were kept: then the person's whole history is read and compared.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::CountChange;
use crate::beneficiaries::merges::one_person;
use crate::beneficiaries::model::BeneficiaryId;
use crate::code::Code;
use crate::desk::{Desk, Stop};
pub use crate::metrics::Scope;
use crate::money::{MoneyError, Won};

/// What a person stands at in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The scope, as text.
    pub scope: String,
    /// The person.
    pub person: BeneficiaryId,
    /// Approved, net of what was cancelled or refunded, in won.
    pub net: Won,
    /// The latest value date.
    pub last_on: NaiveDate,
}

/// Something a person was approved, or gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// In which program.
    pub program: Code,
    /// Out of which fund.
    pub fund: Option<Code>,
    /// On what day.
    pub on: NaiveDate,
    /// Won; negative for what was cancelled or refunded.
    pub amount: Won,
}

/// Everything a person was approved or gave back, as stored.
#[derive(Debug, Clone)]
pub struct PersonHistory {
    /// The person.
    pub person: BeneficiaryId,
    /// In no particular order.
    pub given: Vec<Given>,
}

/// What a decision changes about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// The person, by the id that was recorded.
    pub person: BeneficiaryId,
    /// What they were approved, or gave back; none where only who they are changes.
    pub given: Option<Given>,
    /// What the people concerned stand at afterwards, in each scope.
    pub standings: Vec<Standing>,
    /// The crossings that follow.
    pub counts: Vec<CountChange>,
}

/// Works out what `given` changes for `person` in every scope it falls into. A person whose entries
/// count under another's stands where that one stands.
///
/// # Errors
/// [`Stop::Fetch`] until the standings, and for a back-dated entry the history, are in hand.
pub fn give(desk: &Desk, person: &BeneficiaryId, given: Given) -> Result<PersonChange, Stop> {
    let scopes = scopes(desk, &given)?;
    // Most are merged with nobody: what they stand at is fetched with who they are.
    for scope in &scopes {
        desk.standings.want(&(scope.to_string(), person.clone()));
    }
    let ids = one_person(desk, person)?;
    let survivor = ids.first().unwrap_or(person);
    for scope in &scopes {
        desk.standings.want(&(scope.to_string(), survivor.clone()));
    }
    let (mut standings, mut counts) = (Vec::new(), Vec::new());
    for scope in scopes {
        let key = (scope.to_string(), survivor.clone());
        let before = desk.standings.find(&key)?;
        let (net, last_on) = match &before {
            Some(standing) => (standing.net, standing.last_on),
            None => (Won::ZERO, given.on),
        };
        let crossings = if given.on < last_on {
            let history = within(desk, &ids, &scope)?;
            moved_crossings(&history, &given)?
        } else {
            crossing(net, net.checked_add(given.amount)?, given.on)
                .into_iter()
                .collect()
        };
        counts.extend(crossings.into_iter().map(|(on, people)| CountChange {
            scope: scope.clone(),
            on,
            people,
        }));
        standings.push(Standing {
            scope: key.0,
            person: survivor.clone(),
            net: net.checked_add(given.amount)?,
            last_on: last_on.max(given.on),
        });
    }
    Ok(PersonChange {
        person: person.clone(),
        given: Some(given),
        standings,
        counts,
    })
}

/// Every scope that something given falls into.
///
/// # Errors
/// [`Stop::Fetch`] until the fund and those above it are in hand.
pub(super) fn scopes(desk: &Desk, given: &Given) -> Result<Vec<Scope>, Stop> {
    let mut scopes = vec![Scope::Program(given.program.clone())];
    if !desk.compensates(&given.program)? {
        scopes.push(Scope::All);
    }
    if let Some(fund) = &given.fund {
        let lineage = desk.lineage(fund)?;
        scopes.extend(lineage.iter().map(|fund| Scope::Fund(fund.code.clone())));
    }
    Ok(scopes)
}

/// What a person of these ids was given so far: as stored, and earlier in this group.
///
/// # Errors
/// [`Stop::Fetch`] until the histories are in hand.
pub(super) fn given_to(desk: &Desk, ids: &[BeneficiaryId]) -> Result<Vec<Given>, Stop> {
    for id in ids {
        desk.histories.want(id);
    }
    let mut all = Vec::new();
    for id in ids {
        let stored = desk.histories.find(id)?;
        let stored = stored.iter().flat_map(|history| history.given.iter());
        all.extend(stored.chain(desk.given_in_this_group(id)).cloned());
    }
    Ok(all)
}

/// What of it falls into a scope.
///
/// # Errors
/// As [`scopes`].
pub(super) fn inside(desk: &Desk, given: &[Given], scope: &Scope) -> Result<Vec<Given>, Stop> {
    let mut inside = Vec::new();
    for given in given {
        if scopes(desk, given)?.contains(scope) {
            inside.push(given.clone());
        }
    }
    Ok(inside)
}

fn within(desk: &Desk, ids: &[BeneficiaryId], scope: &Scope) -> Result<Vec<Given>, Stop> {
    inside(desk, &given_to(desk, ids)?, scope)
}

fn crossing(before: Won, after: Won, on: NaiveDate) -> Option<(NaiveDate, i64)> {
    match (before > Won::ZERO, after > Won::ZERO) {
        (false, true) => Some((on, 1)),
        (true, false) => Some((on, -1)),
        _ => None,
    }
}

/// The days on which the line is crossed, by what was given on each day.
pub(super) fn crossings(given: &[Given]) -> Result<BTreeMap<NaiveDate, i64>, MoneyError> {
    let mut by_day: BTreeMap<NaiveDate, Won> = BTreeMap::new();
    for given in given {
        let sum = by_day.entry(given.on).or_default();
        *sum = sum.checked_add(given.amount)?;
    }
    let (mut net, mut found) = (Won::ZERO, BTreeMap::new());
    for (on, amount) in by_day {
        let after = net.checked_add(amount)?;
        found.extend(crossing(net, after, on));
        net = after;
    }
    Ok(found)
}

fn moved_crossings(history: &[Given], new: &Given) -> Result<Vec<(NaiveDate, i64)>, MoneyError> {
    let mut with_new = history.to_vec();
    with_new.push(new.clone());
    let mut moved = crossings(&with_new)?;
    for (on, people) in crossings(history)? {
        let change = moved.entry(on).or_default();
        *change = change.saturating_sub(people);
    }
    Ok(moved
        .into_iter()
        .filter(|(_, people)| *people != 0)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 1, n).unwrap()
    }

    fn given(n: u32, amount: i64) -> Given {
        Given {
            program: Code::parse("program").unwrap(),
            fund: None,
            on: day(n),
            amount: Won::new(amount),
        }
    }

    #[test]
    fn a_back_dated_first_payment_moves_the_day_a_person_counts_from() {
        let moved = moved_crossings(&[given(20, 5)], &given(10, 5)).unwrap();
        assert_eq!(moved, [(day(10), 1), (day(20), -1)]);
    }

    #[test]
    fn who_gave_everything_back_does_not_count() {
        let found = crossings(&[given(3, 5), given(9, -5)]).unwrap();
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [(day(3), 1), (day(9), -1)]
        );
    }

    proptest! {
        #[test]
        fn moved_crossings_added_to_the_old_ones_are_the_new_ones(
            entries in prop::collection::vec((1_u32..28, -3_i64..4), 1..12)
        ) {
            let entries: Vec<Given> = entries.into_iter().map(|(d, a)| given(d, a)).collect();
            let (new, old) = entries.split_last().unwrap();
            let mut sums = crossings(old).unwrap();
            for (on, people) in moved_crossings(old, new).unwrap() {
                *sums.entry(on).or_default() += people;
            }
            sums.retain(|_, people| *people != 0);
            prop_assert_eq!(sums, crossings(&entries).unwrap());
        }
    }
}
