//! What a program is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::{Code, Name};
use crate::funds::model::Openness;
use crate::money::{Amount, Cost};
use crate::text_enum::text_enum;

text_enum! {
    /// What a program does.
    ProgramKind {
        /// Supports small merchants.
        MerchantSupport = "merchant_support",
        /// Sells produce for producers.
        ProduceSales = "produce_sales",
        /// Supports workers.
        WorkerSupport = "worker_support",
        /// Gives to organisations.
        Donation = "donation",
        /// Makes services accessible.
        Accessibility = "accessibility",
        /// Makes good a damage: reported apart, never giving.
        Compensation = "compensation",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// Who has to approve a record.
    Approval {
        /// A second person.
        FourEyes = "four_eyes",
        /// Nobody: a record is approved when it is made.
        None = "none",
    }
}

text_enum! {
    /// How often one beneficiary may be paid.
    OnePaymentPer {
        /// Once in each round (차수).
        Round = "round",
        /// Once in the program.
        Program = "program",
        /// As often as it is recorded.
        None = "none",
    }
}

/// Labels by which reports group programs: a list of codes for each scheme.
pub type Tags = BTreeMap<String, Vec<String>>;

/// A program as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its address.
    pub code: Code,
    /// What it does. Fixed when it is made.
    pub kind: ProgramKind,
    /// The funds it draws on, in the order given; none for a program that pays outside any fund.
    pub funds: Vec<Code>,
    /// Who has to approve.
    pub approval: Approval,
    /// Over how many won a second person has to approve; none where the house's limit holds.
    pub second_approval_above: Option<Amount>,
    /// How often one beneficiary may be paid.
    pub one_payment_per: OnePaymentPer,
    /// What may be changed.
    pub terms: ProgramTerms,
    /// Open or closed.
    pub status: Openness,
    /// The version of this row.
    pub version: i32,
}

/// What of a program may be changed; each version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramTerms {
    /// Its name.
    pub name: Name,
    /// The organisation that runs it (수행기관).
    pub partner: Option<Code>,
    /// A free area such as "merchants".
    pub area: Option<String>,
    /// Labels by scheme: `sdg`, `gri`, `b4si`.
    pub tags: Tags,
    /// What running it costs a year, in won; kept apart from what is given.
    pub management_cost: Option<Cost>,
    /// What its figures rest on.
    pub basis: Option<String>,
}
