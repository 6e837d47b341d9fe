//! The audit of disbursements and donations: each one's life told again from its steps.
//!
//! Records are read in pages with their steps and with what the log holds at each step. Status and
//! amounts are compared at once; what the steps come to is handed on as [`Derived`] sums. At the
//! end the log and the steps must have moved the same money, so that no transfer lacks a step.
//!
//! Memory: a page of records with their steps, and the day sums by place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::approvals;
use super::replay::{self, Change, Life, Moved, Nature, Noun, Step};
use super::store::{self, Cohort, RecordRow, StepRow};
use crate::db::{Conn, DbError};
use crate::difference::{Findings, Sides};
use crate::ledger::TransferKind;
use crate::ledger::audit_store::{self, Logged};
use crate::payouts::model::Verb;
use crate::tallies::Measure;
use crate::tallies::audit::{Derived, Place};
use crate::tallies::audit_compensation as compensation;
use crate::text_enum::TextEnum;

/// The event that records the receipt of a donation.
const RECEIPT_EVENT: &str = "donation.receipt_recorded";

/// The verb of the steps that amend a record.
const AMEND: &str = "amend";

/// The verb of the steps that approve one.
const APPROVE: &str = "approve";

/// Why money moves in the life of a record, and for no other reason.
const REASONS: [TransferKind; 7] = [
    TransferKind::Approve,
    TransferKind::Cancel,
    TransferKind::Pay,
    TransferKind::Return,
    TransferKind::Refund,
    TransferKind::CashOut,
    TransferKind::CashBack,
];

/// What the audit of the records came to.
#[derive(Debug, Default)]
pub(super) struct Audited {
    /// How many steps the records have.
    pub(super) steps: u64,
    /// What the records did, to be compared with the sums of programs.
    pub(super) derived: Derived,
    /// What those of compensation programs did besides.
    pub(super) compensated: compensation::Derived,
    moved: BTreeMap<(i64, String), i128>,
}

/// Goes through every record; `progress` is told of the records of each page.
pub(super) fn verify(
    conn: &mut Conn,
    findings: &mut Findings,
    progress: &mut dyn FnMut(u64),
) -> Result<Audited, DbError> {
    let mut audited = Audited::default();
    for noun in [Noun::Disbursement, Noun::Donation] {
        let mut after = String::new();
        loop {
            let page = store::records(conn, noun, &after)?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            let count = u64::try_from(page.len()).unwrap_or(u64::MAX);
            let evidence = Evidence::load(conn, noun, &page)?;
            for record in page {
                audited.record(noun, record, &evidence, findings);
            }
            progress(count);
        }
    }
    Ok(audited)
}

/// What a page of records is held against.
struct Evidence {
    steps: HashMap<String, Vec<StepRow>>,
    /// What the log holds, by book and sequence.
    logged: HashMap<i64, BTreeMap<i64, Logged>>,
    /// Commands of the steps whose words a later one changed, and of approvals, by book and sequence.
    commands: HashMap<i64, BTreeMap<i64, String>>,
    /// The sequence of the event that recorded a receipt, by subject.
    receipts: BTreeMap<String, i64>,
}

impl Evidence {
    fn load(conn: &mut Conn, noun: Noun, page: &[RecordRow]) -> Result<Self, DbError> {
        let steps = store::steps_of(conn, page)?;
        let mut by_book: BTreeMap<i64, Wanted> = BTreeMap::new();
        for record in page {
            let wanted = by_book.entry(record.book).or_default();
            let steps = steps.get(&record.id).map(Vec::as_slice).unwrap_or_default();
            wanted
                .sequences
                .extend(steps.iter().map(|step| step.sequence));
            let asking = steps.iter().filter(|step| asks(&step.verb));
            let mut asking: Vec<i64> = asking.map(|step| step.sequence).collect();
            let amending = steps.iter().filter(|step| step.verb == AMEND);
            // What the last one says, the record itself tells.
            asking.pop();
            let approving = steps.iter().filter(|step| step.verb == APPROVE);
            wanted.commands.extend(asking);
            wanted.commands.extend(approving.map(|step| step.sequence));
            wanted.commands.extend(amending.map(|step| step.sequence));
            if record.receipt_on.is_some() {
                wanted.receipts.push(format!("{noun}:{}", record.id));
            }
        }
        let mut evidence = Self {
            steps,
            logged: HashMap::new(),
            commands: HashMap::new(),
            receipts: BTreeMap::new(),
        };
        for (book, wanted) in by_book {
            let sequences: Vec<i64> = wanted.sequences.into_iter().collect();
            evidence
                .logged
                .insert(book, audit_store::logged(conn, book, &sequences)?);
            let commands = audit_store::commands(conn, book, &wanted.commands)?;
            evidence.commands.insert(book, commands);
            let receipts = audit_store::first_of_kind(conn, book, RECEIPT_EVENT, &wanted.receipts)?;
            evidence.receipts.extend(receipts);
        }
        Ok(evidence)
    }

    /// What the log holds as the command of this sequence, where it was asked for.
    fn told(&self, book: i64, sequence: i64) -> Option<Value> {
        let command = self.commands.get(&book)?.get(&sequence)?;
        serde_json::from_str(command).ok()
    }

    /// Where a record lay from the step of this sequence until it was changed.
    fn place_at(&self, row: &RecordRow, sequence: i64) -> Option<Place> {
        let told = self.told(row.book, sequence)?;
        let mut place = Place::clone(&row.place);
        if let Some(role) = told.get("recipient_role").and_then(Value::as_str) {
            place.payee = store::recipient(role);
        }
        if let Some(region) = told
            .pointer("/beneficiary/region")
            .or_else(|| told.get("region"))
        {
            place.region = region.as_str().unwrap_or_default().to_owned();
        }
        Some(place)
    }
}

impl Evidence {
    /// Where a record lay before and after the amendment of this sequence, by region.
    fn amended(&self, row: &RecordRow, sequence: i64) -> Option<(String, String)> {
        let told = self.told(row.book, sequence)?;
        let region = |version: &str| {
            let region = told.pointer(version)?.as_str();
            Some(region.unwrap_or_default().to_owned())
        };
        region("/former/region").zip(region("/later/region"))
    }

    /// Where a record lay from each of its steps on. From the last step that asks, it lies where the
    /// row says, but for what an amendment after it changed.
    fn places(
        &self,
        subject: &str,
        row: &RecordRow,
        rows: &[StepRow],
        findings: &mut Findings,
    ) -> Vec<Rc<Place>> {
        let last_asking = rows.iter().rposition(|step| asks(&step.verb)).unwrap_or(0);
        let mut places = vec![Rc::clone(&row.place); rows.len()];
        let mut lies = Rc::clone(&row.place);
        for (step, place) in rows.iter().zip(&mut places).skip(last_asking).rev() {
            *place = Rc::clone(&lies);
            if step.verb != AMEND {
                continue;
            }
            let at = format_args!("{subject} step {}", step.step);
            let Some((former, later)) = self.amended(row, step.sequence) else {
                findings.differ("amendment", at, "both versions in the log", "none");
                continue;
            };
            findings.compare("amendment", at, later.as_str(), lies.region.as_str());
            let before = Place {
                region: former,
                ..Place::clone(&lies)
            };
            lies = Rc::new(before);
        }
        let mut lies = Rc::clone(&lies);
        for (step, place) in rows.iter().zip(&mut places).take(last_asking) {
            if asks(&step.verb)
                && let Some(earlier) = self.place_at(row, step.sequence)
            {
                lies = Rc::new(earlier);
            }
            *place = Rc::clone(&lies);
        }
        places
    }
}

/// What has to be asked of one book.
#[derive(Default)]
struct Wanted {
    sequences: BTreeSet<i64>,
    commands: Vec<i64>,
    receipts: Vec<String>,
}

/// Whether a step says, or says anew, what is asked for.
fn asks(verb: &str) -> bool {
    matches!(
        Verb::from_name(verb),
        Some(Verb::Submit | Verb::Edit | Verb::Resubmit)
    )
}

impl Audited {
    fn record(&mut self, noun: Noun, row: RecordRow, evidence: &Evidence, findings: &mut Findings) {
        let subject = format!("{noun}:{}", row.id);
        let rows = evidence
            .steps
            .get(&row.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        self.steps = self
            .steps
            .saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        check_steps(&subject, noun, &row, rows, evidence, findings);
        let told = |sequence| evidence.told(row.book, sequence);
        approvals::check(&subject, rows, told, findings);
        let Some(steps) = read_steps(&subject, &row, rows, evidence, findings) else {
            return;
        };
        let nature = Nature {
            noun,
            cash_of_fund: row.place.form == "cash" && !row.place.fund.is_empty(),
            receipt: evidence.receipts.get(&subject).copied(),
        };
        let mut life = replay::replay(nature, &steps);
        if let Some(on) = row.receipt_on {
            life.receipt(on, &row.place);
        }
        findings.compare(
            "record_status",
            &subject,
            life.status.as_str(),
            row.status.as_str(),
        );
        findings.compare("record_amounts", &subject, life.amounts, row.amounts);
        let place = format_args!("{subject} asked for");
        findings.compare("record_amounts", place, life.asked, i128::from(row.amount));
        self.compare_moves(&subject, row.book, &steps, &life, evidence, findings);
        self.sum_up(row.book, &life.changes);
        if let Some(cohort) = &row.cohort {
            self.compensate(cohort, &life.changes);
        }
    }

    /// What each event moved is what its steps say.
    fn compare_moves(
        &mut self,
        subject: &str,
        book: i64,
        steps: &[Step],
        life: &Life,
        evidence: &Evidence,
        findings: &mut Findings,
    ) {
        let nothing = Moved::new();
        let sequences: BTreeSet<i64> = steps.iter().map(|step| step.sequence).collect();
        for sequence in sequences {
            let expected = life.moved.get(&sequence).unwrap_or(&nothing);
            let logged = evidence
                .logged
                .get(&book)
                .and_then(|logged| logged.get(&sequence));
            let found = logged.map_or(&nothing, |logged| &logged.moved);
            if expected != found {
                let place = format_args!("{subject} event {sequence}");
                findings.differ("record_amounts", place, moves(expected), moves(found));
            }
            for (reason, amount) in expected {
                let sum = self.moved.entry((book, reason.clone())).or_default();
                *sum = sum.saturating_add(*amount);
            }
        }
    }

    fn sum_up(&mut self, book: i64, changes: &[Change]) {
        for changes in changes.chunk_by(|a, b| a.place == b.place) {
            if let Some(first) = changes.first() {
                let days = changes
                    .iter()
                    .map(|change| (change.measure, change.on, change.amount));
                self.derived.add(book, Place::clone(&first.place), days);
            }
        }
    }

    /// What a record counts for comes and goes as it counts as a payment.
    fn compensate(&mut self, cohort: &Cohort, changes: &[Change]) {
        for change in changes {
            let mut figures = compensation::Figures::default();
            let [whole @ .., approved, paid, refunded] = &mut figures.0;
            match change.measure {
                Measure::Payments => {
                    *whole = cohort.whole.map(|part| part.saturating_mul(change.amount));
                }
                Measure::Approved => *approved = change.amount,
                Measure::Paid => *paid = change.amount,
                Measure::Refunded => *refunded = change.amount,
                Measure::Submitted | Measure::Donations | Measure::Receipts => continue,
            }
            self.compensated.add(&cohort.class, change.on, &figures);
        }
    }

    /// Compares what all steps moved with what the log moved for the same reasons.
    pub(super) fn compare_with_log(
        &self,
        log: &BTreeMap<(i64, TransferKind), i128>,
        findings: &mut Findings,
    ) {
        let mut sides: Sides<(i64, &str), i128> = Sides::default();
        for ((book, reason), sum) in &self.moved {
            *sides.expected((*book, reason)) = *sum;
        }
        for ((book, kind), sum) in log {
            if REASONS.contains(kind) {
                *sides.found((*book, kind.as_str())) = *sum;
            }
        }
        for ((book, reason), expected, found) in sides.differing() {
            let place = format!("book {book}, all records, {reason}");
            findings.differ("record_amounts", place, expected, found);
        }
    }
}

/// The steps are numbered from 1 and each has its event in the log.
fn check_steps(
    subject: &str,
    noun: Noun,
    row: &RecordRow,
    rows: &[StepRow],
    evidence: &Evidence,
    findings: &mut Findings,
) {
    if rows.is_empty() {
        findings.differ("step", subject, "at least one step", "none");
    }
    let prefix = format!("{noun}.");
    for (step, number) in rows.iter().zip(1_i32..) {
        let place = format_args!("{subject} step {}", step.step);
        findings.compare("step", place, number, step.step);
        let logged = evidence
            .logged
            .get(&row.book)
            .and_then(|log| log.get(&step.sequence));
        match logged {
            Some(logged) if logged.subject == subject && logged.kind.starts_with(&prefix) => {
                findings.compare("step", place, logged.actor.as_str(), step.actor.as_str());
            }
            Some(Logged {
                kind,
                subject: other,
                ..
            }) => {
                let expected = format!("an event {prefix}* of {subject}");
                findings.differ("step", place, expected, format_args!("{kind} of {other}"));
            }
            None => findings.differ("step", place, "an event", "none"),
        }
    }
}

/// The steps as they are told again; `None` where a verb is unknown.
fn read_steps(
    subject: &str,
    row: &RecordRow,
    rows: &[StepRow],
    evidence: &Evidence,
    findings: &mut Findings,
) -> Option<Vec<Step>> {
    let places = evidence.places(subject, row, rows, findings);
    let mut steps = Vec::with_capacity(rows.len());
    for (step, lies) in rows.iter().zip(places) {
        let place = format_args!("{subject} step {}", step.step);
        let Some(verb) = Verb::from_name(&step.verb) else {
            findings.differ("unreadable", place, "a verb", &step.verb);
            return None;
        };
        let silent = matches!(verb, Verb::Reject | Verb::Withdraw | Verb::Amend);
        if !silent && step.amount.is_none() {
            findings.differ("step", place, "an amount", "none");
        }
        steps.push(Step {
            verb,
            on: step.effective_on,
            sequence: step.sequence,
            amount: i128::from(step.amount.unwrap_or(0)),
            place: lies,
        });
    }
    Some(steps)
}

fn moves(moved: &Moved) -> String {
    if moved.is_empty() {
        return "nothing".to_owned();
    }
    let parts: Vec<String> = moved
        .iter()
        .map(|(reason, won)| format!("{reason} {won}"))
        .collect();
    parts.join(", ")
}
