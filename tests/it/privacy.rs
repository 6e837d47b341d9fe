//! Personal details: locked away from the database, and shown to whom they concern.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use serde_json::json;

use crate::support::World;

const NAME: &str = "카나리아 황금상회";
const NUMBER: &str = "1248100998";
const REFERENCE: &str = "CANARY-REFERENCE-77";

fn record(w: &World) -> (String, String) {
    w.with_budget();
    let merchant = json!({
        "program": "drivers",
        "beneficiary": {
            "kind": "merchant", "registration_number": "124-81-00998", "name": NAME, "region": "11",
        },
        "form": "cash", "amount": "1000", "planned_on": "2022-11-03",
    });
    let first = w
        .post("officer", "/v1/disbursements", &merchant)
        .expect(201);
    let mut worker = w.cash_to("drivers", REFERENCE, "1000");
    worker["beneficiary"]["name"] = json!(NAME);
    w.post("officer", "/v1/disbursements", &worker).expect(201);
    let body = String::from_utf8(first.bytes.clone()).unwrap();
    for secret in [NAME, NUMBER, "124-81-00998"] {
        assert!(
            !body.contains(secret),
            "an answer that is stored holds {secret}"
        );
    }
    (
        first.text("/id").to_owned(),
        first.text("/beneficiary/id").to_owned(),
    )
}

/// What a secret could look like in a file.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        bytes.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        wide,
        BASE64_STANDARD.encode(bytes).into_bytes(),
        BASE64_STANDARD_NO_PAD.encode(bytes).into_bytes(),
        bytes.iter().rev().copied().collect(),
    ]
}

#[test]
fn no_file_of_the_database_holds_a_personal_detail() {
    let mut w = World::new();
    let (_, beneficiary) = record(&w);
    w.get("officer", &format!("/v1/beneficiaries/{beneficiary}"))
        .expect(200);
    let read = |w: &World| {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(w.folder()).unwrap() {
            files.extend(std::fs::read(entry.unwrap().path()).unwrap());
        }
        files
    };
    // Once with the log of writes beside the file, once with everything in the file.
    let open = read(&w);
    w.stop();
    for files in [open, read(&w)] {
        let contains = |bytes: &[u8]| files.windows(bytes.len()).any(|window| window == bytes);
        assert!(contains(beneficiary.as_bytes()), "the pseudonym is there");
        for secret in [NAME, NUMBER, REFERENCE] {
            for form in forms(secret) {
                assert!(
                    !contains(&form),
                    "{secret} as {}",
                    String::from_utf8_lossy(&form)
                );
            }
        }
    }
}

#[test]
fn details_are_shown_whole_masked_or_not_at_all_by_role() {
    let w = World::new();
    let (_, beneficiary) = record(&w);
    let path = format!("/v1/beneficiaries/{beneficiary}");
    let seen = |user: &str| String::from_utf8(w.get(user, &path).expect(200).bytes).unwrap();
    let whole = seen("officer");
    assert!(whole.contains(NAME) && (whole.contains(NUMBER) || whole.contains("124-81-00998")));
    let masked = seen("auditor");
    assert!(masked.contains("***-**-*0998") && !masked.contains(NAME) && !masked.contains(NUMBER));
    for user in ["viewer", "admin"] {
        let nothing = seen(user);
        assert!(
            !nothing.contains("0998") && !nothing.contains("카나리아"),
            "{user}: {nothing}"
        );
    }
}

#[test]
fn one_registration_number_is_one_person_across_the_books() {
    let w = World::new();
    let (_, first) = record(&w);
    w.program("others", &["mobility"]);
    let again = json!({
        "program": "others",
        "beneficiary": { "kind": "merchant", "registration_number": "1248100998" },
        "form": "cash", "amount": "1000", "planned_on": "2022-11-03",
    });
    let second = w.post("officer", "/v1/disbursements", &again).expect(201);
    assert_eq!(second.text("/beneficiary/id"), first);
}
