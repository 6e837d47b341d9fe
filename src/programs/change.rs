//! Changing a program, and closing and reopening it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::error::ProgramError;
use super::model::{Approval, OnePaymentPer, Program, ProgramTerms, Tags};
use super::{check, find, open_funds, rules, subject, version};
use crate::code::{Code, Name};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::funds::model::Openness;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::{Amount, Cost};
use crate::settings::limits;

/// Labels by scheme: `None` as a list takes the scheme away.
pub type TagChanges = BTreeMap<String, Option<Vec<String>>>;

/// What of a program is to be changed. `None` leaves a thing as it is, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct ProgramPatch {
    /// Its name.
    pub name: Option<Name>,
    /// The organisation that runs it.
    pub partner: Option<Option<Code>>,
    /// A free area.
    pub area: Option<Option<String>>,
    /// Labels by scheme.
    pub tags: Option<Option<TagChanges>>,
    /// What running it costs a year, in won.
    pub management_cost: Option<Option<Cost>>,
    /// What its figures rest on.
    pub basis: Option<Option<String>>,
    /// All the funds it draws on from now on; none of those before may be missing.
    pub funds: Option<Vec<Code>>,
    /// Who has to approve what is recorded from now on.
    pub approval: Option<Approval>,
    /// Over how many won a second person has to approve.
    pub second_approval_above: Option<Option<Amount>>,
    /// How often one beneficiary may be paid by what is recorded from now on.
    pub one_payment_per: Option<OnePaymentPer>,
}

impl ProgramPatch {
    fn apply(&self, before: &Program) -> Program {
        let old = before.clone();
        Program {
            funds: self.funds.clone().unwrap_or(old.funds),
            approval: self.approval.unwrap_or(old.approval),
            second_approval_above: self
                .second_approval_above
                .unwrap_or(old.second_approval_above),
            one_payment_per: self.one_payment_per.unwrap_or(old.one_payment_per),
            terms: self.terms(old.terms),
            version: old.version.saturating_add(1),
            ..old
        }
    }

    fn terms(&self, old: ProgramTerms) -> ProgramTerms {
        ProgramTerms {
            name: self.name.clone().unwrap_or(old.name),
            partner: self.partner.clone().unwrap_or(old.partner),
            area: self.area.clone().unwrap_or(old.area),
            tags: self.tags(old.tags),
            management_cost: self.management_cost.unwrap_or(old.management_cost),
            basis: self.basis.clone().unwrap_or(old.basis),
        }
    }

    fn tags(&self, mut tags: Tags) -> Tags {
        let Some(changes) = &self.tags else {
            return tags;
        };
        let Some(changes) = changes else {
            return Tags::new();
        };
        for (scheme, labels) in changes {
            match labels {
                Some(labels) => tags.insert(scheme.clone(), labels.clone()),
                None => tags.remove(scheme),
            };
        }
        tags
    }
}

/// Changes a program.
#[derive(Debug, Clone)]
pub struct ChangeProgram {
    /// The program.
    pub code: Code,
    /// The version that was read.
    pub expected_version: i32,
    /// Since when the change holds; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What is to be changed.
    pub patch: ProgramPatch,
}

impl Command for ChangeProgram {
    type Done = Program;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.programs.want(&self.code);
        self.patch
            .funds
            .iter()
            .flatten()
            .for_each(|fund| desk.funds.want(fund));
        self.patch
            .partner
            .iter()
            .flatten()
            .for_each(|code| desk.organisations.want(code));
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Program>, Stop> {
        let before = find(desk, &self.code)?;
        if before.version != self.expected_version {
            return Err(ProgramError::Stale(before.version).into());
        }
        let on = self.effective_on.unwrap_or_else(|| desk.today());
        let program = self.patch.apply(&before);
        check(desk, &program, on)?;
        rules::keeps(&before.funds, &program.funds)?;
        let limit = |program| limits::of_program(desk, Some(program));
        limits::may_become(limit(&before)?, limit(&program)?)?;
        let added = program
            .funds
            .iter()
            .filter(|fund| !before.funds.contains(fund));
        open_funds(desk, added)?;
        let mut changes = Changes::of(changed(&program, on));
        changes.version = Some(version(&program, desk, on)?);
        Ok(changes.put(Put::Program(program.clone())).done(program))
    }
}

pub(crate) fn changed(program: &Program, on: NaiveDate) -> NewEvent {
    NewEvent {
        kind: "program.changed",
        subject: subject(&program.code),
        effective_on: on,
        command: json!({
            "program": program.code,
            "funds": program.funds,
            "approval": program.approval,
            "second_approval_above": program.second_approval_above,
            "one_payment_per": program.one_payment_per,
            "terms": program.terms,
            "effective_on": on,
        })
        .to_string(),
    }
}

/// Closes or reopens a program.
#[derive(Debug, Clone)]
pub struct SetProgramOpenness {
    /// The program.
    pub code: Code,
    /// Open or closed.
    pub to: Openness,
    /// Why.
    pub reason: String,
}

impl Command for SetProgramOpenness {
    type Done = Program;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.programs.want(&self.code);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Program>, Stop> {
        let mut program = find(desk, &self.code)?;
        if program.status == self.to {
            return Err(ProgramError::AlreadySo(self.to).into());
        }
        program.status = self.to;
        program.version = program.version.saturating_add(1);
        let kind = match self.to {
            Openness::Open => "program.reopened",
            Openness::Closed => "program.closed",
        };
        let on = desk.today();
        let mut changes = Changes::of(NewEvent {
            kind,
            subject: subject(&self.code),
            effective_on: on,
            command: json!({ "program": self.code, "reason": self.reason }).to_string(),
        });
        // The terms are the same, but versions of the row are counted without gaps.
        changes.version = Some(version(&program, desk, on)?);
        Ok(changes.put(Put::Program(program.clone())).done(program))
    }
}
