//! The OpenAPI document as a judge of answers.

use std::sync::LazyLock;

use serde_json::Value;

use super::Reply;
use super::schema::{Faults, Schemas};

/// The document that every server here serves.
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&sangsaeng::http::openapi::document_json()).unwrap());

/// The document.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// Everything about an answer that the document does not say. `path` may have a query string.
pub fn faults(method: &str, path: &str, reply: &Reply) -> Faults {
    let Some(operation) = operation(method, path) else {
        return vec![format!("{method} {path} is not in the document")];
    };
    let said = &operation["responses"][reply.status.to_string().as_str()];
    let said = match said["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => said,
    };
    let Some(content) = said.as_object() else {
        return vec![format!("{method} {path} never answers {}", reply.status)];
    };
    let kind = reply.header("content-type").unwrap_or_default();
    match (content.get("content"), reply.bytes.is_empty()) {
        (None, true) => Faults::new(),
        (None, false) => vec![format!("{method} {path} {}: a body", reply.status)],
        (Some(content), _) => match content.get(kind) {
            Some(content) => schemas().faults(&content["schema"], &reply.body),
            None => vec![format!("{method} {path} {}: {kind:?}", reply.status)],
        },
    }
}

/// The named schemas.
pub fn schemas() -> Schemas<'static> {
    Schemas(&DOCUMENT["components"]["schemas"])
}

/// The operation that a request asks for: a path that is written out comes before a pattern.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next()?;
    let paths = DOCUMENT["paths"].as_object()?;
    let fitting = || {
        paths
            .iter()
            .find(|(pattern, _)| fits(pattern, path))
            .map(|(_, item)| item)
    };
    paths.get(path).or_else(fitting)?.get(method.to_lowercase())
}

fn fits(pattern: &str, path: &str) -> bool {
    let parts = || pattern.split('/').zip(path.split('/'));
    pattern.split('/').count() == path.split('/').count()
        && parts().all(|(said, asked)| said == asked || said.starts_with('{'))
}

impl Reply {
    /// The same answer, which has to be one that the document tells of.
    #[expect(
        clippy::wrong_self_convention,
        reason = "`as` is said of the document, no conversion"
    )]
    #[track_caller]
    pub fn as_told(self, method: &str, path: &str) -> Self {
        let faults = faults(method, path, &self);
        assert!(
            faults.is_empty(),
            "{method} {path}:\n{}\n{}",
            faults.join("\n"),
            self.body
        );
        self
    }
}
