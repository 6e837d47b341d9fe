//! Text with one row a line and a character between columns (RFC 4180, read strictly).
//!
//! A cell in quotation marks may hold the delimiter, line ends and doubled quotation marks. What
//! stands unquoted is kept as it is; an apostrophe that made a text harmless is taken away. Rows are counted by the line they begin on. Memory: one row.

use std::io::{Read, Seek};

use super::error::{Place, TableError, Why};
use super::harmless::original;
use super::limits::Limits;
use super::row::{Cell, Row};
use super::text::Text;

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Where the reader stands within a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// Behind a quotation mark that closes the cell or is the first of two.
    Closing,
}

/// The rows of a delimited text.
pub(super) struct Delimited<R> {
    text: Text<R>,
    at: usize,
    delimiter: u8,
    line: u64,
    /// A carriage return was the last byte: a line feed after it belongs to it.
    after_return: bool,
    limits: Limits,
}

/// A row in the making.
struct Making {
    number: u64,
    cells: Vec<Cell>,
    cell: Vec<u8>,
    bytes: usize,
    state: State,
}

impl<R: Read + Seek> Delimited<R> {
    /// Stands before the first row; finds the delimiter in the first line unless it was named.
    pub(super) fn open(
        text: Text<R>,
        named: Option<Delimiter>,
        limits: Limits,
    ) -> Result<Self, TableError> {
        let mut rows = Self {
            text,
            at: 0,
            delimiter: b',',
            line: 1,
            after_return: false,
            limits,
        };
        while rows.text.next_chunk()? && rows.text.chunk().trim_ascii().is_empty() {
            rows.skip_blank_chunk();
        }
        rows.delimiter = match named {
            Some(delimiter) => delimiter.byte(),
            None => found(rows.text.chunk())?,
        };
        Ok(rows)
    }
}

impl<R: Read> Delimited<R> {
    /// Counts the lines of a chunk that holds nothing.
    fn skip_blank_chunk(&mut self) {
        let feeds = self.text.chunk().iter().filter(|b| **b == b'\n').count();
        self.line += u64::try_from(feeds).unwrap_or_default();
    }

    /// The next row, blank ones as well; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, TableError> {
        let mut making = Making {
            number: self.line,
            cells: Vec::new(),
            cell: Vec::new(),
            bytes: 0,
            state: State::CellStart,
        };
        let mut begun = false;
        loop {
            let Some(byte) = self.peek()? else {
                return match making.state {
                    State::Quoted => Err(Why::QuoteNotClosed.at(Place::row(making.number))),
                    _ if begun => making.end(&self.limits).map(Some),
                    _ => Ok(None),
                };
            };
            if self.after_return {
                self.after_return = false;
                if byte == b'\n' {
                    self.at += 1;
                    if making.state == State::Quoted {
                        making.push(b"\n", &self.limits)?;
                    } else {
                        making.number = self.line;
                    }
                    continue;
                }
            }
            begun = true;
            if self.step(&mut making, byte)? {
                return making.end(&self.limits).map(Some);
            }
        }
    }

    /// Takes one byte, or a run of plain ones; true where the row ends.
    fn step(&mut self, making: &mut Making, byte: u8) -> Result<bool, TableError> {
        match (making.state, byte) {
            (State::CellStart, b'"') => making.state = State::Quoted,
            (State::Quoted, b'"') => making.state = State::Closing,
            (State::Closing, b'"') => {
                making.push(b"\"", &self.limits)?;
                making.state = State::Quoted;
            }
            (State::Quoted, b'\r' | b'\n') => {
                self.count_line(byte);
                making.push(&[byte], &self.limits)?;
            }
            (_, b'\r' | b'\n') => {
                self.count_line(byte);
                self.at += 1;
                return Ok(true);
            }
            (State::CellStart | State::Plain | State::Closing, _) if byte == self.delimiter => {
                making.end_cell(&self.limits)?;
            }
            (State::Closing, _) => {
                return Err(Why::QuoteMisplaced.at(making.place()));
            }
            (State::Quoted, _) => return self.take_run(making, b'"').map(|()| false),
            (State::CellStart | State::Plain, _) => {
                making.state = State::Plain;
                return self.take_run(making, self.delimiter).map(|()| false);
            }
        }
        self.at += 1;
        Ok(false)
    }

    /// Takes everything up to `end` or a line end.
    fn take_run(&mut self, making: &mut Making, end: u8) -> Result<(), TableError> {
        let rest = self.text.chunk().get(self.at..).unwrap_or_default();
        let is_end = |b: &u8| *b == end || *b == b'\r' || *b == b'\n';
        let run = rest.iter().position(is_end).unwrap_or(rest.len());
        making.push(rest.get(..run).unwrap_or_default(), &self.limits)?;
        self.at += run;
        Ok(())
    }

    fn count_line(&mut self, byte: u8) {
        self.line += 1;
        self.after_return = byte == b'\r';
    }

    fn peek(&mut self) -> Result<Option<u8>, TableError> {
        loop {
            if let Some(byte) = self.text.chunk().get(self.at) {
                return Ok(Some(*byte));
            }
            self.at = 0;
            if !self.text.next_chunk()? {
                return Ok(None);
            }
        }
    }
}

impl Making {
    fn place(&self) -> Place {
        let column = u64::try_from(self.cells.len()).unwrap_or_default();
        Place::cell(self.number, column.saturating_add(1))
    }

    fn push(&mut self, bytes: &[u8], limits: &Limits) -> Result<(), TableError> {
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.cell.len().saturating_add(bytes.len()) > limits.cell_bytes {
            return Err(Why::CellTooLong(limits.cell_bytes).at(self.place()));
        }
        if self.bytes > limits.row_bytes {
            return Err(Why::LineTooLong(limits.row_bytes).at(Place::row(self.number)));
        }
        self.cell.extend_from_slice(bytes);
        Ok(())
    }

    fn end_cell(&mut self, limits: &Limits) -> Result<(), TableError> {
        if self.cells.len() >= limits.columns {
            return Err(Why::TooManyColumns(limits.columns).at(self.place()));
        }
        let place = self.place();
        let text = std::str::from_utf8(&self.cell)
            .map_err(|_never_decoded_so| Why::EncodingUnknown.at(place))?;
        self.cells.push(Cell::from(original(text)));
        self.cell.clear();
        self.state = State::CellStart;
        Ok(())
    }

    fn end(mut self, limits: &Limits) -> Result<Row, TableError> {
        self.end_cell(limits)?;
        Ok(Row {
            number: self.number,
            cells: self.cells,
            faults: Vec::new(),
        })
    }
}

/// The delimiter that divides the first line that holds something; a comma where none does.
fn found(chunk: &[u8]) -> Result<u8, TableError> {
    let mut counts = Delimiter::ALL.map(|delimiter| (0_usize, delimiter.byte()));
    let mut quoted = false;
    for byte in chunk.trim_ascii_start() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (count, delimiter) in &mut counts {
                    *count += usize::from(byte == delimiter);
                }
            }
        }
    }
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counts {
        [(0, _), ..] => Ok(b','),
        [(most, _), (next, _), _] if most == next => Err(Why::DelimiterUnknown.whole()),
        [(_, delimiter), ..] => Ok(delimiter),
    }
}
