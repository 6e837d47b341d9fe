//! The tables of beneficiaries and of their sealed details. Opens nothing.
//!
//! Only those are found whose details are still there: the blind index goes when they are erased.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::model::{Beneficiary, BeneficiaryId, PayeeKind, SealedDetails};
use super::vault::Sealed;
use crate::code::Code;
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{Page, beginning};
use crate::db::place::Place;
use crate::db::schema::{beneficiaries, personal_details};
use crate::db::{Conn, DbError};
use crate::regions::RegionCode;
use crate::text_enum::TextEnum;

#[derive(Queryable, Insertable)]
#[diesel(table_name = beneficiaries, treat_none_as_default_value = false)]
struct Row {
    id: String,
    kind: String,
    program: Option<String>,
    region: Option<String>,
    recorded_at: NaiveDateTime,
    merged_into: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = personal_details, treat_none_as_default_value = false)]
struct DetailsRow {
    beneficiary: String,
    blind_index: String,
    salt: String,
    key_version: i32,
    wrapped_key: Vec<u8>,
    ciphertext: Vec<u8>,
}

/// Which beneficiaries a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct BeneficiaryFilter {
    /// Those of one kind.
    pub kind: Option<PayeeKind>,
    /// Those known by a reference of this program.
    pub program: Option<Code>,
    /// Those in this region; a 시도 takes in its 시군구.
    pub region: Option<RegionCode>,
}

/// Beneficiaries with their details.
#[diesel::dsl::auto_type]
fn whole() -> _ {
    beneficiaries::table
        .inner_join(personal_details::table.on(personal_details::beneficiary.eq(beneficiaries::id)))
}

/// Reads one beneficiary.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, id: &BeneficiaryId) -> Result<Option<Beneficiary>, DbError> {
    let rows: Option<(Row, DetailsRow)> = whole()
        .filter(beneficiaries::id.eq(id.as_str()))
        .first(conn)
        .optional()?;
    rows.map(into_beneficiary).transpose()
}

/// Reads a page of beneficiaries, by id.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    filter: &BeneficiaryFilter,
    page: &Page,
) -> Result<Vec<Beneficiary>, DbError> {
    let mut query = whole()
        .order(beneficiaries::id)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(beneficiaries::id.gt(after));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(beneficiaries::kind.eq(kind.as_str()));
    }
    if let Some(program) = &filter.program {
        query = query.filter(beneficiaries::program.eq(program.as_str()));
    }
    if let Some(region) = filter.region {
        query = query.filter(beneficiaries::region.like(beginning(region.as_str())));
    }
    let rows: Vec<(Row, DetailsRow)> = query.load(conn)?;
    rows.into_iter().map(into_beneficiary).collect()
}

impl Kept for Beneficiary {
    /// The blind index.
    type Key = String;

    fn key(&self) -> String {
        self.blind_index.clone()
    }

    fn load(conn: &mut Conn, keys: &[String]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<(Row, DetailsRow)> = whole()
            .filter(personal_details::blind_index.among(keys.iter().map(String::as_str)))
            .load(conn)?;
        rows.into_iter().map(into_beneficiary).collect()
    }
}

impl Saved for Beneficiary {
    /// Of one that is there already kind, region and the sealed details change; what it is found by
    /// never does.
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|person| Row::from(*person)).collect();
        insert_rows!(conn, beneficiaries::table, rows)?;
        let details: Vec<DetailsRow> = new.iter().map(|person| DetailsRow::from(*person)).collect();
        insert_rows!(conn, personal_details::table, details)?;
        for person in changed {
            diesel::update(beneficiaries::table.find(person.id.as_str()))
                .set((
                    beneficiaries::kind.eq(person.kind.as_str()),
                    beneficiaries::region.eq(person.region.map(RegionCode::as_str)),
                ))
                .execute(conn)?;
            let sealed = &person.details.sealed;
            diesel::update(personal_details::table.find(person.id.as_str()))
                .set((
                    personal_details::key_version.eq(sealed.key_version),
                    personal_details::wrapped_key.eq(&sealed.wrapped_key),
                    personal_details::ciphertext.eq(&sealed.ciphertext),
                ))
                .execute(conn)?;
        }
        Ok(())
    }
}

impl From<&Beneficiary> for Row {
    fn from(person: &Beneficiary) -> Self {
        Self {
            id: person.id.to_string(),
            kind: person.kind.to_string(),
            program: person.program.as_ref().map(Code::to_string),
            region: person.region.map(|region| region.to_string()),
            recorded_at: person.recorded_at.naive_utc(),
            merged_into: person.merged_into.as_ref().map(BeneficiaryId::to_string),
        }
    }
}

impl From<&Beneficiary> for DetailsRow {
    fn from(person: &Beneficiary) -> Self {
        let sealed = &person.details.sealed;
        Self {
            beneficiary: person.id.to_string(),
            blind_index: person.blind_index.clone(),
            salt: person.details.salt.clone(),
            key_version: sealed.key_version,
            wrapped_key: sealed.wrapped_key.clone(),
            ciphertext: sealed.ciphertext.clone(),
        }
    }
}

fn into_beneficiary((row, details): (Row, DetailsRow)) -> Result<Beneficiary, DbError> {
    let place = Place {
        table: "beneficiaries",
        key: &row.id,
    };
    Ok(Beneficiary {
        kind: place.name(&row.kind)?,
        region: place.value(row.region.as_deref().map(RegionCode::parse).transpose())?,
        id: BeneficiaryId::stored(row.id),
        blind_index: details.blind_index,
        program: row.program.map(Code::stored),
        recorded_at: row.recorded_at.and_utc(),
        merged_into: row.merged_into.map(BeneficiaryId::stored),
        details: SealedDetails {
            sealed: Sealed {
                wrapped_key: details.wrapped_key,
                ciphertext: details.ciphertext,
                key_version: details.key_version,
            },
            salt: details.salt,
        },
    })
}
