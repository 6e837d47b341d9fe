//! What handlers take: each argument reads one part of the request and refuses what is wrong.
//!
//! Arguments are asked in their order, and an argument that refuses ends the request, so the
//! [`Caller`] comes first: who may not is told nothing else. Then the path, the headers, the query
//! string, and last the body.

pub mod body;
pub mod caller;
mod fingerprint;
pub mod matching;
pub mod paging;
pub mod path;
pub mod query;
pub(super) mod reading;
pub mod rights;
pub mod signing_in;
mod source;
pub mod writing;

use actix_web::{HttpMessage, HttpRequest, web};

pub use body::Body;
pub use caller::{Caller, RequestId};
pub use fingerprint::Digest;
pub use matching::{Expected, IfMatch, IfNoneMatch};
pub use paging::{Paged, Paging, PagingParams};
pub use path::{PathCode, PathId, PathKey, PathPart};
pub use query::Query;
pub use source::source;
pub use writing::{Writing, WritingBy};

use super::problem::ApiError;
use super::state::State;

/// The state that the server was built over.
fn state(request: &HttpRequest) -> Result<&web::Data<State>, ApiError> {
    request
        .app_data()
        .ok_or_else(|| ApiError::internal("the server was built without its state"))
}

/// The id of the request.
#[must_use]
pub fn request_id(request: &HttpRequest) -> String {
    request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default()
}

/// A header as text, where it is there and can be read.
fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}
