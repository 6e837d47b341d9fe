//! When two beneficiaries may be merged, and by whom it is decided. Pure.

use chrono::NaiveDate;

use super::error::MergeError;
use super::model::{Identity, MAX_MERGED, MAX_STEPS, MergeFile, MergeStatus, MergeStep};
use crate::beneficiaries::model::BeneficiaryId;

/// Whether `person` may be merged into `survivor`: asked when it is proposed and when it is
/// approved, since either may have been merged in between.
///
/// # Errors
/// [`MergeError`].
pub fn may_merge(person: &Identity, survivor: &Identity) -> Result<(), MergeError> {
    if person.id == survivor.id {
        return Err(MergeError::IntoItself);
    }
    if let Some(into) = &person.merged_into {
        return Err(MergeError::AlreadyMerged(into.clone()));
    }
    if let Some(into) = &survivor.merged_into {
        return Err(MergeError::IntoMerged(into.clone()));
    }
    if !person.merged.is_empty() {
        return Err(MergeError::OthersMerged(person.merged.len()));
    }
    if person.kind != survivor.kind {
        return Err(MergeError::KindsDiffer {
            one: person.kind,
            other: survivor.kind,
        });
    }
    if survivor.merged.len() >= MAX_MERGED {
        return Err(MergeError::TooManyMerged);
    }
    Ok(())
}

/// Whether a merge may be proposed beside what was done before.
///
/// # Errors
/// [`MergeError::AlreadyProposed`].
pub fn may_propose(file: &MergeFile) -> Result<(), MergeError> {
    match file.last() {
        Some(last) if file.status() == Some(MergeStatus::Proposed) => {
            Err(MergeError::AlreadyProposed(last.survivor.clone()))
        }
        _ => Ok(()),
    }
}

/// The proposal that `actor` may decide.
///
/// # Errors
/// [`MergeError::NotProposed`], [`MergeError::OwnProposal`].
pub fn decides<'a>(file: &'a MergeFile, actor: &str) -> Result<&'a MergeStep, MergeError> {
    let open = file.status() == Some(MergeStatus::Proposed);
    let proposal = file.last().filter(|_| open);
    let proposal = proposal.ok_or(MergeError::NotProposed)?;
    if proposal.actor == actor {
        return Err(MergeError::OwnProposal);
    }
    Ok(proposal)
}

/// From whom a merged beneficiary may be taken apart again.
///
/// # Errors
/// [`MergeError::NotMerged`].
pub fn merged_into(person: &Identity) -> Result<&BeneficiaryId, MergeError> {
    person.merged_into.as_ref().ok_or(MergeError::NotMerged)
}

/// The value date of the next step: today by default, never in the future, never before the step
/// before it.
///
/// # Errors
/// [`MergeError`].
pub fn next_on(
    file: &MergeFile,
    wanted: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, MergeError> {
    let on = wanted.unwrap_or(today);
    if on > today {
        return Err(MergeError::InTheFuture);
    }
    if file.steps.len() >= MAX_STEPS {
        return Err(MergeError::TooManySteps);
    }
    match file.last().map(|last| last.effective_on) {
        Some(last_on) if on < last_on => Err(MergeError::BeforePreviousStep { last_on }),
        _ => Ok(on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beneficiaries::merges::model::MergeVerb;
    use crate::beneficiaries::model::PayeeKind;

    fn id(text: &str) -> BeneficiaryId {
        BeneficiaryId::stored(text.to_owned())
    }

    fn person(name: &str) -> Identity {
        Identity {
            id: id(name),
            kind: PayeeKind::Worker,
            merged_into: None,
            merged: Vec::new(),
        }
    }

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 11, n).unwrap()
    }

    fn file(verbs: &[MergeVerb]) -> MergeFile {
        let step = |(step, verb): (i32, &MergeVerb)| MergeStep {
            step,
            verb: *verb,
            survivor: id("b"),
            actor: "officer".to_owned(),
            effective_on: day(2),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            sequence: 1,
            reason: None,
        };
        MergeFile {
            steps: (1..).zip(verbs).map(step).collect(),
            ..MergeFile::empty(id("a"))
        }
    }

    #[test]
    fn there_is_one_level_of_merges_between_two_of_a_kind() {
        let (a, b) = (person("a"), person("b"));
        let merged = Identity {
            merged_into: Some(id("c")),
            ..b.clone()
        };
        let head = Identity {
            merged: vec![id("x")],
            ..b.clone()
        };
        let other = Identity {
            kind: PayeeKind::Merchant,
            ..b.clone()
        };
        assert_eq!(may_merge(&a, &b), Ok(()));
        assert_eq!(may_merge(&a, &head), Ok(()));
        assert_eq!(may_merge(&a, &a), Err(MergeError::IntoItself));
        assert_eq!(may_merge(&a, &merged), Err(MergeError::IntoMerged(id("c"))));
        assert_eq!(
            may_merge(&merged, &a),
            Err(MergeError::AlreadyMerged(id("c")))
        );
        assert_eq!(may_merge(&head, &a), Err(MergeError::OthersMerged(1)));
        let differ = may_merge(&a, &other);
        assert!(matches!(differ, Err(MergeError::KindsDiffer { .. })));
        let full = Identity {
            merged: vec![id("x"); MAX_MERGED],
            ..b
        };
        assert_eq!(may_merge(&a, &full), Err(MergeError::TooManyMerged));
    }

    #[test]
    fn a_proposal_is_decided_once_and_by_somebody_else() {
        use MergeVerb::{Approve, Propose, Reject, Unmerge};
        let open = file(&[Propose]);
        assert_eq!(
            may_propose(&open),
            Err(MergeError::AlreadyProposed(id("b")))
        );
        assert_eq!(decides(&open, "officer"), Err(MergeError::OwnProposal));
        assert!(decides(&open, "approver").is_ok());
        for done in [
            &[][..],
            &[Propose, Approve],
            &[Propose, Reject],
            &[Propose, Approve, Unmerge],
        ] {
            let done = file(done);
            assert_eq!(decides(&done, "approver"), Err(MergeError::NotProposed));
            assert_eq!(may_propose(&done), Ok(()));
        }
    }

    #[test]
    fn steps_follow_each_other_and_never_lie_ahead() {
        let open = file(&[MergeVerb::Propose]);
        assert_eq!(next_on(&open, None, day(3)), Ok(day(3)));
        assert_eq!(next_on(&open, Some(day(2)), day(3)), Ok(day(2)));
        assert_eq!(
            next_on(&open, Some(day(4)), day(3)),
            Err(MergeError::InTheFuture)
        );
        let before = next_on(&open, Some(day(1)), day(3));
        assert_eq!(
            before,
            Err(MergeError::BeforePreviousStep { last_on: day(2) })
        );
        let full = file(&[MergeVerb::Reject; MAX_STEPS]);
        assert_eq!(next_on(&full, None, day(3)), Err(MergeError::TooManySteps));
    }
}
