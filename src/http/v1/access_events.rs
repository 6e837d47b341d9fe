//! `/access-events`: sign-ins and refused requests, counted by the minute, for auditors.

use actix_web::{get, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::events::after;
use crate::attempts::model::{AccessEvent, AttemptKind};
use crate::attempts::store::{self, AccessFilter, Mark};
use crate::calendar::begins_in_seoul;
use crate::http::extract::{Caller, Paged, PagingParams, rights};
use crate::http::problem::Answered;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::funds::dto::Label;
use crate::http::wire::{Choice, Day, Faults, Instant, PageOf};

/// What sort of attempt it was.
pub type AttemptKindWire = Choice<AttemptKind>;

/// Adds the routes of this file.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(list_access_events);
}

/// Which sign-ins and refusals to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessEventQuery {
    /// Only those of a sort.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<AttemptKindWire>,
    /// Only those of a user or client by its id, or of an `unknown:` name.
    #[deserr(default)]
    pub account: Option<Label>,
    /// Only those from there, as they are shown.
    #[deserr(default)]
    pub source: Option<Label>,
    /// Only those of an operation.
    #[deserr(default)]
    pub operation: Option<Label>,
    /// Only those with a code, such as `missing_right`.
    #[deserr(default)]
    pub code: Option<Label>,
    /// Only those that began on this day or later.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those that began up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
}

impl AccessEventQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> AccessFilter {
        AccessFilter {
            kind: self.kind.map(|choice| choice.0),
            account: self.account.map(|text| text.0),
            source: self.source.map(|text| text.0),
            operation: self.operation.map(|text| text.0),
            code: self.code.map(|text| text.0),
            from: self.from.map(|day| begins_in_seoul(day.0)),
            before: self.to.and_then(after),
        }
    }
}

/// The same attempt, once or several times within a minute.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "sign_in_refused", "account": "0184f0c5-a000-7a3c-8f5e-0d6b2c1a9e47", "known": true,
    "source": "203.0.113.7", "operation": "log_in", "status": 401, "code": "sign_in_refused",
    "times": 7, "first_at": "2022-11-03T01:02:03.000004Z", "last_at": "2022-11-03T01:02:41.000000Z",
    "last_request_id": "0184f0c5-a1b2-7c3d-8e4f-5a6b7c8d9e0f"
}))]
pub struct AccessEventView {
    /// What sort of attempt it was.
    pub kind: AttemptKindWire,
    /// The id of the user or client; for a name that nobody has, `unknown:` and a keyed hash of it;
    /// null where nobody said who they are.
    #[schema(required)]
    pub account: Option<String>,
    /// Whether it is the id of somebody.
    pub known: bool,
    /// The address that it came from; of IPv6 the network of 64 bits.
    #[schema(required)]
    pub source: Option<String>,
    /// The operation that was asked for; null where the row counts all that was not told apart.
    #[schema(required)]
    pub operation: Option<String>,
    /// The status of the answer.
    #[schema(required)]
    pub status: Option<i32>,
    /// The code of the refusal.
    #[schema(required)]
    pub code: Option<String>,
    /// How many times.
    pub times: i64,
    /// The first time.
    pub first_at: Instant,
    /// The last time.
    pub last_at: Instant,
    /// The id of the last of these requests.
    pub last_request_id: String,
}

impl AccessEventView {
    /// The view of a row.
    #[must_use]
    pub fn of(event: &AccessEvent) -> Self {
        Self {
            kind: Choice(event.kind),
            account: event.account.clone(),
            known: event.known,
            source: event.source.clone(),
            operation: event.operation.clone(),
            status: event.status,
            code: event.code.clone(),
            times: event.times,
            first_at: Instant(event.first_at),
            last_at: Instant(event.last_at),
            last_request_id: event.last_request.clone(),
        }
    }
}

/// Where a row stands in the list.
#[must_use]
pub fn key(event: &AccessEvent) -> String {
    Mark::of(event).to_string()
}

/// Lists sign-ins and refused requests, the newest first.
///
/// They are counted by the minute and written every two seconds; a server that is killed loses
/// those of the last moments. Where many strangers knock at once, some are only counted.
#[utoipa::path(
    tag = "events",
    params(AccessEventQuery, PagingParams),
    responses((status = 200, description = "A page of counts.", body = PageOf<AccessEventView>)),
)]
#[get("/access-events")]
pub async fn list_access_events(
    _caller: Caller<rights::ReadEvents>,
    query: Paged<AccessEventQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let mark = window.after.as_deref().and_then(|key| key.parse().ok());
    let events = state
        .read(move |conn| store::newest(conn, &filter, mark.as_ref(), window.limit))
        .await?;
    Ok(paging.page(events, key, AccessEventView::of))
}
