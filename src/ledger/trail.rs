//! The logs of all books as one trail, for those who look into what happened and who did it.
//!
//! It is in the order of recording: by instant, then by book and sequence, so that the order is
//! total. Cost: one statement on the index by time, by actor or by kind, or on that of one book;
//! where a subject is named, its events are fetched from each book and sorted.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::event::Event;
use super::tree::Hash;

/// An event with the leaf that binds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The event.
    pub event: Event,
    /// The key of its book, such as `fund:co-prosperity`.
    pub book: String,
    /// The leaf of the tree of its book.
    pub leaf: Hash,
}

/// Which events are read; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct TrailFilter {
    /// Only those of this book, by its key.
    pub book: Option<String>,
    /// Only what happened to one of these; to anything where there is none.
    pub subjects: Vec<String>,
    /// Only what this user or client did.
    pub actor: Option<String>,
    /// Only events of this kind.
    pub kind: Option<String>,
    /// Only what was recorded from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Only what was recorded before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// Where an event stands in the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The number of its book.
    pub book: i64,
    /// Its place in the book.
    pub sequence: i64,
}

impl Mark {
    /// The mark of an event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            recorded_at: event.recorded_at,
            book: event.book,
            sequence: event.sequence,
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.recorded_at.timestamp_micros();
        write!(f, "{micros}/{}/{}", self.book, self.sequence)
    }
}

/// A text is no mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mark of the trail")]
pub struct NoMark;

impl FromStr for Mark {
    type Err = NoMark;

    fn from_str(text: &str) -> Result<Self, NoMark> {
        let numbers: Result<Vec<i64>, _> = text.split('/').map(str::parse).collect();
        let [micros, book, sequence] = numbers.map_err(|_no_number| NoMark)?[..] else {
            return Err(NoMark);
        };
        let recorded_at = DateTime::from_timestamp_micros(micros).ok_or(NoMark)?;
        Ok(Self {
            recorded_at,
            book,
            sequence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_nothing_else_is() {
        let mark = Mark {
            recorded_at: DateTime::from_timestamp_micros(1_667_433_600_000_004).unwrap(),
            book: 3,
            sequence: 17,
        };
        assert_eq!(mark.to_string(), "1667433600000004/3/17");
        assert_eq!(mark.to_string().parse(), Ok(mark));
        for text in [
            "",
            "1/2",
            "1/2/3/4",
            "a/2/3",
            "1/2/",
            "9223372036854775807/1/1",
        ] {
            assert_eq!(text.parse::<Mark>(), Err(NoMark), "{text}");
        }
    }
}
