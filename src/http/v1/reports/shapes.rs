//! What reports look like, for the OpenAPI document alone.
//!
//! The reporting room writes its own structs and knows no OpenAPI; these say the same of their
//! JSON, member by member, and are never built. A test reads real reports against them.

pub mod claims;
pub mod compensation;
mod examples;
pub mod figures;
pub mod fund;
pub mod indicators;
pub mod overview;
pub mod people;
pub mod plan;
pub mod pledges;
pub mod program;
pub mod series;
pub mod stated;

pub use claims::{ClaimCheck, ClaimsReport};
pub use compensation::CompensationReport;
pub use fund::FundReport;
pub use indicators::{IndicatorReport, IndicatorsReport};
pub use overview::Overview;
pub use people::PeopleReport;
pub use pledges::PledgesReport;
pub use program::ProgramReport;
pub use series::Series;
