//! A POST that records something: its idempotency key, and whether it is only a rehearsal.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use deserr::Deserr;

use super::caller::Caller;
use super::fingerprint::Digest;
use super::query::Parameters;
use super::{header, state};
use crate::desk::{Once, Request};
use crate::http::problem::ApiError;
use crate::http::wire::{Faults, QueryFlag};
use crate::refusal::Refusal;

/// The header that carries the key.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Most characters of a key.
const MAX_KEY: usize = 255;

/// How a POST wants to be recorded.
#[derive(Debug)]
pub struct Writing {
    key: Option<String>,
    dry_run: bool,
    method: String,
    path: String,
    secret: [u8; 32],
}

#[derive(Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct Parameter {
    #[deserr(default)]
    dry_run: Option<QueryFlag>,
}

impl Writing {
    /// The command with all that the write door needs to know about the request.
    #[must_use]
    pub fn request<C, R>(self, caller: &Caller<R>, body: &Digest, command: C) -> Request<C> {
        let once = self.key.map(|key| {
            let parts = [
                self.method.as_bytes(),
                self.path.as_bytes(),
                body.as_bytes(),
            ];
            let hash = Digest::over(&self.secret, "request", &parts);
            let caller = caller.principal.user.clone();
            Once {
                caller,
                key,
                request_hash: hash.as_bytes().to_vec(),
            }
        });
        Request {
            command,
            who: caller.who(),
            once,
            dry_run: self.dry_run,
        }
    }

    fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        Self::asked(request, Parameters::of(request)?)
    }

    fn asked(request: &HttpRequest, parameters: Parameters) -> Result<Self, ApiError> {
        let parameter: Parameter = parameters.read()?;
        let dry_run = parameter.dry_run.is_some_and(|flag| flag.0);
        let key = if dry_run { None } else { Some(key(request)?) };
        Ok(Self {
            key,
            dry_run,
            method: request.method().to_string(),
            path: request.path().to_owned(),
            secret: state(request)?.cursor_key,
        })
    }
}

/// A POST that records something and says how in its query string.
#[derive(Debug)]
pub struct WritingBy<T> {
    /// How it wants to be recorded.
    pub writing: Writing,
    /// What its query string says besides.
    pub query: T,
    said: Vec<(String, String)>,
}

impl Writing {
    /// Whether it is only a rehearsal.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.dry_run
    }
}

impl<T: Deserr<Faults>> WritingBy<T> {
    /// What tells the request from another: what its query string says, and a digest of its body.
    #[must_use]
    pub fn digest(&self, body: &str) -> Digest {
        let said = self.said.iter().flat_map(|(name, value)| [name, value]);
        let mut parts: Vec<&[u8]> = said.map(|text| text.as_bytes()).collect();
        parts.push(body.as_bytes());
        Digest::over(&self.writing.secret, "query and body", &parts)
    }

    /// The same, with what a form says as if it stood in the query string.
    ///
    /// # Errors
    /// `idempotency_key_missing`, `idempotency_key_malformed`, `invalid_fields`.
    pub fn with(request: &HttpRequest, form: Vec<(String, String)>) -> Result<Self, ApiError> {
        let mut parameters = Parameters::with(request, form)?;
        let writing = Writing::asked(request, parameters.take(&["dry_run"]))?;
        let said = parameters.sorted().into_iter().cloned().collect();
        Ok(Self {
            writing,
            query: parameters.read()?,
            said,
        })
    }
}

impl FromRequest for Writing {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

fn key(request: &HttpRequest) -> Result<String, ApiError> {
    if !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return Err(Refusal::rule("idempotency_key_missing").into());
    }
    let once = request.headers().get_all(IDEMPOTENCY_KEY).count() == 1;
    let key = header(request, IDEMPOTENCY_KEY)
        .filter(|_| once)
        .and_then(read_key);
    key.ok_or_else(|| Refusal::rule("idempotency_key_malformed").into())
}

/// Reads a key: a structured string (RFC 9651) in quotes, or the characters as they are.
fn read_key(text: &str) -> Option<String> {
    let text = text.trim();
    let key = match text.strip_prefix('"') {
        Some(quoted) => unescaped(quoted.strip_suffix('"')?)?,
        None => text.to_owned(),
    };
    let fits = (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    fits.then_some(key)
}

/// Takes the backslashes out of a structured string.
fn unescaped(quoted: &str) -> Option<String> {
    let mut plain = String::with_capacity(quoted.len());
    let mut rest = quoted.chars();
    while let Some(character) = rest.next() {
        match character {
            '"' => return None,
            '\\' => plain.push(
                rest.next()
                    .filter(|escaped| matches!(escaped, '"' | '\\'))?,
            ),
            other => plain.push(other),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_in_quotes_or_bare() {
        let long = "k".repeat(255);
        for (text, key) in [
            (
                "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
                "8e03978e-40d5-43dd-bc93-6894a57f9324",
            ),
            ("8e03978e", "8e03978e"),
            (r#""a\"b\\c""#, r#"a"b\c"#),
            ("  a:b;c  ", "a:b;c"),
            (&long, &long),
        ] {
            assert_eq!(read_key(text).as_deref(), Some(key), "{text}");
        }
        let too_long = "k".repeat(256);
        for text in [
            "", " ", "\"\"", "\"", "\"a", "\"a\"b", "\"a\"b\"", r#""\a""#, "a b", "키", &too_long,
        ] {
            assert_eq!(read_key(text), None, "{text}");
        }
    }
}
