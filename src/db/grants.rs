//! What the role that serves may do to each table: no more than the program does.
//!
//! On PostgreSQL the tables belong to one role, which migrates, and another one serves: it cannot
//! rewrite what was recorded, whatever goes wrong in this program. SQLite has no roles: who may
//! write its file may do anything.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, Bool, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::{Conn, DbError, migrate};

/// Tables that are only read.
const READ: &[&str] = &["SELECT"];
/// Tables that only grow.
const ADD: &[&str] = &["SELECT", "INSERT"];
/// Tables whose rows change.
const CHANGE: &[&str] = &["SELECT", "INSERT", "UPDATE"];
/// Tables whose rows are written anew.
const REPLACE: &[&str] = &["SELECT", "INSERT", "DELETE"];
/// Tables whose rows change and are swept away in the end.
const SWEEP: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE"];

/// Every table, and what serving does to it.
pub const TABLES: &[(&str, &[&str])] = &[
    (migrate::TABLE, READ),
    ("access_events", SWEEP),
    ("account_sums", CHANGE),
    ("accounts", CHANGE),
    ("amendment_names", REPLACE),
    ("amendments", CHANGE),
    ("attributes", REPLACE),
    ("beneficiaries", CHANGE),
    ("beneficiary_merges", ADD),
    ("books", CHANGE),
    ("claims", CHANGE),
    ("clients", CHANGE),
    ("compensation_sums", CHANGE),
    ("disbursements", CHANGE),
    ("donation_uses", CHANGE),
    ("donations", CHANGE),
    ("events", ADD),
    ("export_works", CHANGE),
    ("exports", CHANGE),
    ("funds", CHANGE),
    ("idempotency_keys", ADD),
    ("import_faults", REPLACE),
    ("import_mappings", CHANGE),
    ("import_parcels", REPLACE),
    ("import_records", CHANGE),
    ("import_works", CHANGE),
    ("imports", CHANGE),
    ("indicators", CHANGE),
    ("measurements", CHANGE),
    ("organisations", CHANGE),
    ("partners", CHANGE),
    ("people", CHANGE),
    ("people_counts", CHANGE),
    ("personal_details", CHANGE),
    ("plan_lines", ADD),
    ("plans", ADD),
    ("pledge_milestones", ADD),
    ("pledge_steps", ADD),
    ("pledges", CHANGE),
    ("program_funds", REPLACE),
    ("programs", CHANGE),
    ("proposals", CHANGE),
    ("refresh_tokens", CHANGE),
    ("sale_statements", CHANGE),
    ("sale_sums", CHANGE),
    ("sales", CHANGE),
    ("settings", CHANGE),
    ("steps", ADD),
    ("tallies", CHANGE),
    ("transfers", ADD),
    ("users", CHANGE),
    ("versions", ADD),
];

/// What one can do to the rows of a table, or to what guards them.
const RIGHTS: [&str; 6] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER",
];

/// Why a role was given nothing.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The engine knows no roles.
    #[error("SQLite has no roles")]
    NoRoles,
    /// There is no such role.
    #[error("there is no role {0}")]
    NoSuchRole(String),
    /// The role may do anything already: it owns the tables, or is a superuser.
    #[error("the role {0} may do anything already")]
    Owner(String),
    /// A statement failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for GrantError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    value: bool,
}

/// Refuses a role that cannot serve with less than everything. Changes nothing.
///
/// # Errors
/// [`GrantError`].
pub fn can_serve(conn: &mut Conn, role: &str) -> Result<(), GrantError> {
    let conn = server(conn).ok_or(GrantError::NoRoles)?;
    let known = "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AS value";
    if !is_true(conn, known, role)? {
        return Err(GrantError::NoSuchRole(role.to_owned()));
    }
    let owns = "SELECT pg_has_role($1, current_user, 'MEMBER') OR EXISTS (SELECT 1 FROM pg_class \
                WHERE oid = to_regclass('events') AND pg_has_role($1, relowner, 'MEMBER')) AS value";
    if is_true(conn, owns, role)? {
        return Err(GrantError::Owner(role.to_owned()));
    }
    Ok(())
}

/// Gives a role exactly what serving needs, whatever it was given before.
///
/// # Errors
/// [`GrantError`]; nothing was changed then.
pub fn grant(conn: &mut Conn, role: &str) -> Result<(), GrantError> {
    can_serve(conn, role)?;
    let conn = server(conn).ok_or(GrantError::NoRoles)?;
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let names: Vec<&str> = TABLES.iter().map(|(table, _)| *table).collect();
    let schema: Name =
        sql_query("SELECT quote_ident(current_schema()) AS value").get_result(conn)?;
    let mut sql = format!(
        "GRANT USAGE ON SCHEMA {} TO {role}; REVOKE ALL ON {} FROM {role};",
        schema.value,
        names.join(", ")
    );
    for (table, rights) in TABLES {
        sql.push_str(&format!(
            "GRANT {} ON {table} TO {role};",
            rights.join(", ")
        ));
    }
    diesel::Connection::transaction(conn, |conn| {
        migrate::take_turns(conn)?;
        conn.batch_execute(&sql)
    })?;
    Ok(())
}

/// What a role could do beyond serving, the log of events first, such as `UPDATE events`; of the
/// current one where none is named. Nothing on SQLite.
///
/// # Errors
/// [`DbError::Statement`].
pub fn beyond_serving(conn: &mut Conn, role: Option<&str>) -> Result<Vec<String>, DbError> {
    let Some(conn) = server(conn) else {
        return Ok(Vec::new());
    };
    let role = role.map_or_else(|| current_role(conn), |role| Ok(role.to_owned()))?;
    let (tables, rights) = pairs(|known, right| !known.contains(&right));
    let found: Vec<Name> = sql_query(
        "SELECT o.right || ' ' || o.name AS value, o.name NOT IN ('events', 'transfers') AS rest, n \
         FROM unnest($1, $2) WITH ORDINALITY AS o (name, \"right\", n) \
         JOIN pg_class c ON c.oid = to_regclass(o.name) \
         WHERE has_table_privilege($3, c.oid, o.right) OR pg_has_role($3, c.relowner, 'MEMBER') \
         UNION ALL SELECT 'CREATE ON SCHEMA ' || current_schema(), true, 0 \
         WHERE has_schema_privilege($3, current_schema(), 'CREATE') ORDER BY rest, n",
    )
    .bind::<Array<Text>, _>(tables)
    .bind::<Array<Text>, _>(rights)
    .bind::<Text, _>(role)
    .load(conn)?;
    Ok(found.into_iter().map(|name| name.value).collect())
}

/// Refuses to serve as a role that lacks what serving needs.
///
/// # Errors
/// [`DbError::Lacking`], saying what to do.
pub fn check(conn: &mut Conn) -> Result<(), DbError> {
    let Some(conn) = server(conn) else {
        return Ok(());
    };
    let (tables, rights) = pairs(|known, right| known.contains(&right));
    let lacking: Vec<Name> = sql_query(
        "SELECT o.right || ' ' || o.name AS value FROM unnest($1, $2) AS o (name, \"right\") \
         WHERE has_table_privilege(to_regclass(o.name), o.right) IS NOT TRUE LIMIT 1",
    )
    .bind::<Array<Text>, _>(tables)
    .bind::<Array<Text>, _>(rights)
    .load(conn)?;
    match lacking.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(DbError::Lacking {
            role: current_role(conn)?,
            right: first.value,
        }),
    }
}

/// The tables and rights, side by side, that are wanted.
fn pairs(wanted: impl Fn(&[&str], &str) -> bool) -> (Vec<&'static str>, Vec<&'static str>) {
    let all = TABLES
        .iter()
        .flat_map(|(table, known)| RIGHTS.map(|right| (*table, *known, right)));
    all.filter(|(_, known, right)| wanted(known, right))
        .map(|(table, _, right)| (table, right))
        .unzip()
}

fn current_role(conn: &mut PgConnection) -> Result<String, DbError> {
    let role: Name = sql_query("SELECT current_user::text AS value").get_result(conn)?;
    Ok(role.value)
}

fn is_true(conn: &mut PgConnection, question: &str, role: &str) -> Result<bool, DbError> {
    let answer: Truth = sql_query(question).bind::<Text, _>(role).get_result(conn)?;
    Ok(answer.value)
}

fn server(conn: &mut Conn) -> Option<&mut PgConnection> {
    match conn {
        Conn::Sqlite(_) => None,
        Conn::Postgres(conn) => Some(conn),
    }
}
