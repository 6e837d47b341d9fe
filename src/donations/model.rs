//! What a donation (기부) is: a gift to a recipient organisation.

use chrono::NaiveDate;

use super::uses::model::Use;
use crate::code::Code;
use crate::payouts::model::Payout;
use crate::text_enum::text_enum;

text_enum! {
    /// What the recipient does with the gift.
    RecipientRole {
        /// Keeps and uses it.
        End = "end",
        /// Passes it on.
        Intermediary = "intermediary",
    }
}

text_enum! {
    /// The class of a donation receipt (기부금영수증) under the tax law.
    ReceiptClass {
        /// 특례기부금.
        Special = "특례",
        /// 일반기부금.
        General = "일반",
    }
}

/// A donation receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Its class.
    pub class: ReceiptClass,
}

/// A donation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Donation {
    /// What it has in common with a disbursement.
    pub payout: Payout,
    /// The organisation that receives it.
    pub recipient: Code,
    /// What that does with it.
    pub recipient_role: RecipientRole,
    /// Whether its use is laid down (지정기부).
    pub designated: bool,
    /// The document that approved it.
    pub approval_document: Option<String>,
    /// What the figure rests on.
    pub basis: Option<String>,
    /// Its receipt, once there is one.
    pub receipt: Option<Receipt>,
    /// What its intermediary passed on, by number.
    pub uses: Vec<Use>,
}
