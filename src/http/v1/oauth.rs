//! `POST /v1/oauth/token`: OAuth 2.0 client credentials (RFC 6749 §4.4), for clients of partners.
//!
//! Requests and refusals have the forms of RFC 6749, not those of the rest of the API. A client
//! proves who it is by HTTP Basic alone; a secret in the body is refused, since bodies end up in
//! more places than headers do.

use actix_web::http::header::{AUTHORIZATION, HeaderMap, PRAGMA};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::access::partners::sign_in::{ClientToken, TokenDenied};
use crate::access::secret::ClientSecret;
use crate::http::extract::body::Form;
use crate::http::extract::signing_in::SigningIn;
use crate::http::extract::{request_id, source};
use crate::http::problem::{Answered, ApiError};
use crate::http::routes::Routes;
use crate::http::state::State;

/// The only grant that is given.
const CLIENT_CREDENTIALS: &str = "client_credentials";

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(create_oauth_token);
}

/// A request for an access token, as a form.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "scope": "submit read_programs"}))]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(example = "client_credentials")]
    pub grant_type: String,
    /// What the token is to be for, with a blank between two; all that was granted by default.
    #[schema(required = false, example = "submit read_programs")]
    pub scope: Option<String>,
}

/// An access token for a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Goes with every request, as `Authorization: Bearer`.
    #[schema(example = "eyJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until it is of no use.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// What it is for.
    #[schema(example = "submit read_programs")]
    pub scope: String,
}

/// Why there is no token, as RFC 6749 §5.2 has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenProblem {
    /// The code of RFC 6749.
    #[schema(example = "invalid_client")]
    pub error: &'static str,
    /// What it means.
    #[schema(example = "Client or secret is not right.")]
    pub error_description: String,
}

impl From<ClientToken> for TokenView {
    fn from(token: ClientToken) -> Self {
        Self {
            access_token: token.access_token,
            token_type: "Bearer",
            expires_in: token.expires_in,
            scope: token.scope,
        }
    }
}

/// Signs a client of a partner in.
///
/// OAuth 2.0 client credentials: a form, with `client_id` and `client_secret` as HTTP Basic. The
/// token is good for a quarter of an hour; there is no refresh token.
#[utoipa::path(
    tag = "auth",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token.", body = TokenView),
        (status = 400, description = "The request is not right.", body = TokenProblem),
        (status = 401, description = "The client is not accepted.", body = TokenProblem),
    ),
)]
#[post("/oauth/token")]
pub async fn create_oauth_token(
    request: HttpRequest,
    form: Form,
    state: web::Data<State>,
) -> Answered {
    request.extensions_mut().insert(SigningIn::nobody());
    let (client, secret) = basic(request.headers()).ok_or(denied("invalid_client"))?;
    request.extensions_mut().insert(SigningIn::client(&client));
    let asked = Asked::of(form)?;
    let (source, id) = (source(&request, &state), request_id(&request));
    let who = (client.as_str(), &secret);
    let token = state
        .access
        .client_token(who, asked.scope.as_deref(), source, &id)
        .await;
    let token = token.map_err(|reason| match reason {
        TokenDenied::Client => denied("invalid_client"),
        TokenDenied::Scope => denied("invalid_scope"),
        TokenDenied::Failed(error) => error.into(),
    })?;
    let mut told = HttpResponse::Ok();
    Ok(told
        .insert_header((PRAGMA, "no-cache"))
        .json(TokenView::from(token)))
}

/// What is asked for besides who asks.
struct Asked {
    scope: Option<String>,
}

impl Asked {
    fn of(form: Form) -> Result<Self, ApiError> {
        let (mut grant_type, mut scope) = (None, None);
        for (name, value) in form.0 {
            let member = match name.as_str() {
                "grant_type" => &mut grant_type,
                "scope" => &mut scope,
                // A secret in a body is refused; RFC 6749 §3.2 has what is unknown ignored.
                "client_secret" => return Err(denied("invalid_request")),
                _ => continue,
            };
            if member.replace(value).is_some() {
                return Err(denied("invalid_request"));
            }
        }
        match grant_type.as_deref() {
            Some(CLIENT_CREDENTIALS) => Ok(Self { scope }),
            Some(_) => Err(denied("unsupported_grant_type")),
            None => Err(denied("invalid_request")),
        }
    }
}

fn denied(code: &'static str) -> ApiError {
    ApiError::TokenDenied(code)
}

/// The client and its secret, as HTTP Basic (RFC 7617) carries them. Both consist of characters
/// that stay themselves in a form (RFC 6749 §2.3.1), so there is nothing to decode in them.
fn basic(headers: &HeaderMap) -> Option<(String, ClientSecret)> {
    let mut all = headers.get_all(AUTHORIZATION);
    let one = all.next().filter(|_| all.next().is_none())?;
    let (scheme, encoded) = one.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (client, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((client.to_owned(), ClientSecret::typed(secret)))
}
