//! Why an indicator may not be made or changed.

use crate::code::Code;
use crate::desk::Stop;
use crate::refusal::Refusal;

/// Why an indicator may not be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndicatorError {
    /// There is no such indicator.
    #[error("no such indicator")]
    NotFound,
    /// The code is taken.
    #[error("code {0} is taken")]
    DuplicateCode(Code),
    /// The indicator was changed since it was read.
    #[error("the indicator is at version {0}")]
    Stale(i32),
    /// Something was measured already, and the change would give it another meaning.
    #[error("{0} stays: something was measured already")]
    InUse(&'static str),
}

impl From<IndicatorError> for Stop {
    fn from(error: IndicatorError) -> Self {
        Self::Refused(match error {
            IndicatorError::NotFound => Refusal::rule("not_found"),
            IndicatorError::DuplicateCode(code) => {
                Refusal::rule("duplicate_code").with("code", code)
            }
            IndicatorError::Stale(version) => Refusal::rule("stale_etag").with("version", version),
            IndicatorError::InUse(field) => Refusal::rule("indicator_in_use").with("field", field),
        })
    }
}
