//! `/beneficiaries`: people in the books, and who they are for those who may know.

pub mod dto;
pub mod merges;
pub mod views;

use std::sync::Arc;

use actix_web::{get, post, web};

use crate::beneficiaries::model::{Beneficiary, BeneficiaryId};
use crate::beneficiaries::store;
use crate::http::extract::{Body, Caller, Paged, PagingParams, PathKey, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use dto::{BeneficiaryQuery, NewBeneficiary};
use views::{BeneficiaryView, Merges};

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_beneficiary)
        .service(list_beneficiaries)
        .service(get_beneficiary)
        .service(merges::propose_merge)
        .service(merges::approve_merge)
        .service(merges::reject_merge)
        .service(merges::unmerge);
}

/// Records a beneficiary without paying it yet.
///
/// The answer shows no personal details: it is kept with its idempotency key.
#[utoipa::path(
    tag = "beneficiaries",
    request_body = NewBeneficiary,
    responses((status = 201, description = "The beneficiary.", body = BeneficiaryView)),
)]
#[post("/beneficiaries")]
pub async fn create_beneficiary(
    caller: Caller<rights::Record>,
    writing: Writing,
    body: Body<NewBeneficiary>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(&state.vault, state.now())?;
    let request = writing.request(&caller, &body.digest, command);
    let location = |person: &Beneficiary| format!("/v1/beneficiaries/{}", person.id);
    state
        .record(request, move |person| {
            created(&BeneficiaryView::of(person), location(person), 1)
        })
        .await
}

/// Lists beneficiaries in the order in which they were first recorded.
///
/// Who may not see personal details gets none; approver, treasurer and auditor see them masked.
#[utoipa::path(
    tag = "beneficiaries",
    params(BeneficiaryQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<BeneficiaryView>)),
)]
#[get("/beneficiaries")]
pub async fn list_beneficiaries(
    caller: Caller<rights::ReadRecords>,
    query: Paged<BeneficiaryQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(state.today())?, paging.window());
    let (vault, sees) = (Arc::clone(&state.vault), caller.principal.sees_details());
    let people = state.read_trailing(move |conn| {
        let people = store::list(conn, &filter, &window)?;
        let merges = Merges::read(conn, &people)?;
        let seen = people.iter().map(|person| {
            let view = BeneficiaryView::seen(&vault, sees, person)?;
            Ok(view.with(&merges, &person.id))
        });
        seen.collect::<Result<Vec<_>, ApiError>>()
    });
    Ok(paging.page(people.await?, |person| person.id.clone(), Clone::clone))
}

/// Shows a beneficiary, with whom it was merged.
#[utoipa::path(
    tag = "beneficiaries",
    responses((status = 200, description = "The beneficiary.", body = BeneficiaryView)),
)]
#[get("/beneficiaries/{id}")]
pub async fn get_beneficiary(
    caller: Caller<rights::ReadRecords>,
    id: PathKey,
    state: web::Data<State>,
) -> Answered {
    let (vault, sees) = (Arc::clone(&state.vault), caller.principal.sees_details());
    let read = state.read(move |conn| {
        let person = store::get(conn, &BeneficiaryId::stored(id.0))?;
        let person = person.ok_or_else(ApiError::not_found)?;
        let merges = Merges::read(conn, std::slice::from_ref(&person))?;
        let view = BeneficiaryView::seen(&vault, sees, &person)?;
        Ok::<_, ApiError>((view.with(&merges, &person.id), merges.version(&person.id)))
    });
    let (view, version) = read.await?;
    Ok(found(&view, version))
}
