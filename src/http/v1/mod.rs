//! The resources, one file or folder each.

pub mod amendments;
pub mod auth;
pub mod beneficiaries;
pub mod claims;
pub mod disbursements;
pub mod donations;
pub mod funds;
pub mod imports;
pub mod indicators;
pub mod measurements;
pub mod organisations;
pub mod payouts;
pub mod pledges;
pub mod programs;
pub mod reports;
pub mod sales;
pub mod statements;
pub mod users;

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the routes of every resource.
pub fn configure(config: &mut ServiceConfig<'_>) {
    auth::configure(config);
    users::configure(config);
    funds::configure(config);
    programs::configure(config);
    organisations::configure(config);
    beneficiaries::configure(config);
    disbursements::configure(config);
    donations::configure(config);
    statements::configure(config);
    amendments::configure(config);
    sales::configure(config);
    claims::configure(config);
    pledges::configure(config);
    indicators::configure(config);
    measurements::configure(config);
    imports::configure(config);
    reports::configure(config);
}
