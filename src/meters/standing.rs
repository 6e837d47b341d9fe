//! How things stand at the moment somebody asks.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

use super::{PREFIX, seconds};

/// How the server stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// When it started.
    pub started: DateTime<Utc>,
    /// Writes that wait.
    pub waiting: usize,
    /// How long the oldest of them has waited.
    pub oldest: Duration,
    /// Connections that there may be for reading.
    pub readers: usize,
    /// Of these, open and free.
    pub idle: usize,
    /// Of these, at work.
    pub in_use: usize,
}

/// Looks how things stand, each time it is asked.
pub(super) struct Look(pub(super) Box<dyn Fn() -> Standing + Send + Sync>);

impl fmt::Debug for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Look")
    }
}

impl Collector for Look {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let now = (self.0)();
        let started = now.started.timestamp();
        let started = ConstGauge::new(started);
        tell(
            &mut encoder,
            (
                "process_start_time",
                "When the server started, in Unix time",
                Some(seconds()),
            ),
            &started,
        )?;
        for (name, help, value) in [
            (
                "write_queue_jobs",
                "Writes that wait to be taken",
                now.waiting,
            ),
            (
                "readers_limit",
                "Connections that there may be for reading",
                now.readers,
            ),
            (
                "readers_idle",
                "Connections for reading that are open and free",
                now.idle,
            ),
            (
                "readers_in_use",
                "Connections for reading that are at work",
                now.in_use,
            ),
        ] {
            let name = format!("{PREFIX}_{name}");
            tell(
                &mut encoder,
                (&name, help, None),
                &ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX)),
            )?;
        }
        let name = format!("{PREFIX}_write_queue_oldest");
        let help = "How long the oldest waiting write has waited";
        let oldest = ConstGauge::new(now.oldest.as_secs_f64());
        tell(&mut encoder, (&name, help, Some(seconds())), &oldest)
    }
}

fn tell(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help, unit): (&str, &str, Option<Unit>),
    gauge: &impl EncodeMetric,
) -> fmt::Result {
    let help = format!("{help}.");
    let metric = encoder.encode_descriptor(name, &help, unit.as_ref(), gauge.metric_type())?;
    gauge.encode(metric)
}
