//! The OpenAPI document, and a page to browse it with; both come out of the program itself.

use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use actix_web::{HttpResponse, get, web};
use utoipa_swagger_ui::{Config, serve};

use super::openapi::COMMITTED;
use super::problem::{Answered, ApiError};

/// What the page may load: what comes from here, and pictures inside its own style sheet.
const OWN_ONLY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The page. The scripts of Swagger UI stand in files of their own, none in the page.
const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>sangsaeng API</title>
<link rel=\"stylesheet\" href=\"/docs/swagger-ui.css\">
<link rel=\"stylesheet\" href=\"/docs/index.css\">
<link rel=\"icon\" href=\"/docs/favicon-32x32.png\">
</head>
<body>
<div id=\"swagger-ui\"></div>
<script src=\"/docs/swagger-ui-bundle.js\"></script>
<script src=\"/docs/swagger-ui-standalone-preset.js\"></script>
<script src=\"/docs/swagger-initializer.js\"></script>
</body>
</html>
";

/// Shows this document.
///
/// The OpenAPI 3.1 document of this very program.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((status = 200, description = "The document.", body = Object)),
)]
#[get("/openapi.json")]
pub async fn get_openapi() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(COMMITTED)
}

/// Browses this document.
///
/// A page for people, to read about the API and to try it.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((
        status = 200, description = "The page.", body = String, content_type = "text/html",
    )),
)]
#[get("/docs")]
pub async fn get_docs() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, OWN_ONLY))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(PAGE)
}

/// Loads a part of that page.
///
/// A script, a style sheet or a picture.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((
        status = 200, description = "The file.", body = String, content_type = "text/plain",
    )),
)]
#[get("/docs/{file}")]
pub async fn get_docs_file(
    file: web::Path<String>,
    config: web::Data<Config<'static>>,
) -> Answered {
    let config: Arc<Config<'static>> = config.into_inner();
    let found = serve(&file, config).map_err(ApiError::internal)?;
    let found = found.ok_or_else(ApiError::not_found)?;
    let mut response = HttpResponse::Ok();
    if found.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(response
        .insert_header((CONTENT_TYPE, found.content_type))
        .insert_header((CONTENT_SECURITY_POLICY, OWN_ONLY))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(found.bytes.into_owned()))
}

/// What the page is told: where the document is, and to ask nobody else about it.
#[must_use]
pub fn config() -> Config<'static> {
    Config::new(["/openapi.json"])
        .validator_url("none")
        .try_it_out_enabled(true)
}
