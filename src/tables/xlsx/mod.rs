//! A sheet of a workbook (Office Open XML), row by row.
//!
//! Read from the parts themselves and not through a library for spreadsheets: those hand numbers
//! out in binary, read texts of any length, and build what a far cell spans. The order: the zip
//! directory and the sizes it declares, the list of sheets, the styles that show days, the shared
//! texts, then the sheet as a stream. Of a formula, what it came to last is taken.

mod book;
mod number;
mod strings;
#[cfg(test)]
pub(super) mod tests;
mod xml;
mod zip;

use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::DateSystem;
use super::error::{Place, TableError, Why};
use super::limits::Limits;
use super::row::{Cell, Row, RowFault};
pub use number::day_of_serial;

use book::{Book, day_styles};
use strings::{Shared, runs, unescaped};
use xml::{Xml, attributes, local};
use zip::{Directory, Inflated, inflate, most};

/// Longest number of a cell; a sheet writes at most 24 digits.
const LONGEST_NUMBER: usize = 64;
/// Columns of a sheet: `XFD`.
const LAST_COLUMN: usize = 16_384;

/// The rows of a sheet.
pub(super) struct Sheet<R: Read> {
    xml: Xml<Inflated<R>>,
    shared: Shared,
    day_styles: Vec<bool>,
    system: DateSystem,
    limits: Limits,
    row: u64,
    /// What cells may still take of shared texts.
    text_left: u64,
    ended: bool,
}

/// How a cell says what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Inline,
    Formula,
    Bool,
    Error,
    Day,
}

/// The attributes of a cell.
struct Head {
    column: Option<usize>,
    kind: Kind,
    style: usize,
}

enum Found {
    Row(Option<u64>),
    Cell(Head),
    RowEnd,
    End,
    Other,
}

impl<R: Read + Seek> Sheet<R> {
    /// Stands before the first row of a workbook of `size` bytes.
    pub(super) fn open(
        mut reader: R,
        size: u64,
        wanted: Option<&str>,
        limits: Limits,
    ) -> Result<Self, TableError> {
        let directory = Directory::read(&mut reader, size, &limits)?;
        let book = Book::read(&mut reader, &directory, wanted)?;
        let day_styles = day_styles(&mut reader, book.styles)?;
        let shared = Shared::read(&mut reader, book.strings, &limits)?;
        Ok(Self {
            xml: Xml::new(inflate(reader, book.sheet)?),
            shared,
            day_styles,
            system: book.system,
            limits,
            row: 0,
            text_left: most(size, &limits),
            ended: false,
        })
    }
}

impl<R: Read> Sheet<R> {
    pub(super) const fn date_system(&self) -> DateSystem {
        self.system
    }

    /// The next row that has cells; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, TableError> {
        if self.ended {
            return Ok(None);
        }
        let next = self.read_row();
        next.map_err(|error| error.in_row(self.row.max(1)))
    }

    fn read_row(&mut self) -> Result<Option<Row>, TableError> {
        let mut row = Row::default();
        let (mut next_column, mut bytes) = (0, 0);
        loop {
            match self.find()? {
                Found::Row(number) => {
                    let number = number.unwrap_or(self.row + 1);
                    if number <= self.row {
                        return Err(Why::BrokenWorkbook.whole());
                    }
                    self.row = number;
                    row.number = number;
                    next_column = 0;
                }
                Found::Cell(head) => {
                    let column = head.column.unwrap_or(next_column);
                    if column < next_column || column >= LAST_COLUMN {
                        return Err(Why::BrokenWorkbook.whole());
                    }
                    next_column = column + 1;
                    let place = Place::cell(self.row, u64::try_from(next_column).unwrap_or(0));
                    let cell = self.cell(&head);
                    let cell = cell.map_err(|error| TableError { place, ..error })?;
                    bytes += cell.text().len();
                    self.check(&cell, place, column, bytes)?;
                    put(&mut row, column, cell, head.kind);
                }
                Found::RowEnd if !row.cells.is_empty() => return Ok(Some(row)),
                Found::RowEnd | Found::Other => {}
                Found::End => {
                    self.ended = true;
                    return Ok(None);
                }
            }
        }
    }

    fn check(
        &self,
        cell: &Cell,
        place: Place,
        column: usize,
        bytes: usize,
    ) -> Result<(), TableError> {
        if column >= self.limits.columns && !cell.is_blank() {
            return Err(Why::TooManyColumns(self.limits.columns).at(place));
        }
        if bytes > self.limits.row_bytes {
            return Err(Why::LineTooLong(self.limits.row_bytes).at(Place::row(self.row)));
        }
        Ok(())
    }

    /// Reads on to the next row, cell or end.
    fn find(&mut self) -> Result<Found, TableError> {
        Ok(match self.xml.next()? {
            Event::Start(tag) => match local(&tag) {
                "row" => {
                    let mut number = None;
                    attributes(&tag, |key, value| {
                        if key == "r" {
                            number = Some(value.parse::<u64>().unwrap_or_default());
                        }
                    })?;
                    Found::Row(number)
                }
                "c" => {
                    let mut head = Head {
                        column: None,
                        kind: Kind::Number,
                        style: 0,
                    };
                    let mut understood = true;
                    attributes(&tag, |key, value| match key {
                        "r" => {
                            head.column = column_of(value);
                            understood &= head.column.is_some();
                        }
                        "s" => head.style = value.parse().unwrap_or_default(),
                        "t" => match kind_of(value) {
                            Some(kind) => head.kind = kind,
                            None => understood = false,
                        },
                        _ => {}
                    })?;
                    if !understood {
                        return Err(Why::BrokenWorkbook.whole());
                    }
                    Found::Cell(head)
                }
                _ => Found::Other,
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "row" => Found::RowEnd,
                "sheetData" => Found::End,
                _ => Found::Other,
            },
            Event::Eof => Found::End,
            _ => Found::Other,
        })
    }

    /// What a cell holds, up to its end.
    fn cell(&mut self, head: &Head) -> Result<Cell, TableError> {
        enum Inside {
            Value,
            Inline,
            Skipped,
            End,
            Other,
        }
        let mut text = String::new();
        let most = match head.kind {
            Kind::Number | Kind::Shared | Kind::Bool => LONGEST_NUMBER,
            _ => self.limits.cell_bytes,
        };
        loop {
            let inside = match self.xml.next()? {
                Event::Start(tag) => match local(&tag) {
                    "v" if head.kind != Kind::Inline => Inside::Value,
                    "is" if head.kind == Kind::Inline => Inside::Inline,
                    _ => Inside::Skipped,
                },
                Event::End(tag) if tag.local_name().as_ref() == "c" => Inside::End,
                Event::Eof => return Err(Why::BrokenWorkbook.whole()),
                _ => Inside::Other,
            };
            match inside {
                Inside::Value => self.xml.text(&mut text, most)?,
                Inside::Inline => runs(&mut self.xml, &mut text, "is", most)?,
                Inside::Skipped => self.xml.skip()?,
                Inside::End => return self.meant(head, text),
                Inside::Other => {}
            }
        }
    }

    /// The cell that a text of the sheet stands for.
    fn meant(&mut self, head: &Head, text: String) -> Result<Cell, TableError> {
        if text.is_empty() {
            return Ok(Cell::EMPTY);
        }
        Ok(match head.kind {
            Kind::Shared => {
                let index = text.trim().parse().ok();
                let shared = index.and_then(|index| self.shared.get(index));
                let shared = shared.ok_or(Why::BrokenWorkbook.whole())?;
                let bytes = u64::try_from(shared.len()).unwrap_or(u64::MAX);
                let left = self.text_left.checked_sub(bytes);
                self.text_left = left.ok_or(Why::ZipBomb.whole())?;
                Cell::from(shared)
            }
            Kind::Number => match number::plain(&text) {
                Some(plain) if self.day_styles.get(head.style) == Some(&true) => {
                    match number::day(&plain, self.system) {
                        Some(day) => Cell::Text(day),
                        None => Cell::Number(plain),
                    }
                }
                Some(plain) => Cell::Number(plain),
                None => Cell::Text(text),
            },
            Kind::Bool => Cell::from(if text.trim() == "1" { "TRUE" } else { "FALSE" }),
            Kind::Day => Cell::from(text.trim_end_matches("T00:00:00")),
            Kind::Formula => Cell::Text(unescaped(&text).unwrap_or(text)),
            Kind::Inline | Kind::Error => Cell::Text(text),
        })
    }
}

/// Puts a cell that holds something at its column.
fn put(row: &mut Row, column: usize, cell: Cell, kind: Kind) {
    if cell.is_blank() {
        return;
    }
    if kind == Kind::Error {
        row.faults.push((Some(column), RowFault::ErrorCell));
    }
    row.cells.resize(column, Cell::EMPTY);
    row.cells.push(cell);
}

fn kind_of(text: &str) -> Option<Kind> {
    Some(match text {
        "n" => Kind::Number,
        "s" => Kind::Shared,
        "inlineStr" => Kind::Inline,
        "str" => Kind::Formula,
        "b" => Kind::Bool,
        "e" => Kind::Error,
        "d" => Kind::Day,
        _ => return None,
    })
}

/// The column of a cell, from 0: `B3` is 1.
fn column_of(reference: &str) -> Option<usize> {
    let mut column = 0_usize;
    for letter in reference.bytes().take_while(u8::is_ascii_alphabetic) {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(digit)?;
    }
    column.checked_sub(1)
}
