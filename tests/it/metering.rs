//! What the server counts of itself: exactly what happened, and nothing about anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, mpsc};

use rust_decimal::Decimal;
use sangsaeng::db::{Db, DbError};
use sangsaeng::desk::{Answer, Command, Decision, Desk, Request, Stop};
use sangsaeng::http::catalogue;
use sangsaeng::http::routes;
use sangsaeng::ledger::Who;
use sangsaeng::ledger::store::BookRef;
use sangsaeng::refusal::Refusal;
use serde_json::json;

use crate::support::scrape::{Scrape, number};
use crate::support::{PASSWORD, World};

fn scrape(w: &World) -> Scrape {
    Scrape::read(&w.metrics())
}

fn counts<const N: usize>(expected: [(&str, u64); N]) -> BTreeMap<String, u64> {
    let named = |(series, count): (&str, u64)| (format!("sangsaeng_{series}"), count);
    expected.map(named).into()
}

#[test]
fn what_happened_is_counted_exactly() {
    let w = World::new();
    let before = scrape(&w);
    w.fund("one", "1000").expect(201);
    w.fund("two", "1000").expect(201);
    w.post("manager", "/v1/funds", &json!({})).expect(422);
    let organisation = json!({ "code": "one", "kind": "nonprofit",
        "name": { "ko": "하나", "en": "One" } });
    w.post("manager", "/v1/organisations", &organisation)
        .expect(201);
    w.post("manager", "/v1/organisations", &organisation)
        .expect(409);
    w.get("manager", "/v1/funds/one").expect(200);
    w.call("manager", ("HEAD", "/v1/funds/one"), &[], None)
        .expect(200);
    w.get("manager", "/v1/funds/three").expect(404);
    w.get("manager", "/v1/nothing").expect(404);
    w.send("PUT", "/v1/funds", &[], b"").expect(405);
    w.send("GET", "/v1/funds/one", &[], b"").expect(401);
    let wrong = json!({ "email": "nobody@test.example", "password": PASSWORD });
    let json = [("content-type", "application/json")];
    w.send(
        "POST",
        "/v1/auth/login",
        &json,
        wrong.to_string().as_bytes(),
    )
    .expect(401);
    let create = "operation=\"create_fund\",method=\"POST\"";
    let organise = "operation=\"create_organisation\",method=\"POST\"";
    let get = "operation=\"get_fund\",method=\"GET\"";
    let log_in = "operation=\"log_in\",method=\"POST\"";
    let other = |method| format!("operation=\"other\",method=\"{method}\"");
    let answered = |of: &str, status| format!("requests_total{{{of},status=\"{status}\"}}");
    let took = |of: &str| format!("request_duration_seconds_count{{{of}}}");
    let refused = |code| format!("refusals_total{{code=\"{code}\"}}");
    assert_eq!(
        scrape(&w).risen_since(&before),
        counts([
            (&answered(create, "2xx"), 2),
            (&answered(create, "4xx"), 1),
            (&took(create), 3),
            (&answered(organise, "2xx"), 1),
            (&answered(organise, "4xx"), 1),
            (&took(organise), 2),
            (&answered(get, "2xx"), 2),
            (&answered(get, "4xx"), 2),
            (&took(get), 4),
            (&answered(log_in, "4xx"), 1),
            (&took(log_in), 1),
            (&answered(&other("GET"), "4xx"), 1),
            (&took(&other("GET")), 1),
            (&answered(&other("PUT"), "4xx"), 1),
            (&took(&other("PUT")), 1),
            (&refused("duplicate_code"), 1),
            (&refused("invalid_fields"), 1),
            (&refused("not_found"), 2),
            (&refused("method_not_allowed"), 1),
            (&refused("not_signed_in"), 1),
            (&refused("sign_in_refused"), 1),
            ("write_group_jobs_count", 4),
            ("write_wait_seconds_count", 4),
            ("write_commit_seconds_count", 4),
        ])
    );
}

#[test]
fn labels_are_known_before_anybody_asks() {
    let w = World::new();
    w.with_budget();
    let body = w.cash_to("drivers", "CANARY-REF-0077", "1000");
    w.post("officer", "/v1/disbursements", &body).expect(201);
    w.paid("drivers", "CANARY-REF-0078", "1000");
    for number in 0..100 {
        let path = format!("/v1/{number}/CANARY-{number}?CANARY=617-28-49052");
        let method = format!("CANARY{number}");
        w.get("officer", &path).expect(404);
        w.get("officer", &format!("/v1/funds/canary-{number}"))
            .expect(404);
        w.send(&method, &path, &[], b"");
    }
    let mut known: BTreeSet<String> = routes::operations()
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    assert!(known.len() > 100);
    known.extend(catalogue::problems().map(|row| row.code.to_owned()));
    let methods = [
        "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "other",
    ];
    known.extend(methods.map(str::to_owned));
    known.extend(["1xx", "2xx", "3xx", "4xx", "5xx"].map(str::to_owned));
    known.insert(env!("CARGO_PKG_VERSION").to_owned());
    let scraped = scrape(&w);
    for (label, value) in scraped.labels() {
        let end = label == "le" && (value == "+Inf" || number(value).is_some());
        assert!(end || known.contains(value), "{label}: {value}");
    }
    let told = scraped.0.len();
    for number in 0..100 {
        w.get("officer", &format!("/{number}")).expect(404);
    }
    assert_eq!(scrape(&w).0.len(), told);
    let unknown = "sangsaeng_requests_total{operation=\"other\",method=\"other\",status=\"4xx\"}";
    assert_eq!(scraped.count(unknown), 100);
    assert!(!w.metrics().contains("CANARY") && !w.metrics().contains("49052"));
}

#[test]
fn every_code_stands_at_nought_from_the_start() {
    let scraped = scrape(&World::new());
    for row in catalogue::problems() {
        let series = (
            "sangsaeng_refusals_total".to_owned(),
            vec![("code".to_owned(), row.code.to_owned())],
        );
        assert_eq!(scraped.0[&series], "0", "{}", row.code);
    }
}

/// A command that says when it is being decided, and waits for leave to go on.
struct Held {
    entered: mpsc::Sender<()>,
    leave: Mutex<mpsc::Receiver<()>>,
}

impl Command for Held {
    type Done = ();

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn decide(&self, _desk: &Desk, _who: &Who) -> Result<Decision<()>, Stop> {
        self.entered.send(()).unwrap();
        let _gone = self.leave.lock().unwrap().recv();
        Err(Refusal::rule("not_found").into())
    }
}

#[test]
fn what_waits_at_the_door_is_seen_and_its_groups_are_counted() {
    let w = World::new();
    let before = scrape(&w);
    let ((entered, seen), door) = (mpsc::channel(), w.door());
    let held = || {
        let (go, leave) = mpsc::channel();
        let request = Request {
            command: Held {
                entered: entered.clone(),
                leave: Mutex::new(leave),
            },
            who: Who::of_house("officer", "r"),
            once: None,
            dry_run: false,
        };
        let answer = |_: &()| Answer {
            status: 200,
            location: None,
            etag: None,
            body: Vec::new(),
            replayed: false,
        };
        (go, door.start(request, answer).unwrap())
    };
    let (go, first) = held();
    seen.recv().unwrap();
    let (leaves, others): (Vec<_>, Vec<_>) = [held(), held()].into_iter().unzip();
    let during = scrape(&w);
    assert_eq!(during.count("sangsaeng_write_queue_jobs"), 2);
    let oldest = (
        "sangsaeng_write_queue_oldest_seconds".to_owned(),
        Vec::new(),
    );
    assert!(number(&during.0[&oldest]).unwrap() > Decimal::ZERO);
    drop((go, leaves));
    first.wait().unwrap_err();
    for waiting in others {
        waiting.wait().unwrap_err();
    }
    let after = scrape(&w);
    assert_eq!(after.count("sangsaeng_write_queue_jobs"), 0);
    assert_eq!(after.0[&oldest], "0.0");
    assert_eq!(
        after.risen_since(&before),
        counts([
            ("write_group_jobs_count", 2),
            ("write_wait_seconds_count", 3),
            ("write_commit_seconds_count", 2),
        ])
    );
    for (end, groups) in [("1.0", 1), ("2.0", 2), ("1000.0", 2)] {
        let bucket = format!("sangsaeng_write_group_jobs_bucket{{le=\"{end}\"}}");
        assert_eq!(after.count(&bucket), groups, "{end}");
    }
}

#[test]
fn readers_and_those_who_waited_in_vain_are_seen() {
    let w = World::new();
    let db = Db::open(&w.url()).unwrap();
    let limit = db.pool().limit;
    let (entered, seen) = mpsc::channel();
    std::thread::scope(|threads| {
        let mut leaves = Vec::new();
        for _ in 0..limit {
            let (leave, stay) = mpsc::channel::<()>();
            leaves.push(leave);
            let (entered, db) = (entered.clone(), &db);
            threads.spawn(move || {
                let read = db.read(|_| {
                    entered.send(()).unwrap();
                    let _gone = stay.recv();
                    Ok::<_, DbError>(())
                });
                read.unwrap();
            });
        }
        for _ in 0..limit {
            seen.recv().unwrap();
        }
        assert_eq!((db.pool().in_use, db.pool().idle), (limit, 0));
        let refused = db.read(|_| Ok::<_, DbError>(()));
        assert!(matches!(refused, Err(DbError::Busy)));
        assert_eq!(db.timed_out().get(), 1);
    });
    assert_eq!((db.pool().in_use, db.pool().idle), (0, limit));
}

#[test]
fn the_address_of_the_api_tells_no_metrics() {
    let w = World::new();
    w.get("admin", "/metrics").expect(404);
}
