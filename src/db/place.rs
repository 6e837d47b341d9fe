//! Reading back what was stored: a value that cannot be read is an error that names its row.

use std::fmt::Display;

use super::DbError;
use crate::text_enum::TextEnum;

/// The row that is being read.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its table.
    pub table: &'static str,
    /// Its key.
    pub key: &'a str,
}

impl Place<'_> {
    /// The value of a stored name.
    ///
    /// # Errors
    /// [`DbError::Schema`] for a name that this program does not know.
    pub fn name<T: TextEnum>(self, name: &str) -> Result<T, DbError> {
        T::from_name(name).ok_or_else(|| self.unreadable(format_args!("{name:?} is not known")))
    }

    /// The value of a stored name where there is one.
    ///
    /// # Errors
    /// As [`Place::name`].
    pub fn name_if_any<T: TextEnum>(self, name: Option<&str>) -> Result<Option<T>, DbError> {
        name.map(|name| self.name(name)).transpose()
    }

    /// A value as it was made of what is stored.
    ///
    /// # Errors
    /// [`DbError::Schema`] when it could not be made.
    pub fn value<T, E: Display>(self, made: Result<T, E>) -> Result<T, DbError> {
        made.map_err(|error| self.unreadable(error))
    }

    /// What is said of a row that cannot be read.
    #[must_use]
    pub fn unreadable(self, why: impl Display) -> DbError {
        DbError::Schema(format!("{} {}: {why}", self.table, self.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;
    use crate::payouts::model::Status;

    #[test]
    fn what_cannot_be_read_names_its_row() {
        let place = Place {
            table: "disbursements",
            key: "abc-1",
        };
        assert_eq!(place.name::<Status>("paid").unwrap(), Status::Paid);
        let message = place.name::<Status>("lost").unwrap_err().to_string();
        assert_eq!(message, "disbursements abc-1: \"lost\" is not known");
        let message = place.value(Amount::new(0)).unwrap_err().to_string();
        assert_eq!(message, "disbursements abc-1: must be greater than zero");
    }
}
