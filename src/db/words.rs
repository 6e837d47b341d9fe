//! SQL of our own in diesel's statements, in words that never change.
//!
//! diesel keeps a statement prepared when its types alone tell that its words are always the same. It
//! cannot tell so of its own `ON CONFLICT … DO UPDATE` nor of a bit of SQL given as text, and
//! prepares such a statement anew each time: on the embedded engine a fifth of the time of a write.
//! Here each text is the constant of a type, so the types tell.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use diesel::{QueryResult, RunQueryDsl};

/// A text of SQL that both engines understand.
pub trait Words: 'static {
    /// The text.
    const WORDS: &'static str;
}

/// A condition in words of our own.
#[derive(Debug, Clone, Copy)]
pub struct Condition<W>(PhantomData<W>);

/// The condition of these words.
#[must_use]
pub fn condition<W: Words>() -> Condition<W> {
    Condition(PhantomData)
}

impl<W> Expression for Condition<W> {
    type SqlType = Bool;
}

impl<W, From> AppearsOnTable<From> for Condition<W> {}

impl<W, From> SelectableExpression<From> for Condition<W> {}

impl<W> ValidGrouping<()> for Condition<W> {
    type IsAggregate = is_aggregate::No;
}

impl<W: Words> QueryId for Condition<W> {
    type QueryId = Self;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<W: Words, DB: Backend> QueryFragment<DB> for Condition<W> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("(");
        pass.push_sql(W::WORDS);
        pass.push_sql(")");
        Ok(())
    }
}

/// A statement that ends in words of our own.
#[derive(Debug, Clone, Copy)]
pub struct Ending<Q, W> {
    statement: Q,
    words: PhantomData<W>,
}

impl<Q, W: Words> Ending<Q, W> {
    /// A statement with these words after it.
    pub fn of(statement: Q) -> Self {
        Self {
            statement,
            words: PhantomData,
        }
    }
}

impl<Q: QueryId, W: Words> QueryId for Ending<Q, W> {
    type QueryId = Ending<Q::QueryId, W>;

    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: QueryFragment<DB>, W: Words, DB: Backend> QueryFragment<DB> for Ending<Q, W> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(pass.reborrow())?;
        pass.push_sql(" ");
        pass.push_sql(W::WORDS);
        Ok(())
    }
}

impl<Q, W, C> RunQueryDsl<C> for Ending<Q, W> {}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::prelude::*;

    use super::*;
    use crate::db::among::AmongKeys;

    diesel::table! {
        tallied (name) {
            name -> Text,
            amount -> BigInt,
        }
    }

    #[derive(Insertable)]
    #[diesel(table_name = tallied)]
    struct Row<'a> {
        name: &'a str,
        amount: i64,
    }

    struct Add;

    impl Words for Add {
        const WORDS: &'static str =
            "ON CONFLICT (name) DO UPDATE SET amount = tallied.amount + excluded.amount";
    }

    struct Much;

    impl Words for Much {
        const WORDS: &'static str = "amount > 1";
    }

    #[test]
    fn a_statement_in_words_of_our_own_or_of_many_keys_is_prepared_once() {
        let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
        conn.batch_execute("CREATE TABLE tallied (name TEXT PRIMARY KEY, amount BIGINT)")
            .unwrap();
        let kept = Arc::new(Mutex::new(0));
        let count = Arc::clone(&kept);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { .. } = event {
                *count.lock().unwrap() += 1;
            }
        });
        let names = ["a", "b", "a", "a", "c"];
        for (round, name) in names.into_iter().enumerate() {
            let row = Row { name, amount: 1 };
            let insert = diesel::insert_into(tallied::table).values(&row);
            Ending::<_, Add>::of(insert).execute(&mut conn).unwrap();
            let much: Vec<(String, i64)> = tallied::table
                .filter(condition::<Much>())
                .filter(tallied::name.among(names.into_iter().take(round)))
                .load(&mut conn)
                .unwrap();
            let expected = if round < 2 { 0 } else { 1 };
            assert_eq!(much.len(), expected, "{much:?}");
        }
        assert_eq!(*kept.lock().unwrap(), 2);
    }
}
