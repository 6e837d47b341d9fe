//! Whether a value is what a schema of the OpenAPI document says.
//!
//! A small reader of JSON Schema that knows the words this document uses; any other word is a
//! fault of its own, so that none is passed over in silence. It is stricter than the standard: a
//! member that no schema names is wrong wherever members are named at all.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

/// Words that say nothing about a value. Patterns are for callers: what the figures among them
/// mean, [`is_written_right`] knows better.
const WORDS_FOR_PEOPLE: [&str; 7] = [
    "title",
    "description",
    "example",
    "examples",
    "default",
    "deprecated",
    "pattern",
];

/// Named schemas, to follow references with.
pub struct Schemas<'a>(pub &'a Value);

/// What the schemas of one object say together.
#[derive(Default)]
struct Members<'a> {
    named: BTreeMap<&'a str, Vec<&'a Value>>,
    required: BTreeSet<&'a str>,
    rest: Option<&'a Value>,
    open: bool,
}

/// Faults that were found, each with the place it is at.
pub type Faults = Vec<String>;

impl<'a> Schemas<'a> {
    /// Everything that is wrong with a value.
    pub fn faults(&self, schema: &'a Value, value: &Value) -> Faults {
        self.at("", schema, value)
    }

    fn target(&self, reference: &'a Value) -> (&'a str, &'a Value) {
        let name = reference
            .as_str()
            .and_then(|r| r.strip_prefix("#/components/schemas/"));
        let name = name.unwrap_or_else(|| panic!("{reference} leads nowhere"));
        let target = self.0.get(name);
        (
            name,
            target.unwrap_or_else(|| panic!("{name} is no schema")),
        )
    }

    fn at(&self, at: &str, schema: &'a Value, value: &Value) -> Faults {
        let Some(words) = schema.as_object() else {
            return vec![format!("{at}: {schema}?")];
        };
        if let Some(members) = value.as_object().filter(|_| self.tells_members(schema)) {
            return self.object(at, schema, members);
        }
        words
            .iter()
            .flat_map(|(word, says)| self.word(at, (word, says), value))
            .collect()
    }

    /// What one word of a schema finds wrong.
    fn word(&self, at: &str, (word, says): (&str, &'a Value), value: &Value) -> Faults {
        let fits = match word {
            "$ref" => {
                let (name, target) = self.target(says);
                if value
                    .as_str()
                    .is_some_and(|text| !is_written_right(name, text))
                {
                    return vec![format!("{at}: {value} is no {name}")];
                }
                return self.at(at, target, value);
            }
            "oneOf" | "anyOf" => return self.choice(at, word, list(says), value),
            "allOf" => {
                return list(says)
                    .iter()
                    .flat_map(|s| self.at(at, s, value))
                    .collect();
            }
            "items" => return self.items(at, says, value),
            "type" => list_or_one(says).iter().any(|kind| is_a(kind, value)),
            "enum" => list(says).contains(value),
            "const" => says == value,
            "format" => value.as_str().is_none_or(|text| has_format(says, text)),
            "minLength" | "maxLength" => value
                .as_str()
                .is_none_or(|text| is_within(word, text.chars().count(), says)),
            "minItems" | "maxItems" => value
                .as_array()
                .is_none_or(|items| is_within(word, items.len(), says)),
            "minimum" => value
                .as_i64()
                .is_none_or(|number| says.as_i64() <= Some(number)),
            "maximum" => value
                .as_i64()
                .is_none_or(|number| Some(number) <= says.as_i64()),
            // About objects; this is none.
            "properties" | "required" | "additionalProperties" | "propertyNames" => true,
            _ => WORDS_FOR_PEOPLE.contains(&word),
        };
        if fits {
            Faults::new()
        } else {
            vec![format!("{at}: {value} is not {word} {says}")]
        }
    }

    /// One of several must fit; of `oneOf` no second one.
    fn choice(&self, at: &str, word: &str, of: &'a [Value], value: &Value) -> Faults {
        let found: Vec<Faults> = of.iter().map(|schema| self.at(at, schema, value)).collect();
        match found.iter().filter(|faults| faults.is_empty()).count() {
            // Null comes first, and nothing that is there was meant to be null.
            0 => found
                .into_iter()
                .rev()
                .min_by_key(Vec::len)
                .unwrap_or_default(),
            1 => Faults::new(),
            _ if word == "anyOf" => Faults::new(),
            many => vec![format!("{at}: {value} is {many} things at once")],
        }
    }

    fn items(&self, at: &str, schema: &'a Value, value: &Value) -> Faults {
        let items = value.as_array().into_iter().flatten().enumerate();
        items
            .flat_map(|(index, item)| self.at(&format!("{at}/{index}"), schema, item))
            .collect()
    }

    /// Whether a schema is about the members of objects, itself or all it is made of.
    fn tells_members(&self, schema: &'a Value) -> bool {
        let follow = |reference| self.tells_members(self.target(reference).1);
        let together = |parts| list(parts).iter().all(|part| self.tells_members(part));
        schema["type"] == "object"
            || schema.get("$ref").is_some_and(follow)
            || schema.get("allOf").is_some_and(together)
    }

    fn gather(&self, schema: &'a Value, into: &mut Members<'a>) {
        if let Some(reference) = schema.get("$ref") {
            self.gather(self.target(reference).1, into);
        }
        for part in schema.get("allOf").map_or(&[][..], list) {
            self.gather(part, into);
        }
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            into.named.entry(name).or_default().push(member);
        }
        into.required.extend(
            schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text),
        );
        match &schema["additionalProperties"] {
            Value::Bool(open) => into.open |= open,
            Value::Object(_) => into.rest = schema.get("additionalProperties"),
            _ => {}
        }
    }

    fn object(&self, at: &str, schema: &'a Value, members: &Map<String, Value>) -> Faults {
        let mut says = Members::default();
        self.gather(schema, &mut says);
        let nothing_named = says.named.is_empty() && says.rest.is_none();
        let missing = says
            .required
            .iter()
            .filter(|name| !members.contains_key(**name));
        let mut faults: Faults = missing
            .map(|name| format!("{at}/{name} is missing"))
            .collect();
        for (name, value) in members {
            let at = format!("{at}/{name}");
            match (says.named.get(name.as_str()), says.rest) {
                (Some(schemas), _) => {
                    faults.extend(
                        schemas
                            .iter()
                            .flat_map(|schema| self.at(&at, schema, value)),
                    );
                }
                (None, Some(rest)) => faults.extend(self.at(&at, rest, value)),
                (None, None) if says.open || nothing_named => {}
                (None, None) => faults.push(format!("{at} is not in the document")),
            }
        }
        faults
    }
}

fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("{value} is no list"))
}

fn list_or_one(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match text(kind) {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

fn is_within(word: &str, length: usize, bound: &Value) -> bool {
    let bound = bound
        .as_u64()
        .and_then(|bound| usize::try_from(bound).ok())
        .unwrap();
    if word.starts_with("min") {
        bound <= length
    } else {
        length <= bound
    }
}

/// Whether a text has a format. Those of numbers are about none.
fn has_format(format: &Value, value: &str) -> bool {
    match text(format) {
        "date" => value
            .parse::<NaiveDate>()
            .is_ok_and(|day| day.to_string() == value),
        "date-time" => value.ends_with('Z') && DateTime::parse_from_rfc3339(value).is_ok(),
        "won" | "uri-reference" | "email" | "password" => true,
        other => panic!("{other} is no format of texts"),
    }
}

/// Whether a figure is written as figures of its kind are.
fn is_written_right(schema: &str, value: &str) -> bool {
    match schema {
        "WonOut" => value.parse().is_ok_and(|won: i64| won.to_string() == value),
        "KgOut" => has_places(value, 3),
        "RatioOut" => has_places(value, 4),
        _ => true,
    }
}

fn has_places(value: &str, places: usize) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = value.strip_prefix('-').unwrap_or(value).split_once('.');
    parts.is_some_and(|(whole, rest)| digits(whole) && digits(rest) && rest.len() == places)
}
