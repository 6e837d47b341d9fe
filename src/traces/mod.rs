//! The spans of a request, for whoever follows one through several servers.
//!
//! A request is a span with its operation, its status and its request id, below the `traceparent`
//! that it came with. Below it: `read`; `write`, and in it `waiting`. A `group` of writes belongs
//! to the first of them and is linked with the others; in it are `decide` and `commit`. Nothing of
//! the books and nothing about a person is in a span.
//!
//! Nobody looks at spans unless a collector is named (see `otlp`, with the feature `otel`); then
//! each of them costs a comparison.

#[cfg(feature = "otel")]
pub mod otlp;
mod passage;

pub use passage::Passage;

#[cfg(feature = "otel")]
use otlp::{adopt, rename};
use tracing::field::Empty;
use tracing::{Span, trace_span};

/// What marks our spans. Nothing else goes to a collector.
pub const TARGET: &str = "sangsaeng::traces";

/// A request, under the parent that its `traceparent` header names.
#[must_use]
pub fn request(request_id: &str, method: &str, parent: Option<&str>) -> Span {
    let span = trace_span!(
        target: TARGET,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        request_id,
        method,
        status = Empty
    );
    if let Some(parent) = parent.filter(|_| !span.is_disabled()) {
        adopt(&span, parent);
    }
    span
}

#[cfg(not(feature = "otel"))]
fn adopt(_span: &Span, _parent: &str) {}

#[cfg(not(feature = "otel"))]
fn rename(_span: &Span, _name: &str) {}

/// What a request turned out to be, and how it was answered.
pub fn answered(request: &Span, operation: &str, status: u16) {
    if request.is_disabled() {
        return;
    }
    rename(request, operation);
    request.record("status", status);
    if status >= 500 {
        request.record("otel.status_code", "ERROR");
    }
}

/// A read.
#[must_use]
pub fn read() -> Span {
    trace_span!(target: TARGET, "read")
}

/// A group of writes.
pub(crate) fn group<'a>(mut passages: impl ExactSizeIterator<Item = &'a Passage>) -> Span {
    let jobs = passages.len();
    let Some(first) = passages.next() else {
        return Span::none();
    };
    let span = trace_span!(target: TARGET, parent: first.span(), "group", jobs);
    if !span.is_disabled() {
        for other in passages {
            span.follows_from(other.span());
        }
    }
    span
}

/// What a group decides and writes.
pub(crate) fn decide() -> Span {
    trace_span!(target: TARGET, "decide")
}

/// A group's commit.
pub(crate) fn commit() -> Span {
    trace_span!(target: TARGET, "commit")
}
