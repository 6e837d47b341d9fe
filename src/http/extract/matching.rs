//! Versions in headers: which one a change expects, and which ones a reader has.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};

use super::header;
use crate::http::problem::ApiError;
use crate::refusal::Refusal;

/// The version that a change expects; it has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i32);

/// The version that a caller expects, where it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected(pub Option<i32>);

/// The ETags that a reader has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfNoneMatch(Option<String>);

impl IfNoneMatch {
    /// The ETags in a header.
    #[must_use]
    pub fn of(header: &str) -> Self {
        Self(Some(header.to_owned()))
    }

    /// Whether that ETag is among them; a weak one counts as its strong one.
    #[must_use]
    pub fn holds(&self, etag: &str) -> bool {
        let mut known = self
            .0
            .iter()
            .flat_map(|header| header.split(','))
            .map(str::trim);
        known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let missing = || Refusal::rule("if_match_missing").into();
        let found = expected(request).and_then(|version| version.ok_or_else(missing));
        ready(without_query(request).and(found).map(Self))
    }
}

impl FromRequest for Expected {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(expected(request).map(Self))
    }
}

impl FromRequest for IfNoneMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(
            header(request, IF_NONE_MATCH.as_str()).map(str::to_owned),
        )))
    }
}

/// A change takes no parameters: whoever adds `?dry_run=true` to one would be surprised.
fn without_query(request: &HttpRequest) -> Result<(), ApiError> {
    super::query::Parameters::of(request)?
        .read::<Nothing>()
        .map(|Nothing {}| ())
}

#[derive(deserr::Deserr)]
#[deserr(error = crate::http::wire::Faults, deny_unknown_fields)]
struct Nothing {}

fn expected(request: &HttpRequest) -> Result<Option<i32>, ApiError> {
    if !request.headers().contains_key(IF_MATCH) {
        return Ok(None);
    }
    let once = request.headers().get_all(IF_MATCH).count() == 1;
    let version = header(request, IF_MATCH.as_str())
        .filter(|_| once)
        .and_then(version_of);
    version
        .map(Some)
        .ok_or_else(|| Refusal::rule("if_match_malformed").into())
}

/// The version that a strong ETag of ours names.
fn version_of(etag: &str) -> Option<i32> {
    let digits = etag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_strong_etag_of_ours_names_a_version() {
        assert_eq!(version_of("\"3\""), Some(3));
        assert_eq!(version_of(" \"120\" "), Some(120));
        for text in [
            "",
            "3",
            "\"\"",
            "W/\"3\"",
            "*",
            "\"03\"",
            "\"+3\"",
            "\"3\", \"4\"",
            "\"9999999999\"",
        ] {
            assert_eq!(version_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_reader_may_name_several() {
        let known = IfNoneMatch::of("\"a\", W/\"b\" ,\"c\"");
        assert!(known.holds("\"a\"") && known.holds("\"b\"") && known.holds("\"c\""));
        assert!(!known.holds("\"d\"") && !IfNoneMatch::default().holds("\"a\""));
        assert!(IfNoneMatch::of("*").holds("\"d\""));
    }
}
