//! Changing the settings of the house.

use serde_json::json;

use super::limits;
use super::model::Settings;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::Amount;
use crate::refusal::Refusal;

/// Changes the settings of the house. `None` leaves a thing as it is, `Some(None)` takes it away.
#[derive(Debug, Clone)]
pub struct ChangeSettings {
    /// The version that was read.
    pub expected_version: i32,
    /// Over how many won a second person has to approve.
    pub second_approval_above: Option<Option<Amount>>,
}

impl Command for ChangeSettings {
    type Done = Settings;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.settings.want(&());
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Settings>, Stop> {
        let before = limits::settings(desk)?;
        if before.version != self.expected_version {
            let refusal = Refusal::rule("stale_etag");
            return Err(refusal.with("version", before.version).into());
        }
        let above = self
            .second_approval_above
            .unwrap_or(before.second_approval_above);
        limits::may_become(before.second_approval_above, above)?;
        Ok(changed(desk, &before, above))
    }
}

/// The decision that gives the house this limit.
#[must_use]
pub fn changed(desk: &Desk, before: &Settings, above: Option<Amount>) -> Decision<Settings> {
    let settings = Settings {
        second_approval_above: above,
        version: before.version.saturating_add(1),
    };
    let changes = Changes::of(NewEvent {
        kind: "settings.changed",
        subject: "settings:house".to_owned(),
        effective_on: desk.today(),
        command: json!({ "second_approval_above": above }).to_string(),
    });
    changes.put(Put::Settings(settings.clone())).done(settings)
}
