//! What is done to imports, as commands of the write door: each is an event of the house's log,
//! without a word of what stands in the rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::kinds::Kind;
use super::model::{Counts, Import, Mode, Settings, State};
use super::rules::{self, Act};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::{BookRef, HOUSE};
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;
use crate::refusal::Refusal;

/// A file that stands: the same again is the same import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingFile {
    /// Kind, program (empty where there is none) and SHA-256.
    pub key: FileKey,
    /// The import.
    pub import: RecordId,
}

/// Kind, program (empty where there is none) and SHA-256 of a file.
pub type FileKey = (Kind, String, String);

/// Receives a file whose rows are kept already.
#[derive(Debug, Clone)]
pub struct ReceiveImport {
    /// What its id is made from; its rows are kept under that id.
    pub unique: Uuid,
    /// What its rows are.
    pub kind: Kind,
    /// The program that its rows belong to.
    pub program: Option<Code>,
    /// What the file was called.
    pub name: Option<String>,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// How long the file was.
    pub bytes: i64,
    /// How many rows hold something.
    pub lines: i64,
    /// How it is read.
    pub settings: Settings,
    /// What is to be recorded as soon as it is checked.
    pub mode: Option<Mode>,
    /// The key of its rows, wrapped.
    pub wrapped_key: Vec<u8>,
}

impl ReceiveImport {
    /// The id that the import will have.
    #[must_use]
    pub fn id(&self) -> RecordId {
        RecordId::new(self.unique, HOUSE)
    }

    fn import(&self, recorded_by: String, now: DateTime<Utc>) -> Import {
        Import {
            id: self.id(),
            kind: self.kind,
            program: self.program.clone(),
            name: self.name.clone(),
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            lines: self.lines,
            settings: self.settings.clone(),
            mode: self.mode,
            state: State::Received,
            ending: None,
            failure: None,
            wrapped_key: self.wrapped_key.clone(),
            recorded_by,
            recorded_at: now,
            changed_at: now,
            version: 1,
        }
    }

    /// The import as it would be: to be checked, and never recorded.
    #[must_use]
    pub fn rehearsed(&self, recorded_by: String, now: DateTime<Utc>) -> Import {
        let mut import = self.import(recorded_by, now);
        import.settings.rehearsal = true;
        import
    }

    fn file(&self) -> FileKey {
        let program = self.program.as_ref().map_or("", Code::as_str);
        (self.kind, program.to_owned(), self.sha256.clone())
    }
}

impl Command for ReceiveImport {
    type Done = Import;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.import_files.want(&self.file());
        if let Some(program) = &self.program {
            desk.programs.want(program);
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Import>, Stop> {
        if let Some(program) = &self.program
            && desk.programs.find(program)?.is_none()
        {
            let refusal = Refusal::field("?program", "unknown_program");
            return Err(refusal.with("program", program).into());
        }
        if let Some(standing) = desk.import_files.find(&self.file())? {
            let refusal = Refusal::rule("duplicate_file");
            return Err(refusal.with("id", &standing.import).into());
        }
        let import = self.import(who.actor.clone(), desk.now());
        let event = NewEvent {
            kind: "import.received",
            subject: subject(&import.id),
            effective_on: desk.today(),
            command: json!({
                "id": import.id,
                "kind": import.kind,
                "program": import.program,
                "sha256": import.sha256,
                "bytes": import.bytes,
                "rows": import.lines,
                "mode": import.mode,
                "totals": import.settings.totals,
            })
            .to_string(),
        };
        let put = Put::Import(import.clone());
        Ok(Changes::of(event).put(put).done(import))
    }
}

/// Takes an import a step further.
#[derive(Debug, Clone)]
pub struct AdvanceImport {
    /// Which one.
    pub id: RecordId,
    /// What is done.
    pub act: Act,
    /// What the work came to, where work was done.
    pub counts: Option<Counts>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for AdvanceImport {
    type Done = Import;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.imports.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Import>, Stop> {
        let Some(before) = desk.imports.find(&self.id)? else {
            return Err(Refusal::rule("not_found").into());
        };
        if self.expected_version.is_some_and(|v| v != before.version) {
            return Err(PayoutError::Stale(before.version).into());
        }
        let mut import = rules::advance(&before, &self.act, &who.actor)?;
        import.changed_at = desk.now();
        let event = NewEvent {
            kind: self.act.event(),
            subject: subject(&import.id),
            effective_on: desk.today(),
            command: json!({
                "id": import.id,
                "mode": import.mode,
                "sha256": import.sha256,
                "counts": self.counts,
                "failure": import.failure,
            })
            .to_string(),
        };
        let put = Put::Import(import.clone());
        Ok(Changes::of(event).put(put).done(import))
    }
}

/// What the headers of a program's files mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What the rows are.
    pub kind: Kind,
    /// The program; empty for files of no program.
    pub program: String,
    /// Fields by header.
    pub headers: BTreeMap<String, String>,
    /// Who said so.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// How often it was said, from 1.
    pub version: i32,
}

/// Keeps what the headers of a program's files mean.
#[derive(Debug, Clone)]
pub struct KeepMapping {
    /// What the rows are.
    pub kind: Kind,
    /// The program, where it is one.
    pub program: Option<Code>,
    /// Fields by header.
    pub headers: BTreeMap<String, String>,
}

impl Command for KeepMapping {
    type Done = Mapping;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Mapping>, Stop> {
        if let Some(program) = &self.program
            && desk.programs.find(program)?.is_none()
        {
            let refusal = Refusal::field("/program", "unknown_program");
            return Err(refusal.with("program", program).into());
        }
        let program = self.program.as_ref().map_or("", Code::as_str).to_owned();
        let before = desk.import_mappings.find(&(self.kind, program.clone()))?;
        let mapping = Mapping {
            kind: self.kind,
            program,
            headers: self.headers.clone(),
            recorded_by: who.actor.clone(),
            recorded_at: desk.now(),
            version: before.map_or(0, |before| before.version).saturating_add(1),
        };
        let event = NewEvent {
            kind: "import.mapping_kept",
            subject: format!("import_mapping:{}/{}", mapping.kind, mapping.program),
            effective_on: desk.today(),
            command: json!({
                "kind": mapping.kind,
                "program": self.program,
                "headers": mapping.headers,
            })
            .to_string(),
        };
        let put = Put::ImportMapping(mapping.clone());
        Ok(Changes::of(event).put(put).done(mapping))
    }
}

fn subject(id: &RecordId) -> String {
    format!("import:{id}")
}
