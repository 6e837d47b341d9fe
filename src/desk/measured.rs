//! What a measurement that is written changes for the commands after it in the group.

use super::Desk;
use crate::indicators::model::Usage;
use crate::measurements::MEASUREMENT;
use crate::measurements::model::{Entry, LiveCell, Measurement};

impl Desk {
    /// Puts a measurement down. Whoever decided on it had its indicator's usage and its cell in
    /// hand, so both are changed here and never fetched behind it.
    pub(super) fn put_measurement(&mut self, measurement: Measurement) {
        let before = self.measurements.find(&measurement.id).ok().flatten();
        self.note_usage(before.as_deref(), &measurement);
        self.note_cell(&measurement);
        let scope = Some(measurement.indicator.clone());
        if let Some(old) = before.as_deref().and_then(|old| old.external_id.clone()) {
            self.external_ids
                .note((MEASUREMENT, scope.clone(), old), None);
        }
        if let Some(own) = &measurement.external_id {
            let key = (MEASUREMENT, scope, own.clone());
            self.note_external(key, measurement.status.is_live(), &measurement.id);
        }
        self.measurements.put(measurement);
    }

    fn note_usage(&mut self, before: Option<&Measurement>, after: &Measurement) {
        let was = i64::from(before.is_some_and(Measurement::is_used));
        let is = i64::from(after.is_used());
        let known = self.usages.find(&after.indicator).ok().flatten();
        let known = known.map_or(0, |usage| usage.measurements);
        let usage = Usage {
            indicator: after.indicator.clone(),
            measurements: known.saturating_add(is).saturating_sub(was),
        };
        self.usages.note(after.indicator.clone(), Some(usage));
    }

    fn note_cell(&mut self, measurement: &Measurement) {
        let key = measurement.cell_key();
        let known = self.cells.find(&key).ok().flatten();
        let entries = known.map_or_else(Vec::new, |cell| cell.entries.clone());
        let mut cell = LiveCell {
            indicator: key.0.clone(),
            cell: key.1.clone(),
            entries,
        };
        cell.entries.retain(|entry| entry.id != measurement.id);
        if measurement.status.is_live() {
            cell.entries.push(Entry {
                id: measurement.id.clone(),
                period: measurement.period,
                measure: measurement.measure,
            });
        }
        self.cells.note(key, Some(cell));
    }
}
