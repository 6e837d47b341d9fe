//! What callers see of imports.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{ImportModeWire, KindWire};
use crate::http::catalogue::explained;
use crate::http::lang::Lang;
use crate::http::wire::{Choice, Instant, NameOut, WonOut};
use crate::imports::model::{Counts, Import, RowFault, State, Totals, Weight, Work};
use crate::imports::steps::Mapping;
use crate::money::Won;
use crate::text_enum::text_enum;

/// Milliseconds of a second.
const SECOND: i64 = 1_000;

text_enum! {
    /// Where an import stands, as it is shown.
    Stage {
        /// Its rows are kept and wait to be checked.
        Received = "received",
        /// They are being checked.
        Checking = "checking",
        /// Every row was checked; nothing is recorded.
        Checked = "checked",
        /// Its rows are being recorded.
        Committing = "committing",
        /// It is recorded.
        Committed = "committed",
        /// What was recorded of it is being undone.
        Undoing = "undoing",
        /// It was recorded, and undone as a whole.
        Undone = "undone",
        /// It was called off; nothing of it stands.
        Cancelled = "cancelled",
        /// It could not be recorded; nothing of it stands.
        Failed = "failed",
    }
}

/// How much a fault weighs.
pub type WeightWire = Choice<Weight>;
/// Where an import stands.
pub type StageWire = Choice<Stage>;

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportView {
    /// Its id.
    pub id: String,
    /// What its rows are.
    pub kind: KindWire,
    /// The program that its rows belong to.
    #[schema(required)]
    pub program: Option<String>,
    /// What the file was called.
    #[schema(required)]
    pub name: Option<String>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// How long the file was.
    pub bytes: i64,
    /// Where it stands.
    pub state: StageWire,
    /// What is to be recorded, where that was said.
    #[schema(required)]
    pub mode: Option<ImportModeWire>,
    /// Rows that hold something.
    pub rows: i64,
    /// How far it has come.
    pub progress: ProgressView,
    /// Rows that can be recorded.
    pub good: i64,
    /// Rows that cannot.
    pub faulty: i64,
    /// Rows that can be recorded once their warning is accepted.
    pub warned: i64,
    /// Rows that were recorded before, and change nothing.
    pub repeated: i64,
    /// Rows that are recorded.
    pub recorded: i64,
    /// Records that were taken back.
    pub undone: i64,
    /// What the good rows come to, in won.
    pub amount: WonOut,
    /// How many different people the good rows name.
    pub people: i64,
    /// What the sender said of the file.
    pub declared: TotalsView,
    /// The code of why it could not be recorded.
    #[schema(required)]
    pub failure: Option<String>,
    /// Who sent it: the id of a user.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Instant,
    /// When it came to stand where it does.
    pub changed_at: Instant,
    /// How often it changed.
    pub version: i32,
}

/// How far an import has come in what is being done with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "done": 40_000, "percent": 40, "rows_per_second": 12_500, "remaining_seconds": 5
}))]
pub struct ProgressView {
    /// Rows that are behind it.
    pub done: i64,
    /// The same as a share of all, in hundredths.
    pub percent: i64,
    /// Rows a second so far; null before the first.
    #[schema(required)]
    pub rows_per_second: Option<i64>,
    /// How long it will go on at that rate; null where nothing is being done.
    #[schema(required)]
    pub remaining_seconds: Option<i64>,
}

/// What the sender said of a file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"rows": 20_000, "amount": "6000000000", "people": null}))]
pub struct TotalsView {
    /// How many rows.
    #[schema(required)]
    pub rows: Option<i64>,
    /// What they come to, in won.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// How many different people.
    #[schema(required)]
    pub people: Option<i64>,
}

impl TotalsView {
    fn of(totals: &Totals) -> Self {
        Self {
            rows: totals.rows,
            amount: totals.amount.map(|amount| Won::new(amount).into()),
            people: totals.people,
        }
    }
}

impl ImportView {
    /// The view of an import whose work came so far.
    #[must_use]
    pub fn of(import: &Import, work: Option<&Work>) -> Self {
        let counts = work.map_or_else(Counts::default, |work| work.counts);
        Self {
            id: import.id.to_string(),
            kind: Choice(import.kind),
            program: import.program.as_ref().map(ToString::to_string),
            name: import.name.clone(),
            sha256: import.sha256.clone(),
            bytes: import.bytes,
            state: Choice(stage(import, work)),
            mode: import.mode.map(Choice),
            rows: import.lines,
            progress: ProgressView::of(import, work),
            good: counts.good,
            faulty: counts.faulty,
            warned: counts.warned,
            repeated: counts.repeated,
            recorded: counts.recorded,
            undone: counts.undone,
            amount: Won::new(counts.amount).into(),
            people: counts.people,
            declared: TotalsView::of(&import.settings.totals),
            failure: import.failure.clone(),
            recorded_by: import.recorded_by.clone(),
            recorded_at: Instant(import.recorded_at),
            changed_at: Instant(import.changed_at),
            version: import.version,
        }
    }
}

fn stage(import: &Import, work: Option<&Work>) -> Stage {
    match import.state {
        State::Received if work.is_some_and(|work| work.done > 0) => Stage::Checking,
        State::Received => Stage::Received,
        State::Checked => Stage::Checked,
        State::Committing => Stage::Committing,
        State::Committed => Stage::Committed,
        State::Undoing => Stage::Undoing,
        State::Undone => Stage::Undone,
        State::Cancelled => Stage::Cancelled,
        State::Failed => Stage::Failed,
    }
}

impl ProgressView {
    fn of(import: &Import, work: Option<&Work>) -> Self {
        let behind = work.map_or((0, import.lines), |work| match import.state {
            State::Undoing | State::Undone => (work.counts.undone, work.counts.recorded),
            _ => (work.done, import.lines),
        });
        let (done, all) = behind;
        let share = done.saturating_mul(100).checked_div(all);
        let rate = work.and_then(|work| rate(done, work.started_at, work.changed_at));
        let left = all.saturating_sub(done);
        let remaining = rate.filter(|_| import.state.is_open());
        Self {
            done,
            percent: share.unwrap_or(100).min(100),
            rows_per_second: rate,
            remaining_seconds: remaining.and_then(|rate| left.checked_div(rate.max(1))),
        }
    }
}

/// Rows a second.
fn rate(done: i64, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<i64> {
    let taken = (to - from).num_milliseconds().max(1);
    (done > 0).then(|| done.saturating_mul(SECOND).checked_div(taken).unwrap_or(0))
}

/// Something wrong with a row, or likely to be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "row": 17, "column": 3, "header": "금액", "field": "/amount", "weight": "fault",
    "code": "not_whole", "value": "300.5",
    "message": {"ko": "1원 단위의 정수여야 합니다", "en": "must be whole: won have no minor unit"}
}))]
pub struct FaultView {
    /// The row, as a person counts in the file; 0 for the file as a whole.
    pub row: i64,
    /// The column, from 1, where it is one.
    #[schema(required)]
    pub column: Option<i64>,
    /// What stands above that column.
    #[schema(required)]
    pub header: Option<String>,
    /// The field that it is about, as a JSON pointer.
    pub field: String,
    /// How much it weighs.
    pub weight: WeightWire,
    /// The stable code.
    pub code: String,
    /// What stands in the cell.
    #[schema(required)]
    pub value: Option<String>,
    /// What is wrong, in words.
    pub message: NameOut,
}

impl FaultView {
    /// The view of a fault in a cell that holds `value`.
    #[must_use]
    pub fn of(fault: &RowFault, value: Option<String>) -> Self {
        let words = |lang| explained(&fault.code, lang, &fault.facts);
        Self {
            row: fault.line,
            column: fault.place.map(|place| i64::from(place).saturating_add(1)),
            header: fault.header.clone(),
            field: fault.field.clone(),
            weight: Choice(fault.weight),
            code: fault.code.clone(),
            value,
            message: NameOut {
                ko: words(Lang::Ko),
                en: words(Lang::En),
            },
        }
    }
}

/// What one header means.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"header": "사업자번호", "field": "registration_number"}))]
pub struct MeaningView {
    /// The header.
    pub header: String,
    /// The field; null where the column is passed over.
    #[schema(required)]
    pub field: Option<String>,
}

/// What the headers of a program's files mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct MappingView {
    /// What the rows are.
    pub kind: KindWire,
    /// The program.
    #[schema(required)]
    pub program: Option<String>,
    /// What the headers mean.
    pub headers: Vec<MeaningView>,
    /// Who said so: the id of a user.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Instant,
    /// How often it was said.
    pub version: i32,
}

impl MappingView {
    /// The view of a mapping.
    #[must_use]
    pub fn of(mapping: &Mapping) -> Self {
        let meaning = |(header, field): (&String, &String)| MeaningView {
            header: header.clone(),
            field: (!field.is_empty()).then(|| field.clone()),
        };
        Self {
            kind: Choice(mapping.kind),
            program: (!mapping.program.is_empty()).then(|| mapping.program.clone()),
            headers: mapping.headers.iter().map(meaning).collect(),
            recorded_by: mapping.recorded_by.clone(),
            recorded_at: Instant(mapping.recorded_at),
            version: mapping.version,
        }
    }
}
