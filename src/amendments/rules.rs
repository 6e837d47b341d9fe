//! When a record may be amended, and by whom. Pure.
//!
//! May somebody decide on an amendment of his own? No, nor on one of a record that he recorded:
//! [`may_decide`].

use super::error::AmendmentError;
use super::model::{Amendment, AmendmentStatus, Amendments};
use crate::payouts::error::PayoutError;
use crate::payouts::model::{Payout, Verb};
use crate::payouts::rules;

/// Amendments that one record may have.
pub const MAX_AMENDMENTS: usize = 100;

/// Makes sure that an amendment of this record may be proposed: it is approved, and no other one
/// waits for a decision.
///
/// # Errors
/// [`AmendmentError`].
pub fn may_propose(payout: &Payout, known: &Amendments) -> Result<(), AmendmentError> {
    rules::may_change(payout, Verb::Amend)?;
    if let Some(open) = known.open() {
        return Err(AmendmentError::Open(open.number));
    }
    if known.all.len() >= MAX_AMENDMENTS {
        return Err(AmendmentError::TooMany);
    }
    Ok(())
}

/// Makes sure that `actor` may approve or reject an amendment: neither proposed it nor made the
/// record.
///
/// # Errors
/// [`AmendmentError::Decided`], [`PayoutError::OwnRecord`].
pub fn may_decide(
    payout: &Payout,
    amendment: &Amendment,
    actor: &str,
) -> Result<(), AmendmentError> {
    if amendment.proposed.by == actor || payout.was_made_by(actor) {
        return Err(PayoutError::OwnRecord.into());
    }
    still_open(amendment)
}

/// Makes sure that `actor` may take an amendment back: whoever proposed it, until it is decided.
///
/// # Errors
/// [`AmendmentError::Decided`], [`PayoutError::NotRecorder`].
pub fn may_withdraw(amendment: &Amendment, actor: &str) -> Result<(), AmendmentError> {
    if amendment.proposed.by != actor {
        return Err(PayoutError::NotRecorder.into());
    }
    still_open(amendment)
}

fn still_open(amendment: &Amendment) -> Result<(), AmendmentError> {
    if amendment.status == AmendmentStatus::Proposed {
        Ok(())
    } else {
        Err(AmendmentError::Decided(amendment.status))
    }
}
