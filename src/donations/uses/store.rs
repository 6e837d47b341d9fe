//! The table of uses.
//!
//! Cost: one statement for each function, whatever the number of donations.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::Use;
use crate::calendar::Period;
use crate::code::Code;
use crate::db::dialect::upsert_rows;
use crate::db::page::Page;
use crate::db::place::Place;
use crate::db::schema::{donation_uses, donations, steps};
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::donations::model::{Donation, RecipientRole};
use crate::ids::RecordId;
use crate::money::{Cost, MoneyError, Won};
use crate::regions::RegionCode;
use crate::sales::model::Cancelled;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = donation_uses, treat_none_as_default_value = false)]
struct Row {
    donation: String,
    number: i32,
    period_start: NaiveDate,
    period_end: NaiveDate,
    effective_on: NaiveDate,
    region: String,
    used: i64,
    returned: i64,
    beneficiaries: Option<i64>,
    note: Option<String>,
    cancel_reason: Option<String>,
    cancelled_on: Option<NaiveDate>,
    cancelled_by: Option<String>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
}

/// Of a row that is there already.
struct UpsertDonationUses;

impl Words for UpsertDonationUses {
    const WORDS: &'static str = "ON CONFLICT (donation, number) DO UPDATE SET \
        cancel_reason = excluded.cancel_reason, cancelled_on = excluded.cancelled_on, \
        cancelled_by = excluded.cancelled_by";
}

/// The uses of these donations, by number. A donation without any is not in the answer.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn uses_of(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, Vec<Use>>, DbError> {
    let rows: Vec<Row> = donation_uses::table
        .filter(donation_uses::donation.eq_any(ids))
        .order((donation_uses::donation, donation_uses::number))
        .select(Row::as_select())
        .load(conn)?;
    let mut found: HashMap<String, Vec<Use>> = HashMap::new();
    for row in rows {
        let (donation, said) = row.into_use()?;
        found.entry(donation).or_default().push(said);
    }
    Ok(found)
}

/// A page of the uses of a donation, by number; the page's key is a number.
///
/// # Errors
/// As [`uses_of`].
pub fn list(conn: &mut Conn, donation: &RecordId, page: &Page) -> Result<Vec<Use>, DbError> {
    let after = page.after.as_ref().and_then(|key| key.parse().ok());
    let rows: Vec<Row> = donation_uses::table
        .filter(donation_uses::donation.eq(donation.as_str()))
        .filter(donation_uses::number.gt(after.unwrap_or(0)))
        .order(donation_uses::number)
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter()
        .map(|row| row.into_use().map(|(_, said)| said))
        .collect()
}

/// Writes the uses of donations that changed: new ones, and how one was undone.
///
/// # Errors
/// [`DbError::Statement`].
pub fn save(conn: &mut Conn, changed: &[&Donation]) -> Result<(), DbError> {
    let rows: Vec<Row> = changed
        .iter()
        .flat_map(|donation| donation.uses.iter().map(|said| Row::of(donation, said)))
        .collect();
    Ok(upsert_rows!(
        conn,
        donation_uses::table,
        rows,
        UpsertDonationUses
    )?)
}

impl Row {
    fn of(donation: &Donation, said: &Use) -> Self {
        let cancelled = said.cancelled.as_ref();
        Self {
            donation: donation.payout.id.to_string(),
            number: said.number,
            period_start: said.period.start(),
            period_end: said.period.end(),
            effective_on: said.effective_on,
            region: said.region.map_or("", RegionCode::as_str).to_owned(),
            used: said.used.get(),
            returned: said.returned.get(),
            beneficiaries: said.beneficiaries,
            note: said.note.clone(),
            cancel_reason: cancelled.map(|cancelled| cancelled.reason.clone()),
            cancelled_on: cancelled.map(|cancelled| cancelled.on),
            cancelled_by: cancelled.map(|cancelled| cancelled.by.clone()),
            recorded_by: said.recorded_by.clone(),
            recorded_at: said.recorded_at.naive_utc(),
        }
    }

    fn into_use(self) -> Result<(String, Use), DbError> {
        let place = Place {
            table: "donation_uses",
            key: &format!("{}/{}", self.donation, self.number),
        };
        let region = Some(self.region.as_str()).filter(|region| !region.is_empty());
        let cancelled = match (self.cancel_reason, self.cancelled_on, self.cancelled_by) {
            (Some(reason), Some(on), Some(by)) => Some(Cancelled { reason, on, by }),
            (None, None, None) => None,
            _ => return Err(place.unreadable("half a cancellation")),
        };
        let said = Use {
            number: self.number,
            period: place.value(Period::new(self.period_start, self.period_end))?,
            effective_on: self.effective_on,
            region: place.value(region.map(RegionCode::parse).transpose())?,
            used: place.value(Cost::new(self.used))?,
            returned: place.value(Cost::new(self.returned))?,
            beneficiaries: self.beneficiaries,
            note: self.note,
            cancelled,
            recorded_by: self.recorded_by,
            recorded_at: self.recorded_at.and_utc(),
        };
        Ok((self.donation, said))
    }
}

/// A use that counts on the day of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Of which donation.
    pub donation: RecordId,
    /// Of which program; none for direct giving.
    pub program: Option<Code>,
    /// Where; empty where that is not told.
    pub region: String,
    /// The last of its days.
    pub period_end: NaiveDate,
    /// Won passed on.
    pub used: Won,
    /// Won given back.
    pub returned: Won,
    /// How many people it reached.
    pub beneficiaries: Option<i64>,
}

/// Reads the uses, of one program's donations or of all, that count on a day.
///
/// # Errors
/// [`DbError::Statement`].
pub fn said(
    conn: &mut Conn,
    program: Option<&Code>,
    as_of: NaiveDate,
) -> Result<Vec<Said>, DbError> {
    type SaidRow = (String, String, String, NaiveDate, i64, i64, Option<i64>);
    let mut query = donation_uses::table
        .inner_join(donations::table.on(donations::id.eq(donation_uses::donation)))
        .filter(donation_uses::effective_on.le(as_of))
        .filter(
            donation_uses::cancelled_on
                .is_null()
                .or(donation_uses::cancelled_on.gt(as_of)),
        )
        .select((
            donation_uses::donation,
            donations::program,
            donation_uses::region,
            donation_uses::period_end,
            donation_uses::used,
            donation_uses::returned,
            donation_uses::beneficiaries,
        ))
        .into_boxed();
    if let Some(program) = program {
        query = query.filter(donations::program.eq(program.as_str()));
    }
    let rows: Vec<SaidRow> = query.load(conn)?;
    let said = |(donation, program, region, period_end, used, returned, beneficiaries)| Said {
        donation: RecordId::stored(donation),
        program: Code::stored_or_none(program),
        region,
        period_end,
        used: Won::new(used),
        returned: Won::new(returned),
        beneficiaries,
    };
    Ok(rows.into_iter().map(said).collect())
}

/// Won that moved in a donation until a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// Paid, net of what the bank returned.
    pub paid: Won,
    /// Came back for good.
    pub refunded: Won,
}

/// Donations asked for in one statement, at most.
const IDS_PER_STATEMENT: usize = 1_000;

/// Reads what was paid and refunded of these donations until a day: a statement for each thousand.
///
/// # Errors
/// [`DbError`].
pub fn moved(
    conn: &mut Conn,
    ids: &[RecordId],
    as_of: NaiveDate,
) -> Result<BTreeMap<RecordId, Moved>, DbError> {
    let mut found: BTreeMap<RecordId, Moved> = BTreeMap::new();
    for ids in ids.chunks(IDS_PER_STATEMENT) {
        let rows: Vec<(String, String, Option<i64>)> = steps::table
            .filter(steps::record.eq_any(ids.iter().map(RecordId::as_str)))
            .filter(steps::verb.eq_any(["pay", "return", "refund"]))
            .filter(steps::effective_on.le(as_of))
            .select((steps::record, steps::verb, steps::amount))
            .load(conn)?;
        for (record, verb, amount) in rows {
            let sum = found.entry(RecordId::stored(record)).or_default();
            let amount = Won::new(amount.unwrap_or(0));
            sum.add(&verb, amount)
                .map_err(|error| DbError::Schema(format!("steps of a donation: {error}")))?;
        }
    }
    Ok(found)
}

impl Moved {
    fn add(&mut self, verb: &str, amount: Won) -> Result<(), MoneyError> {
        match verb {
            "pay" => self.paid = self.paid.checked_add(amount)?,
            "return" => self.paid = self.paid.checked_sub(amount)?,
            _ => self.refunded = self.refunded.checked_add(amount)?,
        }
        Ok(())
    }
}

/// Reads the last donations of a program to intermediaries of which something was paid by a day,
/// with their recipients, newest first.
///
/// # Errors
/// [`DbError::Statement`].
pub fn passed_on(
    conn: &mut Conn,
    program: &Code,
    as_of: NaiveDate,
    most: i64,
) -> Result<Vec<(RecordId, Code)>, DbError> {
    let paid = steps::table
        .filter(steps::verb.eq("pay"))
        .filter(steps::effective_on.le(as_of))
        .select(steps::record);
    let rows: Vec<(String, String)> = donations::table
        .filter(donations::program.eq(program.as_str()))
        .filter(donations::recipient_role.eq(RecipientRole::Intermediary.as_str()))
        .filter(donations::id.eq_any(paid))
        .order(donations::id.desc())
        .limit(most)
        .select((donations::id, donations::recipient))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, recipient)| (RecordId::stored(id), Code::stored(recipient)))
        .collect())
}
