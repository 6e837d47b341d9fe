//! Answers: views turned into bytes, with the headers that belong to them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LINK, LOCATION,
};
use actix_web::web::Bytes;
use aws_lc_rs::digest::{SHA256, digest};
use serde::Serialize;

use super::extract::IfNoneMatch;
use crate::access::secret::hex;
use crate::desk::Answer;

/// The media type of answers.
pub const JSON: &str = "application/json";

/// Says that an answer is the first one given again.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What a cache may do with a report: keep it for its one reader, and ask each time.
const ASK_EACH_TIME: &str = "private, no-cache";

/// The answer to a POST that made something: 201, where it is, and what it is.
#[must_use]
pub fn created(view: &impl Serialize, location: String, version: i32) -> Answer {
    Answer {
        status: StatusCode::CREATED.as_u16(),
        location: Some(location),
        etag: Some(etag_of(version)),
        body: bytes(view),
        replayed: false,
    }
}

/// The answer to a POST of what waits for somebody else: 202, where it is, and what it is.
#[must_use]
pub fn accepted(view: &impl Serialize, location: String, version: i32) -> Answer {
    Answer {
        status: StatusCode::ACCEPTED.as_u16(),
        ..created(view, location, version)
    }
}

/// The answer to a verb or a PATCH: 200 and what it is now.
#[must_use]
pub fn changed(view: &impl Serialize, version: i32) -> Answer {
    Answer {
        status: StatusCode::OK.as_u16(),
        location: None,
        etag: Some(etag_of(version)),
        body: bytes(view),
        replayed: false,
    }
}

/// The answer to a batch: 200 and a body that is written already.
#[must_use]
pub fn whole(body: Vec<u8>) -> Answer {
    Answer {
        status: StatusCode::OK.as_u16(),
        location: None,
        etag: None,
        body,
        replayed: false,
    }
}

/// The answer as it was asked for: a dry run says that it was one and points nowhere.
#[must_use]
pub fn as_asked(answer: Answer, dry_run: bool) -> Answer {
    if !dry_run {
        return answer;
    }
    let mut body = answer.body;
    // Every view is an object with members.
    if body.pop().is_some() {
        body.extend_from_slice(b",\"dry_run\":true}");
    }
    Answer {
        status: StatusCode::OK.as_u16(),
        location: None,
        etag: None,
        body,
        replayed: false,
    }
}

/// Sends an answer of the write door.
#[must_use]
pub fn answer(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(location) = answer.location {
        response.insert_header((LOCATION, location));
    }
    if let Some(etag) = answer.etag {
        response.insert_header((ETAG, etag));
    }
    if answer.replayed {
        response.insert_header((REPLAYED, "true"));
    }
    response
        .insert_header((CONTENT_TYPE, JSON))
        .body(answer.body)
}

/// Sends one thing, with the version that a change has to name.
#[must_use]
pub fn found(view: &impl Serialize, version: i32) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, JSON))
        .insert_header((ETAG, etag_of(version)))
        .body(bytes(view))
}

/// Sends a view.
#[must_use]
pub fn shown(view: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, JSON))
        .body(bytes(view))
}

/// Sends a page of a list, with a link to the next one where there is one.
#[must_use]
pub fn page(view: &impl Serialize, next: Option<String>) -> HttpResponse {
    let mut response = shown(view);
    if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
        response.headers_mut().insert(LINK, next);
    }
    response
}

/// A report as it is sent: its bytes, and the ETag that names them.
#[derive(Debug, Clone)]
pub struct Page {
    body: Bytes,
    etag: String,
}

impl Page {
    /// The page of a view.
    #[must_use]
    pub fn of(view: &impl Serialize) -> Self {
        let body = bytes(view);
        let etag = format!("\"{}\"", hex(digest(&SHA256, &body).as_ref()));
        Self {
            body: body.into(),
            etag,
        }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len()
    }
}

/// Sends a report, or says that the caller has it already.
#[must_use]
pub fn report(page: &Page, known: &IfNoneMatch) -> HttpResponse {
    let mut response = if known.holds(&page.etag) {
        HttpResponse::new(StatusCode::NOT_MODIFIED)
    } else {
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, JSON))
            .body(page.body.clone())
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(ASK_EACH_TIME));
    if let Ok(etag) = HeaderValue::try_from(&page.etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// The strong ETag of a version.
#[must_use]
pub fn etag_of(version: i32) -> String {
    format!("\"{version}\"")
}

/// A view as JSON. Views have nothing in them that cannot be written.
#[must_use]
pub fn bytes(view: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(view).unwrap_or_else(|error| {
        tracing::error!(%error, "a view cannot be written");
        b"{}".to_vec()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_says_so_and_points_nowhere() {
        let view = serde_json::json!({"code": "a", "amount": "1"});
        let would_be = as_asked(created(&view, "/v1/funds/a".to_owned(), 1), true);
        assert_eq!(
            (would_be.status, would_be.location, would_be.etag),
            (200, None, None)
        );
        assert_eq!(
            would_be.body,
            br#"{"code":"a","amount":"1","dry_run":true}"#
        );
        let made = as_asked(created(&view, "/v1/funds/a".to_owned(), 1), false);
        assert_eq!((made.status, made.etag.as_deref()), (201, Some("\"1\"")));
    }

    #[test]
    fn a_report_that_is_known_is_not_sent_again() {
        let page = Page::of(&serde_json::json!({"as_of": "2022-11-03"}));
        let first = report(&page, &IfNoneMatch::default());
        let etag = first
            .headers()
            .get(ETAG)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(first.status(), StatusCode::OK);
        let again = report(&page, &IfNoneMatch::of(&etag));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers().get(ETAG), first.headers().get(ETAG));
        let other = report(&Page::of(&serde_json::json!({})), &IfNoneMatch::of(&etag));
        assert_eq!(other.status(), StatusCode::OK);
    }
}
