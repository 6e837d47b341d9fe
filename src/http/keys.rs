//! The public keys that access tokens are checked with, for those who check them elsewhere.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Answered, ApiError};
use super::state::State;
use crate::access::token::Published;

/// The media type of a set of keys (RFC 7517 §8.5).
const JWK_SET: &str = "application/jwk-set+json";

/// Half as long as a key is known before it signs.
const KEEP: &str = "public, max-age=300";

/// Keys, as RFC 7517 has them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<JwkView>,
}

/// A public key, as RFC 8037 has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JwkView {
    /// The `kid` of the tokens that it signs.
    #[schema(example = "5d9f0c1e7ab34826")]
    pub kid: String,
    /// Always `OKP`.
    #[schema(example = "OKP")]
    pub kty: &'static str,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519")]
    pub crv: &'static str,
    /// Always `EdDSA`.
    #[schema(example = "EdDSA")]
    pub alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    pub purpose: &'static str,
    /// The key, in base64url.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    pub x: String,
}

impl From<Published> for JwkView {
    fn from(key: Published) -> Self {
        Self {
            kid: key.kid,
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            purpose: "sig",
            x: key.x,
        }
    }
}

/// Shows the public keys of access tokens.
///
/// A new key stands here before it signs, an old one until its last token has expired. A token is
/// good here only while its session is, which no key tells.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((
        status = 200, description = "The keys.", body = Jwks,
        content_type = "application/jwk-set+json",
    )),
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(state: web::Data<State>) -> Answered {
    let keys = state.access.published_keys();
    let jwks = Jwks {
        keys: keys.into_iter().map(JwkView::from).collect(),
    };
    let jwks = serde_json::to_vec(&jwks).map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, JWK_SET))
        .insert_header((CACHE_CONTROL, KEEP))
        .body(jwks))
}
