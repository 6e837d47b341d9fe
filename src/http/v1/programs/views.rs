//! What callers are shown of programs.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{ApprovalWire, OnePaymentPerWire, ProgramKindWire};
use crate::http::v1::funds::dto::OpennessWire;
use crate::http::wire::{Choice, Currency, NameOut, WonOut};
use crate::programs::model::Program;

/// A program.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramView {
    /// Its address.
    #[schema(example = "sosin-merchants")]
    pub code: String,
    /// Its name.
    pub name: NameOut,
    /// What it does.
    pub kind: ProgramKindWire,
    /// Open or closed.
    pub status: OpennessWire,
    /// The funds it draws on; none for a program that pays outside any fund.
    #[schema(example = json!(["co-prosperity"]))]
    pub funds: Vec<String>,
    /// The organisation that runs it.
    #[schema(required)]
    pub partner: Option<String>,
    /// Who has to approve a record.
    pub approval: ApprovalWire,
    /// Over how many won a second person has to approve; null where it is as for the house.
    #[schema(required)]
    pub second_approval_above: Option<WonOut>,
    /// How often one beneficiary may be paid.
    pub one_payment_per: OnePaymentPerWire,
    /// A free area.
    #[schema(required, example = "merchants")]
    pub area: Option<String>,
    /// Labels by scheme.
    #[schema(example = json!({"sdg": ["8", "10"], "gri": ["203-1"]}))]
    pub tags: BTreeMap<String, Vec<String>>,
    /// The currency of its cost.
    pub currency: Currency,
    /// What running it costs a year.
    #[schema(required)]
    pub management_cost: Option<WonOut>,
    /// What its figures rest on.
    #[schema(required)]
    pub basis: Option<String>,
    /// The version of this data.
    pub version: i32,
}

impl ProgramView {
    /// The view of a program.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let terms = &program.terms;
        Self {
            code: program.code.to_string(),
            name: NameOut::from(&terms.name),
            kind: Choice(program.kind),
            status: Choice(program.status),
            funds: program.funds.iter().map(ToString::to_string).collect(),
            partner: terms.partner.as_ref().map(ToString::to_string),
            approval: Choice(program.approval),
            second_approval_above: program.second_approval_above.map(WonOut::from),
            one_payment_per: Choice(program.one_payment_per),
            area: terms.area.clone(),
            tags: terms.tags.clone(),
            currency: Currency,
            management_cost: terms.management_cost.map(WonOut::from),
            basis: terms.basis.clone(),
            version: program.version,
        }
    }
}
