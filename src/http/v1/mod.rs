//! The resources, one file or folder each.

pub mod access_events;
pub mod amendments;
pub mod auth;
pub mod batches;
pub mod beneficiaries;
pub mod claims;
pub mod clients;
pub mod disbursements;
pub mod donations;
pub mod events;
pub mod exports;
pub mod funds;
pub mod histories;
pub mod imports;
pub mod indicators;
pub mod measurements;
pub mod oauth;
pub mod organisations;
pub mod partners;
pub mod payouts;
pub mod pledges;
pub mod programs;
pub mod proposals;
pub mod reports;
pub mod sales;
pub mod settings;
pub mod statements;
pub mod users;

use crate::http::routes::Routes;

/// Adds the routes of every resource. A request is held against them in this order: those asked for
/// most come first.
pub fn configure(routes: &mut Routes<'_>) {
    disbursements::configure(routes);
    reports::configure(routes);
    auth::configure(routes);
    oauth::configure(routes);
    users::configure(routes);
    partners::configure(routes);
    clients::configure(routes);
    funds::configure(routes);
    programs::configure(routes);
    proposals::configure(routes);
    settings::configure(routes);
    organisations::configure(routes);
    beneficiaries::configure(routes);
    donations::configure(routes);
    statements::configure(routes);
    amendments::configure(routes);
    sales::configure(routes);
    claims::configure(routes);
    pledges::configure(routes);
    indicators::configure(routes);
    measurements::configure(routes);
    imports::configure(routes);
    exports::configure(routes);
    events::configure(routes);
    access_events::configure(routes);
    histories::configure(routes);
}
