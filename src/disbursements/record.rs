//! Recording a disbursement.

use chrono::NaiveDate;
use serde::Serialize;

use super::model::{Assessment, Disbursement, Payee};
use super::told::{Told, ToldPayee};
use super::{once, rules};
use crate::beneficiaries::model::{Beneficiary, PayeeKind};
use crate::beneficiaries::{Introduced, region_on};
use crate::bounds::About;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ledger::store::BookRef;
use crate::ledger::{LedgerError, NewEvent, Who, written};
use crate::payouts::draft::{self, Draft, NewPayout};
use crate::payouts::model::Verb;
use crate::payouts::{Noun, at_once};
use crate::programs::model::ProgramKind;
use crate::refusal::{FieldFault, Refusal};

/// Who is to be paid, as the caller says.
#[derive(Debug, Clone)]
pub enum Whom {
    /// A person or an organisation.
    One(Introduced),
    /// A counted group.
    Group {
        /// How many people.
        count: i64,
        /// Where, as the caller wrote it.
        region: Option<String>,
    },
}

/// Records a disbursement.
#[derive(Debug, Clone)]
pub struct RecordDisbursement {
    /// The book that its money is in.
    pub book: BookRef,
    /// What it has in common with a donation.
    pub payout: NewPayout,
    /// What sort of beneficiary.
    pub kind: PayeeKind,
    /// Who is to be paid.
    pub whom: Whom,
    /// The wave of the program.
    pub round: Option<String>,
    /// The voucher in the company's own accounting.
    pub voucher_number: Option<String>,
    /// How the damage was assessed, in a compensation program.
    pub assessment: Option<Assessment>,
}

impl Command for RecordDisbursement {
    type Done = Disbursement;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn about(&self) -> About<'_> {
        let program = self.payout.program.as_ref();
        program.map_or(About::House, About::New)
    }

    fn hint(&self, desk: &Desk) {
        let person = match &self.whom {
            Whom::One(introduced) => introduced.known(desk),
            Whom::Group { .. } => None,
        };
        let person = person.as_ref().map(|person| &person.id);
        draft::hint(desk, Disbursement::NAME, &self.payout, person);
        let program = self.payout.program.as_ref();
        if let (Some(person), Some(code)) = (person, program)
            && let Ok(Some(program)) = desk.programs.find(code)
            && let Ok(Some(key)) = rules::once_key(&program, self.round.as_deref())
        {
            once::hint(desk, code, person, &key);
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Disbursement>, Stop> {
        let on = self.payout.submitted_on(desk.today());
        let drafted = draft::draft(desk, who, Disbursement::NAME, &self.payout);
        let drafted = both(drafted, self.may_be_assessed(desk));
        let ((drafted, ()), (payee, new_person)) = both(drafted, self.payee(desk, on))?;
        let Draft {
            payout, program, ..
        } = drafted;
        let Some(program) = program else {
            return Err(Refusal::field("/program", "missing").into());
        };
        let once_key = rules::once_key(&program, self.round.as_deref()).map_err(one_fault)?;
        if let (Some(person), Some(key)) = (&payee.beneficiary, &once_key)
            && let Some(other) = once::paid_already(desk, &program.code, person, key, None)?
        {
            let refusal = Refusal::rule(rules::duplicate_code(&program));
            return Err(refusal.with("id", other).into());
        }
        let mut record = Disbursement {
            payout,
            payee,
            round: self.round.clone(),
            voucher_number: self.voucher_number.clone(),
            assessment: self.assessment.clone(),
            once_key,
            splitting: None,
        };
        let mut changes = Changes::of(self.event(&record)?);
        at_once::submit(desk, who, &mut record, Some(&program), &mut changes)?;
        changes.puts.extend(new_person.map(Put::Beneficiary));
        Ok(changes.put(record.clone().put()).done(record))
    }
}

/// Makes sure that damages are assessed in this program; one that is not there is another fault.
///
/// # Errors
/// The field fault `not_a_compensation_program`.
pub(super) fn assessable(desk: &Desk, code: &Code) -> Result<(), Stop> {
    match desk.programs.find(code)? {
        Some(program) if program.kind != ProgramKind::Compensation => {
            let refusal = Refusal::field("/assessment", "not_a_compensation_program");
            Err(refusal
                .with("program", code)
                .with("kind", program.kind)
                .into())
        }
        _ => Ok(()),
    }
}

fn one_fault(fault: FieldFault) -> Refusal {
    Refusal::Fields(vec![fault])
}

impl RecordDisbursement {
    fn may_be_assessed(&self, desk: &Desk) -> Result<(), Stop> {
        match (&self.assessment, &self.payout.program) {
            (Some(_), Some(code)) => assessable(desk, code),
            _ => Ok(()),
        }
    }

    fn payee(&self, desk: &Desk, on: NaiveDate) -> Result<(Payee, Option<Beneficiary>), Stop> {
        let field = "/beneficiary/region";
        match &self.whom {
            Whom::Group { count, region } => {
                let region = region_on(region.as_deref(), on, field)?;
                let count = Some(*count);
                Ok((
                    Payee {
                        beneficiary: None,
                        kind: PayeeKind::Group,
                        count,
                        region,
                    },
                    None,
                ))
            }
            Whom::One(introduced) => {
                let region = region_on(introduced.region(), on, field)?;
                let (id, new) = introduced.settle(desk, region)?;
                let payee = Payee {
                    beneficiary: Some(id),
                    kind: self.kind,
                    count: None,
                    region,
                };
                Ok((payee, new))
            }
        }
    }

    fn event(&self, record: &Disbursement) -> Result<NewEvent, LedgerError> {
        let payout = &record.payout;
        let told = Told::of(
            record,
            Introduction {
                payee: ToldPayee::of(&record.payee),
                commitment: match &self.whom {
                    Whom::One(introduced) => Some(introduced.commitment()),
                    Whom::Group { .. } => None,
                },
            },
        );
        Ok(NewEvent {
            kind: Disbursement::event(Verb::Submit),
            subject: format!("{}:{}", Disbursement::NAME, payout.id),
            effective_on: payout.effective_on,
            command: written(&told)?,
        })
    }
}

/// A payee in the words of the log, with what its identity can be proven against.
#[derive(Serialize)]
struct Introduction<'a> {
    #[serde(flatten)]
    payee: ToldPayee<'a>,
    commitment: Option<&'a str>,
}
