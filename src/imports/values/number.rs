//! Numbers that are no money: weights, quantities, counts and years.
//!
//! The rule. Digits, all of them or in threes by commas, with a decimal point where the field has
//! places; one unit may stand behind (`kg`, `명`, `건`, `년`). Commas in other places are refused.

use super::{ValueFault, narrow};
use crate::money::{MoneyError, Quantity, Weight};
use crate::tables::Cell;

/// Longest text that is read as a number.
const LONGEST: usize = 40;

/// A weight in kilograms.
///
/// # Errors
/// `not_a_number`, `ambiguous_number` or what [`Weight`] refuses.
pub fn weight(cell: &Cell) -> Result<Weight, ValueFault> {
    let digits = digits(cell, &["kg", "KG", "Kg", "킬로그램"])?;
    Weight::parse(&digits).map_err(of_money)
}

/// A quantity of any unit and any sign.
///
/// # Errors
/// `not_a_number`, `ambiguous_number` or what [`Quantity`] refuses.
pub fn quantity(cell: &Cell) -> Result<Quantity, ValueFault> {
    Quantity::parse(&digits(cell, &[])?).map_err(of_money)
}

/// A whole number within bounds, with an optional unit behind.
///
/// # Errors
/// `not_a_number`, `ambiguous_number`, `not_whole`, `too_small`, `too_large`.
pub fn whole(cell: &Cell, least: i64, most: i64) -> Result<i64, ValueFault> {
    let digits = digits(cell, &["명", "건", "개", "년도", "년", "회"])?;
    let digits = match digits.split_once('.') {
        Some((whole, "0" | "00")) => whole,
        Some(_) => return Err(ValueFault::new("not_whole")),
        None => &digits,
    };
    let number: i64 = digits
        .parse()
        .map_err(|_wide| ValueFault::new("too_large").with("most", most))?;
    if number < least {
        Err(ValueFault::new("too_small").with("least", least))
    } else if number > most {
        Err(ValueFault::new("too_large").with("most", most))
    } else {
        Ok(number)
    }
}

fn of_money(error: MoneyError) -> ValueFault {
    ValueFault::new(error.code())
}

/// The number without its unit and commas: a sign, digits and at most one point.
fn digits(cell: &Cell, units: &[&str]) -> Result<String, ValueFault> {
    let text = narrow(cell.text());
    let bare = units.iter().find_map(|unit| text.strip_suffix(unit));
    let bare = bare.unwrap_or(&text).trim();
    let unsigned = bare.strip_prefix('-').unwrap_or(bare);
    let (whole, part) = match unsigned.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let groups: Vec<&str> = whole.split(',').collect();
    if text.len() > LONGEST
        || !groups.iter().all(|group| is_digits(group))
        || !part.is_none_or(is_digits)
    {
        return Err(ValueFault::new("not_a_number"));
    }
    let in_threes = match groups.as_slice() {
        [first, rest @ ..] if !rest.is_empty() => {
            first.len() <= 3 && rest.iter().all(|group| group.len() == 3)
        }
        _ => true,
    };
    if !in_threes {
        return Err(ValueFault::new("ambiguous_number"));
    }
    Ok(bare.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_keep_their_grams() {
        for (text, grams) in [
            ("2,100,000.000", 2_100_000_000),
            ("12.5kg", 12_500),
            ("１２．５ kg", 12_500),
            ("0.001", 1),
            ("3", 3_000),
        ] {
            assert_eq!(
                weight(&Cell::from(text)).map(Weight::grams),
                Ok(grams),
                "{text}"
            );
        }
        for (text, why) in [
            ("1.0001", "too_many_places"),
            ("-1", "negative"),
            ("0", "zero"),
            ("1,00", "ambiguous_number"),
            ("열", "not_a_number"),
            ("1e3", "not_a_number"),
        ] {
            assert_eq!(weight(&Cell::from(text)).unwrap_err().code, why, "{text}");
        }
    }

    #[test]
    fn counts_and_years_are_whole() {
        assert_eq!(whole(&Cell::from("1,234명"), 1, 10_000), Ok(1_234));
        assert_eq!(whole(&Cell::from("2022년"), 1900, 2199), Ok(2_022));
        assert_eq!(whole(&Cell::from("2022.0"), 1900, 2199), Ok(2_022));
        for (text, why) in [
            ("1.5", "not_whole"),
            ("0", "too_small"),
            ("10001", "too_large"),
            ("99999999999999999999", "too_large"),
            ("", "not_a_number"),
            ("-", "not_a_number"),
        ] {
            let read = whole(&Cell::from(text), 1, 10_000);
            assert_eq!(read.unwrap_err().code, why, "{text}");
        }
    }

    #[test]
    fn a_quantity_may_be_below_zero() {
        assert_eq!(
            quantity(&Cell::from("-1,234.5")).map(Quantity::millionths),
            Ok(-1_234_500_000)
        );
    }
}
