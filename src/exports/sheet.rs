//! A table on its way into a file: each row is written, counted, and added to the control totals.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::column::{Cell, Column, Holds};
use super::error::ExportError;
use super::format::ExportFormat;
use super::spool::{Spool, Written};
use super::writers::{self, Look, Writer};

/// A table on its way into a file.
pub struct Sheet {
    columns: &'static [Column],
    writer: Box<dyn Writer>,
    tally: Tally,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows.
    pub rows: u64,
    /// The sum of each column of amounts or weights, by its name, as it is written: won, or
    /// kilograms.
    pub totals: BTreeMap<&'static str, i128>,
}

impl Sheet {
    /// Begins a table in that format.
    ///
    /// # Errors
    /// `format_not_built`, and [`ExportError::Written`].
    pub fn begin(
        format: ExportFormat,
        columns: &'static [Column],
        spool: Spool,
        look: &Look<'_>,
    ) -> Result<Self, ExportError> {
        let added = columns
            .iter()
            .filter(|column| matches!(column.holds, Holds::Won | Holds::Kg));
        Ok(Self {
            columns,
            writer: writers::begin(format, spool, columns, look)?,
            tally: Tally {
                rows: 0,
                totals: added.map(|column| (column.name, 0)).collect(),
            },
        })
    }

    /// Writes the next row; with it comes what it is a part of.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn row(&mut self, record: (&Value, &Value)) -> Result<(), ExportError> {
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            let cell = column.read(record)?;
            if let Cell::Whole(number) | Cell::Scaled(number, _) = cell
                && let Some(total) = self.tally.totals.get_mut(column.name)
            {
                *total = total.checked_add(number.into()).ok_or(ExportError::Sum)?;
            }
            cells.push(cell);
        }
        self.tally.rows += 1;
        let written = self.writer.row(&cells);
        written.map_err(|error| match self.writer.spool() {
            Some(spool) => spool.failure(error),
            None => error,
        })
    }

    /// How many rows there are so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.tally.rows
    }

    /// Ends the table.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn end(self) -> Result<(Spool, Tally), ExportError> {
        let Self { writer, tally, .. } = self;
        Ok((writer.end()?, tally))
    }

    /// Ends the table and gives the file its name.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn keep(self, name: &Path) -> Result<(Written, Tally), ExportError> {
        let (spool, tally) = self.end()?;
        Ok((spool.keep(name)?, tally))
    }
}

impl Tally {
    /// The control totals of these columns as texts: won, or kilograms with their places.
    #[must_use]
    pub fn control_totals(&self, columns: &[Column]) -> BTreeMap<&'static str, String> {
        let places = |name: &str| {
            let column = columns.iter().find(|column| column.name == name);
            column.map_or(0, Column::places)
        };
        let texts = self.totals.iter();
        texts
            .map(|(name, total)| (*name, with_places(*total, places(name))))
            .collect()
    }
}

/// A number of units of the last place, with its places: 2,500 with three is `2.500`.
fn with_places(number: i128, places: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_has_the_places_of_its_column() {
        for (number, places, text) in [
            (0, 0, "0"),
            (-5, 3, "-0.005"),
            (2_500, 3, "2.500"),
            (300_000, 0, "300000"),
        ] {
            assert_eq!(with_places(number, places), text);
        }
    }
}
