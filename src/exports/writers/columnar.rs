//! Parquet: columns of typed values, compressed with Snappy, a group of rows at a time.
//!
//! Won and counts are whole numbers of 64 bits, weights and ratios exact decimals over such, days
//! and instants their own types. Memory: one group.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::Writer;
use crate::exports::column::{Cell, Column, Holds};
use crate::exports::error::ExportError;
use crate::exports::spool::Spool;

/// Rows of a group.
const GROUP_ROWS: usize = 10_000;
/// Digits of a decimal that is kept in 64 bits.
const PRECISION: i32 = 18;

/// The values of a column in a group.
enum Values {
    Texts(Vec<ByteArray>),
    Days(Vec<i32>),
    Numbers(Vec<i64>),
    Truths(Vec<bool>),
}

/// A column of a group: what is there, and in which rows.
struct Filled {
    values: Values,
    present: Vec<i16>,
}

pub(super) struct Groups {
    file: SerializedFileWriter<Spool>,
    columns: &'static [Column],
    filled: Vec<Filled>,
    rows: usize,
}

impl From<ParquetError> for ExportError {
    fn from(error: ParquetError) -> Self {
        Self::Written(io::Error::other(error))
    }
}

impl Groups {
    pub(super) fn begin(spool: Spool, columns: &'static [Column]) -> Result<Self, ExportError> {
        let fields = columns.iter().map(|column| field(column).map(Arc::new));
        let schema = Type::group_type_builder("rows")
            .with_fields(fields.collect::<Result<Vec<_>, ParquetError>>()?)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("sangsaeng".to_owned())
            .build();
        Ok(Self {
            file: SerializedFileWriter::new(spool, Arc::new(schema), Arc::new(properties))?,
            columns,
            filled: columns
                .iter()
                .map(|column| Filled::of(column.holds))
                .collect(),
            rows: 0,
        })
    }

    fn write_group(&mut self) -> Result<(), ExportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for (filled, column) in self.filled.iter_mut().zip(self.columns) {
            if let Some(writer) = group.next_column()? {
                let full = std::mem::replace(filled, Filled::of(column.holds));
                full.write(writer)?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Writer for Groups {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        for ((filled, cell), column) in self.filled.iter_mut().zip(cells).zip(self.columns) {
            if !filled.take(column.holds, cell) {
                return Err(ExportError::Unreadable(format!(
                    "the column {}",
                    column.name
                )));
            }
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS {
            self.write_group()?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<Spool, (Option<Spool>, ExportError)> {
        self.write_group().map_err(|error| (None, error))?;
        self.file.into_inner().map_err(|error| (None, error.into()))
    }

    fn spool(&self) -> Option<&Spool> {
        Some(self.file.inner())
    }
}

/// What a column is in the schema.
fn field(column: &Column) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.holds {
        Holds::Text | Holds::Quantity | Holds::Many => {
            (Physical::BYTE_ARRAY, Some(LogicalType::String))
        }
        Holds::Fields => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        Holds::Day => (Physical::INT32, Some(LogicalType::Date)),
        Holds::Instant => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        ),
        Holds::Won | Holds::Count => (Physical::INT64, None),
        Holds::Kg | Holds::Ratio => {
            let scale = i32::try_from(column.places()).unwrap_or_default();
            (
                Physical::INT64,
                Some(LogicalType::decimal(scale, PRECISION)),
            )
        }
        Holds::YesNo => (Physical::BOOLEAN, None),
    };
    let mut builder = Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if matches!(column.holds, Holds::Kg | Holds::Ratio) {
        let scale = i32::try_from(column.places()).unwrap_or_default();
        builder = builder.with_precision(PRECISION).with_scale(scale);
    }
    builder.build()
}

impl Filled {
    fn of(holds: Holds) -> Self {
        let values = match holds {
            Holds::Text | Holds::Quantity | Holds::Many | Holds::Fields => {
                Values::Texts(Vec::new())
            }
            Holds::Day => Values::Days(Vec::new()),
            Holds::Instant | Holds::Won | Holds::Count | Holds::Kg | Holds::Ratio => {
                Values::Numbers(Vec::new())
            }
            Holds::YesNo => Values::Truths(Vec::new()),
        };
        Self {
            values,
            present: Vec::new(),
        }
    }

    /// Takes a value; whether the column holds such.
    fn take(&mut self, holds: Holds, cell: &Cell<'_>) -> bool {
        let text = |text: &str| ByteArray::from(text.as_bytes().to_vec());
        match (&mut self.values, cell) {
            (_, Cell::Empty) => {
                self.present.push(0);
                return true;
            }
            (Values::Texts(texts), Cell::Text(value) | Cell::Digits(value)) => {
                texts.push(text(value));
            }
            (Values::Texts(texts), Cell::Value(value)) => texts.push(text(&Cell::joined(value))),
            (Values::Days(days), Cell::Day(day)) => match since_1970(*day) {
                Some(number) => days.push(number),
                None => return false,
            },
            (Values::Numbers(numbers), Cell::Whole(number) | Cell::Scaled(number, _)) => {
                numbers.push(*number);
            }
            (Values::Numbers(numbers), Cell::Text(instant)) if holds == Holds::Instant => {
                match DateTime::parse_from_rfc3339(instant) {
                    Ok(instant) => numbers.push(instant.timestamp_micros()),
                    Err(_) => return false,
                }
            }
            (Values::Truths(truths), Cell::YesNo(yes)) => truths.push(*yes),
            _ => return false,
        }
        self.present.push(1);
        true
    }

    fn write(self, mut writer: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = Some(self.present.as_slice());
        match &self.values {
            Values::Texts(values) => {
                let column = writer.typed::<ByteArrayType>();
                column.write_batch(values, present, None)?;
            }
            Values::Days(values) => {
                writer
                    .typed::<Int32Type>()
                    .write_batch(values, present, None)?;
            }
            Values::Numbers(values) => {
                writer
                    .typed::<Int64Type>()
                    .write_batch(values, present, None)?;
            }
            Values::Truths(values) => {
                writer
                    .typed::<BoolType>()
                    .write_batch(values, present, None)?;
            }
        }
        writer.close()
    }
}

fn since_1970(day: NaiveDate) -> Option<i32> {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).ok()
}
