//! `/metrics`, on a listener of its own: never on the address of the API.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, get};

use crate::meters::{Meters, OPEN_METRICS};

/// Adds the only route there is.
pub fn configure(config: &mut ServiceConfig) {
    config.service(metrics);
}

/// Tells everything that is counted.
#[get("/metrics")]
async fn metrics(meters: web::Data<Meters>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, OPEN_METRICS))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(meters.text())
}
