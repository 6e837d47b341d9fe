//! Recording a pledge, and changing its words.

use chrono::NaiveDate;
use uuid::Uuid;

use super::error::PledgeError;
use super::model::{Milestone, Pledge, PledgeTerms, PledgeVerb, Source, Step, Target, TargetPath};
use super::{event, rules, terms_version};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ids::RecordId;
use crate::ledger::Who;
use crate::ledger::store::BookRef;
use crate::metrics::Metric;
use crate::money::MoneyError;
use crate::refusal::Refusal;

/// A target as it is asked for.
#[derive(Debug, Clone)]
pub struct NewTarget {
    /// What is followed.
    pub metric: Metric,
    /// Of one program.
    pub program: Option<Code>,
    /// Of one fund.
    pub fund: Option<Code>,
    /// How much, as the metric counts, or why that cannot be read.
    pub value: Result<i64, MoneyError>,
    /// The day that the straight line begins on; that of the promise by default.
    pub starts_on: Option<NaiveDate>,
    /// What the figure is held against on the way.
    pub path: TargetPath,
}

/// A milestone as it is asked for.
#[derive(Debug, Clone)]
pub struct NewMilestone {
    /// What is to be done.
    pub title: String,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
}

/// Records a pledge.
#[derive(Debug, Clone)]
pub struct MakePledge {
    /// What its id is made from.
    pub unique: Uuid,
    /// Its words.
    pub terms: PledgeTerms,
    /// Where it was made.
    pub source: Source,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
    /// What it is measured by.
    pub target: Option<NewTarget>,
    /// What is to be done; [`rules::MAX_MILESTONES`] at most.
    pub milestones: Vec<NewMilestone>,
}

impl Command for MakePledge {
    type Done = Pledge;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        if let Some(counterpart) = &self.terms.counterpart {
            desk.organisations.want(counterpart);
        }
        if let Some(target) = &self.target {
            target
                .program
                .iter()
                .for_each(|code| desk.programs.want(code));
            target.fund.iter().for_each(|code| desk.funds.want(code));
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Pledge>, Stop> {
        let days = refused(rules::days_of(self, desk.today()));
        let known = both(known_counterpart(desk, &self.terms), self.target(desk));
        let (((), target), ()) = both(known, days)?;
        let made_on = self.source.date;
        let milestone = |new: &NewMilestone| Milestone {
            title: new.title.clone(),
            due_on: new.due_on,
            made_on,
        };
        let pledge = Pledge {
            id: RecordId::new(self.unique, desk.book()),
            terms: self.terms.clone(),
            source: self.source.clone(),
            due_on: self.due_on,
            target,
            milestones: self.milestones.iter().map(milestone).collect(),
            steps: vec![step(desk, who, PledgeVerb::Make, made_on)],
            version: 1,
        };
        let mut changes = Changes::of(event(&pledge));
        changes.version = Some(terms_version(&pledge, desk, made_on)?);
        Ok(changes.put(Put::Pledge(pledge.clone())).done(pledge))
    }
}

impl MakePledge {
    fn target(&self, desk: &Desk) -> Result<Option<Target>, Stop> {
        let Some(new) = &self.target else {
            return Ok(None);
        };
        let asked = rules::target(new, self.source.date);
        let asked = asked.map_err(|faults| Stop::Refused(Refusal::Fields(faults)));
        both(known_scope(desk, new), asked).map(|((), target)| Some(target))
    }
}

fn known_scope(desk: &Desk, new: &NewTarget) -> Result<(), Stop> {
    if let Some(program) = &new.program
        && desk.programs.find(program)?.is_none()
    {
        let refusal = Refusal::field("/target/scope/program", "unknown_program");
        return Err(refusal.with("program", program).into());
    }
    if let Some(fund) = &new.fund
        && desk.funds.find(fund)?.is_none()
    {
        let refusal = Refusal::field("/target/scope/fund", "unknown_fund");
        return Err(refusal.with("fund", fund).into());
    }
    Ok(())
}

fn known_counterpart(desk: &Desk, terms: &PledgeTerms) -> Result<(), Stop> {
    match &terms.counterpart {
        Some(code) => known_organisation(desk, "/counterpart", code),
        None => Ok(()),
    }
}

/// Makes sure that there is such an organisation.
///
/// # Errors
/// [`Stop::Fetch`], or a fault of `field`.
pub(super) fn known_organisation(
    desk: &Desk,
    field: &'static str,
    code: &Code,
) -> Result<(), Stop> {
    match desk.organisations.find(code)? {
        Some(_) => Ok(()),
        None => {
            let refusal = Refusal::field(field, "unknown_organisation");
            Err(refusal.with("organisation", code).into())
        }
    }
}

fn refused(faults: Vec<crate::refusal::FieldFault>) -> Result<(), Stop> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Fields(faults).into())
    }
}

/// A step of the pledge itself that says no more than that it was taken.
pub(super) fn step(desk: &Desk, who: &Who, verb: PledgeVerb, on: NaiveDate) -> Step {
    Step {
        verb,
        milestone: None,
        actor: who.actor.clone(),
        effective_on: on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        status: None,
        met_on: None,
        due_from: None,
        due_on: None,
        organisation: None,
        note: None,
        evidence_url: None,
        reference: None,
    }
}

/// What of a pledge's words is to be changed. `None` leaves a thing as it is, `Some(None)` takes
/// it away.
#[derive(Debug, Clone, Default)]
pub struct TermsPatch {
    /// What it is called.
    pub title: Option<String>,
    /// What was promised.
    pub statement: Option<String>,
    /// The department or role that answers for it.
    pub owner: Option<Option<String>>,
    /// The organisation that it was made to.
    pub counterpart: Option<Option<Code>>,
    /// What is known of it beyond its source.
    pub basis: Option<Option<String>>,
}

impl TermsPatch {
    fn apply(&self, old: &PledgeTerms) -> PledgeTerms {
        let old = old.clone();
        PledgeTerms {
            title: self.title.clone().unwrap_or(old.title),
            statement: self.statement.clone().unwrap_or(old.statement),
            owner: self.owner.clone().unwrap_or(old.owner),
            counterpart: self.counterpart.clone().unwrap_or(old.counterpart),
            basis: self.basis.clone().unwrap_or(old.basis),
        }
    }
}

/// Changes the words of a pledge from today on; reports on days before keep the old ones.
#[derive(Debug, Clone)]
pub struct EditPledge {
    /// Which one.
    pub id: RecordId,
    /// The version that was read.
    pub expected_version: i32,
    /// What is to be changed.
    pub patch: TermsPatch,
}

impl Command for EditPledge {
    type Done = Pledge;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.pledges.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Pledge>, Stop> {
        let before = desk.pledges.find(&self.id)?.ok_or(PledgeError::NotFound)?;
        if before.version != self.expected_version {
            return Err(PledgeError::Stale(before.version).into());
        }
        if before.steps.len() >= rules::MAX_STEPS {
            return Err(PledgeError::TooManySteps.into());
        }
        let mut pledge = (*before).clone();
        pledge.terms = self.patch.apply(&before.terms);
        known_counterpart(desk, &pledge.terms)?;
        let today = desk.today();
        pledge.steps.push(step(desk, who, PledgeVerb::Edit, today));
        pledge.version = before.version.saturating_add(1);
        let mut changes = Changes::of(event(&pledge));
        changes.version = Some(terms_version(&pledge, desk, today)?);
        Ok(changes.put(Put::Pledge(pledge.clone())).done(pledge))
    }
}
