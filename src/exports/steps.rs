//! Asking for an export and calling it off: events of the house's log. They tell the path of the
//! list or report and never what it is narrowed to, which may be a name.

use serde_json::json;
use uuid::Uuid;

use super::model::Export;
use super::source::Form;
use crate::access::rights::Role;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::{BookRef, HOUSE};
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;
use crate::refusal::Refusal;

/// Asks for an export that can be had.
#[derive(Debug, Clone)]
pub struct RequestExport {
    /// What its id is made from.
    pub unique: Uuid,
    /// The address of the list or report.
    pub address: String,
    /// Which of its tables.
    pub table: Option<String>,
    /// In what form.
    pub form: Form,
    /// What the caller is.
    pub roles: Vec<Role>,
}

/// Calls an export off. A file that is there already is removed.
#[derive(Debug, Clone)]
pub struct CancelExport {
    /// Which one.
    pub id: RecordId,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for RequestExport {
    type Done = Export;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Export>, Stop> {
        let export = Export {
            id: RecordId::new(self.unique, HOUSE),
            address: self.address.clone(),
            table: self.table.clone(),
            form: self.form,
            roles: self.roles.clone(),
            requested_by: who.actor.clone(),
            requested_at: desk.now(),
            cancelled_at: None,
        };
        decided(desk, "export.requested", export)
    }
}

impl Command for CancelExport {
    type Done = Export;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.exports.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Export>, Stop> {
        let found = desk.exports.find(&self.id)?;
        // Of somebody else's nobody is told.
        let mine = found.filter(|export| export.requested_by == who.actor);
        let Some(before) = mine else {
            return Err(Refusal::rule("not_found").into());
        };
        if self.expected_version.is_some_and(|v| v != before.version()) {
            return Err(PayoutError::Stale(before.version()).into());
        }
        if before.cancelled_at.is_some() {
            return Err(Refusal::rule("export_over")
                .with("state", "cancelled")
                .into());
        }
        let mut export = (*before).clone();
        export.cancelled_at = Some(desk.now());
        decided(desk, "export.cancelled", export)
    }
}

fn decided(desk: &Desk, kind: &'static str, export: Export) -> Result<Decision<Export>, Stop> {
    let path = export.address.split('?').next();
    let event = NewEvent {
        kind,
        subject: format!("export:{}", export.id),
        effective_on: desk.today(),
        command: json!({
            "id": export.id,
            "path": path,
            "table": export.table,
            "format": export.form.format,
        })
        .to_string(),
    };
    let put = Put::Export(export.clone());
    Ok(Changes::of(event).put(put).done(export))
}
