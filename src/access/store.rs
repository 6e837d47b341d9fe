//! The tables of users and refresh tokens.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::model::{Email, Family, RefreshSession, User, UserEmail, UserStatus, UserSubject};
use super::rights::Role;
use crate::db::dialect::upsert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::Page;
use crate::db::place::Place;
use crate::db::schema::{refresh_tokens, users};
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

/// What stands between two names in a column that holds several.
const SEPARATOR: &str = ",";

#[derive(Queryable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct UserRow {
    id: String,
    email: String,
    password_hash: String,
    roles: String,
    status: String,
    session_version: i64,
    recorded_at: NaiveDateTime,
    version: i32,
    subject: Option<String>,
    tokens_from: Option<NaiveDateTime>,
    sources: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
struct SessionRow {
    digest: String,
    family: String,
    user_id: String,
    issued_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    used: bool,
}

/// Of a row that is there already.
struct UpsertUsers;

impl Words for UpsertUsers {
    const WORDS: &'static str = "ON CONFLICT (id) DO UPDATE SET \
        password_hash = excluded.password_hash, roles = excluded.roles, \
        status = excluded.status, session_version = excluded.session_version, \
        version = excluded.version, subject = excluded.subject, \
        tokens_from = excluded.tokens_from, sources = excluded.sources";
}

/// Of a row that is there already.
struct UpsertRefreshTokens;

impl Words for UpsertRefreshTokens {
    const WORDS: &'static str = "ON CONFLICT (digest) DO UPDATE SET used = excluded.used";
}

impl Kept for User {
    type Key = String;

    fn key(&self) -> String {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[String]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<UserRow> = users::table.filter(users::id.eq_any(keys)).load(conn)?;
        rows.into_iter().map(UserRow::into_user).collect()
    }
}

impl Saved for User {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<UserRow> = new
            .iter()
            .chain(changed)
            .map(|user| UserRow::of(user))
            .collect();
        Ok(upsert_rows!(conn, users::table, rows, UpsertUsers)?)
    }
}

impl Kept for UserEmail {
    type Key = String;

    fn key(&self) -> String {
        self.email.clone()
    }

    fn load(conn: &mut Conn, keys: &[String]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<(String, String)> = users::table
            .filter(users::email.eq_any(keys))
            .select((users::email, users::id))
            .load(conn)?;
        Ok(rows
            .into_iter()
            .map(|(email, id)| Self { email, id })
            .collect())
    }
}

impl Kept for UserSubject {
    type Key = String;

    fn key(&self) -> String {
        self.subject.clone()
    }

    fn load(conn: &mut Conn, keys: &[String]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<(Option<String>, String)> = users::table
            .filter(users::subject.eq_any(keys))
            .select((users::subject, users::id))
            .load(conn)?;
        let known =
            |(subject, id): (Option<String>, String)| subject.map(|subject| Self { subject, id });
        Ok(rows.into_iter().filter_map(known).collect())
    }
}

impl Kept for RefreshSession {
    type Key = String;

    fn key(&self) -> String {
        self.digest.clone()
    }

    fn load(conn: &mut Conn, keys: &[String]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<SessionRow> = refresh_tokens::table
            .filter(refresh_tokens::digest.eq_any(keys))
            .load(conn)?;
        Ok(rows.into_iter().map(SessionRow::into_session).collect())
    }
}

impl Saved for RefreshSession {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let sessions = new.iter().chain(changed);
        let rows: Vec<SessionRow> = sessions.map(|session| SessionRow::of(session)).collect();
        Ok(upsert_rows!(
            conn,
            refresh_tokens::table,
            rows,
            UpsertRefreshTokens
        )?)
    }
}

/// The user of that id.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] for a row that cannot be read.
pub fn get(conn: &mut Conn, id: &str) -> Result<Option<User>, DbError> {
    let row: Option<UserRow> = users::table.find(id).first(conn).optional()?;
    row.map(UserRow::into_user).transpose()
}

/// The user who signs in with that address.
///
/// # Errors
/// As [`get`].
pub fn by_email(conn: &mut Conn, email: &Email) -> Result<Option<User>, DbError> {
    let row: Option<UserRow> = users::table
        .filter(users::email.eq(email.as_str()))
        .first(conn)
        .optional()?;
    row.map(UserRow::into_user).transpose()
}

/// The user who is that subject at the identity provider.
///
/// # Errors
/// As [`get`].
pub fn by_subject(conn: &mut Conn, subject: &str) -> Result<Option<User>, DbError> {
    let row: Option<UserRow> = users::table
        .filter(users::subject.eq(subject))
        .first(conn)
        .optional()?;
    row.map(UserRow::into_user).transpose()
}

/// A page of users, by id and so in the order they were made.
///
/// # Errors
/// As [`get`].
pub fn list(conn: &mut Conn, page: &Page) -> Result<Vec<User>, DbError> {
    let rows: Vec<UserRow> = users::table
        .filter(users::id.gt(page.after.as_deref().unwrap_or_default()))
        .order(users::id)
        .limit(page.limit)
        .load(conn)?;
    rows.into_iter().map(UserRow::into_user).collect()
}

/// Whom the refresh token of that digest signs in, used or not.
///
/// # Errors
/// [`DbError::Statement`].
pub fn session_user(conn: &mut Conn, digest: &str) -> Result<Option<String>, DbError> {
    let user = refresh_tokens::table
        .find(digest)
        .select(refresh_tokens::user_id);
    Ok(user.first(conn).optional()?)
}

impl UserRow {
    fn of(user: &User) -> Self {
        let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
        Self {
            id: user.id.clone(),
            email: user.email.to_string(),
            password_hash: user.password_hash.clone(),
            roles: roles.join(SEPARATOR),
            status: user.status.to_string(),
            session_version: user.session_version,
            recorded_at: user.recorded_at.naive_utc(),
            version: user.version,
            subject: user.subject.clone(),
            tokens_from: user.tokens_from.map(|from| from.naive_utc()),
            sources: (!user.sources.is_empty()).then(|| user.sources.join(SEPARATOR)),
        }
    }

    fn into_user(self) -> Result<User, DbError> {
        let place = Place {
            table: "users",
            key: &self.id,
        };
        let roles = self.roles.split(SEPARATOR).map(|role| place.name(role));
        let roles: Vec<Role> = roles.collect::<Result<_, DbError>>()?;
        let status: UserStatus = place.name(&self.status)?;
        let sources = self.sources.iter();
        let sources = sources.flat_map(|sources| sources.split(SEPARATOR));
        Ok(User {
            id: self.id,
            email: Email::stored(self.email),
            password_hash: self.password_hash,
            roles,
            status,
            session_version: self.session_version,
            recorded_at: self.recorded_at.and_utc(),
            version: self.version,
            subject: self.subject,
            tokens_from: self.tokens_from.map(|from| from.and_utc()),
            sources: sources.map(str::to_owned).collect(),
        })
    }
}

impl SessionRow {
    fn of(session: &RefreshSession) -> Self {
        Self {
            digest: session.digest.clone(),
            family: session.family.as_str().to_owned(),
            user_id: session.user_id.clone(),
            issued_at: session.issued_at.naive_utc(),
            expires_at: session.expires_at.naive_utc(),
            used: session.used,
        }
    }

    fn into_session(self) -> RefreshSession {
        RefreshSession {
            digest: self.digest,
            family: Family::stored(self.family),
            user_id: self.user_id,
            issued_at: self.issued_at.and_utc(),
            expires_at: self.expires_at.and_utc(),
            used: self.used,
        }
    }
}
