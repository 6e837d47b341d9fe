//! What partners state of sales and intermediaries of donations, as the report of a program shows.

use utoipa::ToSchema;

use super::examples;
use super::figures::{ReachedThrough, SalesFigures};
use crate::http::v1::statements::dto::{BuyersBasisWire, StatementBasisWire};
use crate::http::v1::statements::views::DaysView;
use crate::http::wire::{Day, KgOut, WonOut};

/// What a program sold, with what its partner stated.
#[derive(ToSchema)]
#[schema(example = examples::program_sales)]
pub struct ProgramSales {
    /// In short.
    #[serde(flatten)]
    pub sales: SalesFigures,
    /// What was stated, newest first; at most 50.
    pub statements: Vec<StatedSales>,
    /// Whether there are more statements than are listed.
    pub statements_truncated: bool,
}

/// A statement of sales beside the lines of the same days.
#[derive(ToSchema)]
#[schema(example = examples::stated)]
pub struct StatedSales {
    /// The id of the statement.
    pub id: String,
    /// The days of its figures.
    pub period: DaysView,
    /// Cumulative, or of these days alone.
    pub basis: StatementBasisWire,
    /// How much; null where it is not stated.
    #[schema(required)]
    pub quantity_kg: Option<KgOut>,
    /// For how much.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// In how many orders.
    #[schema(required)]
    pub orders: Option<i64>,
    /// To how many.
    #[schema(required)]
    pub buyers: Option<i64>,
    /// Who was counted as a buyer.
    #[schema(required)]
    pub buyers_basis: Option<BuyersBasisWire>,
    /// Why a cumulative figure falls.
    #[schema(required)]
    pub reason: Option<String>,
    /// The day from which it counts: the last of its days.
    pub as_of: Day,
    /// What a cumulative one comes to since the one before; null for one of a period.
    #[schema(required)]
    pub derived: Option<DerivedSales>,
    /// What the lines of the same days come to.
    pub lines: GoodsSold,
    /// Lines − statement; null for what is not stated. Buyers are never compared.
    pub difference: GoodsSold,
}

/// What lies between two cumulative statements.
#[derive(ToSchema)]
#[schema(example = examples::derived)]
pub struct DerivedSales {
    /// From the day after the statement before; from the first day where there is none.
    pub period: DaysView,
    /// How much.
    #[schema(required)]
    pub quantity_kg: Option<KgOut>,
    /// For how much.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// In how many orders.
    #[schema(required)]
    pub orders: Option<i64>,
    /// How many bought for the first time, where both statements count distinct people to date.
    #[schema(required)]
    pub first_time_buyers: Option<i64>,
}

/// A quantity of goods sold.
#[derive(ToSchema)]
#[schema(example = examples::goods)]
pub struct GoodsSold {
    /// How much.
    #[schema(required)]
    pub quantity_kg: Option<KgOut>,
    /// For how much.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// In how many orders.
    #[schema(required)]
    pub orders: Option<i64>,
}

/// What became of a program's donations to intermediaries.
#[derive(ToSchema)]
#[schema(example = examples::intermediaries)]
pub struct Intermediaries {
    /// What they still hold: paid − used − came back.
    pub held: WonOut,
    /// What they passed on.
    pub reached: ReachedThrough,
    /// Each donation, newest first; at most 100.
    pub donations: Vec<PassedOnDonation>,
    /// Whether there are more of them than are listed.
    pub donations_truncated: bool,
}

/// A donation to an intermediary.
#[derive(ToSchema)]
#[schema(example = examples::passed_on)]
pub struct PassedOnDonation {
    /// Its id.
    pub id: String,
    /// The code of the intermediary.
    pub recipient: String,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Came back for good, as it is booked.
    pub refunded: WonOut,
    /// Passed on, as the intermediary says.
    pub used: WonOut,
    /// Given back, as the intermediary says.
    pub returned: WonOut,
    /// What it still holds. What came back counts once, whoever says so.
    pub held: WonOut,
    /// People reached: the largest single report, since reports may mean the same people.
    #[schema(required)]
    pub beneficiaries_at_least: Option<i64>,
    /// The last day that a report tells of.
    #[schema(required)]
    pub reported_until: Option<Day>,
}
