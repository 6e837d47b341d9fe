//! XML of a workbook, tag by tag, under a bound on each tag and text.
//!
//! Document types are refused, so there are no entities but the five of XML and characters by
//! number. Memory: one tag or text.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::super::error::{TableError, Why};

/// Tags within tags: a workbook has about ten.
const DEEPEST: u32 = 64;
/// Bytes of one tag or text, escaped.
const LONGEST: usize = 1 << 20;

/// A reader that gives no more than so many bytes before it is reset.
struct Bounded<R> {
    reader: BufReader<R>,
    left: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(Why::LineTooLong(LONGEST).whole().into());
        }
        self.reader.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
        self.reader.consume(bytes);
    }
}

/// The tags of a part.
pub(super) struct Xml<R: Read> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    depth: u32,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(part: R) -> Self {
        let mut reader = Reader::from_reader(Bounded {
            reader: BufReader::with_capacity(64 * 1024, part),
            left: LONGEST,
        });
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// The next tag, text or reference; an empty tag comes as a start and an end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, TableError> {
        self.buffer.clear();
        self.reader.get_mut().left = LONGEST;
        let event = self.reader.read_event_into(&mut self.buffer);
        let event = event.map_err(|error| refusal(&error))?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(Why::BrokenWorkbook.whole()),
            _ => {}
        }
        if self.depth > DEEPEST {
            return Err(Why::BrokenWorkbook.whole());
        }
        Ok(event)
    }

    /// Adds the text up to the end of the tag that was begun last; tags within are passed over.
    pub(super) fn text(&mut self, into: &mut String, most: usize) -> Result<(), TableError> {
        let mut depth = 1;
        loop {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 1 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Text(text) => into.push_str(&text.xml10_content()),
                Event::CData(text) => into.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => into.push(character(&name)?),
                Event::Eof => return Err(Why::BrokenWorkbook.whole()),
                _ => {}
            }
            if into.len() > most {
                return Err(Why::CellTooLong(most).whole());
            }
        }
    }

    /// Passes over everything up to the end of the tag that was begun last.
    pub(super) fn skip(&mut self) -> Result<(), TableError> {
        let mut depth = 1;
        loop {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 1 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(Why::BrokenWorkbook.whole()),
                _ => {}
            }
        }
    }
}

fn refusal(error: &Error) -> TableError {
    match error {
        Error::Io(error) => TableError::inside(error),
        _ => Why::BrokenWorkbook.whole(),
    }
}

fn character(name: &quick_xml::events::BytesRef<'_>) -> Result<char, TableError> {
    let broken = Why::BrokenWorkbook.whole();
    if let Some(c) = name.resolve_char_ref().map_err(|_not_one| broken)? {
        return Ok(c);
    }
    match &**name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(broken),
    }
}

/// The name of a tag without its prefix.
pub(super) fn local<'a>(tag: &'a BytesStart<'_>) -> &'a str {
    let name = tag.name().0;
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Calls with each attribute: its name as written and its value, references resolved.
pub(super) fn attributes(
    tag: &BytesStart<'_>,
    mut each: impl FnMut(&str, &str),
) -> Result<(), TableError> {
    // Looking for attributes that come twice would take a time that is the square of their number.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_broken| Why::BrokenWorkbook.whole())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|_broken| Why::BrokenWorkbook.whole())?;
        each(attribute.key.0, &value);
    }
    Ok(())
}
