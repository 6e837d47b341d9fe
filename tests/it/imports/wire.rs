//! A file on the wire, piece by piece.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than this is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request whose body comes in pieces.
pub struct Coming(TcpStream);

impl Coming {
    /// Begins to send a file to a server as somebody; with `length` where its length is told.
    pub fn begin(address: &str, token: &str, media: &str, length: Option<usize>) -> Self {
        let stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let framing = length.map_or("transfer-encoding: chunked".to_owned(), |length| {
            format!("content-length: {length}")
        });
        let head = format!(
            "POST /v1/imports?kind=disbursements HTTP/1.1\r\nhost: x\r\n\
             authorization: Bearer {token}\r\nidempotency-key: {}\r\ncontent-type: {media}\r\n\
             connection: close\r\n{framing}\r\n\r\n",
            crate::support::fresh_key()
        );
        let mut coming = Self(stream);
        coming.0.write_all(head.as_bytes()).unwrap();
        coming
    }

    /// Sends bytes as they are; whether the server still takes them.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// Sends a piece of a body of untold length; whether the server still takes it.
    pub fn piece(&mut self, bytes: &[u8]) -> bool {
        let head = format!("{:x}\r\n", bytes.len());
        self.send(head.as_bytes()) && self.send(bytes) && self.send(b"\r\n")
    }

    /// Breaks off.
    pub fn break_off(self) {
        self.0.shutdown(Shutdown::Both).unwrap();
    }

    /// The answer: its status, and its body.
    pub fn answer(mut self) -> (u16, Value) {
        let mut answer = Vec::new();
        // A server that refused may close before it has taken everything.
        drop(self.0.read_to_end(&mut answer));
        let answer = String::from_utf8(answer).unwrap();
        let status = answer
            .split(' ')
            .nth(1)
            .map(|status| status.parse().unwrap());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body);
        let body = body.and_then(|body| serde_json::from_str(body).ok());
        (status.unwrap_or_default(), body.unwrap_or_default())
    }

    /// The answer's code, and that of its first fault.
    pub fn refusal(self) -> String {
        let (status, body) = self.answer();
        let text = |pointer: &str| {
            let text = body.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let (code, fault) = (text("/code"), text("/errors/0/code"));
        format!("{status} {code} {fault}").trim().to_owned()
    }
}
