//! What is wanted, as commands to the books.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sangsaeng::beneficiaries::model::PayeeKind;
use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use sangsaeng::beneficiaries::{Identity, Introduced, introduce};
use sangsaeng::calendar::Period;
use sangsaeng::clock::Clock;
use sangsaeng::code::{Code, Name};
use sangsaeng::desk::Command;
use sangsaeng::desk::door::Waiting;
use sangsaeng::disbursements::change::ChangeDisbursement;
use sangsaeng::disbursements::model::Disbursement;
use sangsaeng::disbursements::record::{RecordDisbursement, Whom};
use sangsaeng::funds::allocate::{Allocate, AllocationKind};
use sangsaeng::funds::commit::{self, ChangeCommitment};
use sangsaeng::funds::model::{CountedAt, FundKind, FundTerms, SpendLimit};
use sangsaeng::funds::open::OpenFund;
use sangsaeng::ledger::store::BookRef;
use sangsaeng::ledger::{Form, Who};
use sangsaeng::money::{Amount, Cost};
use sangsaeng::payouts::advance::Advance;
use sangsaeng::payouts::draft::NewPayout;
use sangsaeng::payouts::model::{ReasonClass, Values, Verb};
use sangsaeng::payouts::patch::PayoutPatch;
use sangsaeng::payouts::rules;
use sangsaeng::programs::create::CreateProgram;
use sangsaeng::programs::model::{Approval, OnePaymentPer, ProgramKind, ProgramTerms, Tags};
use sangsaeng::proposals::undertake::Undertake;
use uuid::Uuid;

use super::simple::{PROGRAMS, Program, ROOT};
use super::wanted::{Act, Budget, BudgetKind, Change, Do, Submission};
use super::{Attempt, Both};

pub fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn name() -> Name {
    Name {
        ko: "이름".to_owned(),
        en: "name".to_owned(),
    }
}

fn amount(won: i64) -> Amount {
    Amount::new(won).unwrap()
}

impl Both {
    /// Asks the books for it, under a number; or only tries it.
    pub fn start(&self, wanted: &Do, how: (usize, bool)) -> Waiting {
        match wanted {
            Do::Commit {
                fund,
                raise,
                amount,
                back,
            } => {
                let change = if *raise {
                    commit::Change::Raise
                } else {
                    commit::Change::Lower
                };
                let act = self.commit(fund, change, *amount, *back);
                self.ask("manager", how, Undertake::alone(act))
            }
            Do::Budget(budget) => self.ask("manager", how, Undertake::alone(self.allocate(budget))),
            Do::Submit(new) => {
                let command = self.record(new, self.attempts[new.number].unique);
                self.ask(new.actor, how, command)
            }
            Do::Act {
                record,
                actor,
                act,
                back,
            } => {
                let id = self.attempts[*record].id.clone();
                let on = back.map(|back| self.model.day(back));
                self.ask(
                    actor,
                    how,
                    Advance::<Disbursement>::new(id, in_words(*act), on, None),
                )
            }
            Do::Change(change) => self.ask(change.actor, how, self.change(change)),
        }
    }

    fn ask<C: Command>(&self, actor: &str, (number, tried): (usize, bool), command: C) -> Waiting {
        let who = Who::of_house(actor, number.to_string());
        self.books.start(who, command, tried)
    }

    fn commit(&self, fund: &str, change: commit::Change, won: i64, back: i64) -> ChangeCommitment {
        ChangeCommitment {
            book: BookRef::Number(self.compared[0].0),
            fund: code(fund),
            change,
            amount: amount(won),
            effective_on: Some(self.model.day(back)),
            reason: "decided".to_owned(),
        }
    }

    fn allocate(&self, budget: &Budget) -> Allocate {
        Allocate {
            book: BookRef::Number(self.compared[0].0),
            fund: code(budget.fund),
            program: code(PROGRAMS[budget.program].code),
            amount: amount(budget.amount),
            fiscal_year: budget.year,
            effective_on: Some(self.model.day(budget.back)),
            kind: match budget.kind {
                BudgetKind::Allocate => AllocationKind::Allocate,
                BudgetKind::Release => AllocationKind::Release,
                BudgetKind::Lapse => AllocationKind::Lapse,
                BudgetKind::CarryOver => AllocationKind::CarryOver,
            },
            to_fiscal_year: budget.to_year,
        }
    }

    pub fn record(&self, new: &Submission, unique: Uuid) -> RecordDisbursement {
        let (program, fund) = (code(PROGRAMS[new.program].code), new.fund.map(code));
        let cost = new.in_kind.then(|| Cost::new(new.amount).unwrap());
        let whom = match new.person {
            Some(person) => Whom::One(self.introduce(person)),
            None => Whom::Group {
                count: 7,
                region: None,
            },
        };
        RecordDisbursement {
            book: self
                .books
                .directory
                .of_payout(Some(&program), fund.as_ref())
                .unwrap(),
            payout: NewPayout {
                unique,
                program: Some(program),
                fund,
                fiscal_year: new.year,
                form: if new.in_kind {
                    Form::InKind
                } else {
                    Form::Cash
                },
                amount: amount(new.amount),
                values: Values {
                    cost,
                    ..Values::default()
                },
                planned_on: self.model.day(new.planned_back),
                effective_on: new.back.map(|back| self.model.day(back)),
                purpose: None,
                external_id: new.external.map(|id| id.to_string()),
                attributes: BTreeMap::new(),
            },
            kind: new.person.map_or(PayeeKind::Group, |_| PayeeKind::Merchant),
            whom,
            round: new.round.map(|round| round.to_string()),
            voucher_number: None,
            assessment: None,
        }
    }

    /// One of the people, who is one person across the books.
    fn introduce(&self, person: usize) -> Introduced {
        let serial = u16::try_from(person).unwrap() + 1;
        let number = RegistrationNumber::from_serial(101, 1, serial).unwrap();
        let identity = Identity::RegistrationNumber(number);
        let region = person.is_multiple_of(2).then(|| "11".to_owned());
        let now = self.books.clock.now();
        introduce(
            &self.books.vault,
            now,
            PayeeKind::Merchant,
            &identity,
            None,
            (None, region),
        )
        .unwrap()
    }

    fn change(&self, change: &Change) -> ChangeDisbursement {
        let Attempt { id, in_kind, .. } = &self.attempts[change.record];
        let cost = |won| in_kind.then(|| Cost::new(won).unwrap());
        let values = change.amount.map(|won| Values {
            cost: cost(won),
            ..Values::default()
        });
        ChangeDisbursement {
            id: id.clone(),
            verb: if change.resubmit {
                Verb::Resubmit
            } else {
                Verb::Edit
            },
            expected_version: (!change.resubmit).then_some(change.version),
            effective_on: change.back.map(|back| self.model.day(back)),
            patch: PayoutPatch {
                amount: change.amount.map(amount),
                values,
                external_id: change.external.map(|id| id.map(|id| id.to_string())),
                ..PayoutPatch::default()
            },
            region: None,
            round: change
                .round
                .map(|round| round.map(|round| round.to_string())),
            voucher_number: None,
            assessment: None,
        }
    }
}

pub fn open_fund(fund: &str, part_of: Option<&str>, won: i64, on: NaiveDate) -> OpenFund {
    let (start, end) = ("2022-04-01".parse().unwrap(), "2027-03-31".parse().unwrap());
    let period = Period::new(start, end).unwrap();
    OpenFund {
        book: BookRef::fund(&code(ROOT)),
        code: code(fund),
        terms: FundTerms {
            name: name(),
            period,
            period_basis: None,
            basis: None,
        },
        kind: FundKind::Internal,
        commitment: amount(won),
        effective_on: Some(on),
        part_of: part_of.map(code),
        spend_limit: SpendLimit::Commitment,
        in_kind_counted_at: CountedAt::Cost,
        second_approval_above: None,
    }
}

pub fn create_program(program: &Program) -> CreateProgram {
    CreateProgram {
        code: code(program.code),
        kind: ProgramKind::MerchantSupport,
        funds: program.funds.iter().map(|fund| code(fund)).collect(),
        approval: if program.four_eyes {
            Approval::FourEyes
        } else {
            Approval::None
        },
        second_approval_above: None,
        one_payment_per: match program.once_a_round {
            true => OnePaymentPer::Round,
            false => OnePaymentPer::None,
        },
        terms: ProgramTerms {
            name: name(),
            partner: None,
            area: None,
            tags: Tags::new(),
            management_cost: None,
            basis: None,
        },
        effective_on: Some("2022-11-01".parse().unwrap()),
    }
}

/// The record that every history begins with, outside any fund.
pub fn to_anybody() -> Submission {
    Submission {
        number: 0,
        actor: "officer",
        program: PROGRAMS.len() - 1,
        fund: None,
        year: None,
        person: Some(0),
        round: None,
        external: None,
        in_kind: false,
        amount: 10,
        planned_back: 0,
        back: None,
    }
}

fn in_words(act: Act) -> rules::Act {
    let reason = || "because".to_owned();
    match act {
        Act::Approve => rules::Act::Approve,
        Act::Reject => rules::Act::Reject { reason: reason() },
        Act::Withdraw => rules::Act::Withdraw { reason: reason() },
        Act::Cancel => rules::Act::Cancel { reason: reason() },
        Act::Pay(won) => rules::Act::Pay {
            amount: won.map(amount),
            bank_reference: None,
        },
        Act::Return(won) => rules::Act::Return {
            amount: won.map(amount),
            reason: reason(),
        },
        Act::Refund(won) => {
            let class = ReasonClass::Unused;
            rules::Act::Refund {
                amount: won.map(amount),
                class,
                reason: reason(),
            }
        }
    }
}
