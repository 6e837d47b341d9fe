//! Sees whether anybody writes to the books, past the API.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sangsaeng::db::{Conn, Use};

use super::{Place, World};

/// A number that a query names `value`.
#[derive(QueryableByName)]
pub struct Number {
    #[diesel(sql_type = BigInt)]
    pub value: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Everything in every table of PostgreSQL, as one text.
const EVERYTHING: &str = "SELECT coalesce(string_agg(md5(query_to_xml(format('SELECT * FROM %I t \
     ORDER BY t::text', tablename), true, false, '')::text), ' ' ORDER BY tablename), '') AS value \
     FROM pg_tables WHERE schemaname = 'public'";

/// A connection of its own, which sees whether another one has written.
pub struct Watch {
    conn: RefCell<Conn>,
    before: String,
}

/// What those files of a folder hold, one after the other.
pub fn contents(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let wanted = |path: &PathBuf| wanted(path.file_name().unwrap().to_str().unwrap());
    files
        .filter(wanted)
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect()
}

impl World {
    /// Everything that the engine keeps of the books in files.
    pub fn stored(&self) -> Vec<u8> {
        match &self.place {
            Place::File(_) => contents(self.folder(), |_| true),
            Place::Server(database) => database.files(),
            Place::Shared(url, _) => panic!("{url:?} is kept by another world"),
        }
    }

    /// Ends every connection to the database where that is a server, and tells whether it is.
    pub fn cut_off(&self) -> bool {
        match &self.place {
            Place::Server(database) => {
                database.cut_off();
                true
            }
            Place::File(_) | Place::Shared(..) => false,
        }
    }

    /// Watches the books from now on.
    pub fn watch(&self) -> Watch {
        let conn = RefCell::new(Conn::open(&self.url(), Use::Read).unwrap());
        let mut watch = Watch {
            conn,
            before: String::new(),
        };
        watch.before = watch.writes();
        watch
    }
}

impl Watch {
    /// What changes whenever somebody else writes: the embedded engine keeps count, the other one
    /// has to be read whole.
    fn writes(&self) -> String {
        let embedded = matches!(*self.conn.borrow(), Conn::Sqlite(_));
        let sql = if embedded {
            "SELECT CAST(data_version AS TEXT) AS value FROM pragma_data_version"
        } else {
            EVERYTHING
        };
        self.texts(sql).concat()
    }

    /// The query of some bytes of a table as text: themselves, or in hexadecimal.
    pub fn bytes(&self, column: &str, hex: bool) -> String {
        match (&*self.conn.borrow(), hex) {
            (Conn::Sqlite(_), false) => format!("CAST({column} AS TEXT)"),
            (Conn::Sqlite(_), true) => format!("hex({column})"),
            (Conn::Postgres(_), false) => format!("convert_from({column}, 'UTF8')"),
            (Conn::Postgres(_), true) => format!("encode({column}, 'hex')"),
        }
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
