//! Copies of whole books: a backup of the embedded engine, the way back, and the way to the other
//! engine.
//!
//! A backup is two files, `FILE` and its [manifest] `FILE.json`. [`back_up`] takes one
//! while a server writes: the engine's own copy of one moment, checked as `verify` checks, hashed,
//! brought to the disk, and only then given its name. [`restore`] goes the same way back. Whatever
//! is on its way is called `….part`, so a power cut leaves nothing that could be taken for a
//! backup or for books. The keys are never in it: the manifest tells by fingerprints which ones
//! belong to it.
//!
//! [`carry()`] takes books from one engine to the other, table by table, in one transaction.
//!
//! Cost of a backup: one pass over the file for each of copying and hashing, and one `verify`.

mod backup;
mod carry;
mod error;
mod hash;
pub mod keys;
pub mod manifest;
mod part;
mod restore;

pub use backup::back_up;
pub use carry::{Carried, carry};
pub use error::CopyError;
pub use restore::restore;

use crate::audit;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The file is copied; counted in bytes.
    Copying,
    /// Rows are carried.
    Carrying,
    /// Rows are read again, and compared.
    Comparing,
    /// The copy is checked.
    Checking(audit::Stage),
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How much of it is done.
    pub done: u64,
    /// How much there is.
    pub total: u64,
}

/// Tells the progress of a check as that of a copy.
fn checking(progress: &mut dyn FnMut(Progress)) -> impl FnMut(audit::Progress) {
    move |checked| {
        progress(Progress {
            stage: Stage::Checking(checked.stage),
            done: checked.done,
            total: checked.total,
        });
    }
}
