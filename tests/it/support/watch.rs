//! Sees whether anybody writes to the books, past the API.

use std::cell::RefCell;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sangsaeng::db::{Conn, Use};

use super::World;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    value: String,
}

/// A connection of its own, which the engine tells when another one has written.
pub struct Watch {
    conn: RefCell<Conn>,
    before: i64,
}

impl World {
    /// Watches the books from now on.
    pub fn watch(&self) -> Watch {
        let conn = RefCell::new(Conn::open(&self.url(), Use::Read).unwrap());
        let mut watch = Watch { conn, before: 0 };
        watch.before = watch.writes();
        watch
    }
}

impl Watch {
    fn writes(&self) -> i64 {
        self.number("SELECT data_version AS value FROM pragma_data_version")
    }

    /// What a query finds, which names it `value`.
    pub fn number(&self, sql: &str) -> i64 {
        let mut conn = self.conn.borrow_mut();
        diesel::sql_query(sql)
            .get_result::<Number>(&mut *conn)
            .unwrap()
            .value
    }

    /// The texts that a query finds, which names them `value`.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let mut conn = self.conn.borrow_mut();
        let lines = diesel::sql_query(sql).load::<Line>(&mut *conn).unwrap();
        lines.into_iter().map(|line| line.value).collect()
    }

    /// Whether nothing at all was written since the watch began.
    pub fn saw_nothing(&self) -> bool {
        self.writes() == self.before
    }
}
