//! Distinct people (실인원): who counts, in which scope, since when.
//!
//! A person counts in a scope while what they were approved there, net of what was cancelled or
//! refunded, is above zero. Each crossing of that line is kept on its day, so the number of people
//! on any past day is a sum of crossings. Compensation is no giving: whom it reached counts in its
//! own program, and not among all people.
//!
//! An entry dated before the person's last one can move crossings that were kept. Where there is
//! one crossing, which is nearly always, its day is known and tells all: what is given later moves
//! nothing, and what is given earlier moves it there, since nothing was left before that day. Else
//! the person's whole history is read and compared.

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
    /// The day from which the person counts, where there is but this one crossing; none where
    /// there is none, or there are more.
    pub since: Option<NaiveDate>,
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
    let (scopes, ids) = concerned(desk, person, &given.program, given.fund.as_ref())?;
    let survivor = ids.first().unwrap_or(person);
    let (mut standings, mut counts) = (Vec::new(), Vec::new());
    for scope in scopes {
        let key = (scope.to_string(), survivor.clone());
        let before = desk.standings.find(&key)?;
        let effect = match Effect::of(before.as_deref(), &given)? {
            Some(effect) => effect,
            None => Effect::on(&within(desk, &ids, &scope)?, &given)?,
        };
        let (net, last_on) = match &before {
            Some(standing) => (standing.net, standing.last_on),
            None => (Won::ZERO, given.on),
        };
        counts.extend(
            effect
                .crossings
                .into_iter()
                .map(|(on, people)| CountChange {
                    scope: scope.clone(),
                    on,
                    people,
                }),
        );
        standings.push(Standing {
            scope: key.0,
            person: survivor.clone(),
            net: net.checked_add(given.amount)?,
            last_on: last_on.max(given.on),
            since: effect.since,
        });
    }
    Ok(PersonChange {
        person: person.clone(),
        given: Some(given),
        standings,
        counts,
    })
}

/// Names what [`give`] will ask for.
pub fn hint(desk: &Desk, person: &BeneficiaryId, program: &Code, fund: Option<&Code>) {
    // What is not in hand yet is asked for by looking for it.
    drop(concerned(desk, person, program, fund));
}

/// The scopes that something given to a person falls into, and all ids of that person.
fn concerned(
    desk: &Desk,
    person: &BeneficiaryId,
    program: &Code,
    fund: Option<&Code>,
) -> Result<(Vec<Scope>, Vec<BeneficiaryId>), Stop> {
    let want = |scopes: &[Scope], id: &BeneficiaryId| {
        for scope in scopes {
            desk.standings.want(&(scope.to_string(), id.clone()));
        }
    };
    let scopes = scopes(desk, program, fund)?;
    // Most are merged with nobody: what they stand at is fetched with who they are.
    want(&scopes, person);
    let ids = one_person(desk, person)?;
    if let Some(survivor) = ids.first().filter(|survivor| *survivor != person) {
        want(&scopes, survivor);
    }
    Ok((scopes, ids))
}

/// Every scope that something given falls into.
///
/// # Errors
/// [`Stop::Fetch`] until the fund and those above it are in hand.
pub(super) fn scopes(desk: &Desk, program: &Code, fund: Option<&Code>) -> Result<Vec<Scope>, Stop> {
    let mut scopes = vec![Scope::Program(program.clone())];
    if !desk.compensates(program)? {
        scopes.push(Scope::All);
    }
    if let Some(fund) = fund {
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
        if scopes(desk, &given.program, given.fund.as_ref())?.contains(scope) {
            inside.push(given.clone());
        }
    }
    Ok(inside)
}

fn within(desk: &Desk, ids: &[BeneficiaryId], scope: &Scope) -> Result<Vec<Given>, Stop> {
    inside(desk, &given_to(desk, ids)?, scope)
}

/// What an entry does to the days on which a person counts.
#[derive(Debug, PartialEq, Eq)]
struct Effect {
    /// By how much each day's crossings change.
    crossings: Vec<(NaiveDate, i64)>,
    /// The one day from which the person counts then, where that is known.
    since: Option<NaiveDate>,
}

impl Effect {
    /// What it does to somebody who stands there, where that alone tells it.
    fn of(standing: Option<&Standing>, given: &Given) -> Result<Option<Self>, MoneyError> {
        let (on, more) = (given.on, given.amount > Won::ZERO);
        let Some(standing) = standing else {
            return Self::on(&[], given).map(Some);
        };
        Ok(match standing.since {
            Some(since) if more && on >= since => Some(Self {
                crossings: Vec::new(),
                since: Some(since),
            }),
            Some(since) if more => Some(Self {
                crossings: vec![(on, 1), (since, -1)],
                since: Some(on),
            }),
            since if on >= standing.last_on => {
                let after = standing.net.checked_add(given.amount)?;
                let crossing = crossing(standing.net, after, on);
                Some(Self {
                    since: since.filter(|_| crossing.is_none()),
                    crossings: crossing.into_iter().collect(),
                })
            }
            _ => None,
        })
    }

    /// What it does to somebody with this history.
    fn on(history: &[Given], new: &Given) -> Result<Self, MoneyError> {
        let with_new = crossings(history.iter().chain([new]))?;
        let since = since(&with_new);
        let mut moved = with_new;
        for (on, people) in crossings(history)? {
            let change = moved.entry(on).or_default();
            *change = change.saturating_sub(people);
        }
        moved.retain(|_, people| *people != 0);
        Ok(Self {
            crossings: moved.into_iter().collect(),
            since,
        })
    }
}

fn crossing(before: Won, after: Won, on: NaiveDate) -> Option<(NaiveDate, i64)> {
    match (before > Won::ZERO, after > Won::ZERO) {
        (false, true) => Some((on, 1)),
        (true, false) => Some((on, -1)),
        _ => None,
    }
}

/// The one day of these crossings from which somebody counts, if there is but one.
pub(super) fn since(crossings: &BTreeMap<NaiveDate, i64>) -> Option<NaiveDate> {
    let mut days = crossings.iter();
    match (days.next(), days.next()) {
        (Some((on, 1)), None) => Some(*on),
        _ => None,
    }
}

/// The days on which the line is crossed, by what was given on each day.
pub(super) fn crossings<'a>(
    given: impl IntoIterator<Item = &'a Given>,
) -> Result<BTreeMap<NaiveDate, i64>, MoneyError> {
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
        let effect = Effect::on(&[given(20, 5)], &given(10, 5)).unwrap();
        assert_eq!(effect.crossings, [(day(10), 1), (day(20), -1)]);
        assert_eq!(effect.since, Some(day(10)));
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
            for (on, people) in Effect::on(old, new).unwrap().crossings {
                *sums.entry(on).or_default() += people;
            }
            sums.retain(|_, people| *people != 0);
            prop_assert_eq!(sums, crossings(&entries).unwrap());
        }
    }

    fn stand(before: Option<&Standing>, given: &Given, since: Option<NaiveDate>) -> Standing {
        let (net, last_on) = before.map_or((Won::ZERO, given.on), |b| (b.net, b.last_on));
        Standing {
            scope: String::new(),
            person: BeneficiaryId::stored("person".to_owned()),
            net: net.checked_add(given.amount).unwrap(),
            last_on: last_on.max(given.on),
            since,
        }
    }

    proptest! {
        /// Records are approved on any day in any order; some are cancelled, whole or in part, on
        /// that day or a later one, and recorded as such at any later time.
        #[test]
        fn what_a_standing_tells_is_what_the_whole_history_tells(
            records in prop::collection::vec(
                (1_u32..20, 1_i64..4, prop::option::of((0_u32..8, 1_i64..4, 0_usize..9))), 1..9),
        ) {
            let mut entries = Vec::new();
            for (place, (on, amount, cancelled)) in records.iter().enumerate() {
                entries.push((2 * place, given(*on, *amount)));
                if let Some((later, part, wait)) = cancelled {
                    let back = given(on + later, -part.min(amount));
                    entries.push((2 * (place + wait) + 1, back));
                }
            }
            entries.sort_by_key(|(recorded, _)| *recorded);
            let entries: Vec<Given> = entries.into_iter().map(|(_, given)| given).collect();
            let (mut standing, mut sums, mut told) = (None, BTreeMap::new(), 0);
            for (place, new) in entries.iter().enumerate() {
                let alone = Effect::of(standing.as_ref(), new).unwrap();
                told += usize::from(alone.is_some());
                let effect = alone.unwrap_or_else(|| Effect::on(&entries[..place], new).unwrap());
                for (on, people) in &effect.crossings {
                    *sums.entry(*on).or_default() += people;
                }
                sums.retain(|_, people: &mut i64| *people != 0);
                let whole = crossings(&entries[..=place]).unwrap();
                prop_assert_eq!(&sums, &whole);
                if let Some(on) = effect.since {
                    prop_assert_eq!(since(&whole), Some(on));
                }
                standing = Some(stand(standing.as_ref(), new, effect.since));
            }
            if records.iter().all(|(_, _, cancelled)| cancelled.is_none()) {
                prop_assert_eq!(told, entries.len(), "no history was needed");
            }
        }
    }
}
