//! Members of a merge patch (RFC 7396): what is left out stays, what is null goes.
//!
//! The document describes them by what they hold: `#[schema(value_type = T, required = false)]` on
//! an [`Edit`], `#[schema(value_type = Option<T>)]` on a [`Change`].

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};

use super::Faults;

/// A member that may be changed but not taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Edit<T> {
    /// It stays.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

/// A member that may be changed and taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It goes.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Edit<T> {
    /// What it becomes; `None` where it stays.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T> Change<T> {
    /// What it becomes, `Some(None)` where it goes; `None` where it stays.
    pub fn into_option(self) -> Option<Option<T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}

impl<T: Deserr<Faults>> Deserr<Faults> for Edit<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match value {
            Value::Null => Err(Faults::one(at, "not_removable")),
            value => T::deserialize_from_value(value, at).map(Self::Set),
        }
    }
}

impl<T: Deserr<Faults>> Deserr<Faults> for Change<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match value {
            Value::Null => Ok(Self::Clear),
            value => T::deserialize_from_value(value, at).map(Self::Set),
        }
    }
}
