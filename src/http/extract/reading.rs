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
use futures_util::StreamExt;
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

/// Reads a body into a file, to its end: a file of rows may be far longer than any other body, and
/// is never held in memory.
///
/// # Errors
/// As [`read`].
pub async fn spool(mut body: Payload, mut file: File, limits: &Limits) -> Result<File, ApiError> {
    let pace = Limits {
        body: limits.file,
        body_time: limits.file_time,
        ..limits.clone()
    };
    let started = Instant::now();
    let (mut read, mut part): (usize, Vec<u8>) = (0, Vec::new());
    loop {
        let due = started
            .checked_add(patience(read, &pace))
            .unwrap_or(started);
        let chunk = match timeout_at(due, body.next()).await {
            Err(_elapsed) => return Err(Refusal::rule("body_too_slow").into()),
            Ok(None) => None,
            Ok(Some(Err(error))) => {
                tracing::debug!(%error, "a file broke off");
                return Err(Refusal::rule("body_incomplete").into());
            }
            Ok(Some(Ok(chunk))) => Some(chunk),
        };
        if let Some(chunk) = &chunk {
            read = read.saturating_add(chunk.len());
            if read > pace.body {
                return Err(too_large(&pace));
            }
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
