//! The texts that cells share, held in one piece under a bound.

use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::super::error::{TableError, Why};
use super::super::limits::Limits;
use super::xml::{Xml, local};
use super::zip::{Part, inflate};

/// The texts, end to end, and where each ends.
#[derive(Default)]
pub(super) struct Shared {
    text: String,
    ends: Vec<usize>,
}

impl Shared {
    /// Reads them all.
    pub(super) fn read<R: Read + Seek>(
        reader: &mut R,
        part: Option<&Part>,
        limits: &Limits,
    ) -> Result<Self, TableError> {
        let mut shared = Self::default();
        let Some(part) = part else {
            return Ok(shared);
        };
        let mut xml = Xml::new(inflate(reader, part)?);
        let mut one = String::new();
        loop {
            match xml.next()? {
                Event::Start(tag) if local(&tag) == "si" => {
                    one.clear();
                    runs(&mut xml, &mut one, "si", limits.cell_bytes)?;
                    shared.push(&one, limits)?;
                }
                Event::Eof => return Ok(shared),
                _ => {}
            }
        }
    }

    fn push(&mut self, text: &str, limits: &Limits) -> Result<(), TableError> {
        let bytes = self.text.len().saturating_add(text.len());
        if bytes > limits.shared_bytes || self.ends.len() >= limits.shared_texts {
            return Err(Why::TooMuchSharedText.whole());
        }
        self.text.push_str(text);
        self.ends.push(bytes);
        Ok(())
    }

    /// The text of that index, from 0.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let before = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        self.text.get(before.copied().unwrap_or(0)..end)
    }
}

/// Adds the runs of a text up to the end of its tag; how it is pronounced is left out.
pub(super) fn runs<R: Read>(
    xml: &mut Xml<R>,
    into: &mut String,
    end: &str,
    most: usize,
) -> Result<(), TableError> {
    enum Found {
        Run,
        Spoken,
        End,
        Other,
    }
    let begin = into.len();
    loop {
        let found = match xml.next()? {
            Event::Start(tag) if local(&tag) == "t" => Found::Run,
            Event::Start(tag) if local(&tag) == "rPh" => Found::Spoken,
            Event::End(tag) if tag.name().0.ends_with(end) => Found::End,
            Event::Eof => return Err(Why::BrokenWorkbook.whole()),
            _ => Found::Other,
        };
        match found {
            Found::Run => xml.text(into, most)?,
            Found::Spoken => xml.skip()?,
            Found::End => break,
            Found::Other => {}
        }
    }
    if let Some(plain) = into.get(begin..).and_then(unescaped) {
        into.truncate(begin);
        into.push_str(&plain);
    }
    Ok(())
}

/// Characters that XML cannot hold are written as `_x000D_` (ECMA-376, 22.9.2.19); none where the
/// text holds no such thing.
pub(super) fn unescaped(text: &str) -> Option<String> {
    text.contains("_x").then(|| {
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("_x") {
            plain.push_str(before);
            let digits = after.get(..4).filter(|_| after.get(4..5) == Some("_"));
            let hex = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
            let code = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
            if let Some(c) = code.and_then(char::from_u32) {
                plain.push(c);
                rest = after.get(5..).unwrap_or_default();
            } else {
                plain.push_str("_x");
                rest = after;
            }
        }
        plain.push_str(rest);
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_were_escaped_come_back() {
        for (written, meant) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00", "_x00"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_xD800_", "_xD800_"),
            ("가_x000A_나_x", "가\n나_x"),
            ("_x가나다라", "_x가나다라"),
        ] {
            assert_eq!(unescaped(written).as_deref(), Some(meant));
        }
        assert_eq!(unescaped("plain"), None);
    }
}
