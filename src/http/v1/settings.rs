//! `/settings`: rules of the house.

use actix_web::{get, patch, web};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::extract::{Body, Caller, IfMatch, rights};
use crate::http::problem::Answered;
use crate::http::respond::{changed, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::{Change, Currency, Faults, WonIn, WonOut};
use crate::settings::change::ChangeSettings;
use crate::settings::model::Settings;
use crate::settings::store;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(get_settings).service(change_settings);
}

/// The rules of the house.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsView {
    /// The currency of its amounts.
    pub currency: Currency,
    /// Over how many won a second person has to approve, where a program or a fund says nothing, and
    /// for direct giving; null for never.
    #[schema(required)]
    pub second_approval_above: Option<WonOut>,
    /// Counts the changes; also the `ETag`.
    pub version: i32,
}

/// What of them is to be changed.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"second_approval_above": "100000000"}))]
pub struct SettingsChanges {
    /// Over how many won a second person has to approve: less than before, or a first limit.
    #[deserr(default)]
    #[schema(value_type = Option<WonIn>)]
    pub second_approval_above: Change<WonIn>,
}

impl SettingsView {
    fn of(settings: &Settings) -> Self {
        Self {
            currency: Currency,
            second_approval_above: settings.second_approval_above.map(WonOut::from),
            version: settings.version,
        }
    }
}

/// Shows the rules of the house.
#[utoipa::path(
    tag = "settings",
    responses((status = 200, description = "The rules.", body = SettingsView)),
)]
#[get("/settings")]
pub async fn get_settings(
    _caller: Caller<rights::ReadRecords>,
    state: web::Data<State>,
) -> Answered {
    let settings = state.read(store::get).await?;
    Ok(found(&SettingsView::of(&settings), settings.version))
}

/// Makes a rule of the house stricter.
///
/// Looser it gets by a proposal that somebody else approves.
#[utoipa::path(
    tag = "settings",
    request_body = SettingsChanges,
    responses((status = 200, description = "The rules.", body = SettingsView)),
)]
#[patch("/settings")]
pub async fn change_settings(
    caller: Caller<rights::ManageBooks>,
    if_match: IfMatch,
    body: Body<SettingsChanges>,
    state: web::Data<State>,
) -> Answered {
    let above = body.value.second_approval_above.into_option();
    let command = ChangeSettings {
        expected_version: if_match.0,
        second_approval_above: above.map(|above| above.map(|won| won.0)),
    };
    state
        .record(caller.request(command), |one| {
            changed(&SettingsView::of(one), one.version)
        })
        .await
}
