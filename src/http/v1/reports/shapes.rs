//! What reports look like, for the OpenAPI document alone.
//!
//! The reporting room writes its own structs and knows no OpenAPI; these say the same of their
//! JSON, member by member, and are never built. A test reads real reports against them.

pub mod compensation;
mod examples;
pub mod figures;
pub mod fund;
pub mod overview;
pub mod program;
pub mod series;

pub use compensation::CompensationReport;
pub use fund::FundReport;
pub use overview::Overview;
pub use program::ProgramReport;
pub use series::Series;
