//! Who may decide on a proposal, and when. Pure.

use super::error::ProposalError;
use super::model::{Proposal, ProposalStatus};

/// Makes sure that `actor` may make the proposal be `to`: whoever proposed it takes it back, and
/// anybody else approves or rejects it, once.
///
/// # Errors
/// [`ProposalError`].
pub fn may_become(
    proposal: &Proposal,
    to: ProposalStatus,
    actor: &str,
) -> Result<(), ProposalError> {
    let own = proposal.proposed.by == actor;
    let verb = match to {
        ProposalStatus::Proposed => "propose",
        ProposalStatus::Approved => "approve",
        ProposalStatus::Rejected => "reject",
        ProposalStatus::Withdrawn => "withdraw",
    };
    match to {
        ProposalStatus::Withdrawn if !own => return Err(ProposalError::NotProposer),
        ProposalStatus::Approved | ProposalStatus::Rejected if own => {
            return Err(ProposalError::Own);
        }
        _ => {}
    }
    match proposal.status {
        ProposalStatus::Proposed => Ok(()),
        status => Err(ProposalError::Decided { status, verb }),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::ids::RecordId;
    use crate::money::Amount;
    use crate::proposals::act::Act;
    use crate::proposals::limit::{LimitOf, SetLimit};
    use crate::proposals::model::Said;

    fn proposal(status: ProposalStatus) -> Proposal {
        Proposal {
            id: RecordId::new(uuid::Uuid::nil(), 1),
            act: Act::SecondApprovalAbove(SetLimit {
                of: LimitOf::House,
                second_approval_above: Amount::new(5).ok(),
                reason: "a good one".into(),
                book: crate::ledger::store::BookRef::house(),
            }),
            amount: None,
            status,
            proposed: Said {
                by: "manager".into(),
                at: DateTime::UNIX_EPOCH,
                sequence: 1,
            },
            decided: None,
            version: 1,
        }
    }

    #[test]
    fn another_person_decides_and_the_same_one_takes_back() {
        use ProposalStatus::{Approved, Proposed, Rejected, Withdrawn};
        let may = |to, actor| may_become(&proposal(Proposed), to, actor);
        for to in [Approved, Rejected] {
            assert_eq!(may(to, "manager"), Err(ProposalError::Own), "{to}");
            assert_eq!(may(to, "approver"), Ok(()), "{to}");
        }
        assert_eq!(may(Withdrawn, "approver"), Err(ProposalError::NotProposer));
        assert_eq!(may(Withdrawn, "manager"), Ok(()));
    }

    #[test]
    fn what_is_decided_stays_so() {
        use ProposalStatus::{Approved, Rejected, Withdrawn};
        for status in [Approved, Rejected, Withdrawn] {
            for (to, actor, verb) in [
                (Approved, "approver", "approve"),
                (Rejected, "approver", "reject"),
                (Withdrawn, "manager", "withdraw"),
            ] {
                let refused = may_become(&proposal(status), to, actor);
                assert_eq!(refused, Err(ProposalError::Decided { status, verb }));
            }
        }
    }
}
