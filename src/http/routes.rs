//! Every route there is, in one list: it serves them, and it makes the OpenAPI document.
//!
//! What is not in the list is answered by [`fallback`], out of the same list: 405 with the methods
//! that a path has, or 404. A server that starts makes no document: it serves the one that was
//! committed with the code, and reads there what operations there are.

use std::collections::BTreeSet;

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, web};
use utoipa::openapi::path::Paths;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{PathItem, RefOr};
use utoipa_actix_web::OpenApiFactory;

use super::middleware::authenticate;
use super::problem::{Answered, ApiError};
use super::{docs, health, keys, problems, v1};
use crate::meters::Operation;

/// Where all that takes a token is.
const V1: &str = "/v1";

/// Methods, in the order in which they are told.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Where routes go: to a server, into the document, or into a list.
pub enum Routes<'a> {
    /// They are served.
    Served(&'a mut web::ServiceConfig),
    /// They are described.
    Described(&'a mut Described),
    /// They are listed.
    Listed(&'a mut Listed),
}

/// What the document is made of.
#[derive(Default)]
pub struct Described {
    /// The operations by their paths.
    pub paths: Paths,
    /// The schemas that they refer to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    below: &'static str,
}

/// Every operation, as it is collected.
#[derive(Default)]
pub struct Listed {
    operations: Vec<Operation>,
    below: &'static str,
}

impl Routes<'_> {
    /// Adds the route of a handler.
    pub fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match self {
            Self::Served(config) => {
                config.service(handler);
            }
            Self::Described(described) => {
                handler.schemas(&mut described.schemas);
                for (path, item) in handler.paths().paths {
                    let path = format!("{}{path}", described.below);
                    match described.paths.paths.get_mut(&path) {
                        Some(known) => known.merge_operations(item),
                        None => drop(described.paths.paths.insert(path, item)),
                    }
                }
            }
            Self::Listed(listed) => {
                for (path, item) in handler.paths().paths {
                    let route = format!("{}{path}", listed.below);
                    listed.operations.extend(told(&route, item));
                }
            }
        }
        self
    }

    /// Adds routes that are all below [`V1`] and take a token.
    fn below_v1(&mut self, configure: fn(&mut Routes<'_>)) {
        match self {
            Self::Served(config) => {
                let routes =
                    |config: &mut web::ServiceConfig| configure(&mut Routes::Served(config));
                let scope = web::scope(V1).configure(routes);
                let scope = scope.wrap(from_fn(v1::exports::answer::as_file));
                config.service(scope.wrap(from_fn(authenticate)));
            }
            Self::Described(described) => {
                described.below = V1;
                configure(self);
            }
            Self::Listed(listed) => {
                listed.below = V1;
                configure(self);
            }
        }
    }
}

/// Adds every route.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(health::livez)
        .service(health::readyz)
        .service(docs::get_openapi)
        .service(docs::get_docs)
        .service(docs::get_docs_file)
        .service(problems::get_problem)
        .service(keys::get_jwks)
        .below_v1(v1::configure);
}

/// Answers what no route takes.
///
/// # Errors
/// Always: `method_not_allowed`, or `not_found`.
pub async fn fallback(request: HttpRequest, table: web::Data<Table>) -> Answered {
    let methods = table.methods(request.path());
    if methods.is_empty() {
        return Err(ApiError::not_found());
    }
    Err(ApiError::MethodNotAllowed(methods.join(", ")))
}

/// Which methods each path takes.
#[derive(Debug)]
pub struct Table(Vec<(String, Vec<&'static str>)>);

/// Every operation there is.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let mut listed = Listed::default();
    configure(&mut Routes::Listed(&mut listed));
    listed.operations
}

/// The operations of a route.
fn told(route: &str, item: PathItem) -> impl Iterator<Item = Operation> {
    let methods = [
        ("GET", item.get),
        ("POST", item.post),
        ("PUT", item.put),
        ("PATCH", item.patch),
        ("DELETE", item.delete),
    ];
    methods.into_iter().filter_map(move |(method, operation)| {
        Some(Operation {
            id: operation?.operation_id?,
            method,
            route: route.to_owned(),
        })
    })
}

impl Table {
    /// The table of these operations. What is read may be asked for by its head alone.
    #[must_use]
    pub fn of(operations: &[Operation]) -> Self {
        let mut table: Vec<(String, Vec<&'static str>)> = Vec::new();
        for Operation { route, method, .. } in operations {
            let methods: &[_] = if *method == "GET" {
                &["GET", "HEAD"]
            } else {
                &[*method]
            };
            match table.iter_mut().find(|(known, _)| known == route) {
                Some((_, known)) => known.extend(methods),
                None => table.push((route.clone(), methods.to_vec())),
            }
        }
        Self(table)
    }

    /// The methods that a path takes; none for a path that is not known.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<&'static str> {
        // A path that is written out fits a pattern too: `/sales/statements` and `/sales/{id}`.
        let known = self.0.iter().filter(|(pattern, _)| matches(pattern, path));
        let taken: BTreeSet<&str> = known.flat_map(|(_, methods)| methods).copied().collect();
        let in_order = METHODS.into_iter();
        in_order.filter(|method| taken.contains(method)).collect()
    }
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
pub fn matches(pattern: &str, path: &str) -> bool {
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
