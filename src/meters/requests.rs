//! Requests by operation, how long they took, and refusals by code.
//!
//! Every label there can be is known when the server starts. A series appears with its first
//! request and is found again without a lock; refusals stand at nought from the start, so that the
//! first one of a code is seen as a rise.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{scale, seconds};

/// What counts for everything that is not known: an operation, a method, a code.
pub const OTHER: &str = "other";

/// Methods that are told apart where no operation took the request.
const METHODS: [&str; 8] = [
    "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", OTHER,
];

/// Classes of statuses: the first is for all below 200, the last for all from 500.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// One operation of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its id in the OpenAPI document.
    pub id: String,
    /// Its method.
    pub method: &'static str,
    /// The pattern of its path.
    pub route: String,
}

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The pattern of the path that took it, where one did.
    pub route: Option<&'a str>,
    /// Its method.
    pub method: &'a str,
    /// The status of its answer.
    pub status: u16,
    /// How long it took.
    pub took: Duration,
    /// The code of the problem that was its answer.
    pub refusal: Option<&'static str>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    operation: String,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Took {
    operation: String,
    method: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refused {
    code: &'static str,
}

/// The series of one operation, each found once.
#[derive(Debug)]
struct Series {
    operation: String,
    method: &'static str,
    answered: [OnceLock<Counter>; CLASSES.len()],
    took: OnceLock<Histogram>,
}

/// What is counted of requests.
#[derive(Debug)]
pub struct Requests {
    routes: HashMap<String, Vec<Series>>,
    unrouted: Vec<Series>,
    codes: HashMap<&'static str, Counter>,
    other_code: Counter,
    answered: Family<Answered, Counter>,
    took: Family<Took, Histogram>,
    refused: Family<Refused, Counter>,
}

impl Requests {
    /// Nothing counted yet, of these operations and these codes of refusals.
    #[must_use]
    pub fn new(
        operations: impl IntoIterator<Item = Operation>,
        codes: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let mut routes: HashMap<String, Vec<Series>> = HashMap::new();
        for Operation { id, method, route } in operations {
            routes
                .entry(route)
                .or_default()
                .push(Series::of(id, method));
        }
        let refused = Family::<Refused, Counter>::default();
        let counter = |code| refused.get_or_create_owned(&Refused { code });
        Self {
            routes,
            unrouted: METHODS
                .map(|method| Series::of(OTHER.to_owned(), method))
                .into(),
            codes: codes
                .into_iter()
                .map(|code| (code, counter(code)))
                .collect(),
            other_code: counter(OTHER),
            answered: Family::default(),
            took: Family::new_with_constructor(scale::durations),
            refused,
        }
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "requests",
            "Requests answered, by operation, method and class of status",
            self.answered.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "From a request's head to its answer's",
            seconds(),
            self.took.clone(),
        );
        registry.register(
            "refusals",
            "Problems answered, by their stable code; sign_in_refused is a sign-in that failed",
            self.refused.clone(),
        );
    }

    /// Counts a request that was answered. Tells the id of its operation.
    pub fn count(&self, request: Request<'_>) -> &str {
        if let Some(code) = request.refusal {
            self.codes.get(code).unwrap_or(&self.other_code).inc();
        }
        let Some(series) = self.series(&request) else {
            return OTHER;
        };
        let class = usize::from(request.status / 100).clamp(1, CLASSES.len());
        let known = CLASSES
            .iter()
            .zip(&series.answered)
            .nth(class.saturating_sub(1));
        if let Some((status, answered)) = known {
            let label = || Answered {
                operation: series.operation.clone(),
                method: series.method,
                status,
            };
            let found = || self.answered.get_or_create_owned(&label());
            answered.get_or_init(found).inc();
        }
        let label = || Took {
            operation: series.operation.clone(),
            method: series.method,
        };
        let found = || self.took.get_or_create_owned(&label());
        scale::observe(series.took.get_or_init(found), request.took);
        &series.operation
    }

    /// The series that a request belongs to. A HEAD is a GET whose answer has no body.
    fn series(&self, request: &Request<'_>) -> Option<&Series> {
        let method = match request.method {
            "HEAD" => "GET",
            method => method,
        };
        let routed = request.route.and_then(|route| self.routes.get(route));
        let known = routed.and_then(|all| all.iter().find(|one| one.method == method));
        let of = |method| self.unrouted.iter().find(|one| one.method == method);
        known.or_else(|| of(request.method)).or_else(|| of(OTHER))
    }
}

impl Series {
    fn of(operation: String, method: &'static str) -> Self {
        Self {
            operation,
            method,
            answered: Default::default(),
            took: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    fn text(requests: &Requests) -> String {
        let (mut registry, mut text) = (Registry::default(), String::new());
        requests.register(&mut registry);
        encode(&mut text, &registry).unwrap();
        text
    }

    fn requests() -> Requests {
        let get_fund = Operation {
            id: "get_fund".to_owned(),
            method: "GET",
            route: "/v1/funds/{fund}".to_owned(),
        };
        Requests::new([get_fund], ["not_found"])
    }

    fn asked<'a>(method: &'a str, route: Option<&'a str>, status: u16) -> Request<'a> {
        Request {
            route,
            method,
            status,
            took: Duration::from_micros(700),
            refusal: None,
        }
    }

    #[test]
    fn a_request_counts_under_its_operation_and_in_the_bucket_of_its_duration() {
        let requests = requests();
        for method in ["GET", "HEAD", "GET"] {
            requests.count(asked(method, Some("/v1/funds/{fund}"), 200));
        }
        let text = text(&requests);
        for line in [
            "requests_total{operation=\"get_fund\",method=\"GET\",status=\"2xx\"} 3\n",
            "request_duration_seconds_bucket{le=\"0.0005\",operation=\"get_fund\",method=\"GET\"} 0\n",
            "request_duration_seconds_bucket{le=\"0.001\",operation=\"get_fund\",method=\"GET\"} 3\n",
            "request_duration_seconds_bucket{le=\"+Inf\",operation=\"get_fund\",method=\"GET\"} 3\n",
            "request_duration_seconds_count{operation=\"get_fund\",method=\"GET\"} 3\n",
            "refusals_total{code=\"not_found\"} 0\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn what_is_not_known_cannot_make_the_set_of_labels_grow() {
        let requests = requests();
        for number in 0..500_u16 {
            let (method, route) = (format!("M{number}"), format!("/{number}"));
            requests.count(Request {
                refusal: Some("new_code"),
                ..asked(&method, Some(&route), number * 100)
            });
        }
        let text = text(&requests);
        let series = text
            .lines()
            .filter(|line| line.starts_with("requests_total{"));
        assert_eq!(series.count(), CLASSES.len(), "{text}");
        assert!(text.contains("refusals_total{code=\"other\"} 500\n"));
    }
}
