//! What an export is, and how far it has come.

use chrono::{DateTime, Utc};

use super::manifest::Manifest;
use super::source::{Asked, Form};
use crate::access::Principal;
use crate::access::rights::Role;
use crate::bounds::Bounds;
use crate::ids::RecordId;
use crate::text_enum::text_enum;

text_enum! {
    /// Where the work on an export stands.
    WorkState {
        /// Its rows are being counted.
        Counting = "counting",
        /// Its file is being written.
        Writing = "writing",
        /// Its file is there.
        Ready = "ready",
        /// It could not be made; there is no file.
        Failed = "failed",
        /// Its file was removed.
        Removed = "removed",
    }
}

text_enum! {
    /// Where an export stands.
    ExportState {
        /// It waits for its turn.
        Queued = "queued",
        /// Its rows are being counted.
        Counting = "counting",
        /// Its file is being written.
        Writing = "writing",
        /// Its file is there.
        Ready = "ready",
        /// It could not be made; there is no file.
        Failed = "failed",
        /// It was called off; there is no file.
        Cancelled = "cancelled",
        /// Its time was up and its file removed.
        Expired = "expired",
    }
}

/// An export that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: RecordId,
    /// The address of the list or report.
    pub address: String,
    /// Which of its tables.
    pub table: Option<String>,
    /// In what form.
    pub form: Form,
    /// What its requester was then: the file shows what such a caller sees.
    pub roles: Vec<Role>,
    /// Who asked for it.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
}

/// How far the work on an export has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The export.
    pub export: RecordId,
    /// Where it stands.
    pub state: WorkState,
    /// How often it was begun.
    pub attempts: i32,
    /// How many rows it has, once they are counted.
    pub rows_total: Option<i64>,
    /// How many are counted or written.
    pub rows_done: i64,
    /// The length of the file that is kept.
    pub bytes: i64,
    /// What is said of the file.
    pub manifest: Option<Manifest>,
    /// Why there is none.
    pub failure: Option<String>,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When that was noted.
    pub changed_at: DateTime<Utc>,
    /// When the file is removed.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Export {
    /// What is to be exported, as whoever asked for it.
    #[must_use]
    pub fn asked(&self) -> Asked {
        Asked {
            address: self.address.clone(),
            table: self.table.clone(),
            principal: self.requester(),
        }
    }

    /// Whoever asked for it, as they were then: somebody of the house, since nobody else may ask.
    #[must_use]
    pub fn requester(&self) -> Principal {
        Principal {
            user: self.requested_by.clone(),
            roles: self.roles.clone(),
            session_version: 0,
            scopes: None,
            bounds: Bounds::none(),
        }
    }

    /// Counts what its requester did about it.
    #[must_use]
    pub const fn version(&self) -> i32 {
        match self.cancelled_at {
            None => 1,
            Some(_) => 2,
        }
    }

    /// Where it stands at that instant.
    #[must_use]
    pub fn state(&self, work: Option<&Work>, now: DateTime<Utc>) -> ExportState {
        if self.cancelled_at.is_some() {
            return ExportState::Cancelled;
        }
        let Some(work) = work else {
            return ExportState::Queued;
        };
        match work.state {
            WorkState::Counting => ExportState::Counting,
            WorkState::Writing => ExportState::Writing,
            WorkState::Ready if work.expires_at.is_some_and(|end| end > now) => ExportState::Ready,
            WorkState::Ready | WorkState::Removed => ExportState::Expired,
            WorkState::Failed => ExportState::Failed,
        }
    }
}

impl Work {
    /// The work on an export that is begun now.
    #[must_use]
    pub const fn begun(export: RecordId, now: DateTime<Utc>) -> Self {
        Self {
            export,
            state: WorkState::Counting,
            attempts: 1,
            rows_total: None,
            rows_done: 0,
            bytes: 0,
            manifest: None,
            failure: None,
            started_at: now,
            changed_at: now,
            expires_at: None,
        }
    }

    /// How far it is, in percent; counting is none of it.
    #[must_use]
    pub fn percent(&self) -> i64 {
        match (self.state, self.rows_total) {
            (WorkState::Ready | WorkState::Removed, _) => 100,
            (WorkState::Writing, Some(total)) if total > 0 => {
                let hundredfold = self.rows_done.saturating_mul(100);
                hundredfold.checked_div(total).unwrap_or(0).clamp(0, 99)
            }
            _ => 0,
        }
    }
}
