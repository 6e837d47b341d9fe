//! Money and the other exact quantities, as values that cannot be wrong.
//!
//! Text comes in through [`Amount`], [`Cost`], [`Weight`] and [`Quantity`], which refuse what an
//! entry may not carry. Balances and figures are [`Won`]: signed, whole, and checked at every step. Shares of a
//! whole are [`Ratio`]s, and [`split`] parts a sum so that the parts add up again.
//! Everything here is pure: no clock, no store, no binary fractions.

mod amount;
mod numeral;
mod quantity;
mod ratio;
mod share;
mod split;
mod weight;
mod won;

pub use amount::{Amount, Bounded, Cost};
pub use quantity::Quantity;
pub use ratio::{Ratio, ratio};
pub use share::Share;
pub use split::split;
pub use weight::Weight;
pub use won::Won;

/// Why a text or a number is not a quantity, or why a computation has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text holds something other than a plainly written number.
    #[error("must be a number written in digits")]
    NotDigits,
    /// A string may not use an exponent: `1e3`.
    #[error("must be written out in digits, without an exponent")]
    Exponent,
    /// Won have no minor unit.
    #[error("must be whole")]
    Fraction,
    /// A weight has at most three places, a quantity six.
    #[error("must have fewer decimal places")]
    TooFine,
    /// An entry never carries a negative quantity; corrections have their own verbs.
    #[error("must not be negative")]
    Negative,
    /// Nothing was moved, so there is nothing to record.
    #[error("must be greater than zero")]
    Zero,
    /// Above what one entry may carry.
    #[error("is too large for one entry")]
    TooLarge,
    /// The result of a computation does not fit; no figure is better than a wrong one.
    #[error("the result is out of range")]
    Overflow,
    /// A sum cannot be split by weights that add up to nothing.
    #[error("the weights to split by add up to nothing")]
    NoWeights,
}

impl MoneyError {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDigits | Self::Exponent => "not_a_number",
            Self::Fraction => "not_whole",
            Self::TooFine => "too_many_places",
            Self::Negative => "negative",
            Self::Zero => "zero",
            Self::TooLarge => "too_large",
            Self::Overflow => "overflow",
            Self::NoWeights => "no_weights",
        }
    }
}
