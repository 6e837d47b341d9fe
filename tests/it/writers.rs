//! Several threads that write: books do not wait for each other, and every sum stays exact.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use serde_json::json;

use sangsaeng::db::{Conn, Use};

use crate::races::{answers, at_once, counted};
use crate::support::World;
use crate::support::proxy::Proxy;

/// Funds that are written at the same time.
const FUNDS: [&str; 5] = ["north", "south", "east", "west", "middle"];
/// Payments out of each of them.
const PAYMENTS: usize = 24;
/// How often it is looked whether something has come about, and the pause between.
const LOOKS: usize = 2_000;
const PAUSE: Duration = Duration::from_millis(10);

/// Funds with a program each, whose payments need no approval.
fn world_of(funds: &[&str]) -> World {
    let world = World::new();
    for fund in funds {
        world.fund(fund, "1000000");
        world.program_with(fund, &[fund], &json!({ "approval": "none" }));
        world.allocate(fund, fund, "1000000");
    }
    world
}

/// Somebody who holds the head of a book, as another server does while it writes to it.
fn hold(world: &World, key: &str) -> Conn {
    let mut conn = Conn::open(&world.url(), Use::Write).unwrap();
    let update = format!("UPDATE books SET sequence = sequence WHERE key = '{key}'");
    conn.batch_execute(&format!("BEGIN; {update}")).unwrap();
    conn
}

/// Waits until something has come about.
fn until(what: &str, mut came: impl FnMut() -> bool) {
    let came = (0..LOOKS).any(|_| {
        std::thread::sleep(PAUSE);
        came()
    });
    assert!(came, "{what}");
}

/// Waits until so many connections to the database wait for a lock.
fn until_waiting(world: &World, connections: i64) {
    let watch = world.watch();
    let waiting = || {
        watch.number(
            "SELECT count(*) AS value FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
    };
    until("nobody waits", || waiting() == connections);
}

#[test]
fn a_book_that_somebody_holds_keeps_no_other_waiting() {
    let world = world_of(&["north", "south"]);
    if !world.url().is_shared() {
        return;
    }
    let pay = |program: &str, to: &str| {
        let body = world.cash_to(program, to, "1000");
        world.post("officer", "/v1/disbursements", &body)
    };
    let held = hold(&world, "fund:north");
    std::thread::scope(|scope| {
        let north = scope.spawn(|| pay("north", "somebody"));
        until_waiting(&world, 1);
        for number in 0..3 {
            pay("south", &format!("driver-{number}")).expect(201);
        }
        assert!(!north.is_finished());
        drop(held);
        north.join().unwrap().expect(201);
    });
}

#[test]
fn as_many_books_are_written_at_a_time_as_there_are_threads() {
    let world = world_of(&FUNDS);
    if !world.url().is_shared() {
        return;
    }
    let threads = sangsaeng::db::writer::THREADS;
    let held: Vec<Conn> = FUNDS
        .map(|fund| hold(&world, &format!("fund:{fund}")))
        .into();
    std::thread::scope(|scope| {
        let pay = |fund: &'static str| {
            let body = world.cash_to(fund, "somebody", "1000");
            world.post("officer", "/v1/disbursements", &body)
        };
        let paid: Vec<_> = FUNDS.map(|fund| scope.spawn(move || pay(fund))).into();
        until_waiting(&world, i64::try_from(threads).unwrap());
        drop(held);
        for paid in paid {
            paid.join().unwrap().expect(201);
        }
    });
}

#[test]
fn what_is_slow_is_waited_for_as_long_as_the_database_lives() {
    let world = world_of(&["north"]);
    let Some(proxy) = Proxy::before(&world) else {
        return;
    };
    let server = world.beside_at(proxy.url());
    let body = world.cash_to("north", "somebody", "1000");
    let held = hold(&world, "fund:north");
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| server.post("officer", "/v1/disbursements", &body));
        until_waiting(&world, 1);
        // Nobody else connects, and the first sign of life is asked for after a second.
        let before = proxy.made();
        until("no sign of life is asked for", || {
            proxy.made() >= before + 3
        });
        assert!(!slow.is_finished());
        drop(held);
        slow.join().unwrap().expect(201);
    });
}

#[test]
fn funds_that_race_are_spent_to_the_won() {
    let world = world_of(&FUNDS);
    let replies = at_once(FUNDS.len() * PAYMENTS, |index| {
        let (fund, number) = (FUNDS[index % FUNDS.len()], index / FUNDS.len());
        // The last ones of each find nothing left.
        let body = world.cash_to(fund, &format!("driver-{number}"), "50000");
        world.post("officer", "/v1/disbursements", &body)
    });
    let (paid, refused) = (20 * FUNDS.len(), 4 * FUNDS.len());
    assert_eq!(
        answers(&replies),
        counted([("201 ", paid), ("409 insufficient_available", refused)])
    );
    for fund in FUNDS {
        assert_eq!(world.fund_report(fund)["available"], "0", "{fund}");
    }
}
