//! What a claim (공표 수치) is: a number that was said in public.

use chrono::{DateTime, NaiveDate, Utc};

use super::comparison::Comparison;
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope, Unit};
use crate::text_enum::text_enum;

text_enum! {
    /// What sort of number was said.
    Nature {
        /// What was done.
        Actual = "actual",
        /// What is meant to be done.
        Plan = "plan",
        /// What is thought to be so (추산): never supported by books.
        Estimate = "estimate",
    }
}

/// A claim as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: RecordId,
    /// What was said, and where: what may be corrected.
    pub words: Words,
    /// When it was said.
    pub said_on: NaiveDate,
    /// What the number counts; none where the books count no such thing.
    pub metric: Option<Metric>,
    /// Of what.
    pub scope: Scope,
    /// The first day that it covers.
    pub from: Option<NaiveDate>,
    /// The day that the number is of.
    pub as_of: NaiveDate,
    /// The number, and how it was said.
    pub comparison: Comparison,
    /// What sort of number it is.
    pub nature: Nature,
    /// How it was taken back.
    pub withdrawn: Option<Withdrawn>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The version of the record.
    pub version: i32,
}

/// What was said, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The sentence itself.
    pub statement: String,
    /// Where it stands.
    pub source: Source,
    /// What it rests on, in words.
    pub basis: Option<String>,
}

/// Where something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// When it appeared.
    pub date: Option<NaiveDate>,
    /// Its address.
    pub url: Option<String>,
}

/// How a claim was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// Why.
    pub reason: String,
    /// Since when it is no longer said.
    pub on: NaiveDate,
    /// By whom.
    pub by: String,
}

impl Claim {
    /// In what its number is counted; a number of nothing that the books know is a plain count.
    #[must_use]
    pub fn unit(&self) -> Unit {
        unit(self.metric)
    }

    /// Whether it was said by then and not taken back.
    #[must_use]
    pub fn is_live_on(&self, day: NaiveDate) -> bool {
        let withdrawn = self.withdrawn.as_ref().is_some_and(|how| how.on <= day);
        self.said_on <= day && !withdrawn
    }
}

/// In what the number of a claim is counted.
#[must_use]
pub fn unit(metric: Option<Metric>) -> Unit {
    metric.map_or(Unit::Count, Metric::unit)
}
