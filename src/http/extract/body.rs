//! The body of a request: JSON, read to its end, every wrong field at once; or a form.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use deserr::Deserr;
use futures_util::future::LocalBoxFuture;

use super::fingerprint::Digest;
use super::{header, reading, state};
use crate::http::json::{Json, NotJson, canonical};
use crate::http::problem::ApiError;
use crate::http::state::Limits;
use crate::http::wire::Faults;
use crate::refusal::Refusal;

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A body that was read into `T`. One that is not there stands for `{}`.
#[derive(Debug)]
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// What tells it from another: two bodies that mean the same have the same.
    pub digest: Digest,
}

impl<T: Deserr<Faults> + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let state = state(&request)?;
            check_headers(&request, &state.limits)?;
            let bytes = reading::read(payload, &state.limits).await?;
            let json = if bytes.is_empty() {
                Json::empty()
            } else {
                check_type(&request)?;
                Json::parse(&bytes)?
            };
            let canonical = canonical::bytes(&json);
            let digest = Digest::over(&state.cursor_key, "body", &[&canonical]);
            Ok(Self {
                value: deserr::deserialize(json)?,
                digest,
            })
        })
    }
}

/// A body that is a form, in the order of its members; one that is not there has none.
#[derive(Debug)]
pub struct Form(pub Vec<(String, String)>);

impl FromRequest for Form {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let state = state(&request)?;
            check_headers(&request, &state.limits)?;
            let bytes = reading::read(payload, &state.limits).await?;
            let unreadable = || ApiError::TokenDenied("invalid_request");
            if !bytes.is_empty() && !is_of_type(&request, &[FORM]) {
                return Err(unreadable());
            }
            let text = std::str::from_utf8(&bytes).map_err(|_not_text| unreadable())?;
            let members = web::Query::<Vec<(String, String)>>::from_query(text);
            let members = members.map_err(|_unreadable| unreadable())?;
            Ok(Self(members.into_inner()))
        })
    }
}

/// Refuses by its headers what need not be read.
fn check_headers(request: &HttpRequest, limits: &Limits) -> Result<(), ApiError> {
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(Refusal::rule("content_encoding_refused").into());
    }
    let length = header(request, CONTENT_LENGTH.as_str()).and_then(|text| text.parse().ok());
    if length.is_some_and(|length: u64| u64::try_from(limits.body).is_ok_and(|most| length > most))
    {
        return Err(reading::too_large(limits));
    }
    Ok(())
}

/// Takes JSON, and for a PATCH also a merge patch.
fn check_type(request: &HttpRequest) -> Result<(), ApiError> {
    let accepted = if request.method() == Method::PATCH {
        &[JSON, MERGE_PATCH][..]
    } else {
        &[JSON][..]
    };
    if is_of_type(request, accepted) {
        Ok(())
    } else {
        let accepted = accepted.join(" / ");
        Err(Refusal::rule("unsupported_media_type")
            .with("accepted", accepted)
            .into())
    }
}

/// Whether the body is said to be of one of these media types, in UTF-8.
fn is_of_type(request: &HttpRequest, accepted: &[&str]) -> bool {
    let given = header(request, CONTENT_TYPE.as_str()).unwrap_or_default();
    let (media_type, parameters) = given.split_once(';').unwrap_or((given, ""));
    let charset = parameters.trim().to_ascii_lowercase();
    let is_utf8 = matches!(charset.as_str(), "" | "charset=utf-8" | "charset=\"utf-8\"");
    let media_type = media_type.trim();
    is_utf8
        && accepted
            .iter()
            .any(|accepted| media_type.eq_ignore_ascii_case(accepted))
}

impl From<NotJson> for ApiError {
    fn from(fault: NotJson) -> Self {
        match fault {
            NotJson::Syntax { line, column } => Refusal::rule("bad_json")
                .with("line", line)
                .with("column", column)
                .into(),
            NotJson::TooMany => Refusal::rule("too_many_values").into(),
            NotJson::Faults(faults) => faults.into(),
        }
    }
}
