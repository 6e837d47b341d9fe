//! What a program may be. Pure.

use std::collections::BTreeSet;

use super::error::ProgramError;
use super::model::{Program, ProgramKind, Tags};
use crate::code::Code;
use crate::funds::model::{Fund, Openness};
use crate::refusal::FieldFault;

/// Funds that one program may draw on.
pub const MAX_FUNDS: usize = 20;
/// Schemes that one program may be labelled by.
pub const MAX_SCHEMES: usize = 10;
/// Labels that one program may have in one scheme.
pub const MAX_TAGS: usize = 20;

/// What is wrong with a program, by itself.
#[must_use]
pub fn faults(program: &Program) -> Vec<FieldFault> {
    let mut faults = fund_faults(&program.funds);
    if program.kind == ProgramKind::Compensation && !program.funds.is_empty() {
        faults.push(FieldFault::new("/funds", "compensation_has_no_funds"));
    }
    faults.extend(tag_faults(&program.terms.tags));
    faults
}

fn fund_faults(funds: &[Code]) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if funds.len() > MAX_FUNDS {
        faults.push(FieldFault::new("/funds", "too_many").with("most", MAX_FUNDS));
    }
    let mut seen = BTreeSet::new();
    for (place, fund) in funds.iter().enumerate() {
        if !seen.insert(fund) {
            let fault = FieldFault::new(format!("/funds/{place}"), "duplicate_fund");
            faults.push(fault.with("fund", fund));
        }
    }
    faults
}

fn tag_faults(tags: &Tags) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if tags.len() > MAX_SCHEMES {
        faults.push(FieldFault::new("/tags", "too_many").with("most", MAX_SCHEMES));
    }
    for (scheme, labels) in tags {
        if labels.len() > MAX_TAGS {
            let fault = FieldFault::new(format!("/tags/{scheme}"), "too_many");
            faults.push(fault.with("most", MAX_TAGS));
        }
    }
    faults
}

/// Makes sure that a program may draw on a fund.
///
/// # Errors
/// [`ProgramError::FundClosed`].
pub fn open(fund: &Fund) -> Result<(), ProgramError> {
    match fund.status {
        Openness::Open => Ok(()),
        Openness::Closed => Err(ProgramError::FundClosed(fund.code.clone())),
    }
}

/// Makes sure that a program keeps every fund it draws on: whether money was allocated there
/// only the fund's own book knows.
///
/// # Errors
/// [`ProgramError::FundInUse`].
pub fn keeps(before: &[Code], after: &[Code]) -> Result<(), ProgramError> {
    match before.iter().find(|fund| !after.contains(fund)) {
        None => Ok(()),
        Some(missing) => Err(ProgramError::FundInUse(missing.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Name;
    use crate::programs::model::{Approval, OnePaymentPer, ProgramTerms};

    fn codes(codes: &[&str]) -> Vec<Code> {
        codes
            .iter()
            .map(|code| Code::parse(code).unwrap())
            .collect()
    }

    fn program(kind: ProgramKind, funds: &[&str]) -> Program {
        Program {
            code: Code::parse("program").unwrap(),
            kind,
            funds: codes(funds),
            approval: Approval::FourEyes,
            second_approval_above: None,
            one_payment_per: OnePaymentPer::None,
            terms: ProgramTerms {
                name: Name {
                    ko: "사업".into(),
                    en: "program".into(),
                },
                partner: None,
                area: None,
                tags: Tags::new(),
                management_cost: None,
                basis: None,
            },
            status: Openness::Open,
            version: 1,
        }
    }

    fn said(program: &Program) -> Vec<(String, &'static str)> {
        faults(program)
            .into_iter()
            .map(|fault| (fault.field, fault.code))
            .collect()
    }

    #[test]
    fn making_good_a_damage_draws_on_no_fund() {
        assert_eq!(said(&program(ProgramKind::Compensation, &[])), []);
        let refused = ("/funds".to_owned(), "compensation_has_no_funds");
        assert_eq!(
            said(&program(ProgramKind::Compensation, &["fund"])),
            [refused]
        );
        assert_eq!(said(&program(ProgramKind::Other, &["fund"])), []);
    }

    #[test]
    fn a_fund_named_twice_is_refused_where_it_is_named_again() {
        let twice = program(ProgramKind::Other, &["one", "two", "one"]);
        assert_eq!(said(&twice), [("/funds/2".to_owned(), "duplicate_fund")]);
    }

    #[test]
    fn lists_are_bounded() {
        let many: Vec<String> = (0..=MAX_FUNDS).map(|n| format!("fund-{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut program = program(ProgramKind::Other, &many);
        assert_eq!(said(&program), [("/funds".to_owned(), "too_many")]);

        program.funds.truncate(MAX_FUNDS);
        program
            .terms
            .tags
            .insert("sdg".into(), vec!["8".into(); MAX_TAGS]);
        assert_eq!(said(&program), []);
        program
            .terms
            .tags
            .insert("sdg".into(), vec!["8".into(); MAX_TAGS + 1]);
        assert_eq!(said(&program), [("/tags/sdg".to_owned(), "too_many")]);

        program.terms.tags = (0..=MAX_SCHEMES)
            .map(|n| (n.to_string(), Vec::new()))
            .collect();
        assert_eq!(said(&program), [("/tags".to_owned(), "too_many")]);
    }

    #[test]
    fn funds_are_added_and_never_taken_away() {
        let (before, more) = (codes(&["one", "two"]), codes(&["two", "one", "three"]));
        assert_eq!(keeps(&before, &more), Ok(()));
        let missing = Code::parse("three").unwrap();
        assert_eq!(keeps(&more, &before), Err(ProgramError::FundInUse(missing)));
    }
}
