//! Claims (공표 수치): numbers that were said in public, to be checked against the books.
//!
//! [`record::RecordClaim`] keeps what was said; [`change::ChangeWords`] corrects its wording and
//! where it stands; [`withdraw::WithdrawClaim`] takes it back (정정·철회). The number itself is
//! never changed: a wrong one is withdrawn and recorded anew. All lie in the book of the house.
//! Whether a claim holds is not stored anywhere: [`crate::reporting::claims()`] reads it from the
//! books each time.

pub mod change;
pub mod comparison;
pub mod error;
pub mod model;
pub mod record;
pub mod rules;
pub mod store;
pub mod withdraw;

use serde_json::{Value, json};

use model::{Claim, Words};

/// What the events of a claim happened to.
#[must_use]
pub fn subject(claim: &Claim) -> String {
    format!("claim:{}", claim.id)
}

/// The words of a claim, as its events tell them.
fn told(words: &Words) -> Value {
    json!({
        "statement": words.statement,
        "source": {
            "title": words.source.title,
            "date": words.source.date,
            "url": words.source.url,
        },
        "basis": words.basis,
    })
}
