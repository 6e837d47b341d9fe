//! Undoing a statement that was wrong. It is no money, so who recorded it may undo it.

use chrono::NaiveDate;
use serde_json::json;

use super::model::Statement;
use super::{rules, subject};
use crate::bounds::About;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;
use crate::sales::model::Cancelled;

/// Undoes a statement.
#[derive(Debug, Clone)]
pub struct CancelStatement {
    /// Which one.
    pub id: RecordId,
    /// Why.
    pub reason: String,
    /// On which day it stops counting; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for CancelStatement {
    type Done = Statement;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn about(&self) -> About<'_> {
        About::Statement(&self.id)
    }

    fn hint(&self, desk: &Desk) {
        desk.statements.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Statement>, Stop> {
        let before = desk
            .statements
            .find(&self.id)?
            .ok_or(PayoutError::NotFound)?;
        if self
            .expected_version
            .is_some_and(|expected| expected != before.version)
        {
            return Err(PayoutError::Stale(before.version).into());
        }
        let on = rules::cancelled_on(&before, self.effective_on, desk.today())?;
        // In hand, so that the next decision of this group finds the statement gone.
        desk.statements_of.find(&before.program)?;
        let mut statement = (*before).clone();
        statement.cancelled = Some(Cancelled {
            reason: self.reason.clone(),
            on,
            by: who.actor.clone(),
        });
        statement.version = statement.version.saturating_add(1);
        let changes = Changes::of(NewEvent {
            kind: "sale_statement.cancelled",
            subject: subject(&statement),
            effective_on: on,
            command: json!({ "id": self.id, "effective_on": on, "reason": self.reason })
                .to_string(),
        });
        Ok(changes
            .put(Put::Statement(statement.clone()))
            .done(statement))
    }
}
