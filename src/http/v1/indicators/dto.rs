//! What callers say of indicators.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::calendar::Period;
use crate::code::Code;
use crate::http::v1::funds::dto::{Label, Note, Year};
use crate::http::wire::{
    Change, Choice, CodeIn, Day, Edit, Faults, Items, NameIn, QuantityIn, Text, Whole,
};
use crate::indicators::change::{ChangeIndicator, IndicatorPatch};
use crate::indicators::create::CreateIndicator;
use crate::indicators::measure::Stated;
use crate::indicators::model::{
    Accumulation, Baseline, BetterWhen, Dimension, DimensionValue, IndicatorTerms, Target,
    ValueKind,
};
use crate::indicators::rules::{MAX_DIMENSIONS, MAX_TARGETS, MAX_VALUES};
use crate::indicators::store::IndicatorFilter;

/// Of what sort values are.
pub type ValueKindWire = Choice<ValueKind>;
/// What a value says of its period.
pub type AccumulationWire = Choice<Accumulation>;
/// Which way is better.
pub type BetterWire = Choice<BetterWhen>;
/// In what something is counted.
pub type UnitText = Text<40>;
/// How many decimal places.
pub type Decimals = Whole<0, 6>;
/// The dimensions of an indicator.
pub type NewDimensions = Items<NewDimension, MAX_DIMENSIONS>;
/// The values of a dimension.
pub type NewDimensionValues = Items<NewDimensionValue, MAX_VALUES>;
/// The targets of an indicator.
pub type NewTargets = Items<NewTarget, MAX_TARGETS>;

/// A run of days, first and last included.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"start": "2022-07-01", "end": "2022-09-30"}))]
struct Run {
    /// The first day.
    start: Day,
    /// The last day.
    end: Day,
}

/// A run of days, in their order.
#[derive(Debug, Clone, Copy)]
pub struct RunIn(pub Period);

impl Deserr<Faults> for RunIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let run = Run::deserialize_from_value(value, at)?;
        let period = Period::new(run.start.0, run.end.0);
        period
            .map(Self)
            .map_err(|error| Faults::one(at, error.code()))
    }
}

impl PartialSchema for RunIn {
    fn schema() -> RefOr<Schema> {
        Run::schema()
    }
}

impl ToSchema for RunIn {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Run::schemas(schemas);
    }
}

/// One way in which values are told apart.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "code": "region", "name": {"ko": "지역", "en": "Region"},
    "values": [{"code": "jeju", "name": {"ko": "제주", "en": "Jeju"}}]
}))]
pub struct NewDimension {
    /// Its address within the indicator.
    pub code: CodeIn,
    /// Its name.
    pub name: NameIn,
    /// What there is of it; at least one.
    pub values: NewDimensionValues,
}

/// One value of a dimension.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"code": "jeju", "name": {"ko": "제주", "en": "Jeju"}}))]
pub struct NewDimensionValue {
    /// Its address within the dimension.
    pub code: CodeIn,
    /// Its name.
    pub name: NameIn,
}

/// Where an indicator stood at the start: a number, or numerator and denominator of a ratio.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"value": "12000", "on": "2021-12-31"}))]
pub struct NewBaseline {
    /// The number.
    #[deserr(default)]
    pub value: Option<QuantityIn>,
    /// The numerator.
    #[deserr(default)]
    pub numerator: Option<QuantityIn>,
    /// The denominator.
    #[deserr(default)]
    pub denominator: Option<QuantityIn>,
    /// On which day.
    pub on: Day,
}

/// Where an indicator is meant to stand in a year.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"year": 2022, "value": "30000"}))]
pub struct NewTarget {
    /// The calendar year.
    pub year: Year,
    /// The value; of a ratio, the share, such as `0.95`.
    pub value: QuantityIn,
}

fn dimensions(list: NewDimensions) -> Vec<Dimension> {
    let value = |value: NewDimensionValue| DimensionValue {
        code: value.code.0,
        name: value.name.into_name(),
    };
    let dimension = |dimension: NewDimension| Dimension {
        code: dimension.code.0,
        name: dimension.name.into_name(),
        values: dimension.values.0.into_iter().map(value).collect(),
    };
    list.0.into_iter().map(dimension).collect()
}

fn targets(list: NewTargets) -> Vec<Target> {
    let target = |target: NewTarget| Target {
        year: i32::try_from(target.year.0).unwrap_or(i32::MAX),
        value: target.value.0,
    };
    list.0.into_iter().map(target).collect()
}

fn places(decimals: Decimals) -> i32 {
    i32::try_from(decimals.0).unwrap_or(0)
}

impl NewBaseline {
    fn baseline(self) -> Baseline {
        Baseline {
            stated: Stated {
                value: self.value.map(|quantity| quantity.0),
                numerator: self.numerator.map(|quantity| quantity.0),
                denominator: self.denominator.map(|quantity| quantity.0),
            },
            on: self.on.0,
        }
    }
}

/// An indicator to be made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "code": "accessible-stations", "name": {"ko": "접근성 정보 제공 역", "en": "Stations covered"},
    "unit": "stations", "value": "number", "decimals": 0, "additive": true,
    "accumulation": "cumulative", "better": "up",
    "baseline": {"value": "0", "on": "2021-12-31"}, "targets": [{"year": 2022, "value": "300"}]
}))]
pub struct NewIndicator {
    /// Its address from now on.
    pub code: CodeIn,
    /// Its name.
    pub name: NameIn,
    /// In what it is counted.
    pub unit: UnitText,
    /// Numbers, or ratios kept as numerator and denominator; numbers by default.
    #[deserr(default)]
    pub value: Option<ValueKindWire>,
    /// Decimal places of its values; of a ratio, of numerator and denominator. None by default.
    #[deserr(default)]
    pub decimals: Option<Decimals>,
    /// Whether values of different periods, groups or programs may be added. Distinct people may
    /// not.
    pub additive: bool,
    /// What a value says of its period.
    pub accumulation: AccumulationWire,
    /// Which way is better.
    pub better: BetterWire,
    /// The program it is about.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// A free area.
    #[deserr(default)]
    pub area: Option<Label>,
    /// The days that measurements have to lie in; any by default.
    #[deserr(default)]
    pub period: Option<RunIn>,
    /// By what its values are told apart.
    #[deserr(default)]
    pub dimensions: Option<NewDimensions>,
    /// Where it stood at the start.
    #[deserr(default)]
    pub baseline: Option<NewBaseline>,
    /// Where it is meant to stand, by year.
    #[deserr(default)]
    pub targets: Option<NewTargets>,
    /// What exactly is counted, and how.
    #[deserr(default)]
    pub definition: Option<Note>,
    /// Where what is known of it comes from.
    #[deserr(default)]
    pub basis: Option<Note>,
    /// Since when this holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl NewIndicator {
    /// The command that makes it.
    #[must_use]
    pub fn into_command(self) -> CreateIndicator {
        CreateIndicator {
            code: self.code.0,
            terms: IndicatorTerms {
                name: self.name.into_name(),
                unit: self.unit.0,
                value: self.value.map_or(ValueKind::Number, |choice| choice.0),
                decimals: self.decimals.map_or(0, places),
                additive: self.additive,
                accumulation: self.accumulation.0,
                better: self.better.0,
                program: self.program.map(|code| code.0),
                area: self.area.map(|label| label.0),
                period: self.period.map(|run| run.0),
                dimensions: self.dimensions.map_or_else(Vec::new, dimensions),
                baseline: self.baseline.map(NewBaseline::baseline),
                targets: self.targets.map_or_else(Vec::new, targets),
                definition: self.definition.map(|note| note.0),
                basis: self.basis.map(|note| note.0),
            },
            effective_on: self.effective_on.map(|day| day.0),
        }
    }
}

/// What of an indicator is to be changed; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"targets": [{"year": 2022, "value": "320"}]}))]
pub struct IndicatorChanges {
    /// Its name.
    #[deserr(default)]
    #[schema(value_type = NameIn, required = false)]
    pub name: Edit<NameIn>,
    /// In what it is counted.
    #[deserr(default)]
    #[schema(value_type = UnitText, required = false)]
    pub unit: Edit<UnitText>,
    /// Numbers or ratios.
    #[deserr(default)]
    #[schema(value_type = ValueKindWire, required = false)]
    pub value: Edit<ValueKindWire>,
    /// Decimal places of its values.
    #[deserr(default)]
    #[schema(value_type = Decimals, required = false)]
    pub decimals: Edit<Decimals>,
    /// Whether values may be added.
    #[deserr(default)]
    #[schema(value_type = bool, required = false)]
    pub additive: Edit<bool>,
    /// What a value says of its period.
    #[deserr(default)]
    #[schema(value_type = AccumulationWire, required = false)]
    pub accumulation: Edit<AccumulationWire>,
    /// Which way is better.
    #[deserr(default)]
    #[schema(value_type = BetterWire, required = false)]
    pub better: Edit<BetterWire>,
    /// The program it is about.
    #[deserr(default)]
    #[schema(value_type = Option<CodeIn>)]
    pub program: Change<CodeIn>,
    /// A free area.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub area: Change<Label>,
    /// The days that measurements recorded from now on have to lie in.
    #[deserr(default)]
    #[schema(value_type = Option<RunIn>)]
    pub period: Change<RunIn>,
    /// All dimensions from now on.
    #[deserr(default)]
    #[schema(value_type = NewDimensions, required = false)]
    pub dimensions: Edit<NewDimensions>,
    /// Where it stood at the start, as a whole.
    #[deserr(default)]
    #[schema(value_type = Option<NewBaseline>)]
    pub baseline: Change<NewBaseline>,
    /// All targets from now on.
    #[deserr(default)]
    #[schema(value_type = NewTargets, required = false)]
    pub targets: Edit<NewTargets>,
    /// What exactly is counted, and how.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub definition: Change<Note>,
    /// Where what is known of it comes from.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
    /// Since when the change holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl IndicatorChanges {
    /// The command that changes it.
    #[must_use]
    pub fn into_command(self, code: Code, expected_version: i32) -> ChangeIndicator {
        let note = |change: Change<Note>| change.into_option().map(|note| note.map(|note| note.0));
        let (program, area) = (self.program.into_option(), self.area.into_option());
        let (period, baseline) = (self.period.into_option(), self.baseline.into_option());
        ChangeIndicator {
            code,
            expected_version,
            effective_on: self.effective_on.map(|day| day.0),
            patch: IndicatorPatch {
                name: self.name.into_option().map(NameIn::into_name),
                unit: self.unit.into_option().map(|text| text.0),
                value: self.value.into_option().map(|choice| choice.0),
                decimals: self.decimals.into_option().map(places),
                additive: self.additive.into_option(),
                accumulation: self.accumulation.into_option().map(|choice| choice.0),
                better: self.better.into_option().map(|choice| choice.0),
                program: program.map(|code| code.map(|code| code.0)),
                area: area.map(|label| label.map(|label| label.0)),
                period: period.map(|run| run.map(|run| run.0)),
                dimensions: self.dimensions.into_option().map(dimensions),
                baseline: baseline.map(|new| new.map(NewBaseline::baseline)),
                targets: self.targets.into_option().map(targets),
                definition: note(self.definition),
                basis: note(self.basis),
            },
        }
    }
}

/// Which indicators to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndicatorQuery {
    /// Only those of numbers, or only those of ratios.
    #[deserr(default)]
    pub value: Option<ValueKindWire>,
    /// Only those about a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those whose code, name, unit or area contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl IndicatorQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> IndicatorFilter {
        IndicatorFilter {
            value: self.value.map(|choice| choice.0),
            program: self.program.map(|code| code.0),
            q: self.q.map(|label| label.0),
        }
    }
}
