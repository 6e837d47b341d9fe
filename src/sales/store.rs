//! The table of sales.
//!
//! Cost: two statements to load or list; to save, one for each table and changed record.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::{Cancelled, Product, Sale, SaleStatus};
use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, beginning, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{attributes, sales};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::money::{Amount, Weight};
use crate::payouts::lookups::RecordFilter;
use crate::payouts::store::{Labelled, attributes_of, narrowed, save_attributes};
use crate::regions::RegionCode;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = sales)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    book: i64,
    program: String,
    product_code: String,
    product_name: String,
    producer: Option<String>,
    origin_region: String,
    sold_on: NaiveDate,
    grams: i64,
    amount: i64,
    orders: i64,
    external_id: Option<String>,
    basis: Option<String>,
    status: String,
    cancel_reason: Option<String>,
    cancelled_on: Option<NaiveDate>,
    cancelled_by: Option<String>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    version: i32,
}

/// Which sales a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct SaleFilter {
    /// What all records are narrowed by; the day is that of the sale, and `q` searches the
    /// product's code and name and the external id.
    pub records: RecordFilter,
    /// Those that count, or those that were undone.
    pub status: Option<SaleStatus>,
    /// Those from this region; a 시도 takes in its 시군구.
    pub region: Option<RegionCode>,
    /// Those for this producer.
    pub producer: Option<BeneficiaryId>,
    /// Those of the product with this code.
    pub product: Option<Code>,
}

/// Reads one sale within bounds.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, bounds: &Bounds, id: &RecordId) -> Result<Option<Sale>, DbError> {
    let found = Sale::load(conn, std::slice::from_ref(id))?.pop();
    Ok(found.filter(|record| bounds.hold(Some(&record.program))))
}

/// Reads a page of sales within bounds, by id: in the order in which they were recorded.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    bounds: &Bounds,
    filter: &SaleFilter,
    page: &Page,
) -> Result<Vec<Sale>, DbError> {
    let mut query = narrowed!(sales, sold_on, Row, bounds, &filter.records, page);
    if let Some(status) = filter.status {
        query = query.filter(sales::status.eq(status.as_str()));
    }
    if let Some(region) = filter.region {
        query = query.filter(sales::origin_region.like(beginning(region.as_str())));
    }
    if let Some(producer) = &filter.producer {
        query = query.filter(sales::producer.eq(producer.as_str()));
    }
    if let Some(product) = &filter.product {
        query = query.filter(sales::product_code.eq(product.as_str()));
    }
    if let Some(pattern) = filter.records.q.as_deref().map(containing) {
        query = query.filter(
            lower(sales::product_code.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(sales::product_name.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(sales::external_id).like(pattern).escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    with_attributes(conn, rows)
}

impl Kept for Sale {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = sales::table
            .filter(sales::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        with_attributes(conn, rows)
    }
}

impl Saved for Sale {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|sale| Row::from(*sale)).collect();
        insert_rows!(conn, sales::table, rows)?;
        for sale in changed {
            let row = Row::from(*sale);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        let new: Vec<Labelled<'_>> = new.iter().map(|sale| labelled(sale)).collect();
        let changed: Vec<Labelled<'_>> = changed.iter().map(|sale| labelled(sale)).collect();
        save_attributes(conn, &new, &changed)
    }
}

fn labelled(sale: &Sale) -> Labelled<'_> {
    (&sale.id, &sale.attributes)
}

impl From<&Sale> for Row {
    fn from(sale: &Sale) -> Self {
        let cancelled = sale.cancelled.as_ref();
        Self {
            id: sale.id.to_string(),
            book: sale.id.book(),
            program: sale.program.to_string(),
            product_code: sale.product.code.to_string(),
            product_name: sale.product.name.clone(),
            producer: sale.producer.as_ref().map(BeneficiaryId::to_string),
            origin_region: sale.origin_region.map_or("", RegionCode::as_str).to_owned(),
            sold_on: sale.sold_on,
            grams: sale.quantity.grams(),
            amount: sale.amount.get(),
            orders: sale.orders,
            external_id: sale.external_id.clone(),
            basis: sale.basis.clone(),
            status: sale.status.to_string(),
            cancel_reason: cancelled.map(|cancelled| cancelled.reason.clone()),
            cancelled_on: cancelled.map(|cancelled| cancelled.on),
            cancelled_by: cancelled.map(|cancelled| cancelled.by.clone()),
            recorded_by: sale.recorded_by.clone(),
            recorded_at: sale.recorded_at.naive_utc(),
            version: sale.version,
        }
    }
}

impl Row {
    fn into_sale(
        self,
        attributes: std::collections::BTreeMap<String, String>,
    ) -> Result<Sale, DbError> {
        let place = Place {
            table: "sales",
            key: &self.id,
        };
        let region = Some(self.origin_region.as_str()).filter(|region| !region.is_empty());
        let cancelled = match (self.cancel_reason, self.cancelled_on, self.cancelled_by) {
            (Some(reason), Some(on), Some(by)) => Some(Cancelled { reason, on, by }),
            (None, None, None) => None,
            _ => return Err(place.unreadable("half a cancellation")),
        };
        Ok(Sale {
            origin_region: place.value(region.map(RegionCode::parse).transpose())?,
            amount: place.value(Amount::new(self.amount))?,
            status: place.name(&self.status)?,
            id: RecordId::stored(self.id),
            program: Code::stored(self.program),
            product: Product {
                code: Code::stored(self.product_code),
                name: self.product_name,
            },
            producer: self.producer.map(BeneficiaryId::stored),
            sold_on: self.sold_on,
            quantity: Weight::from_grams(self.grams),
            orders: self.orders,
            external_id: self.external_id,
            basis: self.basis,
            attributes,
            cancelled,
            recorded_by: self.recorded_by,
            recorded_at: self.recorded_at.and_utc(),
            version: self.version,
        })
    }
}

fn with_attributes(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Sale>, DbError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut attributes = attributes_of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let own = attributes.remove(&row.id).unwrap_or_default();
            row.into_sale(own)
        })
        .collect()
}
