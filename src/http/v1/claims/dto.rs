//! What callers say of claims.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::schema::{OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::claims::change::{ChangeWords, WordsPatch};
use crate::claims::comparison::{Comparator, Tolerance};
use crate::claims::model::{Nature, Source, Words};
use crate::claims::record::RecordClaim;
use crate::claims::rules::Draft;
use crate::claims::store::ClaimFilter;
use crate::claims::withdraw::WithdrawClaim;
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::v1::reports::query::MetricWire;
use crate::http::wire::{
    Change, Choice, CodeIn, Day, Edit, Faults, NumberIn, QueryFlag, ShareIn, Text, UrlIn,
};
use crate::ids::{RecordId, unique};
use crate::metrics::Scope;

/// How the number was said: `eq`, `gte` 돌파·이상, `gt` 초과, `lte` 이내, `about` 약, `near` 육박,
/// `rounded_down` 여.
pub type ComparatorWire = Choice<Comparator>;
/// What sort of number was said.
pub type NatureWire = Choice<Nature>;
/// A sentence as it was said.
pub type Statement = Text<1000>;
/// What a source is called.
pub type SourceTitle = Text<200>;

/// A claim to be recorded.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "statement": "소신상인 지원금이 60억 원을 돌파했습니다.",
    "source": {"title": "2022년 3분기 실적 발표", "date": "2022-11-03"},
    "said_on": "2022-11-03", "metric": "disbursed", "scope": {"program": "sosin-merchants"},
    "as_of": "2022-11-03", "comparator": "gte", "value": "6000000000", "nature": "actual"
}))]
pub struct NewClaim {
    /// The sentence itself.
    pub statement: Statement,
    /// Where it stands: an object, or its title alone.
    pub source: ClaimSourceIn,
    /// When it was said; never in the future.
    pub said_on: Day,
    /// What the number counts; null where the books count nothing of the sort. All but `paid` and
    /// `refunded`.
    #[deserr(default)]
    pub metric: Option<MetricWire>,
    /// Of what; of everything together where neither program nor fund is named.
    #[deserr(default)]
    pub scope: Option<NewClaimScope>,
    /// The first day that the number covers; from the beginning where none is given. Numbers of
    /// people and of pledges have none.
    #[deserr(default)]
    pub from: Option<Day>,
    /// The day that the number is of; it may lie ahead.
    pub as_of: Day,
    /// How the number was said.
    pub comparator: ComparatorWire,
    /// The number, in the unit of the metric; whole, but for kilograms.
    pub value: NumberIn,
    /// To what it was rounded down: with `rounded_down`, and only there.
    #[deserr(default)]
    pub unit: Option<NumberIn>,
    /// Its own tolerance, with `about` and `near`.
    #[deserr(default)]
    pub tolerance: Option<NewTolerance>,
    /// What sort of number it is.
    pub nature: NatureWire,
    /// What it rests on, in words.
    #[deserr(default)]
    pub basis: Option<Note>,
}

/// Of what a claim is: of a program, of a fund with its children, or of everything.
#[derive(Debug, Default, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = one_of_them -> Faults)]
#[schema(example = json!({"program": "sosin-merchants"}))]
pub struct NewClaimScope {
    /// Of this program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Of this fund and its children.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
}

fn one_of_them(scope: NewClaimScope, at: ValuePointerRef<'_>) -> Result<NewClaimScope, Faults> {
    if scope.program.is_some() && scope.fund.is_some() {
        Err(Faults::one(at, "program_or_fund"))
    } else {
        Ok(scope)
    }
}

/// How far the number may lie beside the books: at most 0.2 each way.
#[derive(Debug, Default, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"above": "0.01", "below": "0.02"}))]
pub struct NewTolerance {
    /// Above them; 0.02 where it is not said. With `about` alone.
    #[deserr(default)]
    pub above: Option<ShareIn>,
    /// Below them; 0.05 where it is not said.
    #[deserr(default)]
    pub below: Option<ShareIn>,
}

/// Where something was said.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"title": "2022년 3분기 실적 발표", "date": "2022-11-03"}))]
pub struct NewClaimSource {
    /// What it is called.
    pub title: SourceTitle,
    /// When it appeared.
    #[deserr(default)]
    pub date: Option<Day>,
    /// Its address.
    #[deserr(default)]
    pub url: Option<UrlIn>,
}

/// Where something was said: an object, or its title alone.
#[derive(Debug)]
pub struct ClaimSourceIn(pub Source);

impl Deserr<Faults> for ClaimSourceIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        if matches!(value, Value::Map(_)) {
            let source = NewClaimSource::deserialize_from_value(value, at)?;
            return Ok(Self(source.into_source()));
        }
        let title = SourceTitle::deserialize_from_value(value, at)?.0;
        Ok(Self(Source {
            title,
            date: None,
            url: None,
        }))
    }
}

impl PartialSchema for ClaimSourceIn {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(Ref::from_schema_name("NewClaimSource"))
            .item(SourceTitle::schema())
            .description(Some("Where it was said: an object, or its title alone."))
            .into()
    }
}

impl ToSchema for ClaimSourceIn {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("NewClaimSource".to_owned(), NewClaimSource::schema()));
        NewClaimSource::schemas(schemas);
    }
}

impl NewClaimSource {
    fn into_source(self) -> Source {
        Source {
            title: self.title.0,
            date: self.date.map(|day| day.0),
            url: self.url.map(|url| url.0),
        }
    }
}

impl NewClaimScope {
    fn into_scope(self) -> Scope {
        match (self.program, self.fund) {
            (Some(program), _) => Scope::Program(program.0),
            (None, Some(fund)) => Scope::Fund(fund.0),
            (None, None) => Scope::All,
        }
    }
}

impl NewClaim {
    /// The command that records it.
    #[must_use]
    pub fn into_command(self, now: DateTime<Utc>) -> RecordClaim {
        let tolerance = self.tolerance.unwrap_or_default();
        let draft = Draft {
            words: Words {
                statement: self.statement.0,
                source: self.source.0,
                basis: self.basis.map(|note| note.0),
            },
            said_on: self.said_on.0,
            metric: self.metric.map(|choice| choice.0),
            scope: self.scope.unwrap_or_default().into_scope(),
            from: self.from.map(|day| day.0),
            as_of: self.as_of.0,
            comparator: self.comparator.0,
            value: self.value.0,
            unit: self.unit.map(|number| number.0),
            tolerance: Tolerance {
                above: tolerance.above.map(|share| share.0),
                below: tolerance.below.map(|share| share.0),
            },
            nature: self.nature.0,
        };
        RecordClaim {
            unique: unique(now),
            draft,
        }
    }
}

/// What of a claim's words is to be corrected; what is left out stays, what is null goes. Its
/// number is never changed: withdraw the claim and record it anew.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"statement": "소신상인 지원금이 60억 원을 넘었습니다."}))]
pub struct ClaimChanges {
    /// The sentence itself.
    #[deserr(default)]
    #[schema(value_type = Statement, required = false)]
    pub statement: Edit<Statement>,
    /// Where it stands, as a whole.
    #[deserr(default)]
    #[schema(value_type = ClaimSourceIn, required = false)]
    pub source: Edit<ClaimSourceIn>,
    /// What it rests on, in words.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
}

impl ClaimChanges {
    /// The command that corrects it.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected_version: i32) -> ChangeWords {
        let patch = WordsPatch {
            statement: self.statement.into_option().map(|text| text.0),
            source: self.source.into_option().map(|source| source.0),
            basis: self.basis.into_option().map(|note| note.map(|note| note.0)),
        };
        ChangeWords {
            id,
            expected_version,
            patch,
        }
    }
}

/// Why a claim is taken back, and since when.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewClaimWithdrawal {
    /// Since when it is no longer said; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why.
    pub reason: Note,
}

impl NewClaimWithdrawal {
    /// The command that takes it back.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected_version: Option<i32>) -> WithdrawClaim {
        WithdrawClaim {
            id,
            reason: self.reason.0,
            effective_on: self.effective_on.map(|day| day.0),
            expected_version,
        }
    }
}

/// Which claims to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClaimQuery {
    /// Only those of a metric.
    #[deserr(default)]
    pub metric: Option<MetricWire>,
    /// Only those about a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those about a fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// Only those of a nature.
    #[deserr(default)]
    pub nature: Option<NatureWire>,
    /// Only those that were taken back, or only those that were not.
    #[deserr(default)]
    #[param(value_type = Option<bool>)]
    pub withdrawn: Option<QueryFlag>,
    /// Only those said from this day on.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those said up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Only those whose statement or source contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl ClaimQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> ClaimFilter {
        let day = |day: Option<Day>| -> Option<NaiveDate> { day.map(|day| day.0) };
        ClaimFilter {
            metric: self.metric.map(|choice| choice.0),
            program: self.program.map(|code| code.0),
            fund: self.fund.map(|code| code.0),
            nature: self.nature.map(|choice| choice.0),
            withdrawn: self.withdrawn.map(|flag| flag.0),
            from: day(self.from),
            to: day(self.to),
            q: self.q.map(|label| label.0),
        }
    }
}
