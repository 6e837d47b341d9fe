//! What an import is: a file, what is to become of it, and where it stands.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kinds::Kind;
use super::values::region::RegionCodes;
use crate::code::Code;
use crate::ids::RecordId;
use crate::text_enum::text_enum;

text_enum! {
    /// What is recorded of a file in which rows are wrong.
    Mode {
        /// All of it or nothing.
        All = "all",
        /// The rows that are right.
        Good = "good",
    }
}

text_enum! {
    /// Where an import stands.
    State {
        /// Its rows are kept and wait to be checked, or are being checked.
        Received = "received",
        /// Every row was checked; nothing is recorded.
        Checked = "checked",
        /// Its rows are being recorded.
        Committing = "committing",
        /// It is recorded.
        Committed = "committed",
        /// What was recorded of it is being undone.
        Undoing = "undoing",
        /// It was recorded, and undone as a whole.
        Undone = "undone",
        /// It was called off; nothing of it stands.
        Cancelled = "cancelled",
        /// It could not be recorded; nothing of it stands.
        Failed = "failed",
    }
}

impl State {
    /// Whether a worker has something to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Committing | Self::Undoing)
    }

    /// Whether something of it stands, or may come to stand.
    #[must_use]
    pub fn stands(self) -> bool {
        matches!(
            self,
            Self::Received | Self::Checked | Self::Committing | Self::Committed | Self::Undoing
        )
    }
}

/// What the sender says of the file as a whole, to be compared before anything is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// How many rows.
    pub rows: Option<i64>,
    /// How much all rows come to, in won.
    pub amount: Option<i64>,
    /// How many different people.
    pub people: Option<i64>,
}

/// How a file is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What headers mean, where they don't say it themselves.
    pub headers: BTreeMap<String, String>,
    /// What holds for rows that don't say otherwise, by field.
    pub defaults: BTreeMap<String, String>,
    /// Which regions are taken; those that were valid on the day by default.
    pub region_codes: Option<RegionCodes>,
    /// What it should come to.
    pub totals: Totals,
    /// Warnings that were read and accepted, by code.
    pub acknowledged: Vec<String>,
    /// Whether nothing is ever to be recorded.
    pub rehearsal: bool,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: RecordId,
    /// What its rows are.
    pub kind: Kind,
    /// The program that its rows belong to, where it is one.
    pub program: Option<Code>,
    /// What the file was called.
    pub name: Option<String>,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// How long the file was.
    pub bytes: i64,
    /// How many rows hold something.
    pub lines: i64,
    /// How it is read.
    pub settings: Settings,
    /// What is to be recorded; nothing yet where it is not said.
    pub mode: Option<Mode>,
    /// Where it stands.
    pub state: State,
    /// Where undoing it leads.
    pub ending: Option<State>,
    /// The code of why it could not be recorded.
    pub failure: Option<String>,
    /// The key of its rows, wrapped; empty once they are erased.
    pub wrapped_key: Vec<u8>,
    /// Who sent it, and records its rows.
    pub recorded_by: String,
    /// When it was received.
    pub recorded_at: DateTime<Utc>,
    /// When it last came to stand elsewhere.
    pub changed_at: DateTime<Utc>,
    /// How often it changed, from 1.
    pub version: i32,
}

/// What the work on an import came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows that are right.
    pub good: i64,
    /// Rows that are wrong.
    pub faulty: i64,
    /// Rows that are right and worth a second look.
    pub warned: i64,
    /// Rows that were recorded before: they change nothing.
    pub repeated: i64,
    /// Rows that are recorded.
    pub recorded: i64,
    /// Records that were undone.
    pub undone: i64,
    /// What the rows that are right come to, in won.
    pub amount: i64,
    /// How many different people they name.
    pub people: i64,
}

/// The parcel that holds the header; rows lie in those behind it.
pub const HEADER_PARCEL: i32 = 0;
/// The first parcel that holds rows.
pub const FIRST_PARCEL: i32 = 1;

/// How far the work on an import has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The import.
    pub import: RecordId,
    /// What is being done: the state of the import that it belongs to.
    pub stage: State,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When it last went on.
    pub changed_at: DateTime<Utc>,
    /// Rows that are behind it.
    pub done: i64,
    /// The parcel that it goes on with.
    pub parcel: i32,
    /// What it came to so far.
    pub counts: Counts,
}

impl Work {
    /// Work that was not begun.
    #[must_use]
    pub fn none(import: RecordId, now: DateTime<Utc>) -> Self {
        Self {
            import,
            stage: State::Received,
            started_at: now,
            changed_at: now,
            done: 0,
            parcel: FIRST_PARCEL,
            counts: Counts::default(),
        }
    }
}

text_enum! {
    /// How much a fault weighs.
    Weight {
        /// The row cannot be recorded.
        Fault = "fault",
        /// The row can be recorded once somebody said so.
        Warning = "warning",
        /// The row changes nothing, which is told and no obstacle.
        Notice = "notice",
    }
}

/// Something wrong with a row, or likely to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The row, as a person counts in the file; 0 for the file as a whole.
    pub line: i64,
    /// Which of the row's.
    pub part: i32,
    /// How much it weighs.
    pub weight: Weight,
    /// The column, from 0.
    pub place: Option<i32>,
    /// What stands above that column.
    pub header: Option<String>,
    /// The field that it is about, as a JSON pointer.
    pub field: String,
    /// The stable code.
    pub code: String,
    /// What explains it.
    pub facts: BTreeMap<String, String>,
}
