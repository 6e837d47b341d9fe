//! What an indicator is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::measure::Stated;
use crate::calendar::Period;
use crate::code::{Code, Name};
use crate::money::Quantity;
use crate::text_enum::text_enum;

text_enum! {
    /// Of what sort the values of an indicator are.
    ValueKind {
        /// A number of its unit.
        Number = "number",
        /// A share of a whole, kept as numerator and denominator.
        Ratio = "ratio",
    }
}

text_enum! {
    /// What a value says of its period.
    Accumulation {
        /// All since the period's start: the next value contains it.
        Cumulative = "cumulative",
        /// What the period itself brought.
        InPeriod = "in_period",
    }
}

text_enum! {
    /// Which way is better.
    BetterWhen {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
    }
}

/// An indicator as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its address.
    pub code: Code,
    /// What may be changed.
    pub terms: IndicatorTerms,
    /// The version of this row.
    pub version: i32,
}

/// What of an indicator may be changed; each version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorTerms {
    /// Its name.
    pub name: Name,
    /// In what it is counted.
    pub unit: String,
    /// Numbers or ratios.
    pub value: ValueKind,
    /// Decimal places of its values; of a ratio, of numerator and denominator.
    pub decimals: i32,
    /// Whether values of different periods, groups or programs may be added.
    pub additive: bool,
    /// What a value says of its period.
    pub accumulation: Accumulation,
    /// Which way is better.
    pub better: BetterWhen,
    /// The program it is about.
    pub program: Option<Code>,
    /// A free area.
    pub area: Option<String>,
    /// The days that measurements lie in, where they are bounded.
    pub period: Option<Period>,
    /// By what its values are told apart.
    pub dimensions: Vec<Dimension>,
    /// Where it stood at the start.
    pub baseline: Option<Baseline>,
    /// Where it is meant to stand, by year.
    pub targets: Vec<Target>,
    /// What exactly is counted, and how.
    pub definition: Option<String>,
    /// Where what is known of it comes from.
    pub basis: Option<String>,
}

/// One way in which values are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    /// Its address within the indicator.
    pub code: Code,
    /// Its name.
    pub name: Name,
    /// What there is of it.
    pub values: Vec<DimensionValue>,
}

/// One value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionValue {
    /// Its address within the dimension.
    pub code: Code,
    /// Its name.
    pub name: Name,
}

/// Where an indicator stood at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The value.
    pub stated: Stated,
    /// On which day.
    pub on: NaiveDate,
}

/// Where an indicator is meant to stand at the end of a year, or by what it brings in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The calendar year.
    pub year: i32,
    /// The value; of a ratio, the share with up to four places.
    pub value: Quantity,
}

/// How many measurements make the meaning of an indicator final: live ones, and those that were
/// once approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The indicator.
    pub indicator: Code,
    /// How many.
    pub measurements: i64,
}
