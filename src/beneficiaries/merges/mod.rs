//! Two beneficiaries found to be one person: proposed, decided by somebody else, taken back again.
//!
//! Flow: *propose* → *approve* (from then on one is counted under the other, the *survivor*) or
//! *reject*; *unmerge* takes an approved one back. Records keep the id they were recorded with. A
//! merge corrects who somebody is, not what was done: the two always were one person, so numbers of
//! people are put right from the first day on, see [`crate::tallies::merged`].
//!
//! One level only: nobody is merged into somebody who is merged, or who others were merged into.
//!
//! A merge is a command of the house book, while payments to either person are decided in other
//! books. Both lock the people concerned before they read whom these count under, so each sees the
//! other whole, whichever server they come to.

pub mod error;
pub mod model;
pub mod rules;
pub mod store;
mod verbs;

pub use verbs::{DecideMerge, ProposeMerge, Unmerge};

use super::model::BeneficiaryId;
use crate::desk::{Desk, Stop};

/// All ids of the person that has this one, the one that it counts under first.
///
/// # Errors
/// [`Stop::Fetch`] until they are in hand.
pub fn one_person(desk: &Desk, id: &BeneficiaryId) -> Result<Vec<BeneficiaryId>, Stop> {
    let Some(found) = desk.identities.find(id)? else {
        return Ok(vec![id.clone()]);
    };
    let survivor = match &found.merged_into {
        Some(into) => desk.identities.find(into)?.unwrap_or(found),
        None => found,
    };
    let mut ids = vec![survivor.id.clone()];
    ids.extend(survivor.merged.iter().cloned());
    Ok(ids)
}
