//! A figure whose metric says how it is written.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{Scalar, scalar};
use crate::metrics::Unit;
use crate::money::{Amount, MoneyError, Weight};

/// A figure above zero: kilograms with at most three places, anything else whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureIn(Scalar);

impl FigureIn {
    /// The figure as its unit counts: won, grams, people or records.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn counted_in(&self, unit: Unit) -> Result<i64, MoneyError> {
        match (unit, &self.0) {
            (Unit::Kg, Scalar::Text(text)) => Weight::parse(text).map(Weight::grams),
            (Unit::Kg, Scalar::Number(text)) => Weight::from_number_text(text).map(Weight::grams),
            (_, Scalar::Text(text)) => Amount::parse(text).map(Amount::get),
            (_, Scalar::Number(text)) => Amount::from_number_text(text).map(Amount::get),
        }
    }
}

impl Deserr<Faults> for FigureIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        scalar(value, at).map(Self)
    }
}

impl PartialSchema for FigureIn {
    fn schema() -> RefOr<Schema> {
        let digits = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^(?:0|[1-9][0-9]{0,15})(?:\\.[0-9]{1,3})?$"));
        let number = ObjectBuilder::new()
            .schema_type(Type::Number)
            .exclusive_minimum(Some(0))
            .maximum(Some(Amount::MAX));
        OneOfBuilder::new()
            .item(digits)
            .item(number)
            .description(Some(
                "Above zero: kilograms with at most three places, won, people and counts whole; \
                 digits in a string, or a number.",
            ))
            .examples(["10000000000"])
            .into()
    }
}

impl ToSchema for FigureIn {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_says_how_a_figure_is_written() {
        let text = |text: &str| FigureIn(Scalar::Text(text.to_owned()));
        let number = |text: &str| FigureIn(Scalar::Number(text.to_owned()));
        for (figure, unit, read) in [
            (text("2100000.5"), Unit::Kg, Ok(2_100_000_500)),
            (number("0.001"), Unit::Kg, Ok(1)),
            (text("1.0005"), Unit::Kg, Err(MoneyError::TooFine)),
            (text("20000"), Unit::People, Ok(20_000)),
            (text("1.5"), Unit::People, Err(MoneyError::Fraction)),
            (number("276.0"), Unit::Krw, Ok(276)),
            (text("0"), Unit::Count, Err(MoneyError::Zero)),
            (text("-1"), Unit::Krw, Err(MoneyError::Negative)),
            (text("many"), Unit::Count, Err(MoneyError::NotDigits)),
        ] {
            assert_eq!(figure.counted_in(unit), read, "{figure:?} {unit}");
        }
    }
}
