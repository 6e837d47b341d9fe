//! What a file may be full of.

use crate::text_enum::text_enum;

text_enum! {
    /// What the rows of an import are.
    Kind {
        /// Disbursements to be recorded.
        Disbursements = "disbursements",
        /// Donations to be recorded.
        Donations = "donations",
        /// Sales of a partner.
        Sales = "sales",
        /// What was measured.
        Measurements = "measurements",
        /// Money paid into funds.
        Contributions = "contributions",
        /// People, without a payment.
        Beneficiaries = "beneficiaries",
        /// Changes of approved records that touch no money.
        Amendments = "amendments",
        /// What a bank says became of payments (대량이체 결과).
        PaymentResults = "payment_results",
    }
}

impl Kind {
    /// What it is called: Korean, then English.
    #[must_use]
    pub const fn title(self) -> [&'static str; 2] {
        match self {
            Self::Disbursements => ["집행", "Disbursements"],
            Self::Donations => ["기부", "Donations"],
            Self::Sales => ["판매", "Sales"],
            Self::Measurements => ["측정값", "Measurements"],
            Self::Contributions => ["출연", "Contributions"],
            Self::Beneficiaries => ["수혜자", "Beneficiaries"],
            Self::Amendments => ["정정", "Amendments"],
            Self::PaymentResults => ["대량이체 결과", "Payment results"],
        }
    }
}
