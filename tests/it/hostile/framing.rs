//! Requests that two readers could understand differently, and what is no HTTP at all.

use super::{head, raw, refused_or_closed, status, tells_nothing};
use crate::support::World;

#[test]
fn framing_that_could_mean_two_things_is_refused() {
    let w = World::new();
    w.with_budget();
    let watch = w.watch();
    let body = w.cash_to("drivers", "DRV-1", "1000").to_string();
    let length = body.len();
    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    for (more, sent) in [
        (
            format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"),
            &chunked,
        ),
        (
            format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n"),
            &chunked,
        ),
        (
            format!("Content-Length: {length}\r\nContent-Length: 0\r\n"),
            &body,
        ),
        (format!("Content-Length: {length}, 0\r\n"), &body),
        (format!("Content-Length : {length}\r\n"), &body),
        (
            format!("Content-Length: {length}\r\n Content-Length: 0\r\n"),
            &body,
        ),
        ("Transfer-Encoding: xchunked\r\n".to_owned(), &chunked),
        ("Transfer-Encoding: identity\r\n".to_owned(), &body),
        (
            "Transfer-Encoding: chunked, identity\r\n".to_owned(),
            &chunked,
        ),
        ("Transfer-Encoding: gzip, chunked\r\n".to_owned(), &chunked),
        ("Transfer-Encoding: \x0bchunked\r\n".to_owned(), &chunked),
        (
            "Transfer-Encoding: chunked\r\n".to_owned(),
            &"zz\r\n{}\r\n0\r\n\r\n".to_owned(),
        ),
        (
            "Transfer-Encoding: chunked\r\n".to_owned(),
            &"-1\r\n{}\r\n0\r\n\r\n".to_owned(),
        ),
        (
            "Transfer-Encoding: chunked\r\n".to_owned(),
            &"fffffffffffffffff\r\n{}\r\n0\r\n\r\n".to_owned(),
        ),
        (
            "Transfer-Encoding: chunked\r\n".to_owned(),
            &"2\r\n{}X0\r\n\r\n".to_owned(),
        ),
    ] {
        let answer = raw(&w, format!("{}{sent}", head(&w, &more)).as_bytes());
        refused_or_closed(&answer, &more);
    }
    assert!(watch.saw_nothing());
}

#[test]
fn one_request_has_one_answer() {
    let w = World::new();
    // What follows a body is no part of it, and what a body holds is no request.
    let inner = "GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = format!("Content-Length: {}\r\n", inner.len());
    let answer = raw(&w, format!("{}{inner}", head(&w, &length)).as_bytes());
    assert_eq!(status(&answer), Some(400), "{answer}");
    let answer = raw(
        &w,
        format!("{}{{}}{inner}", head(&w, "Content-Length: 2\r\n")).as_bytes(),
    );
    // The one after it is a request of its own, with nobody's token.
    let told: Vec<_> = answer
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|a| a.get(..3))
        .collect();
    assert_eq!(told, [Some("422"), Some("401")], "{answer}");
    let close = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let keep = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    let three = raw(&w, format!("{keep}{keep}{close}").as_bytes());
    assert_eq!(three.matches("HTTP/1.1 200").count(), 3, "{three}");
}

#[test]
fn what_is_no_http_is_cut_off() {
    let w = World::new();
    let long_line = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1_000_000));
    let cursor = format!(
        "GET /v1/disbursements?cursor={} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        "A".repeat(1_000_000),
        w.token("viewer")
    );
    let header = format!(
        "GET /livez HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "a".repeat(1_000_000)
    );
    let headers = format!(
        "GET /livez HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "X: y\r\n".repeat(20_000)
    );
    let some: String = (0..200)
        .map(|number| format!("X-{number}: y\r\n"))
        .collect();
    let some = format!("GET /livez HTTP/1.1\r\nHost: x\r\n{some}\r\n");
    for bytes in [
        long_line.as_bytes(),
        cursor.as_bytes(),
        header.as_bytes(),
        headers.as_bytes(),
        some.as_bytes(),
        b"GET\r\n\r\n",
        b"GET /livez\r\n\r\n",
        b"GET /livez HTTP/0.9\r\n\r\n",
        b"GET /livez HTTP/3.0\r\nHost: x\r\n\r\n",
        b"GET /livez HTTP/1.1\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nX\x00Y: 1\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        b"GET /li\x00vez HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"G\x01T /livez HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"EHLO test.example\r\n\r\n",
    ] {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        refused_or_closed(&raw(&w, bytes), &start);
    }
    w.send("GET", "/livez", &[], b"").expect(200);
}

#[test]
fn a_target_that_is_no_path_leads_nowhere() {
    let w = World::new();
    let token = w.token("admin");
    for line in [
        "OPTIONS * HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "GET /../v1/users HTTP/1.1",
        "GET /v1/../../etc/passwd HTTP/1.1",
        "GET \\v1\\users HTTP/1.1",
        "GET /%2fv1/users HTTP/1.1",
        "TRACE /v1/users HTTP/1.1",
        "BREW /v1/users HTTP/1.1",
        "get /v1/users HTTP/1.1",
    ] {
        let request = format!(
            "{line}\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        let answer = raw(&w, request.as_bytes());
        refused_or_closed(&answer, line);
        assert!(!answer.contains("test.example"), "{line}: {answer}");
        tells_nothing(&answer);
    }
    // A whole address in the place of a path names this server all the same, or is refused.
    let absolute = format!(
        "GET http://evil.example/v1/nothing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Connection: close\r\n\r\n"
    );
    refused_or_closed(&raw(&w, absolute.as_bytes()), "absolute");
}
