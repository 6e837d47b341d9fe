//! Lists and reports as files: at once and as jobs, read back by readers of other people's.

mod files;
mod jobs;
mod moments;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Reply, World};

impl World {
    /// Asks for an export, tells its id.
    pub fn export(&self, user: &str, body: &Value) -> String {
        let made = self.post(user, "/v1/exports", body).expect(202);
        let id = made.text("/id").to_owned();
        assert_eq!(made.header("location"), Some(&*format!("/v1/exports/{id}")));
        id
    }

    /// The export once there is nothing more to be done about it.
    pub fn exported(&self, user: &str, id: &str) -> Reply {
        // A bound on how long that may take: longer is a hang.
        for _ in 0..2_000 {
            let reply = self.get(user, &format!("/v1/exports/{id}")).expect(200);
            if !matches!(reply.text("/state"), "queued" | "counting" | "writing") {
                return reply;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the export {id} does not come to an end");
    }

    /// The file of an export that is asked for, and its manifest.
    pub fn file_of(&self, user: &str, body: &Value) -> (Vec<u8>, Value) {
        let id = self.export(user, body);
        let ended = self.exported(user, &id);
        assert_eq!(ended.text("/state"), "ready", "{}", ended.body);
        let file = self.get(user, &format!("/v1/exports/{id}/file"));
        let manifest = self.get(user, &format!("/v1/exports/{id}/manifest"));
        (file.expect(200).bytes, manifest.expect(200).body)
    }

    /// Files in the folder of files on their way.
    pub fn spooled(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names
            .filter(|name| name.starts_with("export-") || name.starts_with("answer-"))
            .collect();
        names.sort();
        names
    }
}

/// The rows of CSV, each by its headers.
pub fn rows(csv: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv);
    reader.deserialize().map(Result::unwrap).collect()
}

/// A column of CSV.
pub fn column(csv: &[u8], name: &str) -> Vec<String> {
    rows(csv).iter().map(|row| row[name].clone()).collect()
}
