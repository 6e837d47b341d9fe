//! What the settings of the house are.

use crate::money::Amount;

/// The settings of the house as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Over how many won a second person has to approve; none for never.
    pub second_approval_above: Option<Amount>,
    /// The version of this row; 1 before anything was set.
    pub version: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            second_approval_above: None,
            version: 1,
        }
    }
}
