//! What may be asked of an indicator. Pure.

use chrono::NaiveDate;

use crate::code::Code;
use crate::indicators::model::{Accumulation, IndicatorTerms};
use crate::refusal::{FieldFault, Refusal};
use crate::text_enum::text_enum;

text_enum! {
    /// How long each period is.
    IndicatorInterval {
        /// As it was measured.
        AsRecorded = "as_recorded",
        /// One month.
        Month = "month",
        /// One quarter.
        Quarter = "quarter",
        /// One year.
        Year = "year",
    }
}

/// A report of an indicator that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndicatorQuery {
    /// How long each period is.
    pub interval: IndicatorInterval,
    /// By which dimension it is told apart.
    pub group_by: Option<Code>,
    /// Its first day; any where none is given.
    pub from: Option<NaiveDate>,
    /// Its last day; the day of the report where none is given.
    pub to: Option<NaiveDate>,
}

impl IndicatorQuery {
    /// Makes sure that it can be answered without adding what must not be added.
    ///
    /// # Errors
    /// Every wrong field: `not_additive`, `unknown_dimension`, `after_as_of`, `end_before_start`.
    pub fn check(
        &self,
        code: &Code,
        terms: &IndicatorTerms,
        as_of: NaiveDate,
    ) -> Result<(), Refusal> {
        let mut faults = Vec::new();
        // A running count is read at the end of a longer period, and nothing is added.
        let adds_periods = self.interval != IndicatorInterval::AsRecorded
            && terms.accumulation == Accumulation::InPeriod;
        if adds_periods && !terms.additive {
            let fault = FieldFault::new("/interval", "not_additive");
            faults.push(fault.with("value", self.interval).with("metric", code));
        }
        if let Some(group_by) = &self.group_by {
            let known = terms.dimensions.iter().any(|known| known.code == *group_by);
            let adds_cells = terms.dimensions.len() > 1;
            let wrong = match (known, adds_cells && !terms.additive) {
                (false, _) => Some(FieldFault::new("/group_by", "unknown_dimension")),
                (true, true) => Some(FieldFault::new("/group_by", "not_additive")),
                (true, false) => None,
            };
            let told = |fault: FieldFault| fault.with("value", group_by).with("metric", code);
            faults.extend(wrong.map(told));
        }
        if self.to.is_some_and(|to| to > as_of) {
            faults.push(FieldFault::new("/to", "after_as_of").with("value", as_of));
        }
        let to = self.to.unwrap_or(as_of);
        if self.from.is_some_and(|from| from > to) {
            faults.push(FieldFault::new("/from", "end_before_start"));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(faults))
        }
    }
}
