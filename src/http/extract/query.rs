//! The query string: every parameter known, none twice, every wrong one at once.

use std::collections::HashSet;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use deserr::{Deserr, ValuePointerRef};

use crate::http::json::Json;
use crate::http::problem::ApiError;
use crate::http::wire::Faults;
use crate::refusal::Refusal;

/// Most parameters that a query string may have.
const MAX_PARAMETERS: usize = 64;

/// What a query string says.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// The parameters of a query string, in their order; none comes twice.
#[derive(Debug, Default)]
pub(in crate::http) struct Parameters(Vec<(String, String)>);

impl<T: Deserr<Faults> + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Parameters::of(request).and_then(|parameters| parameters.read().map(Self)))
    }
}

impl Parameters {
    /// Reads the query string.
    ///
    /// # Errors
    /// `duplicate_field`, `control_character` or `too_many`, as `invalid_fields`.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        Self::with(request, Vec::new())
    }

    /// Reads the query string, and what a form says besides.
    ///
    /// # Errors
    /// As [`Parameters::of`].
    pub(super) fn with(
        request: &HttpRequest,
        more: Vec<(String, String)>,
    ) -> Result<Self, ApiError> {
        Self::pairs(request.query_string(), more)
    }

    /// Reads a query string that came by another way.
    ///
    /// # Errors
    /// As [`Parameters::of`].
    pub(in crate::http) fn parse(query: &str) -> Result<Self, ApiError> {
        Self::pairs(query, Vec::new())
    }

    fn pairs(query: &str, more: Vec<(String, String)>) -> Result<Self, ApiError> {
        let query = web::Query::<Vec<(String, String)>>::from_query(query);
        // Pairs of texts can always be read; what cannot be decoded is replaced.
        let pairs = query.map_err(|_unreadable| ApiError::from(Refusal::rule("bad_request")))?;
        let mut pairs = pairs.into_inner();
        pairs.extend(more);
        let (mut seen, mut faults) = (HashSet::new(), Faults::default());
        let origin = ValuePointerRef::Origin;
        if pairs.len() > MAX_PARAMETERS {
            faults.add(origin, "too_many");
            return Err(refuse(faults.with("most", MAX_PARAMETERS)));
        }
        for (name, value) in &pairs {
            if !seen.insert(name) {
                faults.add(origin.push_key(name), "duplicate_field");
            }
            if name.contains('\0') || value.contains('\0') {
                faults.add(origin.push_key(name), "control_character");
            }
        }
        if faults.is_empty() {
            Ok(Self(pairs))
        } else {
            Err(refuse(faults))
        }
    }

    /// Takes out some of them by name.
    pub(in crate::http) fn take(&mut self, names: &[&str]) -> Self {
        let all = std::mem::take(&mut self.0);
        let (taken, left) = all
            .into_iter()
            .partition(|(name, _)| names.contains(&name.as_str()));
        self.0 = left;
        Self(taken)
    }

    /// The address of what they narrow: its path and they, in the order of their names.
    pub(in crate::http) fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        let mut before = '?';
        for (name, value) in self.sorted() {
            address.push(before);
            address.push_str(&escaped(name));
            address.push('=');
            address.push_str(&escaped(value));
            before = '&';
        }
        address
    }

    /// The parameters sorted by name: the same for every order they come in.
    pub(super) fn sorted(&self) -> Vec<&(String, String)> {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort();
        sorted
    }

    /// Reads them into `T`.
    ///
    /// # Errors
    /// `invalid_fields`.
    pub(in crate::http) fn read<T: Deserr<Faults>>(self) -> Result<T, ApiError> {
        deserr::deserialize(Json::of_texts(self.0)).map_err(refuse)
    }
}

/// A text as it stands in a query string.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

/// The refusal of wrong parameters.
pub(super) fn refuse(faults: Faults) -> ApiError {
    in_query(Refusal::Fields(faults.into_vec())).into()
}

/// The same refusal of what came in a query string: fields are named `?name` instead of by a
/// pointer.
#[must_use]
pub fn in_query(refusal: Refusal) -> Refusal {
    let Refusal::Fields(mut faults) = refusal else {
        return refusal;
    };
    for fault in &mut faults {
        if let Some(name) = fault.field.strip_prefix('/') {
            fault.field = format!("?{}", name.replace("~1", "/").replace("~0", "~"));
        }
    }
    Refusal::Fields(faults)
}
