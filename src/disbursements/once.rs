//! Whether somebody is paid already in a round or program that pays each person once.

use crate::beneficiaries::merges::one_person;
use crate::beneficiaries::model::BeneficiaryId;
use crate::code::Code;
use crate::desk::{Desk, Stop};
use crate::ids::RecordId;

/// Names what [`paid_already`] will ask for.
pub fn hint(desk: &Desk, program: &Code, person: &BeneficiaryId, once: &str) {
    // What is not in hand yet is asked for by looking for it.
    drop(paid_already(desk, program, person, once, None));
}

/// The live record other than `but` that pays this person, under any of their ids.
///
/// # Errors
/// [`Stop::Fetch`] until it is in hand.
pub fn paid_already(
    desk: &Desk,
    program: &Code,
    person: &BeneficiaryId,
    once: &str,
    but: Option<&RecordId>,
) -> Result<Option<RecordId>, Stop> {
    let key = |id: &BeneficiaryId| (program.clone(), id.clone(), once.to_owned());
    // Most are merged with nobody: their record is fetched with who they are.
    desk.once_keys.want(&key(person));
    let ids = one_person(desk, person)?;
    for id in &ids {
        desk.once_keys.want(&key(id));
    }
    for id in &ids {
        if let Some(found) = desk.once_keys.find(&key(id))?
            && but != Some(&found.record)
        {
            return Ok(Some(found.record.clone()));
        }
    }
    Ok(None)
}
