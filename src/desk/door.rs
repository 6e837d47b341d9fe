//! The write door as the rooms use it: one call down, one answer up.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::answer::{Answer, Once};
use super::batch::{Batch, Item, Many, Settled};
use super::task::{Ask, Decided, Decider, Question, Task, Ticket};
use super::{Command, Decision, Desk, Stop};
use crate::bounds::About;
use crate::clock::Clock;
use crate::db::patience::{Late, Patience};
use crate::db::writer::{self, NotTaken, Place, Writer};
use crate::db::{DbError, Url, Use};
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
    writer: Writer<Task>,
    patience: Patience,
    in_flight: Arc<InFlight>,
    clock: Arc<dyn Clock>,
    meters: Writes,
}

impl Door {
    /// Opens the door with as many threads as are usual.
    ///
    /// # Errors
    /// As [`Door::with_threads`].
    pub fn open(url: &Url, clock: Arc<dyn Clock>) -> Result<Self, DbError> {
        Self::with_threads(url, writer::THREADS, clock)
    }

    /// Opens the door: a writing connection, and so many threads; see [`Writer::start`].
    ///
    /// # Errors
    /// [`DbError`] when the connection cannot be made.
    pub fn with_threads(url: &Url, threads: usize, clock: Arc<dyn Clock>) -> Result<Self, DbError> {
        let in_flight = Arc::new(InFlight::default());
        let meters = Writes::default();
        let decider = Decider {
            clock: Arc::clone(&clock),
            in_flight: Arc::clone(&in_flight),
            meters: meters.clone(),
        };
        Ok(Self {
            writer: Writer::start(url, threads, decider)?,
            patience: Patience::with(url, Use::Write),
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
        let sent = self.send(request, render)?;
        self.receive(sent).await
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
        Ok(Waiting(self.send(request, render)?.answer))
    }

    /// Asks for a write and hands on what it results in. For callers without idempotency keys.
    ///
    /// # Errors
    /// As [`Door::write`].
    pub async fn run<C: Command>(&self, command: C, who: Who) -> Result<C::Done, WriteError>
    where
        C::Done: Send,
    {
        let sent = self.send_plain(command, who)?;
        self.receive(sent).await
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
            .answer
            .blocking_recv()
            .unwrap_or(Err(WriteError::Unknown))
    }

    /// Asks for many writes as one: all of them or, in [`BatchMode::Continue`], those that are not
    /// refused, in one commit and with one answer. `render` writes down what one resulted in, and
    /// `combine` makes the answer out of that, in the order of the commands.
    ///
    /// # Errors
    /// As [`Door::write`]; [`Refusal::Several`] where one of all is refused.
    ///
    /// [`BatchMode::Continue`]: super::BatchMode::Continue
    pub async fn write_many<C: Command>(
        &self,
        request: Request<Many<C>>,
        render: impl Fn(usize, &C::Done) -> Vec<u8> + Send + Sync + 'static,
        combine: impl Fn(Vec<Settled>) -> Answer + Send + 'static,
    ) -> Result<Answer, WriteError> {
        let (reply, answer) = oneshot::channel();
        let render = Arc::new(render);
        let who = request.who.clone();
        let items = request.command.commands.into_iter();
        let tickets = items.enumerate().map(|(place, command)| Item {
            place,
            book: command.book(),
            question: Box::new(Part {
                place,
                command,
                who: who.clone(),
                render: Arc::clone(&render),
            }),
        });
        let place = self.submit(Task::Many(Batch::new(
            tickets.collect(),
            Request {
                command: request.command.mode,
                who: request.who,
                once: request.once,
                dry_run: request.dry_run,
            },
            Box::new(combine),
            reply,
        )))?;
        self.receive(Sent { place, answer }).await
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

    /// Waits for an answer as long as is fit. A write that nobody has begun by then is taken back;
    /// one that is at work keeps its key until it ends, and the key then tells what became of it.
    async fn receive<T>(&self, mut sent: Sent<T>) -> Result<T, WriteError> {
        let late = match self.patience.wait(&mut sent.answer).await {
            Ok(answer) => return answer.unwrap_or(Err(WriteError::Unknown)),
            Err(late) => late,
        };
        let Some(task) = self.writer.withdraw(sent.place) else {
            // It may have been answered in this moment.
            return sent.answer.try_recv().unwrap_or(Err(WriteError::Unknown));
        };
        self.in_flight.leave(task.once());
        Err(match late {
            Late::Silent => WriteError::OutOfReach,
            Late::Long => WriteError::Busy,
        })
    }

    fn send<C: Command>(
        &self,
        request: Request<C>,
        render: impl Fn(&C::Done) -> Answer + Send + 'static,
    ) -> Result<Sent<Answer>, WriteError> {
        let (reply, answer) = oneshot::channel();
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
        let place = self.submit(Task::One(Ticket {
            book,
            who,
            once,
            dry_run,
            passage: Passage::begin(),
            ask,
        }))?;
        Ok(Sent { place, answer })
    }

    fn send_plain<C: Command>(&self, command: C, who: Who) -> Result<Sent<C::Done>, WriteError>
    where
        C::Done: Send,
    {
        let (reply, answer) = oneshot::channel();
        let book = command.book();
        let ask = Box::new(Plain {
            command,
            who: who.clone(),
            done: None,
            reply,
        });
        let place = self.submit(Task::One(Ticket {
            book,
            who,
            once: None,
            dry_run: false,
            passage: Passage::begin(),
            ask,
        }))?;
        Ok(Sent { place, answer })
    }

    fn submit(&self, task: Task) -> Result<Place, WriteError> {
        // A zero-sized error that carries nothing more to tell.
        self.clock
            .check()
            .map_err(|_jumped| WriteError::ClockJumped)?;
        let once = task.once().cloned();
        self.in_flight.enter(once.as_ref())?;
        self.writer.submit(task).map_err(|not_taken| {
            self.in_flight.leave(once.as_ref());
            match not_taken {
                NotTaken::Full => WriteError::Busy,
                NotTaken::Stopping => WriteError::Stopping,
            }
        })
    }
}

/// A write that was put in the queue.
struct Sent<T> {
    place: Place,
    answer: oneshot::Receiver<Result<T, WriteError>>,
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

impl<C: Command, F: Fn(&C::Done) -> Answer + Send> Question for Rendered<C, F> {
    fn about(&self) -> About<'_> {
        self.command.about()
    }

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
}

impl<C: Command, F: Fn(&C::Done) -> Answer + Send> Ask for Rendered<C, F> {
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

impl<C: Command> Question for Plain<C>
where
    C::Done: Send,
{
    fn about(&self) -> About<'_> {
        self.command.about()
    }

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
}

impl<C: Command> Ask for Plain<C>
where
    C::Done: Send,
{
    fn reply(self: Box<Self>, outcome: Result<Option<Answer>, WriteError>) {
        let Self { done, reply, .. } = *self;
        drop(reply.send(outcome.and_then(|_| done.ok_or(WriteError::Failed))));
    }
}

/// One command of a batch.
struct Part<C: Command, F> {
    place: usize,
    command: C,
    who: Who,
    render: Arc<F>,
}

impl<C: Command, F: Fn(usize, &C::Done) -> Vec<u8> + Send + Sync> Question for Part<C, F> {
    fn about(&self) -> About<'_> {
        self.command.about()
    }

    fn hint(&self, desk: &Desk) {
        self.command.hint(desk);
    }

    fn decide(&mut self, desk: &Desk) -> Result<Decided, Stop> {
        let Decision { changes, done } = self.command.decide(desk, &self.who)?;
        Ok(Decided {
            changes,
            answer: Some(Answer::part((self.render)(self.place, &done))),
        })
    }
}
