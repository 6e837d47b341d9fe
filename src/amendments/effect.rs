//! An amendment in effect: the record is what it says, and its sums lie where it says.

use chrono::NaiveDate;
use serde_json::json;

use super::Amendable;
use super::model::{Amendment, AmendmentStatus, Amendments, Deed, NameVersion};
use crate::beneficiaries::region_on;
use crate::beneficiaries::rename::Renaming;
use crate::desk::changes::Put;
use crate::desk::{Changes, Desk, Stop};
use crate::ledger::{NewEvent, Who};
use crate::payouts::effects;
use crate::payouts::model::{Step, Verb};
use crate::payouts::rules;

/// What somebody does now, in the event at hand.
pub(super) fn deed(desk: &Desk, who: &Who) -> Deed {
    Deed {
        by: who.actor.clone(),
        at: desk.now(),
        sequence: desk.next_sequence(),
    }
}

/// Changes `record` to what `amendment` says, from its value date on: today where none is asked for,
/// never ahead, never before the last step of the record, on which its region has to be one.
///
/// # Errors
/// [`Stop`]: a wrong value date, details that changed, something that is not in hand yet.
pub(super) fn take_effect<N: Amendable>(
    desk: &Desk,
    who: &Who,
    (record, known): (&mut N, &mut Amendments),
    mut amendment: Amendment,
    renaming: Option<&Renaming>,
) -> Result<Changes, Stop> {
    let on = rules::value_date(amendment.effective_on, record.last_on(), desk.today())?;
    let (former, later) = (amendment.former.region, amendment.later.region);
    if let Some(region) = later.filter(|_| later != former) {
        // Proposed for one day, it may be decided for another.
        region_on(Some(region.as_str()), on, "/effective_on")?;
    }
    amendment.status = AmendmentStatus::InEffect;
    amendment.effective_on = Some(on);
    amendment.decided = Some((deed(desk, who), None));
    let before = record.place();
    record.amend(&amendment.later);
    let mut changes = Changes::of(event::<N>(record, &amendment, renaming, on));
    let moved = effects::relocated(record.payout(), before, record.place(), on)?;
    changes.tallies.extend(moved);
    if let Some(renaming) = renaming {
        changes.puts.push(Put::Beneficiary(renaming.settle(desk)?));
        let former = renaming.name(amendment.number, NameVersion::Former);
        known.new_names.push(former);
    }
    let payout = record.payout_mut();
    payout.version = payout.version.saturating_add(1);
    payout.steps.push(Step {
        verb: Verb::Amend,
        actor: who.actor.clone(),
        effective_on: on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        amount: None,
        reason_class: None,
        reason: Some(amendment.reason.clone()),
        bank_reference: None,
        content: None,
    });
    known.all.retain(|other| other.number != amendment.number);
    known.all.push(amendment);
    changes.puts.push(record.clone().put());
    Ok(changes)
}

/// What the log holds: both versions, and commitments to the names where there are any.
fn event<N: Amendable>(
    record: &N,
    amendment: &Amendment,
    renaming: Option<&Renaming>,
    on: NaiveDate,
) -> NewEvent {
    let id = &record.payout().id;
    let names = renaming.map(|renaming| {
        json!({
            "former": renaming.commitment(NameVersion::Former),
            "later": renaming.commitment(NameVersion::Later),
        })
    });
    NewEvent {
        kind: N::event(Verb::Amend),
        subject: format!("{}:{id}", N::NAME),
        effective_on: on,
        command: json!({
            "id": id,
            "number": amendment.number,
            "effective_on": on,
            "reason_class": amendment.reason_class,
            "reason": amendment.reason,
            "former": amendment.former,
            "later": amendment.later,
            "names": names,
        })
        .to_string(),
    }
}
