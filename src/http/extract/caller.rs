//! Who sends the request, and whether they may.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::request_id;
use super::rights::Needs;
use crate::access::{Principal, Right, SignInError};
use crate::bounds::Bounds;
use crate::desk::Request;
use crate::http::problem::ApiError;
use crate::ledger::Who;
use crate::refusal::Refusal;

/// The id of a request, in its extensions.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The right that the operation needs, in the request's extensions: for whoever asks what that is.
#[derive(Debug, Clone, Copy)]
pub struct Needed(pub Right);

/// What the middleware found out about the sender, in the request's extensions.
pub struct SignedIn(pub Result<Principal, SignInError>);

/// Somebody who is signed in and has the right `R`.
#[derive(Debug)]
pub struct Caller<R> {
    /// Who it is.
    pub principal: Principal,
    request_id: String,
    right: PhantomData<R>,
}

impl<R> Caller<R> {
    /// Who acts, for the log of events.
    #[must_use]
    pub fn who(&self) -> Who {
        Who {
            actor: self.principal.user.clone(),
            request_id: self.request_id.clone(),
            bounds: self.bounds(),
        }
    }

    /// Which programs the request may be about: what reads records asks for them.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.principal.bounds.clone()
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// A command of this caller's that is safe to repeat without a key, as a change is that names
    /// the version it expects.
    #[must_use]
    pub fn request<C>(&self, command: C) -> Request<C> {
        Request {
            command,
            who: self.who(),
            once: None,
            dry_run: false,
        }
    }

    /// Makes sure of a right that depends on more than the operation.
    ///
    /// # Errors
    /// `missing_right`.
    pub fn must(&self, right: Right) -> Result<(), ApiError> {
        if self.principal.may(right) {
            Ok(())
        } else {
            Err(Refusal::rule("missing_right").with("right", right).into())
        }
    }
}

impl<R: Needs> FromRequest for Caller<R> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        request.extensions_mut().insert(Needed(R::RIGHT));
        let found = request.extensions_mut().remove::<SignedIn>();
        let caller = match found {
            None => Err(ApiError::NotSignedIn),
            Some(SignedIn(Err(error))) => Err(error.into()),
            Some(SignedIn(Ok(principal))) => {
                let request_id = request_id(request);
                Ok(Self {
                    principal,
                    request_id,
                    right: PhantomData,
                })
            }
        };
        ready(caller.and_then(|caller| caller.must(R::RIGHT).map(|()| caller)))
    }
}
