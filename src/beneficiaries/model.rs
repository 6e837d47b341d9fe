//! Who a beneficiary is: a pseudonym, with the personal details locked away.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::vault::Sealed;
use crate::code::Code;
use crate::regions::RegionCode;
use crate::text_enum::text_enum;

text_enum! {
    /// What sort of beneficiary.
    PayeeKind {
        /// A small merchant.
        Merchant = "merchant",
        /// A worker.
        Worker = "worker",
        /// A producer.
        Producer = "producer",
        /// A user of a service.
        User = "user",
        /// An organisation.
        Organisation = "organisation",
        /// A counted group, never counted as unique.
        Group = "group",
    }
}

/// The random id of a person: what the log, the records and the indexes carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BeneficiaryId(Arc<str>);

impl BeneficiaryId {
    /// An id as it was made or stored.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text.into())
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BeneficiaryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for BeneficiaryId {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

/// A beneficiary, looked up by the blind index of what identifies it.
#[derive(Debug, Clone)]
pub struct Beneficiary {
    /// The pseudonym.
    pub id: BeneficiaryId,
    /// The keyed hash of its registration number or reference.
    pub blind_index: String,
    /// What sort.
    pub kind: PayeeKind,
    /// The only program it is known in, for one that goes by a reference.
    pub program: Option<Code>,
    /// Where, as first recorded.
    pub region: Option<RegionCode>,
    /// When it was first recorded.
    pub recorded_at: DateTime<Utc>,
    /// Whom it counts under, if not itself.
    pub merged_into: Option<BeneficiaryId>,
    /// The sealed details with the salt of their commitment.
    pub details: SealedDetails,
}

/// Sealed details and the salt of the commitment that the log holds.
#[derive(Debug, Clone)]
pub struct SealedDetails {
    /// Encrypted under the person's own key.
    pub sealed: Sealed,
    /// The commitment's salt; destroyed with the details.
    pub salt: String,
}
