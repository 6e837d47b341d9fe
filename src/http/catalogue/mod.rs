//! The one catalogue of codes: what each means, its HTTP status, and its words in both languages.
//!
//! Codes never change and never depend on the language; the words may be bettered at any time.
//! `{name}` in a text is filled with the fact of that name. Whoever adds a code adds a row.

mod access;
mod exports;
mod form;
mod imports;
mod indicators;
mod meaning;
mod money;
mod records;
mod reports;
mod request;
mod tables;

use std::collections::BTreeMap;

use super::lang::Lang;
use crate::refusal::Facts;

/// What stands in for a fact that is not there.
const NO_FACT: &str = "–";

/// A text in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// In Korean.
    pub ko: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A problem as a whole.
#[derive(Debug)]
pub struct Row {
    /// The stable code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the problem is, in a few words.
    pub title: Words,
    /// What it is about in a case, and what to do.
    pub detail: Words,
}

/// What is wrong with a field.
#[derive(Debug)]
pub struct Fault {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong, as the end of a sentence that begins with the field.
    pub message: Words,
}

impl Words {
    /// The text in that language.
    #[must_use]
    pub fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ko => self.ko,
            Lang::En => self.en,
        }
    }
}

/// A row: Korean before English.
const fn row(
    code: &'static str,
    status: u16,
    title: [&'static str; 2],
    detail: [&'static str; 2],
) -> Row {
    Row {
        code,
        status,
        title: words(title),
        detail: words(detail),
    }
}

/// A fault: Korean before English.
const fn fault(code: &'static str, message: [&'static str; 2]) -> Fault {
    Fault {
        code,
        message: words(message),
    }
}

const fn words([ko, en]: [&'static str; 2]) -> Words {
    Words { ko, en }
}

/// Every problem there is.
pub fn problems() -> impl Iterator<Item = &'static Row> {
    request::ROWS
        .iter()
        .chain(access::ROWS)
        .chain(money::ROWS)
        .chain(records::ROWS)
        .chain(reports::ROWS)
        .chain(indicators::ROWS)
        .chain(imports::ROWS)
        .chain(exports::ROWS)
}

/// Everything that can be wrong with a field.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    form::FAULTS
        .iter()
        .chain(meaning::FAULTS)
        .chain(reports::FAULTS)
        .chain(indicators::FAULTS)
        .chain(imports::FAULTS)
        .chain(tables::FAULTS)
        .chain(exports::FAULTS)
}

/// The problem of that code.
#[must_use]
pub fn problem(code: &str) -> Option<&'static Row> {
    problems().find(|row| row.code == code)
}

/// What is wrong with a field, or with one thing of several, in words. A code without words stands for itself.
#[must_use]
pub fn fault_message(code: &str, lang: Lang, facts: &Facts) -> String {
    let words = faults()
        .find(|fault| fault.code == code)
        .map(|fault| fault.message)
        .or_else(|| problem(code).map(|row| row.detail));
    match words {
        Some(words) => fill(words.in_lang(lang), facts),
        None => {
            tracing::error!(code, "a fault has no words");
            code.to_owned()
        }
    }
}

/// What a code means in a case, in words, whether it is of a field or of a whole request.
#[must_use]
pub fn explained(code: &str, lang: Lang, facts: &BTreeMap<String, String>) -> String {
    let words = faults().find(|fault| fault.code == code).map(|f| f.message);
    let words = words.or_else(|| problem(code).map(|row| row.detail));
    let Some(words) = words else {
        return code.to_owned();
    };
    filled(words.in_lang(lang), |name| {
        facts.get(name).map(String::as_str)
    })
}

/// The text with its facts filled in.
#[must_use]
pub fn fill(text: &str, facts: &Facts) -> String {
    filled(text, |name| {
        let fact = facts.iter().find(|(known, _)| *known == name);
        fact.map(|(_, value)| value.as_str())
    })
}

fn filled<'a>(text: &str, fact: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(fact(name).unwrap_or(NO_FACT));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .map(|part| part.split_once('}').unwrap().0)
            .collect()
    }

    fn check(code: &str, words: Words) {
        assert!(
            !words.ko.trim().is_empty() && !words.en.trim().is_empty(),
            "{code}"
        );
        assert!(
            words.ko.chars().any(|c| ('가'..='힣').contains(&c)),
            "{code}: Korean?"
        );
        assert!(words.en.is_ascii(), "{code}: English?");
        assert_eq!(
            placeholders(words.ko),
            placeholders(words.en),
            "{code}: facts"
        );
    }

    #[test]
    fn every_row_has_its_words_in_both_languages() {
        for row in problems() {
            check(row.code, row.title);
            check(row.code, row.detail);
            assert!((400..600).contains(&row.status), "{}", row.code);
            assert!(placeholders(row.title.en).is_empty(), "{}", row.code);
        }
        for fault in faults() {
            check(fault.code, fault.message);
        }
    }

    #[test]
    fn no_code_has_two_rows() {
        let mut seen = BTreeSet::new();
        assert!(problems().all(|row| seen.insert(row.code)));
        let mut seen = BTreeSet::new();
        assert!(faults().all(|fault| seen.insert(fault.code)));
    }

    #[test]
    fn a_text_is_filled_with_its_facts() {
        let facts = vec![("needed", "5".to_owned()), ("left", "{needed}".to_owned())];
        assert_eq!(fill("{needed} of {left}.", &facts), "5 of {needed}.");
        assert_eq!(fill("only {lost}", &facts), "only –");
        assert_eq!(fill("plain", &facts), "plain");
    }
}
