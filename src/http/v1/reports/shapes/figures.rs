//! Figures that several reports have in common.

use utoipa::ToSchema;

use super::examples;
use crate::http::v1::statements::dto::BuyersBasisWire;
use crate::http::wire::{Choice, Day, KgOut, RatioOut, WonOut};
use crate::ledger::Bucket;
use crate::reporting::sold::SalesBasis;

/// Where money stands in an account.
pub type BucketWire = Choice<Bucket>;
/// What amounts of sales rest on.
pub type SalesBasisWire = Choice<SalesBasis>;

/// FIGURES of a fund. allocated = available + awaiting_payment + disbursed; committed =
/// unallocated + allocated.
#[derive(ToSchema)]
#[schema(example = examples::fund_figures)]
pub struct FundFigures {
    /// Promised (약정액).
    pub committed: WonOut,
    /// Paid in (출연); null where none ever was.
    #[schema(required)]
    pub contributed: Option<WonOut>,
    /// Not set aside for a program.
    pub unallocated: WonOut,
    /// Set aside for programs (배정).
    pub allocated: WonOut,
    /// Waiting for a decision, in none of the other figures.
    pub submitted: WonOut,
    /// Set aside and not approved away (가용 예산).
    pub available: WonOut,
    /// Approved and not paid (지급 대기액).
    pub awaiting_payment: WonOut,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Came back for good.
    pub refunded: WonOut,
    /// paid − refunded (집행).
    pub disbursed: WonOut,
    /// Of it in cash.
    pub disbursed_cash: WonOut,
    /// Of it in kind.
    pub disbursed_in_kind: WonOut,
    /// committed − awaiting_payment − disbursed (미집행 약정 잔액).
    pub remaining: WonOut,
}

/// PROGRAM FIGURES.
#[derive(ToSchema)]
#[schema(example = examples::program_figures)]
pub struct ProgramFigures {
    /// Set aside (배정); null for a program without funds.
    #[schema(required)]
    pub allocated: Option<WonOut>,
    /// Waiting for a decision, in none of the other figures.
    pub submitted: WonOut,
    /// Set aside and not approved away (가용 예산); null for a program without funds.
    #[schema(required)]
    pub available: Option<WonOut>,
    /// Approved and not paid (지급 대기액).
    pub awaiting_payment: WonOut,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Came back for good.
    pub refunded: WonOut,
    /// paid − refunded (집행).
    pub disbursed: WonOut,
    /// Of it in cash.
    pub disbursed_cash: WonOut,
    /// Of it in kind.
    pub disbursed_in_kind: WonOut,
}

/// How far a fund has come. Shares are rounded half up.
#[derive(ToSchema)]
#[schema(example = examples::progress)]
pub struct Progress {
    /// Days from the start to the day of the report, both counted, over the days of the period.
    pub elapsed_ratio: RatioOut,
    /// What was planned to be spent by that day, over committed; null without a plan.
    #[schema(required)]
    pub plan_to_date_ratio: Option<RatioOut>,
    /// disbursed over committed; null where nothing is committed.
    #[schema(required)]
    pub disbursed_ratio: Option<RatioOut>,
}

/// What was sold for producers. Never summed with what was disbursed.
#[derive(ToSchema)]
#[schema(example = examples::sales)]
pub struct SalesFigures {
    /// The value (거래액); null where neither lines nor statements tell.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// The weight; null likewise.
    #[schema(required)]
    pub quantity_kg: Option<KgOut>,
    /// In how many orders; null likewise.
    #[schema(required)]
    pub orders: Option<i64>,
    /// Buyers (구매자), as the latest statement that tells of them says; null where none does, since
    /// lines of sales do not tell. Never added up.
    #[schema(required)]
    pub buyers: Option<i64>,
    /// Who was counted as a buyer.
    #[schema(required)]
    pub buyers_basis: Option<BuyersBasisWire>,
    /// Until when buyers were counted.
    #[schema(required)]
    pub buyers_as_of: Option<Day>,
    /// What the amounts rest on: the lines, or where there are none what the partner stated.
    pub basis: SalesBasisWire,
    /// The day of the amounts.
    pub as_of: Day,
}

/// What reached those it was meant for, as intermediaries say.
#[derive(ToSchema)]
#[schema(example = examples::reached_through)]
pub struct ReachedThrough {
    /// Passed on.
    pub amount: WonOut,
    /// Of how many donations.
    pub donations: i64,
}

/// Days in a row on which an account ended below zero, since something was entered late.
#[derive(ToSchema)]
#[schema(example = examples::below_zero)]
pub struct BelowZero {
    /// The fund of the account.
    #[schema(required)]
    pub fund: Option<String>,
    /// The program of the account.
    #[schema(required)]
    pub program: Option<String>,
    /// Its fiscal year; null for an undated line.
    #[schema(required)]
    pub fiscal_year: Option<i32>,
    /// Its bucket.
    pub bucket: BucketWire,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The lowest balance.
    pub lowest: WonOut,
}
