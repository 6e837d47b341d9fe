//! Who may import anything at all; what, the kind of the file decides.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::http::extract::{Caller, rights};
use crate::http::problem::ApiError;

/// Somebody who is signed in and may import files of one kind at least.
pub struct Importer(pub Caller<rights::Import>);

impl FromRequest for Importer {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::<rights::Import>::from_request(request, payload).into_inner();
        ready(caller.map(Self))
    }
}
