//! `/events`: the logs of all books as one trail, for auditors.

use actix_web::{get, web};
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::access::secret::hex;
use crate::calendar::begins_in_seoul;
use crate::http::extract::{Caller, Paged, PagingParams, rights};
use crate::http::problem::Answered;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::funds::dto::Label;
use crate::http::wire::{Day, Faults, Instant, PageOf};
use crate::ledger::log;
use crate::ledger::trail::{Logged, Mark, TrailFilter};

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(list_events);
}

/// Which events to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// Only what a user or client did, by its id.
    #[deserr(default)]
    pub actor: Option<Label>,
    /// Only what happened to one thing, such as `disbursement:…` or `fund:co-prosperity`.
    #[deserr(default)]
    pub subject: Option<Label>,
    /// Only events of a kind, such as `disbursement.approved` or `session.opened`.
    #[deserr(default)]
    pub kind: Option<Label>,
    /// Only those of a book, such as `house` or `fund:co-prosperity`.
    #[deserr(default)]
    pub book: Option<Label>,
    /// Only what was recorded from this day on.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only what was recorded up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
}

impl EventQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> TrailFilter {
        TrailFilter {
            book: self.book.map(|text| text.0),
            subjects: self.subject.into_iter().map(|text| text.0).collect(),
            actor: self.actor.map(|text| text.0),
            kind: self.kind.map(|text| text.0),
            from: self.from.map(|day| begins_in_seoul(day.0)),
            before: self.to.and_then(after),
        }
    }
}

/// The instant at which a day is over.
#[must_use]
pub fn after(day: Day) -> Option<chrono::DateTime<chrono::Utc>> {
    day.0.succ_opt().map(begins_in_seoul)
}

/// Something that was recorded. No personal details.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "book": "fund:co-prosperity", "sequence": 1042, "kind": "disbursement.approved",
    "subject": "disbursement:0184f0c5a0007a3c8f5e0d6b2c1a9e47-2",
    "actor": "0184f0c5-a000-7a3c-8f5e-0d6b2c1a9e47",
    "request_id": "0184f0c5-a1b2-7c3d-8e4f-5a6b7c8d9e0f",
    "effective_on": "2022-11-03", "recorded_at": "2022-11-03T01:02:03.000004Z",
    "command": {"id": "0184f0c5a0007a3c8f5e0d6b2c1a9e47-2"},
    "leaf": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct EventView {
    /// The book whose log it stands in.
    pub book: String,
    /// Its place in that log, from 1 without gaps.
    pub sequence: i64,
    /// What happened.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// Who did it: the id of a user or client.
    pub actor: String,
    /// The request that it came with; `import:` and an id for a row of a file.
    pub request_id: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// What was asked for, as it was recorded: people and secrets by their ids only.
    #[schema(value_type = Object)]
    pub command: Value,
    /// The leaf of the book's hash tree that binds it, in hexadecimal digits.
    pub leaf: String,
}

impl EventView {
    /// The view of an event.
    #[must_use]
    pub fn of(logged: &Logged) -> Self {
        let event = &logged.event;
        Self {
            book: logged.book.clone(),
            sequence: event.sequence,
            kind: event.kind.clone(),
            subject: event.subject.clone(),
            actor: event.actor.clone(),
            request_id: event.request_id.clone(),
            effective_on: Day(event.effective_on),
            recorded_at: Instant(event.recorded_at),
            command: command(&event.command),
            leaf: hex(&logged.leaf),
        }
    }
}

/// A command as it is stored, which is JSON.
#[must_use]
pub fn command(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_no_json| Value::String(text.to_owned()))
}

/// Where an event stands in the list.
#[must_use]
pub fn key(logged: &Logged) -> String {
    Mark::of(&logged.event).to_string()
}

/// Lists what was recorded in all books, the newest first.
///
/// Every sign-in, change and movement of money is one event. What was refused left none: see
/// `/v1/access-events`.
#[utoipa::path(
    tag = "events",
    params(EventQuery, PagingParams),
    responses((status = 200, description = "A page of events.", body = PageOf<EventView>)),
)]
#[get("/events")]
pub async fn list_events(
    _caller: Caller<rights::ReadEvents>,
    query: Paged<EventQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let mark = window.after.as_deref().and_then(|key| key.parse().ok());
    let events = state
        .read(move |conn| log::newest(conn, &filter, mark, window.limit))
        .await?;
    Ok(paging.page(events, key, EventView::of))
}
