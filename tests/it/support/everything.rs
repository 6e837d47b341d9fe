//! Every question that the API has, asked of two servers that hold the same books.
//!
//! The questions are taken from the OpenAPI document: each GET under `/v1`, of each thing that its
//! path may name, with each value of each parameter that it takes, on several days; lists are
//! turned to their third page. What a parameter may be is taken from the document, or from the
//! records themselves. Answers have to be the same byte for byte. Only ids, which are random, are
//! taken for the same when they come first at the same place, and ever after.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::document;
use super::{Reply, World};

/// Things of a kind that are asked for one by one: the first ones and the last ones.
const OF_A_KIND: usize = 3;
/// Pages of a list that are read.
const PAGES: usize = 3;
/// What is searched for, beside what cannot be guessed.
const WORDS: [&str; 7] = [
    "fund",
    "FUND",
    "%EA%B8%B0%EA%B8%88",
    "%C3%89",
    "%25",
    "_",
    "demo-0000",
];
/// Regions that are asked for.
const REGIONS: [&str; 3] = ["11", "41", "50"];

/// Somebody who asks a server everything.
pub struct Reader<'a> {
    world: &'a World,
    bearers: BTreeMap<String, String>,
    ids: BTreeMap<String, usize>,
}

/// Who asks, and what.
type Question = (&'static str, String);

/// What may be put into a question, in the order of the books.
struct Known<'a> {
    days: &'a [&'a str],
    /// The records that each list holds, by its path.
    lists: BTreeMap<String, Vec<Value>>,
}

/// Asks two servers everything and tells how many answers were the same, or those that were not.
pub fn compare(mut readers: [Reader<'_>; 2], days: &[&str]) -> Result<usize, String> {
    let [ours, theirs] = readers.each_mut().map(|reader| reader.questions(days));
    assert_eq!(ours.len(), theirs.len());
    let (mut compared, mut good) = (0, 0);
    let mut differences = Vec::new();
    for questions in ours.into_iter().zip(theirs) {
        let mut questions = [questions.0, questions.1];
        for _ in 0..PAGES {
            let mut next = Vec::new();
            let told = [0, 1].map(|of| {
                let (role, path) = &questions[of];
                let reply = readers[of].ask(role, path);
                good += usize::from(reply.status == 200);
                let cursor = reply.text("/next_cursor").to_owned();
                let told = readers[of].without_ids(path, &reply, &cursor);
                next.extend((!cursor.is_empty()).then(|| turned(path, &cursor)));
                told
            });
            compared += 1;
            if told[0] != told[1] {
                differences.push(told.join("\n"));
            }
            let Ok([ours, theirs]) = <[String; 2]>::try_from(next) else {
                break;
            };
            (questions[0].1, questions[1].1) = (ours, theirs);
        }
    }
    assert!(good > compared, "of {compared} only {good} answers of both");
    let count = differences.len();
    differences.truncate(5);
    match count {
        0 => Ok(compared),
        _ => Err(format!("{count} differ:\n{}", differences.join("\n\n"))),
    }
}

/// The same list from there on.
fn turned(path: &str, cursor: &str) -> String {
    let before = path.split("&cursor=").next().unwrap();
    let before = before.split("?cursor=").next().unwrap();
    let joined = if before.contains('?') { '&' } else { '?' };
    format!("{before}{joined}cursor={cursor}")
}

impl<'a> Reader<'a> {
    /// One who has these bearer tokens, by role.
    pub fn new(world: &'a World, bearers: impl Iterator<Item = (String, String)>) -> Self {
        Self {
            world,
            bearers: bearers.collect(),
            ids: BTreeMap::new(),
        }
    }

    fn ask(&self, role: &str, path: &str) -> Reply {
        let bearer = format!("Bearer {}", self.bearers[role]);
        let headers = [("authorization", bearer.as_str()), ("x-request-id", "same")];
        self.world.send("GET", path, &headers, b"")
    }

    /// Question and answer as text, with a number for each id.
    fn without_ids(&mut self, path: &str, reply: &Reply, cursor: &str) -> String {
        let kind = reply.header("content-type").unwrap_or_default().to_owned();
        let mut body = String::from_utf8(reply.bytes.clone()).unwrap();
        let mut path = path.split("cursor=").next().unwrap().to_owned();
        if !cursor.is_empty() {
            body = body.replace(cursor, "more");
        }
        for text in [&mut path, &mut body] {
            *text = self.numbered(text);
        }
        format!("{path} {} {kind} {body}", reply.status)
    }

    fn numbered(&mut self, text: &str) -> String {
        let part_of_id = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c) || c == '-';
        let (mut told, mut rest) = (String::new(), text);
        while let Some(start) = rest.find(part_of_id) {
            let (before, word) = rest.split_at(start);
            told.push_str(before);
            let end = word.find(|c| !part_of_id(c)).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            if is_id(word) {
                let next = self.ids.len();
                let number = *self.ids.entry(word.to_owned()).or_insert(next);
                told.push_str(&format!("#{number}"));
            } else {
                told.push_str(word);
            }
            rest = after;
        }
        told + rest
    }

    fn questions(&self, days: &[&str]) -> Vec<Question> {
        let operations: Vec<(&str, &Value)> = document()["paths"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(path, item)| path.starts_with("/v1/") && item.get("get").is_some())
            .map(|(path, item)| (path.as_str(), &item["get"]))
            .collect();
        let mut known = Known {
            days,
            lists: BTreeMap::new(),
        };
        for (path, _) in operations.iter().filter(|(path, _)| !path.contains('{')) {
            let reply = self.ask(of_whom(path), &format!("{path}?limit=1000"));
            if let Some(records) = reply.body["data"].as_array() {
                known.lists.insert((*path).to_owned(), records.clone());
            }
        }
        assert!(known.lists.len() > 10, "{:?}", known.lists.keys());
        let mut questions = Vec::new();
        for (path, operation) in operations {
            for path in known.paths(path) {
                let asked = known.queries(&path, operation);
                questions.extend(asked.into_iter().map(|asked| (of_whom(&path), asked)));
                if path.starts_with("/v1/reports/") {
                    let asked = known.queries(&path, operation);
                    questions.extend(asked.into_iter().take(OF_A_KIND).map(|q| ("viewer", q)));
                }
            }
        }
        questions
    }
}

/// Who may ask for that.
fn of_whom(path: &str) -> &'static str {
    let managed = ["/v1/users", "/v1/partners", "/v1/clients"];
    if managed.iter().any(|noun| path.starts_with(noun)) {
        "admin"
    } else {
        "auditor"
    }
}

/// Whether it is a UUID, one without dashes and the number of a book after it, or a digest, which has
/// ids in it.
fn is_id(word: &str) -> bool {
    let parts: Vec<usize> = word.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] || parts == [64] || (parts.len() == 2 && parts[0] == 32)
}

impl Known<'_> {
    /// The path with each thing that it may name.
    fn paths(&self, pattern: &str) -> Vec<String> {
        let Some((before, rest)) = pattern.split_once('{') else {
            return vec![pattern.to_owned()];
        };
        let (name, after) = rest.split_once('}').unwrap();
        let values = match name {
            "number" => vec!["1".to_owned(), "2".to_owned()],
            // Templates are workbooks: the same bytes, which are no text.
            "kind" => Vec::new(),
            _ => {
                let noun = before.trim_end_matches('/').replace("/reports", "");
                self.some_of(&noun, &["id", "code"])
            }
        };
        let named = values.into_iter();
        named
            .flat_map(|value| self.paths(&format!("{before}{value}{after}")))
            .collect()
    }

    /// The first and the last values that records of a list have under one of these names.
    fn some_of(&self, list: &str, names: &[&str]) -> Vec<String> {
        let records = self.lists.get(list).map(Vec::as_slice).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let values: Vec<String> = records
            .iter()
            .filter_map(|record| names.iter().find_map(|name| text(&record[*name])))
            .filter(|value| seen.insert(value.clone()))
            .collect();
        let last = values.len().saturating_sub(OF_A_KIND).max(OF_A_KIND);
        let (first, rest) = values.split_at(OF_A_KIND.min(values.len()));
        first
            .iter()
            .chain(rest.iter().skip(last - OF_A_KIND))
            .cloned()
            .collect()
    }

    /// The question as it is, on each day, and with each value of each parameter.
    fn queries(&self, path: &str, operation: &Value) -> Vec<String> {
        let none = Vec::new();
        let parameters = operation["parameters"].as_array().unwrap_or(&none);
        let of_query = |p: &&Value| p["in"] == "query" && p["name"] != "cursor";
        let (needed, free): (Vec<&Value>, Vec<&Value>) = parameters
            .iter()
            .filter(of_query)
            .partition(|parameter| parameter["required"] == true);
        let mut bases = vec![format!("{path}?")];
        for parameter in needed {
            let values = self.values(path, parameter);
            let each = |base: &String| values.iter().map(|v| format!("{base}{v}&")).collect();
            bases = bases.iter().flat_map::<Vec<String>, _>(each).collect();
        }
        let mut asked = Vec::new();
        for base in bases {
            asked.push(base.clone());
            for parameter in &free {
                let values = self.values(path, parameter);
                asked.extend(values.iter().map(|value| format!("{base}{value}")));
            }
        }
        let trimmed = |q: String| q.trim_end_matches(['?', '&']).to_owned();
        asked.into_iter().map(trimmed).collect()
    }

    /// `name=value` for each value that a parameter may have.
    fn values(&self, path: &str, parameter: &Value) -> Vec<String> {
        let name = parameter["name"].as_str().unwrap();
        let schema = &parameter["schema"];
        let reference = schema["$ref"].as_str().unwrap_or_default();
        let schema = document()
            .pointer(reference.trim_start_matches('#'))
            .filter(|_| !reference.is_empty())
            .unwrap_or(schema);
        if let Some(values) = schema["enum"].as_array() {
            let each = values.iter().map(|value| value.as_str().unwrap());
            return each.map(|value| format!("{name}={value}")).collect();
        }
        let owned = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect();
        let values: Vec<String> = match name {
            "limit" => owned(&["7"]),
            "state" => owned(&["checked", "committed"]),
            "withdrawn" => owned(&["true", "false"]),
            "as_of" | "due_from" | "due_to" => owned(self.days),
            "from" | "to" => {
                let first = self.days.last().unwrap();
                let both = self.days.iter().map(|day| format!("{first}&to={day}"));
                let from = name == "from";
                let one = self.days.iter().map(|day| (*day).to_owned());
                one.chain(both.filter(|_| from)).collect()
            }
            "q" => owned(&WORDS),
            "region" => owned(&REGIONS),
            "fund" | "part_of" => self.some_of("/v1/funds", &["code"]),
            "program" => self.some_of("/v1/programs", &["code"]),
            "indicator" => self.some_of("/v1/indicators", &["code"]),
            "partner" | "recipient" => self.some_of("/v1/organisations", &["code"]),
            "producer" | "beneficiary" => self.some_of("/v1/beneficiaries", &["id"]),
            "attribute" => self.some_of(path, &["attributes"]),
            "product" | "round" | "external_id" => self.some_of(path, &[name]),
            "actor" | "subject" | "kind" | "book" => self.some_of(path, &[name]),
            "account" | "source" | "operation" | "code" => self.some_of(path, &[name]),
            "group_by" => owned(&["product", "region"]),
            other => panic!("nobody thought of the parameter {other}"),
        };
        values.iter().map(|v| format!("{name}={v}")).collect()
    }
}

/// A value as it stands in a query; attributes as `name:value`.
fn text(value: &Value) -> Option<String> {
    let plain = match value {
        Value::Object(members) => {
            let (name, value) = members.iter().next()?;
            format!("{name}:{}", value.as_str()?)
        }
        other => other.as_str()?.to_owned(),
    };
    let sent = |c: char| {
        if c.is_ascii_alphanumeric() || "-:_.".contains(c) {
            c.to_string()
        } else {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).bytes();
            bytes.map(|byte| format!("%{byte:02X}")).collect()
        }
    };
    Some(plain.chars().map(sent).collect())
}
