//! What checks of claims look like.

use utoipa::ToSchema;

use super::examples;
use crate::http::v1::claims::dto::NatureWire;
use crate::http::v1::reports::query::MetricWire;
use crate::http::wire::{Choice, Currency, Day, NameOut};
use crate::metrics::Unit;
use crate::reporting::claims::{Caveat, Reason, Verdict};
use crate::reporting::figure::FigureBasis;

/// What the books say of a claim.
pub type VerdictWire = Choice<Verdict>;
/// Why a claim cannot be checked.
pub type ReasonWire = Choice<Reason>;
/// What has to be said along with a figure.
pub type CaveatWire = Choice<Caveat>;
/// What a figure rests on.
pub type FigureBasisWire = Choice<FigureBasis>;
/// In what a figure is counted.
pub type CountedInWire = Choice<Unit>;

/// A claim held against the books.
#[derive(ToSchema)]
#[schema(example = examples::claim_check)]
pub struct ClaimCheck {
    /// Which claim.
    pub claim: String,
    /// Whether it holds.
    pub verdict: VerdictWire,
    /// Why it cannot be checked; null where it can.
    #[schema(required)]
    pub reason: Option<ReasonWire>,
    /// What the figure rests on; `declaration` where there is none but our own word.
    pub basis: FigureBasisWire,
    /// In what both figures are counted.
    pub counted_in: CountedInWire,
    /// The currency of both; null where they are no money.
    #[schema(required)]
    pub currency: Option<Currency>,
    /// What was said: whole, or kilograms with three places.
    pub claimed: String,
    /// What the books say; null where the claim cannot be checked.
    #[schema(required)]
    pub actual: Option<String>,
    /// actual − claimed.
    #[schema(required)]
    pub difference: Option<String>,
    /// How far the actual figure may fall before the verdict changes; null where no fall does.
    #[schema(required)]
    pub headroom: Option<String>,
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// The day of what the figure rests on, such as a partner's statement.
    #[schema(required)]
    pub figure_as_of: Option<Day>,
    /// All of it in sentences, to be read aloud.
    pub explanation: NameOut,
    /// What has to be said along with the figure.
    pub caveats: Vec<CaveatWire>,
    /// The ids of other claims about some of the same money: never to be added.
    pub overlaps: Vec<String>,
}

/// How many claims there are of each verdict, each checked as of its own day. Of the latest 1,000.
#[derive(ToSchema)]
#[schema(example = examples::claim_counts)]
pub struct ClaimCounts {
    /// All that were said and not taken back.
    pub total: i64,
    /// Those that the books carry.
    pub supported: i64,
    /// Those that they contradict.
    pub not_supported: i64,
    /// Those that they say nothing about.
    pub not_checkable: i64,
}

/// Every claim that was said by the day and not taken back.
#[derive(ToSchema)]
#[schema(example = examples::claims_report)]
pub struct ClaimsReport {
    /// The day.
    pub as_of: Day,
    /// How many there are of each verdict.
    #[serde(flatten)]
    pub counts: ClaimCounts,
    /// Whether older claims than the latest 1,000 were left out.
    pub truncated: bool,
    /// The claims, the latest said first.
    pub claims: Vec<ClaimLine>,
}

/// One claim of the report.
#[derive(ToSchema)]
#[schema(example = examples::claim_line)]
pub struct ClaimLine {
    /// Its id.
    pub id: String,
    /// The sentence itself.
    pub statement: String,
    /// When it was said.
    pub said_on: Day,
    /// What it counts.
    #[schema(required)]
    pub metric: Option<MetricWire>,
    /// The program that it is about.
    #[schema(required)]
    pub program: Option<String>,
    /// The fund that it is about.
    #[schema(required)]
    pub fund: Option<String>,
    /// What sort of number it is.
    pub nature: NatureWire,
    /// The check as of its own day.
    pub check: ClaimCheck,
    /// Whether it would still hold if it were said on the day of the report; null where it cannot
    /// be checked.
    #[schema(required)]
    pub holds_today: Option<bool>,
}
