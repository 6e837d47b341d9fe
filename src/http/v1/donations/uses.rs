//! `/donations/{id}/uses`: what an intermediary passed on.

use actix_web::{get, post, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::donations::model::{Donation, RecipientRole};
use crate::donations::store as donations;
use crate::donations::uses::cancel::CancelUse;
use crate::donations::uses::model::Use;
use crate::donations::uses::record::{RecordUse, UseOf};
use crate::donations::uses::{rules, store};
use crate::http::extract::{
    Body, Caller, Expected, Paged, PagingParams, PathId, PathPart, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::funds::dto::Note;
use crate::http::v1::sales::dto::NewSaleCancellation;
use crate::http::v1::sales::views::CancelledView;
use crate::http::v1::statements::dto::{PeopleCount, ReportedPeriod};
use crate::http::v1::statements::views::DaysView;
use crate::http::wire::{
    CostIn, Currency, Day, Faults, Instant, PageOf, RegionIn, RegionOut, WonOut,
};
use crate::ids::RecordId;
use crate::refusal::Refusal;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(record_donation_use)
        .service(list_donation_uses)
        .service(get_donation_use)
        .service(cancel_donation_use);
}

/// What an intermediary says it did with a donation on some days.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "period": {"start": "2022-09-06", "end": "2022-10-31"}, "used": "1200000000",
    "returned": "0", "beneficiaries": 4000, "region": "11", "effective_on": "2022-11-02"
}))]
pub struct NewUse {
    /// The days.
    pub period: ReportedPeriod,
    /// How much was passed on; may be nothing where something was given back.
    pub used: CostIn,
    /// How much was given back to the giver.
    pub returned: CostIn,
    /// How many people it reached. Never added up: the next report may mean the same people.
    #[deserr(default)]
    pub beneficiaries: Option<PeopleCount>,
    /// Where it was used. Without it, it stays under 지역 미배분.
    #[deserr(default)]
    pub region: Option<RegionIn>,
    /// The value date, on or after the last of these days; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// A note.
    #[deserr(default)]
    pub note: Option<Note>,
}

impl NewUse {
    /// The command that records it; `None` for a period out of order.
    fn into_command(self, donation: RecordId, expected: Option<i32>) -> Option<RecordUse> {
        Some(RecordUse {
            donation,
            period: self.period.period()?,
            effective_on: self.effective_on.map(|day| day.0),
            region: self.region.map(|region| region.0),
            used: self.used.0,
            returned: self.returned.0,
            beneficiaries: self.beneficiaries.map(|count| count.0),
            note: self.note.map(|note| note.0),
            expected_version: expected,
        })
    }
}

/// Which uses to list: all.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UseQuery {}

/// What an intermediary says it did with a donation on some days.
#[derive(Debug, Serialize, ToSchema)]
pub struct UseView {
    /// The id of the donation.
    pub donation: String,
    /// Its number among the uses of the donation.
    pub number: i32,
    /// The days.
    pub period: DaysView,
    /// The value date.
    pub effective_on: Day,
    /// Where it was used; null for 지역 미배분.
    #[schema(required)]
    pub region: Option<RegionOut>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Passed on.
    pub used: WonOut,
    /// Given back to the giver.
    pub returned: WonOut,
    /// How many people it reached. Never added up.
    #[schema(required)]
    pub beneficiaries: Option<i64>,
    /// A note.
    #[schema(required)]
    pub note: Option<String>,
    /// How it was undone, if it was.
    #[schema(required)]
    pub cancelled: Option<CancelledView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
}

impl UseView {
    pub(in crate::http) fn of(donation: &RecordId, said: &Use) -> Self {
        Self {
            donation: donation.to_string(),
            number: said.number,
            period: DaysView::from(said.period),
            effective_on: Day(said.effective_on),
            region: said.region.map(RegionOut::of),
            currency: Currency,
            used: WonOut::from(said.used),
            returned: WonOut::from(said.returned),
            beneficiaries: said.beneficiaries,
            note: said.note.clone(),
            cancelled: said.cancelled.as_ref().map(CancelledView::from),
            recorded_by: said.recorded_by.clone(),
            recorded_at: Instant(said.recorded_at),
        }
    }

    fn done(done: &UseOf) -> Self {
        Self::of(&done.donation.payout.id, &done.said)
    }
}

/// What an intermediary passed on of a donation, in all and until today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"used": "1200000000", "returned": "0", "held": "1000000000"}))]
pub struct UsesView {
    /// Passed on, as it says.
    pub used: WonOut,
    /// Given back, as it says.
    pub returned: WonOut,
    /// What it still holds: paid − used − came back. What came back counts once, whether the
    /// intermediary says so or the refund is booked.
    pub held: WonOut,
}

impl UsesView {
    /// The sums of a donation's uses; none where the recipient is no intermediary.
    #[must_use]
    pub fn of(donation: &Donation) -> Option<Self> {
        if donation.recipient_role != RecipientRole::Intermediary {
            return None;
        }
        // Nothing lies ahead of today, so the last day tells what stands now.
        let now = rules::passed_on(&donation.payout, &donation.uses, chrono::NaiveDate::MAX);
        let now = now.ok()?;
        Some(Self {
            used: WonOut(now.used),
            returned: WonOut(now.returned),
            held: WonOut(now.held().ok()?),
        })
    }
}

/// Records what an intermediary passed on of a donation.
///
/// What it used and what came back is never more than what it was paid, on no day. Several uses
/// may be of the same days where their regions differ.
#[utoipa::path(
    tag = "donations",
    request_body = NewUse,
    responses((status = 201, description = "The use.", body = UseView)),
)]
#[post("/donations/{id}/uses")]
pub async fn record_donation_use(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewUse>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let command = command.ok_or_else(|| Refusal::field("/period", "end_before_start"))?;
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |done| {
            let payout = &done.donation.payout;
            let location = format!("/v1/donations/{}/uses/{}", payout.id, done.said.number);
            created(&UseView::done(done), location, payout.version)
        })
        .await
}

/// Lists what an intermediary passed on of a donation, undone reports included.
#[utoipa::path(
    tag = "donations",
    params(UseQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<UseView>)),
)]
#[get("/donations/{id}/uses")]
pub async fn list_donation_uses(
    _caller: Caller<rights::ReadRecords>,
    id: PathId,
    query: Paged<UseQuery>,
    state: web::Data<State>,
) -> Answered {
    let window = query.paging.window();
    let donation = id.0.clone();
    let uses = state
        .read(move |conn| {
            let known = donations::get(conn, &donation)?.ok_or_else(ApiError::not_found)?;
            store::list(conn, &known.payout.id, &window).map_err(ApiError::from)
        })
        .await?;
    let view = |said: &Use| UseView::of(&id.0, said);
    Ok(query
        .paging
        .page(uses, |said| said.number.to_string(), view))
}

/// Shows one report of what an intermediary passed on.
#[utoipa::path(
    tag = "donations",
    responses((status = 200, description = "The use.", body = UseView)),
)]
#[get("/donations/{id}/uses/{number}")]
pub async fn get_donation_use(
    _caller: Caller<rights::ReadRecords>,
    part: PathPart,
    state: web::Data<State>,
) -> Answered {
    let PathPart { id, number } = part;
    let donation = state.read(move |conn| donations::get(conn, &id)).await?;
    let donation = donation.ok_or_else(ApiError::not_found)?;
    let said = donation.uses.iter().find(|said| said.number == number);
    let said = said.ok_or_else(ApiError::not_found)?;
    let view = UseView::of(&donation.payout.id, said);
    Ok(found(&view, donation.payout.version))
}

/// Undoes a report of what an intermediary passed on that was wrong.
///
/// It stops counting on a day of its own: figures of days before stay as they were.
#[utoipa::path(
    tag = "donations",
    request_body = NewSaleCancellation,
    responses((status = 200, description = "The use.", body = UseView)),
)]
#[post("/donations/{id}/uses/{number}/cancel")]
pub async fn cancel_donation_use(
    caller: Caller<rights::Record>,
    part: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<NewSaleCancellation>,
    state: web::Data<State>,
) -> Answered {
    let command = CancelUse {
        donation: part.id,
        number: part.number,
        reason: body.value.reason.0,
        effective_on: body.value.effective_on.map(|day| day.0),
        expected_version: expected.0,
    };
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |done| {
            changed(&UseView::done(done), done.donation.payout.version)
        })
        .await
}
