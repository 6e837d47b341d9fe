//! The counts in memory. Pure.
//!
//! Attempts that are alike in everything but their time are one row a minute. In a minute, so many
//! rows of strangers are told apart ([`STRANGERS`]), and so many of those who are signed in or just
//! did ([`KNOWN`]); the rest of a kind is one row that says no more than how many they were. The
//! same holds of everything while so many rows wait to be written ([`WAITING`]).

use std::collections::HashMap;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::model::{AccessEvent, Account, Attempt, AttemptKind, Name};
use crate::ids::unique;

/// Rows of strangers that are told apart in a minute.
pub const STRANGERS: usize = 32;
/// Rows of others that are told apart in a minute.
pub const KNOWN: usize = 512;
/// Rows that are held in all while they cannot be written.
pub const WAITING: usize = 4_096;

/// What makes attempts the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Same {
    minute: DateTime<Utc>,
    kind: AttemptKind,
    /// Nothing where attempts are not told apart.
    what: Option<What>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct What {
    account: Account,
    source: Option<String>,
    operation: String,
    status: u16,
    code: Option<&'static str>,
}

#[derive(Debug)]
struct Row {
    event: AccessEvent,
    /// How many of the times are written down.
    written: i64,
    /// The name that is still to be looked up.
    name: Option<Name>,
}

/// Attempts that were counted and are not all written down, and those of this minute.
#[derive(Debug, Default)]
pub struct Counts {
    rows: HashMap<Same, Row>,
    minute: DateTime<Utc>,
    strangers: usize,
    known: usize,
}

fn minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

impl Counts {
    /// Counts an attempt.
    pub fn note(&mut self, attempt: Attempt, now: DateTime<Utc>) {
        if minute(now) != self.minute {
            self.minute = minute(now);
            (self.strangers, self.known) = (0, 0);
        }
        let Attempt {
            kind,
            account,
            source,
            operation,
            status,
            code,
            request,
        } = attempt;
        let what = What {
            account,
            source,
            operation,
            status,
            code,
        };
        let same = self.same(kind, what);
        let row = self.rows.entry(same);
        let row = row.or_insert_with_key(|same| Row::begun(same, now));
        row.event.times = row.event.times.saturating_add(1);
        row.event.last_at = row.event.last_at.max(now);
        row.event.last_request = request;
    }

    /// Under what it is counted.
    fn same(&mut self, kind: AttemptKind, what: What) -> Same {
        let stranger = !matches!(what.account, Account::Known(_)) && kind != AttemptKind::SignedIn;
        let apart = Same {
            minute: self.minute,
            kind,
            what: Some(what),
        };
        if self.rows.contains_key(&apart) {
            return apart;
        }
        if self.rows.len() >= WAITING {
            // One row for all the time that nothing can be written.
            return Same {
                minute: DateTime::UNIX_EPOCH,
                what: None,
                ..apart
            };
        }
        let (count, most) = if stranger {
            (&mut self.strangers, STRANGERS)
        } else {
            (&mut self.known, KNOWN)
        };
        if *count >= most {
            return Same {
                what: None,
                ..apart
            };
        }
        *count = count.saturating_add(1);
        apart
    }

    /// The names that are still to be looked up.
    #[must_use]
    pub fn unnamed(&self) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for name in self.rows.values().filter_map(|row| row.name.as_ref()) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whose name that is.
    pub fn name(&mut self, name: &Name, account: &Account) {
        let rows = self.rows.values_mut();
        for row in rows.filter(|row| row.name.as_ref() == Some(name)) {
            row.name = None;
            row.event.account = account.text();
            row.event.known = matches!(account, Account::Known(_));
        }
    }

    /// What is not written down as it is by now, in the order of its ids. What was noted since the
    /// names were looked up waits for its name.
    #[must_use]
    pub fn unwritten(&self) -> Vec<AccessEvent> {
        let rows = self.rows.values();
        let rows = rows.filter(|row| row.name.is_none() && row.event.times > row.written);
        let mut events: Vec<AccessEvent> = rows.map(|row| row.event.clone()).collect();
        events.sort_by(|one, other| one.id.cmp(&other.id));
        events
    }

    /// These are written down; those of minutes that are over are forgotten.
    pub fn written(&mut self, events: &[AccessEvent], now: DateTime<Utc>) {
        let written: HashMap<&str, i64> = events
            .iter()
            .map(|event| (event.id.as_str(), event.times))
            .collect();
        let this = minute(now);
        self.rows.retain(|same, row| {
            if let Some(times) = written.get(row.event.id.as_str()) {
                row.written = *times;
            }
            same.minute == this || row.written < row.event.times
        });
    }
}

impl Row {
    fn begun(same: &Same, now: DateTime<Utc>) -> Self {
        let what = same.what.as_ref();
        let account = what.map(|what| &what.account);
        let name = match account {
            Some(Account::Typed(name)) => Some(name.clone()),
            _ => None,
        };
        Self {
            event: AccessEvent {
                id: unique(now).to_string(),
                kind: same.kind,
                account: account.and_then(Account::text),
                known: matches!(account, Some(Account::Known(_))),
                source: what.and_then(|what| what.source.clone()),
                operation: what.map(|what| what.operation.clone()),
                status: what.map(|what| i32::from(what.status)),
                code: what.and_then(|what| what.code).map(str::to_owned),
                times: 0,
                first_at: now,
                last_at: now,
                last_request: String::new(),
            },
            written: 0,
            name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_667_433_600 + seconds, 0).unwrap()
    }

    fn refused(account: Account, source: usize) -> Attempt {
        Attempt {
            kind: AttemptKind::Refused,
            account,
            source: Some(format!("203.0.113.{source}")),
            operation: "get_fund".to_owned(),
            status: 401,
            code: Some("not_signed_in"),
            request: format!("r-{source}"),
        }
    }

    fn times(counts: &Counts) -> Vec<(bool, i64)> {
        let rows = counts.unwritten().into_iter();
        rows.map(|row| (row.operation.is_some(), row.times))
            .collect()
    }

    #[test]
    fn the_same_within_a_minute_is_one_row_and_the_next_minute_another() {
        let mut counts = Counts::default();
        for second in [0, 1, 59, 60] {
            counts.note(refused(Account::Nobody, 1), at(second));
        }
        let rows = counts.unwritten();
        assert_eq!(times(&counts), [(true, 3), (true, 1)]);
        assert_eq!((rows[0].first_at, rows[0].last_at), (at(0), at(59)));
        counts.written(&rows, at(61));
        assert_eq!(counts.rows.len(), 1, "what is over is forgotten");
        counts.note(refused(Account::Nobody, 1), at(62));
        let again = counts.unwritten();
        assert_eq!((again.len(), again[0].times), (1, 2));
        assert_eq!(again[0].id, rows[1].id, "it is the same row, written again");
    }

    #[test]
    fn a_flood_of_strangers_is_counted_and_not_told_apart() {
        let mut counts = Counts::default();
        let flood = STRANGERS + 100_000;
        for source in 0..flood {
            counts.note(refused(Account::Nobody, source), at(0));
        }
        let known = Account::Known("officer".to_owned());
        counts.note(refused(known, 1), at(1));
        let rows = times(&counts);
        assert_eq!(rows.len(), STRANGERS + 2);
        assert_eq!(
            rows.iter().filter(|row| **row == (false, 100_000)).count(),
            1
        );
        let told: i64 = rows.iter().map(|(_, times)| times).sum();
        assert_eq!(usize::try_from(told), Ok(flood + 1));
    }

    #[test]
    fn what_cannot_be_written_is_held_within_bounds() {
        let mut counts = Counts::default();
        let minutes = i64::try_from(2 * WAITING / STRANGERS).unwrap();
        for minute in 0..minutes {
            for source in 0..STRANGERS {
                counts.note(refused(Account::Nobody, source), at(60 * minute));
            }
        }
        assert_eq!(counts.rows.len(), WAITING + 1);
        let rows = counts.unwritten();
        let told: i64 = rows.iter().map(|row| row.times).sum();
        assert_eq!(usize::try_from(told), Ok(2 * WAITING));
        counts.written(&rows, at(60 * minutes));
        assert!(counts.rows.is_empty());
    }

    #[test]
    fn a_typed_name_waits_until_it_is_looked_up() {
        let mut counts = Counts::default();
        let name = Name::Email("kim@example.org".to_owned());
        counts.note(refused(Account::Typed(name.clone()), 1), at(0));
        assert_eq!(counts.unwritten(), []);
        assert_eq!(counts.unnamed(), std::slice::from_ref(&name));
        counts.name(&name, &Account::Unknown("0a1b".to_owned()));
        assert_eq!(
            counts.unwritten()[0].account.as_deref(),
            Some("unknown:0a1b")
        );
        assert!(!format!("{counts:?}").contains("kim@"));
    }
}
