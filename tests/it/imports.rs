//! Files of many records: sent, checked, recorded, undone, and what is refused on the way.

mod bad_files;
mod forms;
mod hostile;
mod killed;
mod kinds;
mod life;
mod line;
mod wire;

use serde_json::Value;

use crate::support::{Reply, World};

/// A header and rows of disbursements to workers.
pub const HEADER: &str = "사업,형태,수혜자 유형,식별번호,지역,금액,지급예정일,외부번호\n";

/// A row of that: to a worker, by a reference, with an id of its own.
pub fn row(reference: &str, amount: &str, id: &str) -> String {
    format!("drivers,현금,종사자,{reference},서울,{amount},2022-11-03,{id}\n")
}

impl World {
    /// Sends a file as somebody.
    pub fn import(&self, user: &str, query: &str, media: &str, body: &[u8]) -> Reply {
        let bearer = format!("Bearer {}", self.token(user));
        let key = crate::support::fresh_key();
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", media),
            ("idempotency-key", key.as_str()),
        ];
        self.send("POST", &format!("/v1/imports?{query}"), &headers, body)
    }

    /// Sends CSV of disbursements as the officer, tells the id of the import.
    pub fn sent(&self, query: &str, csv: &str) -> String {
        let query = format!("kind=disbursements&{query}");
        self.import("officer", &query, "text/csv", csv.as_bytes())
            .made()
    }

    /// The import once there is nothing to be done about it.
    pub fn settled(&self, id: &str) -> Reply {
        // A bound on how long that may take: longer is a hang.
        for _ in 0..2_000 {
            let reply = self
                .get("officer", &format!("/v1/imports/{id}"))
                .expect(200);
            if !matches!(
                reply.text("/state"),
                "received" | "checking" | "committing" | "undoing"
            ) {
                return reply;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the import {id} does not come to an end");
    }

    /// The same in one line.
    pub fn ended(&self, id: &str) -> String {
        counted(&self.settled(id).body)
    }

    /// What is wrong with it, a line each.
    pub fn faults_of(&self, id: &str) -> Vec<String> {
        let reply = self.get("officer", &format!("/v1/imports/{id}/faults?limit=1000"));
        let list = reply.expect(200).body["data"].clone();
        list.as_array().unwrap().iter().map(fault).collect()
    }

    /// How many disbursements there are, by status.
    pub fn disbursements(&self, status: &str) -> usize {
        let path = format!("/v1/disbursements?limit=1000&status={status}");
        let reply = self.get("officer", &path).expect(200);
        reply.body["data"].as_array().unwrap().len()
    }
}

/// An import in one line.
pub fn counted(import: &Value) -> String {
    let count = |name: &str| format!("{name} {}", import[name]);
    let names = ["good", "faulty", "warned", "repeated", "recorded", "undone"];
    let counts: Vec<String> = names
        .iter()
        .filter(|name| import[**name] != 0)
        .map(|name| count(name))
        .collect();
    let state = import["state"].as_str().unwrap();
    format!("{state} of {}: {}", import["rows"], counts.join(", "))
}

/// A fault in one line.
pub fn fault(fault: &Value) -> String {
    let text = |name: &str| match &fault[name] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let names = ["row", "column", "header", "weight", "code", "value"];
    names.map(text).join(" ")
}
