//! Two servers over one set of books: what holds for many at once holds between them as well.

use std::sync::atomic::{AtomicBool, Ordering};

use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use serde_json::json;

use crate::races::{MANY, answers, at_once, counted, records};
use crate::support::World;

/// Merchants that are one in pairs.
const MANY_MERCHANTS: u16 = 40;

#[test]
fn a_budget_is_not_overspent_between_two_servers() {
    let one = World::new();
    one.with_budget();
    one.paid("drivers", "somebody", "50000");
    let two = one.beside();
    let submit = |index| one.submit("drivers", &format!("driver-{index}"), "100000");
    let ids: Vec<String> = (0..MANY).map(submit).collect();
    let replies = at_once(MANY, |index| {
        let world = [&one, &two][index % 2];
        world.verb("approver", &ids[index], "approve", &json!({}))
    });
    let approved = replies.iter().filter(|reply| reply.status == 200).count();
    let available = one.fund_report("mobility")["available"]
        .as_str()
        .unwrap()
        .to_owned();
    let left: usize = available.parse().unwrap();
    assert!(left < 100_000, "{left} are left, and somebody was refused");
    let refused = MANY - approved;
    assert!(approved > 0 && refused > 0, "{approved} of {MANY}");
    assert_eq!(
        answers(&replies),
        counted([("200 ", approved), ("409 insufficient_available", refused)])
    );
}

#[test]
fn a_key_has_one_effect_whichever_server_it_is_sent_to() {
    let one = World::new();
    one.with_budget();
    let two = one.beside();
    let body = one.cash_to("drivers", "driver-1", "1000");
    let replies = at_once(16, |index| {
        let world = [&one, &two][index % 2];
        world.post_with_key("officer", "/v1/disbursements", "the-key", &body)
    });
    // Who comes while the first is still at work is told so, by the server that knows of it.
    for reply in &replies {
        assert!(
            matches!(reply.status, 201 | 409),
            "{} {}",
            reply.status,
            reply.body
        );
    }
    let first = one.post_with_key("officer", "/v1/disbursements", "the-key", &body);
    for reply in replies.iter().filter(|reply| reply.status == 201) {
        assert_eq!(reply.bytes, first.bytes);
    }
    assert_eq!(records(&one).len(), 1);
}

#[test]
fn one_key_for_two_books_takes_effect_in_one() {
    let one = World::new();
    one.with_budget();
    let two = one.beside();
    let worlds = [&one, &two];
    let codes: Vec<String> = (0..12).map(|number| format!("fund-{number}")).collect();
    let replies = at_once(codes.len(), |index| {
        let body = json!({
            "code": codes[index], "name": {"ko": "기금", "en": "Fund"}, "kind": "internal",
            "commitment": "1000", "effective_on": "2022-01-01",
            "period": {"start": "2022-01-01", "end": "2022-12-31"}, "part_of": null,
            "spend_limit": "commitment", "in_kind_counted_at": "cost",
        });
        worlds[index % 2].post_with_key("manager", "/v1/funds", "the-key", &body)
    });
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(made, 1, "{:?}", answers(&replies));
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert!(
            ["idempotency_key_reused", "idempotency_in_progress"].contains(&reply.code()),
            "{} {}",
            reply.status,
            reply.body
        );
    }
}

#[test]
fn books_that_open_at_the_same_moment_are_all_there() {
    let one = World::new();
    let two = one.beside();
    let codes: Vec<String> = (0..MANY / 2)
        .map(|number| format!("fund-{number}"))
        .collect();
    let replies = at_once(codes.len(), |index| {
        let body = json!({
            "code": codes[index], "name": {"ko": "기금", "en": "Fund"}, "kind": "internal",
            "commitment": "1000", "effective_on": "2022-01-01",
            "period": {"start": "2022-01-01", "end": "2022-12-31"}, "part_of": null,
            "spend_limit": "commitment", "in_kind_counted_at": "cost",
        });
        [&one, &two][index % 2].post("manager", "/v1/funds", &body)
    });
    for reply in &replies {
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
}

#[test]
fn a_person_paid_out_of_two_books_at_once_counts_once() {
    let one = World::new();
    let two = one.beside();
    for fund in ["north", "south"] {
        one.fund(fund, "1000000000");
        one.program_with(fund, &[fund], &json!({ "approval": "none" }));
        one.allocate(fund, fund, "1000000000");
    }
    let numbers = [
        "124-81-00998",
        "617-28-49052",
        "482-91-73659",
        "101-11-00013",
    ];
    let replies = at_once(MANY, |index| {
        let program = ["north", "south"][index % 2];
        let mut body = one.cash_to(program, "x", "1000");
        body["beneficiary"] = json!({
            "kind": "merchant", "registration_number": numbers[(index / 4) % 4], "region": "11",
        });
        [&one, &two][(index / 2) % 2].post("officer", "/v1/disbursements", &body)
    });
    assert_eq!(answers(&replies), counted([("201 ", MANY)]));
    // Ending the test counts people again, and compares.
    let report = one.get("viewer", "/v1/reports/programs/north").expect(200);
    assert_eq!(
        report.body["beneficiaries"]["unique_overall"],
        numbers.len()
    );
}

/// On the embedded engine there is no connection to cut; what is left is a load like any other.
#[test]
fn connections_that_break_lose_and_double_nothing() {
    let world = World::new();
    world.with_budget();
    let over = AtomicBool::new(false);
    let (recorded, unknown) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                world.cut_off();
                std::thread::sleep(std::time::Duration::from_millis(40));
            }
        });
        let told = at_once(8, |writer| record_until_told(&world, writer));
        over.store(true, Ordering::Relaxed);
        let sum = |part: fn(&(usize, usize)) -> usize| told.iter().map(part).sum::<usize>();
        (sum(|told| told.0), sum(|told| told.1))
    });
    assert_eq!(recorded, 8 * 20);
    assert_eq!(
        records(&world).len(),
        recorded,
        "{unknown} were once unknown"
    );
    world.get("viewer", "/v1/reports/overview").expect(200);
}

/// Records twenty disbursements, each sent with its key until it is told to be there; counts them,
/// and how often the outcome was not known.
fn record_until_told(world: &World, writer: usize) -> (usize, usize) {
    let (mut recorded, mut unknown) = (0, 0);
    for number in 0..20 {
        let who = format!("driver-{writer}-{number}");
        let body = world.cash_to("drivers", &who, "10");
        loop {
            let reply = world.post_with_key("officer", "/v1/disbursements", &who, &body);
            if reply.status == 201 {
                recorded += 1;
                break;
            }
            // Whoever reads is told so as well, and never that something is wrong with the server.
            assert!(
                matches!(reply.status, 503 | 409),
                "{} {}",
                reply.status,
                reply.body
            );
            unknown += usize::from(reply.code() == "outcome_unknown");
        }
    }
    (recorded, unknown)
}

/// A tenth of what the demo gives its merchants: eight writers turn from one server to the other
/// with each row, and pay on the other; some rows are sent to both.
#[test]
fn a_load_like_the_demos_through_two_servers_ends_in_exact_figures() {
    const ROWS: usize = 2_000;
    const WRITERS: usize = 8;
    let one = World::new();
    one.fund("merchants", "600000000");
    let terms = json!({ "kind": "merchant_support", "approval": "none",
        "one_payment_per": "round" });
    one.program_with("merchants", &["merchants"], &terms);
    one.allocate("merchants", "merchants", "600000000");
    let two = one.beside();
    let record = |world: &World, row: usize| {
        let (kind, serial) = (u8::try_from(row % 50 + 1), u16::try_from(row / 50 + 1));
        let number = RegistrationNumber::from_serial(999, kind.unwrap(), serial.unwrap()).unwrap();
        let region = ["11", "26", "41", "50"][row % 4];
        let mut body = world.cash_to("merchants", "x", "300000");
        body["round"] = json!("1");
        body["external_id"] = json!(format!("demo-{row}"));
        body["beneficiary"] = json!({ "kind": "merchant",
            "registration_number": number.as_digits(), "region": region });
        world.post_with_key("officer", "/v1/disbursements", &format!("row-{row}"), &body)
    };
    at_once(WRITERS, |writer| {
        for turn in 0..ROWS / WRITERS {
            let row = turn * WRITERS + writer;
            let [here, there] = [[&one, &two], [&two, &one]][(turn + writer) % 2];
            let recorded = record(here, row).expect(201);
            if row.is_multiple_of(25) {
                assert_eq!(record(there, row).expect(201).bytes, recorded.bytes);
            }
            there
                .verb("treasurer", recorded.text("/id"), "pay", &json!({}))
                .expect(200);
        }
    });
    let told = [&one, &two].map(|world| {
        let path = "/v1/reports/programs/merchants";
        world.get("auditor", path).expect(200)
    });
    assert_eq!(told[0].bytes, told[1].bytes);
    let report = &told[0].body;
    assert_eq!(report["disbursed"], "600000000");
    assert_eq!(report["available"], "0");
    assert_eq!(report["beneficiaries"]["unique"], ROWS);
    assert_eq!(report["beneficiaries"]["payments"], ROWS);
    for world in [&one, &two] {
        let refused = record(world, ROWS).refusal();
        assert_eq!(refused, "409 | insufficient_available");
    }
    // Ending the test derives every figure again.
}

#[test]
fn a_merge_on_one_server_amid_payments_on_another_leaves_one_person() {
    let one = World::new();
    let two = one.beside();
    one.program_with("north", &[], &json!({ "approval": "none" }));
    let merchants: Vec<(String, String)> = (1..=MANY_MERCHANTS)
        .map(|serial| {
            let number = RegistrationNumber::from_serial(101, 11, serial).unwrap();
            let digits = number.as_digits().to_owned();
            let body = json!({ "kind": "merchant", "registration_number": digits });
            let id = one.post("officer", "/v1/beneficiaries", &body).made();
            (id, digits)
        })
        .collect();
    let pairs: Vec<_> = merchants.chunks(2).collect();
    for pair in &pairs {
        let body = json!({ "into": pair[1].0, "reason": "same" });
        let path = format!("/v1/beneficiaries/{}/merge", pair[0].0);
        one.post("officer", &path, &body).expect(200);
    }
    // Of each three requests one approves a merge, the others pay either of the two.
    let replies = at_once(3 * pairs.len(), |index| {
        let pair = pairs[index / 3];
        match index % 3 {
            0 => {
                let path = format!("/v1/beneficiaries/{}/merge/approve", pair[0].0);
                one.post("approver", &path, &json!({}))
            }
            which => {
                let mut body = two.cash_to("north", "x", "1000");
                let whom = &pair[which - 1].1;
                body["beneficiary"] = json!({ "kind": "merchant", "registration_number": whom });
                two.post("officer", "/v1/disbursements", &body)
            }
        }
    });
    let all = pairs.len();
    assert_eq!(
        answers(&replies),
        counted([("200 ", all), ("201 ", 2 * all)])
    );
    let report = one.get("viewer", "/v1/reports/programs/north").expect(200);
    assert_eq!(report.body["beneficiaries"]["unique_overall"], all);
}
