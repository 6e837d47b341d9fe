//! What a fund is.

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::code::{Code, Name};
use crate::money::Amount;
use crate::text_enum::text_enum;

text_enum! {
    /// Under what rules a fund stands.
    FundKind {
        /// The company's own money.
        Internal = "internal",
        /// Paid into the statutory win-win cooperation fund.
        StatutoryWinwin = "statutory_winwin",
        /// Held by a foundation.
        Foundation = "foundation",
    }
}

text_enum! {
    /// What spending is limited by, besides the allocation.
    SpendLimit {
        /// The commitment alone.
        Commitment = "commitment",
        /// The cash that was paid in as well.
        Cash = "cash",
    }
}

text_enum! {
    /// At which value giving in kind counts against the fund.
    CountedAt {
        /// What it cost the giver.
        Cost = "cost",
        /// Its list price.
        List = "list",
    }
}

text_enum! {
    /// Whether new money may move.
    Openness {
        /// It may.
        Open = "open",
        /// It may not: nothing new is recorded or approved.
        Closed = "closed",
    }
}

/// A fund as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    /// Its address.
    pub code: Code,
    /// The number of the book that its money is in.
    pub book: i64,
    /// The fund it is a part of. Fixed when it is made.
    pub part_of: Option<Code>,
    /// Under what rules it stands.
    pub kind: FundKind,
    /// What spending is limited by.
    pub spend_limit: SpendLimit,
    /// At which value giving in kind counts.
    pub in_kind_counted_at: CountedAt,
    /// Over how many won a second person has to agree to what moves its money; none where the limit of
    /// the fund that it is a part of holds, or of the house.
    pub second_approval_above: Option<Amount>,
    /// Its name and how it runs: what may be changed.
    pub terms: FundTerms,
    /// Open or closed.
    pub status: Openness,
    /// The version of its plan; 0 for none.
    pub plan_version: i32,
    /// The version of this row.
    pub version: i32,
}

/// What of a fund may be changed; each version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundTerms {
    /// Its name.
    pub name: Name,
    /// When it runs.
    pub period: Period,
    /// How that is known, such as "assumed".
    pub period_basis: Option<String>,
    /// What the figures of the fund rest on.
    pub basis: Option<String>,
}

/// A plan for a fund: what is meant to be spent in each year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The fund.
    pub fund: Code,
    /// 1 for the first.
    pub version: i32,
    /// Why this version was made.
    pub reason: String,
    /// Who made it.
    pub recorded_by: String,
    /// Since when it holds.
    pub effective_on: chrono::NaiveDate,
    /// When it was recorded.
    pub recorded_at: chrono::DateTime<chrono::Utc>,
    /// Its lines.
    pub lines: Vec<PlanLine>,
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanLine {
    /// The year.
    pub fiscal_year: i32,
    /// For a program, an area, or neither.
    pub program: Option<Code>,
    /// A free area such as "merchants".
    pub area: Option<String>,
    /// How much, in won.
    pub amount: Amount,
}
