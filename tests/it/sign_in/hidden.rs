//! What is another's is told from what is not there in no way: the same bytes, whatever is asked.
//!
//! Every operation of the document with something in its path that somebody else has, every list
//! with a filter that names it, and bodies that do, each in several forms, right and wrong. Names
//! have the same length, so that even the lengths of answers have to be the same.

use serde_json::{Value, json};

use super::matrix::{OPEN, SCOPES, Things};
use crate::conventions::answers::operations;
use crate::imports::{HEADER, row};
use crate::support::document::document;
use crate::support::{Reply, World, fresh_key};

/// Pairs of names: of something that there is, and of nothing.
struct Twin {
    there: Things,
    nowhere: Things,
    others: Vec<(&'static str, String, String)>,
}

/// An id of the same form with other digits.
fn other(id: &str) -> String {
    let digit = |c: char| match c {
        '0'..='8' => char::from_digit(c.to_digit(10).unwrap() + 1, 10).unwrap(),
        '9' => '0',
        'a'..='e' => char::from_digit(c.to_digit(16).unwrap() + 1, 16).unwrap(),
        'f' => 'a',
        c => c,
    };
    let (unique, book) = id.split_at(id.rfind('-').unwrap());
    let changed: String = unique.chars().map(digit).collect();
    format!("{changed}{book}")
}

impl Twin {
    /// Everything that a partner `theirs` and the house have, and what nobody has.
    fn of(w: &World) -> Self {
        let indicator = json!({ "code": "followed", "name": { "ko": "지표", "en": "Followed" },
            "unit": "people", "additive": false, "accumulation": "in_period", "better": "up" });
        w.post("manager", "/v1/indicators", &indicator).expect(201);
        let there = Things::of(w, "theirs");
        let nowhere = Things {
            program: "nobody-rides".to_owned(),
            sells: "nobody-farm".to_owned(),
            disbursement: other(&there.disbursement),
            sale: other(&there.sale),
            statement: other(&there.statement),
        };
        let client = w.client("theirs", &["theirs-rides"], &SCOPES);
        let known = w.get("officer", "/v1/disbursements?limit=1").expect(200);
        let person = known.text("/data/0/beneficiary/id").to_owned();
        let gift = json!({ "recipient": "theirs", "recipient_role": "end", "designated": true,
            "form": "cash", "amount": "300", "planned_on": "2022-11-03" });
        let gift = w.post("officer", "/v1/donations", &gift).made();
        let pledge = json!({ "title": "약속", "statement": "합니다",
            "milestones": [{ "title": "하나" }],
            "source": { "title": "발표", "date": "2022-11-01" } });
        let pledge = w.post("communicator", "/v1/pledges", &pledge).made();
        let claim = json!({ "statement": "x", "source": "x", "said_on": "2022-11-03",
            "as_of": "2022-11-03", "comparator": "gte", "value": 1, "nature": "estimate" });
        let claim = w.post("communicator", "/v1/claims", &claim).made();
        let rows = format!("{HEADER}{}", row("DRV-1", "1", "F-1"));
        let import = w.sent("", &rows);
        w.settled(&import);
        let export = json!({ "of": "/v1/funds", "format": "csv" });
        let export = w.export("auditor", &export);
        w.exported("auditor", &export);
        let measured = json!({ "indicator": "followed", "value": 1, "nature": "measured",
            "period": { "start": "2022-10-01", "end": "2022-10-31" } });
        let measured = w.post("officer", "/v1/measurements", &measured).made();
        w.fund("limited", "1000");
        let limit = json!({ "second_approval_above": "1" });
        w.patch("manager", "/v1/funds/limited", "\"1\"", &limit)
            .expect(200);
        let raise = json!({ "change": "raise", "amount": 2, "reason": "x" });
        let waiting = w.post("manager", "/v1/funds/limited/commitments", &raise);
        let waiting = waiting.expect(202).text("/id").to_owned();
        let twin = |noun, id: String| {
            let nobody = other(&id);
            (noun, id, nobody)
        };
        let code = |noun, there: &str, nowhere: &str| (noun, there.to_owned(), nowhere.to_owned());
        Self {
            there,
            nowhere,
            others: vec![
                twin("clients", client.id),
                twin("proposals", waiting),
                twin("beneficiaries", person),
                twin("donations", gift),
                twin("pledges", pledge),
                twin("claims", claim),
                twin("measurements", measured),
                twin("imports", import),
                twin("exports", export),
                code("users", "officer", "nobody1"),
                code("funds", "mobility", "nothing1"),
                code("organisations", "theirs", "nobody"),
                code("partners", "theirs", "nobody"),
                code("indicators", "followed", "nothing1"),
            ],
        }
    }

    /// The path about what is there, and about what is not; each time with what names it.
    fn paths(&self, pattern: &str) -> Option<[(String, Vec<String>); 2]> {
        let noun = pattern.split('/').nth(2)?;
        let noun = if noun == "reports" {
            pattern.split('/').nth(3)?
        } else {
            noun
        };
        let ours = ["disbursements", "sales", "programs"].contains(&noun);
        let named = [&self.there, &self.nowhere].map(|things| {
            let names = [
                &things.program,
                &things.sells,
                &things.disbursement,
                &things.sale,
            ];
            let names = names.into_iter().chain([&things.statement]).cloned();
            (things.path(pattern), names.collect::<Vec<_>>())
        });
        if ours {
            return Some(named);
        }
        let (_, there, nowhere) = self.others.iter().find(|(known, ..)| *known == noun)?;
        let parameter = pattern.split('{').nth(1)?.split('}').next()?;
        Some([there, nowhere].map(|name| {
            let path = pattern.replace(&format!("{{{parameter}}}"), name);
            (path.replace("{number}", "1"), vec![name.clone()])
        }))
    }
}

/// Whoever asks: a name, a token, and what of theirs may not be asked of as somebody else's.
fn callers(w: &World) -> Vec<(&'static str, String)> {
    Things::of(w, "mine");
    let client = w.client("mine", &["mine-rides", "mine-farm"], &SCOPES);
    let outsider = json!({
        "email": "outsider@test.example", "password": "somebody from outside here",
        "roles": ["partner"],
    });
    let outsider = w.post("admin", "/v1/users", &outsider).made();
    vec![
        ("partner", client.signed_in(w)),
        ("outsider", w.token(&outsider)),
    ]
}

/// An answer, all of it but for the instant, with the names as one.
fn bytes(reply: &Reply, names: &[String]) -> String {
    // Whether a connection is closed depends on how far a body came by then.
    let kept = |(name, _): &&(String, String)| name != "date" && name != "connection";
    let mut headers: Vec<_> = reply.headers.iter().filter(kept).collect();
    headers.sort();
    let body = String::from_utf8_lossy(&reply.bytes);
    let mut told = format!("{} {headers:?} {body}", reply.status);
    for name in names {
        told = told.replace(name.as_str(), "#");
    }
    told
}

fn asked(w: &World, token: &str, on: (&str, &str), form: &Form, body: &[u8]) -> Reply {
    let bearer = format!("Bearer {token}");
    let key = fresh_key();
    let mut headers = vec![
        ("authorization", bearer.as_str()),
        ("x-request-id", "same"),
        ("accept-language", form.lang),
    ];
    if on.0 != "GET" {
        headers.push(("content-type", "application/json"));
    }
    if on.0 == "POST" && form.key {
        headers.push(("idempotency-key", key.as_str()));
    }
    if let Some(version) = form.version {
        headers.push(("if-match", version));
    }
    w.send(on.0, on.1, &headers, body)
}

/// A way of asking.
struct Form {
    lang: &'static str,
    key: bool,
    version: Option<&'static str>,
    query: &'static str,
    /// The body: none stands for one that is right, where there is one.
    body: Option<&'static [u8]>,
}

const FORMS: [Form; 7] = [
    Form {
        lang: "en",
        key: true,
        version: Some("\"1\""),
        query: "",
        body: None,
    },
    Form {
        lang: "ko",
        key: true,
        version: Some("\"9\""),
        query: "?dry_run=true",
        body: None,
    },
    Form {
        lang: "en",
        key: false,
        version: None,
        query: "",
        body: None,
    },
    Form {
        lang: "en",
        key: true,
        version: Some("\"1\""),
        query: "",
        body: Some(b"{}"),
    },
    Form {
        lang: "en",
        key: true,
        version: None,
        query: "",
        body: Some(b"{\"no\":1}"),
    },
    Form {
        lang: "en",
        key: true,
        version: Some("\"1\""),
        query: "",
        body: Some(b"[{"),
    },
    Form {
        lang: "ko",
        key: true,
        version: Some("\"1\""),
        query: "?format=csv",
        body: None,
    },
];

#[test]
fn what_is_anothers_and_what_is_not_there_are_the_same_bytes() {
    let w = World::new();
    w.with_budget();
    let twin = Twin::of(&w);
    let callers = callers(&w);
    let (mut compared, mut differing, mut left_out) = (0, Vec::new(), Vec::new());
    for (method, pattern) in operations() {
        if OPEN.contains(&format!("{method} {pattern}").as_str()) || !pattern.contains('{') {
            continue;
        }
        let Some([there, nowhere]) = twin.paths(&pattern) else {
            left_out.push(pattern);
            continue;
        };
        for (caller, token) in &callers {
            for form in &FORMS {
                let answers = [(&there, &twin.there), (&nowhere, &twin.nowhere)].map(
                    |((path, names), things)| {
                        let partners = SCOPES.contains(&super::matrix::right(&method, &pattern));
                        let right = partners
                            .then(|| things.body(&method, &pattern))
                            .flatten()
                            .map(|body| body.to_string().into_bytes());
                        let body = match form.body {
                            _ if method == "get" => Vec::new(),
                            Some(body) => body.to_vec(),
                            None => right.unwrap_or_else(|| b"{}".to_vec()),
                        };
                        let on = (method.to_uppercase(), format!("{path}{}", form.query));
                        let reply = asked(&w, token, (&on.0, &on.1), form, &body);
                        assert!(
                            (400..500).contains(&reply.status),
                            "{caller} {on:?}: {}",
                            reply.status
                        );
                        bytes(&reply, names)
                    },
                );
                compared += 1;
                if answers[0] != answers[1] {
                    differing.push(format!("{caller}: {method} {pattern}: {answers:#?}"));
                }
            }
        }
    }
    assert_eq!(differing, [""; 0]);
    assert!(compared > 1_000, "{compared}");
    assert_eq!(left_out, [""; 0]);
}

#[test]
fn a_filter_and_a_body_tell_no_more_of_what_is_anothers() {
    let w = World::new();
    w.with_budget();
    let twin = Twin::of(&w);
    let callers = callers(&w);
    let mut compared = 0;
    for (caller, token) in &callers {
        for (method, pattern) in operations() {
            if method != "get" || pattern.contains('{') {
                continue;
            }
            let parameters = &document()["paths"][&pattern]["get"]["parameters"];
            let parameters = parameters.as_array().into_iter().flatten();
            let program = |parameter: &Value| parameter["name"] == "program";
            if !parameters.clone().any(program) {
                continue;
            }
            let answers = [&twin.there, &twin.nowhere].map(|things| {
                let one = |program: &str| {
                    let path = format!("{pattern}?program={program}");
                    let reply = w.ask(token, ("GET", &path), None);
                    assert!([200, 403].contains(&reply.status), "{path}");
                    bytes(&reply, &[program.to_owned()])
                };
                [one(&things.program), one(&things.sells)]
            });
            assert_eq!(answers[0], answers[1], "{caller} {pattern}");
            compared += 1;
        }
        for pattern in [
            "/v1/disbursements",
            "/v1/disbursements/batch",
            "/v1/sales",
            "/v1/sales/statements",
        ] {
            for query in ["", "?dry_run=true"] {
                let answers = [&twin.there, &twin.nowhere].map(|things| {
                    let body = things.body("post", pattern).unwrap();
                    let reply = w.ask(token, ("POST", &format!("{pattern}{query}")), Some(&body));
                    assert!([409, 422].contains(&reply.status), "{}", reply.refusal());
                    bytes(&reply, &[things.program.clone(), things.sells.clone()])
                });
                assert_eq!(answers[0], answers[1], "{caller} {pattern}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 24, "{compared}");
    // An export of somebody else is none, for those who may export, too.
    let exports = twin.others.iter().find(|(noun, ..)| *noun == "exports");
    let (_, there, nowhere) = exports.unwrap();
    for part in ["", "/file", "/manifest"] {
        let answers = [there, nowhere].map(|id| {
            let reply = w.call(
                "officer",
                ("GET", &format!("/v1/exports/{id}{part}")),
                &[("x-request-id", "same")],
                None,
            );
            bytes(&reply.expect(404), std::slice::from_ref(id))
        });
        assert_eq!(answers[0], answers[1]);
    }
}
