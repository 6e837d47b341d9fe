//! Finding live records by the caller's own id, and by who is paid in which round.
//!
//! Cost: one statement for each noun and program asked for, on the unique indexes of live records.

use diesel::prelude::*;

use crate::beneficiaries::model::BeneficiaryId;
use crate::code::{Code, or_empty};
use crate::db::among::AmongKeys;
use crate::db::kept::{Kept, by_common};
use crate::db::schema::{disbursements, donations, sale_statements, sales};
use crate::db::words::{Words, condition};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::payouts::lookups::{DISBURSEMENT, DONATION, ExternalId, OnceKey, SALE, SALE_STATEMENT};

/// What makes a payout live, in the words of the partial indexes: an index is used only by a
/// statement that repeats its condition.
struct LivePayout;

impl Words for LivePayout {
    const WORDS: &'static str =
        "status <> 'rejected' AND status <> 'withdrawn' AND status <> 'cancelled'";
}

/// What makes a sale live, likewise.
struct LiveSale;

impl Words for LiveSale {
    const WORDS: &'static str = "status <> 'cancelled'";
}

/// What makes a statement of sales live, likewise.
struct LiveStatement;

impl Words for LiveStatement {
    const WORDS: &'static str = "cancelled_on IS NULL";
}

/// Finds the live rows of one table for the external ids of its noun.
macro_rules! find_external {
    ($conn:expr, $table:ident, $noun:expr, $live:ty, $keys:expr) => {{
        let keys = $keys.iter().filter(|(noun, _, _)| *noun == $noun);
        let keys = keys.map(|(_, program, id)| (or_empty(program.as_ref()), id.as_str()));
        let mut rows: Vec<(String, Option<String>, String)> = Vec::new();
        for (program, ids) in by_common(keys) {
            let live = $table::table
                .filter($table::program.eq(program))
                .filter($table::external_id.among(ids))
                .filter(condition::<$live>())
                .select(($table::program, $table::external_id, $table::id));
            rows.extend(live.load::<(String, Option<String>, String)>($conn)?);
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
            LivePayout,
            keys
        ));
        found.extend(find_external!(conn, donations, DONATION, LivePayout, keys));
        found.extend(find_external!(conn, sales, SALE, LiveSale, keys));
        found.extend(find_external!(
            conn,
            sale_statements,
            SALE_STATEMENT,
            LiveStatement,
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
                .filter(condition::<LivePayout>())
                .select((
                    disbursements::program,
                    disbursements::beneficiary,
                    disbursements::once_key,
                    disbursements::id,
                ));
            rows.append(&mut live.load(conn)?);
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
