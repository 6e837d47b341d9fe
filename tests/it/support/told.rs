//! Answers in few words, for tests to compare.

use serde_json::Value;

use super::Reply;

/// Members of a value in one line, `paid 300, own.committed 290`; `names` has a space between them.
#[track_caller]
pub fn told(value: &Value, names: &str) -> String {
    let words = names
        .split_whitespace()
        .map(|name| format!("{name} {}", word(value, name)));
    words.collect::<Vec<_>>().join(", ")
}

/// The same members of each row of a table, without their names.
#[track_caller]
pub fn rows(table: &Value, names: &str) -> Vec<String> {
    let table = table
        .as_array()
        .unwrap_or_else(|| panic!("{table} is no table"));
    let row = |row| {
        names
            .split_whitespace()
            .map(|name| word(row, name))
            .collect::<Vec<_>>()
    };
    table.iter().map(|each| row(each).join(" ")).collect()
}

/// The row of a table whose code is `code`.
#[track_caller]
pub fn row<'a>(table: &'a Value, code: &str) -> &'a Value {
    let rows = table
        .as_array()
        .unwrap_or_else(|| panic!("{table} is no table"));
    rows.iter()
        .find(|row| row["code"] == code)
        .unwrap_or_else(|| panic!("{code} is not in {table}"))
}

/// A series, one line for each group: its key, its points that are not zero, its total.
#[track_caller]
pub fn lines(series: &Value) -> Vec<String> {
    let of_group = |group: &Value| {
        let points = rows(&group["points"], "period value");
        let is_zero = |point: &String| point.ends_with(" 0") || point.ends_with(" 0.000");
        let points: Vec<_> = points.into_iter().filter(|point| !is_zero(point)).collect();
        format!(
            "{}: {} = {}",
            word(group, "key"),
            points.join(", "),
            word(group, "total")
        )
    };
    let groups = series["groups"]
        .as_array()
        .unwrap_or_else(|| panic!("{series} is no series"));
    groups.iter().map(of_group).collect()
}

#[track_caller]
fn word(value: &Value, name: &str) -> String {
    let member = value.pointer(&format!("/{}", name.replace('.', "/")));
    match member.unwrap_or_else(|| panic!("{name} is not in {value}")) {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What differs from run to run.
const FLEETING: [&str; 3] = ["id", "recorded_at", "content"];

fn steadied(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let steady = |(name, value): (&String, &Value)| {
                let fleeting = FLEETING.contains(&name.as_str()) && value.is_string();
                let steady = if fleeting {
                    format!("[{name}]").into()
                } else {
                    steadied(value)
                };
                (name.clone(), steady)
            };
            Value::Object(members.iter().map(steady).collect())
        }
        Value::Array(items) => items.iter().map(steadied).collect(),
        other => other.clone(),
    }
}

impl Reply {
    /// The body for a snapshot, without what differs from run to run.
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(&steadied(&self.body)).unwrap()
    }

    /// Members of the body in one line.
    #[track_caller]
    pub fn told(&self, names: &str) -> String {
        told(&self.body, names)
    }

    /// The same members of each row of a page.
    #[track_caller]
    pub fn rows(&self, names: &str) -> Vec<String> {
        rows(&self.body["data"], names)
    }
}
