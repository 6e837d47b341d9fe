//! What a path names. Whatever cannot be there is not found, like all else that is not there.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::code::Code;
use crate::http::problem::ApiError;
use crate::ids::RecordId;

/// Most characters of an opaque id.
const MAX_KEY: usize = 64;

/// The code of a fund, program or organisation: the first parameter of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathCode(pub Code);

/// The id of a record: the last parameter of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathId(pub RecordId);

/// An opaque id of something else: the last parameter of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathKey(pub String);

/// The id of a record, the first parameter of the path, and the number of something of it, the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathNumbered {
    /// The record.
    pub id: RecordId,
    /// The number.
    pub number: i32,
}

impl FromRequest for PathNumbered {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let first = request.match_info().iter().next();
        let id = first.and_then(|(_, text)| RecordId::parse(text));
        let number = last(request).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.and_then(|text| text.parse().ok());
        let both = id.zip(number).map(|(id, number)| Self { id, number });
        ready(both.ok_or_else(ApiError::not_found))
    }
}

impl FromRequest for PathCode {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let first = request.match_info().iter().next();
        let code = first.and_then(|(_, text)| Code::parse(text).ok());
        ready(code.map(Self).ok_or_else(ApiError::not_found))
    }
}

impl FromRequest for PathId {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = last(request).and_then(RecordId::parse);
        ready(id.map(Self).ok_or_else(ApiError::not_found))
    }
}

impl FromRequest for PathKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = last(request).filter(|key| is_key(key));
        ready(
            key.map(|key| Self(key.to_owned()))
                .ok_or_else(ApiError::not_found),
        )
    }
}

fn last(request: &HttpRequest) -> Option<&str> {
    request.match_info().iter().last().map(|(_, text)| text)
}

fn is_key(text: &str) -> bool {
    (1..=MAX_KEY).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
