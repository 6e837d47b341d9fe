//! Connections that dawdle, break off or never end. Others are answered all the while.

use std::net::Shutdown;

use super::{Wire, head, impatient, raw, refused_or_closed, status};
use crate::support::World;

#[test]
fn bodies_that_do_not_come_are_given_up_and_others_are_answered_meanwhile() {
    let w = impatient();
    let watch = w.watch();
    let slow: Vec<Wire> = (0..40)
        .map(|number| {
            let mut wire = Wire::open(&w);
            // The first bytes of a body come with it, or none.
            let start = if number % 2 == 0 { "{" } else { "" };
            assert!(
                wire.write(format!("{}{start}", head(&w, "Content-Length: 100\r\n")).as_bytes())
            );
            wire
        })
        .collect();
    for _ in 0..10 {
        w.get("viewer", "/v1/funds").expect(200);
    }
    for wire in slow {
        let answer = wire.answer();
        assert_eq!(status(&answer), Some(408), "{answer}");
        assert!(answer.contains("\"body_too_slow\""), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
    assert!(watch.saw_nothing());
}

#[test]
fn a_body_that_trickles_is_given_up_at_its_deadline() {
    let w = impatient();
    let chunks = ("Transfer-Encoding: chunked\r\n", &b"1\r\n \r\n"[..]);
    for (more, bytes) in [chunks, ("Content-Length: 2000000\r\n", b" ")] {
        let mut wire = Wire::open(&w);
        assert!(wire.write(head(&w, more).as_bytes()));
        let mut writing = Wire(wire.0.try_clone().unwrap());
        std::thread::scope(|scope| {
            // Bytes go on coming for as long as the server takes them.
            scope.spawn(move || while writing.write(bytes) {});
            // What still comes once it is given up is no request, and told so if anything.
            for answer in wire.answer().split("HTTP/1.1 ").skip(1) {
                assert!(answer.starts_with('4'), "{more}: {answer}");
            }
        });
    }
    w.send("GET", "/livez", &[], b"").expect(200);
}

#[test]
fn a_head_that_does_not_end_is_given_up() {
    let w = impatient();
    for start in [
        "",
        "G",
        "GET /livez HTTP/1.1\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nX: ",
    ] {
        let answer = raw(&w, start.as_bytes());
        refused_or_closed(&answer, start);
    }
    w.send("GET", "/livez", &[], b"").expect(200);
}

#[test]
fn a_body_that_breaks_off_is_never_acted_on() {
    let w = World::new();
    w.with_budget();
    let watch = w.watch();
    let whole = w.cash_to("drivers", "DRV-1", "1000").to_string();
    let longer = format!("Content-Length: {}\r\n", whole.len() + 1);
    let chunk = format!("{:x}\r\n{whole}\r\n", whole.len());
    for (more, body) in [
        (longer.as_str(), whole.as_str()),
        ("Content-Length: 1000000\r\n", "{"),
        ("Content-Length: 10\r\n", ""),
        ("Transfer-Encoding: chunked\r\n", &chunk),
        ("Transfer-Encoding: chunked\r\n", "ff\r\n{"),
        ("Transfer-Encoding: chunked\r\n", ""),
    ] {
        let mut wire = Wire::open(&w);
        assert!(wire.write(format!("{}{body}", head(&w, more)).as_bytes()));
        wire.0.shutdown(Shutdown::Write).unwrap();
        refused_or_closed(&wire.answer(), more);
        // The same, and nobody is there any more to hear the answer.
        let mut wire = Wire::open(&w);
        wire.write(format!("{}{body}", head(&w, more)).as_bytes());
        drop(wire);
    }
    w.get("viewer", "/v1/funds").expect(200);
    assert!(watch.saw_nothing());
}

#[test]
fn a_body_that_is_too_large_is_cut_off() {
    let w = impatient();
    let announced = raw(&w, head(&w, "Content-Length: 2097153\r\n").as_bytes());
    assert_eq!(status(&announced), Some(413), "{announced}");
    assert!(announced.contains("\"body_too_large\""), "{announced}");
    for length in [
        "99999999999999999999999",
        "-1",
        "1e3",
        "0x10",
        "+5",
        "5 5",
        "five",
        "",
    ] {
        let answer = raw(
            &w,
            head(&w, &format!("Content-Length: {length}\r\n")).as_bytes(),
        );
        refused_or_closed(&answer, length);
    }
    let mut wire = Wire::open(&w);
    assert!(wire.write(head(&w, "Transfer-Encoding: chunked\r\n").as_bytes()));
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    // What comes after the answer is thrown away for a moment, so that the caller can read it.
    for _ in 0..1_000 {
        if !wire.write(chunk.as_bytes()) {
            break;
        }
    }
    refused_or_closed(&wire.answer(), "endless chunks");
    w.send("GET", "/livez", &[], b"").expect(200);
}

#[test]
fn who_leaves_before_the_answer_disturbs_nobody() {
    let w = World::new();
    w.with_budget();
    for number in 0..30 {
        let mut wire = Wire::open(&w);
        let request = format!(
            "GET /v1/reports/overview HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
            w.token("viewer")
        );
        wire.write(request.repeat(1 + number % 3).as_bytes());
        drop(wire);
    }
    w.get("viewer", "/v1/reports/overview").expect(200);
}
