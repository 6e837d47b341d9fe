//! The table of donations.
//!
//! Cost: four statements to load or list; to save, one for each table and changed record.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Donation, Receipt};
use super::uses;
use super::uses::model::Use;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{attributes, donations};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::payouts::lookups::RecordFilter;
use crate::payouts::model::{Payout, Status};
use crate::payouts::store::{DonationColumns, Parts, Told, narrowed};
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = donations)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    #[diesel(embed)]
    payout: DonationColumns,
    recipient: String,
    recipient_role: String,
    designated: bool,
    approval_document: Option<String>,
    basis: Option<String>,
    receipt_number: Option<String>,
    receipt_issued_on: Option<NaiveDate>,
    receipt_class: Option<String>,
}

/// Which donations a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct DonationFilter {
    /// What all records are narrowed by; `q` searches purpose, external id, approval document and
    /// receipt number.
    pub records: RecordFilter,
    /// Those that stand here.
    pub status: Option<Status>,
    /// Those that draw on this fund.
    pub fund: Option<Code>,
    /// Those to this organisation.
    pub recipient: Option<Code>,
}

/// Reads one donation.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<Donation>, DbError> {
    Ok(Donation::load(conn, std::slice::from_ref(id))?.pop())
}

/// Reads a page of donations, by id: in the order in which they were recorded.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    filter: &DonationFilter,
    page: &Page,
) -> Result<Vec<Donation>, DbError> {
    let mut query = narrowed!(
        donations,
        effective_on,
        Row,
        &Bounds::none(),
        &filter.records,
        page
    );
    if let Some(status) = filter.status {
        query = query.filter(donations::status.eq(status.as_str()));
    }
    if let Some(fund) = &filter.fund {
        query = query.filter(donations::fund.eq(fund.as_str()));
    }
    if let Some(recipient) = &filter.recipient {
        query = query.filter(donations::recipient.eq(recipient.as_str()));
    }
    if let Some(pattern) = filter.records.q.as_deref().map(containing) {
        query = query.filter(
            lower(donations::purpose)
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(donations::external_id)
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(donations::approval_document)
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(donations::receipt_number)
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    with_parts(conn, rows)
}

impl Kept for Donation {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.payout.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = donations::table
            .filter(donations::id.among(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        with_parts(conn, rows)
    }
}

impl Saved for Donation {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|record| Row::from(*record)).collect();
        insert_rows!(conn, donations::table, rows)?;
        for record in changed {
            diesel::update(donations::table.find(record.payout.id.as_str()))
                .set(Row::from(*record))
                .execute(conn)?;
        }
        let with_uses = changed;
        let new: Vec<&Payout> = new.iter().map(|record| &record.payout).collect();
        let changed: Vec<&Payout> = changed.iter().map(|record| &record.payout).collect();
        Parts::save(conn, &new, &changed)?;
        uses::store::save(conn, with_uses)
    }
}

impl From<&Donation> for Row {
    fn from(record: &Donation) -> Self {
        let receipt = record.receipt.as_ref();
        Self {
            payout: DonationColumns::from(&record.payout),
            recipient: record.recipient.to_string(),
            recipient_role: record.recipient_role.to_string(),
            designated: record.designated,
            approval_document: record.approval_document.clone(),
            basis: record.basis.clone(),
            receipt_number: receipt.map(|receipt| receipt.number.clone()),
            receipt_issued_on: receipt.map(|receipt| receipt.issued_on),
            receipt_class: receipt.map(|receipt| receipt.class.to_string()),
        }
    }
}

impl Row {
    fn into_donation(self, parts: &mut Parts, uses: Vec<Use>) -> Result<Donation, DbError> {
        let place = Place {
            table: "donations",
            key: &self.payout.id,
        };
        let class = place.name_if_any(self.receipt_class.as_deref())?;
        let receipt = match (self.receipt_number, self.receipt_issued_on, class) {
            (Some(number), Some(issued_on), Some(class)) => Some(Receipt {
                number,
                issued_on,
                class,
            }),
            (None, None, None) => None,
            _ => return Err(place.unreadable("half a receipt")),
        };
        Ok(Donation {
            recipient_role: place.name(&self.recipient_role)?,
            payout: self.payout.into_payout(parts)?,
            recipient: Code::stored(self.recipient),
            designated: self.designated,
            approval_document: self.approval_document,
            basis: self.basis,
            receipt,
            uses,
        })
    }
}

fn with_parts(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Donation>, DbError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.payout.id.as_str()).collect();
    let programs = DonationColumns::limited(rows.iter().map(|row| &row.payout), Told::Waiting);
    let mut parts = Parts::load(conn, &ids, &programs)?;
    let mut uses: HashMap<String, Vec<Use>> = uses::store::uses_of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let own = uses.remove(&row.payout.id).unwrap_or_default();
            row.into_donation(&mut parts, own)
        })
        .collect()
}
