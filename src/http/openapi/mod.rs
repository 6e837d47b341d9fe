//! The OpenAPI document: made of the routes that are served, finished by rules.
//!
//! Handlers declare what is their own: summary, body, answer. What follows from the shape of an
//! operation is added in one place (`finish`, `shape`): shared error responses, headers, path
//! parameters and examples. So a rule of the contract is written down once and holds everywhere.

mod base;
mod examples;
mod finish;
mod headers;
mod responses;
mod shape;

use actix_web::App;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;

use super::routes::{self, Table};
use crate::meters::Operation;

/// The document in the forms in which it is used.
#[derive(Debug)]
pub struct Document {
    /// As it is served at `/openapi.json` and printed by `sangsaeng openapi`.
    pub json: String,
    /// Which methods each path takes.
    pub table: Table,
    /// Every operation, as requests are counted by them.
    pub operations: Vec<Operation>,
}

impl Document {
    /// Makes the document; a few milliseconds, once per start.
    #[must_use]
    pub fn make() -> Self {
        let document = document();
        Self {
            table: Table::of(&document),
            operations: routes::operations(&document),
            json: json(&document),
        }
    }
}

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let app = App::new()
        .into_utoipa_app()
        .openapi(base::document())
        .configure(routes::configure);
    let (_, mut document) = app.split_for_parts();
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
