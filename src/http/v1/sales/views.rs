//! What callers are shown of sales.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::SaleStatusWire;
use crate::bounds::Bounds;
use crate::http::wire::{Attributes, Choice, Currency, Day, Instant, KgOut, RegionOut, WonOut};
use crate::sales::model::{Cancelled, Product, Sale};

/// A sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleView {
    /// Its id.
    pub id: String,
    /// Whether it counts.
    pub status: SaleStatusWire,
    /// The program that sold.
    pub program: String,
    /// What was sold.
    pub product: ProductView,
    /// For whom: the id of a beneficiary; null for partners.
    #[schema(required)]
    pub producer: Option<String>,
    /// Where it came from.
    #[schema(required)]
    pub origin_region: Option<RegionOut>,
    /// When.
    pub sold_on: Day,
    /// How much of it.
    pub quantity_kg: KgOut,
    /// The currency of its amount.
    pub currency: Currency,
    /// For how much (거래액).
    pub amount: WonOut,
    /// In how many orders.
    pub orders: i64,
    /// The caller's own id.
    #[schema(required)]
    pub external_id: Option<String>,
    /// What the figures rest on.
    #[schema(required)]
    pub basis: Option<String>,
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

/// What was sold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"code": "tangerine", "name": "감귤"}))]
pub struct ProductView {
    /// The caller's code of it.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// How something that was recorded wrongly was undone.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelledView {
    /// On which day it stops counting.
    pub effective_on: Day,
    /// By whom: the id of a user.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl SaleView {
    /// The view of a sale, for somebody with these bounds: none of them learns whether somebody
    /// else knew the producer before.
    #[must_use]
    pub fn of(sale: &Sale, bounds: &Bounds) -> Self {
        let producer = sale.producer.as_ref().filter(|_| !bounds.any());
        Self {
            id: sale.id.to_string(),
            status: Choice(sale.status),
            program: sale.program.to_string(),
            product: ProductView::from(&sale.product),
            producer: producer.map(ToString::to_string),
            origin_region: sale.origin_region.map(RegionOut::of),
            sold_on: Day(sale.sold_on),
            quantity_kg: KgOut(sale.quantity),
            currency: Currency,
            amount: WonOut::from(sale.amount),
            orders: sale.orders,
            external_id: sale.external_id.clone(),
            basis: sale.basis.clone(),
            attributes: Attributes(sale.attributes.clone()),
            cancelled: sale.cancelled.as_ref().map(CancelledView::from),
            recorded_by: sale.recorded_by.clone(),
            recorded_at: Instant(sale.recorded_at),
            version: sale.version,
        }
    }
}

impl From<&Product> for ProductView {
    fn from(product: &Product) -> Self {
        Self {
            code: product.code.to_string(),
            name: product.name.clone(),
        }
    }
}

impl From<&Cancelled> for CancelledView {
    fn from(cancelled: &Cancelled) -> Self {
        Self {
            effective_on: Day(cancelled.on),
            actor: cancelled.by.clone(),
            reason: cancelled.reason.clone(),
        }
    }
}
