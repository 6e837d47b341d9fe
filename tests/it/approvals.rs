//! Approval that means something: a second approver above a limit, what is approved is what was read,
//! whoever approved never pays, and what moves a fund's money needs two above its limit as well.

mod audited;
mod batches;
mod limits;
mod payers;
mod proposals;
mod races;
mod records;
mod splitting;

use serde_json::{Value, json};

use crate::support::{Reply, World, merge, nothing};

impl World {
    /// The budget of `drivers`, where more than 100,000 won need a second approver.
    pub fn with_limit(&self) {
        self.fund("mobility", "100000000");
        let limit = json!({ "second_approval_above": "100000" });
        self.program_with("drivers", &["mobility"], &limit);
        self.allocate("mobility", "drivers", "60000000");
    }

    /// Approves a disbursement as somebody.
    pub fn approve(&self, user: &str, id: &str) -> Reply {
        self.verb(user, id, "approve", &nothing())
    }

    /// A disbursement as it stands.
    pub fn disbursement(&self, id: &str) -> Reply {
        self.get("auditor", &format!("/v1/disbursements/{id}"))
            .expect(200)
    }

    /// Approves something as somebody who read this version of it.
    pub fn approve_as_read(&self, user: &str, path: &str, etag: &str) -> Reply {
        let key = crate::support::fresh_key();
        let headers = [("idempotency-key", key.as_str()), ("if-match", etag)];
        let path = format!("{path}/approve");
        self.call(user, ("POST", &path), &headers, Some(&nothing()))
    }

    /// The events about something, in their order: kind, actor and command.
    pub fn events(&self, subject: &str) -> Vec<(String, String, Value)> {
        use diesel::prelude::*;
        use sangsaeng::db::schema::events;
        let db = sangsaeng::db::Db::open(&self.url()).unwrap();
        let rows: Vec<(String, String, String)> = db
            .read(|conn| {
                events::table
                    .filter(events::subject.eq(subject))
                    .order((events::book, events::sequence))
                    .select((events::kind, events::actor, events::command))
                    .load(conn)
                    .map_err(sangsaeng::db::DbError::from)
            })
            .unwrap();
        rows.into_iter()
            .map(|(kind, actor, command)| (kind, actor, serde_json::from_str(&command).unwrap()))
            .collect()
    }
}

/// How a record stands with its approvals, in one line.
pub fn standing(record: &Value) -> String {
    let by: Vec<&str> = record["approvals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|approval| approval["by"].as_str().unwrap())
        .collect();
    let status = record["status"].as_str().unwrap();
    format!(
        "{status}, {} of {}: {}",
        by.len(),
        record["approvals_needed"],
        by.join(" ")
    )
}

/// A user with these roles.
pub fn user(w: &World, name: &str, roles: &[&str]) -> String {
    let body = json!({
        "email": format!("{name}@test.example"),
        "password": "a long enough pass phrase",
        "roles": roles,
    });
    w.post("admin", "/v1/users", &body).made()
}

/// A gift to an organisation, without a program but for what `more` says.
pub fn gift(w: &World, amount: &str, more: &Value) -> String {
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": "Bridge" } });
    let made = w.post("manager", "/v1/organisations", &house);
    assert!(made.status == 201 || made.code() == "duplicate_code");
    let mut body = json!({
        "recipient": "bridge", "recipient_role": "end", "designated": true,
        "amount": amount, "form": "cash", "planned_on": "2022-09-06",
    });
    merge(&mut body, more);
    w.post("officer", "/v1/donations", &body).made()
}
