//! Correcting the words of a claim. What it says in numbers is never changed.

use serde_json::json;

use super::error::ClaimError;
use super::model::{Claim, Source, Words};
use super::{subject, told};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};

/// What of the words is to be changed. `None` leaves a thing as it is, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct WordsPatch {
    /// The sentence itself.
    pub statement: Option<String>,
    /// Where it stands.
    pub source: Option<Source>,
    /// What it rests on, in words.
    pub basis: Option<Option<String>>,
}

/// Corrects the words of a claim.
#[derive(Debug, Clone)]
pub struct ChangeWords {
    /// Which one.
    pub id: RecordId,
    /// The version that was read.
    pub expected_version: i32,
    /// What is to be changed.
    pub patch: WordsPatch,
}

impl WordsPatch {
    fn apply(&self, before: &Words) -> Words {
        let old = before.clone();
        Words {
            statement: self.statement.clone().unwrap_or(old.statement),
            source: self.source.clone().unwrap_or(old.source),
            basis: self.basis.clone().unwrap_or(old.basis),
        }
    }
}

impl Command for ChangeWords {
    type Done = Claim;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.claims.want(&self.id);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Claim>, Stop> {
        let before = desk.claims.find(&self.id)?.ok_or(ClaimError::NotFound)?;
        if before.version != self.expected_version {
            return Err(ClaimError::Stale(before.version).into());
        }
        if before.withdrawn.is_some() {
            return Err(ClaimError::Withdrawn("change").into());
        }
        let mut claim = (*before).clone();
        claim.words = self.patch.apply(&before.words);
        claim.version = claim.version.saturating_add(1);
        let changes = Changes::of(NewEvent {
            kind: "claim.changed",
            subject: subject(&claim),
            effective_on: desk.today(),
            command: json!({ "id": claim.id, "words": told(&claim.words) }).to_string(),
        });
        Ok(changes.put(Put::Claim(claim.clone())).done(claim))
    }
}
