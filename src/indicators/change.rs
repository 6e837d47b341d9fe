//! Changing an indicator.

use chrono::NaiveDate;

use super::error::IndicatorError;
use super::model::{
    Accumulation, Baseline, BetterWhen, Dimension, Indicator, IndicatorTerms, Target, ValueKind,
};
use super::{checked, event, rules, version};
use crate::calendar::Period;
use crate::code::{Code, Name};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// What of an indicator is to be changed. `None` leaves a thing as it is, `Some(None)` takes it
/// away.
#[derive(Debug, Clone, Default)]
pub struct IndicatorPatch {
    /// Its name.
    pub name: Option<Name>,
    /// In what it is counted.
    pub unit: Option<String>,
    /// Numbers or ratios.
    pub value: Option<ValueKind>,
    /// Decimal places of its values.
    pub decimals: Option<i32>,
    /// Whether values may be added.
    pub additive: Option<bool>,
    /// What a value says of its period.
    pub accumulation: Option<Accumulation>,
    /// Which way is better.
    pub better: Option<BetterWhen>,
    /// The program it is about.
    pub program: Option<Option<Code>>,
    /// A free area.
    pub area: Option<Option<String>>,
    /// The days that measurements recorded from now on lie in.
    pub period: Option<Option<Period>>,
    /// All dimensions from now on.
    pub dimensions: Option<Vec<Dimension>>,
    /// Where it stood at the start.
    pub baseline: Option<Option<Baseline>>,
    /// All targets from now on.
    pub targets: Option<Vec<Target>>,
    /// What exactly is counted.
    pub definition: Option<Option<String>>,
    /// Where what is known of it comes from.
    pub basis: Option<Option<String>>,
}

impl IndicatorPatch {
    fn apply(&self, before: &Indicator) -> Indicator {
        let (new, old) = (self.clone(), before.terms.clone());
        Indicator {
            code: before.code.clone(),
            terms: IndicatorTerms {
                name: new.name.unwrap_or(old.name),
                unit: new.unit.unwrap_or(old.unit),
                value: new.value.unwrap_or(old.value),
                decimals: new.decimals.unwrap_or(old.decimals),
                additive: new.additive.unwrap_or(old.additive),
                accumulation: new.accumulation.unwrap_or(old.accumulation),
                better: new.better.unwrap_or(old.better),
                program: new.program.unwrap_or(old.program),
                area: new.area.unwrap_or(old.area),
                period: new.period.unwrap_or(old.period),
                dimensions: new.dimensions.unwrap_or(old.dimensions),
                baseline: new.baseline.unwrap_or(old.baseline),
                targets: new.targets.unwrap_or(old.targets),
                definition: new.definition.unwrap_or(old.definition),
                basis: new.basis.unwrap_or(old.basis),
            },
            version: before.version.saturating_add(1),
        }
    }
}

/// Changes an indicator.
#[derive(Debug, Clone)]
pub struct ChangeIndicator {
    /// The indicator.
    pub code: Code,
    /// The version that was read.
    pub expected_version: i32,
    /// Since when the change holds; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What is to be changed.
    pub patch: IndicatorPatch,
}

impl Command for ChangeIndicator {
    type Done = Indicator;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.indicators.want(&self.code);
        desk.usages.want(&self.code);
        if let Some(Some(program)) = &self.patch.program {
            desk.programs.want(program);
        }
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Indicator>, Stop> {
        let before = desk
            .indicators
            .find(&self.code)?
            .ok_or(IndicatorError::NotFound)?;
        if before.version != self.expected_version {
            return Err(IndicatorError::Stale(before.version).into());
        }
        let indicator = self.patch.apply(&before);
        let on = checked(&indicator, desk, self.effective_on)?;
        let used = desk.usages.find(&self.code)?;
        if used.is_some_and(|usage| usage.measurements > 0)
            && let Some(field) = rules::changed_meaning(&before.terms, &indicator.terms)
        {
            return Err(IndicatorError::InUse(field).into());
        }
        let mut changes = Changes::of(event("indicator.changed", &indicator, on));
        changes.version = Some(version(&indicator, desk, on)?);
        Ok(changes
            .put(Put::Indicator(indicator.clone()))
            .done(indicator))
    }
}
