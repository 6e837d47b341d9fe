//! Finding live records by the caller's own id, and by who is paid in which round.
//!
//! Cost: one statement for each noun and program asked for, on the unique indexes of live records.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::beneficiaries::model::BeneficiaryId;
use crate::code::{Code, or_empty};
use crate::db::among::AmongKeys;
use crate::db::fixed::fixed;
use crate::db::kept::{Kept, by_common};
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
        let keys = $keys.iter().filter(|(noun, _, _)| *noun == $noun);
        let keys = keys.map(|(_, program, id)| (or_empty(program.as_ref()), id.as_str()));
        let mut rows: Vec<(String, Option<String>, String)> = Vec::new();
        for (program, ids) in by_common(keys) {
            let live = $table::table
                .filter($table::program.eq(program))
                .filter($table::external_id.among(ids))
                .filter(sql::<Bool>($live))
                .select(($table::program, $table::external_id, $table::id));
            rows.extend(fixed!(live).load::<(String, Option<String>, String)>($conn)?);
        }
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
        let mut rows: Vec<(String, Option<String>, Option<String>, String)> = Vec::new();
        let keys = keys.iter();
        let keys = keys.map(|(program, id, once)| ((program.as_str(), once), id.as_str()));
        for ((program, once), ids) in by_common(keys) {
            let live = disbursements::table
                .filter(disbursements::program.eq(program))
                .filter(disbursements::once_key.eq(once))
                .filter(disbursements::beneficiary.among(ids))
                .filter(sql::<Bool>(LIVE_PAYOUT))
                .select((
                    disbursements::program,
                    disbursements::beneficiary,
                    disbursements::once_key,
                    disbursements::id,
                ));
            rows.append(&mut fixed!(live).load(conn)?);
        }
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
        Ok(found.collect())
    }
}
