//! What a row asks of the write door.
//!
//! A row becomes the very body that the API takes for one record, so one reading of fields serves
//! both, and a fault comes with the place it is about. That reading is part of `http`, above this
//! room; it is handed in as a [`Reader`].

use serde_json::Value;

use super::kinds::Kind;
use crate::db::DbError;
use crate::desk::door::Waiting;
use crate::desk::{Answer, Command, Door, Once, Request, WriteError};
use crate::ledger::Who;
use crate::refusal::FieldFault;

/// What can be said of a row before it is asked for, and is compared with other rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The program.
    pub program: Option<String>,
    /// The mark by which the person is found.
    pub person: Option<String>,
    /// How much, in won.
    pub amount: Option<i64>,
    /// On which day.
    pub day: Option<chrono::NaiveDate>,
    /// The sender's own id.
    pub external_id: Option<String>,
    /// What no two rows may share besides: the wave in which a person is paid once.
    pub round: Option<String>,
}

/// How a row is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who asks.
    pub who: Who,
    /// The key under which it is recorded once.
    pub once: Option<Once>,
    /// What is noted with the key: which import, which row.
    pub note: Vec<u8>,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
}

/// A row, ready to be asked for.
pub trait Entry: Send {
    /// What can be said of it before.
    fn marks(&self) -> &Marks;

    /// Asks for it.
    ///
    /// # Errors
    /// [`WriteError`], at once, when it is not taken.
    fn start(&self, door: &Door, ask: Ask) -> Result<Waiting, WriteError>;

    /// What follows once that is written, where the row is two entries.
    fn second(&self) -> Option<&dyn Entry> {
        None
    }

    /// Whether what follows is still to be asked for after [`Entry::start`].
    fn follows(&self) -> bool {
        false
    }
}

/// A row that is one command.
pub struct Asked<C: Command> {
    /// What is asked for.
    pub command: C,
    /// What can be said of it before.
    pub marks: Marks,
    /// What the record is called.
    pub name: fn(&C::Done) -> String,
}

impl<C: Command + Clone> Entry for Asked<C> {
    fn marks(&self) -> &Marks {
        &self.marks
    }

    fn start(&self, door: &Door, ask: Ask) -> Result<Waiting, WriteError> {
        start(door, self.command.clone(), self.name, ask)
    }
}

/// Asks for a command whose answer says which record it is about, and what was noted.
///
/// # Errors
/// [`WriteError`], at once, when it is not taken.
pub fn start<C: Command>(
    door: &Door,
    command: C,
    name: fn(&C::Done) -> String,
    ask: Ask,
) -> Result<Waiting, WriteError> {
    let Ask {
        who,
        once,
        note,
        dry_run,
    } = ask;
    let request = Request {
        command,
        who,
        once,
        dry_run,
    };
    door.start(request, move |done| Answer {
        status: 200,
        location: Some(name(done)),
        etag: None,
        body: note.clone(),
        replayed: false,
    })
}

/// What is wrong with a row's body, or the row ready to be asked for.
pub type Read = Result<Box<dyn Entry>, Vec<FieldFault>>;

/// Turns bodies of rows into what they ask for.
pub trait Reader: Send + Sync {
    /// Reads many at once.
    ///
    /// # Errors
    /// [`DbError`] when something has to be looked up and cannot be, or cannot be sealed.
    fn read(&self, kind: Kind, bodies: Vec<Value>) -> Result<Vec<Read>, DbError>;
}
