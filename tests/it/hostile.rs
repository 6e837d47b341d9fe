//! What an attacker sends: always a 4xx, never a 500, never a hang.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Reply, World};

/// A bound on how long the server may leave a broken connection open.
const PATIENCE: Duration = Duration::from_secs(20);

fn post(w: &World, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let bearer = format!("Bearer {}", w.token("officer"));
    let mut all = vec![("authorization", bearer.as_str()), ("idempotency-key", "k")];
    all.extend(headers);
    w.send("POST", "/v1/disbursements", &all, body)
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn broken_bodies_are_told_what_is_broken() {
    let w = World::new();
    let deep = "[".repeat(100_000);
    let digits = format!("{{\"amount\":{}}}", "9".repeat(1_000_000));
    let wide = format!("[{}1]", "1,".repeat(400_000));
    for (body, status) in [
        (&b"{"[..], 400),
        (b"{\"program\": tru", 400),
        (b"\xff\xfe", 400),
        (b"{\"program\":\"\xed\xa0\x80\"}", 400),
        (deep.as_bytes(), 400),
        (b"{\"a\":1,\"a\":2}", 422),
        (b"[]", 422),
        (b"null", 422),
        (b"\"text\"", 422),
        (b"{\"program\":\"\\u0000\"}", 422),
    ] {
        let reply = post(&w, &[JSON], body);
        assert_eq!(
            reply.status,
            status,
            "{}",
            String::from_utf8_lossy(&reply.bytes)
        );
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json")
        );
    }
    for body in [digits, wide] {
        let reply = post(&w, &[JSON], body.as_bytes());
        assert!((400..500).contains(&reply.status), "{}", reply.status);
    }
}

#[test]
fn bodies_that_are_too_large_or_of_another_kind_are_not_read() {
    let w = World::new();
    let large = vec![b' '; 3 * 1024 * 1024];
    assert_eq!(post(&w, &[JSON], &large).refusal(), "413 | body_too_large");
    let text = post(&w, &[("content-type", "text/plain")], b"{}");
    assert_eq!(text.refusal(), "415 | unsupported_media_type");
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let reply = post(&w, &[JSON, ("content-encoding", coding)], b"{}");
        assert_eq!(
            reply.refusal(),
            "415 | content_encoding_refused",
            "{coding}"
        );
    }
}

#[test]
fn odd_paths_and_methods_find_nothing() {
    let w = World::new();
    for path in [
        "/v1/disbursements/..%2f..%2fetc",
        "/v1/disbursements/%00",
        "/v1/funds/UPPER",
        "/v1/nothing",
        "/v1/disbursements/1-1",
        "//v1/me",
    ] {
        let reply = w.get("officer", path);
        assert_eq!(reply.refusal(), "404 | not_found", "{path}");
    }
    for method in ["TRACE", "QUERY", "CONNECTX", "DELETE"] {
        let reply = w.send(method, "/v1/funds", &[], b"");
        assert_eq!(reply.status, 405, "{method}");
        assert!(
            reply
                .header("allow")
                .is_some_and(|allow| allow.contains("GET")),
            "{method}"
        );
    }
}

#[test]
fn odd_queries_are_refused_by_name() {
    let w = World::new();
    let long = "a".repeat(4_000);
    for (query, fault) in [
        ("limit=0".to_owned(), "?limit"),
        ("limit=1001".to_owned(), "?limit"),
        ("limit=999999999999999999999".to_owned(), "?limit"),
        ("limit=1&limit=2".to_owned(), "?limit"),
        ("cursor=forged".to_owned(), "?cursor"),
        (format!("cursor={long}"), "?cursor"),
        ("nothing=1".to_owned(), "?nothing"),
        ("from=yesterday".to_owned(), "?from"),
    ] {
        let reply = w
            .get("viewer", &format!("/v1/disbursements?{query}"))
            .expect(422);
        assert!(
            reply.faults()[0].starts_with(fault),
            "{query}: {:?}",
            reply.faults()
        );
    }
}

fn raw(w: &World, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(w.address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // The server may close on us: what came until then is the answer.
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_body_that_never_comes_is_not_waited_for_and_others_are_answered_meanwhile() {
    let w = World::new();
    let head = format!(
        "POST /v1/disbursements HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        w.token("officer")
    );
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| raw(&w, head.as_bytes()));
        for _ in 0..5 {
            w.get("viewer", "/v1/funds").expect(200);
        }
        let answer = slow.join().unwrap();
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    });
}

#[test]
fn framing_that_could_mean_two_things_is_refused() {
    let w = World::new();
    for head in [
        "POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /livez HTTP/1.1\r\n\r\n",
        "GET\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let answer = raw(&w, head.as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{head:?}: {answer}"
        );
    }
    w.send("GET", "/livez", &[], b"").expect(200);
}
