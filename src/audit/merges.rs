//! The audit of merges: who counts under whom, told again from the log of the house book.
//!
//! The log says what was proposed, decided and taken back. Each step as stored has to be what its
//! event says, and each beneficiary has to count under whom the last step leaves it.
//!
//! Memory: the steps of all merges, each of which a person decided.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::beneficiaries::merges::model::{MergeStep, MergeVerb};
use crate::beneficiaries::merges::store;
use crate::db::{Conn, DbError};
use crate::difference::{Findings, Sides};
use crate::ledger::Event;
use crate::ledger::log::{self, LogFilter};
use crate::ledger::store::HOUSE;
use crate::text_enum::TextEnum;

/// Events that are read at a time.
const EVENTS_PER_PAGE: i64 = 500;

/// Whom each merged beneficiary counts under.
pub(super) type Survivors = HashMap<String, String>;

/// A beneficiary and the number of a step.
type Key = (String, usize);

/// Compares the steps and whom everybody counts under with the log, which alone tells the result.
pub(super) fn verify(conn: &mut Conn, findings: &mut Findings) -> Result<Survivors, DbError> {
    let mut steps: Sides<Key, String> = Sides::default();
    let mut into: Sides<String, String> = Sides::default();
    let mut survivors = Survivors::new();
    for (id, number, event) in logged(conn)? {
        let command: Value = serde_json::from_str(&event.command).unwrap_or_default();
        let survivor = text(&command, "into").to_owned();
        *steps.expected((id.clone(), number)) = told(&event, &command);
        if event.kind == MergeVerb::Approve.event() {
            survivors.insert(id, survivor);
        } else if event.kind == MergeVerb::Unmerge.event() {
            survivors.remove(&id);
        }
    }
    for file in store::all_files(conn)? {
        for (number, step) in (1..).zip(&file.steps) {
            *steps.found((file.beneficiary.to_string(), number)) = stored(step);
        }
    }
    for (id, survivor) in &survivors {
        into.expected(id.clone()).clone_from(survivor);
    }
    for (id, survivor) in store::all_merged(conn)? {
        *into.found(id) = survivor.unwrap_or_default();
    }
    for ((id, number), expected, found) in steps.differing() {
        findings.differ("merge_step", format_args!("{id} {number}"), expected, found);
    }
    for (id, expected, found) in into.differing() {
        findings.differ("merged_into", id, expected, found);
    }
    Ok(survivors)
}

/// Every event about a merge, with the beneficiary and the number of its step.
fn logged(conn: &mut Conn) -> Result<Vec<(String, usize, Event)>, DbError> {
    let filter = LogFilter {
        kinds: MergeVerb::ALL.iter().map(|verb| verb.event()).collect(),
        ..LogFilter::default()
    };
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = log::read(conn, HOUSE, &filter, after, EVENTS_PER_PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.sequence);
        for event in page {
            let id = event.subject.strip_prefix("beneficiary:");
            let id = id.unwrap_or_default().to_owned();
            let number = numbers.entry(id.clone()).or_default();
            *number = number.saturating_add(1);
            all.push((id, *number, event));
        }
    }
    Ok(all)
}

/// A member of a command; nothing where it is null.
fn text<'a>(command: &'a Value, name: &str) -> &'a str {
    command
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn told(event: &Event, command: &Value) -> String {
    let (into, reason) = (text(command, "into"), text(command, "reason"));
    let (kind, actor, on, sequence) = (
        &event.kind,
        &event.actor,
        event.effective_on,
        event.sequence,
    );
    format!("{kind} {into} {actor} {on} #{sequence} {reason}")
}

fn stored(step: &MergeStep) -> String {
    let (kind, into, actor) = (step.verb.event(), &step.survivor, &step.actor);
    let (on, sequence) = (step.effective_on, step.sequence);
    let reason = step.reason.as_deref().unwrap_or_default();
    format!("{kind} {into} {actor} {on} #{sequence} {reason}")
}
