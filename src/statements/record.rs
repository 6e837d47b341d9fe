//! Recording a statement.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::json;
use uuid::Uuid;

use super::model::{Declared, Figures, Statement, StatementBasis};
use super::rules::{self, BuyersAsked};
use super::subject;
use crate::bounds::About;
use crate::calendar::Period;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::draft;
use crate::payouts::lookups::SALE_STATEMENT;
use crate::programs::model::Program;
use crate::refusal::Refusal;
use crate::sales::rules::sells;

/// Records what a partner states.
#[derive(Debug, Clone)]
pub struct RecordStatement {
    /// The book of the program's sales.
    pub book: BookRef,
    /// What its id is made from.
    pub unique: Uuid,
    /// The program that sold.
    pub program: Code,
    /// What its days are to its figures.
    pub basis: StatementBasis,
    /// Its days.
    pub period: Period,
    /// Its figures but for buyers.
    pub figures: Figures,
    /// How many bought and who was counted, as the caller wrote it.
    pub buyers: BuyersAsked,
    /// Why a cumulative figure falls.
    pub reason: Option<String>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
}

impl Command for RecordStatement {
    type Done = Statement;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn about(&self) -> About<'_> {
        About::New(&self.program)
    }

    fn hint(&self, desk: &Desk) {
        desk.programs.want(&self.program);
        desk.statements_of.want(&self.program);
        if let Some(external_id) = &self.external_id {
            let program = Some(self.program.clone());
            desk.external_ids
                .want(&(SALE_STATEMENT, program, external_id.clone()));
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Statement>, Stop> {
        let told = rules::told(
            self.basis,
            self.period,
            self.figures,
            self.buyers,
            desk.today(),
        );
        let (program, figures) = both(self.known_program(desk), told.map_err(Stop::from))?;
        draft::open(Some(&program), None)?;
        let external_id = self.external_id.as_ref();
        draft::unused_external_id(desk, SALE_STATEMENT, Some(&self.program), external_id, None)?;
        let declared = Declared {
            id: RecordId::new(self.unique, desk.book()),
            basis: self.basis,
            period: self.period,
            figures,
            reason: self.reason.clone(),
        };
        let live = desk.statements_of.find(&self.program)?;
        let live = live.as_ref().map_or(&[][..], |live| &live.declared);
        rules::fits(live, &declared)?;
        let statement = Statement {
            declared,
            program: self.program.clone(),
            source: self.source.clone(),
            external_id: self.external_id.clone(),
            attributes: self.attributes.clone(),
            cancelled: None,
            recorded_by: who.actor.clone(),
            recorded_at: desk.now(),
            version: 1,
        };
        let changes = Changes::of(event(&statement));
        Ok(changes
            .put(Put::Statement(statement.clone()))
            .done(statement))
    }
}

impl RecordStatement {
    fn known_program(&self, desk: &Desk) -> Result<Rc<Program>, Stop> {
        let Some(program) = desk.programs.find(&self.program)? else {
            let refusal = Refusal::field("/program", "unknown_program");
            return Err(refusal.with("program", &self.program).into());
        };
        sells(&program)?;
        Ok(program)
    }
}

fn event(statement: &Statement) -> NewEvent {
    let Declared {
        id,
        basis,
        period,
        figures,
        reason,
    } = &statement.declared;
    NewEvent {
        kind: "sale_statement.recorded",
        subject: subject(statement),
        effective_on: period.end(),
        command: json!({
            "id": id,
            "program": statement.program,
            "period": period,
            "basis": basis,
            "quantity_kg": figures.quantity,
            "amount": figures.amount,
            "orders": figures.orders,
            "buyers": figures.buyers.map(|buyers| buyers.count),
            "buyers_basis": figures.buyers.map(|buyers| buyers.basis),
            "reason": reason,
            "source": statement.source,
            "external_id": statement.external_id,
            "attributes": statement.attributes,
        })
        .to_string(),
    }
}
