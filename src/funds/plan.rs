//! The plan of a fund: what is meant to be spent in each year. A new one keeps those before it.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Plan, PlanLine};
use super::{open_fund, subject, value_date};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::refusal::{FieldFault, Refusal};

/// Lines that one plan may have.
pub const MAX_LINES: usize = 500;

/// Sets the plan of a fund.
#[derive(Debug, Clone)]
pub struct SetPlan {
    /// The fund's book.
    pub book: BookRef,
    /// The fund.
    pub fund: Code,
    /// Why this version is made.
    pub reason: String,
    /// Since when it holds; today by default.
    pub effective_on: Option<NaiveDate>,
    /// Its lines.
    pub lines: Vec<PlanLine>,
}

impl Command for SetPlan {
    type Done = Plan;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn hint(&self, desk: &Desk) {
        desk.funds.want(&self.fund);
        for program in self.lines.iter().filter_map(|line| line.program.as_ref()) {
            desk.programs.want(program);
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Plan>, Stop> {
        let fund = open_fund(desk, &self.fund)?;
        let on = value_date(desk, self.effective_on)?;
        let mut faults = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            if let Some(program) = &line.program
                && desk.programs.find(program)?.is_none()
            {
                let field = format!("/lines/{index}/program");
                faults.push(FieldFault::new(field, "unknown_program").with("program", program));
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::Fields(faults).into());
        }
        let mut fund = (*fund).clone();
        fund.plan_version = fund.plan_version.saturating_add(1);
        let plan = Plan {
            fund: self.fund.clone(),
            version: fund.plan_version,
            reason: self.reason.clone(),
            recorded_by: who.actor.clone(),
            effective_on: on,
            recorded_at: desk.now(),
            lines: self.lines.clone(),
        };
        let command = json!({
            "fund": self.fund,
            "version": plan.version,
            "reason": self.reason,
            "effective_on": on,
            "lines": self.lines,
        });
        let event = NewEvent {
            kind: "fund.planned",
            subject: subject(&self.fund),
            effective_on: on,
            command: command.to_string(),
        };
        Ok(Changes::of(event)
            .put(Put::Fund(fund))
            .put(Put::Plan(plan.clone()))
            .done(plan))
    }
}
