//! The audit of pledges: each one's rows told again as the commands of its events.
//!
//! Where a pledge stands is stored nowhere, so there is no sum to derive. But its rows and the log
//! hold the same facts twice: every step must say what its event says, and no event may lack its
//! step. Words are compared where they were last changed; older ones stand in the log alone.
//!
//! Memory: a page of pledges with the commands of their events.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use crate::db::page::Page;
use crate::db::{Conn, DbError};
use crate::difference::Findings;
use crate::ledger::audit_store::{self, Logged};
use crate::pledges::model::{Pledge, PledgeVerb, Step};
use crate::pledges::{self, event_kind, subject, told};

/// Pledges that are read at a time, with their steps.
const PLEDGES_PER_PAGE: i64 = 200;

/// What the log of a book holds at the sequences of some steps.
#[derive(Default)]
struct Log {
    heads: BTreeMap<i64, Logged>,
    commands: BTreeMap<i64, String>,
}

/// Goes through every pledge and returns how many there are.
pub(super) fn verify(conn: &mut Conn, findings: &mut Findings) -> Result<u64, DbError> {
    let (mut after, mut pledges, mut steps) = (None, 0_u64, 0_u64);
    loop {
        let limit = PLEDGES_PER_PAGE;
        let page = pledges::store::list(conn, None, &Page { after, limit })?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.to_string());
        let mut logs: BTreeMap<i64, Log> = BTreeMap::new();
        for book in page.iter().map(|pledge| pledge.id.book()) {
            if let Entry::Vacant(log) = logs.entry(book) {
                log.insert(read(conn, book, &page)?);
            }
        }
        let nothing = Log::default();
        for pledge in &page {
            compare(
                pledge,
                logs.get(&pledge.id.book()).unwrap_or(&nothing),
                findings,
            );
            steps = steps.saturating_add(count(pledge.steps.len()));
        }
        pledges = pledges.saturating_add(count(page.len()));
    }
    let events = pledges::store::events_of_pledges(conn)?;
    findings.compare("step", "all pledges", events, steps);
    Ok(pledges)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn read(conn: &mut Conn, book: i64, page: &[Pledge]) -> Result<Log, DbError> {
    let of_book = page.iter().filter(|pledge| pledge.id.book() == book);
    let steps = of_book.flat_map(|pledge| &pledge.steps);
    let sequences: Vec<i64> = steps.map(|step| step.sequence).collect();
    Ok(Log {
        heads: audit_store::logged(conn, book, &sequences)?,
        commands: audit_store::commands(conn, book, &sequences)?,
    })
}

fn compare(pledge: &Pledge, log: &Log, findings: &mut Findings) {
    let subject = subject(pledge);
    let version = i32::try_from(pledge.steps.len()).unwrap_or(i32::MAX);
    findings.compare(
        "step",
        format_args!("{subject} version"),
        version,
        pledge.version,
    );
    let worded = |step: &&Step| matches!(step.verb, PledgeVerb::Make | PledgeVerb::Edit);
    let last_words = pledge.steps.iter().rfind(worded).map(|step| step.sequence);
    for step in &pledge.steps {
        let place = format!("{subject} event {}", step.sequence);
        let head = log.heads.get(&step.sequence);
        let kind = head.map_or("", |head| head.kind.as_str());
        findings.compare("step", &place, event_kind(step.verb), kind);
        let of = head.map_or("", |head| head.subject.as_str());
        findings.compare("step", &place, subject.as_str(), of);
        let logged = log.commands.get(&step.sequence);
        let logged: Value = logged
            .and_then(|command| serde_json::from_str(command).ok())
            .unwrap_or_default();
        let mut expected = told(pledge, step);
        if Some(step.sequence) != last_words
            && let (Some(terms), Some(then)) = (expected.get_mut("terms"), logged.get("terms"))
        {
            *terms = then.clone();
        }
        if expected != logged {
            findings.differ("step", &place, logged, expected);
        }
    }
}
