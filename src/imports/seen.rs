//! What was seen of a file while its rows are checked: what no two of its rows may share.
//!
//! Hashes of 64 bits stand for texts, keyed anew for each file. That two different ones meet among
//! a million is less likely than one in thirty million, and would blame a row wrongly, never record
//! one. About 20 bytes for each row and each thing that is compared.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use chrono::{Datelike, NaiveDate};

use super::entry::Marks;

/// What was seen so far: each with the first row that had it.
#[derive(Debug, Default)]
pub struct Seen {
    hasher: RandomState,
    rows: HashMap<u64, u32>,
    /// With a part of the row's fingerprint.
    external_ids: HashMap<u64, (u32, u32)>,
    rounds: HashMap<u64, u32>,
    people: HashSet<u64>,
    /// With the day of the latest, in days of our era.
    payments: HashMap<u64, (u32, i32)>,
}

/// A row that had the same before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It is the same row.
    Row(i64),
    /// It is another row with the same id of the sender's own.
    ExternalId(i64),
}

impl Seen {
    /// The first row that is the same, or that has the same id of the sender's own.
    pub fn row(&mut self, print: &str, marks: &Marks, line: i64) -> Option<Before> {
        let (line, print) = (short(line), self.hasher.hash_one(print));
        let Some(id) = marks.external_id.as_deref() else {
            return first(&mut self.rows, print, line).map(Before::Row);
        };
        let key = self.hasher.hash_one((marks.program.as_deref(), id));
        let part = u32::try_from(print >> 32).unwrap_or(0);
        match self.external_ids.entry(key) {
            Entry::Vacant(free) => {
                free.insert((line, part));
                None
            }
            Entry::Occupied(found) => {
                let (first, same) = *found.get();
                Some(if same == part {
                    Before::Row(i64::from(first))
                } else {
                    Before::ExternalId(i64::from(first))
                })
            }
        }
    }

    /// The first row that pays this person in this wave of this program.
    pub fn round(&mut self, marks: &Marks, line: i64) -> Option<i64> {
        let (person, round) = (marks.person.as_deref()?, marks.round.as_deref()?);
        let of = (marks.program.as_deref(), round, person);
        let key = self.hasher.hash_one(of);
        first(&mut self.rounds, key, short(line))
    }

    /// Counts a person, and says whether it is a new one.
    pub fn person(&mut self, marks: &Marks) -> bool {
        match &marks.person {
            Some(person) => self.people.insert(self.hasher.hash_one(person)),
            None => false,
        }
    }

    /// The row before that pays this person as much, by this program, within so many days.
    pub fn payment(&mut self, marks: &Marks, line: i64, days: i32) -> Option<i64> {
        let (person, amount) = (marks.person.as_deref()?, marks.amount?);
        let day = marks.day.map(|day: NaiveDate| day.num_days_from_ce())?;
        let of = (marks.program.as_deref(), person, amount);
        let now = (short(line), day);
        let before = self.payments.insert(self.hasher.hash_one(of), now);
        let near = before.filter(|(_, other)| other.abs_diff(day) <= days.unsigned_abs());
        near.map(|(line, _)| i64::from(line))
    }
}

fn first(seen: &mut HashMap<u64, u32>, key: u64, line: u32) -> Option<i64> {
    match seen.entry(key) {
        Entry::Occupied(found) => Some(i64::from(*found.get())),
        Entry::Vacant(free) => {
            free.insert(line);
            None
        }
    }
}

fn short(line: i64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(person: &str, amount: i64, day: &str) -> Marks {
        Marks {
            program: Some("p".to_owned()),
            person: Some(person.to_owned()),
            amount: Some(amount),
            day: Some(day.parse().unwrap()),
            external_id: Some("e".to_owned()),
            round: Some("1".to_owned()),
        }
    }

    #[test]
    fn a_second_of_anything_is_told_with_the_first() {
        let (mut seen, one) = (Seen::default(), marks("a", 1, "2022-11-01"));
        let without = Marks::default();
        assert_eq!(seen.row("x", &without, 2), None);
        assert_eq!(seen.row("x", &without, 3), Some(Before::Row(2)));
        assert_eq!(seen.row("y", &one, 4), None);
        assert_eq!(seen.row("y", &one, 5), Some(Before::Row(4)));
        assert_eq!(seen.row("z", &one, 6), Some(Before::ExternalId(4)));
        assert_eq!((seen.round(&one, 2), seen.round(&one, 3)), (None, Some(2)));
        assert_eq!((seen.person(&one), seen.person(&one)), (true, false));
    }

    #[test]
    fn a_payment_is_a_second_one_within_its_days_and_of_its_amount_alone() {
        let mut seen = Seen::default();
        for (line, person, amount, day, first) in [
            (2, "a", 1, "2022-11-01", None),
            (3, "a", 1, "2022-12-01", Some(2)),
            (4, "a", 1, "2023-03-01", None),
            (5, "a", 2, "2022-11-01", None),
            (6, "b", 1, "2022-11-01", None),
        ] {
            let marks = marks(person, amount, day);
            assert_eq!(seen.payment(&marks, line, 30), first, "{line}");
        }
    }
}
