//! The table of merges, and whom a beneficiary counts under.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::{Identity, MergeFile, MergeStep};
use crate::beneficiaries::model::BeneficiaryId;
use crate::db::among::AmongKeys;
use crate::db::dialect::{insert_rows, lock_rows};
use crate::db::kept::{Kept, Saved};
use crate::db::place::Place;
use crate::db::schema::{beneficiaries, beneficiary_merges};
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

#[derive(Queryable, Insertable)]
#[diesel(table_name = beneficiary_merges, treat_none_as_default_value = false)]
struct StepRow {
    beneficiary: String,
    step: i32,
    verb: String,
    survivor: String,
    actor: String,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    sequence: i64,
    reason: Option<String>,
}

/// Who counts under these beneficiaries, by survivor, in the order of their ids. One statement.
///
/// # Errors
/// [`DbError::Statement`].
pub fn merged_into(
    conn: &mut Conn,
    survivors: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, Vec<BeneficiaryId>>, DbError> {
    let rows: Vec<(String, Option<String>)> = beneficiaries::table
        .filter(beneficiaries::merged_into.among(survivors.iter().map(BeneficiaryId::as_str)))
        .order(beneficiaries::id)
        .select((beneficiaries::id, beneficiaries::merged_into))
        .load(conn)?;
    let mut merged: HashMap<BeneficiaryId, Vec<BeneficiaryId>> = HashMap::new();
    for (id, into) in rows {
        if let Some(into) = into {
            let of_survivor = merged.entry(BeneficiaryId::stored(into)).or_default();
            of_survivor.push(BeneficiaryId::stored(id));
        }
    }
    Ok(merged)
}

/// Whom each of these beneficiaries counts under where that is somebody else, and whom each other one
/// counts under that counts as one of them. Two statements.
///
/// # Errors
/// [`DbError::Statement`].
pub fn survivors(
    conn: &mut Conn,
    ids: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, BeneficiaryId>, DbError> {
    let rows: Vec<(String, Option<String>)> = beneficiaries::table
        .filter(beneficiaries::id.eq_any(ids.iter().map(BeneficiaryId::as_str)))
        .select((beneficiaries::id, beneficiaries::merged_into))
        .load(conn)?;
    let mut all: Vec<BeneficiaryId> = Vec::new();
    for (id, into) in rows {
        all.push(BeneficiaryId::stored(into.unwrap_or(id)));
    }
    let mut under: HashMap<BeneficiaryId, BeneficiaryId> = HashMap::new();
    for (survivor, merged) in merged_into(conn, &all)? {
        for id in merged {
            under.insert(id, survivor.clone());
        }
        under.insert(survivor.clone(), survivor);
    }
    Ok(under)
}

/// What was done about merging each of these beneficiaries, by the beneficiary. One statement.
///
/// # Errors
/// [`DbError`].
pub fn files_of(
    conn: &mut Conn,
    ids: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, MergeFile>, DbError> {
    let files = MergeFile::load(conn, ids)?.into_iter();
    Ok(files.map(|file| (file.key(), file)).collect())
}

/// Everybody who counts under somebody else, with that one. One statement.
///
/// # Errors
/// [`DbError::Statement`].
pub fn all_merged(conn: &mut Conn) -> Result<Vec<(String, Option<String>)>, DbError> {
    Ok(beneficiaries::table
        .filter(beneficiaries::merged_into.is_not_null())
        .order(beneficiaries::id)
        .select((beneficiaries::id, beneficiaries::merged_into))
        .load(conn)?)
}

/// All that was ever done about merges. One statement.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a step cannot be read.
pub fn all_files(conn: &mut Conn) -> Result<Vec<MergeFile>, DbError> {
    let rows: Vec<StepRow> = beneficiary_merges::table
        .order((beneficiary_merges::beneficiary, beneficiary_merges::step))
        .load(conn)?;
    into_files(rows)
}

impl Kept for Identity {
    type Key = BeneficiaryId;

    fn key(&self) -> BeneficiaryId {
        self.id.clone()
    }

    /// A person may be approved something out of several books at once, and be merged by the house
    /// book meanwhile, so the person is locked first: what is read is what will be changed.
    fn load(conn: &mut Conn, keys: &[BeneficiaryId]) -> Result<Vec<Self>, DbError> {
        let ids: Vec<&str> = keys.iter().map(BeneficiaryId::as_str).collect();
        lock_rows(conn, "beneficiaries", &ids)?;
        let rows: Vec<(String, String, Option<String>)> = beneficiaries::table
            .filter(beneficiaries::id.among(ids.iter().copied()))
            .select((
                beneficiaries::id,
                beneficiaries::kind,
                beneficiaries::merged_into,
            ))
            .load(conn)?;
        let mut merged = merged_into(conn, keys)?;
        let identity = |(id, kind, into): (String, String, Option<String>)| {
            let place = Place {
                table: "beneficiaries",
                key: &id,
            };
            let kind = place.name(&kind)?;
            let id = BeneficiaryId::stored(id);
            Ok(Self {
                kind,
                merged_into: into.map(BeneficiaryId::stored),
                merged: merged.remove(&id).unwrap_or_default(),
                id,
            })
        };
        rows.into_iter().map(identity).collect()
    }
}

impl Saved for Identity {
    /// Only whom it counts under changes.
    fn save(conn: &mut Conn, _new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        for identity in changed {
            let into = identity.merged_into.as_ref().map(BeneficiaryId::as_str);
            diesel::update(beneficiaries::table.find(identity.id.as_str()))
                .set(beneficiaries::merged_into.eq(into))
                .execute(conn)?;
        }
        Ok(())
    }
}

impl Kept for MergeFile {
    type Key = BeneficiaryId;

    fn key(&self) -> BeneficiaryId {
        self.beneficiary.clone()
    }

    fn load(conn: &mut Conn, keys: &[BeneficiaryId]) -> Result<Vec<Self>, DbError> {
        let keys = keys.iter().map(BeneficiaryId::as_str);
        let rows: Vec<StepRow> = beneficiary_merges::table
            .filter(beneficiary_merges::beneficiary.among(keys))
            .order((beneficiary_merges::beneficiary, beneficiary_merges::step))
            .load(conn)?;
        into_files(rows)
    }
}

impl Saved for MergeFile {
    /// Steps are never changed: those that the table has not are added.
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let files = new.iter().chain(changed);
        let rows: Vec<StepRow> = files.flat_map(|file| StepRow::new_of(file)).collect();
        Ok(insert_rows!(conn, beneficiary_merges::table, rows)?)
    }
}

impl StepRow {
    fn new_of(file: &MergeFile) -> impl Iterator<Item = Self> {
        file.steps.iter().skip(file.stored).map(|step| Self {
            beneficiary: file.beneficiary.to_string(),
            step: step.step,
            verb: step.verb.as_str().to_owned(),
            survivor: step.survivor.to_string(),
            actor: step.actor.clone(),
            effective_on: step.effective_on,
            recorded_at: step.recorded_at.naive_utc(),
            sequence: step.sequence,
            reason: step.reason.clone(),
        })
    }
}

fn into_files(rows: Vec<StepRow>) -> Result<Vec<MergeFile>, DbError> {
    let mut files: Vec<MergeFile> = Vec::new();
    for row in rows {
        let place = Place {
            table: "beneficiary_merges",
            key: &row.beneficiary,
        };
        let step = MergeStep {
            step: row.step,
            verb: place.name(&row.verb)?,
            survivor: BeneficiaryId::stored(row.survivor),
            actor: row.actor,
            effective_on: row.effective_on,
            recorded_at: row.recorded_at.and_utc(),
            sequence: row.sequence,
            reason: row.reason,
        };
        let known = files.last_mut();
        match known.filter(|file| file.beneficiary.as_str() == row.beneficiary) {
            Some(file) => {
                file.steps.push(step);
                file.stored = file.steps.len();
            }
            None => files.push(MergeFile {
                beneficiary: BeneficiaryId::stored(row.beneficiary),
                steps: vec![step],
                stored: 1,
            }),
        }
    }
    Ok(files)
}
