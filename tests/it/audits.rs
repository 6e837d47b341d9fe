//! What auditors look through: the log of all books, the history of a record, and who tried what.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::{Connection, InstrumentationEvent};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sangsaeng::attempts::counts::STRANGERS;
use sangsaeng::attempts::model::{AccessEvent, AttemptKind};
use sangsaeng::attempts::store::{self, AccessFilter};
use sangsaeng::attempts::worker::AttemptsWorker;
use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use sangsaeng::clock::Clock;
use sangsaeng::db::{Conn, Url, Use};
use sangsaeng::ledger::log;
use sangsaeng::ledger::trail::{Mark, TrailFilter};
use serde_json::{Value, json};

use crate::imports::{HEADER, row};
use crate::support::{Client, PASSWORD, Reply, World, because};

const LOGIN: &str = "/v1/auth/login";

fn login(w: &World, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password }).to_string();
    let headers = [("content-type", "application/json")];
    w.send("POST", LOGIN, &headers, body.as_bytes())
}

/// Rows of a list, as the auditor sees it.
fn listed(w: &World, path: &str) -> Vec<Value> {
    let reply = w.get("auditor", path).expect(200).as_told("GET", path);
    reply.body["data"].as_array().unwrap().clone()
}

fn texts(rows: &[Value], member: &str) -> Vec<String> {
    let text = |row: &Value| row[member].as_str().unwrap_or("null").to_owned();
    rows.iter().map(text).collect()
}

#[test]
fn the_log_is_read_the_newest_first_and_narrowed() {
    let w = World::new();
    w.with_budget();
    let id = w.submit("drivers", "DRV-1", "1000");
    w.set_day("2022-11-04");
    w.step("disbursements", &id, "approve", "2022-11-04");
    w.set_day("2022-11-05");
    w.step("disbursements", &id, "pay", "2022-11-05");
    let subject = format!("subject=disbursement:{id}");
    let of_record = listed(&w, &format!("/v1/events?{subject}"));
    assert_eq!(
        texts(&of_record, "kind"),
        [
            "disbursement.paid",
            "disbursement.approved",
            "disbursement.submitted"
        ]
    );
    assert_eq!(
        texts(&of_record, "actor"),
        ["treasurer", "approver", "officer"]
    );
    assert_eq!(texts(&of_record, "book"), ["fund:mobility"; 3]);
    let submitted = &of_record[2];
    assert_eq!(submitted["command"]["amount"], "1000");
    assert_eq!(submitted["effective_on"], "2022-11-03");
    assert_eq!(submitted["leaf"].as_str().map(str::len), Some(64));

    let narrowed = |query: &str| texts(&listed(&w, &format!("/v1/events?{query}")), "kind");
    let paid = ["disbursement.paid"];
    for (query, expected) in [
        (format!("{subject}&actor=treasurer"), &paid[..]),
        ("actor=treasurer".to_owned(), &paid),
        ("kind=disbursement.paid".to_owned(), &paid),
        ("from=2022-11-05".to_owned(), &paid),
        ("kind=disbursement.paid&to=2022-11-04".to_owned(), &[]),
        (
            format!("{subject}&book=fund:mobility&from=2022-11-05&to=2022-11-05"),
            &paid,
        ),
        (format!("{subject}&book=house"), &[]),
        ("book=fund:nowhere".to_owned(), &[]),
        ("kind=disbursement".to_owned(), &[]),
    ] {
        assert_eq!(narrowed(&query), expected, "{query}");
    }
    // The whole is all that its books hold, in one order, by any length of page.
    let whole = listed(&w, "/v1/events?limit=1000");
    let count = w.watch().number("SELECT count(*) AS value FROM events");
    assert_eq!(i64::try_from(whole.len()), Ok(count));
    let order = texts(&whole, "recorded_at");
    assert!(order.windows(2).all(|pair| pair[0] >= pair[1]));
    for book in ["house", "fund:mobility"] {
        let of_book = listed(&w, &format!("/v1/events?limit=1000&book={book}"));
        let places: Vec<i64> = of_book
            .iter()
            .map(|row| row["sequence"].as_i64().unwrap())
            .collect();
        let last = i64::try_from(of_book.len()).unwrap();
        assert!(
            places.iter().copied().eq((1..=last).rev()),
            "{book}: {places:?}"
        );
    }
    let refused = w.get("auditor", "/v1/events?from=2022-11-05&since=x");
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | ?since unknown_field"
    );
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How the embedded engine goes about what `read` asks of the table `of`.
fn plan(conn: &mut Conn, of: &str, read: impl FnOnce(&mut Conn)) -> Vec<String> {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = Arc::clone(&asked);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            heard.lock().unwrap().push(query.to_string());
        }
    });
    read(conn);
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let asked = asked.lock().unwrap();
    let about = |sql: &&String| sql.contains(&format!("FROM `{of}`"));
    let sql = asked.iter().find(about).unwrap();
    let sql = sql.split(" -- binds").next().unwrap();
    let plans: Vec<Plan> = sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
        .load(conn)
        .unwrap();
    plans.into_iter().map(|plan| plan.detail).collect()
}

#[test]
fn no_filter_of_auditors_goes_through_the_whole_log() {
    let w = World::new();
    let Url::Sqlite(_) = w.url() else { return };
    let mut conn = Conn::open(&w.url(), Use::Read).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let mark = Mark {
        recorded_at: w.clock.now(),
        book: 2,
        sequence: 7,
    };
    let all = TrailFilter::default;
    let filters = [
        ("events_by_time", all()),
        (
            "events_by_time",
            TrailFilter {
                from: Some(w.clock.now()),
                ..all()
            },
        ),
        (
            "events_by_actor",
            TrailFilter {
                actor: text("officer"),
                ..all()
            },
        ),
        (
            "events_by_kind",
            TrailFilter {
                kind: text("sale.recorded"),
                ..all()
            },
        ),
        (
            "sqlite_autoindex_events_1",
            TrailFilter {
                book: text("house"),
                ..all()
            },
        ),
        (
            "events_by_subject",
            TrailFilter {
                subjects: vec!["fund:a".to_owned()],
                ..all()
            },
        ),
        (
            "events_by_actor",
            TrailFilter {
                actor: text("officer"),
                kind: text("sale.recorded"),
                ..all()
            },
        ),
        (
            "events_by_kind",
            TrailFilter {
                book: text("house"),
                kind: text("sale.recorded"),
                ..all()
            },
        ),
    ];
    for (index, filter) in filters {
        for mark in [None, Some(mark)] {
            let plan = plan(&mut conn, "events", |conn| {
                log::newest(conn, &filter, mark, 51).unwrap();
            });
            let whole = plan.join("; ");
            assert!(
                whole.contains(&format!(" events USING INDEX {index}")),
                "{filter:?}: {whole}"
            );
            // What one thing went through is sorted; whatever may be long is read in its order.
            let sorted = whole.contains("TEMP B-TREE FOR ORDER BY");
            assert_eq!(sorted, !filter.subjects.is_empty(), "{filter:?}: {whole}");
            let scans = whole.contains("SCAN events");
            let narrowed = index != "events_by_time" || mark.is_some() || filter.from.is_some();
            assert_eq!(scans, !narrowed, "{filter:?}: {whole}");
        }
    }
    let rows = AccessFilter::default;
    for (index, filter) in [
        ("access_events_by_time", rows()),
        (
            "access_events_by_account",
            AccessFilter {
                account: text("a"),
                ..rows()
            },
        ),
        (
            "access_events_by_source",
            AccessFilter {
                source: text("::1"),
                ..rows()
            },
        ),
        (
            "access_events_by_code",
            AccessFilter {
                code: text("own_record"),
                ..rows()
            },
        ),
    ] {
        let plan = plan(&mut conn, "access_events", |conn| {
            store::newest(conn, &filter, None, 51).unwrap();
        });
        let whole = plan.join("; ");
        assert!(
            whole.contains(&format!("USING INDEX {index}")),
            "{filter:?}: {whole}"
        );
        assert!(!whole.contains("TEMP B-TREE"), "{filter:?}: {whole}");
    }
}

#[test]
fn a_record_tells_everything_that_touched_it() {
    let w = World::new();
    w.with_budget();
    let rows = format!("{HEADER}{}", row("filed", "11", "F-1"));
    let import = w.sent("mode=good", &rows);
    w.settled(&import);
    let filed = w.get("officer", "/v1/disbursements?limit=1").expect(200);
    let id = filed.text("/data/0/id").to_owned();
    w.verb("approver", &id, "approve", &json!({})).expect(200);
    let change = json!({ "purpose": "고침", "reason_class": "correction", "reason": "오기" });
    w.post("officer", &format!("/v1/disbursements/{id}/amend"), &change)
        .expect(201);
    let path = format!("/v1/disbursements/{id}/history");
    let history = listed(&w, &path);
    let kinds = texts(&history, "kind");
    for kind in [
        "import.received",
        "disbursement.submitted",
        "import.committed",
        "disbursement.approved",
        "disbursement.amendment_proposed",
    ] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }
    let numbers: Vec<i64> = history
        .iter()
        .map(|row| row["number"].as_i64().unwrap())
        .collect();
    assert!(
        numbers
            .iter()
            .copied()
            .eq(1..=i64::try_from(numbers.len()).unwrap())
    );
    let first = &history[0];
    assert_eq!(first["kind"], "import.received", "{kinds:?}");
    // A page in the middle goes on where the one before ended.
    let page = w.get("auditor", &format!("{path}?limit=2")).expect(200);
    let next = page.text("/next_cursor");
    let rest = listed(&w, &format!("{path}?limit=1000&cursor={next}"));
    assert_eq!(rest, history[2..]);
    // Whom it pays belongs to it: they were known before, and may be merged later.
    let person = RegistrationNumber::from_serial(101, 11, 1).unwrap();
    let person = json!({ "kind": "merchant", "registration_number": person.as_digits() });
    w.post("officer", "/v1/beneficiaries", &person).expect(201);
    let paid = w.recorded(&json!({ "beneficiary": person, "planned_on": "2022-11-03" }));
    let history = listed(&w, &format!("/v1/disbursements/{paid}/history"));
    let kinds = ["beneficiary.recorded", "disbursement.submitted"];
    assert_eq!(texts(&history, "kind"), kinds);
    let nobody = format!("/v1/disbursements/{}-1/history", "1".repeat(32));
    assert_eq!(w.get("auditor", &nobody).refusal(), "404 | not_found");
}

#[test]
fn a_partner_reads_the_history_of_its_own_and_not_where_it_stands_in_the_log() {
    let w = World::new();
    w.partner_with("north", "north-rides", &json!({}));
    let client = w.client("north", &["north-rides"], &["submit", "read_programs"]);
    let token = client.signed_in(&w);
    let payment = w.cash_to("north-rides", "DRV-1", "1000");
    let made = w.ask(&token, ("POST", "/v1/disbursements"), Some(&payment));
    let id = made.made();
    w.verb("approver", &id, "reject", &because()).expect(200);
    let path = format!("/v1/disbursements/{id}/history");
    let reply = w.ask(&token, ("GET", &path), None).expect(200);
    let reply = reply.as_told("GET", &path);
    let rows = reply.body["data"].as_array().unwrap();
    let kinds = ["disbursement.submitted", "disbursement.rejected"];
    assert_eq!(texts(rows, "kind"), kinds);
    assert_eq!(texts(rows, "actor"), [client.id.as_str(), "approver"]);
    for row in rows {
        for hidden in ["book", "sequence", "command", "leaf", "request_id"] {
            assert!(row[hidden].is_null(), "{row}");
        }
    }
    let inside = listed(&w, &path);
    assert_eq!(texts(&inside, "kind"), kinds);
    assert!(inside.iter().all(|row| row["sequence"].is_i64()));
    assert_eq!(
        w.ask(&token, ("GET", "/v1/events"), None).refusal(),
        "403 | missing_right"
    );
}

/// What was counted: kind, account, operation, code, times.
fn counted(w: &World, query: &str) -> BTreeSet<String> {
    w.attempts().write_down().unwrap();
    let rows = listed(w, &format!("/v1/access-events?limit=1000&{query}"));
    let told = |row: &Value| {
        let text = |member: &str| row[member].as_str().unwrap_or("-").to_owned();
        let words = ["kind", "account", "operation", "code"].map(text);
        assert_eq!(row["source"], "127.0.0.1", "{row}");
        format!("{} {}", words.join(" "), row["times"])
    };
    rows.iter().map(told).collect()
}

#[test]
fn sign_ins_and_refusals_are_found_and_no_typed_word_is_kept() {
    let w = World::new();
    w.with_budget();
    w.partner_with("north", "north-rides", &json!({}));
    let client = w.client("north", &["north-rides"], &["submit", "read_programs"]);
    let watch = w.watch();
    let own = w.submit("drivers", "DRV-1", "1000");
    login(&w, "officer@test.example", PASSWORD).expect(200);
    let token = client.signed_in(&w);
    drop(watch);

    let watch = w.watch();
    // With the others below five wrong ones: the next would have to wait.
    for _ in 0..2 {
        login(&w, "officer@test.example", "Leaked-Passw0rd!").expect(401);
    }
    let typed = ["typed-by-nobody@test.example", "my-Secret-Passw0rd"];
    for name in typed {
        login(&w, name, "Leaked-Passw0rd!").expect(401);
    }
    let wrong = Client {
        secret: "ssk_Leaked".to_owned(),
        ..client.clone()
    };
    wrong.token(&w, None).expect(401);
    w.send(
        "GET",
        "/v1/funds",
        &[("authorization", "Bearer Leaked.to.ken")],
        b"",
    )
    .expect(401);
    w.get("viewer", "/v1/users").expect(403);
    w.verb("officer", &own, "approve", &json!({})).expect(403);
    let jack = w.get("viewer", &format!("/v1/funds/{own}"));
    jack.expect(404);
    let others = format!("/v1/disbursements/{own}");
    w.ask(&token, ("GET", &others), None).expect(404);
    let payment = w.cash_to("drivers", "DRV-2", "900000000");
    let much = w.post("officer", "/v1/disbursements", &payment).made();
    let watch_of_refusals = w.watch();
    w.verb("approver", &much, "approve", &json!({})).expect(409);
    assert!(
        watch_of_refusals.saw_nothing(),
        "nothing is written while one waits"
    );
    drop(watch);

    let found = counted(&w, "");
    for row in [
        "signed_in officer log_in - 1".to_owned(),
        format!("signed_in {} create_oauth_token - 1", client.id),
        "sign_in_refused officer log_in sign_in_refused 2".to_owned(),
        format!(
            "sign_in_refused {} create_oauth_token invalid_client 1",
            client.id
        ),
        "refused - list_funds not_signed_in 1".to_owned(),
        "refused viewer list_users missing_right 1".to_owned(),
        "refused officer approve_disbursement missing_right 1".to_owned(),
        format!("refused {} get_disbursement not_found 1", client.id),
        "refused approver approve_disbursement insufficient_available 1".to_owned(),
    ] {
        assert!(found.contains(&row), "{row} in {found:#?}");
    }
    let unknown: Vec<&String> = found
        .iter()
        .filter(|row| row.contains("unknown:"))
        .collect();
    assert_eq!(unknown.len(), typed.len(), "{found:#?}");
    assert!(
        !found.iter().any(|row| row.contains("get_fund ")),
        "{found:#?}"
    );
    assert_eq!(counted(&w, "kind=signed_in").len(), 2);
    assert_eq!(counted(&w, "account=officer&code=sign_in_refused").len(), 1);
    assert_eq!(
        counted(&w, "code=missing_right&operation=list_users").len(),
        1
    );
    assert_eq!(counted(&w, "source=203.0.113.7"), BTreeSet::new());
    assert_eq!(counted(&w, "to=2022-11-02"), BTreeSet::new());
    assert_eq!(counted(&w, "from=2022-11-03"), found);
    let stored = w.stored();
    for word in [
        "typed-by-nobody",
        "my-Secret-Passw0rd",
        "my-secret",
        "Leaked",
    ] {
        let holds = stored
            .windows(word.len())
            .any(|part| part == word.as_bytes());
        assert!(!holds, "{word}");
    }
}

#[test]
fn a_flood_is_counted_and_costs_few_rows() {
    let w = World::behind_a_proxy();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let flood = STRANGERS + 60;
    for number in 0..flood {
        let stranger = Client {
            id: format!("client-{number}"),
            secret: "ssk_no".to_owned(),
        };
        let basic = stranger.basic();
        // Many a source: one alone would have to wait before long.
        let source = format!("10.1.{}.{}", number / 250, number % 250);
        let headers = [
            headers[0],
            ("authorization", basic.as_str()),
            ("x-forwarded-for", source.as_str()),
        ];
        let form = b"grant_type=client_credentials";
        w.send("POST", "/v1/oauth/token", &headers, form)
            .expect(401);
    }
    w.get("viewer", "/v1/users").expect(403);
    w.attempts().write_down().unwrap();
    let rows = listed(&w, "/v1/access-events?limit=1000");
    assert_eq!(
        rows.len(),
        STRANGERS + 2,
        "one for the rest, and one for who is known"
    );
    let times: i64 = rows.iter().map(|row| row["times"].as_i64().unwrap()).sum();
    assert_eq!(usize::try_from(times), Ok(flood + 1));
    let rest: Vec<&Value> = rows
        .iter()
        .filter(|row| row["operation"].is_null())
        .collect();
    assert_eq!((rest.len(), &rest[0]["times"]), (1, &json!(60)));
    assert!(rest[0]["account"].is_null() && rest[0]["source"].is_null());
    let known = listed(&w, "/v1/access-events?account=viewer");
    assert_eq!(known.len(), 1, "who is known is told apart from the flood");
}

#[test]
fn what_was_counted_is_written_by_itself() {
    let w = World::new();
    w.get("viewer", "/v1/users").expect(403);
    let worker = AttemptsWorker::start(w.attempts(), Duration::from_millis(5)).unwrap();
    // A bound on how long that may take: longer is a hang.
    let seen = (0..2_000).any(|_| {
        let rows = listed(&w, "/v1/access-events?account=viewer");
        rows.len() == 1
    });
    assert!(seen);
    drop(worker);
}

#[test]
fn what_was_counted_is_written_when_a_server_stops() {
    let mut w = World::new();
    w.get("viewer", "/v1/users").expect(403);
    w.restart();
    assert_eq!(listed(&w, "/v1/access-events?account=viewer").len(), 1);
}

fn counted_row(number: i64, known: bool, at: DateTime<Utc>) -> AccessEvent {
    AccessEvent {
        id: format!("row-{number:04}"),
        kind: AttemptKind::Refused,
        account: known.then(|| "officer".to_owned()),
        known,
        source: None,
        operation: None,
        status: Some(403),
        code: Some("missing_right".to_owned()),
        times: 1,
        first_at: at,
        last_at: at,
        last_request: "r".to_owned(),
    }
}

#[test]
fn the_oldest_rows_go_and_strangers_push_out_strangers_only() {
    let w = World::new();
    let mut conn = Conn::open(&w.url(), Use::Write).unwrap();
    let now = w.clock.now();
    let rows: Vec<AccessEvent> = (0..20)
        .map(|number| counted_row(number, number < 10, now + TimeDelta::minutes(number)))
        .collect();
    store::keep(&mut conn, &rows).unwrap();
    let mut left = |known: bool, before: DateTime<Utc>, most: i64| {
        let swept = store::sweep(&mut conn, known, before, most).unwrap();
        let rows = store::newest(&mut conn, &AccessFilter::default(), None, 100).unwrap();
        let known = rows.iter().filter(|row| row.known).count();
        (swept, known, rows.len() - known)
    };
    assert_eq!(left(false, now, 10), (0, 10, 10));
    assert_eq!(left(false, now, 4), (6, 10, 4));
    assert_eq!(left(true, now + TimeDelta::minutes(3), 100), (3, 7, 4));
    let rows = store::newest(&mut conn, &AccessFilter::default(), None, 100).unwrap();
    assert_eq!(rows[0].id, "row-0019", "the newest stay");
    let before = w.attempts();
    w.clock.set(now + TimeDelta::days(732));
    before.sweep().unwrap();
    assert_eq!(listed(&w, "/v1/access-events"), [Value::Null; 0]);
}
