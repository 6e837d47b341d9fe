//! `…/{id}/history`: everything that touched a record, from the log.
//!
//! To the house: the events of the record itself, of whom it pays, and of the file that it came
//! from. To a partner: those of the record alone, without what they asked for and where they stand
//! in the log, for the book is not a partner's alone.

use actix_web::{get, web};
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::events::command;
use crate::access::secret::hex;
use crate::bounds::Bounds;
use crate::db::page::Page;
use crate::db::{Conn, DbError};
use crate::disbursements::store as disbursements;
use crate::donations::store as donations;
use crate::http::extract::{Caller, Paged, PagingParams, PathId, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{Day, Faults, Instant, PageOf};
use crate::ids::RecordId;
use crate::ledger::log;
use crate::ledger::trail::{Logged, TrailFilter};

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(list_disbursement_history)
        .service(list_donation_history);
}

/// The list takes no filters.
#[derive(Debug, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct HistoryQuery {}

/// An event that touched a record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "number": 2, "kind": "disbursement.approved",
    "subject": "disbursement:0184f0c5a0007a3c8f5e0d6b2c1a9e47-2",
    "actor": "0184f0c5-a000-7a3c-8f5e-0d6b2c1a9e47", "effective_on": "2022-11-03",
    "recorded_at": "2022-11-03T01:02:03.000004Z",
    "request_id": "0184f0c5-a1b2-7c3d-8e4f-5a6b7c8d9e0f", "book": "fund:co-prosperity",
    "sequence": 1042, "command": {"id": "0184f0c5a0007a3c8f5e0d6b2c1a9e47-2"},
    "leaf": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct HistoryView {
    /// Its place in the history, from 1.
    pub number: i64,
    /// What happened.
    pub kind: String,
    /// What it happened to: the record, whom it pays, or the file that it came from.
    pub subject: String,
    /// Who did it: the id of a user or client.
    pub actor: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The request that it came with; null for partners.
    #[schema(required)]
    pub request_id: Option<String>,
    /// The book whose log it stands in; null for partners.
    #[schema(required)]
    pub book: Option<String>,
    /// Its place in that log; null for partners.
    #[schema(required)]
    pub sequence: Option<i64>,
    /// What was asked for, as it was recorded; null for partners.
    #[schema(required, value_type = Option<Object>)]
    pub command: Option<Value>,
    /// The leaf of the book's hash tree that binds it; null for partners.
    #[schema(required)]
    pub leaf: Option<String>,
}

/// An event, and its place in a history.
pub type Numbered = (i64, Logged);

impl HistoryView {
    /// The view of an event, for somebody with these bounds.
    #[must_use]
    pub fn of((number, logged): &Numbered, bounds: &Bounds) -> Self {
        let event = &logged.event;
        let inside = (!bounds.any()).then_some(logged);
        Self {
            number: *number,
            kind: event.kind.clone(),
            subject: event.subject.clone(),
            actor: event.actor.clone(),
            effective_on: Day(event.effective_on),
            recorded_at: Instant(event.recorded_at),
            request_id: inside.map(|logged| logged.event.request_id.clone()),
            book: inside.map(|logged| logged.book.clone()),
            sequence: inside.map(|logged| logged.event.sequence),
            command: inside.map(|logged| command(&logged.event.command)),
            leaf: inside.map(|logged| hex(&logged.leaf)),
        }
    }
}

/// A page of the history of a disbursement; nothing for one that is not there, or beyond bounds.
///
/// # Errors
/// [`DbError`].
pub fn of_disbursement(
    conn: &mut Conn,
    bounds: &Bounds,
    id: &RecordId,
    page: &Page,
) -> Result<Option<Vec<Numbered>>, DbError> {
    let Some(record) = disbursements::get(conn, bounds, id)? else {
        return Ok(None);
    };
    let mut subjects = vec![format!("disbursement:{id}")];
    if !bounds.any() {
        let payee = record.payee.beneficiary;
        subjects.extend(payee.map(|person| format!("beneficiary:{person}")));
    }
    history(conn, bounds, subjects, page).map(Some)
}

/// The same of a donation.
///
/// # Errors
/// [`DbError`].
pub fn of_donation(
    conn: &mut Conn,
    id: &RecordId,
    page: &Page,
) -> Result<Option<Vec<Numbered>>, DbError> {
    if donations::get(conn, id)?.is_none() {
        return Ok(None);
    }
    let subjects = vec![format!("donation:{id}")];
    history(conn, &Bounds::none(), subjects, page).map(Some)
}

/// What happened to these, and to the file that the first of them came from.
fn history(
    conn: &mut Conn,
    bounds: &Bounds,
    mut subjects: Vec<String>,
    page: &Page,
) -> Result<Vec<Numbered>, DbError> {
    let of_record = TrailFilter {
        subjects: subjects.iter().take(1).cloned().collect(),
        ..TrailFilter::default()
    };
    let recorded = log::oldest(conn, &of_record, 0, 1)?.pop();
    let file = recorded.map(|first| first.event.request_id);
    let file = file.filter(|request| request.starts_with("import:") && !bounds.any());
    subjects.extend(file);
    let filter = TrailFilter {
        subjects,
        ..TrailFilter::default()
    };
    let skipped = page.after.as_deref().and_then(|key| key.parse().ok());
    let skipped: i64 = skipped.unwrap_or(0);
    let events = log::oldest(conn, &filter, skipped, page.limit)?;
    let places = skipped.saturating_add(1)..;
    Ok(places.zip(events).collect())
}

/// Where an event stands in the list.
#[must_use]
pub fn key((number, _): &Numbered) -> String {
    number.to_string()
}

/// Lists everything that touched a disbursement, the first thing first.
///
/// The record's own events and its amendments'; for the house also those of whom it pays, merges
/// among them, and of the file that it came from.
#[utoipa::path(
    tag = "disbursements",
    params(PagingParams),
    responses((status = 200, description = "A page of events.", body = PageOf<HistoryView>)),
)]
#[get("/disbursements/{id}/history")]
pub async fn list_disbursement_history(
    caller: Caller<rights::ReadPrograms>,
    id: PathId,
    query: Paged<HistoryQuery>,
    state: web::Data<State>,
) -> Answered {
    let window = query.paging.window();
    let (bounds, own) = (caller.bounds(), caller.bounds());
    let events = state
        .read(move |conn| of_disbursement(conn, &own, &id.0, &window))
        .await?;
    let events = events.ok_or_else(ApiError::not_found)?;
    let view = |event: &Numbered| HistoryView::of(event, &bounds);
    Ok(query.paging.page(events, key, view))
}

/// Lists everything that touched a donation, the first thing first.
///
/// The record's own events, its receipt, its uses, its amendments, and those of the file that it
/// came from.
#[utoipa::path(
    tag = "donations",
    params(PagingParams),
    responses((status = 200, description = "A page of events.", body = PageOf<HistoryView>)),
)]
#[get("/donations/{id}/history")]
pub async fn list_donation_history(
    _caller: Caller<rights::ReadRecords>,
    id: PathId,
    query: Paged<HistoryQuery>,
    state: web::Data<State>,
) -> Answered {
    let window = query.paging.window();
    let events = state
        .read(move |conn| of_donation(conn, &id.0, &window))
        .await?;
    let events = events.ok_or_else(ApiError::not_found)?;
    let view = |event: &Numbered| HistoryView::of(event, &Bounds::none());
    Ok(query.paging.page(events, key, view))
}
