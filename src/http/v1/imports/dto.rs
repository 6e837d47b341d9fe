//! What callers say of imports.

use std::collections::BTreeMap;

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use crate::http::extract::query::in_query;
use crate::http::problem::ApiError;
use crate::http::v1::funds::dto::Label;
use crate::http::wire::{Choice, CodeIn, Faults, Items, QueryNumber, Text};
use crate::imports::kinds::Kind;
use crate::imports::model::{Mode, Settings, State, Totals};
use crate::imports::store::ImportFilter;
use crate::imports::values::region::RegionCodes;
use crate::refusal::Refusal;
use crate::tables::{Delimiter, Encoding};
use crate::text_enum::text_enum;

/// Entries of a mapping, or of defaults.
const MOST_ENTRIES: usize = 256;

/// What the rows of a file are.
pub type KindWire = Choice<Kind>;
/// What is recorded of a file in which rows are wrong.
pub type ImportModeWire = Choice<Mode>;
/// Where an import stands.
pub type ImportStateWire = Choice<State>;
/// Which regions are taken.
pub type RegionCodesWire = Choice<RegionCodes>;
/// How text is encoded.
pub type EncodingWire = Choice<EncodingName>;
/// What divides columns.
pub type DelimiterWire = Choice<DelimiterName>;
/// How many rows, won or people.
pub type Total = QueryNumber<0, 1_000_000_000_000_000>;
/// A JSON object of texts.
pub type Pairs = Text<20_000>;
/// What headers mean.
pub type Meanings = Items<NewMeaning, 256>;
/// Codes of warnings.
pub type Warnings = Items<Label, 20>;

text_enum! {
    /// How text is encoded.
    EncodingName {
        /// UTF-8.
        Utf8 = "utf-8",
        /// CP949, the superset of EUC-KR.
        Cp949 = "cp949",
    }
}

text_enum! {
    /// What divides columns.
    DelimiterName {
        /// `,`
        Comma = "comma",
        /// `;`
        Semicolon = "semicolon",
        /// A tab.
        Tab = "tab",
    }
}

impl From<EncodingName> for Encoding {
    fn from(name: EncodingName) -> Self {
        match name {
            EncodingName::Utf8 => Self::Utf8,
            EncodingName::Cp949 => Self::Cp949,
        }
    }
}

impl From<DelimiterName> for Delimiter {
    fn from(name: DelimiterName) -> Self {
        match name {
            DelimiterName::Comma => Self::Comma,
            DelimiterName::Semicolon => Self::Semicolon,
            DelimiterName::Tab => Self::Tab,
        }
    }
}

/// What a file is, and how it is to be read.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NewImport {
    /// What its rows are.
    #[param(inline)]
    pub kind: KindWire,
    /// The program that its rows belong to, where they don't say it.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// What is to be recorded as soon as every row is checked: `all` or nothing, or the `good` rows.
    /// Nothing by default.
    #[deserr(default)]
    #[param(inline)]
    pub mode: Option<ImportModeWire>,
    /// What the file is called; by default as `Content-Disposition` says.
    #[deserr(default)]
    pub name: Option<Label>,
    /// How its text is encoded; found by looking where it is not said.
    #[deserr(default)]
    #[param(inline)]
    pub encoding: Option<EncodingWire>,
    /// What divides its columns; found by looking where it is not said.
    #[deserr(default)]
    #[param(inline)]
    pub delimiter: Option<DelimiterWire>,
    /// The sheet of a workbook; by default the first that can be seen.
    #[deserr(default)]
    pub sheet: Option<Label>,
    /// Which regions are taken: those valid on the day (`strict`, the default), or also those that one
    /// other surely stands for (`successor`).
    #[deserr(default)]
    #[param(inline)]
    pub region_codes: Option<RegionCodesWire>,
    /// What headers mean, as a JSON object: `{"사업자번호": "registration_number"}`. By default what was
    /// kept for the program.
    #[deserr(default)]
    #[param(inline)]
    pub headers: Option<Pairs>,
    /// What holds for rows that don't say otherwise, as a JSON object: `{"form": "cash"}`.
    #[deserr(default)]
    #[param(inline)]
    pub defaults: Option<Pairs>,
    /// How many rows it should have.
    #[deserr(default)]
    #[param(inline)]
    pub rows: Option<Total>,
    /// What its rows should come to, in won.
    #[deserr(default)]
    #[param(inline)]
    pub amount: Option<Total>,
    /// How many different people it should name.
    #[deserr(default)]
    #[param(inline)]
    pub people: Option<Total>,
    /// Codes of warnings that are accepted beforehand, divided by commas.
    #[deserr(default)]
    pub acknowledged_warnings: Option<Label>,
}

impl NewImport {
    /// How it is read, as far as the sender says.
    ///
    /// # Errors
    /// `not_a_mapping`.
    pub fn settings(&self) -> Result<Settings, ApiError> {
        let total = |total: Option<Total>| total.map(|total| total.0);
        let warnings = self.acknowledged_warnings.as_ref();
        let warnings = warnings.map_or("", |label| label.0.as_str()).split(',');
        let warnings = warnings.map(str::trim).filter(|code| !code.is_empty());
        Ok(Settings {
            headers: pairs("/headers", self.headers.as_ref())?,
            defaults: pairs("/defaults", self.defaults.as_ref())?,
            region_codes: self.region_codes.map(|choice| choice.0),
            totals: Totals {
                rows: total(self.rows),
                amount: total(self.amount),
                people: total(self.people),
            },
            acknowledged: warnings.map(str::to_owned).collect(),
            rehearsal: false,
        })
    }
}

fn pairs(field: &'static str, text: Option<&Pairs>) -> Result<BTreeMap<String, String>, ApiError> {
    let Some(text) = text else {
        return Ok(BTreeMap::new());
    };
    let read: Result<BTreeMap<String, String>, _> = serde_json::from_str(&text.0);
    match read {
        Ok(pairs) if pairs.len() <= MOST_ENTRIES => Ok(pairs),
        _ => Err(in_query(Refusal::field(field, "not_a_mapping")).into()),
    }
}

/// What is to be recorded of an import.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"mode": "all", "acknowledged_warnings": ["likely_second_payment"]}))]
pub struct ImportOrder {
    /// All of it or nothing, or the rows that are right.
    pub mode: ImportModeWire,
    /// Warnings that were read and accepted, by code.
    #[deserr(default)]
    pub acknowledged_warnings: Option<Warnings>,
}

/// Nothing more to say.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ImportEnding {}

/// What one header means.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"header": "사업자번호", "field": "registration_number"}))]
pub struct NewMeaning {
    /// The header.
    pub header: Label,
    /// The field: the name of a column in the template; none to pass the column over.
    #[deserr(default)]
    pub field: Option<Label>,
}

/// What the headers of a program's files mean.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "kind": "disbursements", "program": "sosin-merchants",
    "headers": [{"header": "사업자번호", "field": "registration_number"}]
}))]
pub struct NewMapping {
    /// What the rows are.
    pub kind: KindWire,
    /// The program; none for files that belong to none.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// What the headers mean.
    pub headers: Meanings,
}

/// Which mapping.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MappingQuery {
    /// Of which rows.
    pub kind: KindWire,
    /// Of which program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
}

/// Which imports to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Only those of one kind.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<KindWire>,
    /// Only those of a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those that stand here.
    #[deserr(default)]
    #[param(inline)]
    pub state: Option<ImportStateWire>,
}

impl ImportQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> ImportFilter {
        ImportFilter {
            kind: self.kind.map(|choice| choice.0),
            program: self.program.map(|code| code.0),
            state: self.state.map(|choice| choice.0),
        }
    }
}

/// Which faults to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FaultQuery {}
