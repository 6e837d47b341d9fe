//! Lists: in pages, in one order, narrowed by what they show.

use serde_json::{Value, json};

use super::answers::operations;
use crate::imports::HEADER;
use crate::support::document::document;
use crate::support::{Reply, World};

/// Every list there is, of the fund `mobility` or the record `amended` where it needs one.
fn lists(world: &World) -> Vec<String> {
    let amended = |noun: &str| {
        let path = format!("/v1/{noun}?external_id=amended");
        let found = world.get("admin", &path).expect(200);
        found.text("/data/0/id").to_owned()
    };
    let (disbursement, donation) = (amended("disbursements"), amended("donations"));
    let of_record = |path: &str| match path.strip_prefix("/v1/donations/{id}") {
        Some(rest) => format!("/v1/donations/{donation}{rest}"),
        None => path.replace(
            "/v1/disbursements/{id}",
            &format!("/v1/disbursements/{disbursement}"),
        ),
    };
    let has_pages = |path: &str| {
        let parameters = &document()["paths"][path]["get"]["parameters"];
        let parameters = parameters.as_array().into_iter().flatten();
        parameters
            .clone()
            .any(|parameter| parameter["name"] == "cursor")
    };
    let gets = operations()
        .into_iter()
        .filter(|(method, path)| method == "get" && has_pages(path));
    let pledges = world.get("admin", "/v1/pledges?limit=1").expect(200);
    let pledge = pledges.text("/data/0/id").to_owned();
    let passed_on = world.get("viewer", "/v1/donations?external_id=passed-on");
    let passed_on = passed_on.expect(200).text("/data/0/id").to_owned();
    let imports = world.get("admin", "/v1/imports?limit=1").expect(200);
    let import = imports.text("/data/0/id").to_owned();
    gets.map(|(_, path)| {
        of_record(&path)
            .replace("/imports/{id}", &format!("/imports/{import}"))
            .replace("/pledges/{id}", &format!("/pledges/{pledge}"))
            .replace(&format!("{donation}/uses"), &format!("{passed_on}/uses"))
            .replace("{fund}", "mobility")
    })
    .collect()
}

/// Books in which every list has five rows at least.
fn full() -> World {
    let world = World::new();
    world.with_budget();
    world.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    world.program_with("aid", &[], &json!({ "approval": "none" }));
    let mut grant = world.cash_to("aid", "DRV-0", "100");
    grant["external_id"] = json!("amended");
    grant["beneficiary"] = json!({ "kind": "group", "count": 5 });
    world
        .post("officer", "/v1/disbursements", &grant)
        .expect(201);
    for number in 1..=5 {
        rows(&world, number);
        amended(&world, number);
    }
    uses(&world);
    world
}

/// One amendment more of the records that are amended.
fn amended(world: &World, number: u32) {
    if number == 1 {
        let gift = json!({ "program": "aid", "recipient": "house-1", "recipient_role": "end",
            "designated": true, "form": "cash", "amount": "300", "planned_on": "2022-11-03",
            "external_id": "amended" });
        world.post("officer", "/v1/donations", &gift).expect(201);
    }
    let body = json!({ "purpose": format!("{number}"), "reason_class": "update", "reason": "x" });
    for noun in ["disbursements", "donations"] {
        let path = format!("/v1/{noun}?external_id=amended");
        let found = world.get("admin", &path).expect(200);
        let amend = format!("/v1/{noun}/{}/amend", found.text("/data/0/id"));
        world.post("officer", &amend, &body).expect(201);
    }
}

/// One row more in every list.
fn rows(world: &World, number: u32) {
    world.fund(&format!("fund-{number}"), "1000");
    world.program(&format!("program-{number}"), &[]);
    let post = |user: &str, path: &str, body: Value| world.post(user, path, &body).expect(201);
    let name = json!({ "ko": "기관", "en": "Organisation" });
    let code = format!("house-{number}");
    post(
        "manager",
        "/v1/organisations",
        json!({ "code": code, "name": name }),
    );
    let run = format!("run-{number}");
    world.program_with(&run, &[], &json!({ "partner": code }));
    world.client(&code, &[&run], &["submit"]);
    let run = format!("/v1/programs/{run}");
    let nobodys = json!({ "partner": null });
    world.patch("manager", &run, "\"1\"", &nobodys).expect(200);
    let line = json!({ "fiscal_year": 2022, "amount": number });
    let plan = json!({ "version_reason": "x", "lines": [line] });
    post("manager", "/v1/funds/mobility/plans", plan);
    let raise = json!({ "change": "raise", "amount": number, "reason": "x" });
    post("manager", "/v1/funds/mobility/commitments", raise);
    let paid_in = json!({ "amount": number, "from": "회사" });
    post("manager", "/v1/funds/mobility/contributions", paid_in);
    let allocation = json!({ "program": "drivers", "amount": number, "kind": "allocate" });
    post("manager", "/v1/funds/mobility/allocations", allocation);
    let limit = json!({ "program": "drivers", "reason": "x" });
    let proposed = world.post("manager", "/v1/proposals", &limit);
    proposed.expect(202);
    world.submit("drivers", &format!("DRV-{number}"), "100");
    let gift = json!({ "recipient": code, "recipient_role": "end", "designated": true,
        "form": "cash", "amount": "300", "planned_on": "2022-11-03" });
    post("officer", "/v1/donations", gift);
    let sale = json!({ "program": "makers", "product": { "code": "rice", "name": "쌀" },
        "sold_on": "2022-11-01", "quantity_kg": "10", "amount": "5000", "orders": number });
    post("officer", "/v1/sales", sale);
    let name = json!({ "ko": "지표", "en": "Indicator" });
    let code = format!("followed-{number}");
    let indicator = json!({ "code": code, "name": name, "unit": "people", "additive": false,
        "accumulation": "in_period", "better": "up" });
    post("manager", "/v1/indicators", indicator);
    let measured = json!({ "indicator": code, "value": number, "nature": "measured",
        "period": { "start": "2022-10-01", "end": "2022-10-31" } });
    post("officer", "/v1/measurements", measured);
    let milestones: Vec<Value> = (1..=5)
        .map(|part| json!({ "title": part.to_string() }))
        .collect();
    let pledge = json!({ "title": "약속", "statement": "합니다", "milestones": milestones,
        "source": { "title": "발표", "date": "2022-11-01" } });
    post("communicator", "/v1/pledges", pledge);
    let claim = json!({ "statement": "x", "source": "x", "said_on": "2022-11-03",
        "as_of": "2022-11-03", "comparator": "gte", "value": number, "nature": "estimate" });
    post("communicator", "/v1/claims", claim);
    let day = format!("2022-10-0{number}");
    let stated = json!({ "program": "makers", "period": { "start": day, "end": day },
        "basis": "in_period", "amount": number });
    post("officer", "/v1/sales/statements", stated);
    // Five rows, and something wrong with each.
    let wrong = format!("drivers,현금,종사자,x,서울,{number}.5,2022-11-03,x\n").repeat(5);
    let import = world.sent("", &format!("{HEADER}{wrong}"));
    world.settled(&import);
}

/// A donation that an intermediary passes on day by day.
fn uses(world: &World) {
    let gift = json!({ "recipient": "house-1", "recipient_role": "intermediary",
        "designated": true, "form": "cash", "amount": "300", "planned_on": "2022-11-03",
        "external_id": "passed-on" });
    let id = world.post("officer", "/v1/donations", &gift).made();
    world.step("donations", &id, "approve", "2022-11-03");
    world.step("donations", &id, "pay", "2022-11-03");
    for number in 1..=5 {
        let day = format!("2022-11-0{number}");
        world.set_day("2022-11-05");
        let period = json!({ "start": day, "end": day });
        let used = json!({ "period": period, "used": number, "returned": 0 });
        world
            .post("officer", &format!("/v1/donations/{id}/uses"), &used)
            .expect(201);
    }
    world.set_day("2022-11-03");
}

fn data(reply: &Reply) -> Vec<Value> {
    reply.body["data"].as_array().unwrap().clone()
}

/// Where a page says that the next one is.
fn next(reply: &Reply) -> Option<String> {
    let link = reply
        .header("link")?
        .strip_prefix('<')?
        .strip_suffix(">; rel=\"next\"")?;
    assert!(link.contains(reply.text("/next_cursor")), "{link}");
    Some(link.to_owned())
}

#[test]
fn whoever_walks_all_pages_sees_each_row_once_in_the_same_order() {
    let world = full();
    let lists = lists(&world);
    assert_eq!(lists.len(), 26, "{lists:?}");
    for list in lists {
        let whole = world
            .get("admin", &format!("{list}?limit=1000"))
            .expect(200);
        let whole = data(&whole.as_told("GET", &list));
        assert!(whole.len() >= 5, "{list}");
        assert_eq!(data(&world.get("admin", &list)), whole, "{list}");
        for limit in [1, 2, 5, whole.len()] {
            let (mut walked, mut page) = (Vec::new(), Some(format!("{list}?limit={limit}")));
            while let Some(path) = page {
                let reply = world.get("admin", &path).expect(200);
                assert!(data(&reply).len() <= limit, "{path}");
                walked.extend(data(&reply));
                page = next(&reply);
                assert_eq!(
                    page.is_none(),
                    reply.body["next_cursor"].is_null(),
                    "{path}"
                );
            }
            assert_eq!(walked, whole, "{list} by {limit}");
        }
    }
}

#[test]
fn rows_that_come_while_somebody_walks_disturb_no_page() {
    let world = World::new();
    world.with_budget();
    let submit = |number| world.submit("drivers", &format!("DRV-{number}"), "100");
    let early: Vec<String> = (0..5).map(submit).collect();
    let mut reply = world.get("viewer", "/v1/disbursements?limit=2").expect(200);
    let mut seen = data(&reply);
    let mut late = Vec::new();
    while let Some(path) = next(&reply) {
        if late.len() < 3 {
            late.push(submit(10 + late.len()));
        }
        reply = world.get("viewer", &path).expect(200);
        seen.extend(data(&reply));
    }
    let seen: Vec<&str> = seen.iter().map(|row| row["id"].as_str().unwrap()).collect();
    let all: Vec<&str> = early.iter().chain(&late).map(String::as_str).collect();
    assert_eq!(seen, all);
}

#[test]
fn a_page_has_between_one_row_and_a_thousand() {
    let world = full();
    for list in lists(&world) {
        for (limit, code) in [
            ("0", "too_small"),
            ("-1", "too_small"),
            ("1001", "too_large"),
            ("99999999999999999999", "too_large"),
            ("ten", "not_a_number"),
            ("1.0", "not_a_number"),
            ("1e2", "not_a_number"),
            ("%2B5", "not_a_number"),
            ("", "not_a_number"),
        ] {
            let refused = world
                .get("admin", &format!("{list}?limit={limit}"))
                .refusal();
            assert_eq!(
                refused,
                format!("422 | invalid_fields | ?limit {code}"),
                "{list} {limit}"
            );
        }
        let twice = world.get("admin", &format!("{list}?limit=1&limit=2"));
        assert_eq!(
            twice.refusal(),
            "422 | invalid_fields | ?limit duplicate_field",
            "{list}"
        );
        let odd = world.get("admin", &format!("{list}?limit=0&cursor=AAAA&colour=red"));
        let mut faults = odd.faults();
        faults.sort_unstable();
        assert_eq!(faults[0], "?colour unknown_field", "{list}");
        assert_eq!(faults.last().unwrap(), "?limit too_small", "{list}");
    }
}

#[test]
fn a_cursor_is_of_one_list_and_cannot_be_made() {
    let world = full();
    let bad = "422 | invalid_fields | ?cursor bad_cursor";
    let cursor_of = |list: &str| {
        let reply = world.get("admin", list).expect(200);
        reply.text("/next_cursor").to_owned()
    };
    let lists = lists(&world);
    for list in &lists {
        let cursor = cursor_of(&format!("{list}?limit=1"));
        for other in lists.iter().filter(|other| *other != list) {
            let refused = world
                .get("admin", &format!("{other}?cursor={cursor}"))
                .refusal();
            assert_eq!(refused, bad, "{list} {other}");
        }
        let forged = format!("{cursor}A");
        let cut: String = cursor.chars().skip(1).collect();
        let other_key = cursor.chars().rev().collect::<String>();
        for text in [
            "A",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "%00",
            "..%2F",
            &forged,
            &cut,
            &other_key,
        ] {
            let refused = world.get("admin", &format!("{list}?cursor={text}"));
            assert_eq!(refused.status, 422, "{list} {text}");
            assert!(refused.faults()[0].starts_with("?cursor "), "{list} {text}");
        }
    }
    // Another length of page is the same list; another filter is not.
    let cursor = cursor_of("/v1/disbursements?limit=2&program=drivers");
    let with = |query: &str| {
        world.get(
            "admin",
            &format!("/v1/disbursements?{query}&cursor={cursor}"),
        )
    };
    assert_eq!(
        data(&with("program=drivers&limit=1000").expect(200)).len(),
        3
    );
    for query in [
        "limit=2",
        "program=makers",
        "program=drivers&status=submitted",
    ] {
        assert_eq!(with(query).refusal(), bad, "{query}");
    }
    let long = "A".repeat(1_025);
    let refused = world.get("admin", &format!("/v1/disbursements?cursor={long}"));
    assert_eq!(refused.refusal(), "422 | invalid_fields | ?cursor too_long");
}

#[test]
fn a_link_keeps_the_filters_of_its_list() {
    let world = World::new();
    world.with_budget();
    for number in 0..3 {
        let mut body = world.cash_to("drivers", &format!("DRV-{number}"), "100");
        body["purpose"] = json!("유류비 & 보험");
        body["attributes"] = json!({ "wave": "2022:08" });
        world
            .post("officer", "/v1/disbursements", &body)
            .expect(201);
    }
    world.submit("drivers", "DRV-9", "100");
    let query = "attribute=wave:2022%3A08&q=%EC%9C%A0%EB%A5%98%EB%B9%84+%26+%EB%B3%B4%ED%97%98";
    let mut reply = world
        .get("viewer", &format!("/v1/disbursements?limit=1&{query}"))
        .expect(200);
    let mut walked = 1;
    while let Some(path) = next(&reply) {
        reply = world.get("viewer", &path).expect(200);
        walked += data(&reply).len();
    }
    assert_eq!(walked, 3);
}

/// Three disbursements that differ in everything that lists are narrowed by, named by purpose.
fn told_apart() -> World {
    let world = World::new();
    world.with_budget();
    world.fund("second", "500000");
    world.program("merchants", &["mobility", "second"]);
    world.program("outside", &[]);
    let post = |body: Value| {
        let reply = world
            .post("officer", "/v1/disbursements", &body)
            .expect(201);
        reply.text("/id").to_owned()
    };
    let to = |reference: &str, region: Value| json!({ "kind": "worker", "reference": reference, "region": region });
    let one = post(
        json!({ "program": "drivers", "round": "1", "beneficiary": to("A", json!("11")),
        "form": "cash", "amount": "100", "planned_on": "2022-09-01", "purpose": "one fuel",
        "external_id": "E-1", "attributes": { "wave": "a", "channel": "chat" } }),
    );
    post(
        json!({ "program": "merchants", "fund": "second", "round": "2",
        "beneficiary": to("A", json!("11110")), "form": "cash", "amount": "100",
        "planned_on": "2022-10-01", "purpose": "two", "attributes": { "wave": "a" },
        "voucher_number": "V_2" }),
    );
    post(
        json!({ "program": "outside", "beneficiary": to("C", Value::Null), "form": "cash",
        "amount": "100", "planned_on": "2022-11-03", "purpose": "three Fuel",
        "attributes": { "wave": "b%" } }),
    );
    world
        .verb("approver", &one, "approve", &json!({}))
        .expect(200);
    world
}

#[test]
fn disbursements_are_narrowed_by_what_they_show() {
    let world = told_apart();
    let found = |query: &str| {
        let reply = world
            .get("viewer", &format!("/v1/disbursements?{query}"))
            .expect(200);
        let rows = data(&reply);
        let first_words = rows.iter().map(|row| {
            row["purpose"]
                .as_str()
                .unwrap()
                .split(' ')
                .next()
                .unwrap()
                .to_owned()
        });
        first_words.collect::<Vec<_>>().join(" ")
    };
    let all = world.get("viewer", "/v1/disbursements").body["data"].clone();
    let person = format!(
        "beneficiary={}",
        all[0]["beneficiary"]["id"].as_str().unwrap()
    );
    for (query, rows) in [
        ("limit=5", "one two three"),
        ("status=submitted", "two three"),
        ("status=approved", "one"),
        ("status=paid", ""),
        ("program=drivers", "one"),
        ("program=nowhere", ""),
        ("fund=second", "two"),
        ("fund=mobility", "one"),
        ("round=1", "one"),
        ("region=11", "one two"),
        ("region=KR-11", "one two"),
        ("region=11110", "two"),
        ("region=26", ""),
        (&person, "one"),
        ("from=2022-10-01", "two three"),
        ("to=2022-10-01", "one two"),
        ("from=2022-09-02&to=2022-11-02", "two"),
        ("from=2022-11-04", ""),
        ("from=2022-10-02&to=2022-10-01", ""),
        ("external_id=E-1", "one"),
        ("attribute=wave:a", "one two"),
        ("attribute=channel:chat", "one"),
        ("attribute=wave:b%25", "three"),
        ("attribute=wave:b", ""),
        ("q=fuel", "one three"),
        ("q=E-1", "one"),
        ("q=V_2", "two"),
        ("q=%25", ""),
        ("q=_", "two"),
        (
            "region=11&status=submitted&from=2022-10-01&attribute=wave:a",
            "two",
        ),
    ] {
        assert_eq!(found(query), rows, "{query}");
    }
}

#[test]
fn a_filter_that_makes_no_sense_is_refused_with_all_others() {
    let world = World::new();
    world.with_budget();
    let query = "status=odd&program=UPPER&fund=x&region=99x&from=yesterday&to=2022-02-30\
        &attribute=Wave:a&limit=0&round=&beneficiary=%20a&q=a%00";
    let refused = world.get("viewer", &format!("/v1/disbursements?{query}"));
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | ?q control_character"
    );
    let refused = world.get(
        "viewer",
        &format!("/v1/disbursements?{}", query.replace("%00", "")),
    );
    let mut faults = refused.expect(422).faults();
    faults.sort_unstable();
    let expected = [
        "?attribute bad_attribute_name",
        "?beneficiary outer_space",
        "?from not_a_day",
        "?fund bad_code",
        "?limit too_small",
        "?program bad_code",
        "?region unknown_region",
        "?round empty",
        "?status unknown_value",
        "?to no_such_day",
    ];
    assert_eq!(faults, expected);
    let refused = world.get("viewer", "/v1/disbursements?region=99");
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | ?region unknown_region"
    );
    let many: Vec<String> = (0..65).map(|number| format!("p{number}=x")).collect();
    let refused = world.get("viewer", &format!("/v1/disbursements?{}", many.join("&")));
    assert_eq!(refused.refusal(), "422 | invalid_fields |  too_many");
}

#[test]
fn master_data_and_people_are_narrowed_by_what_they_show() {
    let world = full();
    let child = json!({ "part_of": "mobility", "kind": "foundation" });
    world.fund_with("child", "100", &child);
    world.program_with("run", &["child"], &json!({ "partner": "house-1" }));
    let why = json!({ "reason": "끝" });
    world
        .post("manager", "/v1/programs/program-1/close", &why)
        .expect(200);
    world
        .post("manager", "/v1/funds/fund-1/close", &why)
        .expect(200);
    let number = json!({ "code": "bank", "name": { "ko": "은행", "en": "The Bank" },
        "kind": "company", "registration_number": "101-11-00013" });
    world
        .post("manager", "/v1/organisations", &number)
        .expect(201);
    let person = json!({ "kind": "merchant", "registration_number": "220-81-62517",
        "region": "11110" });
    world
        .post("officer", "/v1/beneficiaries", &person)
        .expect(201);
    for (list, count) in [
        ("/v1/funds?status=closed", 1),
        ("/v1/funds?kind=foundation", 1),
        ("/v1/funds?part_of=mobility", 1),
        ("/v1/funds?q=fund-", 5),
        ("/v1/funds?q=%EA%B8%B0%EA%B8%88", 7),
        ("/v1/programs?status=closed", 1),
        ("/v1/programs?kind=produce_sales", 1),
        ("/v1/programs?fund=mobility", 1),
        ("/v1/programs?partner=house-1", 1),
        ("/v1/programs?q=program-", 5),
        ("/v1/organisations?kind=company", 1),
        ("/v1/organisations?q=house-", 5),
        ("/v1/organisations?q=1011100013", 1),
        ("/v1/beneficiaries?kind=merchant", 1),
        ("/v1/beneficiaries?program=drivers", 5),
        ("/v1/beneficiaries?region=11", 6),
        ("/v1/beneficiaries?region=11110", 1),
        ("/v1/donations?recipient=house-2", 1),
        ("/v1/donations?status=submitted&from=2022-11-03", 5),
        ("/v1/sales?product=rice&status=recorded", 5),
        ("/v1/sales?to=2022-10-31", 0),
        ("/v1/sales/statements?basis=in_period&status=recorded", 5),
        ("/v1/sales/statements?from=2022-10-03&to=2022-10-04", 2),
        ("/v1/pledges?state=open&q=%EC%95%BD%EC%86%8D", 5),
        ("/v1/pledges?due_from=2022-01-01", 0),
        (
            "/v1/funds/mobility/contributions?from=2022-11-03&to=2022-11-03",
            5,
        ),
        ("/v1/funds/mobility/allocations?to=2022-04-01", 1),
    ] {
        let reply = world.get("viewer", list).expect(200);
        assert_eq!(data(&reply).len(), count, "{list}");
    }
}
