//! Every route there is, in one list: it serves them, and it makes the OpenAPI document.
//!
//! What is not in the list is answered by [`fallback`], out of the same document: 405 with the
//! methods that a path has, or 404.

use std::collections::BTreeSet;

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, web};
use utoipa::openapi::{OpenApi, PathItem};
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use super::middleware::authenticate;
use super::openapi::Document;
use super::problem::{Answered, ApiError};
use super::{docs, health, problems, v1};

/// Adds every route.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(health::livez)
        .service(health::readyz)
        .service(docs::get_openapi)
        .service(docs::get_docs)
        .service(docs::get_docs_file)
        .service(problems::get_problem)
        .service(
            scope::scope("/v1")
                .configure(v1::configure)
                .wrap(from_fn(authenticate)),
        );
}

/// Answers what no route takes.
///
/// # Errors
/// Always: `method_not_allowed`, or `not_found`.
pub async fn fallback(request: HttpRequest, document: web::Data<Document>) -> Answered {
    let methods = document.table.methods(request.path());
    if methods.is_empty() {
        return Err(ApiError::not_found());
    }
    Err(ApiError::MethodNotAllowed(methods.join(", ")))
}

/// Which methods each path takes.
#[derive(Debug)]
pub struct Table(Vec<(String, Vec<&'static str>)>);

impl Table {
    /// The table of a document.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        Self(
            paths
                .map(|(path, item)| (path.clone(), methods(item)))
                .collect(),
        )
    }

    /// The methods that a path takes; none for a path that is not known.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<&'static str> {
        let known = self.0.iter().filter(|(pattern, _)| matches(pattern, path));
        let mut methods: Vec<_> = known.flat_map(|(_, methods)| methods).copied().collect();
        // A path that is written out fits a pattern too: `/sales/statements` and `/sales/{id}`.
        let mut seen = BTreeSet::new();
        methods.retain(|method| seen.insert(*method));
        methods
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let all = [
        ("GET", item.get.is_some()),
        ("HEAD", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    all.into_iter()
        .filter(|(_, there)| *there)
        .map(|(method, _)| method)
        .collect()
}

/// Whether a part of a path fills a parameter such as `{fund}` or `{kind}.xlsx`.
fn fills(wanted: &str, given: &str) -> bool {
    let ending = wanted.split_once('}').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        given
            .strip_suffix(ending)
            .is_some_and(|part| !part.is_empty())
    })
}

/// Whether a path fits a pattern such as `/v1/funds/{fund}`.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if fills(wanted, given) => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_pattern_alone() {
        assert!(matches(
            "/v1/funds/{fund}/plans",
            "/v1/funds/co-prosperity/plans"
        ));
        for path in [
            "/v1/funds//plans",
            "/v1/funds/a",
            "/v1/funds/a/plans/",
            "/v1/funds/a/b/plans",
            "/V1/funds/a/plans",
            "",
        ] {
            assert!(!matches("/v1/funds/{fund}/plans", path), "{path}");
        }
    }
}
