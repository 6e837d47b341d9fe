//! Lists: where a page begins, how long it is, and how text is searched.
//!
//! Searching folds the letters A to Z and nothing else, on both engines: `lower` does so on SQLite,
//! and on PostgreSQL for text in the order of its bytes, which all of ours is.

use diesel::sql_types::{Nullable, Text};

/// A part of a list, in the order of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The key that it begins after; none for the first page.
    pub after: Option<String>,
    /// How many rows it has at most.
    pub limit: i64,
}

diesel::define_sql_function! {
    /// The text with the letters A to Z folded.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// The character that takes the meaning from the next one in a pattern of [`containing`].
pub const ESCAPE: char = '\\';

/// The pattern of folded texts that contain `words`, each of whose characters stands for itself.
#[must_use]
pub fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for character in words.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// The pattern of codes that begin with these digits, as 시군구 begin with that of their 시도.
#[must_use]
pub fn beginning(digits: &str) -> String {
    format!("{digits}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_every_character_literally_and_folds_its_case() {
        assert_eq!(containing("Ab 귤"), "%ab 귤%");
        assert_eq!(containing(r"5%_\"), r"%5\%\_\\%");
        assert_eq!(containing(""), "%%");
    }
}
