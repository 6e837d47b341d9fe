//! Why a fund may not be opened, or its money not be moved.

use crate::code::Code;
use crate::desk::Stop;
use crate::ledger::{Bucket, Shortfall};
use crate::money::{Amount, Won};
use crate::refusal::Refusal;

/// Why a fund may not be opened, or its money not be moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FundError {
    /// There is no such fund.
    #[error("no such fund")]
    NotFound,
    /// There is no such entry.
    #[error("no such entry")]
    NoSuchEntry,
    /// The code is taken.
    #[error("code {0} is taken")]
    DuplicateCode(Code),
    /// The fund is closed.
    #[error("fund {0} is closed")]
    Closed(Code),
    /// The program is closed.
    #[error("program {0} is closed")]
    ProgramClosed(Code),
    /// The first commitment is more than one person may promise.
    #[error("a second person has to agree to more than {0} won")]
    OpenedAboveLimit(Amount),
    /// It is open, or closed, already.
    #[error("fund {0} is so already")]
    AlreadySo(Code),
    /// The fund was changed since it was read.
    #[error("the fund is at version {0}")]
    Stale(i32),
    /// The parent's unallocated money does not reach.
    #[error("only {available} won are unallocated")]
    InsufficientUnallocated {
        /// Won unallocated.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// More was to be allocated than is unallocated.
    #[error("only {available} won are unallocated")]
    OverAllocation {
        /// Won unallocated.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// A commitment would fall below what is allocated.
    #[error("only {available} won are not allocated")]
    BelowAllocated {
        /// Won unallocated.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// A line does not hold enough.
    #[error("only {available} won are available")]
    InsufficientAvailable {
        /// Won available.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// There is not enough cash.
    #[error("only {available} won of cash are there")]
    InsufficientCash {
        /// Won of cash.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// The contribution was undone already.
    #[error("the contribution was undone already")]
    AlreadyReversed,
}

impl FundError {
    /// The error for a bucket that would fall below zero when a line or the cash pays.
    #[must_use]
    pub fn short(shortfall: &Shortfall) -> Self {
        let (available, needed) = (shortfall.available, shortfall.needed);
        match shortfall.account.bucket {
            Bucket::Cash => Self::InsufficientCash { available, needed },
            Bucket::Unallocated => Self::OverAllocation { available, needed },
            _ => Self::InsufficientAvailable { available, needed },
        }
    }
}

impl From<FundError> for Stop {
    fn from(error: FundError) -> Self {
        let short = |code, available: Won, needed: Won| {
            Refusal::rule(code)
                .with("available", available)
                .with("needed", needed)
        };
        Self::Refused(match error {
            FundError::NotFound | FundError::NoSuchEntry => Refusal::rule("not_found"),
            FundError::DuplicateCode(code) => Refusal::rule("duplicate_code").with("code", code),
            FundError::Closed(code) => Refusal::rule("fund_closed").with("fund", code),
            FundError::ProgramClosed(code) => Refusal::rule("program_closed").with("program", code),
            FundError::OpenedAboveLimit(limit) => {
                Refusal::rule("opened_above_limit").with("limit", limit)
            }
            FundError::AlreadySo(code) => Refusal::rule("already_so").with("code", code),
            FundError::Stale(version) => Refusal::rule("stale_etag").with("version", version),
            FundError::InsufficientUnallocated { available, needed } => {
                short("insufficient_unallocated", available, needed)
            }
            FundError::OverAllocation { available, needed } => {
                short("over_allocation", available, needed)
            }
            FundError::BelowAllocated { available, needed } => {
                short("below_allocated", available, needed)
            }
            FundError::InsufficientAvailable { available, needed } => {
                short("insufficient_available", available, needed)
            }
            FundError::InsufficientCash { available, needed } => {
                short("insufficient_cash", available, needed)
            }
            FundError::AlreadyReversed => Refusal::rule("already_reversed"),
        })
    }
}
