//! What a produce sale (판매) is: goods sold for producers. Not fund money.

use chrono::{DateTime, NaiveDate, Utc};

use crate::beneficiaries::model::BeneficiaryId;
use crate::code::Code;
use crate::ids::RecordId;
use crate::money::{Amount, Weight};
use crate::regions::RegionCode;
use crate::text_enum::text_enum;

text_enum! {
    /// Whether a sale counts.
    SaleStatus {
        /// It does.
        Recorded = "recorded",
        /// It was wrong and is undone.
        Cancelled = "cancelled",
    }
}

/// A sale as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// Its id.
    pub id: RecordId,
    /// The program that sold.
    pub program: Code,
    /// What was sold.
    pub product: Product,
    /// For whom.
    pub producer: Option<BeneficiaryId>,
    /// Where it came from.
    pub origin_region: Option<RegionCode>,
    /// When.
    pub sold_on: NaiveDate,
    /// How much of it.
    pub quantity: Weight,
    /// For how much, in won.
    pub amount: Amount,
    /// In how many orders.
    pub orders: i64,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// What the figures rest on.
    pub basis: Option<String>,
    /// Labels of the caller's own.
    pub attributes: std::collections::BTreeMap<String, String>,
    /// Whether it counts.
    pub status: SaleStatus,
    /// Why, when and by whom it was undone.
    pub cancelled: Option<Cancelled>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The version of the record.
    pub version: i32,
}

/// What was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The caller's code of it.
    pub code: Code,
    /// Its name.
    pub name: String,
}

/// How a sale, or another fact that was recorded wrongly, was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Why.
    pub reason: String,
    /// On which day it stops counting.
    pub on: NaiveDate,
    /// By whom.
    pub by: String,
}
