//! Organisations: recipients of donations, and partners (수행기관) that run programs.
//!
//! [`create::CreateOrganisation`] makes one, [`change::ChangeOrganisation`] changes it. None is
//! ever deleted. All lie in the book of the house.

pub mod change;
pub mod create;
pub mod error;
pub mod model;
pub mod store;

use chrono::NaiveDate;
use serde_json::json;

use crate::desk::{Desk, Stop};
use crate::ledger::{NewEvent, written};
use crate::refusal::Refusal;
use crate::versions::Version;
use model::Organisation;

/// The version of an organisation's terms to be kept.
fn version(organisation: &Organisation, desk: &Desk, on: NaiveDate) -> Result<Version, Stop> {
    Ok(Version {
        noun: "organisation",
        code: organisation.code.clone(),
        version: organisation.version,
        effective_on: on,
        recorded_at: desk.now(),
        document: written(&organisation.terms)?,
    })
}

fn event(kind: &'static str, organisation: &Organisation, on: NaiveDate) -> NewEvent {
    NewEvent {
        kind,
        subject: format!("organisation:{}", organisation.code),
        effective_on: on,
        command: json!({
            "organisation": organisation.code,
            "terms": organisation.terms,
            "effective_on": on,
        })
        .to_string(),
    }
}

/// Since when terms hold: today by default, never in the future.
fn value_date(desk: &Desk, wanted: Option<NaiveDate>) -> Result<NaiveDate, Stop> {
    let on = wanted.unwrap_or_else(|| desk.today());
    if on > desk.today() {
        return Err(Refusal::field("/effective_on", "in_the_future").into());
    }
    Ok(on)
}
