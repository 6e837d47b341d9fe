//! Many commands as one write: decided in turn, each seeing what the ones before it did, committed
//! together, and answered as one.
//!
//! A batch has a transaction to itself. Its commands are taken book by book, in the order of the
//! books, so that two batches lock them in the same order. An atomic batch of which one command is
//! refused is taken back whole, and so is a dry run once it was decided.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio::sync::oneshot;

use super::answer::{Answer, Once, Stored};
use super::bounded::new_within;
use super::task::{Outcome, Question, Turn};
use super::{Desk, Request, WriteError};
use crate::calendar::today_in_seoul;
use crate::db::kept::Saved;
use crate::db::writer::Worked;
use crate::db::{Conn, DbError};
use crate::ledger::Who;
use crate::ledger::store::{self as ledger, BookRef};
use crate::refusal::Refusal;
use crate::text_enum::text_enum;
use crate::traces::Passage;

/// Commands of one batch at most: they stand in memory and in one transaction.
pub const MAX_BATCH: usize = 1_000;

text_enum! {
    /// What becomes of a batch when one of its commands is refused.
    BatchMode {
        /// Nothing is written.
        Atomic = "atomic",
        /// The others are written.
        Continue = "continue",
    }
}

/// Commands to be written as one.
#[derive(Debug)]
pub struct Many<C> {
    /// The commands, at most [`MAX_BATCH`].
    pub commands: Vec<C>,
    /// What happens when one is refused.
    pub mode: BatchMode,
}

/// What became of one command: what its result was rendered to, or why it was refused.
pub type Settled = Result<Vec<u8>, Refusal>;

/// One command of a batch.
pub(super) struct Item {
    /// Its place in the batch, from 0.
    pub(super) place: usize,
    pub(super) book: BookRef,
    pub(super) question: Box<dyn Question>,
}

/// What makes one answer of many.
pub(super) type Combine = Box<dyn Fn(Vec<Settled>) -> Answer + Send>;

/// A batch in the queue.
pub(super) struct Batch {
    /// In the order of their books.
    items: Vec<Item>,
    asked: Request<BatchMode>,
    passage: Passage,
    combine: Combine,
    reply: oneshot::Sender<Result<Answer, WriteError>>,
}

impl Batch {
    pub(super) fn new(
        mut items: Vec<Item>,
        asked: Request<BatchMode>,
        combine: Combine,
        reply: oneshot::Sender<Result<Answer, WriteError>>,
    ) -> Self {
        items.sort_by(|a, b| a.book.cmp(&b.book));
        Self {
            items,
            asked,
            passage: Passage::begin(),
            combine,
            reply,
        }
    }

    pub(super) fn once(&self) -> Option<&Once> {
        self.asked.once.as_ref()
    }

    pub(super) fn passage(&self) -> &Passage {
        &self.passage
    }

    pub(super) fn first_book(&self) -> BookRef {
        let first = self.items.first();
        first.map_or_else(BookRef::house, |item| item.book.clone())
    }

    pub(super) fn reply(self, outcome: Outcome) {
        let outcome = outcome.and_then(|answer| answer.ok_or(WriteError::Failed));
        // Whoever asked may have gone away: what was written stays written.
        drop(self.reply.send(outcome));
    }

    /// Decides and writes all of it.
    pub(super) fn work(
        &mut self,
        conn: &mut Conn,
        now: DateTime<Utc>,
    ) -> Result<Worked<Outcome>, DbError> {
        if let Some(known) = self.known(conn)? {
            return Ok(taken_back(self.within().and(known)));
        }
        let Some(settled) = self.settle(conn, now)? else {
            return Ok(taken_back(Err(WriteError::Busy)));
        };
        let refused = settled.iter().any(Result::is_err);
        if refused && self.asked.command == BatchMode::Atomic {
            let faults = Refusal::several(settled.into_iter().map(Result::err));
            return Ok(taken_back(Err(WriteError::Refused(faults))));
        }
        let answer = (self.combine)(settled);
        if self.asked.dry_run {
            return Ok(taken_back(Ok(Some(answer))));
        }
        if let Some(once) = &self.asked.once {
            let stored = Stored {
                once: once.clone(),
                answer: answer.clone(),
                recorded_at: now,
            };
            Stored::save(conn, &[&stored], &[])?;
        }
        Ok(Worked {
            outcomes: vec![Ok(Some(answer))],
            keep: true,
        })
    }

    /// Whether all of it lies within the bounds of whoever asks, of which an answer that was given
    /// before is no proof.
    fn within(&self) -> Result<(), WriteError> {
        let bounds = &self.asked.who.bounds;
        let refusals = self.items.iter().map(|item| {
            let beyond = new_within(bounds, item.question.about()).err();
            (item.place, beyond)
        });
        let by_place: BTreeMap<usize, Option<Refusal>> = refusals.collect();
        if by_place.values().all(Option::is_none) {
            return Ok(());
        }
        let faults = Refusal::several(by_place.into_values());
        Err(WriteError::Refused(faults))
    }

    /// What was answered to the same key before.
    fn known(&self, conn: &mut Conn) -> Result<Option<Outcome>, DbError> {
        let Some(once) = &self.asked.once else {
            return Ok(None);
        };
        let before = Answer::before(conn, once)?;
        Ok(before.map(|answer| answer.map(Some).map_err(WriteError::Refused)))
    }

    /// Decides and writes book by book. `None` where something has to be asked again later.
    fn settle(
        &mut self,
        conn: &mut Conn,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<Settled>>, DbError> {
        let mut settled = BTreeMap::new();
        let who = &self.asked.who;
        for items in self.items.chunk_by_mut(|a, b| a.book == b.book) {
            let places: Vec<usize> = items.iter().map(|item| item.place).collect();
            let outcomes = of_one_book(conn, who, items, now)?;
            for (place, outcome) in places.into_iter().zip(outcomes) {
                let part = match outcome {
                    Ok(answer) => Ok(answer.map(|answer| answer.body).unwrap_or_default()),
                    Err(WriteError::Refused(refusal)) => Err(refusal),
                    Err(_later) => return Ok(None),
                };
                settled.insert(place, part);
            }
        }
        Ok(Some(settled.into_values().collect()))
    }
}

fn of_one_book(
    conn: &mut Conn,
    who: &Who,
    items: &mut [Item],
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>, DbError> {
    let Some(book) = items.first().map(|item| item.book.clone()) else {
        return Ok(Vec::new());
    };
    let Some(head) = ledger::head(conn, &book)? else {
        let missing = || Err(WriteError::Refused(Refusal::rule("not_found")));
        return Ok(items.iter().map(|_| missing()).collect());
    };
    let mut desk = Desk::open(head, now, today_in_seoul(now));
    let turns = items.iter_mut().map(|item| Turn {
        who,
        once: None,
        dry_run: false,
        question: item.question.as_mut(),
    });
    let outcomes = desk.decide_all(conn, turns.collect())?;
    desk.write(conn)?;
    Ok(outcomes)
}

fn taken_back(outcome: Outcome) -> Worked<Outcome> {
    Worked {
        outcomes: vec![outcome],
        keep: false,
    }
}
