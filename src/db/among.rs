//! `column = any of these texts`, in the same words however many they are.
//!
//! diesel writes `IN (?, ?, …)` for the embedded engine: as many words as there are keys, prepared
//! anew each time. Here the keys are one value on either engine, so the statement is prepared once.

use diesel::QueryResult;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Text};
use diesel::sqlite::Sqlite;

use super::Sql;

/// `column = any of these texts`. Where the column is null, it is not.
#[derive(Debug, Clone)]
pub struct Among<'a, C> {
    column: C,
    texts: Vec<&'a str>,
    /// The same as one JSON array.
    json: String,
}

/// Columns of text that are looked up by many keys.
pub trait AmongKeys: Sized {
    /// Whether the column has one of these texts.
    fn among<'a>(self, texts: impl IntoIterator<Item = &'a str>) -> Among<'a, Self> {
        let texts: Vec<&str> = texts.into_iter().collect();
        // Texts alone: there is nothing in them that JSON could not hold.
        let json = serde_json::to_string(&texts).unwrap_or_default();
        Among {
            column: self,
            texts,
            json,
        }
    }
}

impl<C: diesel::Column> AmongKeys for C {}

impl<C> Expression for Among<'_, C> {
    type SqlType = Bool;
}

impl<C, From> AppearsOnTable<From> for Among<'_, C> where C: AppearsOnTable<From> {}

impl<C, From> SelectableExpression<From> for Among<'_, C> where C: SelectableExpression<From> {}

impl<C> ValidGrouping<()> for Among<'_, C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: QueryId> QueryId for Among<'_, C> {
    type QueryId = Among<'static, C::QueryId>;

    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<'_, C> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (SELECT value FROM json_each(");
        pass.push_bind_param::<Text, _>(&self.json)?;
        pass.push_sql("))");
        Ok(())
    }
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Among<'_, C> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" = ANY(");
        pass.push_bind_param::<Array<Text>, _>(&self.texts)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<C> QueryFragment<Sql> for Among<'_, C>
where
    C: QueryFragment<Sqlite> + QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sql>) -> QueryResult<()> {
        Sql::walk_variant_ast(self, pass)
    }
}
