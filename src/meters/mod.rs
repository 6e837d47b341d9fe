//! What the server counts of itself, for whoever watches it: `/metrics`.
//!
//! Rooms count where things happen, with an atomic addition, or under a lock of a few nanoseconds
//! where a duration is sorted into its bucket; what stands at the moment (the queue, the readers)
//! is looked up when somebody asks. [`Meters::text`] writes all of it in the OpenMetrics format.
//!
//! Labels are closed sets, made at the start: operations, status classes, codes of refusals. What
//! is outside of them counts as [`OTHER`], so no caller can make the set grow; and nothing that
//! belongs to the books or to a person is ever a label.
//!
//! The library's numbers are floats; they come from whole numbers and durations, here alone.

mod requests;
mod scale;
mod standing;
mod writes;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub use prometheus_client::metrics::counter::Counter;
pub use requests::{OTHER, Operation, Request, Requests};
pub use standing::Standing;
pub use writes::Writes;

/// The media type of what [`Meters::text`] writes.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What every name begins with.
const PREFIX: &str = "sangsaeng";

/// Which program this is.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// Everything that is counted, in the order in which it is told.
#[derive(Debug)]
pub struct Meters {
    registry: Registry,
    requests: Requests,
}

impl Meters {
    /// Meters of requests, of the write door, of the readers and of reports; `standing` is asked each time.
    #[must_use]
    pub fn new(
        requests: Requests,
        writes: &Writes,
        reader_waits: &Counter,
        reports_made: &Counter,
        standing: impl Fn() -> Standing + Send + Sync + 'static,
    ) -> Self {
        let mut registry = Registry::default();
        let ours = registry.sub_registry_with_prefix(PREFIX);
        let version = env!("CARGO_PKG_VERSION");
        ours.register(
            "build",
            "Which program this is",
            Info::new(Build { version }),
        );
        requests.register(ours);
        writes.register(ours);
        ours.register(
            "reader_waits_timed_out",
            "Reads that found no free connection in time",
            reader_waits.clone(),
        );
        ours.register(
            "reports_made",
            "Reports that were read from the books; the others were told before at the same moment",
            reports_made.clone(),
        );
        registry.register_collector(Box::new(standing::Look(Box::new(standing))));
        Self { registry, requests }
    }

    /// What is counted of requests.
    #[must_use]
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// All of it as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the metrics cannot be written");
        }
        text
    }
}

/// The unit of every duration.
fn seconds() -> Unit {
    Unit::Seconds
}
