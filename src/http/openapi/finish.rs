//! What belongs to no single operation: shared components, closed bodies, pages.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Components, Schema};
use utoipa::openapi::{HttpMethod, OpenApi, PathItem, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::examples::Schemas;
use super::headers::{headers, parameters};
use super::policy::Policy;
use super::responses::{SHARED, component};
use super::shape::Shape;
use crate::http::problem::{Problem, WrongField};

/// What the names of pages begin with.
const PAGE_OF: &str = "PageOf_";

/// Finishes the document.
pub(super) fn finish(document: &mut OpenApi) {
    let mut components = document.components.take().unwrap_or_default();
    add_shared(&mut components);
    fold_pages(&mut components.schemas);
    close_bodies(document, &mut components.schemas);
    let policy = Policy::asked();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations_mut(item) {
            policy.tell(path, &method, operation);
            let mut shape = Shape {
                path,
                method,
                operation,
            };
            shape.finish(&components.schemas);
        }
    }
    let used = references(&document.paths);
    components.parameters.retain(|name, _| used.contains(name));
    components.responses.retain(|name, _| used.contains(name));
    let used: BTreeSet<String> = used
        .into_iter()
        .chain(references(&components.responses))
        .collect();
    components.headers.retain(|name, _| used.contains(name));
    document.components = Some(components);
}

/// What all operations refer to.
fn add_shared(components: &mut Components) {
    for (name, schema) in [
        (Problem::name(), Problem::schema()),
        (WrongField::name(), WrongField::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    for (name, parameter) in parameters() {
        components
            .parameters
            .insert(name.to_owned(), RefOr::T(parameter));
    }
    for (name, header) in headers() {
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
    for shared in &SHARED {
        let response = RefOr::T(component(shared));
        components
            .responses
            .insert(shared.name.to_owned(), response);
    }
}

/// The operations of a path.
pub(super) fn operations(item: &PathItem) -> impl Iterator<Item = &Operation> {
    [&item.get, &item.post, &item.put, &item.patch, &item.delete]
        .into_iter()
        .flatten()
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Lets pages refer to what they are pages of, instead of repeating it.
fn fold_pages(schemas: &mut Schemas) {
    let mut unfolded = Schemas::new();
    for (name, page) in schemas.iter_mut() {
        if let Some(item) = name.strip_prefix(PAGE_OF)
            && let RefOr::T(Schema::Object(page)) = page
            && let Some(RefOr::T(Schema::Array(data))) = page.properties.get_mut("data")
        {
            let reference = ArrayItems::from(RefOr::Ref(Ref::from_schema_name(item)));
            if let ArrayItems::RefOrSchema(schema) = std::mem::replace(&mut data.items, reference) {
                unfolded.insert(item.to_owned(), *schema);
            }
        }
    }
    unfolded.append(schemas);
    *schemas = unfolded;
}

/// Says of every object that a request may hold that it has no other members.
fn close_bodies(document: &OpenApi, schemas: &mut Schemas) {
    let operations = document.paths.paths.values().flat_map(operations);
    let bodies = operations.filter_map(|operation| match &operation.request_body {
        Some(RefOr::T(body)) => Some(&body.content),
        _ => None,
    });
    let contents =
        bodies
            .flat_map(|content| content.values())
            .filter_map(|content| match content {
                RefOr::T(content) => content.schema.as_ref(),
                RefOr::Ref(_) => None,
            });
    let mut open: Vec<String> = contents.flat_map(references).collect();
    let mut closed = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas
            .get_mut(&name)
            .filter(|_| closed.insert(name.clone()))
        {
            close(schema);
            open.extend(references(schema));
        }
    }
}

fn close(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && !object.properties.is_empty()
        && object.additional_properties.is_none()
    {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
}

/// The names of the components that a part of the document refers to.
fn references(part: &impl Serialize) -> BTreeSet<String> {
    // Such parts are trees of many kinds; their JSON is one.
    let json = serde_json::to_value(part).unwrap_or_default();
    let (mut names, mut left) = (BTreeSet::new(), vec![&json]);
    while let Some(value) = left.pop() {
        match value {
            serde_json::Value::Object(members) => {
                let reference = members.get("$ref").and_then(|reference| reference.as_str());
                let name = reference.and_then(|name| name.rsplit('/').next());
                names.extend(name.map(str::to_owned));
                left.extend(members.values());
            }
            serde_json::Value::Array(values) => left.extend(values),
            _ => {}
        }
    }
    names
}
