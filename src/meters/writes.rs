//! What happens at the write door, counted by group and by write.

use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{scale, seconds};

/// What is counted at the write door. A clone counts into the same meters.
#[derive(Debug, Clone)]
pub struct Writes {
    groups: Histogram,
    waits: Histogram,
    commits: Histogram,
    retries: Counter,
    unknown: Counter,
}

impl Default for Writes {
    fn default() -> Self {
        Self {
            groups: scale::sizes(),
            waits: scale::durations(),
            commits: scale::durations(),
            retries: Counter::default(),
            unknown: Counter::default(),
        }
    }
}

impl Writes {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "write_group_jobs",
            "Writes that were taken together, to share one commit",
            self.groups.clone(),
        );
        registry.register_with_unit(
            "write_wait",
            "How long a write waited before it was taken",
            seconds(),
            self.waits.clone(),
        );
        registry.register_with_unit(
            "write_commit",
            "How long a commit took",
            seconds(),
            self.commits.clone(),
        );
        registry.register(
            "write_retries",
            "Groups that lost a race to another writer and were tried again",
            self.retries.clone(),
        );
        registry.register(
            "write_unknown_outcomes",
            "Writes whose commit was sent and whose answer was lost",
            self.unknown.clone(),
        );
    }

    /// A group was taken; `since` tells of each of its writes when it came.
    pub fn taken(&self, since: impl ExactSizeIterator<Item = Instant>) {
        scale::observe_size(&self.groups, since.len());
        let now = Instant::now();
        for came in since {
            scale::observe(&self.waits, now.duration_since(came));
        }
    }

    /// A commit returned after so long.
    pub fn committed(&self, took: Duration) {
        scale::observe(&self.commits, took);
    }

    /// A group lost a race and is tried again.
    pub fn retried(&self) {
        self.retries.inc();
    }

    /// What became of so many writes is not known.
    pub fn unknown(&self, jobs: usize) {
        self.unknown.inc_by(u64::try_from(jobs).unwrap_or(u64::MAX));
    }
}
