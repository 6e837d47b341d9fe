//! The API: HTTP in, one call into a room, HTTP out. Knows actix and utoipa, knows no diesel.
//!
//! A request's way: [`middleware`] gives it an id and finds out who sends it; [`routes`] picks the
//! handler; the handler's arguments ([`extract`]) refuse what is not allowed, not complete or not
//! well formed, every wrong field at once; the handler calls one room and renders one view
//! ([`respond`]). Every refusal becomes a problem ([`problem`]) with the words of the
//! [`catalogue`], in the caller's language.
//!
//! One list makes the routes and the OpenAPI document ([`openapi`]); [`wire`] holds what fields
//! are. Bounds on everything that comes in: [`state::Limits`].

pub mod catalogue;
pub mod docs;
pub mod extract;
pub mod health;
pub mod json;
pub mod kept;
pub mod keys;
pub mod lang;
pub mod metering;
pub mod middleware;
pub mod openapi;
pub mod problem;
pub mod problems;
pub mod respond;
pub mod routes;
pub mod state;
mod unread;
pub mod v1;
pub mod wire;
