//! Columns: what each is called in Korean and English, where its value stands in a record, and what
//! it holds. One description of a table's columns makes every format.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde_json::Value;

use super::error::ExportError;
use crate::config::Lang;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text, a code or a name of a choice.
    Text,
    /// A day.
    Day,
    /// An instant, in UTC.
    Instant,
    /// Whole won. Added up in the manifest.
    Won,
    /// Kilograms with three places. Added up in the manifest.
    Kg,
    /// A ratio with four places.
    Ratio,
    /// A decimal number with as many places as it has.
    Quantity,
    /// A whole number.
    Count,
    /// Yes or no.
    YesNo,
    /// Several texts.
    Many,
    /// Texts by their names.
    Fields,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its English header, and its name in NDJSON and Parquet: `paid_on`.
    pub name: &'static str,
    /// Its Korean header.
    pub ko: &'static str,
    /// What stands in it.
    pub holds: Holds,
    path: Option<&'static str>,
    of_outer: bool,
}

impl Column {
    const fn new(name: &'static str, ko: &'static str, holds: Holds) -> Self {
        Self {
            name,
            ko,
            holds,
            path: None,
            of_outer: false,
        }
    }

    /// The same column of a value that stands elsewhere than under the column's name; a JSON
    /// pointer.
    #[must_use]
    pub const fn at(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    /// The same column of a value of whatever the row is a part of; a JSON pointer into that.
    #[must_use]
    pub const fn of(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self.of_outer = true;
        self
    }

    /// Its header in that language.
    #[must_use]
    pub const fn header(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ko => self.ko,
            Lang::En => self.name,
        }
    }

    /// Where its value stands in a record, as a JSON pointer.
    #[must_use]
    pub fn pointer(&self) -> Cow<'static, str> {
        self.path
            .map_or_else(|| Cow::Owned(format!("/{}", self.name)), Cow::Borrowed)
    }

    /// How many places its numbers have that are kept as whole numbers.
    #[must_use]
    pub const fn places(&self) -> usize {
        match self.holds {
            Holds::Kg => 3,
            Holds::Ratio => 4,
            _ => 0,
        }
    }

    /// Whether its value is one of whatever the row is a part of.
    #[must_use]
    pub const fn is_of_outer(&self) -> bool {
        self.of_outer
    }

    /// What a row has in this column; with it comes what it is a part of.
    ///
    /// # Errors
    /// [`ExportError::Unreadable`] where it is not what the column holds.
    pub fn read<'a>(&self, (row, outer): (&'a Value, &'a Value)) -> Result<Cell<'a>, ExportError> {
        let record = if self.of_outer { outer } else { row };
        let value = match self.path {
            Some(path) => record.pointer(path),
            None => record.get(self.name),
        };
        let value = match value {
            None | Some(Value::Null) => return Ok(Cell::Empty),
            Some(value) => value,
        };
        let cell = match (self.holds, value) {
            (Holds::Text | Holds::Instant, Value::String(text)) => Some(Cell::Text(text)),
            (Holds::Quantity, Value::String(text)) => Some(Cell::Digits(text)),
            (Holds::Day, Value::String(text)) => text.parse().ok().map(Cell::Day),
            (Holds::Won | Holds::Count, Value::String(text)) => text.parse().ok().map(Cell::Whole),
            (Holds::Won | Holds::Count, Value::Number(number)) => number.as_i64().map(Cell::Whole),
            (Holds::Kg | Holds::Ratio, Value::String(text)) => {
                scaled(text, self.places()).map(|scaled| Cell::Scaled(scaled, text))
            }
            (Holds::YesNo, Value::Bool(yes)) => Some(Cell::YesNo(*yes)),
            (Holds::Many, Value::Array(_)) | (Holds::Fields, Value::Object(_)) => {
                Some(Cell::Value(value))
            }
            _ => None,
        };
        cell.ok_or_else(|| ExportError::Unreadable(format!("the column {}", self.name)))
    }
}

/// A value, ready to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'a str),
    /// A day.
    Day(NaiveDate),
    /// A whole number.
    Whole(i64),
    /// A number of a column that has places: in its last place, and as it is written.
    Scaled(i64, &'a str),
    /// A decimal number as it is written.
    Digits(&'a str),
    /// Yes or no.
    YesNo(bool),
    /// Several texts, or texts by their names.
    Value(&'a Value),
}

impl Cell<'_> {
    /// Several texts in one, with `; ` between them; texts by their names as JSON.
    #[must_use]
    pub fn joined(value: &Value) -> String {
        let Value::Array(values) = value else {
            return value.to_string();
        };
        let texts: Vec<Cow<'_, str>> = values
            .iter()
            .map(|value| match value {
                Value::String(text) => Cow::Borrowed(text.as_str()),
                other => Cow::Owned(other.to_string()),
            })
            .collect();
        texts.join("; ")
    }
}

/// A decimal number in units of its last place: `2.5` with three places is 2,500.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > places || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

/// A column of texts.
#[must_use]
pub const fn text(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Text)
}

/// A column of days.
#[must_use]
pub const fn day(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Day)
}

/// A column of instants.
#[must_use]
pub const fn instant(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Instant)
}

/// A column of amounts.
#[must_use]
pub const fn won(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Won)
}

/// A column of weights.
#[must_use]
pub const fn kg(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Kg)
}

/// A column of ratios.
#[must_use]
pub const fn ratio(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Ratio)
}

/// A column of decimal numbers.
#[must_use]
pub const fn quantity(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Quantity)
}

/// A column of whole numbers.
#[must_use]
pub const fn count(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Count)
}

/// A column of yes and no.
#[must_use]
pub const fn yes_no(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::YesNo)
}

/// A column of several texts.
#[must_use]
pub const fn many(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Many)
}

/// A column of texts by their names.
#[must_use]
pub const fn fields(name: &'static str, ko: &'static str) -> Column {
    Column::new(name, ko, Holds::Fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_with_places_is_a_whole_number_of_its_last_place() {
        for (text, places, wanted) in [
            ("2.5", 3, Some(2_500)),
            ("-0.125", 3, Some(-125)),
            ("-0.001", 3, Some(-1)),
            ("7", 4, Some(70_000)),
            ("0.12345", 4, None),
            ("1.x", 3, None),
        ] {
            assert_eq!(scaled(text, places), wanted, "{text}");
        }
    }

    #[test]
    fn a_column_reads_its_own_kind_of_value_and_no_other() {
        let record = json!({ "amount": "1000000000000000", "region": { "code": "11" }, "n": null });
        let amount = won("amount", "금액");
        assert_eq!(
            amount.read((&record, &record)).unwrap(),
            Cell::Whole(10_i64.pow(15))
        );
        let region = text("region", "지역").at("/region/code");
        assert_eq!(region.read((&record, &record)).unwrap(), Cell::Text("11"));
        assert_eq!(
            count("n", "수").read((&record, &record)).unwrap(),
            Cell::Empty
        );
        assert_eq!(
            count("none", "수").read((&record, &record)).unwrap(),
            Cell::Empty
        );
        assert!(day("amount", "날").read((&record, &record)).is_err());
        assert!(text("region", "지역").read((&record, &record)).is_err());
    }
}
