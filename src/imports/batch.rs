//! A parcel of rows at work: read, asked for, answered.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde_json::Value;

use super::Imports;
use super::columns::Plan;
use super::entry::{Ask, Entry};
use super::error::WorkError;
use super::model::{Import, RowFault, Weight};
use super::parcels::Line;
use super::prints::{self, Keyed, Note};
use crate::desk::door::Waiting;
use crate::desk::{Answer, WriteError};
use crate::refusal::{FieldFault, Refusal};

/// How often a row is asked for that the door was too busy for.
const MAX_TRIES: u32 = 40;
/// The first pause before that; it doubles, up to a second.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// Faults of one row that are kept at most.
const MAX_FAULTS: usize = 20;

/// A row to be asked for: its place, what it asks for, and how.
pub type Asking<'a> = (usize, &'a dyn Entry, Ask);
/// What became of it.
pub type Answered = (usize, Result<Answer, Refusal>);

/// Hears of each row that was taken, with its answer.
type Taken<'t, 'a> = &'t mut dyn FnMut((usize, &'a dyn Entry, &Ask), &Answer);

/// A row, read.
pub struct Drafted {
    /// The row, as a person counts in the file.
    pub line: i64,
    /// What tells it from another.
    pub print: String,
    /// The key that it is recorded under, and what became of it before.
    pub keyed: Option<Keyed>,
    /// What it asks for, unless it is wrong.
    pub entry: Option<Box<dyn Entry>>,
    /// What is wrong with it.
    pub faults: Vec<RowFault>,
}

impl Drafted {
    /// One fault more.
    pub fn blame(&mut self, plan: &Plan, weight: Weight, fault: &FieldFault) {
        if self.faults.len() >= MAX_FAULTS {
            return;
        }
        let facts = fault.facts.iter();
        let facts = facts.map(|(name, fact)| ((*name).to_owned(), fact.clone()));
        let place = plan.place_of(&fault.field);
        let told = (fault.field.clone(), fault.code.to_owned(), facts.collect());
        self.push(plan, weight, place, told);
    }

    fn push(
        &mut self,
        plan: &Plan,
        weight: Weight,
        place: Option<usize>,
        (field, code, facts): (String, String, BTreeMap<String, String>),
    ) {
        self.faults.push(RowFault {
            line: self.line,
            part: i32::try_from(self.faults.len()).unwrap_or(i32::MAX),
            weight,
            place: place.and_then(|place| i32::try_from(place).ok()),
            header: place.and_then(|place| plan.header(place)),
            field,
            code,
            facts,
        });
    }

    /// What a refusal of the books says of it.
    pub fn refused(&mut self, plan: &Plan, refusal: &Refusal) {
        self.entry = None;
        match refusal {
            Refusal::Fields(faults) | Refusal::Several(faults) => {
                for fault in faults {
                    self.blame(plan, Weight::Fault, fault);
                }
            }
            Refusal::Rule { code, facts } => {
                let fault = FieldFault {
                    field: String::new(),
                    code,
                    facts: facts.clone(),
                };
                self.blame(plan, Weight::Fault, &fault);
            }
        }
    }

    /// Whether it cannot be recorded.
    #[must_use]
    pub fn is_faulty(&self) -> bool {
        self.faults.iter().any(|f| f.weight == Weight::Fault)
    }

    /// Whether it is worth a second look.
    #[must_use]
    pub fn is_warned(&self) -> bool {
        self.faults.iter().any(|f| f.weight == Weight::Warning)
    }
}

impl Imports {
    /// Reads the rows of a parcel, and looks up what became of them before.
    ///
    /// # Errors
    /// [`WorkError`].
    pub fn draft(
        &self,
        import: &Import,
        plan: &Plan,
        lines: Vec<Line>,
    ) -> Result<Vec<Drafted>, WorkError> {
        let mut drafted = Vec::with_capacity(lines.len());
        let (mut right, mut bodies) = (Vec::new(), Vec::new());
        for line in lines {
            let mut row = Drafted {
                line: line.number,
                print: String::new(),
                keyed: None,
                entry: None,
                faults: Vec::new(),
            };
            for (place, code) in line.faults.iter().take(MAX_FAULTS) {
                let told = (String::new(), code.clone(), BTreeMap::new());
                row.push(plan, Weight::Fault, *place, told);
            }
            match plan.read(&line.cells) {
                Ok(_) if row.is_faulty() => {}
                Ok(body) => {
                    row.print = self.printer.print(import.kind, &body);
                    right.push(drafted.len());
                    bodies.push(body);
                }
                Err(faults) => {
                    for fault in &faults {
                        row.blame(plan, Weight::Fault, fault);
                    }
                }
            }
            drafted.push(row);
        }
        self.make_ready(import, plan, &mut drafted, (&right, bodies))?;
        Ok(drafted)
    }

    fn make_ready(
        &self,
        import: &Import,
        plan: &Plan,
        drafted: &mut [Drafted],
        (right, bodies): (&[usize], Vec<Value>),
    ) -> Result<(), WorkError> {
        let entries = self.reader.read(import.kind, bodies)?;
        for (place, read) in right.iter().zip(entries) {
            let Some(row) = drafted.get_mut(*place) else {
                continue;
            };
            match read {
                Ok(entry) => row.entry = Some(entry),
                Err(faults) => row.refused(plan, &Refusal::Fields(faults)),
            }
        }
        let ready = drafted.iter().filter(|row| row.entry.is_some());
        let prints: Vec<String> = ready.map(|row| row.print.clone()).collect();
        let keyed: HashMap<String, Keyed> = self
            .db
            .read(|conn| prints::keys(conn, import.kind, &prints))?;
        // Rows that are the same share their key; the door lets one of them through.
        for row in drafted.iter_mut().filter(|row| row.entry.is_some()) {
            row.keyed = keyed.get(&row.print).cloned();
        }
        Ok(())
    }

    /// Asks for rows, all at once; waits for all of them; hands each its answer. Then asks for what
    /// follows on some.
    ///
    /// # Errors
    /// [`WorkError::Door`] where the door does not take them or loses them: what was asked for
    /// under a key can be asked for again.
    pub fn ask<'a>(&self, asks: Vec<Asking<'a>>) -> Result<Vec<Answered>, WorkError> {
        let mut second: Vec<Asking<'a>> = Vec::new();
        let mut answers = self.ask_once(asks, &mut |(place, entry, ask), answer| {
            let follows = Note::read(&answer.body).is_some_and(|note| note.follows);
            if let (true, Some(entry)) = (follows && !ask.dry_run, entry.second()) {
                let mut ask = ask.clone();
                if let Some(once) = &mut ask.once {
                    once.key.push_str(":second");
                }
                second.push((place, entry, ask));
            }
        })?;
        for (place, answer) in self.ask_once(second, &mut |_, _| {})? {
            let first = answers.iter_mut().find(|(other, _)| *other == place);
            if let (Err(refusal), Some((_, outcome))) = (answer, first) {
                *outcome = Err(refusal);
            }
        }
        Ok(answers)
    }

    fn ask_once<'a>(
        &self,
        asks: Vec<Asking<'a>>,
        taken: Taken<'_, 'a>,
    ) -> Result<Vec<Answered>, WorkError> {
        let started: Vec<_> = asks
            .into_iter()
            .map(|(place, entry, ask)| {
                let waiting = entry.start(&self.door, ask.clone());
                (place, entry, ask, waiting)
            })
            .collect();
        let mut answers = Vec::with_capacity(started.len());
        for (place, entry, ask, waiting) in started {
            let outcome = match waiting.and_then(Waiting::wait) {
                Err(error) if may_pass(&error) => self.insist(entry, &ask)?,
                outcome => outcome,
            };
            match outcome {
                Ok(answer) => {
                    taken((place, entry, &ask), &answer);
                    answers.push((place, Ok(answer)));
                }
                Err(WriteError::Refused(refusal)) => answers.push((place, Err(refusal))),
                Err(error) => return Err(WorkError::Door(error)),
            }
        }
        Ok(answers)
    }

    /// Asks for one row again and again, with pauses, until the door has an answer.
    fn insist(
        &self,
        entry: &dyn Entry,
        ask: &Ask,
    ) -> Result<Result<Answer, WriteError>, WorkError> {
        let mut pause = FIRST_PAUSE;
        for _ in 0..MAX_TRIES {
            if self.is_stopping() {
                return Err(WorkError::Stopping);
            }
            std::thread::sleep(pause);
            pause = pause.saturating_mul(2).min(Duration::from_secs(1));
            match entry.start(&self.door, ask.clone()).and_then(Waiting::wait) {
                Err(error) if may_pass(&error) => {}
                outcome => return Ok(outcome),
            }
        }
        Err(WorkError::Door(WriteError::Busy))
    }
}

/// Whether the same may be asked for again: the door was busy, or the same row was under way, or
/// what became of it is not known, which its key will tell.
fn may_pass(error: &WriteError) -> bool {
    matches!(
        error,
        WriteError::Busy | WriteError::InProgress | WriteError::Unknown | WriteError::OutOfReach
    )
}
