//! `…/{id}/amend` and `…/{id}/amendments`: changes of approved records that touch no money.
//!
//! What both nouns share stands here. Answers to what is recorded show no names: they are kept.

pub mod disbursements;
pub mod donations;
pub mod dto;
pub mod views;

use std::sync::Arc;

use crate::access::rights::Details;
use crate::amendments::model::{Amendment, SealedName};
use crate::amendments::store;
use crate::beneficiaries::model::BeneficiaryId;
use crate::beneficiaries::rename::{self, Renaming};
use crate::beneficiaries::store as people;
use crate::db::{Conn, DbError};
use crate::desk::Answer;
use crate::http::extract::{Paged, PathPart};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::ids::RecordId;
use dto::AmendmentQuery;
use views::AmendmentView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    disbursements::configure(routes);
    donations::configure(routes);
}

/// The answer to a proposal.
fn proposed(noun: &str, (record, amendment): &(RecordId, Amendment)) -> Answer {
    let view = AmendmentView::of(amendment);
    let location = format!("/v1/{noun}/{record}/amendments/{}", amendment.number);
    created(&view, location, view.version())
}

/// The answer to a decision.
fn decided((_, amendment): &(RecordId, Amendment)) -> Answer {
    let view = AmendmentView::of(amendment);
    changed(&view, view.version())
}

/// Lists the amendments of a record that has to be there, for somebody who sees that much.
async fn list(
    state: &State,
    sees: Details,
    record: RecordId,
    query: Paged<AmendmentQuery>,
    exists: fn(&mut Conn, &RecordId) -> Result<bool, DbError>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (window, status) = (paging.window(), filter.status.map(|choice| choice.0));
    let id = record.clone();
    let read = move |conn: &mut Conn| {
        if exists(conn, &id)? {
            shown(conn, &id, |conn| store::list(conn, &id, status, &window)).map(Some)
        } else {
            Ok::<_, DbError>(None)
        }
    };
    let (amendments, names) = state.read(read).await?.ok_or_else(ApiError::not_found)?;
    let vault = Arc::clone(&state.vault);
    let views: Vec<AmendmentView> = amendments
        .iter()
        .map(|amendment| AmendmentView::seen((&vault, sees), &record, amendment, &names))
        .collect::<Result<_, _>>()?;
    Ok(paging.page(views, |view| view.number.to_string(), AmendmentView::clone))
}

/// Shows one amendment, for somebody who sees that much.
async fn show(state: &State, sees: Details, at: PathPart) -> Answered {
    let PathPart { id, number } = at;
    let record = id.clone();
    let read = move |conn: &mut Conn| -> Result<_, DbError> {
        let one = |conn: &mut Conn| {
            let amendment = store::get(conn, &id, number)?;
            Ok(amendment.into_iter().collect())
        };
        shown(conn, &id, one)
    };
    let (amendments, names) = state.read(read).await?;
    let amendment = amendments.first().ok_or_else(ApiError::not_found)?;
    let view = AmendmentView::seen((&state.vault, sees), &record, amendment, &names)?;
    let version = view.version();
    Ok(found(&view, version))
}

/// Amendments with the names that they are about.
pub(in crate::http) fn shown(
    conn: &mut Conn,
    record: &RecordId,
    read: impl FnOnce(&mut Conn) -> Result<Vec<Amendment>, DbError>,
) -> Result<(Vec<Amendment>, Vec<SealedName>), DbError> {
    let amendments = read(conn)?;
    let renaming = amendments.iter().filter(|amendment| amendment.renames);
    let numbers: Vec<i32> = renaming.map(|amendment| amendment.number).collect();
    let names = store::names(conn, record, &numbers)?;
    Ok((amendments, names))
}

/// Seals another name for a person; none where the person was erased.
async fn renaming(
    state: &State,
    record: &RecordId,
    person: BeneficiaryId,
    name: Option<String>,
) -> Result<Option<Renaming>, ApiError> {
    let found = state.read(move |conn| people::get(conn, &person)).await?;
    let sealed = found.map(|person| rename::rename(&state.vault, record, &person, name));
    sealed.transpose().map_err(ApiError::internal)
}

/// Seals the name that an amendment proposes anew, against the person's details as they are now.
async fn proposed_name(state: &State, at: &PathPart) -> Result<Option<Renaming>, ApiError> {
    let (id, number) = (at.id.clone(), at.number);
    let names = state
        .read(move |conn| store::names(conn, &id, &[number]))
        .await?;
    let Some(name) = names.first() else {
        return Ok(None);
    };
    let text = rename::open(&state.vault, &at.id, name).map_err(ApiError::internal)?;
    renaming(state, &at.id, name.beneficiary.clone(), text).await
}
