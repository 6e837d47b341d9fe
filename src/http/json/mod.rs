//! JSON as it comes in, before it means anything.
//!
//! A body is read twice. The first pass (`outline`) builds nothing: it bounds the number of
//! values and finds names that come twice, which a parser would silently drop. The second builds
//! the value, with every number kept as it was written. `value` hands it to deserr, [`canonical`]
//! writes it in the one way that idempotency keys are bound to.
//!
//! Bounds: the body's size (`Limits::body`), `outline::MAX_VALUES`, and 128 levels of depth.

pub mod canonical;
mod number;
mod outline;
mod value;

use crate::http::wire::Faults;

pub use value::{as_number_text, is_number};

/// A JSON value in which no name comes twice and no text holds a NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(pub(super) serde_json::Value);

/// Why bytes are not such a value.
#[derive(Debug)]
pub enum NotJson {
    /// They are not JSON at all.
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// There are more values in it than `outline::MAX_VALUES`.
    TooMany,
    /// It can be read, but fields are wrong.
    Faults(Faults),
}

impl From<serde_json::Error> for NotJson {
    fn from(error: serde_json::Error) -> Self {
        Self::Syntax {
            line: error.line(),
            column: error.column(),
        }
    }
}

impl Json {
    /// Reads a JSON text in UTF-8.
    ///
    /// # Errors
    /// [`NotJson`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        outline::check(bytes)?;
        Ok(Self(serde_json::from_slice(bytes)?))
    }

    /// The empty object: what a body that is not there stands for.
    #[must_use]
    pub fn empty() -> Self {
        Self(serde_json::Value::Object(serde_json::Map::new()))
    }

    /// A value that this program made, in which all of that is sure.
    #[must_use]
    pub fn of(value: serde_json::Value) -> Self {
        Self(value)
    }

    /// An object of texts, as a query string is one.
    #[must_use]
    pub fn of_texts(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let texts = texts
            .into_iter()
            .map(|(name, text)| (name, serde_json::Value::String(text)));
        Self(serde_json::Value::Object(texts.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(body: &str) -> Vec<(String, &'static str)> {
        match Json::parse(body.as_bytes()) {
            Err(NotJson::Faults(faults)) => faults
                .into_vec()
                .into_iter()
                .map(|fault| (fault.field, fault.code))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_found_wherever_it_is() {
        assert_eq!(
            faults(r#"{"a":1,"a":2}"#),
            [("/a".to_owned(), "duplicate_field")]
        );
        let nested = r#"{"a":[{"b/c":1},{"b/c":1,"b/c":{}}],"a":0}"#;
        assert_eq!(
            faults(nested),
            [
                ("/a/1/b~1c".to_owned(), "duplicate_field"),
                ("/a".to_owned(), "duplicate_field")
            ]
        );
    }

    #[test]
    fn no_text_holds_a_nul() {
        assert_eq!(
            faults(r#"{"a":"x\u0000"}"#),
            [("/a".to_owned(), "control_character")]
        );
        assert_eq!(
            faults(r#"{"\u0000":1}"#),
            [("".to_owned(), "control_character")]
        );
    }

    #[test]
    fn syntax_is_told_by_line_and_column() {
        for (body, place) in [("{\n \"a\": }", (2, 7)), ("", (1, 0)), ("{} x", (1, 4))] {
            match Json::parse(body.as_bytes()) {
                Err(NotJson::Syntax { line, column }) => assert_eq!((line, column), place),
                other => panic!("{other:?}"),
            }
        }
        for body in [
            &b"\xff"[..],
            b"\"\xff\"",
            b"{\"a\":\"\xc3\x28\"}",
            b"01",
            b"1.",
            b"NaN",
        ] {
            assert!(
                matches!(Json::parse(body), Err(NotJson::Syntax { .. })),
                "{body:?}"
            );
        }
    }

    #[test]
    fn bombs_are_refused() {
        let deep = "[".repeat(100_000);
        assert!(matches!(
            Json::parse(deep.as_bytes()),
            Err(NotJson::Syntax { .. })
        ));
        let wide = format!("[{}0]", "0,".repeat(1_000_000));
        assert!(matches!(
            Json::parse(wide.as_bytes()),
            Err(NotJson::TooMany)
        ));
        let long = "9".repeat(1_000_000);
        assert!(
            Json::parse(long.as_bytes()).is_ok(),
            "its field will refuse it"
        );
    }
}
