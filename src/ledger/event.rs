//! Events: what happened, in the order it was recorded, and the leaf that binds it.
//!
//! A leaf covers every column of the event and of its transfers, with the accounts by what they
//! are for, not only by number. The encoding is final: format 1 is a domain tag, the format, then
//! each field as one type byte, an 8-byte big-endian length where it varies, and its value.

use chrono::{DateTime, NaiveDate, Utc};

use serde::Serialize;

use super::journal::LedgerError;
use super::transfer::Transfer;
use super::tree::{Hash, leaf_hash};
use crate::text_enum::TextEnum;

/// What happened, before it has a place in a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// A dotted name such as `disbursement.approved`.
    pub kind: &'static str,
    /// What it happened to, such as `fund:co-prosperity`.
    pub subject: String,
    /// The value date, in Korea.
    pub effective_on: NaiveDate,
    /// What was asked for, as canonical JSON without personal details.
    pub command: String,
}

/// What was asked for, as the log holds it: JSON, its fields in the order of the type's.
///
/// # Errors
/// [`LedgerError::Document`] for what cannot be written as JSON: a fault of the program.
pub fn written<T: Serialize>(command: &T) -> Result<String, LedgerError> {
    serde_json::to_string(command).map_err(|error| LedgerError::Document(error.to_string()))
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The book.
    pub book: i64,
    /// Its place in the book, from 1 without gaps.
    pub sequence: i64,
    /// A dotted name.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// The id of who did it.
    pub actor: String,
    /// The request that it came with.
    pub request_id: String,
    /// The value date, in Korea.
    pub effective_on: NaiveDate,
    /// When it was recorded; never before the event before it.
    pub recorded_at: DateTime<Utc>,
    /// Canonical JSON of what was asked for.
    pub command: String,
}

const DOMAIN: &[u8] = b"sangsaeng.event";
const FORMAT: u8 = 1;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const NOTHING: u8 = 3;

/// What most events take when they are encoded.
const USUAL_BYTES: usize = 1_024;

struct Encoder(Vec<u8>);

impl Encoder {
    fn integer(&mut self, value: i64) {
        self.0.push(INTEGER);
        self.0.extend_from_slice(&value.to_be_bytes());
    }

    fn text(&mut self, value: &str) {
        self.0.push(TEXT);
        let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(value.as_bytes());
    }

    fn day(&mut self, value: NaiveDate) {
        self.text(&value.to_string());
    }

    fn maybe(&mut self, value: Option<i64>) {
        match value {
            Some(value) => self.integer(value),
            None => self.0.push(NOTHING),
        }
    }
}

impl Event {
    /// The hash of this event with its transfers and their account numbers, in their order.
    #[must_use]
    pub fn leaf(&self, transfers: &[(&Transfer, i64, i64)]) -> Hash {
        let mut out = Encoder(Vec::with_capacity(USUAL_BYTES));
        out.0.extend_from_slice(DOMAIN);
        out.0.push(FORMAT);
        out.integer(self.book);
        out.integer(self.sequence);
        out.text(&self.kind);
        out.text(&self.subject);
        out.text(&self.actor);
        out.text(&self.request_id);
        out.day(self.effective_on);
        out.integer(self.recorded_at.timestamp_micros());
        out.text(&self.command);
        out.integer(i64::try_from(transfers.len()).unwrap_or(i64::MAX));
        for (transfer, debit, credit) in transfers {
            out.text(transfer.kind.as_str());
            out.text(transfer.form.as_str());
            out.integer(*debit);
            out.text(&transfer.debit.text());
            out.integer(*credit);
            out.text(&transfer.credit.text());
            out.integer(transfer.amount.get());
            out.day(transfer.effective_on);
            out.maybe(transfer.reverses);
        }
        leaf_hash(&out.0)
    }
}
