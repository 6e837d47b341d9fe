//! The audit of amendments: each one is what the log says of it, and in effect only with its step.
//!
//! Memory: a page of amendments with the events of their proposals and decisions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::store::{self, AmendmentRow};
use crate::db::{Conn, DbError};
use crate::difference::Findings;
use crate::ids::RecordId;
use crate::ledger::audit_store::{self, Logged};

/// Events of one book, with their commands.
type Events = (BTreeMap<i64, Logged>, BTreeMap<i64, String>);

/// Compares every amendment with its events in the log, and their number with the steps.
pub(super) fn verify(conn: &mut Conn, findings: &mut Findings) -> Result<(), DbError> {
    let mut after = (String::new(), 0);
    let (mut all, mut in_effect, mut at_once) = (0_i64, 0_i64, 0_i64);
    loop {
        let page = store::amendments(conn, &after)?;
        let Some(last) = page.last() else { break };
        after = (last.record.clone(), last.number);
        let events = events(conn, &page)?;
        for row in &page {
            all = all.saturating_add(1);
            in_effect = in_effect.saturating_add(i64::from(row.status == "in_effect"));
            let same = row.decided_sequence == Some(row.proposed_sequence);
            at_once = at_once.saturating_add(i64::from(same));
            compare(row, &events, findings);
        }
    }
    let (steps, proposals) = store::amending(conn)?;
    findings.compare("amendment", "in effect, all records", steps, in_effect);
    let proposed = proposals.saturating_add(at_once);
    findings.compare("amendment", "all records", proposed, all);
    Ok(())
}

fn events(conn: &mut Conn, page: &[AmendmentRow]) -> Result<BTreeMap<i64, Events>, DbError> {
    let mut wanted: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in page {
        let sequences = wanted.entry(book(row)).or_default();
        sequences.push(row.proposed_sequence);
        sequences.extend(row.decided_sequence);
    }
    let mut events = BTreeMap::new();
    for (book, sequences) in wanted {
        let logged = audit_store::logged(conn, book, &sequences)?;
        let commands = audit_store::commands(conn, book, &sequences)?;
        events.insert(book, (logged, commands));
    }
    Ok(events)
}

fn book(row: &AmendmentRow) -> i64 {
    RecordId::stored(row.record.clone()).book()
}

fn compare(row: &AmendmentRow, events: &BTreeMap<i64, Events>, findings: &mut Findings) {
    let place = format!("{} amendment {}", row.record, row.number);
    let kind_of = |sequence: i64| {
        let (logged, _) = events.get(&book(row))?;
        let logged = logged.get(&sequence)?;
        let of_record = logged.subject.ends_with(&format!(":{}", row.record));
        let (_, kind) = logged.kind.split_once('.').filter(|_| of_record)?;
        Some(kind.to_owned())
    };
    let expected = match row.status.as_str() {
        "in_effect" => Some("amended"),
        "rejected" => Some("amendment_rejected"),
        "withdrawn" => Some("amendment_withdrawn"),
        _ => None,
    };
    let found = row.decided_sequence.and_then(kind_of);
    if expected != found.as_deref() {
        let told = |kind: Option<&str>| kind.unwrap_or("no decision").to_owned();
        findings.differ("amendment", &place, told(found.as_deref()), &row.status);
    }
    if row.decided_sequence != Some(row.proposed_sequence) {
        let proposed = kind_of(row.proposed_sequence).unwrap_or_default();
        findings.compare("amendment", &place, "amendment_proposed", &proposed);
    }
    let said = Said::logged(row, events.get(&book(row)));
    let stored = Said::stored(row);
    if said != stored {
        let text = |said: &Said| format!("{said:?}");
        findings.differ("amendment", &place, text(&said), text(&stored));
    }
}

fn member(command: &Value, name: &str) -> Value {
    command.get(name).cloned().unwrap_or_default()
}

/// What the log or the table says of an amendment.
#[derive(Debug, PartialEq)]
struct Said {
    former: Value,
    later: Value,
    /// Its class, and its words.
    reason: [Value; 2],
    effective_on: Value,
    /// Who proposed it, and who decided on it.
    actors: [Option<String>; 2],
    decision_reason: Value,
}

impl Said {
    fn logged(row: &AmendmentRow, events: Option<&Events>) -> Self {
        let command = |sequence: i64| {
            let (_, commands) = events?;
            serde_json::from_str::<Value>(commands.get(&sequence)?).ok()
        };
        let actor = |sequence: i64| {
            let (logged, _) = events?;
            Some(logged.get(&sequence)?.actor.clone())
        };
        let proposal = command(row.proposed_sequence).unwrap_or_default();
        let decision = row.decided_sequence.and_then(command).unwrap_or_default();
        let (effective_on, decision_reason) = match row.status.as_str() {
            "in_effect" => (member(&decision, "effective_on"), Value::Null),
            _ => (
                member(&proposal, "effective_on"),
                member(&decision, "reason"),
            ),
        };
        Self {
            former: member(&proposal, "former"),
            later: member(&proposal, "later"),
            reason: [
                member(&proposal, "reason_class"),
                member(&proposal, "reason"),
            ],
            effective_on,
            actors: [
                actor(row.proposed_sequence),
                row.decided_sequence.and_then(actor),
            ],
            decision_reason,
        }
    }

    fn stored(row: &AmendmentRow) -> Self {
        let versions = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            former: versions(&row.former),
            later: versions(&row.later),
            reason: [row.reason_class.as_str().into(), row.reason.as_str().into()],
            effective_on: json!(row.effective_on),
            actors: [Some(row.proposed_by.clone()), row.decided_by.clone()],
            decision_reason: json!(row.decision_reason),
        }
    }
}
