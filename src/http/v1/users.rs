//! Users: who may sign in, and what they may do.

use actix_web::{get, patch, post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::model::{User, UserStatus};
use crate::access::users::{ChangeUser, CreateUser};
use crate::access::{Role, store};
use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathKey, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{answer, changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{Choice, Edit, EmailIn, Faults, Instant, Items, NewSecret, PageOf};

type RoleName = Choice<Role>;
type Roles = Items<RoleName, 9>;
/// Whether somebody may sign in.
pub type StatusName = Choice<UserStatus>;

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_user)
        .service(list_users)
        .service(get_user)
        .service(change_user);
}

/// Somebody who is to sign in.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewUser {
    /// The e-mail address; no two users share one.
    pub email: EmailIn,
    /// The first password: 8 to 128 characters, not a common
    /// one, and no name of the address.
    pub password: NewSecret,
    /// What the user is; at least one.
    pub roles: Roles,
}

/// What of a user may be changed.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct UserChanges {
    /// All the roles from now on; at least one.
    #[deserr(default)]
    #[schema(value_type = Roles, required = false)]
    pub roles: Edit<Roles>,
    /// Whether the user may sign in from now on.
    #[deserr(default)]
    #[schema(value_type = StatusName, required = false)]
    pub status: Edit<StatusName>,
}

/// The list takes no filters.
#[derive(Debug, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct UserQuery {}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// The id.
    #[schema(example = "018444e0-7a3c-7b7e-9d5f-2f6c3e1a9b42")]
    pub id: String,
    /// The e-mail address.
    #[schema(example = "kim@example.org")]
    pub email: String,
    /// What the user is.
    pub roles: Vec<RoleName>,
    /// Whether the user may sign in.
    pub status: StatusName,
    /// When the user was made.
    pub recorded_at: Instant,
    /// Counts the changes; also the `ETag`.
    #[schema(example = 1)]
    pub version: i32,
}

impl UserView {
    /// What others see of a user.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self {
            id: user.id.clone(),
            email: user.email.to_string(),
            roles: user.roles.iter().copied().map(Choice).collect(),
            status: Choice(user.status),
            recorded_at: Instant(user.recorded_at),
            version: user.version,
        }
    }
}

fn into_roles(names: Roles) -> Vec<Role> {
    names.0.into_iter().map(|role| role.0).collect()
}

/// Makes a user.
///
/// The password is kept as an argon2id hash only and never shown again.
#[utoipa::path(
    tag = "users",
    request_body = NewUser,
    responses((status = 201, description = "The user.", body = UserView)),
)]
#[post("/users")]
pub async fn create_user(
    caller: Caller<rights::ManageUsers>,
    writing: Writing,
    body: Body<NewUser>,
    state: web::Data<State>,
) -> Answered {
    let NewUser {
        email,
        password,
        roles,
    } = body.value;
    let password_hash = state.access.hash(password.0, &email.0).await?;
    let (id, roles) = (state.new_id(), into_roles(roles));
    let command = CreateUser {
        id,
        email: email.0,
        password_hash,
        roles,
    };
    let request = writing.request(&caller, &body.digest, command);
    let at = |user: &User| format!("/v1/users/{}", user.id);
    state
        .record(request, move |user| {
            created(&UserView::of(user), at(user), user.version)
        })
        .await
}

/// Lists users in the order they were made.
#[utoipa::path(
    tag = "users",
    params(PagingParams),
    responses((status = 200, description = "A page of users.", body = PageOf<UserView>)),
)]
#[get("/users")]
pub async fn list_users(
    _caller: Caller<rights::ManageUsers>,
    query: Paged<UserQuery>,
    state: web::Data<State>,
) -> Answered {
    let window = query.paging.window();
    let users = state.read(move |conn| store::list(conn, &window)).await?;
    Ok(query
        .paging
        .page(users, |user| user.id.clone(), UserView::of))
}

/// Shows a user.
#[utoipa::path(
    tag = "users",
    responses((status = 200, description = "The user.", body = UserView)),
)]
#[get("/users/{user}")]
pub async fn get_user(
    _caller: Caller<rights::ManageUsers>,
    user: PathKey,
    state: web::Data<State>,
) -> Answered {
    let user = state.read(move |conn| store::get(conn, &user.0)).await?;
    let user = user.ok_or_else(ApiError::not_found)?;
    Ok(found(&UserView::of(&user), user.version))
}

/// Changes a user.
///
/// Other roles or another status end every session of the user. Nobody changes their own. Roles of
/// those whom the identity provider vouches for are changed there.
#[utoipa::path(
    tag = "users",
    request_body = UserChanges,
    responses((status = 200, description = "The user.", body = UserView)),
)]
#[patch("/users/{user}")]
pub async fn change_user(
    caller: Caller<rights::ManageUsers>,
    user: PathKey,
    if_match: IfMatch,
    body: Body<UserChanges>,
    state: web::Data<State>,
) -> Answered {
    let UserChanges { roles, status } = body.value;
    let request = caller.request(ChangeUser {
        id: user.0,
        roles: roles.into_option().map(into_roles),
        status: status.into_option().map(|status| status.0),
        expected_version: if_match.0,
    });
    let render = |user: &User| changed(&UserView::of(user), user.version);
    Ok(answer(state.access.change_user(request, render).await?))
}
