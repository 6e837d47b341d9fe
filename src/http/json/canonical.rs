//! The one way to write a JSON value: names sorted by their bytes, numbers in their plainest form,
//! no blanks. Two bodies that mean the same have the same canonical bytes.

use serde_json::Value;

use super::Json;
use super::number::Plain;

/// The canonical bytes of a value.
#[must_use]
pub fn bytes(json: &Json) -> Vec<u8> {
    let mut out = String::new();
    write(&json.0, &mut out);
    out.into_bytes()
}

/// Depth is bounded by that of the parser.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => out.push_str(&Plain::of(number.as_str()).to_string()),
        Value::Array(values) => {
            let mut before = '[';
            for value in values {
                out.push(before);
                write(value, out);
                before = ',';
            }
            out.push_str(if values.is_empty() { "[]" } else { "]" });
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let mut before = '{';
            for (name, value) in &members {
                out.push(before);
                write_text(name, out);
                out.push(':');
                write(value, out);
                before = ',';
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
        Value::String(text) => write_text(text, out),
        Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push_str(&Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(body: &str) -> String {
        String::from_utf8(bytes(&Json::parse(body.as_bytes()).unwrap())).unwrap()
    }

    #[test]
    fn bodies_that_mean_the_same_are_written_the_same() {
        let one = r#"{"b":[1.0,"x"],"a":{"d":null,"c":1e3}}"#;
        let other = " {\"a\":\n{\"c\":1000,\"d\":null}, \"b\" : [1, \"\\u0078\"] } ";
        assert_eq!(canonical(one), r#"{"a":{"c":1e3,"d":null},"b":[1,"x"]}"#);
        assert_eq!(canonical(one), canonical(other));
        assert_eq!(canonical("{\"a\":[],\"b\":{}}"), r#"{"a":[],"b":{}}"#);
    }

    #[test]
    fn bodies_that_differ_are_written_differently() {
        for (one, other) in [
            ("[1]", "[\"1\"]"),
            ("[1,2]", "[12]"),
            ("{\"a\":1}", "{\"a\":null}"),
        ] {
            assert_ne!(canonical(one), canonical(other));
        }
    }
}
