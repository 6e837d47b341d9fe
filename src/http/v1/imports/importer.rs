//! Who may import anything at all; what, the kind of the file decides.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::access::Right;
use crate::http::extract::{Caller, rights};
use crate::http::problem::ApiError;
use crate::imports::kinds::Kind;
use crate::imports::rights::needed;
use crate::refusal::Refusal;
use crate::text_enum::TextEnum;

/// Somebody who is signed in and may import files of one kind at least.
pub struct Importer(pub Caller<rights::Own>);

impl FromRequest for Importer {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::<rights::Own>::from_request(request, payload).into_inner();
        ready(caller.and_then(|caller| {
            let may = |kind: &Kind| caller.principal.may(needed(*kind));
            if Kind::ALL.iter().any(may) {
                Ok(Self(caller))
            } else {
                Err(Refusal::rule("missing_right")
                    .with("right", Right::Record)
                    .into())
            }
        }))
    }
}
