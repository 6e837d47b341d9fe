//! What the overview looks like.

use utoipa::ToSchema;

use super::claims::ClaimCounts;
use super::examples;
use super::figures::{FundFigures, ProgramFigures, ReachedThrough, SalesFigures};
use super::fund::FundSummary;
use crate::http::v1::programs::dto::ProgramKindWire;
use crate::http::wire::{Currency, Day, NameOut, WonOut};

/// Everything on one page.
#[derive(ToSchema)]
#[schema(example = examples::overview)]
pub struct Overview {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// The currency of all amounts.
    pub currency: Currency,
    /// All funds together, each won once (순계).
    pub consolidated: FundFigures,
    /// Given outside any fund.
    pub outside_funds: OutsideFigures,
    /// Damages made good: never giving.
    pub compensation: OutsideFigures,
    /// The funds, by code.
    pub funds: Vec<FundSummary>,
    /// The programs, by code.
    pub programs: Vec<ProgramSummary>,
    /// Gifts to organisations; part of the figures above.
    pub donations: DonationFigures,
    /// What was promised in public (대외 약속).
    pub pledges: PledgesInShort,
    /// What was said in public by then, each claim held against the books of its own day.
    pub claims: ClaimCounts,
}

/// How many pledges stand where: total = met + open + overdue + withdrawn.
#[derive(ToSchema)]
#[schema(example = examples::pledges_in_short)]
pub struct PledgesInShort {
    /// Made in public by the day.
    pub total: i64,
    /// Kept.
    pub met: i64,
    /// Neither kept, nor late, nor taken back.
    pub open: i64,
    /// Late.
    pub overdue: i64,
    /// Taken back.
    pub withdrawn: i64,
}

/// What was paid without a fund.
#[derive(ToSchema)]
#[schema(example = examples::outside_figures)]
pub struct OutsideFigures {
    /// Approved and not paid.
    pub awaiting_payment: WonOut,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Came back for good.
    pub refunded: WonOut,
    /// paid − refunded.
    pub disbursed: WonOut,
}

/// A program in short.
#[derive(ToSchema)]
#[schema(example = examples::program_summary)]
pub struct ProgramSummary {
    /// Its address.
    pub code: String,
    /// Its name on that day.
    pub name: NameOut,
    /// What it does.
    pub kind: ProgramKindWire,
    /// PROGRAM FIGURES.
    #[serde(flatten)]
    pub figures: ProgramFigures,
    /// Whom it reached.
    pub beneficiaries: Reached,
    /// What it sold; null where it never did.
    #[schema(required)]
    pub sales: Option<SalesFigures>,
}

/// Whom a program reached: those whose approved and paid money, net, is above zero.
#[derive(ToSchema)]
#[schema(example = examples::reached)]
pub struct Reached {
    /// Distinct people (실인원). Never added over programs.
    pub unique: i64,
    /// Payments (지급 건수).
    pub payments: i64,
}

/// Gifts to organisations, without those of compensation programs.
#[derive(ToSchema)]
#[schema(example = examples::donations)]
pub struct DonationFigures {
    /// Paid and not come back.
    pub amount: WonOut,
    /// Of how many donations.
    pub count: i64,
    /// Of the amount, out of funds.
    pub from_funds: WonOut,
    /// Of the amount, outside any fund.
    pub outside_funds: WonOut,
    /// Donations without a receipt (기부금영수증).
    pub receipts_missing: i64,
    /// Of the amount, with recipients that pass it on and have not yet: paid − used − came back.
    pub held_by_intermediaries: WonOut,
    /// Of the amount, what they passed on.
    pub reached: ReachedThrough,
}
