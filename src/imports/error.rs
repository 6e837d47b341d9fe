//! What can go wrong while an import is worked on. None of it is the sender's fault: what is wrong
//! with rows is kept beside them.

use crate::beneficiaries::vault::VaultError;
use crate::db::DbError;
use crate::desk::WriteError;
use crate::refusal::{FieldFault, Refusal};
use crate::tables::TableError;

/// Why work on an import did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The write door did not take something, or lost it.
    #[error("the write door said {0:?}")]
    Door(WriteError),
    /// The rows cannot be opened.
    #[error(transparent)]
    Sealed(#[from] VaultError),
    /// What was opened is not what was kept.
    #[error("the rows cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// There are none.
    #[error("the rows are gone")]
    NoRows,
    /// The server is stopping: somebody else goes on.
    #[error("the server is stopping")]
    Stopping,
    /// The import is no longer where the work began.
    #[error("the import was taken elsewhere")]
    Elsewhere,
}

impl WorkError {
    /// Whether trying again later may help.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Self::Database(_) | Self::Door(_) | Self::Stopping | Self::Elsewhere
        )
    }
}

/// Why a file is not received. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum NotReceived {
    /// It is no table, or passes a bound.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Its columns are not those of its kind.
    #[error("the columns are wrong")]
    Columns(Vec<FieldFault>),
    /// It has no rows.
    #[error("there are no rows")]
    Empty,
    /// It could not be read from where it lay.
    #[error(transparent)]
    Read(#[from] std::io::Error),
    /// Its rows could not be kept.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Its rows could not be sealed.
    #[error(transparent)]
    Sealed(#[from] VaultError),
}

impl NotReceived {
    /// What is wrong with the file, where it is the file.
    ///
    /// # Errors
    /// The error itself, where it is not.
    pub fn refusal(self) -> Result<Refusal, Self> {
        match self {
            Self::Table(error) if error.code() == "file_not_read" => Err(Self::Table(error)),
            Self::Table(error) => {
                let mut refusal = Refusal::field("", error.code());
                for (name, value) in [
                    ("row", error.place.row),
                    ("column", error.place.column),
                    ("most", error.why.most()),
                ] {
                    if let Some(value) = value {
                        refusal = refusal.with(name, value);
                    }
                }
                Ok(refusal)
            }
            Self::Columns(faults) => Ok(Refusal::Fields(faults)),
            Self::Empty => Ok(Refusal::field("", "no_rows")),
            other => Err(other),
        }
    }
}
