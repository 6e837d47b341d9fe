//! What a partner's records say is in no answer to another partner, whatever it asks.
//!
//! Two partners have records full of words that nobody else has. Each asks every operation of the
//! document about its own things, the other's and nothing at all, in every form that answers have,
//! and every byte of every answer is looked through for the other's words, ids and amounts; but for
//! those that the question itself held.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calamine::{Reader, Xlsx};
use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use serde_json::{Value, json};

use super::matrix::{SCOPES, Things};
use crate::conventions::answers::operations;
use crate::support::{Reply, World, fresh_key, merge};

/// A partner, and what only its own answers may hold.
struct Side {
    token: String,
    things: Things,
    canaries: Vec<String>,
    amount: &'static str,
}

const SIDES: [(&str, &str); 2] = [("northern", "7654321"), ("southern", "8765432")];
/// A key that both use, each for something else.
const SHARED_KEY: &str = "the-same-key";
/// What questions about lists and reports are asked with.
const QUERIES: [&str; 8] = [
    "",
    "?limit=1",
    "?q=canary",
    "?format=csv",
    "?format=ndjson",
    "?format=xlsx",
    "?status=submitted&format=csv",
    "?external_id=shared-id",
];

impl Side {
    fn of(w: &World, (partner, amount): (&str, &'static str)) -> Self {
        let things = Things::of(w, partner);
        let word = |what: &str| format!("{partner}-canary-{what}");
        let name = json!({ "name": { "ko": word("ko"), "en": word("en") } });
        for program in [&things.program, &things.sells] {
            let path = format!("/v1/programs/{program}");
            w.patch("manager", &path, "\"1\"", &name).expect(200);
        }
        let house = format!("/v1/organisations/{partner}");
        w.patch("manager", &house, "\"1\"", &name).expect(200);
        let programs = [things.program.as_str(), things.sells.as_str()];
        let client = w.client(partner, &programs, &SCOPES);
        let mut side = Self {
            token: client.signed_in(w),
            things,
            canaries: vec![word(""), client.id, amount.to_owned()],
            amount,
        };
        let ids: Vec<String> = (0..3).map(|number| side.pays(w, partner, number)).collect();
        let reject = json!({ "reason": word("rejected") });
        w.verb("approver", &ids[0], "reject", &reject);
        let mut sale = side.things.body("post", "/v1/sales").unwrap();
        let product = json!({ "code": "rice", "name": word("product") });
        merge(
            &mut sale,
            &json!({ "product": product, "external_id": word("sale") }),
        );
        let sale = w
            .ask(&side.token, ("POST", "/v1/sales"), Some(&sale))
            .made();
        let Things {
            disbursement,
            sale: sold,
            statement,
            ..
        } = &side.things;
        let known = [disbursement, sold, statement].map(Clone::clone);
        side.canaries.extend(known);
        // What says the most is what the other one asks for.
        side.things.disbursement = ids[1].clone();
        side.things.sale = sale.clone();
        side.canaries.extend(ids);
        side.canaries.push(sale);
        side
    }

    /// Records a payment that says as much as it can.
    fn pays(&self, w: &World, partner: &str, number: u16) -> String {
        let word = |what: &str| format!("{partner}-canary-{what}-{number}");
        // The same person is paid by both.
        let person = RegistrationNumber::from_serial(101, 11, number + 1).unwrap();
        let payment = json!({
            "program": self.things.program, "form": "cash", "amount": self.amount,
            "beneficiary": { "kind": "merchant", "registration_number": person.as_digits(),
                "name": word("name") },
            "planned_on": "2022-11-03", "purpose": word("purpose"),
            "external_id": if number == 0 { "shared-id".to_owned() } else { word("external") },
            "voucher_number": word("voucher"), "round": word("round"),
            "attributes": { "wave": word("wave") },
        });
        let key = match number {
            0 => SHARED_KEY.to_owned(),
            _ => fresh_key(),
        };
        let reply = self.asks(w, ("POST", "/v1/disbursements"), &key, Some(&payment));
        let again = self.asks(w, ("POST", "/v1/disbursements"), &key, Some(&payment));
        assert_eq!((again.status, &again.bytes), (201, &reply.bytes));
        reply.made()
    }

    fn asks(
        &self,
        w: &World,
        (method, path): (&str, &str),
        key: &str,
        body: Option<&Value>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", bearer.as_str()),
            ("idempotency-key", key),
            ("if-match", "\"1\""),
            ("content-type", "application/json"),
        ];
        let body = body.map(Value::to_string).unwrap_or_default();
        w.send(method, path, &headers, body.as_bytes())
    }

    /// What the other side may see of these words in an answer: none but what it sent.
    fn leaks(&self, sent: &str, reply: &Reply) -> Vec<&str> {
        let told = told(reply);
        let canaries = self.canaries.iter().map(String::as_str);
        canaries
            .filter(|word| told.contains(word) && !sent.contains(word))
            .collect()
    }
}

/// Everything in an answer as text: its headers, its body, the cells of its workbook, and what its
/// cursor holds.
fn told(reply: &Reply) -> String {
    let mut told = format!(
        "{:?}\n{}",
        reply.headers,
        String::from_utf8_lossy(&reply.bytes)
    );
    if let Ok(cursor) = URL_SAFE_NO_PAD.decode(reply.text("/next_cursor")) {
        told.push_str(&String::from_utf8_lossy(&cursor));
    }
    if reply.bytes.starts_with(b"PK")
        && let Ok(mut book) = Xlsx::new(Cursor::new(reply.bytes.clone()))
    {
        let sheets = book.worksheets();
        told.push_str(&format!("{sheets:?}"));
    }
    told
}

/// Every question that is asked: method, path, body.
fn questions(
    own: &Things,
    other: &Things,
    nothing: &Things,
) -> Vec<(String, String, Option<Value>)> {
    let mut all = Vec::new();
    for (method, pattern) in operations() {
        if pattern.contains("/auth/") || pattern.contains("/oauth/") {
            continue;
        }
        let partners = SCOPES.contains(&super::matrix::right(&method, &pattern));
        let whose = [own, other, nothing];
        let named = pattern.contains('{') || method != "get";
        for things in whose.into_iter().take(if named { 3 } else { 1 }) {
            let path = things.path(&pattern);
            let body = partners.then(|| things.body(&method, &pattern)).flatten();
            let reads = method == "get" && partners;
            let queries = if reads {
                &QUERIES[..]
            } else {
                &["", "?dry_run=true"]
            };
            for query in queries {
                let method = method.to_uppercase();
                let body = match method.as_str() {
                    "GET" => None,
                    _ => Some(body.clone().unwrap_or_else(|| json!({}))),
                };
                all.push((method, format!("{path}{query}"), body));
            }
            if reads && !pattern.contains('{') {
                let path = format!("{path}?program={}", other.program);
                all.push(("GET".to_owned(), path, None));
            }
        }
    }
    all
}

#[test]
fn no_answer_to_a_partner_holds_a_word_of_another() {
    let w = World::new();
    w.with_budget();
    let [north, south] = SIDES.map(|side| Side::of(&w, side));
    let nothing = Things::nothing();
    let (mut asked, mut leaks, mut own) = (0, Vec::new(), 0);
    for (asker, other) in [(&north, &south), (&south, &north)] {
        for (method, path, body) in questions(&asker.things, &other.things, &nothing) {
            let sent = format!("{path} {}", body.clone().unwrap_or_default());
            for key in [SHARED_KEY.to_owned(), fresh_key()] {
                if method == "GET" && key == SHARED_KEY {
                    continue;
                }
                let reply = asker.asks(&w, (&method, &path), &key, body.as_ref());
                assert!(reply.status < 500, "{method} {path}: {}", reply.refusal());
                let found = other.leaks(&sent, &reply);
                if !found.is_empty() {
                    leaks.push(format!("{method} {path}: {found:?}"));
                }
                own += usize::from(!asker.leaks(&sent, &reply).is_empty());
                asked += 1;
            }
        }
    }
    assert_eq!(leaks, [""; 0]);
    assert!(asked >= 1_000, "{asked}");
    // The same look finds each one's own words, in JSON, in text and in workbooks.
    assert!(own > 50, "{own}");
    let path = "/v1/disbursements?format=xlsx";
    let workbook = north.asks(&w, ("GET", path), "", None).expect(200);
    assert!(north.leaks(path, &workbook).len() > 3);
}
