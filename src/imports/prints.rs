//! Fingerprints: what tells one row from another, whatever file it stands in.
//!
//! A row is recorded under its fingerprint, as a request is under its idempotency key. So the
//! same row again, in the same file or another, changes nothing, and work that was broken off
//! anywhere is taken up without recording anything twice. Where the record of a row does not stand
//! any more, since it was withdrawn or cancelled, the row may be recorded anew, under the next key.
//!
//! A fingerprint is a keyed hash over what the row means: nobody who reads the database can find
//! out by trying what a row held.

use std::collections::HashMap;

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kinds::Kind;
use super::store::lookups;
use crate::access::secret::hex;
use crate::db::{Conn, DbError};

/// How often a row is recorded anew after its record was taken back.
const MAX_TIMES: u32 = 50;

/// Makes fingerprints.
pub struct Printer(hmac::Key);

impl Printer {
    /// A maker of fingerprints with this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The fingerprint of a row that means `body`.
    #[must_use]
    pub fn print(&self, kind: Kind, body: &Value) -> String {
        let told = format!("import-row/{kind}/{body}");
        hex(hmac::sign(&self.0, told.as_bytes()).as_ref())
    }
}

/// Who the keys of rows belong to: nobody who signs in.
#[must_use]
pub fn caller(kind: Kind) -> String {
    format!("import:{kind}")
}

/// What is noted with a row's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The import that recorded the row.
    pub import: String,
    /// The row in it.
    pub line: i64,
    /// Whether a second entry follows, under a key of its own.
    #[serde(default)]
    pub follows: bool,
}

impl Note {
    /// Whether it was noted for that row of that import.
    #[must_use]
    pub fn is_of(&self, import: &str, line: i64) -> bool {
        self.import == import && self.line == line
    }

    /// As it is kept.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was kept.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// The key of a row, and what became of it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The key.
    pub key: String,
    /// The record that stands under it, and who recorded it.
    pub before: Option<(String, Option<Note>)>,
}

/// The keys of rows, by fingerprint: the first under which no record was taken back.
///
/// # Errors
/// [`DbError`].
pub fn keys(
    conn: &mut Conn,
    kind: Kind,
    prints: &[String],
) -> Result<HashMap<String, Keyed>, DbError> {
    let caller = caller(kind);
    let mut keyed = HashMap::new();
    let mut open: Vec<String> = prints.to_vec();
    for time in 1..=MAX_TIMES {
        if open.is_empty() {
            break;
        }
        let key = |print: &String| match time {
            1 => print.clone(),
            _ => format!("{print}:{time}"),
        };
        let wanted: Vec<String> = open.iter().map(key).collect();
        let before = lookups::before(conn, &caller, &wanted)?;
        let records: Vec<String> = before.values().map(|found| found.record.clone()).collect();
        let over = if records.is_empty() {
            Default::default()
        } else {
            lookups::over(conn, kind, &records)?
        };
        let mut left = Vec::new();
        for (print, key) in open.into_iter().zip(wanted) {
            match before.get(&key) {
                Some(found) if over.contains(&found.record) && time < MAX_TIMES => left.push(print),
                found => {
                    let before = found.map(|f| (f.record.clone(), Note::read(&f.note)));
                    keyed.insert(print, Keyed { key, before });
                }
            }
        }
        open = left;
    }
    Ok(keyed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_that_mean_the_same_have_one_fingerprint() {
        let printer = Printer::new(&[1; 32]);
        let print = |kind, body| printer.print(kind, &body);
        let row = print(Kind::Sales, json!({"amount": "1"}));
        assert_eq!(row, print(Kind::Sales, json!({"amount": "1"})));
        assert_ne!(row, print(Kind::Sales, json!({"amount": "2"})));
        assert_ne!(row, print(Kind::Donations, json!({"amount": "1"})));
        let other = Printer::new(&[2; 32]).print(Kind::Sales, &json!({"amount": "1"}));
        assert_ne!(row, other, "keyed");
    }
}
