//! What a disbursement (지급 건) is: one payment to a beneficiary.

use crate::beneficiaries::model::{BeneficiaryId, PayeeKind};
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
    /// What must be unique for this beneficiary in this program: the round, or `*` for the program.
    pub once_key: Option<String>,
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
