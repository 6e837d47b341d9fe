//! What a group of commands keeps in hand: rows that are fetched by key and written back.

use std::hash::Hash;

use super::{Conn, DbError};

/// A kind of row that commands look up by key.
pub trait Kept: Sized {
    /// What it is looked up by.
    type Key: Clone + Eq + Hash + Ord + std::fmt::Debug;

    /// The key of this one.
    fn key(&self) -> Self::Key;

    /// Fetches those that exist, with a fixed number of statements.
    ///
    /// # Errors
    /// [`DbError`] when a statement fails.
    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError>;
}

/// A kind of row that commands also write.
pub trait Saved: Kept {
    /// Writes rows that are new and rows that changed.
    ///
    /// # Errors
    /// [`DbError`] when a statement fails.
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError>;
}
