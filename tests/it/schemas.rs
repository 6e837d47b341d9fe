//! The reader of schemas that answers are checked with, and the examples of the document.

use serde_json::{Value, json};

use crate::support::document::{document, schemas};
use crate::support::schema::Schemas;

/// A fund with its figures, in the ways that this document puts schemas together.
fn of_a_fund() -> Value {
    let own = json!({
        "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Figures" }],
    });
    let fund = json!({
        "type": "object",
        "required": ["code", "part_of", "days"],
        "properties": {
            "code": { "type": "string", "maxLength": 4 },
            "part_of": { "type": ["string", "null"] },
            "days": { "type": "array", "items": { "type": "string", "format": "date" } },
            "own": own,
        },
    });
    json!({
        "WonOut": { "type": "string", "format": "won" },
        "Figures": {
            "type": "object",
            "required": ["paid"],
            "properties": { "paid": { "$ref": "#/components/schemas/WonOut" } },
        },
        "Fund": { "allOf": [{ "$ref": "#/components/schemas/Figures" }, fund] },
    })
}

#[test]
fn a_value_that_is_not_what_its_schema_says_is_found() {
    let (schemas, fund) = (of_a_fund(), json!({ "$ref": "#/components/schemas/Fund" }));
    let found = |change: Value| {
        let mut value = json!({ "paid": "-5", "code": "fund", "part_of": null, "days": [] });
        for (name, member) in change.as_object().unwrap() {
            value[name] = member.clone();
        }
        Schemas(&schemas).faults(&fund, &value).join("; ")
    };
    for good in [
        json!({}),
        json!({ "own": null }),
        json!({ "own": { "paid": "0" } }),
    ] {
        assert_eq!(found(good.clone()), "", "{good}");
    }
    for (wrong, fault) in [
        (json!({ "more": 1 }), "/more is not in the document"),
        (json!({ "paid": "05" }), "/paid: \"05\" is no WonOut"),
        (json!({ "paid": 5 }), "/paid: 5 is not type \"string\""),
        (
            json!({ "code": "funds" }),
            "/code: \"funds\" is not maxLength 4",
        ),
        (
            json!({ "days": ["2022-02-30"] }),
            "/days/0: \"2022-02-30\" is not format \"date\"",
        ),
        (json!({ "days": {} }), "/days: {} is not type \"array\""),
        (json!({ "own": {} }), "/own/paid is missing"),
    ] {
        assert_eq!(found(wrong.clone()), fault, "{wrong}");
    }
    let bare = Schemas(&schemas).faults(&fund, &json!({ "paid": "1", "code": "a" }));
    assert_eq!(bare, ["/days is missing", "/part_of is missing"]);
}

/// Every content that an operation takes or gives.
fn contents() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    operations.flat_map(|(name, operation)| {
        let answers = operation["responses"].as_object().unwrap().values();
        let bodies = answers.chain(operation.get("requestBody"));
        let contents = bodies.filter_map(|body| body["content"].as_object());
        let contents: Vec<_> = contents.flat_map(|kinds| kinds.values()).collect();
        contents
            .into_iter()
            .map(move |content| (name.clone(), content))
    })
}

#[test]
fn every_example_of_a_body_is_what_its_schema_says() {
    let mut checked = 0;
    for (operation, content) in contents() {
        if let Some(example) = content.get("example") {
            let faults = schemas().faults(&content["schema"], example);
            assert!(faults.is_empty(), "{operation}:\n{}", faults.join("\n"));
            checked += 1;
        }
    }
    assert!(checked > 50, "only {checked} examples");
}

#[test]
fn every_example_of_a_schema_is_what_it_says() {
    let named = document()["components"]["schemas"].as_object().unwrap();
    for (name, schema) in named {
        let examples = schema["examples"].as_array().into_iter().flatten();
        for example in examples.chain(schema.get("example")) {
            let faults = schemas().faults(schema, example);
            assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
        }
    }
}
