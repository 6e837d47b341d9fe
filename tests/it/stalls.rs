//! A database that stalls or is cut off: every request is answered, nothing that was acknowledged
//! is lost or done twice, and all is well as soon as the database is.
//!
//! On the embedded engine there is nothing to stall apart from the server itself.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::RunQueryDsl;
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use sangsaeng::db::{Conn, Url, Use};
use sangsaeng::ledger::store::heads;

use crate::races::{at_once, records};
use crate::support::World;
use crate::support::proxy::{Fate, Proxy};

/// Connections that one server may have: readers, writers, and a sign of life for each of the two.
const MOST_CONNECTIONS: usize = 4 + 4 + 2;
const JSON: (&str, &str) = ("content-type", "application/json");
const LOGIN: &[u8] = br#"{"email": "viewer@test.example", "password": "whatever it is"}"#;
/// How often a request is sent again before the test gives up.
const TRIES: usize = 1_000;

/// A world with a budget, a way to its database that obeys, and a server that goes that way.
fn cut_off_world() -> Option<(World, Proxy, World)> {
    let world = World::new();
    let proxy = Proxy::before(&world)?;
    world.with_budget();
    let server = world.beside_at(proxy.url());
    Some((world, proxy, server))
}

#[test]
fn while_the_database_stalls_everybody_is_told_so() {
    let Some((world, proxy, server)) = cut_off_world() else {
        return;
    };
    let body = world.cash_to("drivers", "somebody", "10");
    server.get("viewer", "/v1/funds").expect(200);
    let before = proxy.most();
    proxy.stall();
    let replies = at_once(48, |index| match index % 4 {
        0 => server.get("viewer", "/v1/reports/overview"),
        1 => server.post("officer", "/v1/disbursements", &body),
        2 => server.send("POST", "/v1/auth/login", &[JSON], LOGIN),
        _ => server.send("GET", "/readyz", &[], b""),
    });
    for reply in &replies {
        assert_eq!(reply.status, 503, "{}", reply.body);
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert!(
            ["database_out_of_reach", "busy"].contains(&reply.code()),
            "{}",
            reply.body
        );
    }
    assert_eq!(server.send("GET", "/livez", &[], b"").status, 200);
    assert!(
        proxy.most() <= MOST_CONNECTIONS,
        "{before} {}",
        proxy.most()
    );
    proxy.resume();
    server.get("viewer", "/v1/reports/overview").expect(200);
    server.send("GET", "/readyz", &[], b"").expect(200);
    server
        .post("officer", "/v1/disbursements", &body)
        .expect(201);
    assert_eq!(records(&world).len(), 1);
}

#[test]
fn a_commit_that_stalls_keeps_its_key_until_it_is_known_what_became_of_it() {
    let Some((world, proxy, server)) = cut_off_world() else {
        return;
    };
    let body = world.cash_to("drivers", "somebody", "10");
    let send = || server.post_with_key("officer", "/v1/disbursements", "the-key", &body);
    proxy.next_commit(Fate::Stalled);
    std::thread::scope(|scope| {
        let first = scope.spawn(send);
        proxy.wait_until_stalled();
        // The same at once, while its sender is still known.
        let second = send();
        assert!(
            ["idempotency_in_progress", "database_out_of_reach"].contains(&second.code()),
            "{}",
            second.body
        );
        assert_eq!(first.join().unwrap().refusal(), "503 | outcome_unknown");
    });
    proxy.resume();
    let last = (0..TRIES).map(|_| send()).find(|reply| reply.status != 409);
    let last = last.unwrap().expect(201);
    assert_eq!(last.header("idempotency-replayed"), Some("true"));
    assert_eq!(records(&world).len(), 1);
}

#[test]
fn a_connection_lost_at_the_commit_leaves_it_to_the_key_what_became_of_it() {
    let Some((world, proxy, server)) = cut_off_world() else {
        return;
    };
    for (number, fate) in [Fate::Lost, Fate::Unanswered].into_iter().enumerate() {
        let (key, body) = (
            format!("key-{number}"),
            world.cash_to("drivers", &format!("driver-{number}"), "10"),
        );
        let send = || server.post_with_key("officer", "/v1/disbursements", &key, &body);
        proxy.next_commit(fate);
        let first = send();
        assert_eq!(first.refusal(), "503 | outcome_unknown", "{fate:?}");
        assert_eq!(first.header("retry-after"), Some("1"));
        let second = send().expect(201);
        let replayed = second.header("idempotency-replayed") == Some("true");
        assert_eq!(replayed, fate == Fate::Unanswered, "{fate:?}");
        assert_eq!(send().expect(201).bytes, second.bytes);
        assert_eq!(records(&world).len(), number + 1);
    }
}

#[test]
fn once_the_database_is_back_the_first_requests_are_answered() {
    let Some((world, proxy, server)) = cut_off_world() else {
        return;
    };
    let body = world.cash_to("drivers", "somebody", "10");
    // All readers and writers have connections.
    let replies = at_once(16, |index| match index % 2 {
        0 => server.get("viewer", "/v1/reports/overview"),
        _ => server.post("officer", "/v1/disbursements", &body),
    });
    assert!(replies.iter().all(|reply| reply.status < 300));
    for _ in 0..3 {
        proxy.cut();
        let replies = at_once(8, |index| match index % 2 {
            0 => server.get("viewer", "/v1/reports/overview"),
            _ => server.post("officer", "/v1/disbursements", &body),
        });
        for reply in &replies {
            assert_eq!(reply.refusal(), "503 | database_out_of_reach");
        }
        proxy.mend();
        let replies = at_once(8, |_| server.get("viewer", "/v1/reports/overview"));
        assert!(replies.iter().all(|reply| reply.status == 200));
        server
            .post("officer", "/v1/disbursements", &body)
            .expect(201);
    }
    assert_eq!(records(&world).len(), 8 + 3);
}

#[test]
fn amid_stalls_and_cuts_each_key_has_one_effect() {
    let Some((world, proxy, server)) = cut_off_world() else {
        return;
    };
    let over = AtomicBool::new(false);
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            let fates = [Fate::Lost, Fate::Unanswered];
            let mut fates = fates.iter().cycle();
            while !over.load(Ordering::Relaxed) {
                proxy.next_commit(*fates.next().unwrap());
                std::thread::sleep(std::time::Duration::from_millis(30));
                proxy.cut();
                proxy.mend();
            }
        });
        let told = at_once(6, |writer| {
            for number in 0..10 {
                let key = format!("{writer}-{number}");
                let body = world.cash_to("drivers", &key, "10");
                let send = || server.post_with_key("officer", "/v1/disbursements", &key, &body);
                let mut replies = (0..TRIES).map(|_| send());
                let last = replies.find(|reply| !matches!(reply.status, 503 | 409));
                last.unwrap().expect(201);
            }
        });
        over.store(true, Ordering::Relaxed);
        told.len() * 10
    });
    assert_eq!(records(&world).len(), told);
}

#[test]
fn without_a_statement_cache_the_same_is_done_and_nothing_is_kept() {
    let world = World::new();
    world.with_budget();
    let uncached = world.url().with_statement_cache(false);
    let server = world.beside_at(uncached.clone());
    let paid = server.paid("drivers", "somebody", "10");
    server
        .get("viewer", &format!("/v1/disbursements/{paid}"))
        .expect(200);
    server.get("viewer", "/v1/reports/overview").expect(200);
    let kept = |url: &Url| {
        let mut conn = Conn::open(url, Use::Read).unwrap();
        for _ in 0..3 {
            heads(&mut conn).unwrap();
        }
        let count = sql::<BigInt>("(SELECT count(*) FROM pg_prepared_statements)");
        diesel::select(count).get_result::<i64>(&mut conn).unwrap()
    };
    if world.url().is_shared() {
        assert_eq!(kept(&uncached), 0);
        assert!(kept(&world.url()) > 0, "the test sees what is kept");
    }
}
