//! Partners: organisations outside that write into the books, and the clients they do it with.
//!
//! An organisation becomes a partner when it is granted scopes ([`grant`]). It has clients
//! ([`clients`]), each bound to some of the programs that it runs and to some of its scopes. A
//! client presents one of at most two live secrets and gets an access token for a quarter of an
//! hour (RFC 6749 §4.4); only hashes of secrets are kept.
//!
//! What a request may do is put together anew whenever the client was not read for a second, out
//! of the token's scopes, the client's, the partner's, and the programs that are bound to the
//! client and still run by the partner ([`model::Standing`]). So taking away any of them takes
//! effect everywhere within a second.

pub mod clients;
pub mod grant;
pub mod model;
pub mod rules;
pub mod sign_in;
pub mod store;
