//! Everything that is wrong with the fields of a request, found in one go.

use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValuePointerRef};

use crate::refusal::FieldFault;

/// Faults that one answer lists at most; reading stops there.
const MAX_FAULTS: usize = 1_000;

/// Wrong fields, in the order they were found.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    /// One fault at that place.
    #[must_use]
    pub fn one(at: ValuePointerRef<'_>, code: &'static str) -> Self {
        Self(vec![FieldFault::new(pointer(at), code)])
    }

    /// The same faults, with a fact added to the last.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Some(fault) = self.0.pop() {
            self.0.push(fault.with(name, value));
        }
        self
    }

    /// One more fault, unless there are too many already.
    pub fn add(&mut self, at: ValuePointerRef<'_>, code: &'static str) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(FieldFault::new(pointer(at), code));
        }
    }

    /// The faults of both.
    pub fn append(&mut self, mut others: Self) {
        others.0.truncate(MAX_FAULTS.saturating_sub(self.0.len()));
        self.0.append(&mut others.0);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults themselves.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldFault> {
        self.0
    }

    fn go_on(self) -> ControlFlow<Self, Self> {
        if self.0.len() < MAX_FAULTS {
            ControlFlow::Continue(self)
        } else {
            ControlFlow::Break(self)
        }
    }
}

impl MergeWithError<Self> for Faults {
    fn merge(
        faults: Option<Self>,
        others: Self,
        _at: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut faults = faults.unwrap_or_default();
        faults.append(others);
        faults.go_on()
    }
}

impl DeserializeError for Faults {
    fn error<V: IntoValue>(
        faults: Option<Self>,
        error: ErrorKind<'_, V>,
        at: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut faults = faults.unwrap_or_default();
        match error {
            ErrorKind::MissingField { field } => faults.add(at.push_key(field), "missing"),
            ErrorKind::UnknownKey { key, .. } => faults.add(at.push_key(key), "unknown_field"),
            ErrorKind::UnknownValue { .. } => faults.add(at, "unknown_value"),
            ErrorKind::IncorrectValueKind { .. }
            | ErrorKind::BadSequenceLen { .. }
            | ErrorKind::Unexpected { .. } => faults.add(at, "wrong_type"),
        }
        faults.go_on()
    }
}

/// The JSON pointer (RFC 6901) of a place.
#[must_use]
pub fn pointer(at: ValuePointerRef<'_>) -> String {
    match at {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => {
            let name = key.replace('~', "~0").replace('/', "~1");
            format!("{}/{name}", pointer(*prev))
        }
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_what_it_is_made_of() {
        let origin = ValuePointerRef::Origin;
        let lines = origin.push_key("a/b~c");
        let line = lines.push_index(7);
        assert_eq!(pointer(line.push_key("amount")), "/a~1b~0c/7/amount");
        assert_eq!(pointer(origin), "");
    }
}
