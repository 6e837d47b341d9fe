//! Indicators (지표): what is followed over time besides money, such as people or emissions.
//!
//! [`create::CreateIndicator`] makes one, [`change::ChangeIndicator`] changes it; every version is
//! kept. Once something was measured of it, what gives its values their meaning stays
//! ([`rules::changed_meaning`]). None is ever deleted. All lie in the book of the house.

pub mod change;
pub mod create;
pub mod error;
pub mod measure;
pub mod model;
pub mod rules;
pub mod store;

use chrono::NaiveDate;
use serde_json::json;

use crate::desk::{Desk, Stop, both};
use crate::ledger::{NewEvent, written};
use crate::refusal::{FieldFault, Refusal};
use crate::versions::Version;
use model::Indicator;

/// The noun of its versions.
pub const INDICATOR: &str = "indicator";

/// The version of an indicator's terms to be kept.
fn version(indicator: &Indicator, desk: &Desk, on: NaiveDate) -> Result<Version, Stop> {
    Ok(Version {
        noun: INDICATOR,
        code: indicator.code.clone(),
        version: indicator.version,
        effective_on: on,
        recorded_at: desk.now(),
        document: written(&indicator.terms)?,
    })
}

fn event(kind: &'static str, indicator: &Indicator, on: NaiveDate) -> NewEvent {
    NewEvent {
        kind,
        subject: format!("{INDICATOR}:{}", indicator.code),
        effective_on: on,
        command: json!({
            "indicator": indicator.code,
            "terms": indicator.terms,
            "effective_on": on,
        })
        .to_string(),
    }
}

/// Since when terms hold, of terms that may be: every wrong field at once.
fn checked(
    indicator: &Indicator,
    desk: &Desk,
    wanted: Option<NaiveDate>,
) -> Result<NaiveDate, Stop> {
    let (terms, today) = (&indicator.terms, desk.today());
    let on = wanted.unwrap_or(today);
    let mut faults = rules::faults(terms, today);
    if on > today {
        faults.push(FieldFault::new("/effective_on", "in_the_future"));
    }
    let own = if faults.is_empty() {
        Ok(on)
    } else {
        Err(Refusal::Fields(faults).into())
    };
    let program = match &terms.program {
        Some(program) if desk.programs.find(program)?.is_none() => {
            let refusal = Refusal::field("/program", "unknown_program");
            Err(refusal.with("program", program).into())
        }
        _ => Ok(()),
    };
    both(own, program).map(|(on, ())| on)
}
