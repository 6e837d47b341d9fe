//! What can be asked of the books: a metric, in a unit, within a scope.
//!
//! Series, pledges and claims ask for the same metrics, so that they cannot mean different things.
//! A value is a whole number of its unit's smallest part: won, grams, people, records.

use std::fmt;

use crate::code::Code;
use crate::money::Weight;
use crate::text_enum::text_enum;

text_enum! {
    /// What the books are asked for.
    Metric {
        /// Promised to funds, in won.
        Committed = "committed",
        /// Paid into funds, in won.
        Contributed = "contributed",
        /// Paid and not come back, in won.
        Disbursed = "disbursed",
        /// Distinct people (실인원).
        Beneficiaries = "beneficiaries",
        /// Payments (지급 건수).
        Payments = "payments",
        /// Value of produce sold, in won.
        SalesAmount = "sales_amount",
        /// Weight of produce sold, in kilograms.
        SalesQuantityKg = "sales_quantity_kg",
        /// Orders of produce.
        Orders = "orders",
        /// Distinct buyers of produce (구매자), as the partner states them.
        Buyers = "buyers",
        /// Given to organisations and not come back, in won.
        Donated = "donated",
        /// Pledges met.
        PledgesMet = "pledges_met",
        /// Paid, net of returns, in won.
        Paid = "paid",
        /// Came back for good, in won.
        Refunded = "refunded",
        /// Approved and not cancelled, paid or not, in won.
        Approved = "approved",
    }
}

text_enum! {
    /// In what a metric is counted.
    Unit {
        /// Won.
        Krw = "KRW",
        /// Kilograms, three places.
        Kg = "kg",
        /// Distinct people.
        People = "people",
        /// Records or orders.
        Count = "count",
    }
}

/// Of what a metric is asked.
///
/// Distinct people of different scopes are never added.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All books together.
    All,
    /// One program.
    Program(Code),
    /// One fund with its children.
    Fund(Code),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Program(code) => write!(f, "program:{code}"),
            Self::Fund(code) => write!(f, "fund:{code}"),
        }
    }
}

impl Metric {
    /// In what it is counted.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Beneficiaries | Self::Buyers => Unit::People,
            Self::Payments | Self::Orders | Self::PledgesMet => Unit::Count,
            Self::SalesQuantityKg => Unit::Kg,
            _ => Unit::Krw,
        }
    }

    /// Whether it says what stands at the end of a day, and so has no first day: people are not
    /// counted from a day on, and neither are pledges.
    #[must_use]
    pub fn is_stock(self) -> bool {
        matches!(self, Self::Beneficiaries | Self::Buyers | Self::PledgesMet)
    }

    /// Whether a scope of this sort has such a figure: programs are promised nothing, funds sell
    /// nothing, and only everything together has pledges.
    #[must_use]
    pub fn is_of(self, scope: &Scope) -> bool {
        match self {
            Self::Committed | Self::Contributed => !matches!(scope, Scope::Program(_)),
            Self::SalesAmount | Self::SalesQuantityKg | Self::Orders | Self::Buyers => {
                !matches!(scope, Scope::Fund(_))
            }
            Self::PledgesMet => matches!(scope, Scope::All),
            Self::Disbursed
            | Self::Beneficiaries
            | Self::Payments
            | Self::Donated
            | Self::Paid
            | Self::Refunded
            | Self::Approved => true,
        }
    }
}

impl Unit {
    /// A value of this unit as answers carry it: whole, or kilograms with three places.
    #[must_use]
    pub fn shown(self, value: i64) -> String {
        match self {
            Self::Kg => Weight::from_grams(value).to_string(),
            Self::Krw | Self::People | Self::Count => value.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_asked_only_of_what_has_it() {
        let (program, fund) = (
            Scope::Program(Code::parse("drivers").unwrap()),
            Scope::Fund(Code::parse("mobility").unwrap()),
        );
        for (metric, all, of_program, of_fund) in [
            (Metric::Committed, true, false, true),
            (Metric::Disbursed, true, true, true),
            (Metric::Buyers, true, true, false),
            (Metric::PledgesMet, true, false, false),
        ] {
            let told = (
                metric.is_of(&Scope::All),
                metric.is_of(&program),
                metric.is_of(&fund),
            );
            assert_eq!(told, (all, of_program, of_fund), "{metric}");
        }
    }

    #[test]
    fn kilograms_have_three_places_and_the_rest_none() {
        assert_eq!(Unit::Kg.shown(2_100_000_000), "2100000.000");
        assert_eq!(Unit::Krw.shown(2_200_000_000), "2200000000");
    }
}
