//! Personal details: locked away from the database, and shown to whom they concern.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{PASSWORD, Reply, World};

/// Who is entered: names, registration numbers and references that are nowhere else.
const NAMES: [&str; 3] = [
    "카나리아 황금상회",
    "Zebedee Quillfeather",
    "박농부카나리아",
];
const NUMBERS: [(&str, &str); 2] = [
    ("617-28-49052", "6172849052"),
    ("482-91-73659", "4829173659"),
];
const REFERENCES: [&str; 3] = ["CANARY-REF-0077", "CANARY-FARM-0078", "CANARY-REF-0079"];
const PASSWORD_CHOSEN: &str = "canary sings at dawn 80";

/// What nobody is to find, in plain.
fn secrets() -> Vec<&'static str> {
    let numbers = NUMBERS
        .iter()
        .flat_map(|(written, digits)| [*written, *digits]);
    NAMES.into_iter().chain(numbers).chain(REFERENCES).collect()
}

/// Enters every secret through every door there is, also where it is refused, and tells the ids of
/// the three people: a merchant, a worker, a producer.
fn enter(w: &World) -> [String; 3] {
    w.with_budget();
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    let to = |who: Value| {
        let mut body = w.cash_to("drivers", "x", "1000");
        body["beneficiary"] = who;
        body["purpose"] = json!("PUBLIC-CANARY");
        body
    };
    let merchant = to(
        json!({ "kind": "merchant", "registration_number": NUMBERS[0].0,
        "name": NAMES[0], "region": "11110" }),
    );
    let worker = to(json!({ "kind": "worker", "reference": REFERENCES[0], "name": NAMES[1] }));
    let path = "/v1/disbursements";
    let first = w
        .post_with_key("officer", path, "merchant", &merchant)
        .expect(201);
    w.post_with_key("officer", path, "merchant", &merchant)
        .expect(201);
    w.call(
        "officer",
        ("POST", "/v1/disbursements?dry_run=true"),
        &[],
        Some(&worker),
    )
    .expect(200);
    let second = w.post("officer", path, &worker).expect(201);
    w.verb("approver", first.text("/id"), "approve", &json!({}))
        .expect(200);
    w.verb("treasurer", first.text("/id"), "pay", &json!({}))
        .expect(200);
    let sale = json!({ "program": "makers", "product": { "code": "rice", "name": "쌀" },
        "producer": { "reference": REFERENCES[1], "name": NAMES[2] }, "sold_on": "2022-11-01",
        "quantity_kg": "10", "amount": "5000", "orders": 2 });
    let sale = w.post("officer", "/v1/sales", &sale).expect(201);
    let person = json!({ "kind": "merchant", "registration_number": NUMBERS[1].1 });
    w.post("officer", "/v1/beneficiaries", &person).expect(201);
    refusals(w, &person);
    let user = json!({ "email": "kim@test.example", "password": PASSWORD_CHOSEN,
        "roles": ["viewer"] });
    w.post("admin", "/v1/users", &user).expect(201);
    [
        first.text("/beneficiary/id").to_owned(),
        second.text("/beneficiary/id").to_owned(),
        sale.text("/producer").to_owned(),
    ]
}

/// The same again where it is refused: none of the answers repeats it.
fn refusals(w: &World, known: &Value) {
    let wrong = json!({ "kind": "worker", "reference": REFERENCES[2], "name": NAMES[1],
        "program": "nowhere", "region": "99" });
    let both = json!({ "kind": "merchant", "registration_number": NUMBERS[0].0,
        "reference": REFERENCES[2], "name": NAMES[0], "program": "drivers" });
    for body in [known, &wrong, &both] {
        let refused = w.post("officer", "/v1/beneficiaries", body);
        assert!(matches!(refused.status, 409 | 422), "{}", refused.body);
        says_nothing(&refused, "a refusal");
    }
}

#[track_caller]
fn says_nothing(reply: &Reply, about: &str) {
    let said = String::from_utf8_lossy(&reply.bytes);
    for secret in secrets() {
        assert!(!said.contains(secret), "{about}: {secret} in {said}");
    }
}

/// What a secret could look like in a file.
fn forms(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let digest = Sha256::digest(bytes);
    let mut forms = vec![
        ("as it is", bytes.to_vec()),
        ("reversed", bytes.iter().rev().copied().collect()),
        ("in hex", hex(bytes).into_bytes()),
        ("in upper hex", hex(bytes).to_uppercase().into_bytes()),
        (
            "in UTF-16",
            secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "in UTF-16 the other way",
            secret.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
        ("hashed", digest.to_vec()),
        ("hashed in hex", hex(&digest).into_bytes()),
        (
            "escaped",
            Value::from(secret)
                .to_string()
                .trim_matches('"')
                .as_bytes()
                .to_vec(),
        ),
    ];
    // In base64 a text looks different at each of three places; its ends depend on its neighbours.
    for skipped in 0..3 {
        let padded = [&b"\0\0"[..skipped], bytes].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&padded).into_bytes();
            let inner = encoded[4..encoded.len() - 3].to_vec();
            forms.push(("in base64", inner));
        }
    }
    forms
}

fn holds(files: &[u8], form: &[u8]) -> bool {
    files.windows(form.len()).any(|window| window == form)
}

#[test]
fn no_file_of_the_database_holds_a_personal_detail_or_a_secret() {
    let mut w = World::new();
    let people = enter(&w);
    let login = json!({ "email": "kim@test.example", "password": PASSWORD_CHOSEN }).to_string();
    let headers = [("content-type", "application/json")];
    let session = w
        .send("POST", "/v1/auth/login", &headers, login.as_bytes())
        .expect(200);
    let tokens = [
        session.text("/access_token"),
        session.text("/refresh_token"),
    ];
    let guarded: Vec<&str> = secrets()
        .into_iter()
        .chain(tokens)
        .chain([PASSWORD_CHOSEN, PASSWORD])
        .collect();
    // Once with the log of writes beside the file, once with everything in the file.
    let open = w.stored();
    w.stop();
    for files in [open, w.stored()] {
        // The grep finds what is there: pseudonyms, and what is no secret.
        for found in people
            .iter()
            .map(String::as_str)
            .chain(["PUBLIC-CANARY", "merchant"])
        {
            assert!(holds(&files, found.as_bytes()), "{found}");
        }
        for secret in &guarded {
            // What the database keeps of a refresh token is its hash, which opens nothing.
            let is_token = tokens.contains(secret);
            for (how, form) in forms(secret) {
                let kept = is_token && how.starts_with("hashed");
                assert!(kept || !holds(&files, &form), "{secret} {how}");
            }
        }
    }
}

#[test]
fn a_stored_answer_names_people_by_their_ids_only() {
    let w = World::new();
    let people = enter(&w);
    let watch = w.watch();
    let body = watch.bytes("body", false);
    let answers = watch.texts(&format!("SELECT {body} AS value FROM idempotency_keys"));
    assert!(answers.len() >= 7, "{}", answers.len());
    let all = answers.join("\n");
    assert!(people.iter().all(|id| all.contains(id.as_str())));
    let events = w.watch().texts("SELECT command AS value FROM events");
    for text in answers.iter().chain(&events) {
        for secret in secrets() {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        for member in [
            "registration_number\":\"",
            "reference\":\"",
            "\"details\":{",
        ] {
            assert!(!text.contains(member), "{member} in {text}");
        }
    }
    assert!(
        events
            .iter()
            .any(|event| event.contains("\"commitment\":\""))
    );
}

#[test]
fn details_are_shown_whole_masked_or_not_at_all_by_role() {
    let w = World::new();
    let [merchant, worker, producer] = enter(&w);
    let seen = |user: &str, id: &str| {
        let path = format!("/v1/beneficiaries/{id}");
        w.get(user, &path).expect(200).as_told("GET", &path).body["details"].clone()
    };
    let details = |masked: bool, number: Value, reference: Value, name: &str| {
        json!({ "masked": masked, "registration_number": number, "reference": reference,
            "name": name })
    };
    let null = || Value::Null;
    let whole = [
        details(false, json!(NUMBERS[0].1), null(), NAMES[0]),
        details(false, null(), json!(REFERENCES[0]), NAMES[1]),
        details(false, null(), json!(REFERENCES[1]), NAMES[2]),
    ];
    let masked = [
        details(true, json!("***-**-*9052"), null(), "카**"),
        details(true, null(), json!("**77"), "Z**"),
        details(true, null(), json!("**78"), "박**"),
    ];
    for (number, id) in [&merchant, &worker, &producer].into_iter().enumerate() {
        assert_eq!(seen("officer", id), whole[number]);
        for user in ["approver", "treasurer", "auditor"] {
            assert_eq!(seen(user, id), masked[number], "{user}");
        }
        for user in ["admin", "manager", "viewer"] {
            assert_eq!(seen(user, id), Value::Null, "{user}");
        }
        let closed = w.get("communicator", &format!("/v1/beneficiaries/{id}"));
        assert_eq!(closed.refusal(), "403 | missing_right");
    }
    let list = w.get("officer", "/v1/beneficiaries").expect(200);
    assert!(String::from_utf8(list.bytes).unwrap().contains(NAMES[0]));
}

#[test]
fn who_may_not_see_people_finds_them_in_no_answer() {
    let w = World::new();
    let people = enter(&w);
    let mut paths: Vec<String> = crate::conventions::answers::operations()
        .into_iter()
        .filter(|(method, path)| method == "get" && path.starts_with("/v1/"))
        .map(|(_, path)| {
            path.replace("{fund}", "mobility")
                .replace("{program}", "drivers")
        })
        .filter(|path| !path.contains('{'))
        .collect();
    paths.extend(people.iter().map(|id| format!("/v1/beneficiaries/{id}")));
    for list in ["/v1/disbursements", "/v1/sales"] {
        let rows = w.get("viewer", list).expect(200).body["data"].clone();
        let ids = rows.as_array().unwrap().iter();
        paths.extend(ids.map(|row| format!("{list}/{}", row["id"].as_str().unwrap())));
    }
    for secret in secrets() {
        let secret: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        paths.push(format!("/v1/disbursements?q={secret}"));
        paths.push(format!("/v1/sales?q={secret}"));
    }
    assert!(paths.len() > 30, "{paths:?}");
    for path in paths {
        for user in ["viewer", "admin", "manager"] {
            says_nothing(&w.get(user, &path), &format!("{user} {path}"));
        }
        // Masked is masked: what an auditor reads holds no whole name, number or reference.
        says_nothing(&w.get("auditor", &path), &path);
    }
}

#[test]
fn looking_for_a_person_by_a_detail_finds_no_record() {
    let w = World::new();
    enter(&w);
    for secret in ["6172849052", "617-28-49052", "CANARY-REF-0077", "Zebedee"] {
        for list in ["/v1/disbursements", "/v1/sales"] {
            let found = w.get("officer", &format!("{list}?q={secret}")).expect(200);
            assert_eq!(found.body["data"], json!([]), "{list} {secret}");
        }
    }
}

#[test]
fn a_number_is_locked_away_anew_each_time_it_is_entered() {
    let w = World::new();
    enter(&w);
    let watch = w.watch();
    let count = |what: &str| {
        watch.number(&format!(
            "SELECT count(DISTINCT {what}) AS value FROM personal_details"
        ))
    };
    let rows = watch.number("SELECT count(*) AS value FROM personal_details");
    assert_eq!(rows, 4);
    let sealed = ["ciphertext", "wrapped_key"].map(|column| watch.bytes(column, true));
    for what in ["salt", "blind_index"]
        .map(str::to_owned)
        .iter()
        .chain(&sealed)
    {
        assert_eq!(count(what), rows, "{what}");
    }
}
