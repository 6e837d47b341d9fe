//! The resources, one file or folder each.

pub mod amendments;
pub mod auth;
pub mod beneficiaries;
pub mod disbursements;
pub mod donations;
pub mod funds;
pub mod organisations;
pub mod payouts;
pub mod programs;
pub mod reports;
pub mod sales;
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
    amendments::configure(config);
    sales::configure(config);
    reports::configure(config);
}
