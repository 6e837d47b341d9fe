//! What callers are shown of statements of sales.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{BuyersBasisWire, StatementBasisWire};
use crate::calendar::Period;
use crate::http::v1::sales::dto::SaleStatusWire;
use crate::http::v1::sales::views::CancelledView;
use crate::http::wire::{Attributes, Choice, Currency, Day, Instant, KgOut, WonOut};
use crate::sales::model::SaleStatus;
use crate::statements::model::Statement;

/// A run of days, first and last included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"start": "2021-08-01", "end": "2022-10-31"}))]
pub struct DaysView {
    /// The first day.
    pub start: Day,
    /// The last day.
    pub end: Day,
}

impl From<Period> for DaysView {
    fn from(period: Period) -> Self {
        Self {
            start: Day(period.start()),
            end: Day(period.end()),
        }
    }
}

/// What a partner states of its sales. It counts from the last day of its period.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementView {
    /// Its id.
    pub id: String,
    /// Whether it counts.
    pub status: SaleStatusWire,
    /// The program that sold.
    pub program: String,
    /// The days that the figures are of.
    pub period: DaysView,
    /// Whether the figures are cumulative or of these days alone.
    pub basis: StatementBasisWire,
    /// How much was sold; null where it is not stated.
    #[schema(required)]
    pub quantity_kg: Option<KgOut>,
    /// The currency of its amount.
    pub currency: Currency,
    /// For how much (거래액).
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// In how many orders.
    #[schema(required)]
    pub orders: Option<i64>,
    /// To how many (구매자). Never added up.
    #[schema(required)]
    pub buyers: Option<i64>,
    /// Who was counted as a buyer.
    #[schema(required)]
    pub buyers_basis: Option<BuyersBasisWire>,
    /// Why a cumulative figure falls.
    #[schema(required)]
    pub reason: Option<String>,
    /// Where the figures come from.
    #[schema(required)]
    pub source: Option<String>,
    /// The caller's own id.
    #[schema(required)]
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: Attributes,
    /// How it was undone, if it was.
    #[schema(required)]
    pub cancelled: Option<CancelledView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The version of the record.
    pub version: i32,
}

impl StatementView {
    /// The view of a statement.
    #[must_use]
    pub fn of(statement: &Statement) -> Self {
        let declared = &statement.declared;
        let figures = &declared.figures;
        let status = if statement.cancelled.is_some() {
            SaleStatus::Cancelled
        } else {
            SaleStatus::Recorded
        };
        Self {
            id: declared.id.to_string(),
            status: Choice(status),
            program: statement.program.to_string(),
            period: DaysView::from(declared.period),
            basis: Choice(declared.basis),
            quantity_kg: figures.quantity.map(KgOut),
            currency: Currency,
            amount: figures.amount.map(WonOut::from),
            orders: figures.orders,
            buyers: figures.buyers.map(|buyers| buyers.count),
            buyers_basis: figures.buyers.map(|buyers| Choice(buyers.basis)),
            reason: declared.reason.clone(),
            source: statement.source.clone(),
            external_id: statement.external_id.clone(),
            attributes: Attributes(statement.attributes.clone()),
            cancelled: statement.cancelled.as_ref().map(CancelledView::from),
            recorded_by: statement.recorded_by.clone(),
            recorded_at: Instant(statement.recorded_at),
            version: statement.version,
        }
    }
}
