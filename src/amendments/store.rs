//! The tables of amendments and of the names they are about. Opens nothing.
//!
//! Cost: two statements to load; to save, one for each record and table.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::{Amendment, AmendmentStatus, Amendments, Deed, SealedName};
use crate::beneficiaries::model::{BeneficiaryId, SealedDetails};
use crate::beneficiaries::vault::Sealed;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::Page;
use crate::db::place::Place;
use crate::db::schema::{amendment_names, amendments};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = amendments, treat_none_as_default_value = false)]
struct Row {
    record: String,
    number: i32,
    status: String,
    reason_class: String,
    reason: String,
    former_values: String,
    later_values: String,
    renames: bool,
    effective_on: Option<NaiveDate>,
    proposed_by: String,
    proposed_at: NaiveDateTime,
    proposed_sequence: i64,
    decided_by: Option<String>,
    decided_at: Option<NaiveDateTime>,
    decided_sequence: Option<i64>,
    decision_reason: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = amendment_names, treat_none_as_default_value = false)]
struct NameRow {
    record: String,
    number: i32,
    version: String,
    beneficiary: String,
    salt: String,
    key_version: i32,
    wrapped_key: Vec<u8>,
    ciphertext: Vec<u8>,
}

/// Reads a page of the amendments of a record, by number: those that stand so, or all.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn list(
    conn: &mut Conn,
    record: &RecordId,
    status: Option<AmendmentStatus>,
    page: &Page,
) -> Result<Vec<Amendment>, DbError> {
    let after = page.after.as_deref().and_then(|key| key.parse().ok());
    let mut query = amendments::table
        .filter(amendments::record.eq(record.as_str()))
        .filter(amendments::number.gt(after.unwrap_or(0_i32)))
        .order(amendments::number)
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(amendments::status.eq(status.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    let read = |row: Row| row.into_amendment().map(|(_, amendment)| amendment);
    rows.into_iter().map(read).collect()
}

/// Reads one amendment of a record.
///
/// # Errors
/// As [`list`].
pub fn get(conn: &mut Conn, record: &RecordId, number: i32) -> Result<Option<Amendment>, DbError> {
    let row: Option<Row> = amendments::table
        .find((record.as_str(), number))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let amendment = row.map(Row::into_amendment).transpose()?;
    Ok(amendment.map(|(_, amendment)| amendment))
}

/// The names that these amendments of a record are about, as far as they are not erased.
///
/// # Errors
/// As [`list`].
pub fn names(
    conn: &mut Conn,
    record: &RecordId,
    numbers: &[i32],
) -> Result<Vec<SealedName>, DbError> {
    let rows: Vec<NameRow> = amendment_names::table
        .filter(amendment_names::record.eq(record.as_str()))
        .filter(amendment_names::number.eq_any(numbers))
        .select(NameRow::as_select())
        .load(conn)?;
    rows.into_iter().map(NameRow::into_name).collect()
}

impl Kept for Amendments {
    /// The record.
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.record.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = amendments::table
            .filter(amendments::record.eq_any(keys.iter().map(RecordId::as_str)))
            .order((amendments::record, amendments::number))
            .select(Row::as_select())
            .load(conn)?;
        let mut found: BTreeMap<RecordId, Self> = BTreeMap::new();
        for row in rows {
            let (record, amendment) = row.into_amendment()?;
            let known = found.entry(record.clone());
            known
                .or_insert_with(|| Self::none_of(record))
                .all
                .push(amendment);
        }
        Ok(found.into_values().collect())
    }
}

impl Saved for Amendments {
    /// Of one that is there already only the decision is written, and only once. A name that was
    /// proposed and not accepted is forgotten.
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        for known in new.iter().chain(changed) {
            let stored: Option<i32> = amendments::table
                .filter(amendments::record.eq(known.record.as_str()))
                .select(diesel::dsl::max(amendments::number))
                .first(conn)?;
            let stored = stored.unwrap_or(0);
            let rows = known.all.iter().map(|amendment| Row::of(known, amendment));
            let (old, rows): (Vec<Row>, Vec<Row>) = rows
                .collect::<Result<Vec<Row>, DbError>>()?
                .into_iter()
                .partition(|row| row.number <= stored);
            insert_rows!(conn, amendments::table, rows)?;
            for row in old.iter().filter(|row| row.decided_by.is_some()) {
                decide(conn, row)?;
            }
            let names = known.new_names.iter();
            let names: Vec<NameRow> = names.map(|name| NameRow::of(known, name)).collect();
            insert_rows!(conn, amendment_names::table, names)?;
            forget_names(conn, known)?;
        }
        Ok(())
    }
}

fn decide(conn: &mut Conn, row: &Row) -> Result<(), DbError> {
    let still_open = amendments::table
        .find((&row.record, row.number))
        .filter(amendments::status.eq(AmendmentStatus::Proposed.as_str()));
    diesel::update(still_open)
        .set((
            amendments::status.eq(&row.status),
            amendments::effective_on.eq(row.effective_on),
            amendments::decided_by.eq(&row.decided_by),
            amendments::decided_at.eq(row.decided_at),
            amendments::decided_sequence.eq(row.decided_sequence),
            amendments::decision_reason.eq(&row.decision_reason),
        ))
        .execute(conn)?;
    Ok(())
}

fn forget_names(conn: &mut Conn, known: &Amendments) -> Result<(), DbError> {
    use AmendmentStatus::{Rejected, Withdrawn};
    let refused = known
        .all
        .iter()
        .filter(|amendment| amendment.renames)
        .filter(|amendment| matches!(amendment.status, Rejected | Withdrawn))
        .map(|amendment| amendment.number);
    let refused: Vec<i32> = refused.collect();
    if !refused.is_empty() {
        let names = amendment_names::table
            .filter(amendment_names::record.eq(known.record.as_str()))
            .filter(amendment_names::number.eq_any(refused));
        diesel::delete(names).execute(conn)?;
    }
    Ok(())
}

impl Row {
    fn of(known: &Amendments, amendment: &Amendment) -> Result<Self, DbError> {
        let place = Place {
            table: "amendments",
            key: known.record.as_str(),
        };
        let decided = amendment.decided.as_ref();
        Ok(Self {
            record: known.record.to_string(),
            number: amendment.number,
            status: amendment.status.to_string(),
            reason_class: amendment.reason_class.to_string(),
            reason: amendment.reason.clone(),
            former_values: place.value(serde_json::to_string(&amendment.former))?,
            later_values: place.value(serde_json::to_string(&amendment.later))?,
            renames: amendment.renames,
            effective_on: amendment.effective_on,
            proposed_by: amendment.proposed.by.clone(),
            proposed_at: amendment.proposed.at.naive_utc(),
            proposed_sequence: amendment.proposed.sequence,
            decided_by: decided.map(|(deed, _)| deed.by.clone()),
            decided_at: decided.map(|(deed, _)| deed.at.naive_utc()),
            decided_sequence: decided.map(|(deed, _)| deed.sequence),
            decision_reason: decided.and_then(|(_, reason)| reason.clone()),
        })
    }

    fn into_amendment(self) -> Result<(RecordId, Amendment), DbError> {
        let place = Place {
            table: "amendments",
            key: &self.record,
        };
        let decided = match (self.decided_by, self.decided_at, self.decided_sequence) {
            (Some(by), Some(at), Some(sequence)) => {
                let at = at.and_utc();
                Some((Deed { by, at, sequence }, self.decision_reason))
            }
            (None, None, None) => None,
            _ => return Err(place.unreadable("half a decision")),
        };
        let amendment = Amendment {
            number: self.number,
            status: place.name(&self.status)?,
            reason_class: place.name(&self.reason_class)?,
            reason: self.reason,
            former: place.value(serde_json::from_str(&self.former_values))?,
            later: place.value(serde_json::from_str(&self.later_values))?,
            renames: self.renames,
            effective_on: self.effective_on,
            proposed: Deed {
                by: self.proposed_by,
                at: self.proposed_at.and_utc(),
                sequence: self.proposed_sequence,
            },
            decided,
        };
        Ok((RecordId::stored(self.record), amendment))
    }
}

impl NameRow {
    fn of(known: &Amendments, name: &SealedName) -> Self {
        let SealedDetails { sealed, salt } = &name.details;
        Self {
            record: known.record.to_string(),
            number: name.number,
            version: name.version.to_string(),
            beneficiary: name.beneficiary.to_string(),
            salt: salt.clone(),
            key_version: sealed.key_version,
            wrapped_key: sealed.wrapped_key.clone(),
            ciphertext: sealed.ciphertext.clone(),
        }
    }

    fn into_name(self) -> Result<SealedName, DbError> {
        let place = Place {
            table: "amendment_names",
            key: &self.record,
        };
        Ok(SealedName {
            number: self.number,
            version: place.name(&self.version)?,
            beneficiary: BeneficiaryId::stored(self.beneficiary),
            details: SealedDetails {
                sealed: Sealed {
                    wrapped_key: self.wrapped_key,
                    ciphertext: self.ciphertext,
                    key_version: self.key_version,
                },
                salt: self.salt,
            },
        })
    }
}
