//! What happens round every request: an id, a line in the log, headers, and problems rendered.
//!
//! [`frame`] is the outermost: whatever happens inside, a panic too, leaves as an answer with the
//! request's id. [`authenticate`] finds out who sends a request under `/v1`; whether they may is
//! for the handler's arguments to say. Bodies and query strings are never logged.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use futures_util::FutureExt;
use tracing::{Instrument, Span};

use super::extract::caller::SignedIn;
use super::extract::signing_in::SigningIn;
use super::extract::{RequestId, source};
use super::lang::Lang;
use super::problem::{ApiError, PROBLEM_JSON};
use super::state::State;
use super::unread::Unread;
use crate::access::SignInError;
use crate::access::source::Source;
use crate::attempts::model::{Account, Attempt};
use crate::attempts::{Attempts, rules};
use crate::db::patience::counted_from_now;
use crate::meters::{self, Meters};
use crate::refusal::Refusal;
use crate::traces;

/// Names a request; a caller may choose the name.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the span of a caller that follows a request, as W3C Trace Context has it.
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");

/// Most characters of an id that a caller chooses.
const MAX_REQUEST_ID: usize = 64;

/// What a page of ours may load where it does not say: nothing.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What is remembered of a request until its answer leaves.
struct Asked {
    id: String,
    method: Method,
    path: String,
    lang: Lang,
    started: Instant,
    meters: Option<web::Data<Meters>>,
    attempts: Option<Arc<Attempts>>,
    source: Option<Source>,
    span: Span,
}

/// Frames a request.
///
/// # Errors
/// Only with an answer that is complete: where a handler panicked or the server is miswired.
pub async fn frame(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request_id(&request);
    let parent = request.headers().get(&TRACE_PARENT);
    let parent = parent.and_then(|parent| parent.to_str().ok());
    let asked = Asked {
        span: traces::request(&id, request.method().as_str(), parent),
        id,
        method: request.method().clone(),
        path: request.path().to_owned(),
        lang: Lang::of(request.headers()),
        started: Instant::now(),
        meters: request.app_data().cloned(),
        attempts: request
            .app_data::<web::Data<State>>()
            .map(|state| Arc::clone(&state.attempts)),
        source: request
            .app_data::<web::Data<State>>()
            .map(|state| source(request.request(), state)),
    };
    let unread = Unread::of(&mut request);
    request.extensions_mut().insert(RequestId(asked.id.clone()));
    if request.method() == Method::HEAD {
        // Answered as a GET; the connection leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let answer = counted_from_now(next.call(request)).instrument(asked.span.clone());
    let error = match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(Ok(response)) => {
            return Ok(unread.until_left(asked.finish(response.map_into_boxed_body())));
        }
        Ok(Err(error)) => match error.as_error::<ApiError>() {
            Some(error) => error.clone(),
            None => ApiError::internal(error),
        },
        Err(_panic) => ApiError::internal("a handler panicked"),
    };
    let mut response = asked.problem(&error);
    asked.dress(response.headers_mut());
    asked.log("-", None, response.status().as_u16());
    asked.count(None, response.status().as_u16(), Some(error.code()));
    Err(InternalError::from_response("answered", response).into())
}

impl Asked {
    fn finish(&self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let (request, response) = response.into_parts();
        let error = refused(&response);
        let mut response = match &error {
            Some(error) => self.problem(error),
            None => response,
        };
        self.dress(response.headers_mut());
        let route = request.match_pattern();
        let user = request.extensions().get::<User>().cloned();
        let status = response.status().as_u16();
        self.log(
            route.as_deref().unwrap_or("-"),
            user.as_ref().map(|user| user.id.as_str()),
            status,
        );
        let code = error.as_ref().map(ApiError::code);
        let operation = self.count(route.as_deref(), status, code);
        let signing_in = request.extensions().get::<SigningIn>().cloned();
        self.note(user, signing_in, (operation, status, code));
        ServiceResponse::new(request, response)
    }

    /// Notes a sign-in, or a refusal that an auditor may look for.
    fn note(
        &self,
        user: Option<User>,
        signing_in: Option<SigningIn>,
        (operation, status, code): (Option<&str>, u16, Option<&'static str>),
    ) {
        let answered = rules::Answered {
            status,
            signs_in: signing_in.is_some(),
            bounded: user.as_ref().is_some_and(|user| user.bounded),
        };
        let (Some(attempts), Some(kind)) = (&self.attempts, rules::kind(answered)) else {
            return;
        };
        let named = signing_in
            .and_then(|SigningIn(name)| name)
            .map(Account::Typed);
        let account = named.or(user.map(|user| Account::Known(user.id)));
        attempts.note(Attempt {
            kind,
            account: account.unwrap_or(Account::Nobody),
            source: self.source.map(|source| source.to_string()),
            operation: operation.unwrap_or(meters::OTHER).to_owned(),
            status,
            code,
            request: self.id.clone(),
        });
    }

    /// The answer in the place of which an error came; what happened goes to the log.
    fn problem(&self, error: &ApiError) -> HttpResponse {
        if let ApiError::Internal(fault) | ApiError::Inconsistent(fault) = error {
            tracing::error!(request_id = self.id, fault, "a request failed");
        }
        error.render(self.lang, &self.path)
    }

    /// Adds the headers of every answer; what a handler set stays.
    fn dress(&self, headers: &mut HeaderMap) {
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            headers.insert(REQUEST_ID, id);
        }
        for (name, value) in [
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
            (CONTENT_SECURITY_POLICY, NOTHING),
            (CACHE_CONTROL, "no-store"),
            (VARY, "Accept-Language, Authorization"),
        ] {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
    }

    /// Counts the answer. Tells the operation that it is of.
    fn count(
        &self,
        route: Option<&str>,
        status: u16,
        refusal: Option<&'static str>,
    ) -> Option<&str> {
        let meters = self.meters.as_ref()?;
        let operation = meters.requests().count(meters::Request {
            route,
            method: self.method.as_str(),
            status,
            took: self.started.elapsed(),
            refusal,
        });
        traces::answered(&self.span, operation, status);
        Some(operation)
    }

    fn log(&self, route: &str, user: Option<&str>, status: u16) {
        let ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            method = self.method.as_str(),
            route,
            status,
            ms,
            request_id = self.id,
            user,
            "request"
        );
    }
}

/// Who sent the request, for its line in the log.
#[derive(Clone)]
struct User {
    id: String,
    /// Whether it is somebody from outside.
    bounded: bool,
}

/// Finds out who sends a request, where it carries a token.
///
/// # Errors
/// None of its own.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(found) = sender(&request).await {
        if let Ok(principal) = &found {
            request.extensions_mut().insert(User {
                id: principal.user.clone(),
                bounded: principal.bounds.any(),
            });
        }
        request.extensions_mut().insert(SignedIn(found));
    }
    next.call(request).await
}

/// Who sends the request; `None` where it carries nothing that says so.
async fn sender(request: &ServiceRequest) -> Option<Result<crate::access::Principal, SignInError>> {
    let header = request.headers().get(AUTHORIZATION)?;
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let access = request.app_data::<web::Data<State>>()?.access.clone();
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.map(|id| id.0).unwrap_or_default();
    Some(access.authenticate(token.trim(), &id).await)
}

/// The id that the caller chose, where it is plain, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let chosen = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    match chosen.filter(|id| is_request_id(id)) {
        Some(id) => id.to_owned(),
        None => request
            .app_data::<web::Data<State>>()
            .map(|s| s.new_id())
            .unwrap_or_default(),
    }
}

fn is_request_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=MAX_REQUEST_ID).contains(&text.len()) && text.bytes().all(plain)
}

/// The error that an answer stands for and that is still to be rendered.
fn refused(response: &HttpResponse) -> Option<ApiError> {
    let status = response.status();
    if let Some(error) = response.error()
        && let Some(error) = error.as_error::<ApiError>()
    {
        return Some(error.clone());
    }
    let rendered = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == PROBLEM_JSON);
    if rendered || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    // Refused by actix itself, before a handler of ours was asked.
    Some(match status.as_u16() {
        404 => ApiError::not_found(),
        code if code < 500 => Refusal::rule("bad_request").into(),
        _ => ApiError::internal(format_args!("{status} from below")),
    })
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::body::to_bytes;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};

    use super::*;

    async fn fails() -> HttpResponse {
        panic!("as a test has it")
    }

    #[actix_web::test]
    async fn a_panic_leaves_as_a_problem_with_the_id_of_the_request() {
        let app = App::new()
            .wrap(from_fn(frame))
            .route("/", web::get().to(fails));
        let app = init_service(app).await;
        let request = TestRequest::get()
            .insert_header((REQUEST_ID, "a-1"))
            .to_request();
        let error = try_call_service(&app, request).await.unwrap_err();
        let response = error.error_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers().get(&REQUEST_ID).unwrap(), "a-1");
        assert_eq!(response.headers().get(CONTENT_TYPE).unwrap(), PROBLEM_JSON);
        let body = to_bytes(response.into_body()).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(
            body.contains("\"code\":\"internal\"") && !body.contains("as a test"),
            "{body}"
        );
    }

    #[test]
    fn a_caller_may_choose_a_plain_request_id() {
        for good in ["a", "018f-7a_B.c", &"x".repeat(64)] {
            assert!(is_request_id(good), "{good}");
        }
        for bad in ["", "a b", "a\"b", "a\u{1b}", "요청", &"x".repeat(65)] {
            assert!(!is_request_id(bad), "{bad}");
        }
    }
}
