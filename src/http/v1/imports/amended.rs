//! Amendments by the row: each finds its record by id or by the sender's own id, and says what of
//! it that is not money is to change.

use std::collections::HashMap;

use serde_json::Value;

use super::entries::{Done, Entries, Unread, asked, parse};
use crate::amendments::model::Amendment;
use crate::beneficiaries::{rename, store as people};
use crate::bounds::Bounds;
use crate::db::DbError;
use crate::disbursements::model::Disbursement;
use crate::disbursements::store;
use crate::donations::model::Donation;
use crate::http::v1::amendments::dto::{NewDisbursementAmendment, NewDonationAmendment};
use crate::ids::RecordId;
use crate::imports::entry::Marks;
use crate::imports::store::lookups;
use crate::refusal::FieldFault;

/// What a row says of which record it is about.
struct About {
    donation: bool,
    id: Option<String>,
    external_id: Option<String>,
    program: Option<String>,
}

/// Reads rows of amendments; the records of all are looked up at once for each noun and program.
pub(super) fn read_all(entries: &Entries, bodies: Vec<Value>) -> Result<Vec<Done>, DbError> {
    let rows: Vec<(About, Value)> = bodies.into_iter().map(about).collect();
    let mut wanted: HashMap<(bool, Option<String>), Vec<String>> = HashMap::new();
    for (about, _) in &rows {
        if let Some(id) = &about.external_id {
            let of = (about.donation, about.program.clone());
            wanted.entry(of).or_default().push(id.clone());
        }
    }
    let mut known = HashMap::new();
    for ((donation, program), ids) in wanted {
        let found = entries.db.read(|conn| {
            let look_up = if donation {
                lookups::donations_by_external_id
            } else {
                lookups::by_external_id
            };
            look_up(conn, program.as_deref(), &ids)
        })?;
        known.insert((donation, program), found);
    }
    let read = |(about, body): (About, Value)| {
        let found = known.get(&(about.donation, about.program.clone()));
        let found = about
            .external_id
            .as_ref()
            .and_then(|id| found.and_then(|found| found.get(id)));
        let record = find(&about, found.map(Vec::as_slice))?;
        if about.donation {
            let new: NewDonationAmendment = parse(body)?;
            let command = new.into_command::<Donation>(record, None);
            return asked(command, marks(&about), name);
        }
        disbursement(entries, record, &about, body)
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Takes out of a body what says which record it is about.
fn about(mut body: Value) -> (About, Value) {
    let mut take = |name: &str| {
        let value = body.as_object_mut().and_then(|body| body.remove(name));
        value.and_then(|value| value.as_str().map(str::to_owned))
    };
    let about = About {
        donation: take("record").as_deref() == Some("donation"),
        id: take("id"),
        external_id: take("external_id"),
        program: take("program"),
    };
    (about, body)
}

fn find(about: &About, found: Option<&[(String, String)]>) -> Result<RecordId, Unread> {
    let wrong = |field: &str, code| Err(Unread::Faults(vec![FieldFault::new(field, code)]));
    match (&about.id, &about.external_id) {
        (Some(_), Some(_)) => wrong("/id", "identity_twice"),
        (Some(id), None) => match RecordId::parse(id) {
            Some(id) => Ok(id),
            None => wrong("/id", "unknown_record"),
        },
        (None, Some(_)) => match found {
            Some([(record, _)]) => Ok(RecordId::stored(record.clone())),
            Some([_, ..]) => wrong("/external_id", "ambiguous_external_id"),
            _ => wrong("/external_id", "unknown_external_id"),
        },
        (None, None) => wrong("/external_id", "missing"),
    }
}

fn disbursement(entries: &Entries, record: RecordId, about: &About, body: Value) -> Done {
    let new: NewDisbursementAmendment = parse(body)?;
    let renaming = match new.wished_name() {
        None => None,
        Some(name) => {
            let person = entries.db.read(|conn| -> Result<_, DbError> {
                let found = store::get(conn, &Bounds::none(), &record)?;
                match found.and_then(|found| found.payee.beneficiary) {
                    Some(id) => people::get(conn, &id),
                    None => Ok(None),
                }
            })?;
            let sealed = person.map(|one| rename::rename(&entries.vault, &record, &one, name));
            sealed
                .transpose()
                .map_err(|error| DbError::Schema(error.to_string()))?
        }
    };
    let command = new.into_command::<Disbursement>(record, None, renaming);
    asked(command, marks(about), name)
}

fn marks(about: &About) -> Marks {
    Marks {
        program: about.program.clone(),
        // One amendment of a record waits for a decision at a time.
        round: Some("amendment".to_owned()),
        person: about.id.clone().or_else(|| about.external_id.clone()),
        ..Marks::default()
    }
}

fn name((record, amendment): &(RecordId, Amendment)) -> String {
    format!("{record}/{}", amendment.number)
}
