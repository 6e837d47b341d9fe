//! What may be done to a payout, when, by whom, and what then becomes of it. Pure.
//!
//! The states and the verbs between them:
//!
//! ```text
//! submitted ──approve──▶ approved ──pay──▶ partly_paid ──pay──▶ paid ──refund──▶ refunded
//!    │ ▲                    │  ▲                │                │
//!  reject resubmit       cancel └────return─────┴────return──────┘
//!    ▼ │                    ▼
//! rejected ──withdraw──▶ withdrawn      (a cancelled, withdrawn or refunded one stays so)
//! ```
//!
//! Where two have to approve, the first approval is a step that leaves the record submitted and moves
//! nothing. It is one of what the record said: whatever changes that voids it.

use chrono::NaiveDate;

use super::error::PayoutError;
use super::model::{Amounts, Payout, ReasonClass, Status, Verb};
use crate::money::{Amount, MoneyError, Won};
use crate::settings::limits;

/// Steps that one payout may have: part payments and returns have to end somewhere.
pub const MAX_STEPS: usize = 200;

/// What somebody wants to do to a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Approve it; as the first or the second, where two have to.
    Approve,
    /// Send it back.
    Reject {
        /// Why.
        reason: String,
    },
    /// Take it back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Approve no longer what is not paid.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Book a payment.
    Pay {
        /// How much; all that is awaiting by default.
        amount: Option<Amount>,
        /// The bank's reference.
        bank_reference: Option<String>,
    },
    /// Book what the bank sent back.
    Return {
        /// How much; all that is paid and not refunded by default.
        amount: Option<Amount>,
        /// Why.
        reason: String,
    },
    /// Book what came back for good.
    Refund {
        /// How much; all that is paid and not refunded by default.
        amount: Option<Amount>,
        /// Of which class.
        class: ReasonClass,
        /// Why.
        reason: String,
    },
}

impl Act {
    /// The verb.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Approve => Verb::Approve,
            Self::Reject { .. } => Verb::Reject,
            Self::Withdraw { .. } => Verb::Withdraw,
            Self::Cancel { .. } => Verb::Cancel,
            Self::Pay { .. } => Verb::Pay,
            Self::Return { .. } => Verb::Return,
            Self::Refund { .. } => Verb::Refund,
        }
    }

    /// The reason given, for the verbs that need one.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Approve | Self::Pay { .. } => None,
            Self::Reject { reason }
            | Self::Withdraw { reason }
            | Self::Cancel { reason }
            | Self::Return { reason, .. }
            | Self::Refund { reason, .. } => Some(reason),
        }
    }
}

/// What becomes of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where it stands then.
    pub status: Status,
    /// What became of the money then.
    pub amounts: Amounts,
    /// What this step moves, if anything.
    pub moved: Option<Amount>,
}

/// What an approval is held against; nothing for any other verb.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Over how many won two people have to approve.
    pub above: Option<Amount>,
    /// The digest of what is approved.
    pub content: String,
}

/// How many different people have to approve that much.
#[must_use]
pub fn approvals_needed(amount: Amount, above: Option<Amount>) -> i32 {
    if limits::needs_second(amount, above) {
        2
    } else {
        1
    }
}

/// Decides whether `actor` may do `act`, and what then becomes of the payout.
///
/// # Errors
/// [`PayoutError`] when the state, the amounts or the person do not allow it.
pub fn advance(
    payout: &Payout,
    act: &Act,
    actor: &str,
    asked: &Asked,
) -> Result<Next, PayoutError> {
    let verb = act.verb();
    if payout.steps.len() >= MAX_STEPS {
        return Err(PayoutError::TooManySteps);
    }
    match verb {
        Verb::Withdraw if payout.recorded_by() != actor => return Err(PayoutError::NotRecorder),
        Verb::Withdraw => {}
        // Whoever recorded an entry never decides on it, whatever the roles.
        _ if payout.was_made_by(actor) => return Err(PayoutError::OwnRecord),
        // Nor does whoever approved it, alone or as one of two, ever touch its money.
        Verb::Pay | Verb::Return | Verb::Refund if payout.was_approved_by(actor) => {
            return Err(PayoutError::OwnApproval);
        }
        _ => {}
    }
    if !allows(payout.status, verb) {
        return Err(PayoutError::InvalidState {
            status: payout.status,
            verb,
        });
    }
    if verb == Verb::Approve && approvals_needed(payout.amount, asked.above) > 1 {
        match payout.first_approval(&asked.content) {
            None => {
                return Ok(Next {
                    status: payout.status,
                    amounts: payout.amounts,
                    moved: None,
                });
            }
            Some(first) if first.actor == actor => return Err(PayoutError::SameApprover),
            Some(_) => {}
        }
    }
    move_money(payout, act)
}

/// The verb of the step that an act leaves: an approval that moves nothing is the first of two.
#[must_use]
pub fn leaves(act: &Act, next: &Next) -> Verb {
    match act {
        Act::Approve if next.moved.is_none() => Verb::ApproveFirst,
        _ => act.verb(),
    }
}

fn allows(status: Status, verb: Verb) -> bool {
    use Status::{Approved, Paid, PartlyPaid, PartlyRefunded, Refunded, Rejected, Submitted};
    match verb {
        Verb::Approve | Verb::Reject | Verb::Edit => status == Submitted,
        Verb::Withdraw => matches!(status, Submitted | Rejected),
        Verb::Resubmit => status == Rejected,
        Verb::Cancel | Verb::Pay => matches!(status, Approved | PartlyPaid | PartlyRefunded),
        Verb::Return | Verb::Refund => matches!(status, PartlyPaid | Paid | PartlyRefunded),
        Verb::Amend => matches!(
            status,
            Approved | PartlyPaid | Paid | PartlyRefunded | Refunded
        ),
        Verb::Submit | Verb::ApproveFirst => false,
    }
}

/// Makes sure that the record may be changed now: by its makers, or by an amendment.
///
/// # Errors
/// [`PayoutError::InvalidState`], [`PayoutError::TooManySteps`].
pub fn may_change(payout: &Payout, verb: Verb) -> Result<(), PayoutError> {
    if payout.steps.len() >= MAX_STEPS {
        Err(PayoutError::TooManySteps)
    } else if allows(payout.status, verb) {
        Ok(())
    } else {
        Err(PayoutError::InvalidState {
            status: payout.status,
            verb,
        })
    }
}

/// The value date of a step: today by default, never in the future, never before the last step.
///
/// # Errors
/// [`PayoutError::InTheFuture`], [`PayoutError::BeforePreviousStep`].
pub fn value_date(
    wanted: Option<NaiveDate>,
    last_on: NaiveDate,
    today: NaiveDate,
) -> Result<NaiveDate, PayoutError> {
    let on = wanted.unwrap_or(today);
    if on > today {
        Err(PayoutError::InTheFuture)
    } else if on < last_on {
        Err(PayoutError::BeforePreviousStep { last_on })
    } else {
        Ok(on)
    }
}

/// Won approved and not yet paid.
///
/// # Errors
/// [`MoneyError::Overflow`], which amounts within their bounds cannot cause.
pub fn awaiting(amounts: &Amounts) -> Result<Won, MoneyError> {
    amounts.approved.checked_sub(amounts.paid)
}

/// Won paid and not refunded.
///
/// # Errors
/// [`MoneyError::Overflow`], which amounts within their bounds cannot cause.
pub fn disbursed(amounts: &Amounts) -> Result<Won, MoneyError> {
    amounts.paid.checked_sub(amounts.refunded)
}

fn move_money(payout: &Payout, act: &Act) -> Result<Next, PayoutError> {
    let now = payout.amounts;
    let stay = |status| Next {
        status,
        amounts: now,
        moved: None,
    };
    let (amounts, moved) = match act {
        Act::Reject { .. } => return Ok(stay(Status::Rejected)),
        Act::Withdraw { .. } => return Ok(stay(Status::Withdrawn)),
        Act::Approve => (
            Amounts {
                approved: payout.amount.won(),
                ..now
            },
            payout.amount,
        ),
        Act::Cancel { .. } => {
            let moved = portion(None, awaiting(&now)?, None)?;
            (
                Amounts {
                    approved: now.approved.checked_sub(moved.won())?,
                    ..now
                },
                moved,
            )
        }
        Act::Pay { amount, .. } => {
            let moved = portion(*amount, awaiting(&now)?, Some(Verb::Pay))?;
            (
                Amounts {
                    paid: now.paid.checked_add(moved.won())?,
                    ..now
                },
                moved,
            )
        }
        Act::Return { amount, .. } => {
            let moved = portion(*amount, disbursed(&now)?, Some(Verb::Return))?;
            let paid = now.paid.checked_sub(moved.won())?;
            let returned = now.returned.checked_add(moved.won())?;
            (
                Amounts {
                    paid,
                    returned,
                    ..now
                },
                moved,
            )
        }
        Act::Refund { amount, .. } => {
            let moved = portion(*amount, disbursed(&now)?, Some(Verb::Refund))?;
            (
                Amounts {
                    refunded: now.refunded.checked_add(moved.won())?,
                    ..now
                },
                moved,
            )
        }
    };
    Ok(Next {
        status: standing(&amounts),
        amounts,
        moved: Some(moved),
    })
}

/// The part of `whole` that was asked for, or all of it.
fn portion(asked: Option<Amount>, whole: Won, verb: Option<Verb>) -> Result<Amount, PayoutError> {
    match asked {
        Some(amount) if amount.won() <= whole => Ok(amount),
        Some(_) if verb == Some(Verb::Pay) => {
            Err(PayoutError::MoreThanAwaiting { awaiting: whole })
        }
        Some(_) => Err(PayoutError::MoreThanPaid { paid: whole }),
        // Nothing is left to pay, to return or to cancel.
        None => Amount::new(whole.get()).map_err(|_zero| PayoutError::NothingLeft),
    }
}

/// Where an approved payout stands, by what became of the money.
fn standing(amounts: &Amounts) -> Status {
    let Amounts {
        approved,
        paid,
        refunded,
        ..
    } = *amounts;
    if approved == Won::ZERO {
        Status::Cancelled
    } else if refunded > Won::ZERO {
        if refunded == approved {
            Status::Refunded
        } else {
            Status::PartlyRefunded
        }
    } else if paid == Won::ZERO {
        Status::Approved
    } else if paid < approved {
        Status::PartlyPaid
    } else {
        Status::Paid
    }
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests;
