//! What an attacker sends: always a 4xx that tells nothing of the inside, never a 500, never a hang.

mod bodies;
mod connections;
mod framing;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use sangsaeng::http::state::Limits;

use crate::support::{Reply, World};

/// Longer than this is a hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Words that an answer holds only where something of the inside comes out.
const INSIDE: [&str; 9] = [
    "panick", "sqlite", "diesel", "actix", "serde", ".rs:", "stack", "SELECT ", "/src/",
];

/// Makes sure that an answer tells nothing of the inside.
#[track_caller]
fn tells_nothing(answer: &str) {
    for word in INSIDE {
        assert!(!answer.contains(word), "{word}: {answer}");
    }
}

/// A refusal that is a problem.
#[track_caller]
fn refused(reply: &Reply, about: &str) {
    assert!(
        (400..500).contains(&reply.status),
        "{about}: {} {}",
        reply.status,
        reply.body
    );
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json"),
        "{about}"
    );
    assert_eq!(reply.body["status"], reply.status, "{about}");
    tells_nothing(&String::from_utf8_lossy(&reply.bytes));
}

/// A connection that bytes are written to as they are.
struct Wire(TcpStream);

impl Wire {
    fn open(w: &World) -> Self {
        let stream = TcpStream::connect(w.address.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    /// Writes, and tells whether the server still takes it.
    fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// Reads until the server closes the connection, which it has to.
    #[track_caller]
    fn answer(mut self) -> String {
        let (mut answer, mut part) = (Vec::new(), [0; 4_096]);
        loop {
            match self.0.read(&mut part) {
                Ok(0) => break,
                Ok(read) => answer.extend_from_slice(&part[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let hangs = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                    assert!(!hangs, "the server hangs, having said {answer:?}");
                    break;
                }
            }
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        tells_nothing(&answer);
        answer
    }
}

/// Sends bytes and reads the answer to its end.
#[track_caller]
fn raw(w: &World, bytes: &[u8]) -> String {
    let mut wire = Wire::open(w);
    wire.write(bytes);
    wire.answer()
}

/// The status of the one answer, or nothing where the connection was closed without one.
#[track_caller]
fn status(answer: &str) -> Option<u16> {
    let answers = answer.matches("HTTP/1.1 ").count();
    assert!(answers <= 1, "{answers} answers: {answer}");
    let line = answer.strip_prefix("HTTP/1.1 ")?;
    Some(line.split(' ').next().unwrap().parse().unwrap())
}

/// Refused, or cut off.
#[track_caller]
fn refused_or_closed(answer: &str, about: &str) {
    let status = status(answer);
    assert!(
        status.is_none_or(|status| (400..500).contains(&status)),
        "{about}: {answer}"
    );
}

/// The head of a request that records something.
fn head(w: &World, more: &str) -> String {
    let token = w.token("officer");
    format!(
        "POST /v1/disbursements HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: k\r\nContent-Type: application/json\r\nConnection: close\r\n{more}\r\n"
    )
}

/// A server that soon loses its patience. Its clock of connections moves in steps of half a second,
/// so that nothing much shorter makes sense.
fn impatient() -> World {
    let second = Duration::from_secs(1);
    World::with_limits(Limits {
        head_time: second.saturating_mul(2),
        body_grace: second,
        body_time: second.saturating_mul(2),
        close_time: second,
        ..Limits::default()
    })
}
