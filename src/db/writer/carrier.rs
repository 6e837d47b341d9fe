//! Carries the write-ahead log of the embedded engine over into its file, beside the writer.
//!
//! The engine carries it over by itself, in the commit that made it long, and everybody waits for
//! that commit. So a thread with a connection of its own does most of it before: whenever the writer
//! was at work for [`CARRIED_EVERY`]. Only the writer can begin the log anew, once it is long enough,
//! and then finds little left to carry. Whatever fails here is left to it. PostgreSQL has processes
//! of its own for this.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::db::{Conn, DbError, Url, Use};

/// For how long groups are written before what they wrote is carried over: some thousand pages of the
/// log, so that a page that many groups change is not carried for each of them.
const CARRIED_EVERY: Duration = Duration::from_millis(200);

/// What the writer holds of it.
pub(super) struct Carrier {
    due: SyncSender<()>,
    at_work: Duration,
}

impl Carrier {
    /// Starts the thread; `None` where the engine has processes for it.
    ///
    /// # Errors
    /// [`DbError::Connect`] when no thread can be made.
    pub(super) fn start(url: &Url) -> Result<Option<(Self, JoinHandle<()>)>, DbError> {
        if url.is_shared() {
            return Ok(None);
        }
        // One that waits is enough: it carries all there is.
        let (due, dues) = sync_channel(1);
        let url = url.clone();
        let thread = std::thread::Builder::new()
            .name("carrier".to_owned())
            .spawn(move || carry(&url, &dues))
            .map_err(|e| DbError::Connect(e.to_string()))?;
        let at_work = Duration::ZERO;
        Ok(Some((Self { due, at_work }, thread)))
    }

    /// Tells that a group was written in so long a time.
    pub(super) fn wrote(&mut self, took: Duration) {
        self.at_work = self.at_work.saturating_add(took);
        if self.at_work >= CARRIED_EVERY && self.due.try_send(()).is_ok() {
            self.at_work = Duration::ZERO;
        }
    }
}

/// Carries over whenever it is due, until the writer is gone. It connects when it is first needed.
fn carry(url: &Url, dues: &Receiver<()>) {
    let mut kept: Option<Conn> = None;
    while dues.recv().is_ok() {
        let conn = match kept.take() {
            Some(conn) => Ok(conn),
            None => Conn::open(url, Use::Write),
        };
        let carried = conn.and_then(|mut conn| conn.carry_over().map(|()| conn));
        match carried {
            Ok(conn) => kept = Some(conn),
            Err(error) => tracing::warn!(%error, "the write-ahead log was not carried over"),
        }
    }
}
