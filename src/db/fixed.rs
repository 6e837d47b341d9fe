//! Statements whose words never change: prepared once for each connection.
//!
//! diesel prepares a statement anew each time unless it can tell from the types alone that its words
//! are always the same. It cannot tell for `ON CONFLICT … DO UPDATE`, for `UPDATE`, and for anything
//! with a bit of SQL in it; on the embedded engine that was up to a fifth of the time of a write.
//! Whoever writes such a statement can tell, and says so with [`fixed!`].

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

/// A statement that is kept prepared under `Here`, a type of its own.
#[derive(Debug, Clone, Copy)]
pub struct Fixed<Here, Q> {
    statement: Q,
    here: PhantomData<fn() -> Here>,
}

impl<Here, Q> Fixed<Here, Q> {
    /// Says that the words of this statement never change. `Here` must be used for no other.
    pub fn new(statement: Q) -> Self {
        Self {
            statement,
            here: PhantomData,
        }
    }
}

impl<Here, Q, DB> QueryFragment<DB> for Fixed<Here, Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Here: 'static, Q> QueryId for Fixed<Here, Q> {
    type QueryId = Here;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Here, Q: Query> Query for Fixed<Here, Q> {
    type SqlType = Q::SqlType;
}

impl<Here, Q, C> RunQueryDsl<C> for Fixed<Here, Q> {}

/// Says that the words of a statement never change: no list of a varying length, no condition that
/// is there at times. It is then prepared once for each connection, at each place that says so.
macro_rules! fixed {
    ($statement:expr) => {{
        struct Here;
        $crate::db::fixed::Fixed::<Here, _>::new($statement)
    }};
}
pub(crate) use fixed;

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;

    /// A statement that counts how often its words are asked for.
    struct Counted<'a>(&'a std::cell::Cell<u32>);

    impl QueryFragment<diesel::sqlite::Sqlite> for Counted<'_> {
        fn walk_ast<'b>(
            &'b self,
            mut pass: AstPass<'_, 'b, diesel::sqlite::Sqlite>,
        ) -> QueryResult<()> {
            // As diesel does for what it cannot be sure of.
            pass.unsafe_to_cache_prepared();
            pass.push_sql("CREATE TEMP TABLE IF NOT EXISTS t (n INTEGER)");
            self.0.set(self.0.get() + 1);
            Ok(())
        }
    }

    #[test]
    fn the_words_of_a_fixed_statement_are_asked_for_once() {
        let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
        let asked = std::cell::Cell::new(0);
        let mut first = 0;
        for round in 0..5 {
            fixed!(Counted(&asked)).execute(&mut conn).unwrap();
            if round == 0 {
                first = asked.get();
            }
        }
        // One walk a round is left: the one that binds values.
        assert!(first > 1, "{first}");
        assert_eq!(asked.get(), first + 4);
    }
}
