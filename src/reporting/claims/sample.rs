//! A claim for the tests of this room.

use chrono::DateTime;

use crate::claims::comparison::{Comparator, Comparison, Tolerance};
use crate::claims::model::{Claim, Nature, Source, Words};
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope};
use crate::reporting::sample::day;

/// At least 6 billion, said on 2022-11-03.
pub fn claim(metric: Option<Metric>, scope: Scope) -> Claim {
    Claim {
        id: RecordId::stored("1-1".to_owned()),
        words: Words {
            statement: "60억 원 돌파".to_owned(),
            source: Source {
                title: "실적 발표".to_owned(),
                date: None,
                url: None,
            },
            basis: None,
        },
        said_on: day("2022-11-03"),
        metric,
        scope,
        from: None,
        as_of: day("2022-11-03"),
        comparison: said(Comparator::Gte, 6_000_000_000, None),
        nature: Nature::Actual,
        withdrawn: None,
        recorded_by: "communicator".to_owned(),
        recorded_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

pub fn said(comparator: Comparator, value: i64, unit: Option<i64>) -> Comparison {
    Comparison::new(comparator, value, unit, Tolerance::default()).unwrap()
}
