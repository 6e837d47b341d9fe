//! Why the demo could not be recorded.

use crate::access::model::NotAnEmail;
use crate::access::password::PasswordError;
use crate::access::secret::NoRandomness;
use crate::beneficiaries::registration_number::RegistrationNumberError;
use crate::beneficiaries::vault::VaultError;
use crate::calendar::DayError;
use crate::code::NotACode;
use crate::db::DbError;
use crate::desk::WriteError;
use crate::money::MoneyError;

/// Why the demo could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The books did not take an entry.
    #[error("the books did not take an entry of the demo: {0:?}")]
    NotTaken(WriteError),
    /// The books took an entry and did not say which.
    #[error("the books did not name an entry of the demo")]
    Nameless,
    /// The database could not be read.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Personal details could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// No password could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// An amount of the demo is no amount.
    #[error("a figure of the demo is wrong: {0}")]
    Money(#[from] MoneyError),
    /// A day of the demo is no day.
    #[error("a day of the demo is wrong: {0}")]
    Day(#[from] DayError),
    /// A code of the demo is no code.
    #[error("a code of the demo is wrong: {0}")]
    Code(#[from] NotACode),
    /// An address of the demo is no address.
    #[error("an address of the demo is wrong: {0}")]
    Email(#[from] NotAnEmail),
    /// A registration number of the demo is none.
    #[error("a registration number of the demo is wrong: {0}")]
    RegistrationNumber(#[from] RegistrationNumberError),
}

impl From<WriteError> for DemoError {
    fn from(error: WriteError) -> Self {
        Self::NotTaken(error)
    }
}
