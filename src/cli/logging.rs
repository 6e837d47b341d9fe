//! The log on standard error, and traces for a collector where one is named.

use sangsaeng::config::Settings;
#[cfg(feature = "otel")]
use sangsaeng::traces::otlp::Traces;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::say::{Failed, failed, wrong};

/// The program telling what it does. Until it is dropped, which sends the last traces.
pub struct Telling {
    #[cfg(feature = "otel")]
    traces: Option<Traces>,
}

impl Telling {
    /// Begins to tell.
    ///
    /// # Errors
    /// [`Failed`] with the setting that is wrong.
    pub fn start(settings: &Settings) -> Result<Self, Failed> {
        let filter = EnvFilter::try_new(&settings.log).map_err(|e| {
            wrong(
                format!("SANGSAENG_LOG is {:?}: {e}. Try info.", settings.log),
                format!(
                    "SANGSAENG_LOG 값 {:?}: {e}. info로 해 보십시오.",
                    settings.log
                ),
            )
        })?;
        let log = tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
            .with_filter(filter);
        let all = tracing_subscriber::registry().with(log);
        #[cfg(feature = "otel")]
        let traces = start_traces(settings)?;
        #[cfg(feature = "otel")]
        let all = all.with(traces.as_ref().map(Traces::layer));
        let started = all.try_init();
        started.map_err(|e| failed(format!("no logging: {e}"), format!("로그 불가: {e}")))?;
        Ok(Self {
            #[cfg(feature = "otel")]
            traces,
        })
    }
}

#[cfg(feature = "otel")]
fn start_traces(settings: &Settings) -> Result<Option<Traces>, Failed> {
    let endpoint = settings.otlp_endpoint.as_deref();
    let started = endpoint.map(Traces::start).transpose();
    started.map_err(|e| {
        wrong(
            format!("OTEL_EXPORTER_OTLP_ENDPOINT: {e}"),
            format!("OTEL_EXPORTER_OTLP_ENDPOINT 오류: {e}"),
        )
    })
}

#[cfg(feature = "otel")]
impl Drop for Telling {
    fn drop(&mut self) {
        if let Some(traces) = self.traces.take() {
            traces.end();
        }
    }
}
