//! Signing in and out, and one's own account.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::users::UserView;
use crate::access::password::Password;
use crate::access::{SignInError, Tokens, store};
use crate::http::extract::signing_in::SigningIn;
use crate::http::extract::{Body, Caller, request_id, rights, source};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{found, shown};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{Faults, NewSecret, Secret, Text};
use crate::refusal::Refusal;

type EmailText = Text<254>;

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(log_in)
        .service(refresh)
        .service(log_out)
        .service(get_me)
        .service(set_password);
}

/// What a user signs in with.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SignIn {
    /// The e-mail address.
    #[schema(example = "kim@example.org")]
    pub email: EmailText,
    /// The password.
    pub password: Secret,
}

/// What a session is renewed with.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Renewal {
    /// The `refresh_token` that was given last.
    pub refresh_token: Secret,
}

/// Another password.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewPassword {
    /// The password until now.
    pub current_password: Secret,
    /// The password from now on: 8 to 128 characters, not a common
    /// one, and no name of the address.
    pub new_password: NewSecret,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// Goes with every request, as `Authorization: Bearer`.
    #[schema(example = "eyJhbGciOiJFZERTQSJ9.e30.c2ln")]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token is of no use.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Buys the next two tokens, once.
    #[schema(example = "srt_q8mH0cVw")]
    pub refresh_token: String,
}

impl From<Tokens> for Session {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
        }
    }
}

/// Signs in.
///
/// A wrong address, a wrong password and a disabled user are answered alike, after the same time.
/// After five of them the next try has to wait, a second at first, then twice as long each time:
/// for an account as for a source, but not where the account signed in from before.
#[utoipa::path(
    tag = "auth",
    security(()),
    request_body = SignIn,
    responses((status = 200, description = "The session.", body = Session)),
)]
#[post("/auth/login")]
pub async fn log_in(request: HttpRequest, body: Body<SignIn>, state: web::Data<State>) -> Answered {
    let SignIn { email, password } = body.value;
    request.extensions_mut().insert(SigningIn::user(&email.0));
    let password = Password::typed(password.0);
    let (source, id) = (source(&request, &state), request_id(&request));
    let who = (email.0.as_str(), password);
    let tokens = state.access.sign_in(who, source, &id).await;
    Ok(shown(&Session::from(tokens.map_err(not_accepted)?)))
}

/// Renews a session.
///
/// A refresh token is good for one use. One that comes a second time is known to two, so it ends
/// every session of its user.
#[utoipa::path(
    tag = "auth",
    security(()),
    request_body = Renewal,
    responses((status = 200, description = "The session.", body = Session)),
)]
#[post("/auth/refresh")]
pub async fn refresh(
    request: HttpRequest,
    body: Body<Renewal>,
    state: web::Data<State>,
) -> Answered {
    let token = body.value.refresh_token.0;
    let tokens = state.access.refresh(&token, &request_id(&request)).await;
    Ok(shown(&Session::from(tokens.map_err(not_accepted)?)))
}

/// Signs out.
///
/// Ends every session of the caller, everywhere, within a second.
#[utoipa::path(tag = "auth", responses((status = 204, description = "Signed out.")))]
#[post("/auth/logout")]
pub async fn log_out(caller: Caller<rights::Own>, state: web::Data<State>) -> Answered {
    state
        .access
        .sign_out(&caller.principal, caller.request_id())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Shows who is signed in.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "The caller.", body = UserView)),
)]
#[get("/me")]
pub async fn get_me(caller: Caller<rights::Own>, state: web::Data<State>) -> Answered {
    let id = caller.principal.user;
    let user = state.read(move |conn| store::get(conn, &id)).await?;
    let user = user.ok_or(ApiError::NotSignedIn)?;
    Ok(found(&UserView::of(&user), user.version))
}

/// Chooses another password.
///
/// Ends every session of the caller, this one too.
#[utoipa::path(
    tag = "me",
    request_body = NewPassword,
    responses((status = 204, description = "The password is another one.")),
)]
#[post("/me/password")]
pub async fn set_password(
    caller: Caller<rights::Own>,
    request: HttpRequest,
    body: Body<NewPassword>,
    state: web::Data<State>,
) -> Answered {
    let NewPassword {
        current_password,
        new_password,
    } = body.value;
    let passwords = (Password::typed(current_password.0), new_password.0);
    let source = source(&request, &state);
    state
        .access
        .change_password(&caller.principal, passwords, source, caller.request_id())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// At the door itself, what is refused is the attempt, not a missing token.
fn not_accepted(error: SignInError) -> ApiError {
    match error {
        SignInError::Refused => Refusal::rule("sign_in_refused").into(),
        other => other.into(),
    }
}
