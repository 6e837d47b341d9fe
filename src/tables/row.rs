//! Rows and cells as they stand in the file.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A cell: a text, or a number that the file itself calls a number (XLSX, NDJSON).
///
/// As JSON it is a string or a number with the very same digits, so that kept rows keep the
/// difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Text as it was written; an empty one stands for no cell.
    Text(String),
    /// A number in plain decimal digits: `300000`, `-1.5`.
    Number(String),
}

impl Cell {
    /// No text.
    pub const EMPTY: Self = Self::Text(String::new());

    /// Its text, as a person would read it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
        }
    }

    /// Whether nothing but blanks stands in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }
}

impl Default for Cell {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => out.serialize_str(text),
            Self::Number(text) => match text.parse::<serde_json::Number>() {
                Ok(number) => number.serialize(out),
                Err(_not_json) => out.serialize_str(text),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(from)? {
            serde_json::Value::String(text) => Ok(Self::Text(text)),
            serde_json::Value::Number(number) => Ok(Self::Number(number.to_string())),
            _ => Err(D::Error::custom("not a cell")),
        }
    }
}

/// Something wrong with one row. The row is kept as it is, and reading goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// A value in a column that has no header.
    NoHeader,
    /// An error that a formula came to: `#REF!`.
    ErrorCell,
    /// A line that is no JSON object.
    NotAnObject,
    /// A list, or an object in an object in an object.
    NestedValue,
    /// A name that comes twice in one object.
    DuplicateKey,
}

impl RowFault {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoHeader => "value_without_header",
            Self::ErrorCell => "error_cell",
            Self::NotAnObject => "not_an_object",
            Self::NestedValue => "nested_value",
            Self::DuplicateKey => "duplicate_field",
        }
    }
}

/// A row below the header that holds something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The row of the sheet or the line of the text where it begins, from 1.
    pub number: u64,
    /// One cell for each column of the header, in its order.
    pub cells: Vec<Cell>,
    /// What is wrong with the row itself: the column, from 0, where it is one, and what.
    pub faults: Vec<(Option<usize>, RowFault)>,
}
