//! Files as browsers send them: a part of a form, its fields beside it.

use sangsaeng::http::state::Limits;

use super::wire::Coming;
use super::{HEADER, row};
use crate::support::{Reply, World};

const MEDIA: &str = "multipart/form-data; boundary=b-o-u-n-d-a-r-y";

/// A part of a form.
fn part(name: &str, more: &str, value: &str) -> String {
    format!(
        "--b-o-u-n-d-a-r-y\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
    )
}

/// A form that ends.
fn form(parts: &[String]) -> Vec<u8> {
    format!("{}--b-o-u-n-d-a-r-y--\r\n", parts.concat()).into_bytes()
}

/// The part that is the file.
fn file(text: &str) -> String {
    part(
        "file",
        "; filename=\"C:\\\\집행\\\\11월.csv\"\r\ncontent-type: text/csv",
        text,
    )
}

fn sent(w: &World, query: &str, parts: &[String]) -> Reply {
    w.import("officer", query, MEDIA, &form(parts))
}

#[test]
fn a_form_is_taken_as_the_file_with_its_fields_in_the_query() {
    let w = World::new();
    w.with_budget();
    let text = format!("{HEADER}{}", row("a", "100", "a"));
    let behind = [
        part("kind", "", "disbursements"),
        part("program", "", ""),
        file(&text),
        part("mode", "", "all"),
    ];
    let made = sent(&w, "", &behind).expect(201);
    assert_eq!(made.text("/name"), "11월.csv");
    let id = made.text("/id").to_owned();
    assert_eq!(w.ended(&id), "committed of 1: good 1, recorded 1");
    let again = sent(&w, "kind=disbursements&mode=all", &[file(&text)]);
    assert_eq!(again.refusal(), "409 | duplicate_file");
    let text = format!("{HEADER}{}", row("b", "100", "b"));
    let dry = sent(
        &w,
        "kind=disbursements",
        &[file(&text), part("dry_run", "", "true")],
    );
    assert_eq!(dry.expect(200).body["dry_run"], true);
    assert_eq!(w.disbursements("submitted"), 1);
}

#[test]
fn a_form_is_refused_for_what_a_file_would_be() {
    let w = World::new();
    let kind = || part("kind", "", "disbursements");
    let many: Vec<String> = (0..40).map(|n| part(&format!("f{n}"), "", "x")).collect();
    let image = part(
        "file",
        "; filename=\"a.png\"\r\ncontent-type: image/png",
        "x",
    );
    for (parts, told) in [
        (vec![kind()], "422 | invalid_fields | /file missing"),
        (vec![file("a\n1\n")], "422 | invalid_fields | ?kind missing"),
        (
            vec![kind(), kind(), file("a\n1\n")],
            "422 | invalid_fields | ?kind duplicate_field",
        ),
        (
            vec![kind(), part("x", "", "1"), file("a\n1\n")],
            "422 | invalid_fields | ?x unknown_field",
        ),
        (
            vec![kind(), file("a\n1\n"), file("b\n")],
            "422 | invalid_fields | /file duplicate_field",
        ),
        (many, "422 | invalid_fields |  too_many"),
        (
            vec![part("kind", "", &"x".repeat(100_000))],
            "400 | not_a_form",
        ),
        (vec![kind(), image], "415 | unsupported_media_type"),
        (
            vec![kind(), file("")],
            "422 | invalid_fields |  header_missing",
        ),
    ] {
        assert_eq!(sent(&w, "", &parts).refusal(), told);
    }
    let none = w.import("officer", "", "multipart/form-data", b"x");
    assert_eq!(none.refusal(), "400 | not_a_form");
    let other = w.import("officer", "", MEDIA, b"no form at all");
    assert_eq!(other.refusal(), "400 | body_incomplete");
    let own = w.import("viewer", "", MEDIA, &form(&[kind(), file("a\n1\n")]));
    assert_eq!(own.refusal(), "403 | missing_right");
}

#[test]
fn a_form_that_is_too_long_or_breaks_off_leaves_nothing() {
    let limits = Limits {
        file: 10_000,
        ..Limits::default()
    };
    let w = World::with_limits(limits);
    let long = "x".repeat(20_000);
    let reply = sent(&w, "kind=disbursements", &[file(&long)]);
    assert_eq!(reply.refusal(), "413 | body_too_large");
    let begun = file("half a file").into_bytes();
    let mut coming = Coming::begin(&w.address, &w.token("officer"), MEDIA, Some(5_000));
    assert!(coming.send(&begun));
    coming.break_off();
    let cut = w.import("officer", "kind=disbursements", MEDIA, &begun);
    assert_eq!(cut.refusal(), "400 | body_incomplete");
    let list = w.get("officer", "/v1/imports").expect(200);
    assert_eq!(list.body["data"].as_array().unwrap().len(), 0);
}
