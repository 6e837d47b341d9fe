//! One JSON object a line. Its header is every name that comes up, found in a pass of its own.
//!
//! An object in an object is flattened with a point: `{"period":{"start":…}}` is `period.start`.
//! Numbers keep their digits. Memory: one line and the header.

use std::collections::HashMap;
use std::fmt;
use std::io::{Read, Seek};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::error::{Place, TableError, Why};
use super::limits::Limits;
use super::row::{Cell, Row, RowFault};
use super::text::{Encoding, Text};

/// The rows of a text of JSON objects.
pub(super) struct Lines<R> {
    text: Text<R>,
    at: usize,
    line: u64,
    limits: Limits,
    columns: HashMap<String, usize>,
}

/// The members of one object, in order; a name that comes twice comes twice.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Collect)
    }
}

/// The text of one object, by name.
type Flat = Vec<(String, Cell)>;

impl<R: Read + Seek> Lines<R> {
    /// Reads the whole once for its names, then stands before the first line.
    pub(super) fn open(mut reader: R, limits: Limits) -> Result<(Vec<String>, Self), TableError> {
        let mut scan = Lines::over(Text::open(&mut reader, Encoding::Utf8)?, limits);
        let (mut header, mut columns) = (Vec::new(), HashMap::new());
        while let Some((number, line)) = scan.next_line()? {
            let (members, _) = flatten(&line);
            for (name, _) in members {
                if columns.contains_key(&name) {
                    continue;
                }
                if header.len() >= limits.columns {
                    return Err(Why::TooManyColumns(limits.columns).at(Place::row(number)));
                }
                columns.insert(name.clone(), header.len());
                header.push(name);
            }
        }
        let mut rows = Self::over(Text::open(reader, Encoding::Utf8)?, limits);
        rows.columns = columns;
        Ok((header, rows))
    }

    fn over(text: Text<R>, limits: Limits) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            limits,
            columns: HashMap::new(),
        }
    }
}

impl<R: Read> Lines<R> {
    /// The next line that holds something.
    fn next_line(&mut self) -> Result<Option<(u64, Vec<u8>)>, TableError> {
        let mut line = Vec::new();
        loop {
            let rest = self.text.chunk().get(self.at..).unwrap_or_default();
            let end = rest.iter().position(|byte| *byte == b'\n');
            let part = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if line.len().saturating_add(part.len()) > self.limits.row_bytes {
                let most = self.limits.row_bytes;
                return Err(Why::LineTooLong(most).at(Place::row(self.line)));
            }
            line.extend_from_slice(part);
            self.at += part.len();
            let number = self.line;
            if end.is_some() {
                self.at += 1;
                self.line += 1;
            } else {
                self.at = 0;
                if self.text.next_chunk()? {
                    continue;
                }
                if line.trim_ascii().is_empty() {
                    return Ok(None);
                }
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some((number, line)));
            }
            line.clear();
        }
    }

    /// The next row, fitted to the header; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, TableError> {
        let Some((number, line)) = self.next_line()? else {
            return Ok(None);
        };
        let (members, mut faults) = flatten(&line);
        let mut cells = vec![Cell::EMPTY; self.columns.len()];
        let mut filled = vec![false; self.columns.len()];
        for (name, cell) in members {
            let column = self.columns.get(&name).copied();
            let Some(column) = column else { continue };
            if cell.text().len() > self.limits.cell_bytes {
                let place = u64::try_from(column).unwrap_or_default().saturating_add(1);
                let why = Why::CellTooLong(self.limits.cell_bytes);
                return Err(why.at(Place::cell(number, place)));
            }
            if let Some(filled) = filled.get_mut(column)
                && std::mem::replace(filled, true)
            {
                faults.push((Some(column), RowFault::DuplicateKey));
                continue;
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(Some(Row {
            number,
            cells,
            faults,
        }))
    }
}

/// The members of a line with those of its objects, and what is wrong with it.
fn flatten(line: &[u8]) -> (Flat, Vec<(Option<usize>, RowFault)>) {
    let Ok(Members(members)) = serde_json::from_slice(line) else {
        return (Vec::new(), vec![(None, RowFault::NotAnObject)]);
    };
    let (mut flat, mut faults) = (Vec::new(), Vec::new());
    for (name, value) in members {
        match value {
            Value::Object(inner) => {
                for (part, value) in inner {
                    push(&mut flat, &mut faults, format!("{name}.{part}"), value);
                }
            }
            value => push(&mut flat, &mut faults, name, value),
        }
    }
    (flat, faults)
}

fn push(flat: &mut Flat, faults: &mut Vec<(Option<usize>, RowFault)>, name: String, value: Value) {
    let cell = match value {
        Value::Null => Cell::EMPTY,
        Value::Bool(value) => Cell::Text(value.to_string()),
        Value::Number(number) => Cell::Number(number.to_string()),
        Value::String(text) => Cell::Text(text),
        nested @ (Value::Array(_) | Value::Object(_)) => {
            faults.push((None, RowFault::NestedValue));
            Cell::Text(nested.to_string())
        }
    };
    flat.push((name, cell));
}
