//! What is a disbursement's own to decide. Pure.
//!
//! May an approver approve an entry of his own? No: [`crate::payouts::rules::advance`] refuses it
//! for disbursements and donations alike.

use crate::programs::model::{OnePaymentPer, Program};
use crate::refusal::FieldFault;

/// What must be unique for one beneficiary among the live records of the program, if anything.
///
/// # Errors
/// A field fault when the program pays once a round and no round is named.
pub fn once_key(program: &Program, round: Option<&str>) -> Result<Option<String>, FieldFault> {
    match (program.one_payment_per, round) {
        (OnePaymentPer::None, _) => Ok(None),
        (OnePaymentPer::Program, _) => Ok(Some("*".to_owned())),
        (OnePaymentPer::Round, Some(round)) => Ok(Some(format!("round:{round}"))),
        (OnePaymentPer::Round, None) => Err(FieldFault::new("/round", "round_required")),
    }
}

/// The code of the refusal when a beneficiary was paid already.
#[must_use]
pub fn duplicate_code(program: &Program) -> &'static str {
    match program.one_payment_per {
        OnePaymentPer::Program => "duplicate_beneficiary_in_program",
        _ => "duplicate_beneficiary_in_round",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Name};
    use crate::funds::model::Openness;
    use crate::programs::model::{Approval, ProgramKind, ProgramTerms, Tags};

    fn program(one_payment_per: OnePaymentPer) -> Program {
        Program {
            code: Code::parse("program").unwrap(),
            kind: ProgramKind::Other,
            funds: Vec::new(),
            approval: Approval::FourEyes,
            second_approval_above: None,
            one_payment_per,
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

    #[test]
    fn a_program_that_pays_once_a_round_needs_the_round() {
        let program = program(OnePaymentPer::Round);
        assert_eq!(once_key(&program, None).unwrap_err().code, "round_required");
        assert_eq!(
            once_key(&program, Some("1")),
            Ok(Some("round:1".to_owned()))
        );
    }

    #[test]
    fn a_round_named_star_is_not_the_whole_program() {
        let by_round = program(OnePaymentPer::Round);
        let once = program(OnePaymentPer::Program);
        assert_ne!(once_key(&by_round, Some("*")), once_key(&once, None));
    }
}
