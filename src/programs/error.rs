//! Why a program may not be made or changed.

use crate::code::Code;
use crate::desk::Stop;
use crate::funds::model::Openness;
use crate::refusal::Refusal;

/// Why a program may not be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// There is no such program.
    #[error("no such program")]
    NotFound,
    /// The code is taken.
    #[error("code {0} is taken")]
    DuplicateCode(Code),
    /// The fund is closed.
    #[error("fund {0} is closed")]
    FundClosed(Code),
    /// A program keeps every fund it ever drew on.
    #[error("fund {0} may not be taken from the program")]
    FundInUse(Code),
    /// It is open, or closed, already.
    #[error("the program is {0} already")]
    AlreadySo(Openness),
    /// The program was changed since it was read.
    #[error("the program is at version {0}")]
    Stale(i32),
}

impl From<ProgramError> for Stop {
    fn from(error: ProgramError) -> Self {
        Self::Refused(match error {
            ProgramError::NotFound => Refusal::rule("not_found"),
            ProgramError::DuplicateCode(code) => Refusal::rule("duplicate_code").with("code", code),
            ProgramError::FundClosed(fund) => Refusal::rule("fund_closed").with("fund", fund),
            ProgramError::FundInUse(fund) => Refusal::rule("fund_in_use").with("fund", fund),
            ProgramError::AlreadySo(status) => {
                let verb = match status {
                    Openness::Open => "reopen",
                    Openness::Closed => "close",
                };
                Refusal::rule("invalid_state")
                    .with("status", status)
                    .with("verb", verb)
            }
            ProgramError::Stale(version) => Refusal::rule("stale_etag").with("version", version),
        })
    }
}
