//! Reports: they only read, and check their own arithmetic before they answer.
//!
//! One file for each report, told from top to bottom: the query reads its rows, `build` (pure)
//! makes the figures of them, [`checks`] compares what must agree, and one struct holds the
//! answer in the order and with the names of the contract. A figure that contradicts another is
//! [`ReportError::Inconsistent`]: logged by the caller and answered 500, never sent.
//!
//! Cost: a fixed number of statements for each report, said at the head of its file, over sums and
//! master data. No report reads payments or lines of sales, so it costs months and programs, not
//! these; but who came and went in a period ([`reach`]) is told from the records of the people asked
//! about. What partners and intermediaries state is few, and read as it is.

pub mod below_zero;
pub mod books;
pub mod checks;
pub mod claims;
pub mod compared;
pub mod compensation;
pub mod declared;
pub mod figure;
pub mod figures;
pub mod fund;
pub mod indicators;
pub mod master;
pub mod overview;
pub mod passed_on;
pub mod people;
pub mod places;
pub mod plan;
pub mod pledges;
pub mod program;
pub mod progress;
pub mod reach;
pub mod rows;
#[cfg(test)]
mod sample;
pub mod series;
pub mod sold;
pub mod store;
pub mod suppress;
pub mod until;

use crate::code::Code;
use crate::db::DbError;
use crate::refusal::Refusal;
use checks::Broken;

pub use claims::{Check, ClaimsReport, check, claims};
pub use compensation::{CompensationReport, compensation};
pub use figure::{Figure, Question, figure};
pub use fund::{FundReport, fund};
pub use indicators::{IndicatorQuery, indicator, indicators};
pub use overview::{Overview, overview};
pub use people::{PeopleReport, people};
pub use places::{RegionBasis, Regions};
pub use pledges::{PledgeCounts, PledgesReport, pledges};
pub use program::{ProgramReport, program};
pub use series::{Series, SeriesQuery, series};

/// The currency of every figure in won.
pub const CURRENCY: &str = "KRW";

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] DbError),
    /// There is no such fund.
    #[error("there is no fund {0}")]
    UnknownFund(Code),
    /// There is no such program.
    #[error("there is no program {0}")]
    UnknownProgram(Code),
    /// There is no such indicator.
    #[error("there is no indicator {0}")]
    UnknownIndicator(Code),
    /// The question itself is wrong.
    #[error("the question cannot be answered as it was put")]
    Fields(Refusal),
    /// The figures contradict each other: a fault of the program or a spoilt book.
    #[error("the {report} report contradicts itself: {detail}")]
    Inconsistent {
        /// Which report.
        report: &'static str,
        /// What does not agree.
        detail: String,
    },
}

impl Broken {
    /// The error of the report whose figures are broken.
    fn in_report(self, report: &'static str) -> ReportError {
        ReportError::Inconsistent {
            report,
            detail: self.to_string(),
        }
    }
}
