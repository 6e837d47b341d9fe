//! The write door as the rooms use it: one call down, one answer up.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::answer::{Answer, Once};
use super::group::{Ask, Decided, Decider, Ticket};
use super::{Command, Decision, Desk, Stop};
use crate::clock::Clock;
use crate::db::writer::{NotTaken, Writer};
use crate::db::{DbError, Url};
use crate::ledger::Who;
use crate::meters::Writes;
use crate::refusal::Refusal;
use crate::traces::Passage;

/// A command with who asks for it and how.
#[derive(Debug)]
pub struct Request<C> {
    /// What is asked for.
    pub command: C,
    /// Who asks.
    pub who: Who,
    /// The idempotency key, where the caller gave one.
    pub once: Option<Once>,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
}

/// Why a write was not answered with a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// It is refused; nothing was written.
    Refused(Refusal),
    /// The first request with this key is still running.
    InProgress,
    /// Too many writes wait; nothing was written.
    Busy,
    /// The server is stopping; nothing was written.
    Stopping,
    /// The database is out of reach; nothing was written.
    OutOfReach,
    /// Whether it was written is not known: the same key will tell.
    Unknown,
    /// It failed; nothing was written.
    Failed,
    /// The wall clock moved by more than a day; nothing is written until a restart.
    ClockJumped,
}

/// Keys whose first request is still running.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<HashSet<(String, String)>>);

impl InFlight {
    fn lock(&self) -> MutexGuard<'_, HashSet<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, once: Option<&Once>) -> Result<(), WriteError> {
        match once {
            Some(once) if !self.lock().insert((once.caller.clone(), once.key.clone())) => {
                Err(WriteError::InProgress)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn leave(&self, once: Option<&Once>) {
        if let Some(once) = once {
            self.lock().remove(&(once.caller.clone(), once.key.clone()));
        }
    }
}

/// The only way to write.
pub struct Door {
    writer: Writer<Ticket>,
    in_flight: Arc<InFlight>,
    clock: Arc<dyn Clock>,
    meters: Writes,
}

impl Door {
    /// Opens the door: the writing connection and its thread.
    ///
    /// # Errors
    /// [`DbError`] when the connection cannot be made.
    pub fn open(url: &Url, clock: Arc<dyn Clock>) -> Result<Self, DbError> {
        let in_flight = Arc::new(InFlight::default());
        let meters = Writes::default();
        let decider = Decider {
            clock: Arc::clone(&clock),
            in_flight: Arc::clone(&in_flight),
            meters: meters.clone(),
        };
        Ok(Self {
            writer: Writer::start(url, decider)?,
            in_flight,
            clock,
            meters,
        })
    }

    /// Asks for a write and hands on its answer, rendered before the commit so that it is kept
    /// with the idempotency key.
    ///
    /// # Errors
    /// [`WriteError`]; only after [`WriteError::Unknown`] something may have been written.
    pub async fn write<C: Command>(
        &self,
        request: Request<C>,
        render: impl Fn(&C::Done) -> Answer + Send + 'static,
    ) -> Result<Answer, WriteError> {
        self.send(request, render)?
            .await
            .unwrap_or(Err(WriteError::Unknown))
    }

    /// The same, for callers that may block. Several can be under way at once: see [`Waiting`].
    ///
    /// # Errors
    /// [`WriteError`], at once, when the request is not taken.
    pub fn start<C: Command>(
        &self,
        request: Request<C>,
        render: impl Fn(&C::Done) -> Answer + Send + 'static,
    ) -> Result<Waiting, WriteError> {
        Ok(Waiting(self.send(request, render)?))
    }

    /// Asks for a write and hands on what it results in. For callers without idempotency keys.
    ///
    /// # Errors
    /// As [`Door::write`].
    pub async fn run<C: Command>(&self, command: C, who: Who) -> Result<C::Done, WriteError>
    where
        C::Done: Send,
    {
        self.send_plain(command, who)?
            .await
            .unwrap_or(Err(WriteError::Unknown))
    }

    /// The same, for callers that may block.
    ///
    /// # Errors
    /// As [`Door::write`].
    pub fn run_blocking<C: Command>(&self, command: C, who: Who) -> Result<C::Done, WriteError>
    where
        C::Done: Send,
    {
        self.send_plain(command, who)?
            .blocking_recv()
            .unwrap_or(Err(WriteError::Unknown))
    }

    /// What is counted here.
    #[must_use]
    pub fn meters(&self) -> &Writes {
        &self.meters
    }

    /// How many writes wait, and how long the oldest has.
    #[must_use]
    pub fn waiting(&self) -> (usize, Duration) {
        let (waiting, oldest) = self.writer.waiting();
        (
            waiting,
            oldest.map_or(Duration::ZERO, |since| since.elapsed()),
        )
    }

    /// Takes no more writes, finishes those that wait, and returns when all are answered.
    pub fn stop(&self) {
        self.writer.stop();
    }

    fn send<C: Command>(
        &self,
        request: Request<C>,
        render: impl Fn(&C::Done) -> Answer + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<Answer, WriteError>>, WriteError> {
        let (reply, receiver) = oneshot::channel();
        let Request {
            command,
            who,
            once,
            dry_run,
        } = request;
        let book = command.book();
        let ask = Box::new(Rendered {
            command,
            who: who.clone(),
            render,
            reply,
        });
        self.submit(Ticket {
            book,
            who,
            once,
            dry_run,
            passage: Passage::begin(),
            ask,
        })?;
        Ok(receiver)
    }

    fn send_plain<C: Command>(
        &self,
        command: C,
        who: Who,
    ) -> Result<oneshot::Receiver<Result<C::Done, WriteError>>, WriteError>
    where
        C::Done: Send,
    {
        let (reply, receiver) = oneshot::channel();
        let book = command.book();
        let ask = Box::new(Plain {
            command,
            who: who.clone(),
            done: None,
            reply,
        });
        self.submit(Ticket {
            book,
            who,
            once: None,
            dry_run: false,
            passage: Passage::begin(),
            ask,
        })?;
        Ok(receiver)
    }

    fn submit(&self, ticket: Ticket) -> Result<(), WriteError> {
        // A zero-sized error that carries nothing more to tell.
        self.clock
            .check()
            .map_err(|_jumped| WriteError::ClockJumped)?;
        let once = ticket.once.clone();
        self.in_flight.enter(once.as_ref())?;
        self.writer.submit(ticket).map_err(|not_taken| {
            self.in_flight.leave(once.as_ref());
            match not_taken {
                NotTaken::Full => WriteError::Busy,
                NotTaken::Stopping => WriteError::Stopping,
            }
        })
    }
}

/// A write that is under way.
pub struct Waiting(oneshot::Receiver<Result<Answer, WriteError>>);

impl Waiting {
    /// Waits for the answer.
    ///
    /// # Errors
    /// As [`Door::write`].
    pub fn wait(self) -> Result<Answer, WriteError> {
        self.0.blocking_recv().unwrap_or(Err(WriteError::Unknown))
    }
}

struct Rendered<C: Command, F> {
    command: C,
    who: Who,
    render: F,
    reply: oneshot::Sender<Result<Answer, WriteError>>,
}

impl<C: Command, F: Fn(&C::Done) -> Answer + Send> Ask for Rendered<C, F> {
    fn hint(&self, desk: &Desk) {
        self.command.hint(desk);
    }

    fn decide(&mut self, desk: &Desk) -> Result<Decided, Stop> {
        let Decision { changes, done } = self.command.decide(desk, &self.who)?;
        Ok(Decided {
            changes,
            answer: Some((self.render)(&done)),
        })
    }

    fn reply(self: Box<Self>, outcome: Result<Option<Answer>, WriteError>) {
        let outcome = outcome.and_then(|answer| answer.ok_or(WriteError::Failed));
        // Whoever asked may have gone away: what was written stays written.
        drop(self.reply.send(outcome));
    }
}

struct Plain<C: Command> {
    command: C,
    who: Who,
    done: Option<C::Done>,
    reply: oneshot::Sender<Result<C::Done, WriteError>>,
}

impl<C: Command> Ask for Plain<C>
where
    C::Done: Send,
{
    fn hint(&self, desk: &Desk) {
        self.command.hint(desk);
    }

    fn decide(&mut self, desk: &Desk) -> Result<Decided, Stop> {
        let Decision { changes, done } = self.command.decide(desk, &self.who)?;
        self.done = Some(done);
        Ok(Decided {
            changes,
            answer: None,
        })
    }

    fn reply(self: Box<Self>, outcome: Result<Option<Answer>, WriteError>) {
        let Self { done, reply, .. } = *self;
        drop(reply.send(outcome.and_then(|_| done.ok_or(WriteError::Failed))));
    }
}
