//! The columns that each kind of import has, and how a file's headers are matched with them.
//!
//! A header is known by its Korean name, its English one or another that is common, blanks, width
//! and case aside; or by a mapping of the sender's. Everything that is wrong with a header is told
//! at once. What is not known is passed over and said to be so.

mod plan;
mod records;
mod results;
mod terms;

pub use plan::{Options, Plan};

use super::kinds::Kind;
use super::values::choice::Choice;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The code of a fund, a program, an organisation or the like.
    Code,
    /// A text of so many characters at most.
    Text(usize),
    /// An amount of at least one won.
    Amount,
    /// An amount that may be nothing.
    Cost,
    /// A weight in kilograms.
    Weight,
    /// A quantity of any unit.
    Quantity,
    /// A whole number within bounds.
    Whole(i64, i64),
    /// A day.
    Day,
    /// A region.
    Region,
    /// A 사업자등록번호.
    RegistrationNumber,
    /// Yes or no.
    YesNo,
    /// One of these.
    OneOf(&'static [Choice]),
}

/// A column of a kind of import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its flat name, which is its English header: `registration_number`.
    pub field: &'static str,
    /// Where the value belongs in the body of the API, as a JSON pointer.
    pub path: &'static str,
    /// Its Korean header.
    pub ko: &'static str,
    /// Other headers that mean the same.
    pub also: &'static [&'static str],
    /// Whether every row needs it.
    pub required: bool,
    /// What stands in it.
    pub holds: Holds,
    /// What people should know: Korean, then English.
    pub note: [&'static str; 2],
    /// An example.
    pub example: &'static str,
}

impl Column {
    const fn new(field: &'static str, path: &'static str, ko: &'static str, holds: Holds) -> Self {
        Self {
            field,
            path,
            ko,
            also: &[],
            required: false,
            holds,
            note: ["", ""],
            example: "",
        }
    }

    const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn note(mut self, ko: &'static str, en: &'static str) -> Self {
        self.note = [ko, en];
        self
    }

    const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }
}

/// Columns whose header begins with a word and names something of the sender's own:
/// `attributes.team`, `속성.team`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The word, and where it belongs in the body: `attributes`.
    pub field: &'static str,
    /// The word in Korean.
    pub ko: &'static str,
}

const ATTRIBUTES: Family = Family {
    field: "attributes",
    ko: "속성",
};
const DIMENSIONS: Family = Family {
    field: "dimensions",
    ko: "구분",
};

/// The columns of a kind, in the order of its template.
#[must_use]
pub const fn of(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Disbursements => records::DISBURSEMENTS,
        Kind::Donations => records::DONATIONS,
        Kind::Sales => records::SALES,
        Kind::Measurements => records::MEASUREMENTS,
        Kind::Contributions => results::CONTRIBUTIONS,
        Kind::Beneficiaries => results::BENEFICIARIES,
        Kind::Amendments => results::AMENDMENTS,
        Kind::PaymentResults => results::PAYMENT_RESULTS,
    }
}

/// The families of columns of a kind.
#[must_use]
pub const fn families(kind: Kind) -> &'static [Family] {
    match kind {
        Kind::Disbursements | Kind::Donations | Kind::Sales | Kind::Amendments => &[ATTRIBUTES],
        Kind::Measurements => &[DIMENSIONS, ATTRIBUTES],
        Kind::Contributions | Kind::Beneficiaries | Kind::PaymentResults => &[],
    }
}

/// The columns of which one decides on which day a region has to be valid, the first that is
/// filled.
const REGION_DAYS: [&str; 5] = [
    "effective_on",
    "planned_on",
    "sold_on",
    "paid_on",
    "period_end",
];

#[cfg(test)]
mod tests;
