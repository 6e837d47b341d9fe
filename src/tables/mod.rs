//! Files of rows: CSV, XLSX and NDJSON in, one stream of rows out; and sheets out.
//!
//! What a file is, how it is encoded and what divides its columns is declared by the sender or
//! found by looking, never guessed. The header is the first row that holds something; every row
//! below it that holds something comes out, with its number as a person counts it, and the text of
//! each cell as it was written. Every bound of [`Limits`] is checked while reading: memory holds one
//! row, two buffers, and for a workbook the texts that its cells share.
//!
//! A wrong row does not end the reading, it carries its faults; a file that is no table does.

mod delimited;
mod error;
mod harmless;
mod limits;
mod ndjson;
mod row;
mod text;
mod xlsx;

#[cfg(test)]
mod tests;

use std::io::{Read, Seek, SeekFrom};

pub use delimited::Delimiter;
pub use error::{Place, TableError, Why};
pub use harmless::{harmless, is_harmful, original};
pub use limits::Limits;
pub use row::{Cell, Row, RowFault};
pub use text::Encoding;
pub use xlsx::day_of_serial;

use delimited::Delimited;
use ndjson::Lines;
use text::Text;
use xlsx::Sheet;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text.
    Csv,
    /// A workbook of Office Open XML.
    Xlsx,
    /// One JSON object a line.
    Ndjson,
}

/// From which day a workbook counts its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSystem {
    /// Day 1 is 1900-01-01, and 1900 has a 29 February that never was.
    Since1900,
    /// Day 0 is 1904-01-01.
    Since1904,
}

/// What the sender says of the file; what is left out is found by looking.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// What kind of file it is.
    pub format: Option<Format>,
    /// How its text is encoded (CSV).
    pub encoding: Option<Encoding>,
    /// What divides its columns (CSV).
    pub delimiter: Option<Delimiter>,
    /// The name of the sheet (XLSX); the first one that can be seen where there is none.
    pub sheet: Option<String>,
    /// The bounds.
    pub limits: Limits,
}

enum Rows<R: Read> {
    Delimited(Delimited<R>),
    Sheet(Box<Sheet<R>>),
    Lines(Lines<R>),
}

impl<R: Read> Rows<R> {
    fn next(&mut self) -> Result<Option<Row>, TableError> {
        match self {
            Self::Delimited(rows) => rows.next(),
            Self::Sheet(rows) => rows.next(),
            Self::Lines(rows) => rows.next(),
        }
    }
}

/// A table whose header was read; its rows come one by one.
pub struct Table<R: Read> {
    header: Vec<String>,
    header_row: u64,
    rows: Rows<R>,
    format: Format,
    limits: Limits,
    count: u64,
    ended: bool,
}

/// Opens a file as a table, up to and with its header.
///
/// # Errors
/// [`TableError`]: what is wrong with the file, and where.
pub fn open<R: Read + Seek>(mut reader: R, declared: &Declared) -> Result<Table<R>, TableError> {
    let limits = declared.limits;
    let size = reader.seek(SeekFrom::End(0))?;
    if size > limits.file_bytes {
        return Err(Why::FileTooLarge(limits.file_bytes).whole());
    }
    let format = format_of(&mut reader, declared.format)?;
    let (header, rows) = match format {
        Format::Xlsx => {
            let sheet = Sheet::open(reader, size, declared.sheet.as_deref(), limits)?;
            (None, Rows::Sheet(Box::new(sheet)))
        }
        Format::Ndjson => {
            let (header, lines) = Lines::open(reader, limits)?;
            (Some(header), Rows::Lines(lines))
        }
        Format::Csv => {
            let encoding = match declared.encoding {
                Some(encoding) => encoding,
                None => text::look(&mut reader)?,
            };
            let text = Text::open(reader, encoding)?;
            let rows = Delimited::open(text, declared.delimiter, limits)?;
            (None, Rows::Delimited(rows))
        }
    };
    let mut table = Table {
        header: Vec::new(),
        header_row: 0,
        rows,
        format,
        limits,
        count: 0,
        ended: false,
    };
    match header {
        Some(header) => table.header = header,
        None => table.read_header()?,
    }
    if table.header.is_empty() {
        return Err(Why::HeaderMissing.whole());
    }
    if table.header.iter().any(|name| name.contains('\0')) {
        return Err(Why::NotATable.at(Place::row(table.header_row)));
    }
    Ok(table)
}

impl<R: Read> Table<R> {
    /// The names of the columns as they were written, without blanks around them. The last one is
    /// not blank; one between may be.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The row that the header stands in; 0 for NDJSON, whose lines name their columns.
    #[must_use]
    pub const fn header_row(&self) -> u64 {
        self.header_row
    }

    /// What the file turned out to be.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// How numbers stand for days; none where the file has no such numbers.
    #[must_use]
    pub fn date_system(&self) -> Option<DateSystem> {
        match &self.rows {
            Rows::Sheet(sheet) => Some(sheet.date_system()),
            Rows::Delimited(_) | Rows::Lines(_) => None,
        }
    }

    fn read_header(&mut self) -> Result<(), TableError> {
        while let Some(row) = self.rows.next()? {
            if row.cells.iter().all(Cell::is_blank) {
                continue;
            }
            self.header_row = row.number;
            let names = row.cells.iter().map(|cell| cell.text().trim().to_owned());
            self.header = names.collect();
            while self.header.last().is_some_and(String::is_empty) {
                self.header.pop();
            }
            return Ok(());
        }
        Ok(())
    }

    fn next_row(&mut self) -> Result<Option<Row>, TableError> {
        while let Some(mut row) = self.rows.next()? {
            if row.cells.iter().all(Cell::is_blank) && row.faults.is_empty() {
                continue;
            }
            if self.count >= self.limits.rows {
                return Err(Why::TooManyRows(self.limits.rows).at(Place::row(row.number)));
            }
            self.count += 1;
            self.fit(&mut row);
            return Ok(Some(row));
        }
        Ok(None)
    }

    /// One cell for each column; a value that no header names is a fault of the row.
    fn fit(&self, row: &mut Row) {
        for (column, cell) in row.cells.iter().enumerate() {
            let named = self.header.get(column).is_some_and(|name| !name.is_empty());
            if !named && !cell.is_blank() {
                row.faults.push((Some(column), RowFault::NoHeader));
            }
        }
        row.cells.resize(self.header.len(), Cell::EMPTY);
    }
}

impl<R: Read> Iterator for Table<R> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_row().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

/// The first bytes of a zip file, and of the older container of Office.
const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0";

/// What kind of file it is: as declared, if its first bytes do not say otherwise.
fn format_of<R: Read + Seek>(
    reader: &mut R,
    declared: Option<Format>,
) -> Result<Format, TableError> {
    reader.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    reader.by_ref().take(4096).read_to_end(&mut head)?;
    if head.starts_with(OLE) {
        return Err(Why::OldOrLockedWorkbook.whole());
    }
    let is_zip = head.starts_with(ZIP);
    match declared {
        Some(Format::Xlsx) if is_zip => return Ok(Format::Xlsx),
        Some(Format::Csv | Format::Ndjson) if is_zip => return Err(Why::NotATable.whole()),
        Some(Format::Xlsx) => return Err(Why::NotATable.whole()),
        Some(format) => return Ok(format),
        None if is_zip => return Ok(Format::Xlsx),
        None => {}
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    if text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") {
        return Err(Why::EncodingUnknown.at(Place::cell(1, 1)));
    }
    match text.trim_ascii_start().first() {
        None => Err(Why::HeaderMissing.whole()),
        Some(b'{') => Ok(Format::Ndjson),
        Some(_) if head.contains(&0) => Err(Why::NotATable.whole()),
        Some(_) => Ok(Format::Csv),
    }
}
