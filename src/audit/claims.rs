//! The audit of claims: each one told again as the commands of its events.
//!
//! Whether a claim holds is stored nowhere. But the number that was said is, in its row and in the
//! log: it is never changed, words are as they were last corrected, and each event is a version.
//!
//! Memory: a page of claims with the commands of their events.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::claims::model::Claim;
use crate::claims::record::told_whole;
use crate::claims::store::{self, ClaimFilter};
use crate::claims::subject;
use crate::db::page::Page;
use crate::db::{Conn, DbError};
use crate::difference::Findings;
use crate::ledger::audit_store;

/// Claims that are read at a time.
const CLAIMS_PER_PAGE: i64 = 200;

/// What happens to a claim.
const KINDS: [&str; 3] = ["claim.recorded", "claim.changed", "claim.withdrawn"];

/// A claim as its events leave it.
#[derive(Default)]
struct Logged {
    whole: Value,
    withdrawn: Option<Value>,
    events: i32,
}

/// Goes through every claim.
pub(super) fn verify(conn: &mut Conn, findings: &mut Findings) -> Result<(), DbError> {
    let (mut after, mut claims) = (None, 0_i64);
    loop {
        let limit = CLAIMS_PER_PAGE;
        let page = store::list(conn, &ClaimFilter::default(), &Page { after, limit })?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.to_string());
        let mut logged = logged(conn, &page)?;
        for claim in &page {
            let of_claim = logged.remove(&subject(claim)).unwrap_or_default();
            compare(claim, &of_claim, findings);
            claims = claims.saturating_add(1);
        }
    }
    let [recorded, ..] = KINDS;
    let events = audit_store::number_of_kind(conn, recorded)?;
    findings.compare("claim", "all claims", events, claims);
    Ok(())
}

fn logged(conn: &mut Conn, page: &[Claim]) -> Result<BTreeMap<String, Logged>, DbError> {
    let mut books: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for claim in page {
        let subjects = books.entry(claim.id.book()).or_default();
        subjects.push(subject(claim));
    }
    let mut logged: BTreeMap<String, Logged> = BTreeMap::new();
    for (book, subjects) in books {
        for event in audit_store::told(conn, book, &KINDS, &subjects)? {
            let command: Value = serde_json::from_str(&event.command).unwrap_or_default();
            let claim = logged.entry(event.subject).or_default();
            claim.events = claim.events.saturating_add(1);
            match event.kind.as_str() {
                "claim.recorded" => claim.whole = command,
                "claim.withdrawn" => claim.withdrawn = Some(command),
                _ => {
                    let words = command.get("words").cloned().unwrap_or_default();
                    if let Some(known) = claim.whole.get_mut("words") {
                        *known = words;
                    }
                }
            }
        }
    }
    Ok(logged)
}

fn compare(claim: &Claim, logged: &Logged, findings: &mut Findings) {
    let place = subject(claim);
    let (whole, events) = (told_whole(claim), logged.events);
    if whole != logged.whole {
        findings.differ("claim", &place, &logged.whole, whole);
    }
    let withdrawn = claim.withdrawn.as_ref();
    let withdrawn = withdrawn
        .map(|how| json!({ "id": claim.id, "effective_on": how.on, "reason": how.reason }));
    if withdrawn != logged.withdrawn {
        let text = |how: Option<&Value>| how.map_or("said".to_owned(), Value::to_string);
        let (expected, found) = (text(logged.withdrawn.as_ref()), text(withdrawn.as_ref()));
        findings.differ("claim", &place, expected, found);
    }
    findings.compare(
        "claim",
        format_args!("{place} version"),
        events,
        claim.version,
    );
}
