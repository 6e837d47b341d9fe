//! The columns that disbursements and donations share, declared once for both tables.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Parts, Told};
use crate::code::{Code, or_empty};
use crate::db::DbError;
use crate::db::place::Place;
use crate::db::schema::{disbursements, donations};
use crate::db::times::{Day, Instant};
use crate::ids::RecordId;
use crate::ledger::Line;
use crate::money::{Amount, Cost, Won};
use crate::payouts::model::{Amounts, Payout, Status, Values};
use crate::payouts::rules;
use crate::text_enum::TextEnum;

/// Declares the columns of a payout in one table, to be embedded in that table's row.
macro_rules! payout_columns {
    ($name:ident, $table:ident) => {
        /// The columns of a payout in this table.
        #[derive(Queryable, Selectable, Insertable, AsChangeset)]
        #[diesel(table_name = $table)]
        #[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
        pub(crate) struct $name {
            pub(crate) id: String,
            book: i64,
            program: String,
            fund: String,
            fiscal_year: i32,
            form: String,
            amount: i64,
            value_cost: Option<i64>,
            value_list: Option<i64>,
            value_fair: Option<i64>,
            planned_on: Day,
            effective_on: Day,
            purpose: Option<String>,
            external_id: Option<String>,
            status: String,
            approved: i64,
            paid: i64,
            returned: i64,
            refunded: i64,
            recorded_by: String,
            recorded_at: Instant,
            version: i32,
        }

        impl From<&Payout> for $name {
            fn from(payout: &Payout) -> Self {
                let (line, values, amounts) = (&payout.line, payout.values, payout.amounts);
                Self {
                    id: payout.id.to_string(),
                    book: payout.id.book(),
                    program: or_empty(line.program.as_ref()).to_owned(),
                    fund: or_empty(line.fund.as_ref()).to_owned(),
                    fiscal_year: line.fiscal_year.unwrap_or(0),
                    form: payout.form.to_string(),
                    amount: payout.amount.get(),
                    value_cost: values.cost.map(Cost::get),
                    value_list: values.list.map(Amount::get),
                    value_fair: values.fair.map(Amount::get),
                    planned_on: Day(payout.planned_on),
                    effective_on: Day(payout.effective_on),
                    purpose: payout.purpose.clone(),
                    external_id: payout.external_id.clone(),
                    status: payout.status.to_string(),
                    approved: amounts.approved.get(),
                    paid: amounts.paid.get(),
                    returned: amounts.returned.get(),
                    refunded: amounts.refunded.get(),
                    recorded_by: payout.recorded_by().to_owned(),
                    recorded_at: Instant(payout.recorded_at().naive_utc()),
                    version: payout.version,
                }
            }
        }

        impl $name {
            /// The programs of those rows whose limits are asked for: of those that wait, or of
            /// all that are live.
            pub(crate) fn limited<'a>(
                rows: impl Iterator<Item = &'a Self>,
                told: Told,
            ) -> BTreeSet<&'a str> {
                let asked =
                    |row: &&Self| Status::from_name(&row.status).is_some_and(|one| told.of(one));
                rows.filter(asked).map(|row| row.program.as_str()).collect()
            }

            /// The payout of this row, with what `parts` holds of it.
            pub(crate) fn into_payout(self, parts: &mut Parts) -> Result<Payout, DbError> {
                let place = Place {
                    table: stringify!($table),
                    key: &self.id,
                };
                let above = parts.limit_of(&self.program);
                let (steps, attributes) = parts.take(&self.id);
                let payout = Payout {
                    form: place.name(&self.form)?,
                    status: place.name(&self.status)?,
                    amount: place.value(Amount::new(self.amount))?,
                    values: Values {
                        cost: place.value(self.value_cost.map(Cost::new).transpose())?,
                        list: place.value(self.value_list.map(Amount::new).transpose())?,
                        fair: place.value(self.value_fair.map(Amount::new).transpose())?,
                    },
                    id: RecordId::stored(self.id),
                    line: Line {
                        fund: Code::stored_or_none(self.fund),
                        program: Code::stored_or_none(self.program),
                        fiscal_year: (self.fiscal_year != 0).then_some(self.fiscal_year),
                    },
                    planned_on: self.planned_on.0,
                    effective_on: self.effective_on.0,
                    purpose: self.purpose,
                    external_id: self.external_id,
                    attributes,
                    amounts: Amounts {
                        approved: Won::new(self.approved),
                        paid: Won::new(self.paid),
                        returned: Won::new(self.returned),
                        refunded: Won::new(self.refunded),
                    },
                    steps,
                    version: self.version,
                    approvals_needed: 0,
                };
                let approvals_needed = if payout.status.waits() {
                    rules::approvals_needed(payout.amount, above)
                } else {
                    payout.approvals_had()
                };
                Ok(Payout {
                    approvals_needed,
                    ..payout
                })
            }
        }
    };
}
payout_columns!(DisbursementColumns, disbursements);
payout_columns!(DonationColumns, donations);
