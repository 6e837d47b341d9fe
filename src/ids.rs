//! Ids of records: opaque to callers, ordered by time, and telling their book.

use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// What counts the ids of one instant, so that lists show records in the order they were made.
static COUNTER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// The id of a disbursement, a donation, a sale or a statement of sales.
///
/// `<32 hex digits of a time-ordered UUID>-<number of the book>`: whoever holds the id knows which
/// book to lock without a look-up. Copies share their text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(Arc<str>);

impl RecordId {
    /// The id of a record in `book`.
    #[must_use]
    pub fn new(unique: Uuid, book: i64) -> Self {
        Self(format!("{}-{book}", unique.as_simple()).into())
    }

    /// Reads an id as it came in; `None` for what cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (unique, book) = text.split_once('-')?;
        let fits = unique.len() == 32
            && unique
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && !book.starts_with(['0', '+'])
            && book.parse::<i64>().is_ok_and(|book| book > 0);
        fits.then(|| Self(text.into()))
    }

    /// An id as the database holds it.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text.into())
    }

    /// The number of the record's book.
    #[must_use]
    pub fn book(&self) -> i64 {
        self.0
            .split_once('-')
            .and_then(|(_, book)| book.parse().ok())
            .unwrap_or(0)
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for RecordId {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

/// A new unique number that sorts after all that this process made before it, even of the same
/// instant.
#[must_use]
pub fn unique(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(
        &COUNTER,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_book() {
        let id = RecordId::new(unique(DateTime::UNIX_EPOCH), 12);
        assert_eq!(RecordId::parse(id.as_str()), Some(id.clone()));
        assert_eq!(id.book(), 12);
    }

    #[test]
    fn ids_of_one_instant_sort_in_the_order_they_were_made() {
        let ids = [(); 100].map(|()| RecordId::new(unique(DateTime::UNIX_EPOCH), 1));
        assert!(ids.is_sorted() && ids[0] != ids[99]);
    }

    #[test]
    fn nothing_else_is_an_id() {
        let good = RecordId::new(Uuid::nil(), 1).to_string();
        for bad in [
            "",
            "x",
            "-1",
            &good.replace('0', "G"),
            good.strip_prefix('0').unwrap(),
            &format!("{good}x"),
        ] {
            assert_eq!(RecordId::parse(bad), None, "{bad}");
        }
    }
}
