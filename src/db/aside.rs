//! Writing beside the books: what is no record and no sum, such as the rows of a file that waits
//! to be imported. A connection of its own, so that the write door is not held up by it; on
//! SQLite, where only one may write at a time, its transactions are short and the engine lets the
//! two take turns.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Conn, DbError, Url, Use};

/// A connection that writes beside the books. Made when it is first needed.
#[derive(Clone)]
pub struct Aside {
    url: Url,
    conn: Arc<Mutex<Option<Conn>>>,
}

impl Aside {
    /// A connection to be made.
    #[must_use]
    pub fn new(url: &Url) -> Self {
        Self {
            url: url.clone(),
            conn: Arc::default(),
        }
    }

    /// Runs `work` in one short transaction. Blocks; call it off the request threads.
    ///
    /// # Errors
    /// What `work` returns, with nothing written; [`DbError::OutOfReach`] when the connection was
    /// lost: whether it was written is then unknown.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let lost = |error: DbError| DbError::OutOfReach(error.to_string());
        let mut kept = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut conn = match kept.take() {
            Some(conn) => conn,
            None => Conn::open(&self.url, Use::Write).map_err(lost)?,
        };
        conn.begin(Use::Write).map_err(lost)?;
        let done = work(&mut conn);
        match done {
            Ok(_) => conn.commit().map_err(lost)?,
            Err(_) => conn.roll_back().map_err(lost)?,
        }
        *kept = Some(conn);
        done
    }
}
