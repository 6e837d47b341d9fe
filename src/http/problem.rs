//! Problems: what a caller gets instead of an answer (RFC 9457).
//!
//! An [`ApiError`] says what went wrong by code and facts; the words come from the catalogue in
//! the caller's language, when the middleware renders it. What went wrong inside never leaves: it
//! goes to the log, under the request id that the caller sees.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderValue, PRAGMA, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::{self, fill};
use super::extract::query::in_query;
use super::lang::Lang;
use super::v1::oauth::TokenProblem;
use super::wire::Faults;
use crate::access::SignInError;
use crate::db::DbError;
use crate::desk::WriteError;
use crate::exports::error::ExportError;
use crate::exports::rules::ROWS_AT_ONCE;
use crate::refusal::{Facts, Refusal};
use crate::reporting::ReportError;

/// What handlers return.
pub type Answered = Result<HttpResponse, ApiError>;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds after which a caller may try again.
const RETRY_SECONDS: &str = "1";

/// The most bytes of a path that a problem repeats.
const MAX_INSTANCE: usize = 512;

/// Why a request has no answer.
#[derive(Debug, Clone)]
pub enum ApiError {
    /// It is refused: by a room, or before it came to one.
    Refused(Refusal),
    /// Nobody is signed in, or the token is not good; which, is not told.
    NotSignedIn,
    /// A client gets no token; by its code in RFC 6749, in whose form it is told.
    TokenDenied(&'static str),
    /// The path is known, the method is not; with the methods that are.
    MethodNotAllowed(String),
    /// Too many tries were wrong; with the seconds to wait.
    TooManyAttempts(u64),
    /// Something is not to be had at this moment; by its code.
    Unavailable(&'static str),
    /// The figures of a report contradict each other; how, is told to the log alone.
    Inconsistent(String),
    /// A fault of ours; told to the log alone.
    Internal(String),
}

impl ApiError {
    /// What the path names is not there.
    #[must_use]
    pub fn not_found() -> Self {
        Refusal::rule("not_found").into()
    }

    /// A fault of ours.
    #[must_use]
    pub fn internal(fault: impl fmt::Display) -> Self {
        Self::Internal(fault.to_string())
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NotSignedIn => "not_signed_in",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::TooManyAttempts(_) => "too_many_attempts",
            Self::Unavailable(code) | Self::TokenDenied(code) => code,
            Self::Inconsistent(_) => "inconsistent_report",
            Self::Internal(_) => "internal",
        }
    }

    /// The answer to that request.
    #[must_use]
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        self.render(Lang::of(request.headers()), request.path())
    }

    /// The answer in that language to a request for that path.
    #[must_use]
    pub fn render(&self, lang: Lang, path: &str) -> HttpResponse {
        if let Self::TokenDenied(error) = self {
            return self.token_denied(error);
        }
        let problem = Problem::of(self, lang, path);
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_LANGUAGE, lang.tag()));
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"sangsaeng\""));
        }
        if self.status_code() == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((RETRY_AFTER, RETRY_SECONDS));
        }
        if let Self::TooManyAttempts(seconds) = self {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Self::MethodNotAllowed(methods) = self
            && let Ok(methods) = HeaderValue::from_str(methods)
        {
            response.insert_header((ALLOW, methods));
        }
        response.insert_header((CONTENT_TYPE, PROBLEM_JSON));
        response.body(serde_json::to_vec(&problem).unwrap_or_default())
    }
}

impl ApiError {
    /// As RFC 6749 §5.2 has it, whose descriptions are ASCII.
    fn token_denied(&self, error: &'static str) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"sangsaeng\""));
        }
        response.insert_header((CACHE_CONTROL, "no-store"));
        response.insert_header((PRAGMA, "no-cache"));
        let row = catalogue::problem(error);
        response.json(TokenProblem {
            error,
            error_description: row
                .map_or_else(String::new, |row| row.detail.in_lang(Lang::En).to_owned()),
        })
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        let status = catalogue::problem(self.code()).map_or(409, |row| row.status);
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    // Bare: the middleware renders it, which alone knows the caller's language.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rule {
                code: "not_signed_in",
                ..
            } => Self::NotSignedIn,
            refusal => Self::Refused(refusal),
        }
    }
}

impl From<Faults> for ApiError {
    fn from(faults: Faults) -> Self {
        Self::Refused(Refusal::Fields(faults.into_vec()))
    }
}

impl From<WriteError> for ApiError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(refusal) => refusal.into(),
            WriteError::InProgress => Refusal::rule("idempotency_in_progress").into(),
            WriteError::Busy => Self::Unavailable("busy"),
            WriteError::Stopping => Self::Unavailable("stopping"),
            WriteError::OutOfReach => Self::Unavailable("database_out_of_reach"),
            WriteError::Unknown => Self::Unavailable("outcome_unknown"),
            WriteError::ClockJumped => Self::Unavailable("clock_jumped"),
            WriteError::Failed => Self::internal("the write failed"),
        }
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy => Self::Unavailable("busy"),
            DbError::OutOfReach(fault) => {
                tracing::error!(fault, "the database is out of reach");
                Self::Unavailable("database_out_of_reach")
            }
            other => Self::internal(other),
        }
    }
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Database(error) => error.into(),
            ReportError::UnknownFund(_) | ReportError::UnknownProgram(_) => Self::not_found(),
            ReportError::UnknownIndicator(_) => Self::not_found(),
            ReportError::Fields(refusal) => in_query(refusal).into(),
            ReportError::Inconsistent { .. } => Self::Inconsistent(error.to_string()),
        }
    }
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Refused(refusal) => refusal.into(),
            ExportError::Database(error) => error.into(),
            ExportError::Inconsistent(fault) => Self::Inconsistent(fault),
            ExportError::TooManyRows(_) | ExportError::TooLarge(_) => {
                let refusal = Refusal::rule("export_needs_job");
                refusal.with("rows", ROWS_AT_ONCE).into()
            }
            other => Self::internal(other),
        }
    }
}

impl From<ApiError> for ExportError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Refused(refusal) => Self::Refused(refusal),
            ApiError::Unavailable(_) => Self::Database(DbError::Busy),
            ApiError::Inconsistent(fault) => Self::Inconsistent(fault),
            other => Self::Unreadable(other.to_string()),
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::NotSignedIn,
            SignInError::Busy => Self::Unavailable("busy"),
            SignInError::TooMany(seconds) => Self::TooManyAttempts(seconds),
            SignInError::Write(error) => error.into(),
            SignInError::Database(error) => error.into(),
            SignInError::Failed(error) => Self::internal(error),
        }
    }
}

/// What a caller gets instead of an answer, as RFC 9457 has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/problems/insufficient_available",
    "title": "Not enough is available",
    "status": 409,
    "detail": "300000 won are needed and 120000 are available.",
    "instance": "/v1/disbursements",
    "code": "insufficient_available",
    "facts": {"needed": "300000", "available": "120000"}
}))]
pub struct Problem {
    /// The address of what the problem means.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    /// What the problem is, in a few words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What it is about in this case.
    pub detail: String,
    /// The path that was asked for.
    #[schema(format = "uri-reference")]
    pub instance: String,
    /// The stable code: compare this one.
    pub code: &'static str,
    /// What the detail is about, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    pub facts: Option<serde_json::Map<String, serde_json::Value>>,
    /// Every field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub errors: Option<Vec<WrongField>>,
}

/// A field that is wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "field": "/amount", "code": "not_whole", "message": "must be whole: won have no minor unit"
}))]
pub struct WrongField {
    /// Where it is: a JSON pointer into the body, or `?name` in the query string.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl Problem {
    /// The problem that answers that error of a request for that path.
    #[must_use]
    pub fn of(error: &ApiError, lang: Lang, path: &str) -> Self {
        let code = error.code();
        let row = catalogue::problem(code);
        if row.is_none() {
            tracing::error!(code, "a problem has no words");
        }
        let facts = error.facts();
        let words = row.map_or((code, code), |row| {
            (row.title.in_lang(lang), row.detail.in_lang(lang))
        });
        let path = if path.len() > MAX_INSTANCE { "/" } else { path };
        Self {
            kind: format!("/problems/{code}"),
            title: words.0,
            status: error.status_code().as_u16(),
            detail: fill(words.1, &facts),
            instance: path.to_owned(),
            code,
            errors: error.wrong_fields(lang),
            facts: (!facts.is_empty()).then(|| {
                facts
                    .into_iter()
                    .map(|(name, fact)| (name.to_owned(), fact.into()))
                    .collect()
            }),
        }
    }
}

impl ApiError {
    fn facts(&self) -> Facts {
        match self {
            Self::Refused(Refusal::Rule { facts, .. }) => facts.clone(),
            Self::MethodNotAllowed(methods) => vec![("allow", methods.clone())],
            Self::TooManyAttempts(seconds) => vec![("seconds", seconds.to_string())],
            _ => Facts::new(),
        }
    }

    fn wrong_fields(&self, lang: Lang) -> Option<Vec<WrongField>> {
        let Self::Refused(Refusal::Fields(faults) | Refusal::Several(faults)) = self else {
            return None;
        };
        let wrong = faults.iter().map(|fault| WrongField {
            field: fault.field.clone(),
            code: fault.code,
            message: catalogue::fault_message(fault.code, lang, &fault.facts),
        });
        Some(wrong.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_contradicts_itself_tells_the_caller_no_figure() {
        let error = ApiError::from(ReportError::Inconsistent {
            report: "fund",
            detail: "6000 and 6001 differ".to_owned(),
        });
        assert_eq!(error.code(), "inconsistent_report");
        assert_eq!(error.status_code(), StatusCode::INTERNAL_SERVER_ERROR);
        let told = serde_json::to_string(&Problem::of(&error, Lang::En, "/v1/reports/overview"));
        assert!(!told.unwrap().contains("6001"));
        assert!(matches!(error, ApiError::Inconsistent(fault) if fault.contains("6001")));
    }

    #[test]
    fn what_is_wrong_with_a_question_is_named_as_a_parameter() {
        let refusal = Refusal::field("/to", "after_as_of");
        let error = ApiError::from(ReportError::Fields(refusal));
        let wrong = error.wrong_fields(Lang::En).unwrap();
        assert_eq!(wrong[0].field, "?to");
    }
}
