//! The audit of the ledger: every balance, sum and hash derived again from the log.
//!
//! Book by book, the log is walked in pages: each event's hash is computed from its row and its
//! transfers, each transfer is posted to accounts that start at nothing. What that comes to is
//! compared with the stored heads, accounts and sums.
//!
//! Cost: one pass over events and transfers. Memory: a page of the log, and one book's accounts
//! and day sums; it does not grow with the number of events.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use super::account::AccountKey;
use super::audit_store::{
    self, AccountRow, BookRow, EVENTS_PER_PAGE, EventRow, SumRow, TransferRow,
};
use super::journal::SumKey;
use super::sums::Span;
use super::transfer::{Form, Transfer, TransferKind};
use super::tree::{Frontier, Hash};
use crate::db::{Conn, DbError};
use crate::difference::{Findings, Sides};
use crate::money::Amount;
use crate::text_enum::TextEnum;

/// What the audit of the ledger went through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audited {
    /// Books.
    pub books: u64,
    /// Events.
    pub events: u64,
    /// Transfers.
    pub transfers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Stored sums.
    pub sums: u64,
    /// Won moved in each book for each reason.
    pub moved: BTreeMap<(i64, TransferKind), i128>,
}

/// Derives every account, sum and hash again from the log, and compares.
///
/// `progress` is told of the events of each page as they are done.
///
/// # Errors
/// [`DbError`] when a statement fails. Whatever differs is a finding, not an error.
pub fn verify(
    conn: &mut Conn,
    findings: &mut Findings,
    progress: &mut dyn FnMut(u64),
) -> Result<Audited, DbError> {
    let mut audited = Audited::default();
    for head in audit_store::books(conn)? {
        let number = head.book;
        let mut walk = Walk::new(head, audit_store::accounts(conn, number)?);
        while let Some(after) = walk.next_page {
            let events = audit_store::events(conn, number, after)?;
            let full = i64::try_from(events.len()) == Ok(EVENTS_PER_PAGE);
            // The last page takes in transfers of events that are missing at the end.
            walk.next_page = if full {
                events.last().map(|event| event.sequence)
            } else {
                None
            };
            let until = walk.next_page.unwrap_or(i64::MAX);
            let transfers = audit_store::transfers(conn, number, (after, until))?;
            walk.page(&events, &transfers, findings);
            audited.events = audited.events.saturating_add(count(events.len()));
            audited.transfers = audited.transfers.saturating_add(count(transfers.len()));
            progress(count(events.len()));
        }
        for span in Span::ALL {
            let stored = audit_store::sums(conn, number, span.number())?;
            audited.sums = audited.sums.saturating_add(count(stored.len()));
            walk.compare_sums(span, &stored, findings);
        }
        audited.books = audited.books.saturating_add(1);
        audited.accounts = audited.accounts.saturating_add(count(walk.accounts.len()));
        let moved = std::mem::take(&mut walk.moved);
        audited
            .moved
            .extend(moved.into_iter().map(|(kind, sum)| ((number, kind), sum)));
        walk.finish(findings);
    }
    Ok(audited)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// What was taken from and given to an account; wide enough for any number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Turnover {
    debit: i128,
    credit: i128,
}

impl Turnover {
    fn add(&mut self, debit: i128, credit: i128) {
        self.debit = self.debit.saturating_add(debit);
        self.credit = self.credit.saturating_add(credit);
    }
}

impl fmt::Display for Turnover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "-{} +{}", self.debit, self.credit)
    }
}

/// An account as it runs along the log.
#[derive(Debug, Clone, Copy, Default)]
struct Running {
    balance: i128,
    last_on: Option<NaiveDate>,
    backdated: bool,
}

/// One book while its log is walked.
struct Walk {
    head: BookRow,
    accounts: Vec<AccountRow>,
    keys: HashMap<i64, (AccountKey, bool)>,
    next_page: Option<i64>,
    sequence: i64,
    recorded_at: NaiveDateTime,
    frontier: Frontier,
    running: BTreeMap<i64, Running>,
    days: HashMap<(i64, TransferKind, Form, NaiveDate), Turnover>,
    moved: BTreeMap<TransferKind, i128>,
}

impl Walk {
    fn new(head: BookRow, accounts: Vec<AccountRow>) -> Self {
        let keys = accounts
            .iter()
            .filter_map(|row| Some((row.account, (row.key()?, row.limited))));
        Self {
            keys: keys.collect(),
            head,
            accounts,
            next_page: Some(0),
            sequence: 0,
            recorded_at: DateTime::UNIX_EPOCH.naive_utc(),
            frontier: Frontier::default(),
            running: BTreeMap::new(),
            days: HashMap::new(),
            moved: BTreeMap::new(),
        }
    }

    /// Walks over some events and the transfers that belong to them.
    fn page(&mut self, events: &[EventRow], transfers: &[TransferRow], findings: &mut Findings) {
        for parts in transfers.chunk_by(|a, b| a.sequence == b.sequence) {
            for part in parts {
                self.post(part, findings);
            }
            self.check_limits(parts, findings);
        }
        for event in events {
            let start = transfers.partition_point(|part| part.sequence < event.sequence);
            let end = transfers.partition_point(|part| part.sequence <= event.sequence);
            self.event(
                event,
                transfers.get(start..end).unwrap_or_default(),
                findings,
            );
        }
    }

    fn event(&mut self, row: &EventRow, parts: &[TransferRow], findings: &mut Findings) {
        let leaf = self.leaf(row, parts);
        let place = format_args!("{} {}", self.head.key, row.sequence);
        findings.compare(
            "sequence_gap",
            place,
            self.sequence.saturating_add(1),
            row.sequence,
        );
        for (part, number) in parts.iter().zip(1_i32..) {
            findings.compare(
                "sequence_gap",
                format_args!("{place} part"),
                number,
                part.part,
            );
        }
        if row.recorded_at < self.recorded_at {
            let not_before = format!("{} or later", self.recorded_at);
            findings.differ("recorded_at", place, not_before, row.recorded_at);
        }
        match leaf {
            Some(leaf) if leaf.as_slice() != row.leaf => {
                findings.differ("leaf", place, hex(&leaf), hex(&row.leaf));
            }
            Some(_) => {}
            None => findings.differ("unreadable", place, "an event", "unknown names or accounts"),
        }
        // A spoilt row is one finding: the tree is that of the stored hashes.
        if let Ok(leaf) = Hash::try_from(row.leaf.as_slice()) {
            self.frontier.push(leaf);
        }
        self.sequence = row.sequence;
        self.recorded_at = row.recorded_at;
    }

    /// The hash of an event; `None` where a row names something that there is not.
    fn leaf(&self, row: &EventRow, parts: &[TransferRow]) -> Option<Hash> {
        let transfers: Option<Vec<Transfer>> =
            parts.iter().map(|part| self.transfer(part)).collect();
        let transfers = transfers?;
        let parts = transfers.iter().zip(parts);
        let parts: Vec<_> = parts
            .map(|(t, part)| (t, part.debit, part.credit))
            .collect();
        Some(row.to_event().leaf(&parts))
    }

    fn transfer(&self, row: &TransferRow) -> Option<Transfer> {
        let (debit, _) = self.keys.get(&row.debit)?;
        let (credit, _) = self.keys.get(&row.credit)?;
        Some(Transfer {
            kind: TransferKind::from_name(&row.kind)?,
            form: Form::from_name(&row.form)?,
            debit: debit.clone(),
            credit: credit.clone(),
            amount: Amount::new(row.amount).ok()?,
            effective_on: row.effective_on,
            reverses: row.reverses,
        })
    }

    /// Posts a transfer to the accounts that run along, and to their day sums.
    fn post(&mut self, row: &TransferRow, findings: &mut Findings) {
        let (amount, day) = (i128::from(row.amount), row.effective_on);
        let from = self.running.entry(row.debit).or_default();
        from.balance = from.balance.saturating_sub(amount);
        from.backdated |= from.last_on.is_some_and(|last_on| day < last_on);
        from.last_on = from.last_on.max(Some(day));
        let to = self.running.entry(row.credit).or_default();
        to.balance = to.balance.saturating_add(amount);
        to.last_on = to.last_on.max(Some(day));

        let place = format_args!("{} {} part {}", self.head.key, row.sequence, row.part);
        if (row.year, i64::from(row.month)) != (day.year(), i64::from(day.month())) {
            let stored = format!("{:04}-{:02}", row.year, row.month);
            findings.differ("transfer_month", place, day.format("%Y-%m"), stored);
        }
        let names = (
            TransferKind::from_name(&row.kind),
            Form::from_name(&row.form),
        );
        let (Some(kind), Some(form)) = names else {
            findings.differ(
                "unreadable",
                place,
                "a transfer",
                format!("{}/{}", row.kind, row.form),
            );
            return;
        };
        self.days
            .entry((row.debit, kind, form, day))
            .or_default()
            .add(amount, 0);
        self.days
            .entry((row.credit, kind, form, day))
            .or_default()
            .add(0, amount);
        let moved = self.moved.entry(kind).or_default();
        *moved = moved.saturating_add(amount);
    }

    /// Limited accounts hold at the end of every event, not only today.
    fn check_limits(&self, parts: &[TransferRow], findings: &mut Findings) {
        for part in parts {
            let limited = self
                .keys
                .get(&part.debit)
                .is_some_and(|(_, limited)| *limited);
            let balance = self
                .running
                .get(&part.debit)
                .map_or(0, |account| account.balance);
            if limited && balance < 0 {
                let place = format!("{} after {}", self.account_place(part.debit), part.sequence);
                findings.differ("below_zero", place, "0 or more", balance);
            }
        }
    }

    fn account_place(&self, account: i64) -> String {
        let name = self
            .keys
            .get(&account)
            .map_or_else(String::new, |(key, _)| key.text());
        format!("{} #{account} {name}", self.head.key)
    }

    /// Compares the sums over one kind of span.
    fn compare_sums(&self, span: Span, stored: &[SumRow], findings: &mut Findings) {
        let mut sides: Sides<SumKey, Turnover> = Sides::default();
        for ((account, kind, form, day), sum) in &self.days {
            let starts_on = span.starts_on(*day);
            let key = SumKey {
                account: *account,
                kind: *kind,
                form: *form,
                span,
                starts_on,
            };
            sides.expected(key).add(sum.debit, sum.credit);
        }
        for row in stored {
            let names = (
                TransferKind::from_name(&row.kind),
                Form::from_name(&row.form),
            );
            let (Some(kind), Some(form)) = names else {
                let place = self.account_place(row.account);
                findings.differ(
                    "unreadable",
                    place,
                    "a sum",
                    format!("{}/{}", row.kind, row.form),
                );
                continue;
            };
            let starts_on = row.starts_on;
            let key = SumKey {
                account: row.account,
                kind,
                form,
                span,
                starts_on,
            };
            sides
                .found(key)
                .add(i128::from(row.debit), i128::from(row.credit));
        }
        for (key, expected, found) in sides.differing() {
            let account = self.account_place(key.account);
            let place = format!(
                "{account} {}/{} {span:?} {}",
                key.kind, key.form, key.starts_on
            );
            findings.differ("account_sum", place, expected, found);
        }
    }

    /// Compares the head and the accounts with what the log came to.
    fn finish(mut self, findings: &mut Findings) {
        self.compare_head(findings);
        let mut total = 0_i128;
        for (row, number) in self.accounts.iter().zip(1_i64..) {
            let place = self.account_place(row.account);
            let derived = self.running.remove(&row.account).unwrap_or_default();
            findings.compare("accounts", &place, number, row.account);
            findings.compare("balance", &place, derived.balance, i128::from(row.balance));
            findings.compare("backdated", &place, derived.backdated, row.backdated);
            if derived.last_on != Some(row.last_on) {
                let expected = derived
                    .last_on
                    .map_or_else(String::new, |day| day.to_string());
                findings.differ("last_on", &place, expected, row.last_on);
            }
            if row.limited && row.balance < 0 {
                findings.differ("below_zero", &place, "0 or more", row.balance);
            }
            if row.key().is_none() {
                findings.differ("unreadable", &place, "an account", "an unknown bucket");
            }
            total = total.saturating_add(i128::from(row.balance));
        }
        for (account, derived) in &self.running {
            findings.differ(
                "balance",
                self.account_place(*account),
                derived.balance,
                "no account",
            );
        }
        findings.compare("unbalanced", &self.head.key, 0, total);
    }

    fn compare_head(&self, findings: &mut Findings) {
        let head = &self.head;
        let accounts = i64::try_from(self.accounts.len()).unwrap_or(i64::MAX);
        findings.compare("accounts", &head.key, accounts, head.accounts);
        findings.compare(
            "head",
            format_args!("{} sequence", head.key),
            self.sequence,
            head.sequence,
        );
        let place = format_args!("{} recorded_at", head.key);
        findings.compare("head", place, self.recorded_at, head.recorded_at);
        if self.frontier.stored() != head.frontier {
            let stored = Frontier::read(self.frontier.size(), &head.frontier);
            let found = stored.map_or_else(|e| e.to_string(), |tree| hex(&tree.root()));
            findings.differ("frontier", &head.key, hex(&self.frontier.root()), found);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
