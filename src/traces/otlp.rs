//! Sends spans to an OpenTelemetry collector: OTLP, protobuf over HTTP.
//!
//! A thread of its own sends what has gathered, every five seconds or when a batch is full. What
//! does not fit into its queue is dropped, so a collector that is slow or gone costs spans and
//! nothing else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use super::TARGET;

/// Spans that wait to be sent; past this they are dropped.
const MAX_WAITING: usize = 4_096;
/// Spans that are sent together.
const MAX_BATCH: usize = 512;
/// How long spans gather before they are sent.
const GATHER: Duration = Duration::from_secs(5);
/// How long sending a batch may take.
const SEND_TIME: Duration = Duration::from_secs(5);
/// How long the last spans may take when the program ends.
const FAREWELL: Duration = Duration::from_secs(2);
/// Bytes of an answer that are read; what it says is of no use.
const MAX_ANSWER: u64 = 64 * 1024;

/// Traces on their way to a collector.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to send to the collector at that base address. Nothing is connected to yet.
    ///
    /// # Errors
    /// [`ExporterBuildError`] for an address that is none.
    pub fn start(endpoint: &str) -> Result<Self, ExporterBuildError> {
        let address = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_http_client(Client::new())
            .with_endpoint(address)
            .with_timeout(SEND_TIME)
            .build()?;
        let bounds = BatchConfigBuilder::default()
            .with_max_queue_size(MAX_WAITING)
            .with_max_export_batch_size(MAX_BATCH)
            .with_scheduled_delay(GATHER)
            .build();
        let sender = BatchSpanProcessor::builder(exporter)
            .with_batch_config(bounds)
            .build();
        let us = Resource::builder().with_service_name(env!("CARGO_PKG_NAME"));
        let provider = SdkTracerProvider::builder()
            .with_resource(us.build())
            .with_span_processor(sender)
            .build();
        Ok(Self(provider))
    }

    /// What hears of our spans, and of nothing else that is logged.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + 'static,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|about| {
                about.is_span() && about.target() == TARGET
            }))
    }

    /// Sends what is left, as far as that takes no longer than [`FAREWELL`].
    pub fn end(self) {
        if let Err(error) = self.0.shutdown_with_timeout(FAREWELL) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Puts a span below the one that a `traceparent` header names, where it names one.
pub(super) fn adopt(span: &Span, parent: &str) {
    let context = TraceContextPropagator::new().extract(&Header(parent));
    if context.span().span_context().is_valid() {
        // The span was made a moment ago by the layer above.
        drop(span.set_parent(context));
    }
}

/// Gives a span another name, which is known only when the request was answered.
pub(super) fn rename(span: &Span, name: &str) {
    span.context().span().update_name(name.to_owned());
}

struct Header<'a>(&'a str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// Sends batches, one at a time, on the thread of the sender.
#[derive(Debug)]
struct Client {
    agent: ureq::Agent,
    failing: AtomicBool,
}

impl Client {
    fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(SEND_TIME))
            .max_redirects(0)
            .http_status_as_error(false);
        Self {
            agent: config.build().into(),
            failing: AtomicBool::new(false),
        }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut response = self.agent.run(request.map(|body| body.to_vec()))?;
        let body = response.body_mut().with_config().limit(MAX_ANSWER);
        let body = Bytes::from(body.read_to_vec()?);
        Ok(response.map(|_| body))
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.send(request);
        let failed = !sent.as_ref().is_ok_and(|it| it.status().is_success());
        // Said once, not with each batch.
        if failed && !self.failing.swap(failed, Ordering::Relaxed) {
            tracing::warn!("the collector does not take traces; they are dropped until it does");
        }
        self.failing.store(failed, Ordering::Relaxed);
        sent
    }
}
