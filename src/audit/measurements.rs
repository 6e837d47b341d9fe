//! The audit of measurements: each one's standing told again from its steps, and its value from the
//! log.
//!
//! A measurement is in no sum, so what reports rest on are its value, its cell, its days, and when it
//! was approved and cancelled. All of these are compared with the events that say them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde_json::Value;

use crate::db::{Conn, DbError};
use crate::difference::Findings;
use crate::ledger::audit_store::{self, Logged};
use crate::measurements::audit_store::{MeasurementRow, StepRow, page, steps_of};
use crate::money::Quantity;

/// Goes through every measurement; tells how many steps they have.
pub(super) fn verify(
    conn: &mut Conn,
    findings: &mut Findings,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, DbError> {
    let (mut after, mut count) = (String::new(), 0_u64);
    loop {
        let records = page(conn, &after)?;
        let Some(last) = records.last() else { break };
        after.clone_from(&last.id);
        let steps = steps_of(conn, &records)?;
        let log = Log::load(conn, &records, &steps)?;
        for record in &records {
            let steps = steps.get(&record.id).map(Vec::as_slice).unwrap_or_default();
            count = count.saturating_add(steps.len().try_into().unwrap_or(u64::MAX));
            compare(record, steps, &log, findings);
        }
        progress(records.len().try_into().unwrap_or(u64::MAX));
    }
    Ok(count)
}

/// What the log holds at the steps of a page of measurements, by book and sequence.
#[derive(Default)]
struct Log {
    events: BTreeMap<(i64, i64), Logged>,
    commands: BTreeMap<(i64, i64), String>,
}

impl Log {
    fn load(
        conn: &mut Conn,
        records: &[MeasurementRow],
        steps: &HashMap<String, Vec<StepRow>>,
    ) -> Result<Self, DbError> {
        let mut by_book: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for record in records {
            let steps = steps.get(&record.id).into_iter().flatten();
            let sequences = by_book.entry(record.book).or_default();
            sequences.extend(steps.map(|step| step.sequence));
        }
        let mut log = Self::default();
        for (book, sequences) in by_book {
            let events = audit_store::logged(conn, book, &sequences)?;
            log.events
                .extend(events.into_iter().map(|(at, event)| ((book, at), event)));
            let commands = audit_store::commands(conn, book, &sequences)?;
            log.commands
                .extend(commands.into_iter().map(|(at, told)| ((book, at), told)));
        }
        Ok(log)
    }
}

fn compare(record: &MeasurementRow, steps: &[StepRow], log: &Log, findings: &mut Findings) {
    let subject = format!("measurement:{}", record.id);
    if steps.is_empty() {
        findings.differ("step", &subject, "at least one step", "none");
    }
    let (mut status, mut approved_on, mut cancelled_on) = ("", None, None);
    let mut asked = None;
    for (step, number) in steps.iter().zip(1_i32..) {
        let place = format_args!("{subject} step {}", step.step);
        findings.compare("step", place, number, step.step);
        let told = log.events.get(&(record.book, step.sequence));
        let kind = event_of(&step.verb);
        let found = told.map_or("nothing", |event| event.kind.as_str());
        findings.compare("step", place, kind, found);
        let of = told.map_or("nothing", |event| event.subject.as_str());
        findings.compare("step", place, subject.as_str(), of);
        status = match step.verb.as_str() {
            "submit" | "edit" | "resubmit" => {
                asked = log.commands.get(&(record.book, step.sequence));
                "submitted"
            }
            "approve" => {
                approved_on = Some(step.effective_on);
                "approved"
            }
            "reject" => "rejected",
            "withdraw" => "withdrawn",
            _ => {
                cancelled_on = Some(step.effective_on);
                "cancelled"
            }
        };
    }
    findings.compare("record_status", &subject, status, record.status.as_str());
    for (what, derived, stored) in [
        ("approved_on", approved_on, record.approved_on),
        ("cancelled_on", cancelled_on, record.cancelled_on),
    ] {
        let place = format_args!("{subject} {what}");
        findings.compare("record_status", place, shown(derived), shown(stored));
    }
    let said = asked.and_then(|command| serde_json::from_str(command).ok());
    let said = said.as_ref().map_or_else(String::new, said_by);
    findings.compare("measurement", &subject, said, stored(record));
}

fn event_of(verb: &str) -> &'static str {
    match verb {
        "submit" => "measurement.submitted",
        "edit" => "measurement.changed",
        "resubmit" => "measurement.resubmitted",
        "approve" => "measurement.approved",
        "reject" => "measurement.rejected",
        "withdraw" => "measurement.withdrawn",
        "cancel" => "measurement.cancelled",
        _ => "a known verb",
    }
}

fn shown(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "none".to_owned(), |day| day.to_string())
}

/// What the log says was measured.
fn said_by(command: &Value) -> String {
    let text = |pointer: &str| {
        let member = command.pointer(pointer);
        member.and_then(Value::as_str).unwrap_or_default()
    };
    let parts = command.get("dimensions").and_then(Value::as_object);
    let mut cell: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|(dimension, value)| format!("{dimension}={}", value.as_str().unwrap_or_default()))
        .collect();
    cell.sort();
    let (value, whole) = (text("/value"), text("/denominator"));
    let value = if whole.is_empty() {
        value
    } else {
        text("/numerator")
    };
    let (start, end) = (text("/period/start"), text("/period/end"));
    told(
        [text("/indicator"), &cell.join(";"), start, end],
        [value, whole, text("/nature")],
    )
}

/// What the table says was measured.
fn stored(record: &MeasurementRow) -> String {
    let quantity = |millionths| Quantity::from_millionths(millionths).to_string();
    let whole = record.denominator.map(quantity).unwrap_or_default();
    let (start, end) = (record.starts_on.to_string(), record.ends_on.to_string());
    told(
        [&record.indicator, &record.cell, &start, &end],
        [&quantity(record.value), &whole, &record.nature],
    )
}

fn told([indicator, cell, start, end]: [&str; 4], [value, whole, nature]: [&str; 3]) -> String {
    format!("{indicator} [{cell}] {start}/{end}: {value} of {whole}, {nature}")
}
