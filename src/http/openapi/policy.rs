//! Which right each operation needs, as the handlers themselves say: one policy, and no second list.
//!
//! A handler names its right in the type of its first argument, which is read before all others
//! and leaves the name in the request ([`Needed`]) before it refuses. So each operation is asked
//! once here, by nobody, in a service without a state; what it needs goes into the document as
//! `x-right`, and as a scope of OAuth where partners may be granted it.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{App, HttpMessage};
use futures_util::FutureExt;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ClientCredentials, Flow, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};

use super::base::BEARER;
use crate::access::Right;
use crate::access::partners::model::PartnerScope;
use crate::http::extract::caller::Needed;
use crate::http::routes::{self, Routes};
use crate::meters;
use crate::text_enum::TextEnum;

/// The name of the extension that tells the right.
const EXTENSION: &str = "x-right";

/// The name of the security scheme of partners.
pub(super) const PARTNER: &str = "partner";

/// The right of each operation that needs one, by method and route.
pub(super) struct Policy(BTreeMap<(&'static str, String), Right>);

impl Policy {
    /// Asks every handler.
    pub(super) fn asked() -> Self {
        let asking = async {
            let app = App::new().configure(|config| {
                routes::configure(&mut Routes::Served(config));
            });
            let app = init_service(app).await;
            let mut found = BTreeMap::new();
            for meters::Operation { method, route, .. } in routes::operations() {
                let asked = TestRequest::with_uri(&route.replace(['{', '}'], ""))
                    .method(Method::from_bytes(method.as_bytes()).unwrap_or_default())
                    .to_request();
                let Ok(answer) = try_call_service(&app, asked).await else {
                    continue;
                };
                let needed = answer.request().extensions().get::<Needed>().copied();
                found.extend(needed.map(|needed| ((method, route), needed.0)));
            }
            found
        };
        // Nothing in it waits for anything: nobody is refused at once.
        Self(asking.now_or_never().unwrap_or_default())
    }

    /// Writes down what an operation needs.
    pub(super) fn tell(&self, path: &str, method: &HttpMethod, operation: &mut Operation) {
        let method = match method {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
            HttpMethod::Put => "PUT",
            HttpMethod::Patch => "PATCH",
            _ => "DELETE",
        };
        let Some(right) = self.0.get(&(method, path.to_owned())) else {
            return;
        };
        let told = ExtensionsBuilder::new().add(EXTENSION, right.as_str());
        let known = operation.extensions.get_or_insert_default();
        known.merge(told.build());
    }
}

/// The right that was written down for an operation.
pub(super) fn of(operation: &Operation) -> Option<Right> {
    let told = operation.extensions.as_ref()?.get(EXTENSION)?;
    Right::from_name(told.as_str()?)
}

/// The tokens that an operation takes: of users, and of clients whose scopes name its right.
pub(super) fn accepted(right: Right) -> Vec<SecurityRequirement> {
    let no_scopes: [&str; 0] = [];
    let mut tokens = vec![SecurityRequirement::new(BEARER, no_scopes)];
    if PartnerScope::ALL.iter().any(|scope| scope.right() == right) {
        tokens.push(SecurityRequirement::new(PARTNER, [right.as_str()]));
    }
    tokens
}

/// How clients of partners sign in, and what they may be granted.
pub(super) fn scheme() -> SecurityScheme {
    let about = |scope: &PartnerScope| match scope {
        PartnerScope::Submit => "Record in one's own programs, and change what waits there.",
        PartnerScope::RecordDirectly => "Have that follow the program's own rule of approval.",
        PartnerScope::ReadPrograms => "Read one's own programs and their records.",
        PartnerScope::ReadProgramReports => "Read the reports of one's own programs.",
    };
    let scopes = PartnerScope::ALL
        .iter()
        .map(|scope| (scope.as_str(), about(scope)));
    let flow = ClientCredentials::new("/v1/oauth/token", Scopes::from_iter(scopes));
    let told = "For clients of partners, whose requests are about their own programs alone.";
    SecurityScheme::OAuth2(OAuth2::with_description(
        [Flow::ClientCredentials(flow)],
        told,
    ))
}
