//! What a measurement is.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::Period;
use crate::code::Code;
use crate::ids::RecordId;
use crate::indicators::measure::Measure;
use crate::payouts::model::{Step, Verb};
use crate::text_enum::text_enum;

text_enum! {
    /// Where a measurement stands.
    MeasurementStatus {
        /// Waiting for a decision.
        Submitted = "submitted",
        /// Sent back (반려).
        Rejected = "rejected",
        /// Taken back by who recorded it (회수).
        Withdrawn = "withdrawn",
        /// Approved: reports count it.
        Approved = "approved",
        /// Approved no longer (취소).
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// How a value is known.
    MeasurementNature {
        /// It was measured or counted.
        Measured = "measured",
        /// It was worked out from something else.
        Estimated = "estimated",
        /// Somebody else said so.
        Declared = "declared",
    }
}

impl MeasurementStatus {
    /// Whether no other measurement may contradict it.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Submitted | Self::Approved)
    }
}

/// Which part of an indicator is meant: a value for each dimension, or, empty, the whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cell(pub BTreeMap<Code, Code>);

impl Cell {
    /// Whether it is the whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// A cell as the database holds it: `dimension=value;dimension=value`.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        let code = |text: &str| Code::stored(text.to_owned());
        Self(parts.map(|(d, v)| (code(d), code(v))).collect())
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (dimension, value)) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { ";" };
            write!(f, "{between}{dimension}={value}")?;
        }
        Ok(())
    }
}

/// A measurement, through its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// Its id.
    pub id: RecordId,
    /// Of what.
    pub indicator: Code,
    /// When.
    pub period: Period,
    /// Of which part of it.
    pub cell: Cell,
    /// How much.
    pub measure: Measure,
    /// How it is known.
    pub nature: MeasurementNature,
    /// By which method.
    pub method: Option<String>,
    /// Why a running count has fallen.
    pub reason: Option<String>,
    /// What it rests on.
    pub basis: Option<String>,
    /// The caller's own id, unique among the live ones of its indicator.
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
    /// Where it stands.
    pub status: MeasurementStatus,
    /// Everything that was done to it, in order.
    pub steps: Vec<Step>,
    /// The version of the record.
    pub version: i32,
}

impl Measurement {
    /// Who first recorded it.
    #[must_use]
    pub fn recorded_by(&self) -> &str {
        self.steps.first().map_or("", |step| step.actor.as_str())
    }

    /// When it was first recorded.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.steps
            .first()
            .map_or(DateTime::UNIX_EPOCH, |step| step.recorded_at)
    }

    /// Whether `actor` recorded, changed or resubmitted it: such a person never decides on it.
    #[must_use]
    pub fn was_made_by(&self, actor: &str) -> bool {
        self.steps.iter().any(|step| {
            step.actor == actor && matches!(step.verb, Verb::Submit | Verb::Edit | Verb::Resubmit)
        })
    }

    /// The value date of the last step.
    #[must_use]
    pub fn last_on(&self) -> NaiveDate {
        let days = self.steps.iter().map(|step| step.effective_on);
        days.max().unwrap_or_default()
    }

    /// The value date on which that was done to it, if it was.
    #[must_use]
    pub fn done_on(&self, verb: Verb) -> Option<NaiveDate> {
        let done = self.steps.iter().find(|step| step.verb == verb);
        done.map(|step| step.effective_on)
    }

    /// What the live ones of its cell are looked up by.
    #[must_use]
    pub fn cell_key(&self) -> (Code, String) {
        (self.indicator.clone(), self.cell.to_string())
    }

    /// Whether it makes the meaning of its indicator final: it is live, or was approved once.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.status.is_live() || self.status == MeasurementStatus::Cancelled
    }
}

/// A live measurement, as the others of its cell have to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub id: RecordId,
    /// When.
    pub period: Period,
    /// How much.
    pub measure: Measure,
}

/// The live measurements of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCell {
    /// The indicator.
    pub indicator: Code,
    /// The cell as it is stored.
    pub cell: String,
    /// The measurements, in no order.
    pub entries: Vec<Entry>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_it_was_written() {
        for text in ["", "age=20s", "age=20s;region=seoul"] {
            assert_eq!(Cell::stored(text).to_string(), text);
        }
        assert!(Cell::stored("").is_whole());
        assert!(!Cell::stored("age=20s").is_whole());
    }
}
