//! Finding live records by the caller's own id, and by who is paid in which round.
//!
//! Cost: one statement for each noun asked for, on the unique indexes of live records.

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::beneficiaries::model::BeneficiaryId;
use crate::code::{Code, or_empty};
use crate::db::kept::Kept;
use crate::db::schema::{disbursements, donations, sale_statements, sales};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::payouts::lookups::{DISBURSEMENT, DONATION, ExternalId, OnceKey, SALE, SALE_STATEMENT};

/// What makes a payout live, in the words of the partial indexes: an index is used only by a
/// statement that repeats its condition.
const LIVE_PAYOUT: &str = "status NOT IN ('rejected', 'withdrawn', 'cancelled')";
/// What makes a sale live, likewise.
const LIVE_SALE: &str = "status <> 'cancelled'";

/// What makes a statement of sales live, likewise.
const LIVE_STATEMENT: &str = "cancelled_on IS NULL";

/// Finds the live rows of one table for the external ids of its noun.
macro_rules! find_external {
    ($conn:expr, $table:ident, $noun:expr, $live:expr, $keys:expr) => {{
        let keys: Vec<_> = $keys.iter().filter(|(noun, _, _)| *noun == $noun).collect();
        let rows: Vec<(String, Option<String>, String)> = if keys.is_empty() {
            Vec::new()
        } else {
            let programs = keys
                .iter()
                .map(|(_, program, _)| or_empty(program.as_ref()));
            $table::table
                .filter($table::program.eq_any(programs))
                .filter($table::external_id.eq_any(keys.iter().map(|(_, _, id)| id)))
                .filter(sql::<Bool>($live))
                .select(($table::program, $table::external_id, $table::id))
                .load($conn)?
        };
        rows.into_iter()
            .filter_map(|(program, external_id, record)| {
                Some(ExternalId {
                    noun: $noun,
                    program: Code::stored_or_none(program),
                    external_id: external_id?,
                    record: RecordId::stored(record),
                })
            })
    }};
}

impl Kept for ExternalId {
    /// The noun, the program and the caller's own id.
    type Key = (&'static str, Option<Code>, String);

    fn key(&self) -> Self::Key {
        (self.noun, self.program.clone(), self.external_id.clone())
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let wanted: HashSet<&Self::Key> = keys.iter().collect();
        let mut found: Vec<Self> = Vec::new();
        found.extend(find_external!(
            conn,
            disbursements,
            DISBURSEMENT,
            LIVE_PAYOUT,
            keys
        ));
        found.extend(find_external!(conn, donations, DONATION, LIVE_PAYOUT, keys));
        found.extend(find_external!(conn, sales, SALE, LIVE_SALE, keys));
        found.extend(find_external!(
            conn,
            sale_statements,
            SALE_STATEMENT,
            LIVE_STATEMENT,
            keys
        ));
        found.extend(crate::measurements::store::external_ids(conn, keys)?);
        found.retain(|external| wanted.contains(&external.key()));
        Ok(found)
    }
}

impl Kept for OnceKey {
    /// The program, who is paid, and the round or `*`.
    type Key = (Code, BeneficiaryId, String);

    fn key(&self) -> Self::Key {
        (
            self.program.clone(),
            self.beneficiary.clone(),
            self.once.clone(),
        )
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let wanted: HashSet<&Self::Key> = keys.iter().collect();
        let rows: Vec<(String, Option<String>, Option<String>, String)> = disbursements::table
            .filter(disbursements::program.eq_any(keys.iter().map(|(code, _, _)| code.as_str())))
            .filter(disbursements::beneficiary.eq_any(keys.iter().map(|(_, id, _)| id.as_str())))
            .filter(disbursements::once_key.eq_any(keys.iter().map(|(_, _, once)| once)))
            .filter(sql::<Bool>(LIVE_PAYOUT))
            .select((
                disbursements::program,
                disbursements::beneficiary,
                disbursements::once_key,
                disbursements::id,
            ))
            .load(conn)?;
        let found = rows
            .into_iter()
            .filter_map(|(program, beneficiary, once, record)| {
                Some(Self {
                    program: Code::stored(program),
                    beneficiary: BeneficiaryId::stored(beneficiary?),
                    once: once?,
                    record: RecordId::stored(record),
                })
            });
        Ok(found.filter(|once| wanted.contains(&once.key())).collect())
    }
}
