//! What callers are shown of claims.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{ComparatorWire, NatureWire};
use crate::claims::comparison::Tolerance;
use crate::claims::model::{Claim, Source, Withdrawn};
use crate::http::v1::reports::query::MetricWire;
use crate::http::wire::{Choice, Day, Instant, ShareOut};
use crate::metrics::Scope;

/// A claim.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0184411a0c007000800000000000000a-1", "status": "said",
    "statement": "소신상인 지원금이 60억 원을 돌파했습니다.",
    "source": {"title": "2022년 3분기 실적 발표", "date": "2022-11-03", "url": null},
    "said_on": "2022-11-03", "metric": "disbursed",
    "scope": {"program": "sosin-merchants", "fund": null},
    "from": null, "as_of": "2022-11-03", "comparator": "gte", "value": "6000000000",
    "unit": null, "tolerance": null, "nature": "actual", "basis": null, "withdrawn": null,
    "recorded_by": "0184411a0c0070008000000000000001", "recorded_at": "2022-11-03T09:00:00.000000Z",
    "version": 1
}))]
pub struct ClaimView {
    /// Its id.
    pub id: String,
    /// `said`, or `withdrawn` once it was taken back.
    pub status: &'static str,
    /// The sentence itself.
    pub statement: String,
    /// Where it stands.
    pub source: ClaimSourceView,
    /// When it was said.
    pub said_on: Day,
    /// What the number counts.
    #[schema(required)]
    pub metric: Option<MetricWire>,
    /// Of what.
    pub scope: ClaimScopeView,
    /// The first day that the number covers.
    #[schema(required)]
    pub from: Option<Day>,
    /// The day that the number is of.
    pub as_of: Day,
    /// How the number was said.
    pub comparator: ComparatorWire,
    /// The number: whole, or kilograms with three places.
    pub value: String,
    /// To what it was rounded down.
    #[schema(required)]
    pub unit: Option<String>,
    /// Its own tolerance.
    #[schema(required)]
    pub tolerance: Option<ToleranceView>,
    /// What sort of number it is.
    pub nature: NatureWire,
    /// What it rests on, in words.
    #[schema(required)]
    pub basis: Option<String>,
    /// How it was taken back, if it was.
    #[schema(required)]
    pub withdrawn: Option<WithdrawnView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The version of the record.
    pub version: i32,
}

/// Where something was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimSourceView {
    /// What it is called.
    pub title: String,
    /// When it appeared.
    #[schema(required)]
    pub date: Option<Day>,
    /// Its address.
    #[schema(required)]
    pub url: Option<String>,
}

/// Of what a claim is; both are null for everything together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"program": "sosin-merchants", "fund": null}))]
pub struct ClaimScopeView {
    /// Of this program.
    #[schema(required)]
    pub program: Option<String>,
    /// Of this fund and its children.
    #[schema(required)]
    pub fund: Option<String>,
}

/// How far the number may lie beside the books.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToleranceView {
    /// Above them.
    #[schema(required)]
    pub above: Option<ShareOut>,
    /// Below them.
    #[schema(required)]
    pub below: Option<ShareOut>,
}

/// How a claim was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawnView {
    /// Since when it is no longer said.
    pub effective_on: Day,
    /// By whom: the id of a user.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl ClaimView {
    /// The view of a claim.
    #[must_use]
    pub fn of(claim: &Claim) -> Self {
        let (unit, said) = (claim.unit(), &claim.comparison);
        let withdrawn = claim.withdrawn.as_ref().map(WithdrawnView::from);
        Self {
            id: claim.id.to_string(),
            status: if withdrawn.is_some() {
                "withdrawn"
            } else {
                "said"
            },
            statement: claim.words.statement.clone(),
            source: ClaimSourceView::from(&claim.words.source),
            said_on: Day(claim.said_on),
            metric: claim.metric.map(Choice),
            scope: ClaimScopeView::from(&claim.scope),
            from: claim.from.map(Day),
            as_of: Day(claim.as_of),
            comparator: Choice(said.comparator()),
            value: unit.shown(said.value()),
            unit: said.unit().map(|rounded_to| unit.shown(rounded_to)),
            tolerance: ToleranceView::of(said.tolerance()),
            nature: Choice(claim.nature),
            basis: claim.words.basis.clone(),
            withdrawn,
            recorded_by: claim.recorded_by.clone(),
            recorded_at: Instant(claim.recorded_at),
            version: claim.version,
        }
    }
}

impl ToleranceView {
    fn of(tolerance: Tolerance) -> Option<Self> {
        (tolerance != Tolerance::default()).then(|| Self {
            above: tolerance.above.map(ShareOut),
            below: tolerance.below.map(ShareOut),
        })
    }
}

impl From<&Source> for ClaimSourceView {
    fn from(source: &Source) -> Self {
        Self {
            title: source.title.clone(),
            date: source.date.map(Day),
            url: source.url.clone(),
        }
    }
}

impl From<&Scope> for ClaimScopeView {
    fn from(scope: &Scope) -> Self {
        let (program, fund) = match scope {
            Scope::All => (None, None),
            Scope::Program(code) => (Some(code.to_string()), None),
            Scope::Fund(code) => (None, Some(code.to_string())),
        };
        Self { program, fund }
    }
}

impl From<&Withdrawn> for WithdrawnView {
    fn from(withdrawn: &Withdrawn) -> Self {
        Self {
            effective_on: Day(withdrawn.on),
            actor: withdrawn.by.clone(),
            reason: withdrawn.reason.clone(),
        }
    }
}
