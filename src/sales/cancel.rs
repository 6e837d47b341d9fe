//! Undoing a sale that was wrong. It is no money, so who recorded it may undo it.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Cancelled, Sale, SaleStatus};
use super::{change, rules, subject};
use crate::bounds::About;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;

/// Undoes a sale.
#[derive(Debug, Clone)]
pub struct CancelSale {
    /// Which one.
    pub id: RecordId,
    /// Why.
    pub reason: String,
    /// On which day it stops counting; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for CancelSale {
    type Done = Sale;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn about(&self) -> About<'_> {
        About::Sale(&self.id)
    }

    fn hint(&self, desk: &Desk) {
        desk.sales.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Sale>, Stop> {
        let before = desk.sales.find(&self.id)?.ok_or(PayoutError::NotFound)?;
        if self
            .expected_version
            .is_some_and(|expected| expected != before.version)
        {
            return Err(PayoutError::Stale(before.version).into());
        }
        let on = rules::cancelled_on(&before, self.effective_on, desk.today())?;
        let mut sale = (*before).clone();
        sale.status = SaleStatus::Cancelled;
        sale.cancelled = Some(Cancelled {
            reason: self.reason.clone(),
            on,
            by: who.actor.clone(),
        });
        sale.version = sale.version.saturating_add(1);
        let mut changes = Changes::of(NewEvent {
            kind: "sale.cancelled",
            subject: subject(&sale),
            effective_on: on,
            command: json!({ "id": self.id, "effective_on": on, "reason": self.reason })
                .to_string(),
        });
        changes.sales.push(change(&sale, on, -1));
        Ok(changes.put(Put::Sale(sale.clone())).done(sale))
    }
}
