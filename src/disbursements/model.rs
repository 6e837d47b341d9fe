//! What a disbursement (지급 건) is: one payment to a beneficiary.

use crate::beneficiaries::model::{BeneficiaryId, PayeeKind};
use crate::ids::RecordId;
use crate::money::{Amount, Won};
use crate::payouts::model::Payout;
use crate::regions::RegionCode;

/// A disbursement as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disbursement {
    /// What it has in common with a donation.
    pub payout: Payout,
    /// Who is paid.
    pub payee: Payee,
    /// The wave of the program (차수).
    pub round: Option<String>,
    /// The voucher in the company's own accounting.
    pub voucher_number: Option<String>,
    /// How the damage was assessed, in a compensation program.
    pub assessment: Option<Assessment>,
    /// What must be unique for this beneficiary in this program: the round, or `*` for the program.
    pub once_key: Option<String>,
    /// What else the same person is to be paid, where it looks as if one payment were split below the
    /// limit. Derived where it is read, and not stored.
    pub splitting: Option<Splitting>,
}

/// Records that stay below the limit one by one and pass it together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splitting {
    /// Over how many won a second person has to approve.
    pub above: Amount,
    /// What they come to in all.
    pub total: Won,
    /// How many they are, this one among them.
    pub records: usize,
    /// The others, oldest first: [`MAX_TOLD`](super::splitting::MAX_TOLD) at most.
    pub others: Vec<RecordId>,
}

/// How a damage was assessed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Assessment {
    /// Its class by the rules.
    pub tier: String,
    /// The version of the rules.
    pub rule_version: String,
    /// How large it is, in won.
    pub assessed_loss: Amount,
}

/// Who is paid, without personal details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    /// The person behind the payment; none for a group.
    pub beneficiary: Option<BeneficiaryId>,
    /// What sort of beneficiary.
    pub kind: PayeeKind,
    /// How many people a group has.
    pub count: Option<i64>,
    /// Where, if it is known.
    pub region: Option<RegionCode>,
}
