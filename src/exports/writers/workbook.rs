//! XLSX: one sheet, written row by row through a file of its own that has no name.
//!
//! Amounts are numbers, days are days. A number of more digits than a sheet keeps, which are 15, is
//! written as a text: rounded it would be a wrong figure. Texts are written as texts, so none is
//! run as a formula.

use chrono::Datelike;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError,
};

use super::{Look, Writer};
use crate::exports::column::{Cell, Column, Holds};
use crate::exports::error::ExportError;
use crate::exports::spool::Spool;

/// Digits that a sheet keeps of a number.
const DIGITS: usize = 15;
/// How wide a column is, in characters.
const WIDTH: u32 = 16;
const HEAD: Color = Color::RGB(0x00E7_EBF3);

pub(super) struct Sheet {
    workbook: Workbook,
    sheet: Worksheet,
    formats: Vec<Format>,
    row: u32,
    spool: Spool,
}

impl Sheet {
    pub(super) fn begin(
        spool: Spool,
        columns: &[Column],
        look: &Look<'_>,
    ) -> Result<Self, ExportError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(look.folder)?;
        let made = date(look.as_of)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(look.title)?;
        sheet.set_freeze_panes(1, 0)?;
        let head = Format::new().set_bold().set_background_color(HEAD);
        for (place, column) in (0_u16..).zip(columns) {
            sheet.set_column_width(place, WIDTH)?;
            sheet.write_string_with_format(0, place, column.header(look.lang), &head)?;
        }
        Ok(Self {
            workbook,
            sheet,
            formats: columns
                .iter()
                .map(|column| Format::new().set_num_format(shown_as(column.holds)))
                .collect(),
            row: 0,
            spool,
        })
    }

    fn put(&mut self, place: u16, cell: &Cell<'_>, format: &Format) -> Result<(), XlsxError> {
        let (sheet, row) = (&mut self.sheet, self.row);
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => sheet.write_string(row, place, *text)?,
            Cell::Day(day) => sheet.write_datetime_with_format(row, place, date(*day)?, format)?,
            Cell::Whole(number) => number_of(sheet, (row, place), &number.to_string(), format)?,
            Cell::Scaled(_, digits) | Cell::Digits(digits) => {
                number_of(sheet, (row, place), digits, format)?
            }
            Cell::YesNo(yes) => sheet.write_boolean(row, place, *yes)?,
            Cell::Value(value) => sheet.write_string(row, place, Cell::joined(value))?,
        };
        Ok(())
    }
}

impl Writer for Sheet {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        self.row += 1;
        let formats = std::mem::take(&mut self.formats);
        let mut places = (0_u16..).zip(cells.iter().zip(&formats));
        let put = places.try_for_each(|(place, (cell, format))| self.put(place, cell, format));
        self.formats = formats;
        Ok(put?)
    }

    fn end(self: Box<Self>) -> Result<Spool, ExportError> {
        let Self {
            mut workbook,
            sheet,
            mut spool,
            ..
        } = *self;
        workbook.push_worksheet(sheet);
        match workbook.save_to_writer(&mut spool) {
            Ok(()) => Ok(spool),
            Err(error) => Err(spool.failure(error.into())),
        }
    }

    fn spool(&self) -> Option<&Spool> {
        Some(&self.spool)
    }
}

/// Writes a number that a sheet holds exactly as a number, any other as it is written.
fn number_of<'a>(
    sheet: &'a mut Worksheet,
    (row, place): (u32, u16),
    digits: &str,
    format: &Format,
) -> Result<&'a mut Worksheet, XlsxError> {
    match exact(digits) {
        Some(number) => sheet.write_with_format(row, place, number, format),
        None => sheet.write_string(row, place, digits),
    }
}

/// A number of no more digits than a sheet keeps; zeros at its end are none.
fn exact(digits: &str) -> Option<Decimal> {
    let kept = digits.trim_end_matches('0');
    let kept = kept.bytes().filter(u8::is_ascii_digit);
    let kept = kept.skip_while(|digit| *digit == b'0').count();
    (kept <= DIGITS).then(|| digits.parse().ok()).flatten()
}

fn date(day: chrono::NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(day.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))
}

/// How a spreadsheet shows what stands in a column.
const fn shown_as(holds: Holds) -> &'static str {
    match holds {
        Holds::Won | Holds::Count => "#,##0",
        Holds::Kg => "#,##0.000",
        Holds::Ratio => "0.0000",
        Holds::Day => "yyyy-mm-dd",
        _ => "General",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_number_where_a_sheet_keeps_all_of_it() {
        for kept in [
            "0",
            "-300000",
            "1000000000000000",
            "0.0001",
            "999999999999999",
        ] {
            assert_eq!(exact(kept).unwrap().to_string(), kept);
        }
        for text in ["9999999999999999", "1000000000000.0001"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }
}
