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

    fn end(mut self: Box<Self>) -> Result<Spool, ExportError> {
        let written = self.write_group();
        written.map_err(|error| self.file.inner().failure(error))?;
        Ok(self.file.into_inner()?)
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

#[cfg(test)]
mod tests {
    use std::fs::File;

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use serde_json::{Value, json};

    use super::*;
    use crate::config::Lang;
    use crate::exports::column::{count, day, fields, instant, kg, ratio, text, won, yes_no};
    use crate::exports::format::ExportFormat;
    use crate::exports::sheet::Sheet;
    use crate::exports::writers::Look;

    const COLUMNS: &[Column] = &[
        text("id", "번호"),
        won("amount", "금액"),
        kg("weight", "무게"),
        ratio("share", "비율"),
        day("on", "날"),
        instant("at", "때"),
        count("n", "수"),
        yes_no("yes", "예"),
        fields("labels", "속성"),
    ];

    fn record(at: i64) -> Value {
        json!({
            "id": format!("=id-{at}"), "amount": "-1000000000000000", "weight": "2.5",
            "share": "0.1234", "on": "2022-11-03", "at": "2022-11-03T00:00:00.000001Z",
            "n": if at == 0 { Value::Null } else { json!(at) }, "yes": true,
            "labels": { "a": "b" },
        })
    }

    /// Writes so many rows and reads them back.
    fn read_back(rows: i64) -> (Vec<Vec<Field>>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("a.parquet");
        let spool = Spool::begin(&folder.path().join("a.part"), u64::MAX).unwrap();
        let look = Look {
            lang: Lang::Ko,
            bom: false,
            title: "a",
            as_of: "2022-11-03".parse().unwrap(),
            folder: folder.path(),
        };
        let mut sheet = Sheet::begin(ExportFormat::Parquet, COLUMNS, spool, &look).unwrap();
        for at in 0..rows {
            let record = record(at);
            sheet.row((&record, &record)).unwrap();
        }
        let (_, tally) = sheet.keep(&name).unwrap();
        assert_eq!(tally.rows, rows.unsigned_abs());
        let reader = SerializedFileReader::new(File::open(&name).unwrap()).unwrap();
        let groups = reader.num_row_groups();
        let read = reader.get_row_iter(None).unwrap().map(|row| {
            let row = row.unwrap();
            row.get_column_iter()
                .map(|(_, field)| field.clone())
                .collect()
        });
        (read.collect(), groups)
    }

    #[test]
    fn values_are_read_back_as_what_they_are() {
        let (rows, _) = read_back(2);
        let row = &rows[1];
        assert_eq!(row[0], Field::Str("=id-1".to_owned()));
        assert_eq!(row[1], Field::Long(-(10_i64.pow(15))));
        assert_eq!(row[2].to_string(), "2.500");
        assert_eq!(row[3].to_string(), "0.1234");
        assert_eq!(row[4], Field::Date(19_299));
        assert_eq!(row[5], Field::TimestampMicros(1_667_433_600_000_001));
        assert_eq!((&rows[0][6], &row[6]), (&Field::Null, &Field::Long(1)));
        assert_eq!(row[7], Field::Bool(true));
        assert_eq!(row[8], Field::Str("{\"a\":\"b\"}".to_owned()));
    }

    #[test]
    fn rows_come_in_groups_of_which_one_is_held() {
        let (rows, groups) = read_back(20_001);
        assert_eq!((rows.len(), groups), (20_001, 3));
        assert_eq!(rows[20_000][0], Field::Str("=id-20000".to_owned()));
    }
}
