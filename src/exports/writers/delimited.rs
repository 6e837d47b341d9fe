//! CSV as RFC 4180 has it: commas, lines that end in CR LF, quotation marks where they are needed.
//!
//! A text that a spreadsheet would run as a formula is made harmless; numbers stay as they are.

use std::io::Write;

use csv::{Terminator, WriterBuilder};

use super::{Look, Writer};
use crate::exports::column::{Cell, Column};
use crate::exports::error::ExportError;
use crate::exports::spool::Spool;
use crate::tables::harmless;

/// What says that a text is UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

pub(super) struct Delimited(csv::Writer<Spool>);

impl Delimited {
    pub(super) fn begin(
        mut spool: Spool,
        columns: &[Column],
        look: &Look<'_>,
    ) -> Result<Self, ExportError> {
        if look.bom {
            spool.write_all(BOM)?;
        }
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .from_writer(spool);
        writer.write_record(columns.iter().map(|column| column.header(look.lang)))?;
        Ok(Self(writer))
    }
}

impl Writer for Delimited {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        for cell in cells {
            match cell {
                Cell::Empty => self.0.write_field("")?,
                Cell::Text(text) => self.0.write_field(harmless(text).as_ref())?,
                Cell::Day(day) => self.0.write_field(day.to_string())?,
                Cell::Whole(number) => self.0.write_field(number.to_string())?,
                Cell::Scaled(_, digits) | Cell::Digits(digits) => self.0.write_field(digits)?,
                Cell::YesNo(yes) => self.0.write_field(yes.to_string())?,
                Cell::Value(value) => {
                    self.0
                        .write_field(harmless(&Cell::joined(value)).as_ref())?;
                }
            }
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    fn end(mut self: Box<Self>) -> Result<Spool, ExportError> {
        let flushed = self.0.flush();
        flushed.map_err(|error| self.0.get_ref().failure(error.into()))?;
        let written = self.0.into_inner();
        Ok(written.map_err(csv::IntoInnerError::into_error)?)
    }

    fn spool(&self) -> Option<&Spool> {
        Some(self.0.get_ref())
    }
}
