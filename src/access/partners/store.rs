//! The tables of partners and clients.
//!
//! Cost: one statement to load or list; to save, one for each table; three to tell how a client
//! stands.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::model::{Client, KeptSecret, Partner, PartnerScope, Standing};
use crate::code::Code;
use crate::db::dialect::upsert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::Page;
use crate::db::place::Place;
use crate::db::schema::{clients, partners, programs};
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

/// What stands between two names in a column that holds several.
const SEPARATOR: &str = ",";

#[derive(Queryable, Insertable)]
#[diesel(table_name = partners, treat_none_as_default_value = false)]
struct PartnerRow {
    code: String,
    scopes: String,
    status: String,
    recorded_at: NaiveDateTime,
    version: i32,
    session_version: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
struct ClientRow {
    id: String,
    partner: String,
    programs: String,
    scopes: String,
    secret: String,
    secret_made_at: NaiveDateTime,
    old_secret: Option<String>,
    old_secret_made_at: Option<NaiveDateTime>,
    status: String,
    session_version: i64,
    last_used_at: Option<NaiveDateTime>,
    recorded_at: NaiveDateTime,
    version: i32,
}

/// Of a row that is there already.
struct UpsertPartners;

impl Words for UpsertPartners {
    const WORDS: &'static str = "ON CONFLICT (code) DO UPDATE SET \
        scopes = excluded.scopes, status = excluded.status, version = excluded.version, \
        session_version = excluded.session_version";
}

/// Of a row that is there already.
struct UpsertClients;

impl Words for UpsertClients {
    const WORDS: &'static str = "ON CONFLICT (id) DO UPDATE SET \
        programs = excluded.programs, scopes = excluded.scopes, secret = excluded.secret, \
        secret_made_at = excluded.secret_made_at, old_secret = excluded.old_secret, \
        old_secret_made_at = excluded.old_secret_made_at, status = excluded.status, \
        session_version = excluded.session_version, last_used_at = excluded.last_used_at, \
        version = excluded.version";
}

/// The partner of that code.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] for a row that cannot be read.
pub fn partner(conn: &mut Conn, code: &Code) -> Result<Option<Partner>, DbError> {
    Ok(Partner::load(conn, std::slice::from_ref(code))?.pop())
}

/// A page of partners, by code.
///
/// # Errors
/// As [`partner`].
pub fn partners(conn: &mut Conn, page: &Page) -> Result<Vec<Partner>, DbError> {
    let rows: Vec<PartnerRow> = partners::table
        .filter(partners::code.gt(page.after.as_deref().unwrap_or_default()))
        .order(partners::code)
        .limit(page.limit)
        .load(conn)?;
    rows.into_iter().map(PartnerRow::into_partner).collect()
}

/// The client of that id.
///
/// # Errors
/// As [`partner`].
pub fn client(conn: &mut Conn, id: &str) -> Result<Option<Client>, DbError> {
    Ok(Client::load(conn, &[id.to_owned()])?.pop())
}

/// A page of clients, of one partner or of all, by id and so in the order they were made.
///
/// # Errors
/// As [`partner`].
pub fn clients(
    conn: &mut Conn,
    partner: Option<&Code>,
    page: &Page,
) -> Result<Vec<Client>, DbError> {
    let mut query = clients::table
        .filter(clients::id.gt(page.after.as_deref().unwrap_or_default()))
        .order(clients::id)
        .limit(page.limit)
        .into_boxed();
    if let Some(partner) = partner {
        query = query.filter(clients::partner.eq(partner.as_str()));
    }
    let rows: Vec<ClientRow> = query.load(conn)?;
    rows.into_iter().map(ClientRow::into_client).collect()
}

/// How a client stands: itself, its partner, and those of its programs that the partner runs.
///
/// # Errors
/// As [`partner`].
pub fn standing(conn: &mut Conn, id: &str) -> Result<Option<Standing>, DbError> {
    let Some(client) = client(conn, id)? else {
        return Ok(None);
    };
    let Some(partner) = partner(conn, &client.partner)? else {
        return Ok(None);
    };
    let run: Vec<String> = programs::table
        .filter(programs::code.eq_any(client.programs.iter().map(Code::as_str)))
        .filter(programs::partner.eq(partner.code.as_str()))
        .select(programs::code)
        .load(conn)?;
    let programs = run.into_iter().map(Code::stored).collect();
    Ok(Some(Standing {
        client,
        partner,
        programs,
    }))
}

impl Kept for Partner {
    type Key = Code;

    fn key(&self) -> Code {
        self.code.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<PartnerRow> = partners::table
            .filter(partners::code.eq_any(keys.iter().map(Code::as_str)))
            .load(conn)?;
        rows.into_iter().map(PartnerRow::into_partner).collect()
    }
}

impl Saved for Partner {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let both = new.iter().chain(changed);
        let rows: Vec<PartnerRow> = both.map(|partner| PartnerRow::of(partner)).collect();
        Ok(upsert_rows!(conn, partners::table, rows, UpsertPartners)?)
    }
}

impl Kept for Client {
    type Key = String;

    fn key(&self) -> String {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[String]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<ClientRow> = clients::table.filter(clients::id.eq_any(keys)).load(conn)?;
        rows.into_iter().map(ClientRow::into_client).collect()
    }
}

impl Saved for Client {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let both = new.iter().chain(changed);
        let rows: Vec<ClientRow> = both.map(|client| ClientRow::of(client)).collect();
        Ok(upsert_rows!(conn, clients::table, rows, UpsertClients)?)
    }
}

impl PartnerRow {
    fn of(partner: &Partner) -> Self {
        Self {
            code: partner.code.to_string(),
            scopes: joined(&partner.scopes),
            status: partner.status.to_string(),
            recorded_at: partner.recorded_at.naive_utc(),
            version: partner.version,
            session_version: partner.session_version,
        }
    }

    fn into_partner(self) -> Result<Partner, DbError> {
        let place = Place {
            table: "partners",
            key: &self.code,
        };
        Ok(Partner {
            scopes: scopes(place, &self.scopes)?,
            status: place.name(&self.status)?,
            code: Code::stored(self.code),
            recorded_at: self.recorded_at.and_utc(),
            version: self.version,
            session_version: self.session_version,
        })
    }
}

impl ClientRow {
    fn of(client: &Client) -> Self {
        let old = client.old_secret.as_ref();
        let programs: Vec<&str> = client.programs.iter().map(Code::as_str).collect();
        Self {
            id: client.id.clone(),
            partner: client.partner.to_string(),
            programs: programs.join(SEPARATOR),
            scopes: joined(&client.scopes),
            secret: client.secret.digest.clone(),
            secret_made_at: client.secret.made_at.naive_utc(),
            old_secret: old.map(|kept| kept.digest.clone()),
            old_secret_made_at: old.map(|kept| kept.made_at.naive_utc()),
            status: client.status.to_string(),
            session_version: client.session_version,
            last_used_at: client.last_used_at.map(|at| at.naive_utc()),
            recorded_at: client.recorded_at.naive_utc(),
            version: client.version,
        }
    }

    fn into_client(self) -> Result<Client, DbError> {
        let place = Place {
            table: "clients",
            key: &self.id,
        };
        let kept = |digest: String, made_at: NaiveDateTime| KeptSecret {
            digest,
            made_at: made_at.and_utc(),
        };
        let old = self.old_secret.zip(self.old_secret_made_at);
        let programs = self.programs.split(SEPARATOR);
        Ok(Client {
            scopes: scopes(place, &self.scopes)?,
            status: place.name(&self.status)?,
            programs: programs.map(|code| Code::stored(code.to_owned())).collect(),
            partner: Code::stored(self.partner),
            secret: kept(self.secret, self.secret_made_at),
            old_secret: old.map(|(digest, made_at)| kept(digest, made_at)),
            session_version: self.session_version,
            last_used_at: self.last_used_at.map(|at| at.and_utc()),
            recorded_at: self.recorded_at.and_utc(),
            version: self.version,
            id: self.id,
        })
    }
}

fn joined(scopes: &[PartnerScope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(SEPARATOR)
}

fn scopes(place: Place<'_>, text: &str) -> Result<Vec<PartnerScope>, DbError> {
    text.split(SEPARATOR).map(|name| place.name(name)).collect()
}
