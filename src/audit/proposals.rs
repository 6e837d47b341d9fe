//! The audit of proposals: each one is what the log says of it, and what was approved names both of
//! two different people.
//!
//! Memory: a page of proposals with the events of their making and their decision.

use std::collections::BTreeMap;

use serde_json::Value;

use super::store::{self, ProposalRow};
use crate::db::{Conn, DbError};
use crate::difference::Findings;
use crate::ledger::audit_store::{self, Logged};

/// The event of a new one.
const MADE: &str = "proposal.made";

/// Compares every proposal with its events in the log.
pub(super) fn verify(conn: &mut Conn, findings: &mut Findings) -> Result<(), DbError> {
    let (mut after, mut all) = (String::new(), 0_i64);
    loop {
        let page = store::proposals(conn, &after)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        let mut wanted: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for row in &page {
            let sequences = wanted.entry(row.book).or_default();
            sequences.push(row.proposed_sequence);
            sequences.extend(row.decided_sequence);
        }
        let mut events = BTreeMap::new();
        for (book, sequences) in wanted {
            let logged = audit_store::logged(conn, book, &sequences)?;
            let commands = audit_store::commands(conn, book, &sequences)?;
            events.insert(book, (logged, commands));
        }
        for row in &page {
            all = all.saturating_add(1);
            let nothing = (BTreeMap::new(), BTreeMap::new());
            let (logged, commands) = events.get(&row.book).unwrap_or(&nothing);
            compare(row, logged, commands, findings);
        }
    }
    let made = store::events_of(conn, MADE)?;
    findings.compare("proposal", "all proposals", made, all);
    Ok(())
}

fn compare(
    row: &ProposalRow,
    logged: &BTreeMap<i64, Logged>,
    commands: &BTreeMap<i64, String>,
    findings: &mut Findings,
) {
    let place = format!("proposal:{}", row.id);
    let of = |sequence: i64| {
        let found = logged.get(&sequence);
        found.map(|one| format!("{} of {} by {}", one.kind, one.subject, one.actor))
    };
    let none = || "none".to_owned();
    let made = format!("{MADE} of {place} by {}", row.proposed_by);
    let found = of(row.proposed_sequence).unwrap_or_else(none);
    findings.compare("proposal", &place, found, made);
    let (Some(by), Some(sequence)) = (&row.decided_by, row.decided_sequence) else {
        return;
    };
    if row.status != "approved" {
        let said = format!("proposal.{} of {place} by {by}", row.status);
        findings.compare("proposal", &place, of(sequence).unwrap_or_else(none), said);
        return;
    }
    let command = commands.get(&sequence);
    let told: Value = command
        .and_then(|command| serde_json::from_str(command).ok())
        .unwrap_or_default();
    let names = |member: &str| told.get(member).and_then(Value::as_str).unwrap_or_default();
    let actor = logged.get(&sequence).map_or("", |one| one.actor.as_str());
    let both = |id: &str, first: &str, second: &str| format!("{id} of {first} and {second}");
    let said = both(names("proposal"), names("proposed_by"), actor);
    let stored = both(&row.id, &row.proposed_by, by);
    findings.compare("proposal", &place, said, stored);
    if by == &row.proposed_by {
        findings.differ("proposal", &place, "two different people", by);
    }
}
