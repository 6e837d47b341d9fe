//! Clients: what partners sign in with, each bound to some of their programs.

use actix_web::{get, patch, post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::partners::{ScopeWire, Scopes, into_scopes};
use super::users::StatusName;
use crate::access::partners::clients::{ChangeClient, CreateClient, RotateSecret};
use crate::access::partners::model::{Client, KeptSecret};
use crate::access::partners::store;
use crate::access::secret::ClientSecret;
use crate::code::Code;
use crate::desk::Answer;
use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathKey, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{answer, as_asked, bytes, changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{Choice, CodeIn, Edit, Faults, Instant, Items, PageOf};

/// Programs that a client is bound to.
pub type Programs = Items<CodeIn, 100>;

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_client)
        .service(list_clients)
        .service(get_client)
        .service(change_client)
        .service(rotate_client_secret);
}

/// A client that is to sign in.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"partner": "hope-bridge", "programs": ["mobility-support"]}))]
pub struct NewClient {
    /// The partner.
    pub partner: CodeIn,
    /// The programs that it may be about: some that the partner runs, at least one.
    pub programs: Programs,
    /// What it may do; all that the partner may by default.
    #[deserr(default)]
    pub scopes: Option<Scopes>,
}

/// What of a client may be changed.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"status": "disabled"}))]
pub struct ClientChanges {
    /// All the programs from now on; at least one.
    #[deserr(default)]
    #[schema(value_type = Programs, required = false)]
    pub programs: Edit<Programs>,
    /// All that it may do from now on; at least one.
    #[deserr(default)]
    #[schema(value_type = Scopes, required = false)]
    pub scopes: Edit<Scopes>,
    /// Whether it may sign in from now on.
    #[deserr(default)]
    #[schema(value_type = StatusName, required = false)]
    pub status: Edit<StatusName>,
}

/// A client's next secret.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewRotation {
    /// Whether the newest secret so far stays good until the next rotation; so by default. `false`
    /// is for a secret that leaked: it ends every token of the client too.
    #[deserr(default)]
    pub keep_old: Option<bool>,
}

/// Which clients to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClientQuery {
    /// Only those of a partner.
    #[deserr(default)]
    pub partner: Option<CodeIn>,
}

/// A client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientView {
    /// The `client_id` that it signs in with.
    #[schema(example = "client-018444e0-7a3c-7b7e-9d5f-2f6c3e1a9b42")]
    pub id: String,
    /// Its partner.
    #[schema(example = "hope-bridge")]
    pub partner: String,
    /// The programs that it is bound to.
    #[schema(example = json!(["mobility-support"]))]
    pub programs: Vec<String>,
    /// What it may do there, as far as its partner may.
    pub scopes: Vec<ScopeWire>,
    /// Whether it may sign in.
    pub status: StatusName,
    /// Its live secrets, the newest first: one or two.
    pub secrets: Vec<ClientSecretView>,
    /// When it last signed in.
    #[schema(required, example = json!(null))]
    pub last_used_at: Option<Instant>,
    /// When it was made.
    pub recorded_at: Instant,
    /// Counts the changes; also the `ETag`.
    #[schema(example = 1)]
    pub version: i32,
    /// The `client_secret`: in the first answer to the request that made it, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "ssk_q8mH0cVw")]
    pub secret: Option<String>,
}

/// A secret of a client, without itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientSecretView {
    /// When it was made.
    pub made_at: Instant,
}

impl ClientView {
    /// The view of a client, without a secret.
    #[must_use]
    pub fn of(client: &Client) -> Self {
        let secret = |kept: &KeptSecret| ClientSecretView {
            made_at: Instant(kept.made_at),
        };
        Self {
            id: client.id.clone(),
            partner: client.partner.to_string(),
            programs: client.programs.iter().map(Code::to_string).collect(),
            scopes: client.scopes.iter().copied().map(Choice).collect(),
            status: Choice(client.status),
            secrets: client.secrets().map(secret).collect(),
            last_used_at: client.last_used_at.map(Instant),
            recorded_at: Instant(client.recorded_at),
            version: client.version,
            secret: None,
        }
    }
}

fn into_codes(codes: Programs) -> Vec<Code> {
    codes.0.into_iter().map(|code| code.0).collect()
}

/// The answer with the secret in it, unless it was given before or nothing was made. What is kept
/// with the idempotency key never holds it.
fn telling(mut told: Answer, dry_run: bool, secret: &ClientSecret) -> Answer {
    if !told.replayed && !dry_run && told.body.pop().is_some() {
        told.body.extend_from_slice(b",\"secret\":");
        told.body.extend_from_slice(&bytes(&secret.expose()));
        told.body.push(b'}');
    }
    told
}

/// Makes a client.
///
/// Its secret is in the answer, and only its hash is kept. Sent again with the same key, the
/// answer comes without it: rotate the secret then.
#[utoipa::path(
    tag = "partners",
    request_body = NewClient,
    responses((status = 201, description = "The client.", body = ClientView)),
)]
#[post("/clients")]
pub async fn create_client(
    caller: Caller<rights::ManageUsers>,
    writing: Writing,
    body: Body<NewClient>,
    state: web::Data<State>,
) -> Answered {
    let secret = ClientSecret::generate().map_err(ApiError::internal)?;
    let NewClient {
        partner,
        programs,
        scopes,
    } = body.value;
    let command = CreateClient {
        id: format!("client-{}", state.new_id()),
        partner: partner.0,
        programs: into_codes(programs),
        scopes: scopes.map(into_scopes),
        digest: secret.digest(),
    };
    let request = writing.request(&caller, &body.digest, command);
    let dry_run = request.dry_run;
    let render = move |client: &Client| {
        let at = format!("/v1/clients/{}", client.id);
        as_asked(
            created(&ClientView::of(client), at, client.version),
            dry_run,
        )
    };
    let told = state.door.write(request, render).await?;
    Ok(answer(telling(told, dry_run, &secret)))
}

/// Lists clients in the order they were made.
#[utoipa::path(
    tag = "partners",
    params(ClientQuery, PagingParams),
    responses((status = 200, description = "A page of clients.", body = PageOf<ClientView>)),
)]
#[get("/clients")]
pub async fn list_clients(
    _caller: Caller<rights::ManageUsers>,
    query: Paged<ClientQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (partner, window) = (filter.partner.map(|code| code.0), paging.window());
    let clients = state
        .read(move |conn| store::clients(conn, partner.as_ref(), &window))
        .await?;
    Ok(paging.page(clients, |client| client.id.clone(), ClientView::of))
}

/// Shows a client.
#[utoipa::path(
    tag = "partners",
    responses((status = 200, description = "The client.", body = ClientView)),
)]
#[get("/clients/{client}")]
pub async fn get_client(
    _caller: Caller<rights::ManageUsers>,
    client: PathKey,
    state: web::Data<State>,
) -> Answered {
    let client = state
        .read(move |conn| store::client(conn, &client.0))
        .await?;
    let client = client.ok_or_else(ApiError::not_found)?;
    Ok(found(&ClientView::of(&client), client.version))
}

/// Changes a client.
///
/// It takes effect within a second, for tokens that were given out before too. Another status ends
/// them all.
#[utoipa::path(
    tag = "partners",
    request_body = ClientChanges,
    responses((status = 200, description = "The client.", body = ClientView)),
)]
#[patch("/clients/{client}")]
pub async fn change_client(
    caller: Caller<rights::ManageUsers>,
    client: PathKey,
    if_match: IfMatch,
    body: Body<ClientChanges>,
    state: web::Data<State>,
) -> Answered {
    let ClientChanges {
        programs,
        scopes,
        status,
    } = body.value;
    let request = caller.request(ChangeClient {
        id: client.0,
        programs: programs.into_option().map(into_codes),
        scopes: scopes.into_option().map(into_scopes),
        status: status.into_option().map(|status| status.0),
        expected_version: if_match.0,
    });
    let render = |client: &Client| changed(&ClientView::of(client), client.version);
    Ok(answer(state.access.change_client(request, render).await?))
}

/// Gives a client another secret.
///
/// It is in the answer, once. The newest secret so far stays good beside it unless told otherwise;
/// any older one ends.
#[utoipa::path(
    tag = "partners",
    request_body = NewRotation,
    responses((status = 200, description = "The client.", body = ClientView)),
)]
#[post("/clients/{client}/rotate")]
pub async fn rotate_client_secret(
    caller: Caller<rights::ManageUsers>,
    client: PathKey,
    writing: Writing,
    body: Body<NewRotation>,
    state: web::Data<State>,
) -> Answered {
    let secret = ClientSecret::generate().map_err(ApiError::internal)?;
    let command = RotateSecret {
        id: client.0,
        digest: secret.digest(),
        keep_old: body.value.keep_old.unwrap_or(true),
    };
    let request = writing.request(&caller, &body.digest, command);
    let dry_run = request.dry_run;
    let render =
        move |client: &Client| as_asked(changed(&ClientView::of(client), client.version), dry_run);
    let told = state.access.rotate_secret(request, render).await?;
    Ok(answer(telling(told, dry_run, &secret)))
}
