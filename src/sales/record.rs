//! Recording a sale.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{Product, Sale, SaleStatus};
use super::{change, rules, subject};
use crate::beneficiaries::model::{Beneficiary, BeneficiaryId};
use crate::beneficiaries::{Introduced, region_on};
use crate::bounds::About;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::{Amount, Weight};
use crate::payouts::draft;
use crate::payouts::lookups::SALE;
use crate::programs::model::Program;
use crate::refusal::Refusal;
use crate::regions::RegionCode;

/// Records a sale.
#[derive(Debug, Clone)]
pub struct RecordSale {
    /// The program's own book where it has no fund, else the house's.
    pub book: BookRef,
    /// What its id is made from.
    pub unique: Uuid,
    /// The program that sold.
    pub program: Code,
    /// What was sold.
    pub product: Product,
    /// For whom.
    pub producer: Option<Introduced>,
    /// Where it came from, as the caller wrote it.
    pub origin_region: Option<String>,
    /// When.
    pub sold_on: NaiveDate,
    /// How much of it.
    pub quantity: Weight,
    /// For how much, in won.
    pub amount: Amount,
    /// In how many orders; more than none.
    pub orders: i64,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// What the figures rest on.
    pub basis: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
}

impl Command for RecordSale {
    type Done = Sale;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn about(&self) -> About<'_> {
        About::New(&self.program)
    }

    fn hint(&self, desk: &Desk) {
        desk.programs.want(&self.program);
        if let Some(producer) = &self.producer {
            producer.hint(desk);
        }
        if let Some(external_id) = &self.external_id {
            desk.external_ids
                .want(&(SALE, Some(self.program.clone()), external_id.clone()));
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Sale>, Stop> {
        let known = both(self.known_program(desk), self.places());
        let ((program, (origin_region, producer_region)), ()) = both(
            known,
            rules::sold_by(self.sold_on, desk.today()).map_err(Stop::from),
        )?;
        draft::open(Some(&program), None)?;
        let external_id = self.external_id.as_ref();
        draft::unused_external_id(desk, SALE, Some(&self.program), external_id, None)?;
        let (producer, new_person) = self.producer(desk, producer_region)?;
        let sale = Sale {
            id: RecordId::new(self.unique, desk.book()),
            program: self.program.clone(),
            product: self.product.clone(),
            producer,
            origin_region,
            sold_on: self.sold_on,
            quantity: self.quantity,
            amount: self.amount,
            orders: self.orders,
            external_id: self.external_id.clone(),
            basis: self.basis.clone(),
            attributes: self.attributes.clone(),
            status: SaleStatus::Recorded,
            cancelled: None,
            recorded_by: who.actor.clone(),
            recorded_at: desk.now(),
            version: 1,
        };
        let mut changes = Changes::of(self.event(&sale));
        changes.sales.push(change(&sale, self.sold_on, 1));
        changes.puts.extend(new_person.map(Put::Beneficiary));
        Ok(changes.put(Put::Sale(sale.clone())).done(sale))
    }
}

impl RecordSale {
    fn known_program(&self, desk: &Desk) -> Result<Rc<Program>, Stop> {
        let Some(program) = desk.programs.find(&self.program)? else {
            let refusal = Refusal::field("/program", "unknown_program");
            return Err(refusal.with("program", &self.program).into());
        };
        rules::sells(&program)?;
        Ok(program)
    }

    /// Where the goods came from, and where their producer is.
    fn places(&self) -> Result<(Option<RegionCode>, Option<RegionCode>), Stop> {
        let origin = region_on(
            self.origin_region.as_deref(),
            self.sold_on,
            "/origin_region",
        );
        let producer = self.producer.as_ref().and_then(Introduced::region);
        let producer = region_on(producer, self.sold_on, "/producer/region");
        both(origin.map_err(Stop::from), producer.map_err(Stop::from))
    }

    fn producer(
        &self,
        desk: &Desk,
        region: Option<RegionCode>,
    ) -> Result<(Option<BeneficiaryId>, Option<Beneficiary>), Stop> {
        let Some(introduced) = &self.producer else {
            return Ok((None, None));
        };
        let (id, new) = introduced.settle(desk, region)?;
        Ok((Some(id), new))
    }

    fn event(&self, sale: &Sale) -> NewEvent {
        NewEvent {
            kind: "sale.recorded",
            subject: subject(sale),
            effective_on: sale.sold_on,
            command: json!({
                "id": sale.id,
                "program": sale.program,
                "product": { "code": sale.product.code, "name": sale.product.name },
                "producer": {
                    "id": sale.producer,
                    "commitment": self.producer.as_ref().map(Introduced::commitment),
                },
                "origin_region": sale.origin_region,
                "sold_on": sale.sold_on,
                "quantity_kg": sale.quantity,
                "amount": sale.amount,
                "orders": sale.orders,
                "external_id": sale.external_id,
                "basis": sale.basis,
                "attributes": sale.attributes,
            })
            .to_string(),
        }
    }
}
