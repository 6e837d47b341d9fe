//! Text that a spreadsheet would run as a formula, made harmless. The one rule, for whatever is
//! written for a spreadsheet to read.
//!
//! Source: OWASP, "CSV Injection". A cell whose text begins with one of the marks, after blanks or
//! quotation marks, gets an apostrophe before it in CSV; in XLSX such a cell is written as text,
//! which no spreadsheet runs. Numbers are not texts: a negative amount stays as it is.

use std::borrow::Cow;

/// What begins a formula, and its full-width forms.
const MARKS: &[char] = &[
    '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
];

/// What may stand before the mark without keeping a spreadsheet from running it.
fn is_passed_over(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\u{201C}' | '\u{201D}' | '\u{FEFF}' | '\u{200B}'
    ) || (c.is_whitespace() && !MARKS.contains(&c))
}

/// Whether a spreadsheet might run this text.
#[must_use]
pub fn is_harmful(text: &str) -> bool {
    let first = text.chars().find(|c| !is_passed_over(*c));
    first.is_some_and(|c| MARKS.contains(&c))
}

/// The text for a cell of CSV.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if is_harmful(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`harmless`] was given: what is written and read again is the same.
#[must_use]
pub fn original(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_harmful(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_a_formula_gets_an_apostrophe() {
        for mark in MARKS {
            for before in ["", " ", "\"", "  '", "\u{3000}"] {
                let text = format!("{before}{mark}cmd|' /C calc'!A0");
                assert_eq!(harmless(&text), format!("'{text}"), "{text:?}");
                assert_eq!(original(&harmless(&text)), text);
            }
        }
    }

    #[test]
    fn any_other_text_stays_as_it_is() {
        for text in [
            "",
            "가나다",
            "1-2",
            "a=b",
            "홍길동 @서울",
            "300000",
            "(주)상생",
            " x",
        ] {
            assert_eq!(harmless(text), text);
            assert_eq!(original(text), text);
            assert!(!is_harmful(text));
        }
    }
}
