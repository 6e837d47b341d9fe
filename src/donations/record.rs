//! Recording a donation.

use super::model::{Donation, RecipientRole};
use crate::code::Code;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ledger::store::BookRef;
use crate::ledger::{LedgerError, NewEvent, Who};
use crate::payouts::draft::{self, Draft, NewPayout};
use crate::payouts::model::Verb;
use crate::payouts::{Noun, at_once};
use crate::programs::model::ProgramKind;
use crate::refusal::Refusal;

/// Records a donation.
#[derive(Debug, Clone)]
pub struct RecordDonation {
    /// The book that its money is in; the house for direct giving.
    pub book: BookRef,
    /// What it has in common with a disbursement.
    pub payout: NewPayout,
    /// The organisation that receives it.
    pub recipient: Code,
    /// What that does with it.
    pub recipient_role: RecipientRole,
    /// Whether its use is laid down.
    pub designated: bool,
    /// The document that approved it.
    pub approval_document: Option<String>,
    /// What the figure rests on.
    pub basis: Option<String>,
}

impl Command for RecordDonation {
    type Done = Donation;

    fn book(&self) -> BookRef {
        self.book.clone()
    }

    fn hint(&self, desk: &Desk) {
        draft::hint(desk, Donation::NAME, &self.payout, None);
        desk.organisations.want(&self.recipient);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Donation>, Stop> {
        let drafted = draft::draft(desk, who, Donation::NAME, &self.payout);
        let (drafted, ()) = both(drafted, self.known_recipient(desk))?;
        let Draft {
            payout, program, ..
        } = drafted;
        if program
            .as_ref()
            .is_some_and(|program| program.kind == ProgramKind::Compensation)
        {
            return Err(Refusal::field("/program", "compensation_is_no_giving").into());
        }
        let mut record = Donation {
            payout,
            recipient: self.recipient.clone(),
            recipient_role: self.recipient_role,
            designated: self.designated,
            approval_document: self.approval_document.clone(),
            basis: self.basis.clone(),
            receipt: None,
            uses: Vec::new(),
        };
        let mut changes = Changes::of(event(&record)?);
        at_once::submit(desk, who, &mut record, program.as_deref(), &mut changes)?;
        Ok(changes.put(record.clone().put()).done(record))
    }
}

impl RecordDonation {
    fn known_recipient(&self, desk: &Desk) -> Result<(), Stop> {
        match desk.organisations.find(&self.recipient)? {
            Some(_) => Ok(()),
            None => {
                let refusal = Refusal::field("/recipient", "unknown_organisation");
                Err(refusal.with("organisation", &self.recipient).into())
            }
        }
    }
}

fn event(record: &Donation) -> Result<NewEvent, LedgerError> {
    Ok(NewEvent {
        kind: Donation::event(Verb::Submit),
        subject: format!("{}:{}", Donation::NAME, record.payout.id),
        effective_on: record.payout.effective_on,
        command: record.content()?,
    })
}
