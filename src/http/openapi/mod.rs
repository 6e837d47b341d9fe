//! The OpenAPI document: made of the routes that are served, finished by rules.
//!
//! Handlers declare what is their own: summary, body, answer. What follows from the shape of an
//! operation is added in one place (`finish`, `shape`): shared error responses, headers, path
//! parameters and examples. So a rule of the contract is written down once and holds everywhere.

mod base;
mod examples;
mod finish;
mod headers;
mod policy;
mod responses;
mod shape;

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::openapi::OpenApi;

use super::routes::{self, Described, Routes};
use crate::meters::Operation;

/// The document as it was committed with the code, which is what a server shows: to make it takes
/// more memory than all else that an idle server holds.
pub const COMMITTED: &str = include_str!("../../../openapi/sangsaeng.json");

/// The committed document, as far as a server reads it.
#[derive(Deserialize)]
struct Committed {
    paths: BTreeMap<String, Item>,
}

/// The operations of a path.
#[derive(Deserialize)]
struct Item {
    get: Option<Named>,
    post: Option<Named>,
    put: Option<Named>,
    patch: Option<Named>,
    delete: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "operationId")]
    id: String,
}

/// Every operation, as the committed document tells them: a server that starts need not make a
/// description of each to know its name.
#[must_use]
pub fn committed_operations() -> Vec<Operation> {
    let committed: Committed = match serde_json::from_str(COMMITTED) {
        Ok(committed) => committed,
        Err(error) => {
            tracing::error!(%error, "the OpenAPI document cannot be read");
            return Vec::new();
        }
    };
    let operations = committed.paths.into_iter().flat_map(|(route, item)| {
        let methods = [
            ("GET", item.get),
            ("POST", item.post),
            ("PUT", item.put),
            ("PATCH", item.patch),
            ("DELETE", item.delete),
        ];
        methods.into_iter().filter_map(move |(method, named)| {
            Some(Operation {
                id: named?.id,
                method,
                route: route.clone(),
            })
        })
    });
    operations.collect()
}

/// The document, made of the routes.
#[must_use]
pub fn document() -> OpenApi {
    let mut described = Described::default();
    routes::configure(&mut Routes::Described(&mut described));
    let mut document = base::document();
    document.paths = described.paths;
    let components = document.components.get_or_insert_default();
    components.schemas.extend(described.schemas);
    finish::finish(&mut document);
    document
}

/// The document as text: the same bytes for the same program.
#[must_use]
pub fn document_json() -> String {
    json(&document())
}

fn json(document: &OpenApi) -> String {
    match document.to_pretty_json() {
        Ok(json) => json,
        Err(error) => {
            tracing::error!(%error, "the OpenAPI document cannot be written");
            String::from("{}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_document_tells_of_every_route() {
        let told = |operations: Vec<Operation>| {
            let told = operations.into_iter();
            let told = told.map(|one| format!("{} {} {}", one.id, one.method, one.route));
            told.collect::<std::collections::BTreeSet<_>>()
        };
        let routes = told(routes::operations());
        assert!(routes.len() > 150, "{}", routes.len());
        assert_eq!(told(committed_operations()), routes);
    }

    #[test]
    fn every_operation_is_described_and_named_once() {
        let document = document();
        let mut names = std::collections::BTreeSet::new();
        let tags: Vec<_> = document
            .tags
            .iter()
            .flatten()
            .map(|tag| tag.name.as_str())
            .collect();
        for (path, item) in &document.paths.paths {
            for operation in finish::operations(item) {
                let name = operation.operation_id.clone().unwrap();
                assert!(names.insert(name.clone()), "{name} comes twice");
                let summary = operation.summary.as_deref().unwrap_or_default();
                assert!(
                    summary.ends_with('.') && summary.len() < 80,
                    "{path} {name}: {summary}"
                );
                let tag = operation.tags.iter().flatten().next().unwrap();
                assert!(
                    tags.contains(&tag.as_str()),
                    "{name}: {tag} has no description"
                );
                assert!(operation.security.is_some(), "{name}");
                assert!(operation.responses.responses.contains_key("500"), "{name}");
            }
        }
    }

    #[test]
    fn the_document_is_the_same_each_time() {
        assert_eq!(document_json(), document_json());
    }
}
