//! The table of disbursements.
//!
//! Cost: three statements to load or list, two more where something waits or is live, and three more
//! where its program has a limit; to save, one for each table.

mod siblings;

use diesel::prelude::*;

use super::model::{Assessment, Disbursement, Payee};
use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::db::among::AmongKeys;
use crate::db::dialect::{insert_rows, upsert_rows};
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, beginning, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{attributes, disbursements};
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::money::Amount;
use crate::payouts::lookups::RecordFilter;
use crate::payouts::model::{Payout, Status};
use crate::payouts::store::{DisbursementColumns, Parts, Told, narrowed};
use crate::regions::RegionCode;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = disbursements, treat_none_as_default_value = false)]
struct Row {
    #[diesel(embed)]
    payout: DisbursementColumns,
    round: Option<String>,
    beneficiary: Option<String>,
    beneficiary_kind: String,
    people: Option<i64>,
    region: String,
    voucher_number: Option<String>,
    once_key: Option<String>,
    rule_version: Option<String>,
    tier: Option<String>,
    assessed_loss: Option<i64>,
}

/// Of a disbursement that is there already all may change but where and by whom it was recorded.
struct Change;

impl Words for Change {
    const WORDS: &'static str = "ON CONFLICT (id) DO UPDATE SET \
        program = excluded.program, fund = excluded.fund, fiscal_year = excluded.fiscal_year, \
        round = excluded.round, beneficiary = excluded.beneficiary, \
        beneficiary_kind = excluded.beneficiary_kind, people = excluded.people, \
        region = excluded.region, form = excluded.form, amount = excluded.amount, \
        value_cost = excluded.value_cost, value_list = excluded.value_list, \
        value_fair = excluded.value_fair, planned_on = excluded.planned_on, \
        effective_on = excluded.effective_on, purpose = excluded.purpose, \
        external_id = excluded.external_id, voucher_number = excluded.voucher_number, \
        once_key = excluded.once_key, status = excluded.status, approved = excluded.approved, \
        paid = excluded.paid, returned = excluded.returned, refunded = excluded.refunded, \
        version = excluded.version, rule_version = excluded.rule_version, \
        tier = excluded.tier, assessed_loss = excluded.assessed_loss";
}

/// Which disbursements a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct DisbursementFilter {
    /// What all records are narrowed by; `q` searches purpose, external id and voucher number.
    pub records: RecordFilter,
    /// Those that stand here.
    pub status: Option<Status>,
    /// Those that draw on this fund.
    pub fund: Option<Code>,
    /// Those of this round.
    pub round: Option<String>,
    /// Those in this region; a 시도 takes in its 시군구.
    pub region: Option<RegionCode>,
    /// Those to this person.
    pub beneficiary: Option<BeneficiaryId>,
}

/// Reads one disbursement within bounds.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(
    conn: &mut Conn,
    bounds: &Bounds,
    id: &RecordId,
) -> Result<Option<Disbursement>, DbError> {
    let found = load(conn, std::slice::from_ref(id), Told::Live)?.pop();
    Ok(found.filter(|record| bounds.hold(record.payout.line.program.as_ref())))
}

/// Reads those disbursements of these that there are within bounds.
///
/// # Errors
/// As [`get`].
pub fn get_all(
    conn: &mut Conn,
    bounds: &Bounds,
    ids: &[RecordId],
) -> Result<Vec<Disbursement>, DbError> {
    let mut found = load(conn, ids, Told::Live)?;
    found.retain(|record| bounds.hold(record.payout.line.program.as_ref()));
    Ok(found)
}

/// Reads a page of disbursements within bounds, by id: in the order in which they were recorded.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    bounds: &Bounds,
    filter: &DisbursementFilter,
    page: &Page,
) -> Result<Vec<Disbursement>, DbError> {
    let mut query = narrowed!(
        disbursements,
        effective_on,
        Row,
        bounds,
        &filter.records,
        page
    );
    if let Some(status) = filter.status {
        query = query.filter(disbursements::status.eq(status.as_str()));
    }
    if let Some(fund) = &filter.fund {
        query = query.filter(disbursements::fund.eq(fund.as_str()));
    }
    if let Some(round) = &filter.round {
        query = query.filter(disbursements::round.eq(round));
    }
    if let Some(region) = filter.region {
        query = query.filter(disbursements::region.like(beginning(region.as_str())));
    }
    if let Some(person) = &filter.beneficiary {
        query = query.filter(disbursements::beneficiary.eq(person.as_str()));
    }
    if let Some(pattern) = filter.records.q.as_deref().map(containing) {
        query = query.filter(
            lower(disbursements::purpose)
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(disbursements::external_id)
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(disbursements::voucher_number)
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    with_parts(conn, rows, Told::Live)
}

impl Kept for Disbursement {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.payout.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        load(conn, keys, Told::Waiting)
    }
}

impl Saved for Disbursement {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|record| Row::from(*record)).collect();
        insert_rows!(conn, disbursements::table, rows)?;
        let rows: Vec<Row> = changed.iter().map(|record| Row::from(*record)).collect();
        upsert_rows!(conn, disbursements::table, rows, Change)?;
        let new: Vec<&Payout> = new.iter().map(|record| &record.payout).collect();
        let changed: Vec<&Payout> = changed.iter().map(|record| &record.payout).collect();
        Parts::save(conn, &new, &changed)
    }
}

impl From<&Disbursement> for Row {
    fn from(record: &Disbursement) -> Self {
        let (payee, assessment) = (&record.payee, record.assessment.as_ref());
        Self {
            payout: DisbursementColumns::from(&record.payout),
            round: record.round.clone(),
            beneficiary: payee.beneficiary.as_ref().map(BeneficiaryId::to_string),
            beneficiary_kind: payee.kind.to_string(),
            people: payee.count,
            region: payee.region.map_or("", RegionCode::as_str).to_owned(),
            voucher_number: record.voucher_number.clone(),
            once_key: record.once_key.clone(),
            rule_version: assessment.map(|found| found.rule_version.clone()),
            tier: assessment.map(|found| found.tier.clone()),
            assessed_loss: assessment.map(|found| found.assessed_loss.get()),
        }
    }
}

impl Row {
    fn into_disbursement(self, parts: &mut Parts) -> Result<Disbursement, DbError> {
        let place = Place {
            table: "disbursements",
            key: &self.payout.id,
        };
        let assessment = match (self.rule_version, self.tier, self.assessed_loss) {
            (Some(rule_version), Some(tier), Some(loss)) => Some(Assessment {
                assessed_loss: place.value(Amount::new(loss))?,
                rule_version,
                tier,
            }),
            (None, None, None) => None,
            _ => return Err(place.unreadable("half an assessment")),
        };
        let region = Some(self.region.as_str()).filter(|region| !region.is_empty());
        Ok(Disbursement {
            payee: Payee {
                kind: place.name(&self.beneficiary_kind)?,
                region: place.value(region.map(RegionCode::parse).transpose())?,
                beneficiary: self.beneficiary.map(BeneficiaryId::stored),
                count: self.people,
            },
            payout: self.payout.into_payout(parts)?,
            round: self.round,
            voucher_number: self.voucher_number,
            assessment,
            once_key: self.once_key,
            splitting: None,
        })
    }
}

fn with_parts(conn: &mut Conn, rows: Vec<Row>, told: Told) -> Result<Vec<Disbursement>, DbError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.payout.id.as_str()).collect();
    let programs = DisbursementColumns::limited(rows.iter().map(|row| &row.payout), told);
    let mut parts = Parts::load(conn, &ids, &programs)?;
    let mut records: Vec<Disbursement> = rows
        .into_iter()
        .map(|row| row.into_disbursement(&mut parts))
        .collect::<Result<_, _>>()?;
    siblings::tell(conn, &mut records, told, &parts)?;
    Ok(records)
}

fn load(conn: &mut Conn, keys: &[RecordId], told: Told) -> Result<Vec<Disbursement>, DbError> {
    let rows: Vec<Row> = disbursements::table
        .filter(disbursements::id.among(keys.iter().map(RecordId::as_str)))
        .select(Row::as_select())
        .load(conn)?;
    with_parts(conn, rows, told)
}
