//! What callers say of measurements.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::cell::Dimensions;
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::v1::indicators::dto::RunIn;
use crate::http::v1::payouts::resubmission::Resubmission;
use crate::http::wire::{
    AttributeChanges, AttributeIs, Attributes, Change, Choice, CodeIn, Day, Edit, Faults,
    QuantityIn,
};
use crate::ids::{RecordId, unique};
use crate::indicators::measure::Stated;
use crate::measurements::advance::AdvanceMeasurement;
use crate::measurements::change::{ChangeMeasurement, MeasurementPatch};
use crate::measurements::model::{Cell, MeasurementNature, MeasurementStatus};
use crate::measurements::record::RecordMeasurement;
use crate::measurements::store::MeasurementFilter;
use crate::payouts::model::Verb;

/// Where a measurement stands.
pub type MeasurementStatusWire = Choice<MeasurementStatus>;
/// How a value is known.
pub type NatureWire = Choice<MeasurementNature>;

/// A measurement to be recorded: a `value`, or the `numerator` and `denominator` of a ratio.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "indicator": "accessible-stations", "period": {"start": "2022-01-01", "end": "2022-09-30"},
    "value": "212", "nature": "measured"
}))]
pub struct NewMeasurement {
    /// Of what.
    pub indicator: CodeIn,
    /// When; over by the day on which it is submitted.
    pub period: RunIn,
    /// The number.
    #[deserr(default)]
    pub value: Option<QuantityIn>,
    /// The numerator of a ratio.
    #[deserr(default)]
    pub numerator: Option<QuantityIn>,
    /// The denominator of a ratio, above zero.
    #[deserr(default)]
    pub denominator: Option<QuantityIn>,
    /// Of which part of it; the whole by default.
    #[deserr(default)]
    pub dimensions: Option<Dimensions>,
    /// How it is known.
    pub nature: NatureWire,
    /// By which method; needed for an estimate.
    #[deserr(default)]
    pub method: Option<Note>,
    /// Why a running count has fallen; needed where it has.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// What it rests on.
    #[deserr(default)]
    pub basis: Option<Note>,
    /// The caller's own id, unique among the live ones of the indicator.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    pub attributes: Option<Attributes>,
    /// When it is submitted; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl NewMeasurement {
    /// The command that records it.
    #[must_use]
    pub fn into_command(self, now: DateTime<Utc>) -> RecordMeasurement {
        RecordMeasurement {
            unique: unique(now),
            indicator: self.indicator.0,
            period: self.period.0,
            cell: Cell(self.dimensions.unwrap_or_default().0),
            stated: Stated {
                value: self.value.map(|quantity| quantity.0),
                numerator: self.numerator.map(|quantity| quantity.0),
                denominator: self.denominator.map(|quantity| quantity.0),
            },
            nature: self.nature.0,
            method: self.method.map(|note| note.0),
            reason: self.reason.map(|note| note.0),
            basis: self.basis.map(|note| note.0),
            external_id: self.external_id.map(|label| label.0),
            attributes: self.attributes.unwrap_or_default().0,
            effective_on: self.effective_on.map(|day| day.0),
        }
    }
}

/// What of a measurement is to be changed; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"value": "214"}))]
pub struct MeasurementChanges {
    /// When.
    #[deserr(default)]
    #[schema(value_type = RunIn, required = false)]
    pub period: Edit<RunIn>,
    /// The number.
    #[deserr(default)]
    #[schema(value_type = QuantityIn, required = false)]
    pub value: Edit<QuantityIn>,
    /// The numerator.
    #[deserr(default)]
    #[schema(value_type = QuantityIn, required = false)]
    pub numerator: Edit<QuantityIn>,
    /// The denominator.
    #[deserr(default)]
    #[schema(value_type = QuantityIn, required = false)]
    pub denominator: Edit<QuantityIn>,
    /// How it is known.
    #[deserr(default)]
    #[schema(value_type = NatureWire, required = false)]
    pub nature: Edit<NatureWire>,
    /// By which method.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub method: Change<Note>,
    /// Why a running count has fallen.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub reason: Change<Note>,
    /// What it rests on.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
    /// The caller's own id.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub external_id: Change<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    #[schema(required = false)]
    pub attributes: AttributeChanges,
}

impl MeasurementChanges {
    /// The command that changes what is submitted.
    #[must_use]
    pub fn into_edit(self, id: RecordId, expected_version: i32) -> ChangeMeasurement {
        self.into_command(id, (Verb::Edit, Some(expected_version)), None)
    }

    fn into_command(
        self,
        id: RecordId,
        (verb, expected_version): (Verb, Option<i32>),
        effective_on: Option<NaiveDate>,
    ) -> ChangeMeasurement {
        let note = |change: Change<Note>| change.into_option().map(|note| note.map(|note| note.0));
        let quantity = |edit: Edit<QuantityIn>| edit.into_option().map(|quantity| quantity.0);
        let external_id = self.external_id.into_option();
        ChangeMeasurement {
            id,
            verb,
            expected_version,
            effective_on,
            patch: MeasurementPatch {
                period: self.period.into_option().map(|run| run.0),
                value: quantity(self.value),
                numerator: quantity(self.numerator),
                denominator: quantity(self.denominator),
                nature: self.nature.into_option().map(|choice| choice.0),
                method: note(self.method),
                reason: note(self.reason),
                basis: note(self.basis),
                external_id: external_id.map(|label| label.map(|label| label.0)),
                attributes: self.attributes.0,
            },
        }
    }
}

/// What of a measurement is changed before it is handed in again.
pub type MeasurementResubmission = Resubmission<MeasurementChanges>;

impl MeasurementResubmission {
    /// The command that hands it in again.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected: Option<i32>) -> ChangeMeasurement {
        self.changes
            .into_command(id, (Verb::Resubmit, expected), self.effective_on)
    }
}

/// The command that does something to a measurement.
#[must_use]
pub fn advance(
    id: RecordId,
    verb: Verb,
    (effective_on, reason): (Option<Day>, Option<Note>),
    expected_version: Option<i32>,
) -> AdvanceMeasurement {
    AdvanceMeasurement {
        id,
        verb,
        reason: reason.map(|note| note.0),
        effective_on: effective_on.map(|day| day.0),
        expected_version,
    }
}

/// Which measurements to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MeasurementQuery {
    /// Only those of an indicator.
    #[deserr(default)]
    pub indicator: Option<CodeIn>,
    /// Only those that stand here.
    #[deserr(default)]
    pub status: Option<MeasurementStatusWire>,
    /// Only those that are known in this way.
    #[deserr(default)]
    pub nature: Option<NatureWire>,
    /// Only those whose period ends on this day or later.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those whose period ends by this day.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Only the one with this id of the caller's own.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Only those that have an attribute.
    #[deserr(default)]
    #[param(inline)]
    pub attribute: Option<AttributeIs>,
    /// Only those whose method, reason, basis or external id contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl MeasurementQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> MeasurementFilter {
        MeasurementFilter {
            indicator: self.indicator.map(|code| code.0),
            status: self.status.map(|choice| choice.0),
            nature: self.nature.map(|choice| choice.0),
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            external_id: self.external_id.map(|label| label.0),
            attribute: self.attribute.map(|one| (one.name, one.value)),
            q: self.q.map(|label| label.0),
        }
    }
}
