//! Rows in hand, by key: what was fetched, what is still wanted, what is new or changed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use foldhash::HashMap;

use super::Stop;
use crate::db::kept::{Kept, Saved};
use crate::db::{Conn, DbError};

/// Keys of one statement's in-list.
const KEYS_PER_STATEMENT: usize = 500;

/// The rows of one kind.
pub struct Shelf<T: Kept> {
    rows: HashMap<T::Key, Option<Rc<T>>>,
    wanted: RefCell<BTreeSet<T::Key>>,
    dirty: BTreeMap<T::Key, Dirt>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dirt {
    New,
    Changed,
}

impl<T: Kept> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            rows: HashMap::default(),
            wanted: RefCell::new(BTreeSet::new()),
            dirty: BTreeMap::new(),
        }
    }
}

impl<T: Kept> Shelf<T> {
    /// The row of that key, or `None` where there is none.
    ///
    /// # Errors
    /// [`Stop::Fetch`] when it was not fetched yet: it then will be, and the decision asked again.
    pub fn find(&self, key: &T::Key) -> Result<Option<Rc<T>>, Stop> {
        match self.rows.get(key) {
            Some(row) => Ok(row.clone()),
            None => {
                self.wanted.borrow_mut().insert(key.clone());
                Err(Stop::Fetch)
            }
        }
    }

    /// Says that the row of that key will be asked for.
    pub fn want(&self, key: &T::Key) {
        if !self.rows.contains_key(key) {
            self.wanted.borrow_mut().insert(key.clone());
        }
    }

    /// Fetches what is wanted and tells whether that was anything.
    pub(super) fn fetch(&mut self, conn: &mut Conn) -> Result<bool, DbError> {
        let wanted: Vec<T::Key> = self.wanted.take().into_iter().collect();
        for keys in wanted.chunks(KEYS_PER_STATEMENT) {
            for row in T::load(conn, keys)? {
                // A look-up may fetch more than was asked for, but what is in hand is newer.
                self.rows
                    .entry(row.key())
                    .or_insert_with(|| Some(Rc::new(row)));
            }
        }
        for key in &wanted {
            self.rows.entry(key.clone()).or_insert(None);
        }
        Ok(!wanted.is_empty())
    }

    /// Sets what a look-up finds, without anything to be written.
    pub(super) fn note(&mut self, key: T::Key, row: Option<T>) {
        self.rows.insert(key, row.map(Rc::new));
    }
}

impl<T: Saved> Shelf<T> {
    /// Puts a new or changed row down, to be written with the group.
    pub(super) fn put(&mut self, row: T) {
        let key = row.key();
        let known = matches!(self.rows.get(&key), Some(Some(_)));
        let dirt = if known { Dirt::Changed } else { Dirt::New };
        self.dirty.entry(key.clone()).or_insert(dirt);
        self.rows.insert(key, Some(Rc::new(row)));
    }

    /// Writes what is new and what changed.
    pub(super) fn flush(&self, conn: &mut Conn) -> Result<(), DbError> {
        if self.dirty.is_empty() {
            return Ok(());
        }
        let pick = |wanted: Dirt| -> Vec<&T> {
            let rows = self.dirty.iter().filter(|(_, dirt)| **dirt == wanted);
            rows.filter_map(|(key, _)| self.rows.get(key)?.as_deref())
                .collect()
        };
        T::save(conn, &pick(Dirt::New), &pick(Dirt::Changed))
    }
}
