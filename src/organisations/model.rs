//! What an organisation is: a recipient of donations or a partner.

use serde::{Deserialize, Serialize};

use crate::code::{Code, Name};
use crate::text_enum::text_enum;

text_enum! {
    /// What sort of organisation it is.
    OrganisationKind {
        /// A company.
        Company = "company",
        /// A non-profit.
        Nonprofit = "nonprofit",
        /// A public body.
        PublicBody = "public_body",
        /// A cooperative.
        Cooperative = "cooperative",
        /// Anything else.
        Other = "other",
    }
}

/// An organisation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its address.
    pub code: Code,
    /// What may be changed.
    pub terms: OrganisationTerms,
    /// The version of this row.
    pub version: i32,
}

/// What of an organisation may be changed; each version is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationTerms {
    /// Its name.
    pub name: Name,
    /// What sort it is.
    pub kind: OrganisationKind,
    /// Its registration number (ten digits): public for organisations.
    pub registration_number: Option<String>,
    /// Where what is known of it comes from.
    pub basis: Option<String>,
}
