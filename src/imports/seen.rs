//! What was seen of a file while its rows are checked: what no two of its rows may share.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::entry::Marks;

/// Payments to one person of one program that are remembered.
const MAX_OF_ONE: usize = 20;

/// A short hash of texts, long enough that no two of a file meet.
type Short = u128;

/// What was seen so far.
#[derive(Debug, Default)]
pub struct Seen {
    rows: HashMap<Short, i64>,
    external_ids: HashMap<Short, i64>,
    rounds: HashMap<Short, i64>,
    people: HashSet<Short>,
    payments: HashMap<Short, Vec<(NaiveDate, i64)>>,
}

impl Seen {
    /// The first row with this fingerprint, if this is not the first.
    pub fn row(&mut self, print: &str, line: i64) -> Option<i64> {
        first(&mut self.rows, &[print], line)
    }

    /// The first row with this id of the sender's own in this program.
    pub fn external_id(&mut self, marks: &Marks, line: i64) -> Option<i64> {
        let id = marks.external_id.as_deref()?;
        let program = marks.program.as_deref().unwrap_or("");
        first(&mut self.external_ids, &[program, id], line)
    }

    /// The first row that pays this person in this wave of this program.
    pub fn round(&mut self, marks: &Marks, line: i64) -> Option<i64> {
        let (person, round) = (marks.person.as_deref()?, marks.round.as_deref()?);
        let program = marks.program.as_deref().unwrap_or("");
        first(&mut self.rounds, &[program, round, person], line)
    }

    /// Counts a person, and says whether it is a new one.
    pub fn person(&mut self, marks: &Marks) -> bool {
        match &marks.person {
            Some(person) => self.people.insert(short(&[person])),
            None => false,
        }
    }

    /// The first row that pays this person as much, by this program, within so many days.
    pub fn payment(&mut self, marks: &Marks, line: i64, days: i64) -> Option<i64> {
        let (person, amount) = (marks.person.as_deref()?, marks.amount?.to_string());
        let day = marks.day?;
        let program = marks.program.as_deref().unwrap_or("");
        let of_it = self
            .payments
            .entry(short(&[program, person, &amount]))
            .or_default();
        let near = |other: &&(NaiveDate, i64)| (other.0 - day).num_days().abs() <= days;
        let found = of_it.iter().find(near).map(|(_, line)| *line);
        if of_it.len() < MAX_OF_ONE {
            of_it.push((day, line));
        }
        found
    }
}

fn first(seen: &mut HashMap<Short, i64>, parts: &[&str], line: i64) -> Option<i64> {
    match seen.entry(short(parts)) {
        std::collections::hash_map::Entry::Occupied(found) => Some(*found.get()),
        std::collections::hash_map::Entry::Vacant(free) => {
            free.insert(line);
            None
        }
    }
}

fn short(parts: &[&str]) -> Short {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        context.update(&length.to_be_bytes());
        context.update(part.as_bytes());
    }
    let digest = context.finish();
    let bytes = digest.as_ref().first_chunk::<16>();
    bytes.map_or(0, |bytes| Short::from_be_bytes(*bytes))
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
        assert_eq!((seen.row("x", 2), seen.row("x", 3)), (None, Some(2)));
        assert_eq!(
            (seen.external_id(&one, 2), seen.external_id(&one, 3)),
            (None, Some(2))
        );
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
