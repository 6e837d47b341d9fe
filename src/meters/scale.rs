//! Scales of histograms, and how a measure becomes the library's number.

use std::time::Duration;

use prometheus_client::metrics::histogram::Histogram;

/// Upper ends of buckets for durations, in microseconds: from a look-up in memory to a hang.
const MICROSECONDS: [u64; 15] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
];

/// Upper ends of buckets for sizes of groups; the last is the largest group there is.
const JOBS: [u32; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000];

/// An empty histogram of durations.
pub(super) fn durations() -> Histogram {
    Histogram::new(MICROSECONDS.map(|end| Duration::from_micros(end).as_secs_f64()))
}

/// An empty histogram of sizes of groups.
pub(super) fn sizes() -> Histogram {
    Histogram::new(JOBS.map(Into::into))
}

/// Sorts a duration in.
pub(super) fn observe(histogram: &Histogram, took: Duration) {
    histogram.observe(took.as_secs_f64());
}

/// Sorts the size of a group in.
pub(super) fn observe_size(histogram: &Histogram, jobs: usize) {
    histogram.observe(u32::try_from(jobs).unwrap_or(u32::MAX).into());
}
