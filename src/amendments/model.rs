//! What an amendment is: a change of an approved record that touches no money.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::beneficiaries::model::{BeneficiaryId, SealedDetails};
use crate::ids::RecordId;
use crate::regions::RegionCode;
use crate::text_enum::text_enum;

text_enum! {
    /// Where an amendment stands.
    AmendmentStatus {
        /// Waiting for a second person.
        Proposed = "proposed",
        /// The record is what it says.
        InEffect = "in_effect",
        /// Refused by a second person.
        Rejected = "rejected",
        /// Taken back by who proposed it.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// Why a record is amended.
    AmendmentClass {
        /// It was wrong from the beginning (정정).
        Correction = "correction",
        /// It is told apart in another way (재분류).
        Reclassification = "reclassification",
        /// What it tells about has changed since (변경).
        Update = "update",
    }
}

text_enum! {
    /// Which of the two names of an amendment.
    NameVersion {
        /// The one before.
        Former = "former",
        /// The one after.
        Later = "later",
    }
}

/// Everything of a record that an amendment may change, but for a name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Particulars {
    /// Where; of disbursements.
    pub region: Option<RegionCode>,
    /// What for.
    pub purpose: Option<String>,
    /// The voucher in the company's own accounting; of disbursements.
    pub voucher_number: Option<String>,
    /// The document that approved it; of donations.
    pub approval_document: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
}

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Who.
    pub by: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The sequence of its event in the book.
    pub sequence: i64,
}

/// An amendment as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// Its number among those of its record, from 1.
    pub number: i32,
    /// Where it stands.
    pub status: AmendmentStatus,
    /// Why, by its class.
    pub reason_class: AmendmentClass,
    /// Why, in the words of who proposed it.
    pub reason: String,
    /// The record before.
    pub former: Particulars,
    /// The record after.
    pub later: Particulars,
    /// Whether the beneficiary has another name after it.
    pub renames: bool,
    /// The value date: asked for while it is proposed, and that it has once it is in effect.
    pub effective_on: Option<NaiveDate>,
    /// Its proposal.
    pub proposed: Deed,
    /// What was decided on it, and why where that was told.
    pub decided: Option<(Deed, Option<String>)>,
}

/// A name that an amendment is about, sealed.
#[derive(Debug, Clone)]
pub struct SealedName {
    /// The amendment.
    pub number: i32,
    /// Which of its names.
    pub version: NameVersion,
    /// Whose name it is.
    pub beneficiary: BeneficiaryId,
    /// The name, with the salt of the commitment that the log holds.
    pub details: SealedDetails,
}

/// All amendments of a record.
#[derive(Debug, Clone)]
pub struct Amendments {
    /// The record.
    pub record: RecordId,
    /// In the order of their numbers.
    pub all: Vec<Amendment>,
    /// Names to be written with them. Those that are stored are not read here.
    pub new_names: Vec<SealedName>,
}

impl Amendments {
    /// None yet.
    #[must_use]
    pub fn none_of(record: RecordId) -> Self {
        Self {
            record,
            all: Vec::new(),
            new_names: Vec::new(),
        }
    }

    /// The one that waits for a decision.
    #[must_use]
    pub fn open(&self) -> Option<&Amendment> {
        let mut all = self.all.iter();
        all.find(|amendment| amendment.status == AmendmentStatus::Proposed)
    }

    /// The number of the next one.
    #[must_use]
    pub fn next_number(&self) -> i32 {
        let last = self.all.last().map_or(0, |amendment| amendment.number);
        last.saturating_add(1)
    }
}
