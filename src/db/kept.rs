//! What a group of commands keeps in hand: rows that are fetched by key and written back.

use std::collections::BTreeMap;
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

/// Keys of several parts, by what each group of them has in common. One statement for a group looks up
/// its keys alone; one for all would look up every part with every other.
pub fn by_common<C: Ord, P>(
    keys: impl IntoIterator<Item = (C, P)>,
) -> impl Iterator<Item = (C, Vec<P>)> {
    let mut groups: BTreeMap<C, Vec<P>> = BTreeMap::new();
    for (common, own) in keys {
        groups.entry(common).or_default().push(own);
    }
    groups.into_iter()
}

/// A kind of row that commands also write.
pub trait Saved: Kept {
    /// Writes rows that are new and rows that changed.
    ///
    /// # Errors
    /// [`DbError`] when a statement fails.
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_looked_up_with_those_that_share_their_common_part() {
        let keys = [("b", 1), ("a", 2), ("b", 3)];
        let groups: Vec<_> = by_common(keys).collect();
        assert_eq!(groups, [("a", vec![2]), ("b", vec![1, 3])]);
    }
}
