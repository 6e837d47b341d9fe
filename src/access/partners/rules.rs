//! What is decided about partners and clients, without I/O and without a clock.

use super::model::{Partner, PartnerScope};
use crate::access::model::UserStatus;
use crate::code::Code;
use crate::programs::model::Program;
use crate::refusal::{FieldFault, Refusal};
use crate::text_enum::TextEnum;

/// Scopes as they are kept: sorted, none twice.
///
/// # Errors
/// `no_scopes` where there is none.
pub fn scopes(asked: &[PartnerScope]) -> Result<Vec<PartnerScope>, Refusal> {
    let scopes = sorted(asked);
    if scopes.is_empty() {
        return Err(Refusal::field("/scopes", "no_scopes"));
    }
    Ok(scopes)
}

/// The scopes of a client: at most its partner's, and all of those by default.
///
/// # Errors
/// `no_scopes`, `scope_not_granted`.
pub fn scopes_of_client(
    asked: Option<&[PartnerScope]>,
    partner: &Partner,
) -> Result<Vec<PartnerScope>, Refusal> {
    let Some(asked) = asked else {
        return Ok(partner.scopes.clone());
    };
    let beyond = asked
        .iter()
        .enumerate()
        .filter(|(_, scope)| !partner.scopes.contains(scope));
    let faults: Vec<FieldFault> = beyond
        .map(|(place, scope)| {
            let field = format!("/scopes/{place}");
            FieldFault::new(field, "scope_not_granted").with("scope", scope)
        })
        .collect();
    if faults.is_empty() {
        scopes(asked)
    } else {
        Err(Refusal::Fields(faults))
    }
}

/// The programs of a client: each one that the partner runs. A program of somebody else's is one
/// that it does not run, as one that is not there.
///
/// # Errors
/// `no_programs`, `program_not_of_partner`.
pub fn programs_of_client<'a>(
    asked: &[Code],
    partner: &Code,
    known: impl Fn(&Code) -> Option<&'a Program>,
) -> Result<Vec<Code>, Refusal> {
    let runs = |code: &Code| {
        known(code).is_some_and(|program| program.terms.partner.as_ref() == Some(partner))
    };
    let beyond = asked.iter().enumerate().filter(|(_, code)| !runs(code));
    let faults: Vec<FieldFault> = beyond
        .map(|(place, code)| {
            let fault = FieldFault::new(format!("/programs/{place}"), "program_not_of_partner");
            fault.with("program", code).with("partner", partner)
        })
        .collect();
    if !faults.is_empty() {
        return Err(Refusal::Fields(faults));
    }
    if asked.is_empty() {
        return Err(Refusal::field("/programs", "no_programs"));
    }
    Ok(sorted(asked))
}

/// Makes sure that a partner may have clients that sign in.
///
/// # Errors
/// `partner_disabled`.
pub fn active(partner: &Partner) -> Result<(), Refusal> {
    match partner.status {
        UserStatus::Active => Ok(()),
        UserStatus::Disabled => {
            Err(Refusal::rule("partner_disabled").with("partner", &partner.code))
        }
    }
}

/// The scopes that a token is for: those that are asked for, all of `granted` where none are.
///
/// Nothing where one of them is not granted, or is none (RFC 6749 §3.3, §5.2).
#[must_use]
pub fn scopes_of_token(asked: Option<&str>, granted: &[PartnerScope]) -> Option<Vec<PartnerScope>> {
    let Some(asked) = asked else {
        return (!granted.is_empty()).then(|| granted.to_vec());
    };
    let named = asked.split(' ').map(PartnerScope::from_name);
    let scopes: Vec<PartnerScope> = named.collect::<Option<_>>()?;
    let all = scopes.iter().all(|scope| granted.contains(scope));
    all.then(|| sorted(&scopes))
}

/// Scopes as a token and its answer name them.
#[must_use]
pub fn written(scopes: &[PartnerScope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(" ")
}

fn sorted<T: Clone + Ord>(asked: &[T]) -> Vec<T> {
    let mut sorted = asked.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use PartnerScope::{ReadPrograms, RecordDirectly, Submit};

    #[test]
    fn a_token_is_for_what_was_asked_for_and_granted() {
        let granted = [Submit, ReadPrograms];
        let told = |asked| scopes_of_token(asked, &granted);
        assert_eq!(told(None), Some(vec![Submit, ReadPrograms]));
        assert_eq!(told(Some("submit")), Some(vec![Submit]));
        assert_eq!(
            told(Some("read_programs submit submit")),
            Some(vec![Submit, ReadPrograms])
        );
        for asked in [
            "record_directly",
            "submit record_directly",
            "",
            " ",
            "submit  read_programs",
            "Submit",
            "own",
            "manage_users",
        ] {
            assert_eq!(told(Some(asked)), None, "{asked:?}");
        }
        assert_eq!(scopes_of_token(None, &[]), None);
    }

    #[test]
    fn scopes_are_kept_sorted_and_at_least_one() {
        assert_eq!(
            scopes(&[ReadPrograms, Submit, Submit]),
            Ok(vec![Submit, ReadPrograms])
        );
        assert!(scopes(&[]).is_err());
        assert_eq!(written(&[Submit, RecordDirectly]), "submit record_directly");
    }
}
