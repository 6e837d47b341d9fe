//! Examples of bodies, composed out of the examples of their fields.
//!
//! A schema that has an example of its own gives that one. An object is made of its members, a
//! list has one element, a choice is its first name. So an example always fits its schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

/// How deep schemas may lie within each other before examples stop.
const MAX_DEPTH: usize = 12;

/// Schemas by name, to follow references with.
pub(super) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// An example of a schema.
pub(super) fn of(schema: &RefOr<Schema>, schemas: &Schemas) -> Option<Value> {
    at_depth(schema, schemas, 0)
}

fn at_depth(schema: &RefOr<Schema>, schemas: &Schemas, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let deeper = depth.saturating_add(1);
    match schema {
        RefOr::Ref(reference) => at_depth(schemas.get(name(reference)?)?, schemas, deeper),
        RefOr::T(Schema::Object(object)) => Some(of_object(object, schemas, deeper)),
        RefOr::T(Schema::Array(array)) => {
            let given = array.examples.first().or(array.example.as_ref()).cloned();
            given.or_else(|| match &array.items {
                ArrayItems::RefOrSchema(item) => Some(json!([at_depth(item, schemas, deeper)?])),
                ArrayItems::False => Some(json!([])),
            })
        }
        RefOr::T(Schema::OneOf(one)) => {
            let given = one.examples.first().or(one.example.as_ref()).cloned();
            given.or_else(|| first(&one.items, schemas, deeper))
        }
        RefOr::T(Schema::AnyOf(any)) => {
            let given = any.examples.first().or(any.example.as_ref()).cloned();
            given.or_else(|| first(&any.items, schemas, deeper))
        }
        RefOr::T(Schema::AllOf(all)) => {
            let given = all.examples.first().or(all.example.as_ref()).cloned();
            given.or_else(|| Some(together(&all.items, schemas, deeper)))
        }
        RefOr::T(_) => None,
    }
}

/// The name that a reference leads to.
pub(super) fn name(reference: &Ref) -> Option<&str> {
    reference.ref_location.strip_prefix("#/components/schemas/")
}

/// The first of them that is not null.
fn first(items: &[RefOr<Schema>], schemas: &Schemas, depth: usize) -> Option<Value> {
    let mut examples = items
        .iter()
        .filter_map(|item| at_depth(item, schemas, depth));
    examples.find(|example| !example.is_null())
}

/// The members of all of them.
fn together(items: &[RefOr<Schema>], schemas: &Schemas, depth: usize) -> Value {
    let mut members = Map::new();
    let mut other = Value::Null;
    for item in items {
        match at_depth(item, schemas, depth) {
            Some(Value::Object(more)) => members.extend(more),
            Some(value) => other = value,
            None => {}
        }
    }
    if members.is_empty() {
        other
    } else {
        Value::Object(members)
    }
}

fn of_object(object: &Object, schemas: &Schemas, depth: usize) -> Value {
    let given = object
        .examples
        .first()
        .or(object.example.as_ref())
        .or(object.default.as_ref());
    let chosen = object
        .enum_values
        .as_ref()
        .and_then(|values| values.first());
    if let Some(given) = given.or(chosen) {
        return given.clone();
    }
    match kind(&object.schema_type) {
        Some(Type::String) => json!("…"),
        Some(Type::Integer | Type::Number) => json!(1),
        Some(Type::Boolean) => json!(true),
        Some(Type::Null) => Value::Null,
        _ => Value::Object(members(object, schemas, depth)),
    }
}

fn members(object: &Object, schemas: &Schemas, depth: usize) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, schema) in &object.properties {
        if let Some(example) = at_depth(schema, schemas, depth) {
            members.insert(name.clone(), example);
        }
    }
    if let (true, Some(AdditionalProperties::RefOr(schema))) =
        (members.is_empty(), object.additional_properties.as_deref())
        && let Some(example) = at_depth(schema, schemas, depth)
    {
        members.insert("name".to_owned(), example);
    }
    members
}

/// The type of a schema, null aside.
fn kind(schema_type: &SchemaType) -> Option<Type> {
    match schema_type {
        SchemaType::Type(kind) => Some(kind.clone()),
        SchemaType::Array(kinds) => kinds.iter().find(|kind| **kind != Type::Null).cloned(),
        SchemaType::AnyValue => None,
    }
}
