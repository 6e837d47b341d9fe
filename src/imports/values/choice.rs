//! One of a few names, in Korean or English; yes and no.

use super::{ValueFault, folded};
use crate::tables::Cell;

/// A name of the API and what people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// As the API has it: `in_kind`.
    pub name: &'static str,
    /// In Korean, as a drop-down offers it.
    pub ko: &'static str,
    /// What else it is called.
    pub also: &'static [&'static str],
}

/// The choice that a cell names, blanks, width and case aside.
///
/// # Errors
/// `unknown_value`, with what is known.
pub fn read(cell: &Cell, choices: &[Choice]) -> Result<&'static str, ValueFault> {
    let text = folded(cell.text());
    let is_meant = |choice: &&Choice| {
        let names = [choice.name, choice.ko].into_iter();
        names
            .chain(choice.also.iter().copied())
            .any(|name| folded(name) == text)
    };
    choices
        .iter()
        .find(is_meant)
        .map(|choice| choice.name)
        .ok_or_else(|| {
            let known: Vec<&str> = choices.iter().flat_map(|one| [one.ko, one.name]).collect();
            ValueFault::new("unknown_value").with("known", known.join(", "))
        })
}

/// Yes and no.
pub const YES_NO: &[Choice] = &[
    Choice {
        name: "yes",
        ko: "예",
        also: &["네", "y", "true", "참", "o", "○", "1"],
    },
    Choice {
        name: "no",
        ko: "아니요",
        also: &["아니오", "n", "false", "거짓", "x", "×", "0"],
    },
];

/// Whether a cell says yes.
///
/// # Errors
/// `unknown_value`, with what is known.
pub fn yes_no(cell: &Cell) -> Result<bool, ValueFault> {
    read(cell, YES_NO).map(|name| name == "yes")
}
