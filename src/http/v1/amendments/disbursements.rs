//! Amendments of disbursements.

use actix_web::{get, post, web};

use super::dto::{AmendmentApproval, AmendmentQuery, AmendmentRefusal, NewDisbursementAmendment};
use super::views::AmendmentView;
use super::{decided, list, proposed, proposed_name, renaming, show};
use crate::beneficiaries::rename::Renaming;
use crate::bounds::Bounds;
use crate::disbursements::model::Disbursement;
use crate::disbursements::store;
use crate::http::extract::{
    Body, Caller, Expected, Paged, PagingParams, PathId, PathPart, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::refusal::Refusal;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(amend_disbursement)
        .service(list_disbursement_amendments)
        .service(get_disbursement_amendment)
        .service(approve_disbursement_amendment)
        .service(reject_disbursement_amendment)
        .service(withdraw_disbursement_amendment);
}

/// Proposes an amendment of an approved disbursement: of what is not money.
///
/// Where, what for, its voucher, its labels, the name of its beneficiary. A second person approves it,
/// unless the program asks for no approval. One at a time waits for a decision.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewDisbursementAmendment,
    responses((status = 201, description = "The amendment.", body = AmendmentView)),
)]
#[post("/disbursements/{id}/amend")]
pub async fn amend_disbursement(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewDisbursementAmendment>,
    state: web::Data<State>,
) -> Answered {
    let renaming = match body.value.wished_name() {
        Some(name) => named(&state, &id, name).await?,
        None => None,
    };
    let command = body
        .value
        .into_command::<Disbursement>(id.0, expected.0, renaming);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |done| proposed("disbursements", done))
        .await
}

/// Lists the amendments of a disbursement as they were proposed.
///
/// Each with both versions of the record; names only for those who may see them.
#[utoipa::path(
    tag = "disbursements",
    params(AmendmentQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<AmendmentView>)),
)]
#[get("/disbursements/{id}/amendments")]
pub async fn list_disbursement_amendments(
    caller: Caller<rights::ReadRecords>,
    id: PathId,
    query: Paged<AmendmentQuery>,
    state: web::Data<State>,
) -> Answered {
    let sees = caller.principal.sees_details();
    list(&state, sees, id.0, query, |conn, id| {
        Ok(store::get(conn, &Bounds::none(), id)?.is_some())
    })
    .await
}

/// Shows an amendment of a disbursement.
#[utoipa::path(
    tag = "disbursements",
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[get("/disbursements/{id}/amendments/{number}")]
pub async fn get_disbursement_amendment(
    caller: Caller<rights::ReadRecords>,
    at: PathPart,
    state: web::Data<State>,
) -> Answered {
    show(&state, caller.principal.sees_details(), at).await
}

/// Approves an amendment of a disbursement.
///
/// Never by who proposed it, nor by who made the disbursement. From its value date on the disbursement is what it
/// says.
#[utoipa::path(
    tag = "disbursements",
    request_body = AmendmentApproval,
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[post("/disbursements/{id}/amendments/{number}/approve")]
pub async fn approve_disbursement_amendment(
    caller: Caller<rights::Approve>,
    at: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<AmendmentApproval>,
    state: web::Data<State>,
) -> Answered {
    let renaming = proposed_name(&state, &at).await?;
    let at = (at.id, at.number);
    let command = body
        .value
        .into_command::<Disbursement>(at, expected.0, renaming);
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, decided).await
}

/// Rejects an amendment of a disbursement.
#[utoipa::path(
    tag = "disbursements",
    request_body = AmendmentRefusal,
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[post("/disbursements/{id}/amendments/{number}/reject")]
pub async fn reject_disbursement_amendment(
    caller: Caller<rights::Approve>,
    at: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<AmendmentRefusal>,
    state: web::Data<State>,
) -> Answered {
    let at = (at.id, at.number);
    let command = body.value.into_reject::<Disbursement>(at, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, decided).await
}

/// Takes an amendment of a disbursement back.
///
/// Only whoever proposed it does, and only until it is decided.
#[utoipa::path(
    tag = "disbursements",
    request_body = AmendmentRefusal,
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[post("/disbursements/{id}/amendments/{number}/withdraw")]
pub async fn withdraw_disbursement_amendment(
    caller: Caller<rights::Record>,
    at: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<AmendmentRefusal>,
    state: web::Data<State>,
) -> Answered {
    let at = (at.id, at.number);
    let command = body.value.into_withdraw::<Disbursement>(at, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, decided).await
}

/// Seals the name for the beneficiary of a disbursement; none where there is nobody to name.
async fn named(
    state: &State,
    id: &PathId,
    name: Option<String>,
) -> Result<Option<Renaming>, ApiError> {
    let record = id.0.clone();
    let found = state
        .read(move |conn| store::get(conn, &Bounds::none(), &record))
        .await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    match found.payee.beneficiary {
        Some(person) => {
            let sealed = renaming(state, &id.0, person, name).await?;
            let erased = || Refusal::rule("details_erased").into();
            sealed.map(Some).ok_or_else(erased)
        }
        None => Ok(None),
    }
}
