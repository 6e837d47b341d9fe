//! Reading a body: never more than its limit, and never for longer than its time.
//!
//! actix bounds the time of a head, not of a body. Here a body has a deadline as a whole, and
//! after a grace it must have come at a least rate, so that a sender cannot hold a connection with
//! a byte now and then.

use std::fs::File;
use std::io::Write;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::{self, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use crate::http::problem::ApiError;
use crate::http::state::Limits;
use crate::refusal::Refusal;

/// Reads a body to its end.
///
/// # Errors
/// `body_too_large`, `body_too_slow`, `body_incomplete`.
pub(super) async fn read(mut body: Payload, limits: &Limits) -> Result<Bytes, ApiError> {
    let started = Instant::now();
    let mut read = BytesMut::new();
    loop {
        let due = started
            .checked_add(patience(read.len(), limits))
            .unwrap_or(started);
        let chunk = timeout_at(due, body.next()).await;
        match chunk {
            Err(_elapsed) => return Err(Refusal::rule("body_too_slow").into()),
            Ok(None) => return Ok(read.freeze()),
            Ok(Some(Err(error))) => {
                tracing::debug!(%error, "a body broke off");
                return Err(Refusal::rule("body_incomplete").into());
            }
            Ok(Some(Ok(chunk))) => {
                if read.len().saturating_add(chunk.len()) > limits.body {
                    return Err(too_large(limits));
                }
                read.extend_from_slice(&chunk);
            }
        }
    }
}

/// Bytes of a file that are written in one go.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// A file of rows as it comes in: it may be far longer than any other body, and is never held in
/// memory.
pub struct Intake {
    limits: Limits,
    started: Instant,
    read: usize,
}

impl Intake {
    /// One that begins now.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let limits = Limits {
            body: limits.file,
            body_time: limits.file_time,
            ..limits.clone()
        };
        Self {
            limits,
            started: Instant::now(),
            read: 0,
        }
    }

    /// The next of what comes in, if it comes in time.
    ///
    /// # Errors
    /// `body_too_slow`.
    pub async fn next<S: Stream + Unpin>(
        &self,
        coming: &mut S,
    ) -> Result<Option<S::Item>, ApiError> {
        let due = self.started.checked_add(patience(self.read, &self.limits));
        let next = timeout_at(due.unwrap_or(self.started), coming.next()).await;
        next.map_err(|_elapsed| Refusal::rule("body_too_slow").into())
    }

    /// Counts bytes that came.
    ///
    /// # Errors
    /// `body_too_large`.
    pub fn count(&mut self, bytes: usize) -> Result<(), ApiError> {
        self.read = self.read.saturating_add(bytes);
        if self.read > self.limits.body {
            return Err(too_large(&self.limits));
        }
        Ok(())
    }

    /// Writes what comes in into a file, to its end.
    ///
    /// # Errors
    /// As [`Intake::next`] and [`Intake::count`]; what `broken` says of a stream that broke off.
    pub async fn spool<E>(
        &mut self,
        coming: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
        mut file: File,
        broken: fn(E) -> ApiError,
    ) -> Result<File, ApiError> {
        let mut part: Vec<u8> = Vec::new();
        loop {
            let chunk = self.next(coming).await?.transpose().map_err(broken)?;
            if let Some(chunk) = &chunk {
                self.count(chunk.len())?;
                part.extend_from_slice(chunk);
            }
            if chunk.is_none() || part.len() >= WRITTEN_AT_ONCE {
                let full = std::mem::take(&mut part);
                let written = web::block(move || file.write_all(&full).map(|()| file)).await;
                file = written
                    .map_err(ApiError::internal)?
                    .map_err(ApiError::internal)?;
            }
            if chunk.is_none() {
                return Ok(file);
            }
        }
    }
}

/// The refusal of a body that is longer than its limit.
pub(super) fn too_large(limits: &Limits) -> ApiError {
    Refusal::rule("body_too_large")
        .with("limit", limits.body)
        .into()
}

/// How long after its start a body of which `read` bytes came may let the next ones wait.
fn patience(read: usize, limits: &Limits) -> Duration {
    let read = u64::try_from(read).unwrap_or(u64::MAX);
    let earned = Duration::from_secs(read.checked_div(limits.body_rate).unwrap_or(0));
    limits
        .body_grace
        .saturating_add(earned)
        .min(limits.body_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_steadily_has_time_to_the_deadline() {
        let limits = Limits::default();
        assert_eq!(patience(0, &limits), Duration::from_secs(5));
        assert_eq!(patience(10 * 1_024, &limits), Duration::from_secs(15));
        assert_eq!(patience(usize::MAX, &limits), Duration::from_secs(30));
    }
}
