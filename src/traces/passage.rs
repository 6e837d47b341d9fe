//! A write on its way through the door.

use std::cell::Cell;
use std::time::Instant;

use tracing::{Span, trace_span};

use super::TARGET;

/// A write on its way through the door: when it came, and its spans.
pub struct Passage {
    since: Instant,
    write: Span,
    waiting: Cell<Option<Span>>,
}

impl Passage {
    /// It comes, and begins to wait.
    #[must_use]
    pub fn begin() -> Self {
        let write = trace_span!(target: TARGET, "write");
        let waiting = trace_span!(target: TARGET, parent: &write, "waiting");
        Self {
            since: Instant::now(),
            write,
            waiting: Cell::new(Some(waiting)),
        }
    }

    /// When it came.
    #[must_use]
    pub fn since(&self) -> Instant {
        self.since
    }

    /// It waits no longer. Tells when it came.
    pub fn taken(&self) -> Instant {
        drop(self.waiting.take());
        self.since
    }

    /// The span of the whole.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.write
    }
}
