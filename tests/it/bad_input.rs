//! Wrong requests to every operation that records something.
//!
//! A case is a good request with something spoiled, and the refusal it deserves. [`Endpoint`] sends
//! all cases with one key, makes sure that nothing at all was written, then sends the good request
//! with the same key: so each case was refused for what was spoiled, and refusals leave a key free.

mod common;
mod funds;
mod indicators;
mod masters;
mod payouts;
mod people;
mod pledges;
mod sales;
mod statements;
mod users;
mod verbs;

use serde_json::{Value, json};

use crate::support::{Reply, World};

/// What stands at a place of a body: another value, or none.
type Change = (&'static str, Option<Value>);

/// A way to spoil a good request, and the refusal.
struct Case {
    changes: Vec<Change>,
    refusal: String,
}

impl Case {
    /// The same case, with the fault at another field than the one that was changed.
    fn told(self, fault: &str) -> Self {
        Self {
            refusal: format!("422 | invalid_fields | {fault}"),
            ..self
        }
    }
}

/// A body with members changed, each by its JSON pointer.
fn spoiled(good: &Value, changes: &[Change]) -> Value {
    let mut body = good.clone();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match (parent, value) {
            (Value::Object(members), Some(value)) => {
                members.insert(name.to_owned(), value.clone());
            }
            (Value::Object(members), None) => {
                members.remove(name);
            }
            (Value::Array(items), Some(value)) => {
                items[name.parse::<usize>().unwrap()] = value.clone();
            }
            _ => panic!("{pointer} is not in {good}"),
        }
    }
    body
}

/// Something else at a field, which is at fault for it.
fn wrong(field: &'static str, value: Value, code: &str) -> Case {
    but(
        &[(field, value)],
        &format!("422 | invalid_fields | {field} {code}"),
    )
}

/// Members changed, and the refusal as it is told.
fn but(changes: &[(&'static str, Value)], refusal: &str) -> Case {
    let changes = changes
        .iter()
        .map(|(field, value)| (*field, Some(value.clone())));
    Case {
        changes: changes.collect(),
        refusal: refusal.to_owned(),
    }
}

/// A field is not there.
fn missing(field: &'static str) -> Case {
    let refusal = format!("422 | invalid_fields | {field} missing");
    Case {
        changes: vec![(field, None)],
        refusal,
    }
}

/// A body that is good, in books that do not allow it.
fn not_now(refusal: &str) -> Case {
    but(&[], refusal)
}

/// Money that cannot be.
fn money(field: &'static str) -> Vec<Case> {
    let cases = [
        (json!(0), "zero"),
        (json!("0"), "zero"),
        (json!(-1), "negative"),
        (json!("-1"), "negative"),
        (json!(1_000_000_000_000_001_i64), "too_large"),
        (json!("1000000000000001"), "too_large"),
        (json!("1.5"), "not_whole"),
        (json!("1e3"), "not_a_number"),
        (json!(""), "not_a_number"),
        (json!("많이"), "not_a_number"),
        (json!(true), "wrong_type"),
        (json!([1]), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

/// Days that cannot be.
fn days(field: &'static str) -> Vec<Case> {
    let cases = [
        (json!("2022-02-30"), "no_such_day"),
        (json!("2022-13-01"), "no_such_day"),
        (json!("3.11.2022"), "not_a_day"),
        (json!("2022-11-03T00:00:00Z"), "not_a_day"),
        (json!("22-11-03"), "not_a_day"),
        (json!(""), "not_a_day"),
        (json!("1899-12-31"), "day_out_of_range"),
        (json!("2200-01-01"), "day_out_of_range"),
        (json!(20_221_103), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

/// Texts of at most `most` characters that cannot be.
fn texts(field: &'static str, most: usize) -> Vec<Case> {
    let cases = [
        (json!(""), "empty"),
        (json!(" \u{3000} "), "empty"),
        (json!(" x"), "outer_space"),
        (json!("x\ny"), "control_character"),
        (json!("x\u{0}y"), "control_character"),
        (json!("x\u{202e}y"), "control_character"),
        (json!("가".repeat(most + 1)), "too_long"),
        (json!(7), "wrong_type"),
        (json!({}), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

/// Codes that cannot be.
fn codes(field: &'static str) -> Vec<Case> {
    let long = "c".repeat(65);
    let cases = [
        "",
        "x",
        "Upper",
        "under_score",
        "상생",
        "a b",
        "../etc",
        "a\u{0}b",
        &long,
    ];
    let bad = |text: &str| {
        let code = if text.contains('\0') {
            "control_character"
        } else {
            "bad_code"
        };
        wrong(field, json!(text), code)
    };
    let mut cases: Vec<Case> = cases.map(bad).into();
    cases.push(wrong(field, json!(12), "wrong_type"));
    cases
}

/// One of a closed set that is none of it.
fn choices(field: &'static str) -> Vec<Case> {
    let cases = [
        (json!("other thing"), "unknown_value"),
        (json!(""), "unknown_value"),
        (json!("CASH"), "unknown_value"),
        (json!(1), "wrong_type"),
        (json!(["cash"]), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

/// An operation that is tried out.
struct Endpoint<'a> {
    world: &'a World,
    user: &'a str,
    method: &'a str,
    path: String,
    /// The version that a change names.
    etag: Option<&'a str>,
    key: String,
}

impl<'a> Endpoint<'a> {
    fn post(world: &'a World, user: &'a str, path: impl Into<String>) -> Self {
        let path = path.into();
        let key = format!("one-key-for-{path}");
        Self {
            world,
            user,
            method: "POST",
            path,
            etag: None,
            key,
        }
    }

    fn patch(world: &'a World, user: &'a str, path: impl Into<String>, etag: &'a str) -> Self {
        let (path, key) = (path.into(), String::new());
        Self {
            world,
            user,
            method: "PATCH",
            path,
            etag: Some(etag),
            key,
        }
    }

    fn send(&self, body: &Value) -> Reply {
        let headers = match self.etag {
            Some(etag) => [("if-match", etag)],
            None => [("idempotency-key", self.key.as_str())],
        };
        self.world
            .call(self.user, (self.method, &self.path), &headers, Some(body))
    }

    /// Sends every case. None of them is taken, and none leaves a trace.
    #[track_caller]
    fn refuses(&self, good: &Value, cases: impl IntoIterator<Item = Case>) {
        let watch = self.world.watch();
        for case in cases {
            let body = spoiled(good, &case.changes);
            let reply = self.send(&body).as_told(self.method, &self.path);
            let asked = format!("{} {} {body}", self.method, self.path);
            assert_eq!(reply.refusal(), case.refusal, "{asked}");
            assert!(watch.saw_nothing(), "{asked}");
        }
    }

    /// The same; then the good request is taken, and its key is good for nothing else.
    #[track_caller]
    fn refuses_all_but(&self, good: &Value, cases: impl IntoIterator<Item = Case>) -> Reply {
        self.refuses(good, cases);
        let taken = self.send(good).as_told(self.method, &self.path);
        assert!(
            matches!(taken.status, 200 | 201),
            "{}: {}",
            self.path,
            taken.body
        );
        let watch = self.world.watch();
        if self.etag.is_some() {
            assert_eq!(self.send(good).refusal(), "412 | stale_etag");
        } else {
            let other = spoiled(good, &[("/effective_on", Some(json!("2022-10-31")))]);
            let refused = self.send(&other).refusal();
            let known = good.get("effective_on").is_some() || refused.contains("reused");
            let unknown = refused == "422 | invalid_fields | /effective_on unknown_field";
            assert!(known || unknown, "{}: {refused}", self.path);
        }
        assert!(watch.saw_nothing());
        taken
    }
}
