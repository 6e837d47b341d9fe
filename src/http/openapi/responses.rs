//! The problems that operations share, described once each.

use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::Ref;

use super::headers::header_named;
use crate::http::catalogue;
use crate::http::lang::Lang;
use crate::http::problem::PROBLEM_JSON;

/// A problem that operations share.
pub(super) struct Shared {
    /// The HTTP status, as it stands in the document.
    pub(super) status: &'static str,
    /// The name of its component.
    pub(super) name: &'static str,
    /// The code of its example.
    code: &'static str,
    /// When it comes.
    about: &'static str,
    /// Headers of its own.
    headers: &'static [&'static str],
}

const fn shared(
    status: &'static str,
    name: &'static str,
    code: &'static str,
    about: &'static str,
    headers: &'static [&'static str],
) -> Shared {
    Shared {
        status,
        name,
        code,
        about,
        headers,
    }
}

/// Every shared problem.
pub(super) const SHARED: [Shared; 14] = [
    shared(
        "400",
        "BadRequest",
        "bad_json",
        "The request is not well formed.",
        &[],
    ),
    shared(
        "401",
        "NotSignedIn",
        "not_signed_in",
        "Nobody is signed in, or the token is not good.",
        &["WWW-Authenticate"],
    ),
    shared(
        "403",
        "Forbidden",
        "missing_right",
        "The caller may not.",
        &[],
    ),
    shared(
        "404",
        "NotFound",
        "not_found",
        "What the path names is not there.",
        &[],
    ),
    shared(
        "408",
        "TooSlow",
        "body_too_slow",
        "The body came too slowly.",
        &[],
    ),
    shared(
        "409",
        "Conflict",
        "insufficient_available",
        "The books, or the state of the record, do not allow it.",
        &[],
    ),
    shared(
        "412",
        "Stale",
        "stale_etag",
        "It was changed since it was read.",
        &[],
    ),
    shared(
        "413",
        "TooLarge",
        "body_too_large",
        "The body is too large.",
        &[],
    ),
    shared(
        "415",
        "UnsupportedMediaType",
        "unsupported_media_type",
        "It is not JSON.",
        &[],
    ),
    shared(
        "422",
        "InvalidFields",
        "invalid_fields",
        "Fields are wrong: all are listed.",
        &[],
    ),
    shared(
        "428",
        "IfMatchMissing",
        "if_match_missing",
        "The `If-Match` is missing.",
        &[],
    ),
    shared(
        "429",
        "TooManyAttempts",
        "too_many_attempts",
        "Too many tries were wrong. The next one has to wait.",
        &["Retry-After"],
    ),
    shared("500", "Internal", "internal", "A fault of the server.", &[]),
    shared(
        "503",
        "Unavailable",
        "busy",
        "Not at this moment. Nothing was written, unless the code is `outcome_unknown`.",
        &["Retry-After"],
    ),
];

/// The component of a shared problem.
pub(super) fn component(shared: &Shared) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(RefOr::Ref(Ref::from_schema_name("Problem"))))
        .example(Some(example(shared)))
        .build();
    let mut response = ResponseBuilder::new()
        .description(shared.about)
        .content(PROBLEM_JSON, content)
        .build();
    let names = ["X-Request-Id", "Content-Language"]
        .iter()
        .chain(shared.headers);
    response.headers = names.map(|name| header_named(name)).collect();
    response
}

fn example(shared: &Shared) -> serde_json::Value {
    let row = catalogue::problem(shared.code);
    let title = row.map_or("", |row| row.title.in_lang(Lang::En));
    let mut example = json!({
        "type": format!("/problems/{}", shared.code),
        "title": title,
        "status": shared.status.parse().unwrap_or(500_u16),
        "detail": title,
        "instance": "/v1/disbursements",
        "code": shared.code,
    });
    if let (Some(members), "422") = (example.as_object_mut(), shared.status) {
        let errors = json!([
            {"field": "/amount", "code": "zero", "message": "has to be greater than zero"}
        ]);
        members.insert("errors".to_owned(), errors);
    }
    example
}
