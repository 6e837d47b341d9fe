//! The table of indicators, and how much each is used.
//!
//! Cost: one statement to load or list; to save, one and one for each changed row.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::{Indicator, IndicatorTerms, Usage, ValueKind};
use crate::calendar::Period;
use crate::code::{Code, Name};
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{indicators, measurements};
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

#[derive(Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = indicators, primary_key(code))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    code: String,
    name_ko: String,
    name_en: String,
    unit: String,
    value: String,
    decimals: i32,
    additive: bool,
    accumulation: String,
    better: String,
    program: Option<String>,
    area: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    dimensions: String,
    baseline: Option<String>,
    targets: String,
    definition: Option<String>,
    basis: Option<String>,
    version: i32,
}

/// Which indicators a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct IndicatorFilter {
    /// Those of numbers, or of ratios.
    pub value: Option<ValueKind>,
    /// Those about one program.
    pub program: Option<Code>,
    /// Those whose code, name, unit or area contains these words.
    pub q: Option<String>,
}

/// Reads one indicator.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, code: &Code) -> Result<Option<Indicator>, DbError> {
    Ok(Indicator::load(conn, std::slice::from_ref(code))?.pop())
}

/// Reads a page of indicators, by code.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    filter: &IndicatorFilter,
    page: &Page,
) -> Result<Vec<Indicator>, DbError> {
    let mut query = indicators::table
        .order(indicators::code)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(indicators::code.gt(after));
    }
    if let Some(value) = filter.value {
        query = query.filter(indicators::value.eq(value.as_str()));
    }
    if let Some(program) = &filter.program {
        query = query.filter(indicators::program.eq(program.as_str()));
    }
    if let Some(pattern) = filter.q.as_deref().map(containing) {
        query = query.filter(
            lower(indicators::code.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(indicators::name_ko.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(indicators::name_en.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(indicators::unit.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(indicators::area).like(pattern).escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Indicator::try_from).collect()
}

impl Kept for Indicator {
    type Key = Code;

    fn key(&self) -> Code {
        self.code.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = indicators::table
            .filter(indicators::code.eq_any(keys.iter().map(Code::as_str)))
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Indicator {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows = new.iter().map(|indicator| Row::of(indicator));
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        insert_rows!(conn, indicators::table, rows)?;
        for indicator in changed {
            let row = Row::of(indicator)?;
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl Kept for Usage {
    type Key = Code;

    fn key(&self) -> Code {
        self.indicator.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let counts: Vec<(String, i64)> = measurements::table
            .filter(measurements::indicator.eq_any(keys.iter().map(Code::as_str)))
            .filter(measurements::status.eq_any(["submitted", "approved", "cancelled"]))
            .group_by(measurements::indicator)
            .select((measurements::indicator, count_star()))
            .load(conn)?;
        let usage = |(indicator, measurements)| Self {
            indicator: Code::stored(indicator),
            measurements,
        };
        Ok(counts.into_iter().map(usage).collect())
    }
}

impl Row {
    fn of(indicator: &Indicator) -> Result<Self, DbError> {
        let terms = &indicator.terms;
        let place = Place {
            table: "indicators",
            key: indicator.code.as_str(),
        };
        let baseline = terms.baseline.as_ref().map(serde_json::to_string);
        Ok(Self {
            code: indicator.code.to_string(),
            name_ko: terms.name.ko.clone(),
            name_en: terms.name.en.clone(),
            unit: terms.unit.clone(),
            value: terms.value.to_string(),
            decimals: terms.decimals,
            additive: terms.additive,
            accumulation: terms.accumulation.to_string(),
            better: terms.better.to_string(),
            program: terms.program.as_ref().map(Code::to_string),
            area: terms.area.clone(),
            starts_on: terms.period.map(Period::start),
            ends_on: terms.period.map(Period::end),
            dimensions: place.value(serde_json::to_string(&terms.dimensions))?,
            baseline: place.value(baseline.transpose())?,
            targets: place.value(serde_json::to_string(&terms.targets))?,
            definition: terms.definition.clone(),
            basis: terms.basis.clone(),
            version: indicator.version,
        })
    }
}

impl TryFrom<Row> for Indicator {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "indicators",
            key: &row.code,
        };
        let period = row.starts_on.zip(row.ends_on);
        let period = period.map(|(start, end)| Period::new(start, end));
        let baseline = row.baseline.as_deref().map(serde_json::from_str);
        Ok(Self {
            terms: IndicatorTerms {
                value: place.name(&row.value)?,
                accumulation: place.name(&row.accumulation)?,
                better: place.name(&row.better)?,
                period: place.value(period.transpose())?,
                dimensions: place.value(serde_json::from_str(&row.dimensions))?,
                baseline: place.value(baseline.transpose())?,
                targets: place.value(serde_json::from_str(&row.targets))?,
                name: Name {
                    ko: row.name_ko,
                    en: row.name_en,
                },
                unit: row.unit,
                decimals: row.decimals,
                additive: row.additive,
                program: row.program.map(Code::stored),
                area: row.area,
                definition: row.definition,
                basis: row.basis,
            },
            code: Code::stored(row.code),
            version: row.version,
        })
    }
}
