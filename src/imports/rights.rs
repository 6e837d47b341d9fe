//! Who imports what: whoever may record one such entry.

use super::kinds::Kind;
use crate::access::Right;

/// The right that an import of this kind needs.
#[must_use]
pub fn needed(kind: Kind) -> Right {
    match kind {
        Kind::Disbursements
        | Kind::Donations
        | Kind::Sales
        | Kind::Measurements
        | Kind::Beneficiaries
        | Kind::Amendments => Right::Record,
        Kind::Contributions => Right::ManageBooks,
        Kind::PaymentResults => Right::Pay,
    }
}
