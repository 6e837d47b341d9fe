//! How long whoever asked is kept waiting, by engine.
//!
//! On the embedded engine as long as it takes: it cannot stall apart from this process, and a long
//! write is no fault. A PostgreSQL server may: its machine still acknowledges what is sent, and
//! libpq waits for ever. So whoever waited for `AT_FIRST` has the server asked for a sign of life
//! on a connection of its own, and is told within `FOR_A_SIGN` where none comes. As long as signs
//! come, a long report or a queue is only long, and is waited for, up to `AT_LONGEST`. What a
//! request waits for one after the other counts from the request on: [`counted_from_now`].
//!
//! A server that lives may still not commit: with a synchronous standby that is away, say. So
//! whoever writes has it asked for a commit (`SIGN_OF_COMMITTING`).
//!
//! Cost: nothing for what is quick; one short connection at a time while something is slow.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use tokio::time::timeout_at;

use super::{Conn, Url, Use};

/// How long an answer is waited for without doubt.
const AT_FIRST: Duration = Duration::from_secs(1);
/// How long a sign of life may take. With [`AT_FIRST`] it stays below the two seconds within which
/// everybody is answered.
const FOR_A_SIGN: Duration = Duration::from_millis(750);
/// How long an answer is waited for where signs come.
const AT_LONGEST: Duration = Duration::from_secs(30);
/// What shows that a commit ends: a few bytes in the server's log, and nothing in any table. It
/// waits for the disk, and for a standby where commits do, and fails where nothing may be written.
const SIGN_OF_COMMITTING: &str = "SELECT pg_logical_emit_message(true, 'sangsaeng', '')";
/// How long a server that stops waits for writes that are at work.
const FAREWELL: Duration = Duration::from_secs(5);

tokio::task_local! {
    /// When whoever is waiting asked.
    static ASKED: Instant;
}

/// Does `work` for somebody who asks for it at this moment.
pub async fn counted_from_now<F: Future>(work: F) -> F::Output {
    ASKED.scope(Instant::now(), work).await
}

/// Does `work` apart from whoever asks for it, and for the same request.
pub fn counted_as_before<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let asked = ASKED.try_with(|asked| *asked);
    ASKED.scope(asked.unwrap_or_else(|_apart| Instant::now()), work)
}

/// How long whoever asked is kept waiting.
#[derive(Debug, Clone)]
pub struct Patience(Option<Arc<Pulse>>);

/// Why an answer is waited for no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    /// The database gives no sign of life.
    Silent,
    /// The database lives, and still there is no answer.
    Long,
}

impl Patience {
    /// What is fit for that database and what is asked of it.
    #[must_use]
    pub fn with(url: &Url, purpose: Use) -> Self {
        Self(url.is_shared().then(|| {
            Arc::new(Pulse {
                url: url.clone(),
                purpose,
                felt: Mutex::default(),
            })
        }))
    }

    /// Whether an answer may stay out, so that nobody should block to have it.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.0.is_some()
    }

    /// Waits for an answer.
    ///
    /// # Errors
    /// [`Late`]. Whatever was to answer goes on.
    pub async fn wait<F: Future>(&self, answer: F) -> Result<F::Output, Late> {
        let Some(pulse) = &self.0 else {
            return Ok(answer.await);
        };
        let now = Instant::now();
        let asked = ASKED.try_with(|asked| *asked).unwrap_or(now);
        let mut answer = pin!(answer);
        let at_first = timeout_at((asked + AT_FIRST).into(), answer.as_mut());
        if let Ok(answer) = at_first.await {
            return Ok(answer);
        }
        while asked.elapsed() < AT_LONGEST {
            let since = pulse.feel();
            let for_a_sign = timeout_at((since + FOR_A_SIGN).into(), answer.as_mut());
            if let Ok(answer) = for_a_sign.await {
                return Ok(answer);
            }
            if !pulse.was_felt(since) {
                return Err(Late::Silent);
            }
        }
        Err(Late::Long)
    }

    /// How long a server that stops waits for writes that are at work; `None` for ever.
    #[must_use]
    pub fn farewell(&self) -> Option<Duration> {
        self.0.as_ref().map(|_| FAREWELL)
    }
}

/// Whether a server lives.
#[derive(Debug)]
struct Pulse {
    url: Url,
    purpose: Use,
    felt: Mutex<Felt>,
}

#[derive(Debug, Default)]
struct Felt {
    last: Option<Instant>,
    /// Since when a sign is waited for.
    feeling: Option<Instant>,
}

impl Pulse {
    /// Asks the server for a sign of life, unless somebody still waits for one, and says since when.
    fn feel(self: &Arc<Self>) -> Instant {
        let mut felt = self.felt();
        if let Some(since) = felt.feeling {
            return since;
        }
        let since = Instant::now();
        felt.feeling = Some(since);
        drop(felt);
        let pulse = Arc::clone(self);
        let thread = std::thread::Builder::new().name("pulse".to_owned());
        let spawned = thread.spawn(move || {
            let alive = pulse.is_alive();
            let mut felt = pulse.felt();
            felt.feeling = None;
            if alive {
                felt.last = Some(Instant::now());
            }
        });
        if spawned.is_err() {
            self.felt().feeling = None;
        }
        since
    }

    fn is_alive(&self) -> bool {
        Conn::open(&self.url, self.purpose).is_ok_and(|mut conn| match self.purpose {
            Use::Read => true,
            Use::Write => conn.batch_execute(SIGN_OF_COMMITTING).is_ok(),
        })
    }

    fn was_felt(&self, since: Instant) -> bool {
        self.felt().last.is_some_and(|last| last >= since)
    }

    fn felt(&self) -> MutexGuard<'_, Felt> {
        self.felt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
