//! What a bank says became of payments (대량이체 결과): each row finds its record by id or by the
//! sender's own id, and books a payment; or, where the money came back, a payment and its return.

use std::collections::HashMap;

use deserr::Deserr;
use serde_json::Value;

use super::entries::{Done, Entries, Unread, parse};
use crate::db::DbError;
use crate::desk::door::Waiting;
use crate::desk::{Door, WriteError};
use crate::disbursements::model::Disbursement;
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::wire::{Choice, CodeIn, Day, Faults, WonIn};
use crate::ids::RecordId;
use crate::imports::entry::{Ask, Asked, Entry, Marks};
use crate::imports::store::lookups;
use crate::payouts::advance::Advance;
use crate::payouts::rules::Act;
use crate::refusal::FieldFault;
use crate::text_enum::text_enum;

text_enum! {
    /// What became of a payment.
    Outcome {
        /// It arrived.
        Paid = "paid",
        /// It came back (불능, 반송).
        Returned = "returned",
    }
}

/// A row of a bank's file.
#[derive(Debug, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct NewResult {
    #[deserr(default)]
    id: Option<Label>,
    #[deserr(default)]
    external_id: Option<Label>,
    #[deserr(default)]
    program: Option<CodeIn>,
    paid_on: Day,
    result: Choice<Outcome>,
    #[deserr(default)]
    amount: Option<WonIn>,
    #[deserr(default)]
    failure_code: Option<Label>,
    #[deserr(default)]
    failure_reason: Option<Note>,
    #[deserr(default)]
    bank_reference: Option<Label>,
}

/// Records by the sender's own id, with where they stand.
type Known = HashMap<String, Vec<(String, String)>>;

/// Reads rows of a bank's file; all their records are looked up at once for each program.
pub(super) fn read_all(entries: &Entries, bodies: Vec<Value>) -> Result<Vec<Done>, DbError> {
    let parsed: Vec<Result<NewResult, Faults>> = bodies.into_iter().map(parse).collect();
    let mut wanted: HashMap<Option<String>, Vec<String>> = HashMap::new();
    for row in parsed.iter().flatten() {
        if let Some(id) = &row.external_id {
            wanted.entry(program(row)).or_default().push(id.0.clone());
        }
    }
    let mut known: HashMap<Option<String>, Known> = HashMap::new();
    for (program, ids) in wanted {
        let found = entries
            .db
            .read(|conn| lookups::by_external_id(conn, program.as_deref(), &ids))?;
        known.insert(program, found);
    }
    let settle = |row: NewResult| {
        let record = find(&row, known.get(&program(&row)))?;
        entry(row, record)
    };
    Ok(parsed
        .into_iter()
        .map(|row| row.map_err(Unread::from).and_then(settle))
        .collect())
}

fn program(row: &NewResult) -> Option<String> {
    row.program.as_ref().map(|code| code.0.to_string())
}

/// The record that a row is about, and whether it was paid already.
fn find(row: &NewResult, known: Option<&Known>) -> Result<(RecordId, bool), Unread> {
    let wrong = |field: &str, code| Err(Unread::Faults(vec![FieldFault::new(field, code)]));
    match (&row.id, &row.external_id) {
        (Some(id), None) => match RecordId::parse(&id.0) {
            Some(id) => Ok((id, false)),
            None => wrong("/id", "unknown_record"),
        },
        (None, Some(external_id)) => {
            let found = known.and_then(|known| known.get(&external_id.0));
            match found.map(Vec::as_slice) {
                Some([(record, status)]) => {
                    let paid = matches!(status.as_str(), "paid" | "partly_refunded" | "refunded");
                    Ok((RecordId::stored(record.clone()), paid))
                }
                Some([_, ..]) => wrong("/external_id", "ambiguous_external_id"),
                _ => wrong("/external_id", "unknown_external_id"),
            }
        }
        (Some(_), Some(_)) => wrong("/id", "identity_twice"),
        (None, None) => wrong("/external_id", "missing"),
    }
}

fn entry(row: NewResult, (record, paid): (RecordId, bool)) -> Done {
    let returned = row.result.0 == Outcome::Returned;
    let why = [
        row.failure_code.map(|label| label.0),
        row.failure_reason.map(|note| note.0),
    ];
    let why: Vec<String> = why.into_iter().flatten().collect();
    if returned && why.is_empty() {
        let fault = FieldFault::new("/failure_code", "failure_code_required");
        return Err(Unread::Faults(vec![fault]));
    }
    let marks = Marks {
        program: row.program.map(|code| code.0.to_string()),
        amount: row.amount.as_ref().map(|won| won.0.get()),
        day: Some(row.paid_on.0),
        external_id: row.external_id.map(|label| label.0),
        ..Marks::default()
    };
    let amount = row.amount.map(|won| won.0);
    let pay = Act::Pay {
        amount,
        bank_reference: row.bank_reference.map(|label| label.0),
    };
    let name = |done: &Disbursement| done.payout.id.to_string();
    let step = |act| Asked {
        command: Advance::<Disbursement>::new(record.clone(), act, Some(row.paid_on.0), None),
        marks: marks.clone(),
        name,
    };
    if !returned {
        return Ok(Box::new(step(pay)));
    }
    let reason = why.join(" ");
    Ok(Box::new(CameBack {
        payment: (!paid).then(|| step(pay)),
        back: step(Act::Return { amount, reason }),
    }))
}

/// A payment that came back: it is booked, unless it was, and then its return.
struct CameBack {
    payment: Option<Asked<Advance<Disbursement>>>,
    back: Asked<Advance<Disbursement>>,
}

impl Entry for CameBack {
    fn marks(&self) -> &Marks {
        &self.back.marks
    }

    fn start(&self, door: &Door, ask: Ask) -> Result<Waiting, WriteError> {
        self.payment.as_ref().unwrap_or(&self.back).start(door, ask)
    }

    // Also where the payment is booked: it may have been by this row, before a server died.
    fn second(&self) -> Option<&dyn Entry> {
        Some(&self.back)
    }

    fn follows(&self) -> bool {
        self.payment.is_some()
    }
}
