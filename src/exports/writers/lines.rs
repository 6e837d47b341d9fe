//! NDJSON: one object a line, its values as the API writes them.

use std::io::Write;

use serde_json::{Map, Value};

use super::Writer;
use crate::exports::column::{Cell, Column};
use crate::exports::error::ExportError;
use crate::exports::spool::Spool;

pub(super) struct Lines {
    spool: Spool,
    columns: &'static [Column],
}

impl Lines {
    pub(super) const fn begin(spool: Spool, columns: &'static [Column]) -> Self {
        Self { spool, columns }
    }
}

impl Writer for Lines {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let named = self.columns.iter().zip(cells);
        let object: Map<String, Value> = named
            .map(|(column, cell)| (column.name.to_owned(), value(column, cell)))
            .collect();
        let mut line = serde_json::to_vec(&object).map_err(std::io::Error::other)?;
        line.push(b'\n');
        Ok(self.spool.write_all(&line)?)
    }

    fn end(self: Box<Self>) -> Result<Spool, ExportError> {
        Ok(self.spool)
    }

    fn spool(&self) -> Option<&Spool> {
        Some(&self.spool)
    }
}

/// Money and quantities are strings of digits, as everywhere in the API.
fn value(column: &Column, cell: &Cell<'_>) -> Value {
    use crate::exports::column::Holds;
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::from(*text),
        Cell::Day(day) => Value::from(day.to_string()),
        Cell::Whole(number) if column.holds == Holds::Won => Value::from(number.to_string()),
        Cell::Whole(number) => Value::from(*number),
        Cell::Scaled(_, digits) | Cell::Digits(digits) => Value::from(*digits),
        Cell::YesNo(yes) => Value::from(*yes),
        Cell::Value(value) => (*value).clone(),
    }
}
