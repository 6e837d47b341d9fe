//! Answers: what leaves for the caller, and what is kept so that it can leave again.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved, by_common};
use crate::db::schema::idempotency_keys;
use crate::db::{Conn, DbError};
use crate::refusal::Refusal;

/// An answer to a write, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where the new record is.
    pub location: Option<String>,
    /// The version of what was written.
    pub etag: Option<String>,
    /// The body: JSON, or nothing.
    pub body: Vec<u8>,
    /// Whether it is the first answer given again.
    pub replayed: bool,
}

impl Answer {
    /// What was answered to a key before, or that it was used for something else.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub fn before(conn: &mut Conn, once: &Once) -> Result<Option<Result<Self, Refusal>>, DbError> {
        let key = (once.caller.clone(), once.key.clone());
        let stored = Stored::load(conn, &[key])?.pop();
        Ok(stored.map(|stored| stored.again(once)))
    }

    /// What one command of a batch leaves for the answer to the whole.
    pub(super) fn part(body: Vec<u8>) -> Self {
        Self {
            status: 200,
            location: None,
            etag: None,
            body,
            replayed: false,
        }
    }
}

/// An idempotency key with what it was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Whose key it is.
    pub caller: String,
    /// The key.
    pub key: String,
    /// A hash over method, path, query and canonical body.
    pub request_hash: Vec<u8>,
}

/// The first answer to a key. Holds no secrets and no personal details.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) once: Once,
    pub(crate) answer: Answer,
    pub(crate) recorded_at: DateTime<Utc>,
}

impl Stored {
    /// The answer to whoever comes with its key again.
    ///
    /// # Errors
    /// `idempotency_key_reused` where something else is asked for with it.
    pub(crate) fn again(&self, once: &Once) -> Result<Answer, Refusal> {
        if self.once.request_hash != once.request_hash {
            return Err(Refusal::rule("idempotency_key_reused"));
        }
        Ok(Answer {
            replayed: true,
            ..self.answer.clone()
        })
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
struct Row {
    caller: String,
    key: String,
    request_hash: Vec<u8>,
    status: i32,
    location: Option<String>,
    etag: Option<String>,
    body: Vec<u8>,
    recorded_at: NaiveDateTime,
}

impl Kept for Stored {
    type Key = (String, String);

    fn key(&self) -> Self::Key {
        (self.once.caller.clone(), self.once.key.clone())
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let mut rows: Vec<Row> = Vec::new();
        for (caller, keys) in by_common(keys.iter().map(|(caller, key)| (caller, key.as_str()))) {
            let found = idempotency_keys::table
                .filter(idempotency_keys::caller.eq(caller))
                .filter(idempotency_keys::key.among(keys))
                .load(conn)?;
            rows.extend::<Vec<Row>>(found);
        }
        Ok(rows.into_iter().map(Row::into_stored).collect())
    }
}

impl Saved for Stored {
    fn save(conn: &mut Conn, new: &[&Self], _changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|stored| Row::of(stored)).collect();
        Ok(insert_rows!(conn, idempotency_keys::table, rows)?)
    }
}

impl Row {
    fn of(stored: &Stored) -> Self {
        Self {
            caller: stored.once.caller.clone(),
            key: stored.once.key.clone(),
            request_hash: stored.once.request_hash.clone(),
            status: i32::from(stored.answer.status),
            location: stored.answer.location.clone(),
            etag: stored.answer.etag.clone(),
            body: stored.answer.body.clone(),
            recorded_at: stored.recorded_at.naive_utc(),
        }
    }

    fn into_stored(self) -> Stored {
        Stored {
            once: Once {
                caller: self.caller,
                key: self.key,
                request_hash: self.request_hash,
            },
            answer: Answer {
                status: u16::try_from(self.status).unwrap_or(200),
                location: self.location,
                etag: self.etag,
                body: self.body,
                replayed: true,
            },
            recorded_at: self.recorded_at.and_utc(),
        }
    }
}
