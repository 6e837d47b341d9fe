//! Partners: organisations outside that write into the books, and what they may do at most.

use actix_web::{get, patch, post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::users::StatusName;
use crate::access::partners::grant::{ChangePartner, CreatePartner};
use crate::access::partners::model::{Partner, PartnerScope};
use crate::access::partners::store;
use crate::code::Code;
use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathCode, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{answer, changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{Choice, CodeIn, Edit, Faults, Instant, Items, PageOf};

/// Something that a partner may be granted.
pub type ScopeWire = Choice<PartnerScope>;
/// Several of them.
pub type Scopes = Items<ScopeWire, 8>;

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_partner)
        .service(list_partners)
        .service(get_partner)
        .service(change_partner);
}

/// An organisation that is to write into the books.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"organisation": "hope-bridge", "scopes": ["submit", "read_programs"]}))]
pub struct NewPartner {
    /// The code of the organisation, and the address of the partner from now on.
    pub organisation: CodeIn,
    /// The most that its clients may do; at least one.
    pub scopes: Scopes,
}

/// What of a partner may be changed.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PartnerChanges {
    /// The most that its clients may do from now on; at least one.
    #[deserr(default)]
    #[schema(value_type = Scopes, required = false)]
    pub scopes: Edit<Scopes>,
    /// Whether its clients may sign in from now on.
    #[deserr(default)]
    #[schema(value_type = StatusName, required = false)]
    pub status: Edit<StatusName>,
}

/// The list takes no filters.
#[derive(Debug, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PartnerQuery {}

/// A partner.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnerView {
    /// The code of its organisation.
    #[schema(example = "hope-bridge")]
    pub code: String,
    /// The most that its clients may do.
    pub scopes: Vec<ScopeWire>,
    /// Whether its clients may sign in.
    pub status: StatusName,
    /// When it became a partner.
    pub recorded_at: Instant,
    /// Counts the changes; also the `ETag`.
    #[schema(example = 1)]
    pub version: i32,
}

impl PartnerView {
    /// The view of a partner.
    #[must_use]
    pub fn of(partner: &Partner) -> Self {
        Self {
            code: partner.code.to_string(),
            scopes: partner.scopes.iter().copied().map(Choice).collect(),
            status: Choice(partner.status),
            recorded_at: Instant(partner.recorded_at),
            version: partner.version,
        }
    }
}

/// The scopes that were named.
#[must_use]
pub fn into_scopes(names: Scopes) -> Vec<PartnerScope> {
    names.0.into_iter().map(|scope| scope.0).collect()
}

/// Makes an organisation a partner.
///
/// It may have clients then, each for some of the programs that name it as their `partner`.
#[utoipa::path(
    tag = "partners",
    request_body = NewPartner,
    responses((status = 201, description = "The partner.", body = PartnerView)),
)]
#[post("/partners")]
pub async fn create_partner(
    caller: Caller<rights::ManageUsers>,
    writing: Writing,
    body: Body<NewPartner>,
    state: web::Data<State>,
) -> Answered {
    let NewPartner {
        organisation,
        scopes,
    } = body.value;
    let command = CreatePartner {
        code: organisation.0,
        scopes: into_scopes(scopes),
    };
    let request = writing.request(&caller, &body.digest, command);
    let at = |code: &Code| format!("/v1/partners/{code}");
    state
        .record(request, move |partner| {
            created(
                &PartnerView::of(partner),
                at(&partner.code),
                partner.version,
            )
        })
        .await
}

/// Lists partners in the order of their codes.
#[utoipa::path(
    tag = "partners",
    params(PagingParams),
    responses((status = 200, description = "A page of partners.", body = PageOf<PartnerView>)),
)]
#[get("/partners")]
pub async fn list_partners(
    _caller: Caller<rights::ManageUsers>,
    query: Paged<PartnerQuery>,
    state: web::Data<State>,
) -> Answered {
    let window = query.paging.window();
    let partners = state
        .read(move |conn| store::partners(conn, &window))
        .await?;
    let key = |partner: &Partner| partner.code.to_string();
    Ok(query.paging.page(partners, key, PartnerView::of))
}

/// Shows a partner.
#[utoipa::path(
    tag = "partners",
    responses((status = 200, description = "The partner.", body = PartnerView)),
)]
#[get("/partners/{partner}")]
pub async fn get_partner(
    _caller: Caller<rights::ManageUsers>,
    partner: PathCode,
    state: web::Data<State>,
) -> Answered {
    let partner = state
        .read(move |conn| store::partner(conn, &partner.0))
        .await?;
    let partner = partner.ok_or_else(ApiError::not_found)?;
    Ok(found(&PartnerView::of(&partner), partner.version))
}

/// Changes what the clients of a partner may do.
///
/// It takes effect within a second, for tokens that were given out before too.
#[utoipa::path(
    tag = "partners",
    request_body = PartnerChanges,
    responses((status = 200, description = "The partner.", body = PartnerView)),
)]
#[patch("/partners/{partner}")]
pub async fn change_partner(
    caller: Caller<rights::ManageUsers>,
    partner: PathCode,
    if_match: IfMatch,
    body: Body<PartnerChanges>,
    state: web::Data<State>,
) -> Answered {
    let PartnerChanges { scopes, status } = body.value;
    let request = caller.request(ChangePartner {
        code: partner.0,
        scopes: scopes.into_option().map(into_scopes),
        status: status.into_option().map(|status| status.0),
        expected_version: if_match.0,
    });
    let render = |partner: &Partner| changed(&PartnerView::of(partner), partner.version);
    let done = state.access.change_partner(request, render).await;
    Ok(answer(done?))
}
