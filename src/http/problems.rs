//! What a problem means: the page that its `type` names.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::{self, Words};
use super::problem::{Answered, ApiError};
use super::respond::shown;
use super::wire::NameOut;

/// What a problem means.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "not_found",
    "status": 404,
    "title": {"ko": "찾을 수 없음", "en": "Not found"},
    "detail": {"ko": "이 주소에는 아무것도 없습니다.", "en": "There is nothing at this address."}
}))]
pub struct ProblemKind {
    /// The stable code.
    pub code: &'static str,
    /// The HTTP status that it comes with.
    pub status: u16,
    /// What it is, in a few words.
    pub title: NameOut,
    /// What it is about; `{name}` stands for a fact of the case.
    pub detail: NameOut,
}

impl From<Words> for NameOut {
    fn from(words: Words) -> Self {
        Self {
            ko: words.ko.to_owned(),
            en: words.en.to_owned(),
        }
    }
}

/// Explains a problem.
///
/// What a code means, in both languages; the `type` of a problem leads here.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((status = 200, description = "The problem.", body = ProblemKind)),
)]
#[get("/problems/{code}")]
pub async fn get_problem(code: web::Path<String>) -> Answered {
    let row = catalogue::problem(&code).ok_or_else(ApiError::not_found)?;
    Ok(shown(&ProblemKind {
        code: row.code,
        status: row.status,
        title: row.title.into(),
        detail: row.detail.into(),
    }))
}
