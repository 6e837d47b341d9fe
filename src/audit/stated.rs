//! The audit of what partners state of sales, and intermediaries of donations.
//!
//! Nothing is summed of it, so each row is held against the commands that the log holds of it: as it
//! was recorded, and as it was undone. Rows that are missing show in the number of events.

use std::collections::BTreeMap;

use serde_json::Value;

use super::stated_store::{self, RowOf};
use crate::db::{Conn, DbError};
use crate::difference::Findings;
use crate::ledger::audit_store;

/// A kind of row, and the events that make it and undo it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// A statement of sales.
    Statement,
    /// A use of a donation.
    Use,
}

impl Noun {
    fn made(self) -> &'static str {
        match self {
            Self::Statement => "sale_statement.recorded",
            Self::Use => "donation.use_recorded",
        }
    }

    fn undone(self) -> &'static str {
        match self {
            Self::Statement => "sale_statement.cancelled",
            Self::Use => "donation.use_cancelled",
        }
    }
}

/// Compares every row with its events; returns how many rows there are.
///
/// # Errors
/// [`DbError`] when a statement fails.
pub(super) fn verify(conn: &mut Conn, findings: &mut Findings) -> Result<u64, DbError> {
    let mut all = 0_u64;
    for noun in [Noun::Statement, Noun::Use] {
        let (mut made, mut undone, mut after) = (0_i64, 0_i64, None);
        loop {
            let page = stated_store::rows(conn, noun, after.as_ref())?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
            made = made.saturating_add(count(page.len()));
            let gone = page.iter().filter(|row| row.undone.is_some()).count();
            undone = undone.saturating_add(count(gone));
            compare(conn, noun, &page, findings)?;
        }
        for (kind, rows) in [(noun.made(), made), (noun.undone(), undone)] {
            let events = audit_store::number_of_kind(conn, kind)?;
            findings.compare("stated", format_args!("all events {kind}"), events, rows);
        }
        all = all.saturating_add(made.unsigned_abs());
    }
    Ok(all)
}

fn compare(
    conn: &mut Conn,
    noun: Noun,
    page: &[RowOf],
    findings: &mut Findings,
) -> Result<(), DbError> {
    let mut books: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in page {
        let subjects = books.entry(row.book).or_default();
        if subjects.last() != Some(&row.subject) {
            subjects.push(row.subject.clone());
        }
    }
    let mut told: BTreeMap<(String, String, Option<i64>), Value> = BTreeMap::new();
    for (book, subjects) in books {
        let kinds = [noun.made(), noun.undone()];
        for event in audit_store::told(conn, book, &kinds, &subjects)? {
            let command: Value = serde_json::from_str(&event.command).unwrap_or_default();
            let number = command.get("number").and_then(Value::as_i64);
            told.entry((event.kind, event.subject, number))
                .or_insert(command);
        }
    }
    for row in page {
        let mut event = |kind: &str| {
            let number = row.told.get("number").and_then(Value::as_i64);
            told.remove(&(kind.to_owned(), row.subject.clone(), number))
        };
        let (mut made, undone) = (event(noun.made()), event(noun.undone()));
        if let Some(Value::Object(members)) = &mut made {
            // Labels lie in a table of their own, which no report reads.
            members.remove("attributes");
        }
        differ(&row.place(), made, Some(&row.told), findings);
        differ(
            &format!("{} undone", row.place()),
            undone,
            row.undone.as_ref(),
            findings,
        );
    }
    Ok(())
}

fn differ(place: &str, event: Option<Value>, row: Option<&Value>, findings: &mut Findings) {
    if event.as_ref() != row {
        let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
        findings.differ("stated", place, text(event.as_ref()), text(row));
    }
}
