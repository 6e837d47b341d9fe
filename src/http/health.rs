//! Whether the server lives, and whether it is ready.

use actix_web::{get, web};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::problem::{Answered, ApiError};
use super::respond::shown;
use super::state::State;
use crate::access::store;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: what is not is told by the status.
    #[schema(example = "ok")]
    pub status: &'static str,
}

/// The id of no user: looking it up reads one page of the database.
const NOBODY: &str = "";

const OK: Health = Health { status: "ok" };

/// Tells whether the server lives.
///
/// Never touches the database: restarting the server would not help a database.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((status = 200, description = "It lives.", body = Health)),
)]
#[get("/livez")]
pub async fn livez() -> Answered {
    Ok(shown(&OK))
}

/// Tells whether the server is ready.
///
/// Reads from the database within half a second; not ready while the server stops.
#[utoipa::path(
    tag = "service",
    security(()),
    responses((status = 200, description = "It is ready.", body = Health)),
)]
#[get("/readyz")]
pub async fn readyz(state: web::Data<State>) -> Answered {
    if state.stopping.has_begun() {
        return Err(ApiError::Unavailable("stopping"));
    }
    let read = state.read(|conn| store::get(conn, NOBODY));
    match timeout(state.limits.ready_time, read).await {
        Ok(Ok(_nobody)) => Ok(shown(&OK)),
        Ok(Err(ApiError::Internal(fault))) => {
            tracing::error!(fault, "the database cannot be read");
            Err(ApiError::Unavailable("busy"))
        }
        Ok(Err(error)) => Err(error),
        Err(_elapsed) => Err(ApiError::Unavailable("busy")),
    }
}
