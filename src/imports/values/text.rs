//! Texts and codes.
//!
//! The rule. Blanks around a text are taken away. Control characters, line breaks and marks that
//! turn the direction of writing are refused, as they are everywhere.

use super::ValueFault;
use crate::code::Code;
use crate::tables::Cell;

/// A text of at most `most` characters.
///
/// # Errors
/// `empty`, `too_long`, `control_character`.
pub fn read(cell: &Cell, most: usize) -> Result<String, ValueFault> {
    let text = cell.text().trim();
    let is_forbidden =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.is_empty() {
        Err(ValueFault::new("empty"))
    } else if text.chars().count() > most {
        Err(ValueFault::new("too_long").with("most", most))
    } else if text.chars().any(is_forbidden) {
        Err(ValueFault::new("control_character"))
    } else {
        Ok(text.to_owned())
    }
}

/// The code of a fund, a program, an organisation, a product or an indicator.
///
/// # Errors
/// `bad_code`.
pub fn code(cell: &Cell) -> Result<Code, ValueFault> {
    Code::parse(&super::narrow(cell.text())).map_err(|_not_one| ValueFault::new("bad_code"))
}
