//! Payouts: the life that disbursements and donations share.
//!
//! [`draft::draft`] checks a new one against its program and fund and picks its budget line,
//! [`at_once::submit`] books it, [`advance::Advance`] takes one a step further. What is allowed stands in [`rules`], what it does
//! to the books in [`effects`]; both are pure. The rooms of the nouns add what is their own through
//! [`Noun`].

pub mod advance;
pub mod at_once;
pub mod draft;
pub mod effects;
pub mod error;
pub mod lookups;
pub mod model;
pub mod patch;
pub mod rules;
pub mod store;

use std::rc::Rc;

use aws_lc_rs::digest::{SHA256, digest};
use chrono::NaiveDate;
use serde_json::Value;

use crate::access::secret::hex;
use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::About;
use crate::desk::changes::Put;
use crate::desk::{Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::LedgerError;
use effects::{Cohort, Place};
use model::{Payout, Verb};

/// A kind of record that is a payout.
pub trait Noun: Clone + Send + Sized + 'static {
    /// Its name in the log and in ids of subjects.
    const NAME: &'static str;

    /// The record of that id, if there is one.
    ///
    /// # Errors
    /// [`Stop::Fetch`] when it is not in hand yet.
    fn find(desk: &Desk, id: &RecordId) -> Result<Option<Rc<Self>>, Stop>;

    /// What a command about that record is about, as far as bounds go.
    fn about(id: &RecordId) -> About<'_>;

    /// What it has in common with the others.
    fn payout(&self) -> &Payout;

    /// The same, to be changed.
    fn payout_mut(&mut self) -> &mut Payout;

    /// The value date of the last thing that was done to it: what comes next is not before that.
    fn last_on(&self) -> NaiveDate {
        self.payout().last_on()
    }

    /// Under which place and payee it is summed.
    fn place(&self) -> Place;

    /// The person behind it, where there is one.
    fn person(&self) -> Option<&BeneficiaryId>;

    /// Makes sure that the record, as a step has left it, may be so.
    ///
    /// # Errors
    /// [`Stop`] when what else is known of it contradicts the step.
    fn may_be(&self) -> Result<(), Stop> {
        Ok(())
    }

    /// What it counts for where its program is one of compensation; none for what never is.
    fn cohort(&self) -> Option<Cohort> {
        None
    }

    /// What an approver approves, as the log writes it: everything that may be changed while it
    /// waits, and what it is about.
    ///
    /// # Errors
    /// [`LedgerError::Document`]: a fault of the program.
    fn content(&self) -> Result<String, LedgerError>;

    /// The digest of that: SHA-256 of its JSON, in hexadecimal digits.
    ///
    /// # Errors
    /// As [`Noun::content`].
    fn digest(&self) -> Result<String, LedgerError> {
        let content = self.content()?;
        Ok(hex(digest(&SHA256, content.as_bytes()).as_ref()))
    }

    /// What an approver was told besides, as the log keeps it.
    fn warning(&self) -> Option<Value> {
        None
    }

    /// The name of the event that a verb leaves in the log.
    fn event(verb: Verb) -> &'static str;

    /// The row to be written.
    fn put(self) -> Put;
}
