//! Values as Koreans write them in sheets. One written rule for each; what may mean two things is
//! refused. Pure: text in, value or code out. The rules are told in `docs/IMPORTS.md`.

pub mod amount;
pub mod choice;
pub mod day;
pub mod number;
pub mod region;
pub mod registration;
pub mod text;

use chrono::NaiveDate;

use crate::refusal::Facts;
use crate::tables::DateSystem;

/// Why a value is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueFault {
    /// The stable code.
    pub code: &'static str,
    /// What explains it.
    pub facts: Facts,
}

impl ValueFault {
    /// A fault that needs no facts.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self {
            code,
            facts: Facts::new(),
        }
    }

    /// The same fault with one more fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// What the reading of a value depends on beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// How numbers stand for days; none where the file has no such numbers.
    pub dates: Option<DateSystem>,
    /// The day on which a region has to be valid.
    pub on: NaiveDate,
    /// Which codes of regions are taken.
    pub regions: region::RegionCodes,
}

/// The text without blanks around it, full-width letters, digits and marks as the usual ones.
#[must_use]
pub fn narrow(text: &str) -> String {
    let narrow = text.chars().map(|c| match c {
        '\u{FF01}'..='\u{FF5E}' => u32::from(c)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        '\u{FFE6}' => '₩',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    narrow.collect::<String>().trim().to_owned()
}

/// The text as names are compared: narrow, small letters, no blanks, no underscores or hyphens.
#[must_use]
pub fn folded(text: &str) -> String {
    let narrow = narrow(text).to_lowercase();
    let kept = narrow
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-' | '\u{FEFF}'));
    kept.collect()
}
