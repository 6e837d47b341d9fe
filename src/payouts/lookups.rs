//! What records are looked up by, besides their ids.

use chrono::NaiveDate;

use crate::beneficiaries::model::BeneficiaryId;
use crate::code::Code;
use crate::ids::RecordId;

/// The live record that carries an id of the caller's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    /// [`DISBURSEMENT`], [`DONATION`], [`SALE`] or [`SALE_STATEMENT`].
    pub noun: &'static str,
    /// The program that the id is unique in; none for direct giving.
    pub program: Option<Code>,
    /// The caller's own id.
    pub external_id: String,
    /// The record.
    pub record: RecordId,
}

/// The noun of disbursements.
pub const DISBURSEMENT: &str = "disbursement";
/// The noun of donations.
pub const DONATION: &str = "donation";
/// The noun of sales.
pub const SALE: &str = "sale";
/// The noun of statements of sales.
pub const SALE_STATEMENT: &str = "sale_statement";

/// The live disbursement that a beneficiary has in a round of a program, or in all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey {
    /// The program.
    pub program: Code,
    /// Who is paid.
    pub beneficiary: BeneficiaryId,
    /// The round, or `*` for the program.
    pub once: String,
    /// The record.
    pub record: RecordId,
}

/// What lists of disbursements, donations and sales are narrowed by; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct RecordFilter {
    /// Those of this program.
    pub program: Option<Code>,
    /// None but those of these programs.
    pub programs: Option<Vec<Code>>,
    /// From this value date on.
    pub from: Option<NaiveDate>,
    /// Up to this value date, itself included.
    pub to: Option<NaiveDate>,
    /// Those with this id of the caller's own.
    pub external_id: Option<String>,
    /// Those that carry all of these attributes, by name and value.
    pub attributes: Vec<(String, String)>,
    /// Those with a text that contains these words.
    pub q: Option<String>,
}
