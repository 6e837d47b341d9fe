//! Undoing: each record is taken back through the command that a person would use, in the order of
//! the rows. Broken off, it goes on where it was.

use std::sync::Arc;

use super::Imports;
use super::commit::Commit;
use super::entry::{Ask, Asked, Entry, Marks};
use super::error::WorkError;
use super::kinds::Kind;
use super::model::{Import, RowFault, State, Weight, Work};
use super::parcels::Shelf;
use super::rules::Act;
use super::store;
use crate::amendments::decide::{DecideAmendment, Verdict};
use crate::code::Code;
use crate::desk::Once;
use crate::disbursements::model::Disbursement;
use crate::donations::model::Donation;
use crate::funds::Entry as FundEntry;
use crate::funds::contribute::ReverseContribution;
use crate::ids::RecordId;
use crate::ledger::Who;
use crate::measurements::advance::AdvanceMeasurement;
use crate::payouts::advance::Advance;
use crate::payouts::model::Verb;
use crate::payouts::rules::Act as PayoutAct;
use crate::proposals::decide::DecideProposal;
use crate::proposals::model::ProposalStatus;
use crate::proposals::undertake::Undertake;
use crate::refusal::Refusal;
use crate::sales::cancel::CancelSale;

/// Records that are taken back in one go.
const PAGE: i64 = 500;
/// Parcels that may have been recorded without a note when a worker died.
const UNNOTED: i32 = 1;
/// Who takes back what nobody may who recorded it: payments that were approved at once, where the
/// import that they came with cannot be recorded whole.
const SYSTEM: &str = "system";

/// Whether what rows of this kind did can be taken back.
#[must_use]
pub fn can_be(kind: Kind) -> bool {
    !matches!(kind, Kind::Beneficiaries | Kind::PaymentResults)
}

impl Imports {
    /// Takes back what was recorded of an import.
    ///
    /// # Errors
    /// [`WorkError`]: it goes on later, from where it was left.
    pub fn undo(&self, import: &Import) -> Result<(), WorkError> {
        let mut work = self.begin_undoing(import)?;
        loop {
            self.goes_on(import)?;
            let after = work.done;
            let page = self
                .db
                .read(|conn| store::records::list(conn, &import.id, after, PAGE))?;
            let Some((last, _)) = page.last() else { break };
            work.done = *last;
            let left = self.take_back(import, &page)?;
            let taken = page.len().saturating_sub(left.len());
            let taken = i64::try_from(taken).unwrap_or(i64::MAX);
            work.counts.undone = work.counts.undone.saturating_add(taken);
            self.note(&mut work, |conn| {
                for fault in &left {
                    store::faults::forget_line(conn, &import.id, fault.line)?;
                }
                store::faults::keep(conn, &import.id, &left)
            })?;
        }
        self.end(import, Act::Undone, work)
    }

    /// Notes what was recorded and not noted yet, once.
    fn begin_undoing(&self, import: &Import) -> Result<Work, WorkError> {
        let now = self.clock.now();
        let known = self.db.read(|conn| store::works::get(conn, &import.id))?;
        let mut work = known.unwrap_or_else(|| Work::none(import.id.clone(), now));
        if work.is_of(State::Undoing) {
            return Ok(work);
        }
        let mut found = Vec::new();
        if work.is_of(State::Committing) {
            let shelf = Shelf::of(&self.db, &self.vault, import)?;
            let commit = Commit::of(self, import, &shelf)?;
            for parcel in work.parcel..=work.parcel.saturating_add(UNNOTED) {
                let Some(lines) = shelf.lines(parcel)? else {
                    break;
                };
                for row in commit.right(lines)? {
                    let before = row.keyed.and_then(|keyed| keyed.before);
                    if let Some((record, Some(note))) = before
                        && note.is_of(import.id.as_str(), row.line)
                    {
                        found.push((row.line, record));
                    }
                }
            }
        }
        work.stage = State::Undoing;
        work.started_at = now;
        work.done = 0;
        self.note(&mut work, |conn| {
            store::records::keep(conn, &import.id, &found)
        })?;
        work.counts.recorded = self
            .db
            .read(|conn| store::records::count(conn, &import.id))?;
        Ok(work)
    }

    /// Takes records back; tells those that stay.
    fn take_back(
        &self,
        import: &Import,
        page: &[(i64, String)],
    ) -> Result<Vec<RowFault>, WorkError> {
        let mut left = Vec::new();
        let own = page
            .iter()
            .map(|(line, record)| (*line, withdrawal(import.kind, record)));
        let own: Vec<_> = own.collect();
        for (place, refusal) in self.refused(import, &own, &Self::who(import))? {
            let Some((line, record)) = page.get(place) else {
                continue;
            };
            // What was approved at once is nobody's own to cancel.
            let broken = import.ending != Some(State::Undone);
            let forced = match cancellation(import.kind, record).filter(|_| broken) {
                Some(entry) => {
                    let who = Who {
                        actor: SYSTEM.to_owned(),
                        ..Self::who(import)
                    };
                    let again = vec![(*line, Some(entry))];
                    self.refused(import, &again, &who)?.is_empty()
                }
                None => false,
            };
            if !forced {
                left.push(stays(*line, &refusal));
            }
        }
        Ok(left)
    }

    /// Asks for withdrawals; tells which were refused.
    fn refused(
        &self,
        import: &Import,
        entries: &[(i64, Option<Arc<dyn Entry>>)],
        who: &Who,
    ) -> Result<Vec<(usize, Refusal)>, WorkError> {
        let mut refused = Vec::new();
        let mut asks = Vec::new();
        for (place, (line, entry)) in entries.iter().enumerate() {
            let Some(entry) = entry else {
                refused.push((place, Refusal::rule("import_not_undoable")));
                continue;
            };
            let key = format!("{}/{line}", import.id);
            let once = Once {
                caller: format!("import-undo:{}", who.actor),
                request_hash: key.as_bytes().to_vec(),
                key,
            };
            let ask = Ask {
                who: who.clone(),
                once: Some(once),
                note: Vec::new(),
                dry_run: false,
            };
            asks.push((place, &**entry, ask));
        }
        for (place, answer) in self.ask(asks)? {
            if let Err(refusal) = answer {
                refused.push((place, refusal));
            }
        }
        Ok(refused)
    }
}

/// Why a record stays.
fn stays(line: i64, refusal: &Refusal) -> RowFault {
    RowFault {
        line,
        part: 0,
        weight: Weight::Fault,
        place: None,
        header: None,
        field: String::new(),
        code: refusal.code().to_owned(),
        facts: Default::default(),
    }
}

fn reason() -> String {
    "대량 등록 취소 (import undone)".to_owned()
}

fn asked<C: crate::desk::Command + Clone + Sync>(
    command: C,
    name: fn(&C::Done) -> String,
) -> Arc<dyn Entry> {
    let marks = Marks::default();
    Arc::new(Asked {
        command,
        marks,
        name,
    })
}

/// How whoever recorded a record takes it back.
fn withdrawal(kind: Kind, record: &str) -> Option<Arc<dyn Entry>> {
    let reason = reason();
    let act = PayoutAct::Withdraw {
        reason: reason.clone(),
    };
    let id = || RecordId::parse(record);
    Some(match kind {
        Kind::Disbursements => {
            let command = Advance::<Disbursement>::new(id()?, act, None, None);
            asked(command, |done| done.payout.id.to_string())
        }
        Kind::Donations => {
            let command = Advance::<Donation>::new(id()?, act, None, None);
            asked(command, |done| done.payout.id.to_string())
        }
        Kind::Sales => {
            let command = CancelSale {
                id: id()?,
                reason,
                effective_on: None,
                expected_version: None,
            };
            asked(command, |sale| sale.id.to_string())
        }
        Kind::Measurements => {
            let command = AdvanceMeasurement {
                id: id()?,
                verb: Verb::Withdraw,
                reason: Some(reason),
                effective_on: None,
                expected_version: None,
            };
            asked(command, |measured| measured.id.to_string())
        }
        Kind::Contributions => {
            let Some((fund, entry)) = record.split_once('/') else {
                let command = DecideProposal {
                    id: id()?,
                    to: ProposalStatus::Withdrawn,
                    reason: Some(reason),
                    expected_version: None,
                };
                return Some(asked(command, |one| one.id.to_string()));
            };
            let act = ReverseContribution {
                fund: Code::stored(fund.to_owned()),
                contribution: FundEntry::parse_id(entry)?,
                effective_on: None,
                reason,
            };
            asked(Undertake::alone(act), |_| String::new())
        }
        Kind::Amendments => {
            let (record, number) = record.split_once('/')?;
            let command = DecideAmendment::<Disbursement> {
                id: RecordId::parse(record)?,
                number: number.parse().ok()?,
                verdict: Verdict::Withdraw { reason },
                expected_version: None,
                noun: std::marker::PhantomData,
            };
            asked(command, |_| String::new())
        }
        Kind::Beneficiaries | Kind::PaymentResults => return None,
    })
}

/// How a payout that was approved at once is cancelled.
fn cancellation(kind: Kind, record: &str) -> Option<Arc<dyn Entry>> {
    let act = PayoutAct::Cancel { reason: reason() };
    let id = RecordId::parse(record)?;
    match kind {
        Kind::Disbursements => {
            let command = Advance::<Disbursement>::new(id, act, None, None);
            Some(asked(command, |done| done.payout.id.to_string()))
        }
        Kind::Donations => {
            let command = Advance::<Donation>::new(id, act, None, None);
            Some(asked(command, |done| done.payout.id.to_string()))
        }
        _ => None,
    }
}
