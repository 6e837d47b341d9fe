//! Addresses of pages.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{text, text_schema};

/// Most characters of an address.
const MAX: usize = 500;

/// What [`is_address`] takes, as a regular expression.
const PATTERN: &str =
    "^https?://[A-Za-z0-9._~:@\\[\\]-]+(?:[/?#][^\\s\\u0000-\\u0020\"<>\\\\^`{|}]*)?$";

/// The address of a page on the web: `http` or `https`, and a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlIn(pub String);

/// Whether a text is such an address. What a browser would have to mend is none.
fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else {
        return false;
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let of_host = |c: char| c.is_ascii_alphanumeric() || "._~:@[]-".contains(c);
    let of_path = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    host.chars().any(|c| c.is_ascii_alphanumeric())
        && host.chars().all(of_host)
        && path.chars().all(of_path)
}

impl Deserr<Faults> for UrlIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = text(value, at)?;
        if text.chars().count() > MAX {
            return Err(Faults::one(at, "too_long").with("most", MAX));
        }
        if is_address(&text) {
            Ok(Self(text))
        } else {
            Err(Faults::one(at, "bad_url"))
        }
    }
}

impl PartialSchema for UrlIn {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "The address of a page, with http or https.",
            "https://example.com/ir/2022-q3",
        )
        .min_length(Some(1))
        .max_length(Some(MAX))
        .pattern(Some(PATTERN))
        .into()
    }
}

impl ToSchema for UrlIn {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host_and_nothing_to_mend() {
        for good in [
            "https://example.com",
            "http://example.com:8080/a?b=c#d",
            "https://example.com/상생",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "https://",
            "https:///path",
            "ftp://example.com",
            "javascript:alert(1)",
            "https://exa mple.com",
            "https://example.com/a b",
            "https://example.com/\"",
            "https://-",
            "https://example.com/\u{202e}x y",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
