//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;

use crate::access::source::Source;
use crate::http::state::State;

/// Where proxies tell whom they pass a request on for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The source of a request, as far as it can be believed.
#[must_use]
pub fn source(request: &HttpRequest, state: &State) -> Source {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let headers = request.headers().get_all(FORWARDED_FOR);
    // One that is no text ends what is believed, as one that is no address does.
    let told: Vec<&str> = headers
        .map(|header| header.to_str().unwrap_or(""))
        .collect();
    state.proxies.source(peer, told.into_iter())
}
