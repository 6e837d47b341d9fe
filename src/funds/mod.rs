//! Funds (기금): commitments, plans, contributions, allocations.
//!
//! A root fund has a book of its own, with its whole tree of child funds in it. A child's
//! commitment is taken from its parent's unallocated money, so that each won counts once.
//! What a fund's history consists of are its events: [`Entry`] is one of them. What moves its money is
//! asked for as an [act](crate::proposals::act::Act), which becomes a proposal where a second person has to agree.

pub mod allocate;
pub mod commit;
pub mod contribute;
pub mod contributions;
pub mod error;
pub mod model;
pub mod open;
pub mod plan;
pub mod store;
pub mod terms;

use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::code::Code;
use crate::desk::{Changes, Decision, Desk, Stop};
use crate::ledger::{Event, NewEvent, Transfer, Who};
use crate::refusal::Refusal;
use error::FundError;
use model::{Fund, Openness};

/// One entry in a fund's history: a commitment, a contribution or an allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of the book.
    pub book: i64,
    /// Its place in the book.
    pub sequence: i64,
    /// What sort of entry: the kind of its event.
    pub kind: String,
    /// The value date.
    pub effective_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: String,
    /// What was asked for, as JSON.
    pub command: String,
}

impl From<Event> for Entry {
    fn from(event: Event) -> Self {
        Self {
            book: event.book,
            sequence: event.sequence,
            kind: event.kind,
            effective_on: event.effective_on,
            recorded_at: event.recorded_at,
            recorded_by: event.actor,
            command: event.command,
        }
    }
}

impl Entry {
    /// The entry that an event will be, in the decision at hand.
    #[must_use]
    pub fn now(desk: &Desk, who: &Who, event: &NewEvent) -> Self {
        Self {
            book: desk.book(),
            sequence: desk.next_sequence(),
            kind: event.kind.to_owned(),
            effective_on: event.effective_on,
            recorded_at: desk.now(),
            recorded_by: who.actor.clone(),
            command: event.command.clone(),
        }
    }

    /// Its id: opaque to callers.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.book, self.sequence)
    }

    /// Reads an id; `None` for what cannot be one.
    #[must_use]
    pub fn parse_id(id: &str) -> Option<(i64, i64)> {
        let (book, sequence) = id.split_once('-')?;
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        let fits = plain(book) && plain(sequence);
        fits.then(|| Some((book.parse().ok()?, sequence.parse().ok()?)))
            .flatten()
    }
}

/// The decision that records `event` as an entry of a fund, moving money by `transfers`.
fn entry(desk: &Desk, who: &Who, event: NewEvent, transfers: Vec<Transfer>) -> Decision<Entry> {
    let done = Entry::now(desk, who, &event);
    let mut changes = Changes::of(event);
    changes.transfers = transfers;
    changes.done(done)
}

fn subject(fund: &Code) -> String {
    format!("fund:{fund}")
}

/// The fund, which has to be in this book and open.
pub(crate) fn open_fund(desk: &Desk, code: &Code) -> Result<Rc<Fund>, Stop> {
    let fund = desk.funds.find(code)?.ok_or(FundError::NotFound)?;
    desk.expect_book(fund.book)?;
    if fund.status == Openness::Closed {
        return Err(FundError::Closed(code.clone()).into());
    }
    Ok(fund)
}

/// The value date of an entry: today by default, never in the future.
fn value_date(desk: &Desk, wanted: Option<NaiveDate>) -> Result<NaiveDate, Stop> {
    let on = wanted.unwrap_or_else(|| desk.today());
    if on > desk.today() {
        return Err(Refusal::field("/effective_on", "in_the_future").into());
    }
    Ok(on)
}
