//! What the report of compensation looks like.

use utoipa::ToSchema;

use super::examples;
use crate::http::wire::{Currency, Day, NameOut, WonOut};

/// Damages made good: never a part of giving.
#[derive(ToSchema)]
#[schema(example = examples::compensation)]
pub struct CompensationReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Whether any of it is giving: it never is.
    pub part_of_giving: bool,
    /// All programs together.
    pub figures: CompensationFigures,
    /// The programs of kind `compensation`, by code.
    pub programs: Vec<CompensationProgram>,
}

/// What compensation came to.
#[derive(ToSchema)]
#[schema(example = examples::compensation_figures)]
pub struct CompensationFigures {
    /// Records of which something approved is left.
    pub records: i64,
    /// Of them, those that name a person.
    pub named_records: i64,
    /// People in their groups: counted, not unique.
    pub counted_people: i64,
    /// Their assessed loss.
    pub assessed_loss: WonOut,
    /// Cash approved and not come back.
    pub cash: WonOut,
    /// What those in kind are worth.
    pub in_kind: InKindFigures,
    /// Approved, net of cancellations.
    pub approved: WonOut,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Came back for good.
    pub refunded: WonOut,
}

/// What was given in kind, at each value: alternatives, never added.
#[derive(ToSchema)]
#[schema(example = examples::compensation_in_kind)]
pub struct InKindFigures {
    /// Records in kind.
    pub records: i64,
    /// What they cost.
    pub cost: WonOut,
    /// Their list price, where it is known.
    pub list: WonOut,
    /// Records without a list price.
    pub without_list: i64,
    /// Their fair value, where it is known.
    pub fair: WonOut,
    /// Records without a fair value.
    pub without_fair: i64,
}

/// One program of compensation.
#[derive(ToSchema)]
#[schema(example = examples::compensation_program)]
pub struct CompensationProgram {
    /// The address of the program.
    pub code: String,
    /// Its name on that day.
    pub name: NameOut,
    /// What it came to.
    pub figures: CompensationFigures,
    /// Distinct persons who are named; not told apart by tier.
    pub unique_persons: i64,
    /// By rule version and tier; what was not assessed comes first.
    pub by_tier: Vec<TierRow>,
}

/// What was done in one tier of one version of the rules.
#[derive(ToSchema)]
#[schema(example = examples::compensation_tier)]
pub struct TierRow {
    /// The version of the rules; null where nothing was assessed.
    #[schema(required)]
    pub rule_version: Option<String>,
    /// The tier; null where nothing was assessed.
    #[schema(required)]
    pub tier: Option<String>,
    /// Whether the figures are hidden, since they would tell about single people.
    pub suppressed: bool,
    /// What it came to; null where it is hidden.
    #[schema(required)]
    pub figures: Option<CompensationFigures>,
}
