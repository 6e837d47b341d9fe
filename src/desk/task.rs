//! What waits at the write door, and who decides it: groups of single commands, and batches.

use std::sync::Arc;

use super::batch::Batch;
use super::door::InFlight;
use super::{Answer, Changes, Desk, Once, Stop, WriteError};
use crate::bounds::About;
use crate::calendar::today_in_seoul;
use crate::clock::Clock;
use crate::db::writer::{Failure, Job, Worked, Worker};
use crate::db::{Conn, DbError};
use crate::ledger::Who;
use crate::ledger::store::{self as ledger, BookRef};
use crate::meters::Writes;
use crate::refusal::Refusal;
use crate::traces::Passage;

/// What a command decided: what to write, and the answer to keep with its key.
pub(super) struct Decided {
    pub(super) changes: Changes,
    pub(super) answer: Option<Answer>,
}

/// A command, whatever its type.
pub(super) trait Question: Send {
    fn about(&self) -> About<'_>;
    fn hint(&self, desk: &Desk);
    fn decide(&mut self, desk: &Desk) -> Result<Decided, Stop>;
}

/// A command that somebody waits for.
pub(super) trait Ask: Question {
    fn reply(self: Box<Self>, outcome: Outcome);
}

/// What became of a command, to be sent once the commit returned.
pub(super) type Outcome = Result<Option<Answer>, WriteError>;

/// A command whose turn it is.
pub(super) struct Turn<'a> {
    pub(super) who: &'a Who,
    pub(super) once: Option<&'a Once>,
    pub(super) dry_run: bool,
    pub(super) question: &'a mut dyn Question,
}

/// A command in the queue with what the door has to know of it.
pub(super) struct Ticket {
    pub(super) book: BookRef,
    pub(super) who: Who,
    pub(super) once: Option<Once>,
    pub(super) dry_run: bool,
    pub(super) passage: Passage,
    pub(super) ask: Box<dyn Ask>,
}

/// What waits at the door.
pub(super) enum Task {
    /// One command.
    One(Ticket),
    /// Many commands with one answer.
    Many(Batch),
}

impl Task {
    /// The idempotency key that it holds.
    pub(super) fn once(&self) -> Option<&Once> {
        match self {
            Self::One(ticket) => ticket.once.as_ref(),
            Self::Many(batch) => batch.once(),
        }
    }

    /// Its turn in a group; a batch has none, since it is alone.
    fn turn(&mut self) -> Option<Turn<'_>> {
        match self {
            Self::One(ticket) => Some(Turn {
                who: &ticket.who,
                once: ticket.once.as_ref(),
                dry_run: ticket.dry_run,
                question: ticket.ask.as_mut(),
            }),
            Self::Many(_) => None,
        }
    }

    fn reply(self, outcome: Outcome) {
        match self {
            Self::One(ticket) => ticket.ask.reply(outcome),
            Self::Many(batch) => batch.reply(outcome),
        }
    }
}

impl Job for Task {
    type Book = BookRef;

    fn book(&self) -> BookRef {
        match self {
            Self::One(ticket) => ticket.book.clone(),
            Self::Many(batch) => batch.first_book(),
        }
    }

    fn is_alone(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    fn passage(&self) -> &Passage {
        match self {
            Self::One(ticket) => &ticket.passage,
            Self::Many(batch) => batch.passage(),
        }
    }
}

/// Decides groups of commands.
#[derive(Clone)]
pub(super) struct Decider {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) in_flight: Arc<InFlight>,
    pub(super) meters: Writes,
}

impl Worker<Task> for Decider {
    type Outcome = Outcome;

    fn work(
        &mut self,
        conn: &mut Conn,
        book: &BookRef,
        tasks: &mut [Task],
    ) -> Result<Worked<Outcome>, DbError> {
        if let [Task::Many(batch)] = tasks {
            return batch.work(conn, self.clock.now());
        }
        let Some(head) = ledger::head(conn, book)? else {
            let missing = || Err(WriteError::Refused(Refusal::rule("not_found")));
            let outcomes = tasks.iter().map(|_| missing()).collect();
            return Ok(Worked {
                outcomes,
                keep: true,
            });
        };
        let now = self.clock.now();
        let mut desk = Desk::open(head, now, today_in_seoul(now));
        let turns = tasks.iter_mut().filter_map(Task::turn).collect();
        let outcomes = desk.decide_all(conn, turns)?;
        desk.write(conn)?;
        Ok(Worked {
            outcomes,
            keep: true,
        })
    }

    fn answer(&mut self, task: Task, outcome: Outcome) {
        self.in_flight.leave(task.once());
        task.reply(outcome);
    }

    fn fail(&mut self, task: Task, why: &Failure) {
        self.in_flight.leave(task.once());
        task.reply(Err(match why {
            Failure::NotWritten => WriteError::Failed,
            Failure::OutOfReach => WriteError::OutOfReach,
            Failure::Unknown => WriteError::Unknown,
        }));
    }

    fn meters(&self) -> &Writes {
        &self.meters
    }
}
