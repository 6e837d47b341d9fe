//! Why a measurement may not be recorded, or not be taken further.

use chrono::NaiveDate;

use super::model::MeasurementStatus;
use super::rules::MAX_MEASUREMENTS;
use crate::calendar::Period;
use crate::desk::Stop;
use crate::ids::RecordId;
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;
use crate::refusal::{FieldFault, Refusal};

/// Why a measurement may not be recorded, or not be taken further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeasurementError {
    /// The same as for any record.
    #[error(transparent)]
    Record(#[from] PayoutError),
    /// The state does not allow the verb.
    #[error("{verb} is not possible while {status}")]
    InvalidState {
        /// Where the record stands.
        status: MeasurementStatus,
        /// What was asked for.
        verb: Verb,
    },
    /// Fields are wrong.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldFault>),
    /// A live measurement of the same cell covers some of the same days.
    #[error("measurement {id} covers some of these days")]
    Overlaps {
        /// Which one.
        id: RecordId,
        /// Its days.
        period: Period,
    },
    /// A running count starts on another day than those before it.
    #[error("the running count starts on {0}")]
    OtherStart(NaiveDate),
    /// A running count falls without a reason.
    #[error("a running count falls without a reason")]
    Falls,
    /// The indicator has as many measurements as it may have.
    #[error("the indicator has too many measurements")]
    TooMany,
}

impl From<MeasurementError> for Stop {
    fn from(error: MeasurementError) -> Self {
        let refusal = match error {
            MeasurementError::Record(error) => return error.into(),
            MeasurementError::InvalidState { status, verb } => Refusal::rule("invalid_state")
                .with("status", status)
                .with("verb", verb),
            MeasurementError::Fields(faults) => Refusal::Fields(faults),
            MeasurementError::Overlaps { id, period } => Refusal::rule("measurement_overlaps")
                .with("id", id)
                .with("start", period.start())
                .with("end", period.end()),
            MeasurementError::OtherStart(start) => {
                Refusal::field("/period/start", "cumulative_start_differs").with("start", start)
            }
            MeasurementError::Falls => Refusal::field("/reason", "running_count_falls"),
            MeasurementError::TooMany => {
                Refusal::rule("too_many_measurements").with("most", MAX_MEASUREMENTS)
            }
        };
        Self::Refused(refusal)
    }
}
