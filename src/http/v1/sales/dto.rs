//! What callers say of sales.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::model::BeneficiaryId;
use crate::beneficiaries::vault::Vault;
use crate::http::problem::ApiError;
use crate::http::v1::beneficiaries::dto::{NewProducer, region};
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::wire::{
    AttributeIs, Attributes, Choice, CodeIn, Day, Faults, KgIn, RegionIn, Whole, WonIn,
};
use crate::ids::{RecordId, unique};
use crate::ledger::store::BookRef;
use crate::payouts::lookups::RecordFilter;
use crate::sales::cancel::CancelSale;
use crate::sales::model::{Product, SaleStatus};
use crate::sales::record::RecordSale;
use crate::sales::store::SaleFilter;

/// Whether a sale counts.
pub type SaleStatusWire = Choice<SaleStatus>;
/// How many orders.
pub type OrderCount = Whole<1, 1_000_000_000_000>;

/// A sale to be recorded.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "program": "makers-produce", "product": {"code": "tangerine", "name": "감귤"},
    "producer": {"reference": "FARM-0007", "region": "50110"}, "origin_region": "50110",
    "sold_on": "2021-12-03", "quantity_kg": "2500.000", "amount": "12000000", "orders": 480
}))]
pub struct NewSale {
    /// The program that sold; of the kind `produce_sales`.
    pub program: CodeIn,
    /// What was sold.
    pub product: NewProduct,
    /// For whom.
    #[deserr(default)]
    pub producer: Option<NewProducer>,
    /// Where it came from.
    #[deserr(default)]
    pub origin_region: Option<RegionIn>,
    /// When.
    pub sold_on: Day,
    /// How much of it.
    pub quantity_kg: KgIn,
    /// For how much (거래액).
    pub amount: WonIn,
    /// In how many orders.
    pub orders: OrderCount,
    /// The caller's own id, unique among the live sales of the program.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// What the figures rest on.
    #[deserr(default)]
    pub basis: Option<Note>,
    /// Labels of the caller's own.
    #[deserr(default)]
    pub attributes: Option<Attributes>,
}

/// What was sold.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"code": "tangerine", "name": "감귤"}))]
pub struct NewProduct {
    /// The caller's code of it.
    pub code: CodeIn,
    /// Its name.
    pub name: Label,
}

impl NewSale {
    /// The command that records it in `book`.
    ///
    /// # Errors
    /// `internal` when the machine's cryptography fails.
    pub fn into_command(
        self,
        book: BookRef,
        vault: &Vault,
        now: DateTime<Utc>,
    ) -> Result<RecordSale, ApiError> {
        let program = self.program.0;
        let producer = self
            .producer
            .map(|new| new.into_introduced(vault, now, &program));
        Ok(RecordSale {
            book,
            unique: unique(now),
            product: Product {
                code: self.product.code.0,
                name: self.product.name.0,
            },
            producer: producer.transpose()?,
            origin_region: self.origin_region.map(|region| region.0),
            sold_on: self.sold_on.0,
            quantity: self.quantity_kg.0,
            amount: self.amount.0,
            orders: self.orders.0,
            external_id: self.external_id.map(|label| label.0),
            basis: self.basis.map(|note| note.0),
            attributes: self.attributes.unwrap_or_default().0,
            program,
        })
    }
}

/// Why something that was recorded wrongly is undone, and when.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewSaleCancellation {
    /// On which day it stops counting; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why.
    pub reason: Note,
}

impl NewSaleCancellation {
    /// The command that undoes it.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected_version: Option<i32>) -> CancelSale {
        let effective_on = self.effective_on.map(|day| day.0);
        CancelSale {
            id,
            reason: self.reason.0,
            effective_on,
            expected_version,
        }
    }
}

/// Which sales to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SaleQuery {
    /// Only those that count, or only those that were undone.
    #[deserr(default)]
    pub status: Option<SaleStatusWire>,
    /// Only those of a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those of the product with this code.
    #[deserr(default)]
    pub product: Option<CodeIn>,
    /// Only those for one producer, by its id.
    #[deserr(default)]
    pub producer: Option<Label>,
    /// Only those from a region; a 시도 takes in its 시군구.
    #[deserr(default)]
    pub region: Option<RegionIn>,
    /// Only those sold from this day on.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those sold up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Only the one with this id of the caller's own.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Only those that have an attribute.
    #[deserr(default)]
    #[param(inline)]
    pub attribute: Option<AttributeIs>,
    /// Only those whose product or external id contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl SaleQuery {
    /// The filter that it asks for.
    ///
    /// # Errors
    /// `unknown_region`.
    pub fn into_filter(self, today: NaiveDate) -> Result<SaleFilter, ApiError> {
        let attribute = self
            .attribute
            .map(|attribute| (attribute.name, attribute.value));
        Ok(SaleFilter {
            records: RecordFilter {
                program: self.program.map(|code| code.0),
                programs: None,
                from: self.from.map(|day| day.0),
                to: self.to.map(|day| day.0),
                external_id: self.external_id.map(|label| label.0),
                attributes: attribute.into_iter().collect(),
                q: self.q.map(|label| label.0),
            },
            status: self.status.map(|choice| choice.0),
            region: region(self.region, today)?,
            producer: self.producer.map(|id| BeneficiaryId::stored(id.0)),
            product: self.product.map(|code| code.0),
        })
    }
}
