//! Why an organisation may not be made or changed.

use crate::code::Code;
use crate::desk::Stop;
use crate::refusal::Refusal;

/// Why an organisation may not be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrganisationError {
    /// There is no such organisation.
    #[error("no such organisation")]
    NotFound,
    /// The code is taken.
    #[error("code {0} is taken")]
    DuplicateCode(Code),
    /// The organisation was changed since it was read.
    #[error("the organisation is at version {0}")]
    Stale(i32),
}

impl From<OrganisationError> for Stop {
    fn from(error: OrganisationError) -> Self {
        Self::Refused(match error {
            OrganisationError::NotFound => Refusal::rule("not_found"),
            OrganisationError::DuplicateCode(code) => {
                Refusal::rule("duplicate_code").with("code", code)
            }
            OrganisationError::Stale(version) => {
                Refusal::rule("stale_etag").with("version", version)
            }
        })
    }
}
