//! `POST /disbursements/batch`: recording many at once.

use std::sync::Arc;

use actix_web::{post, web};
use deserr::Deserr;
use utoipa::ToSchema;

use super::dto::NewDisbursement;
use crate::desk::batch::MAX_BATCH;
use crate::desk::{BatchMode, Many};
use crate::disbursements::record::RecordDisbursement;
use crate::http::extract::{Body, Caller, Writing, rights};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::batches::{BatchView, ModeWire, RecordView, Sorted};
use crate::http::wire::{Each, Faults};

/// Where it is.
const PATH: &str = "/v1/disbursements/batch";

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(create_disbursements);
}

/// The disbursements of a batch.
pub type Recorded = Each<NewDisbursement, MAX_BATCH>;

/// Disbursements to be recorded together.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewDisbursements {
    /// What happens when one is refused: nothing is recorded, unless it says `continue`.
    #[deserr(default)]
    pub mode: Option<ModeWire>,
    /// The disbursements.
    pub items: Recorded,
}

/// Records up to 1,000 disbursements at once.
///
/// All of them or none; with `continue` those that are not refused. Either way they are recorded
/// together, and the answer tells what became of each.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewDisbursements,
    responses((status = 200, description = "What became of each.", body = BatchView)),
)]
#[post("/disbursements/batch")]
pub async fn create_disbursements(
    caller: Caller<rights::Submit>,
    writing: Writing,
    lang: Lang,
    body: Body<NewDisbursements>,
    state: web::Data<State>,
) -> Answered {
    let mode = body.value.mode.map_or(BatchMode::Atomic, |mode| mode.0);
    let mut sorted = Sorted::of(body.value.items, mode)?;
    let commands = commands(&state, sorted.take()).await?;
    let request = writing.request(&caller, &body.digest, Many { commands, mode });
    sorted
        .record(&state, request, (lang, PATH), |record| {
            RecordView::of(&record.payout)
        })
        .await
}

/// The commands that record them, each in its book. Sealing personal details takes a while, so it
/// is done off the request threads.
async fn commands(
    state: &State,
    items: Vec<NewDisbursement>,
) -> Result<Vec<RecordDisbursement>, ApiError> {
    let (books, vault, now) = (
        Arc::clone(&state.books),
        Arc::clone(&state.vault),
        state.now(),
    );
    let command = move |item: NewDisbursement| {
        let fund = item.fund.as_ref().map(|fund| &fund.0);
        let book = books.of_payout(Some(&item.program.0), fund)?;
        item.into_command(book, &vault, now)
    };
    state
        .off_thread(move || {
            items
                .into_iter()
                .map(command)
                .collect::<Result<_, ApiError>>()
        })
        .await
}
