//! What a disbursement (지급 건) is: one payment to a beneficiary.

use crate::beneficiaries::model::{BeneficiaryId, PayeeKind};
use crate::money::Amount;
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
