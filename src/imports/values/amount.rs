//! Amounts of won: `300,000`, `300000원`, `₩300,000`, `30만`, `3억 5천만`, `1.5억`.
//!
//! The rule. One currency mark may stand before or behind. Then either digits, all of them or in
//! threes by commas, with `.0` or `.00` behind; or groups that end in 조, 억 and 만, the larger
//! first, each at most once, with digits, commas and 천, 백, 십 before them. A decimal fraction may
//! stand before 조, 억 or 만 if it is the only group and comes to whole won. Everything else is
//! refused: commas in other places, `300.000`, negative ones in any notation, exponents.

use super::{ValueFault, narrow};
use crate::money::{Bounded, MoneyError};
use crate::tables::Cell;

const MARKS_BEFORE: [&str; 4] = ["₩", "\\", "KRW", "krw"];
const MARKS_BEHIND: [&str; 4] = ["원", "KRW", "krw", "won"];
const UNITS: [(char, u64); 3] = [
    ('조', 1_000_000_000_000),
    ('억', 100_000_000),
    ('만', 10_000),
];
const SMALL_UNITS: [(char, u64); 3] = [('천', 1_000), ('백', 100), ('십', 10)];
/// Longest text that is read as an amount.
const LONGEST: usize = 64;

/// Reads an amount of at least `LEAST` won.
///
/// # Errors
/// `not_a_number`, `ambiguous_number`, `not_whole`, `negative`, `zero`, `too_large`.
pub fn read<const LEAST: i64>(cell: &Cell) -> Result<Bounded<LEAST>, ValueFault> {
    let won = won(cell.text())?;
    Bounded::new(won).map_err(|error: MoneyError| ValueFault::new(error.code()))
}

/// Won of any size that is not negative.
///
/// # Errors
/// As [`read`], without a bound below.
pub fn won(text: &str) -> Result<i64, ValueFault> {
    let text = narrow(text);
    if text.len() > LONGEST {
        return Err(ValueFault::new("not_a_number"));
    }
    if is_negative(&text) {
        return Err(ValueFault::new("negative"));
    }
    let number = without_mark(&text);
    let won = if number.contains(|c| UNITS.iter().chain(&SMALL_UNITS).any(|(unit, _)| *unit == c)) {
        in_words(number)
    } else {
        in_digits(number)
    };
    i64::try_from(won?).map_err(|_too_large| ValueFault::new("too_large"))
}

/// `-1`, `△1`, `(1)` with or without marks before.
fn is_negative(text: &str) -> bool {
    let bare = text.trim_start_matches(['₩', '\\', ' ']);
    bare.starts_with(['-', '−', '△', '▲', '∆'])
        || (bare.starts_with('(') && bare.trim_end_matches(['원', ' ']).ends_with(')'))
        || (bare.ends_with('-') && bare.starts_with(|c: char| c.is_ascii_digit()))
}

fn without_mark(text: &str) -> &str {
    let before = MARKS_BEFORE.iter().find_map(|mark| text.strip_prefix(mark));
    let behind = || MARKS_BEHIND.iter().find_map(|mark| text.strip_suffix(mark));
    before.or_else(behind).unwrap_or(text).trim()
}

/// Digits, all of them or in threes; nothing but one or two zeros behind a point.
fn in_digits(text: &str) -> Result<u64, ValueFault> {
    let (whole, part) = match text.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (text, None),
    };
    let digits = grouped(whole)?;
    match part {
        None | Some("0" | "00") => digits_of(&digits),
        Some(part) if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) => {
            Err(ValueFault::new("not_a_number"))
        }
        // Whether `1.000` is one or a thousand depends on who wrote it.
        Some(part) if part.len() == 3 => Err(ValueFault::new("ambiguous_number")),
        Some(part) if part.bytes().all(|b| b == b'0') => digits_of(&digits),
        Some(_) => Err(ValueFault::new("not_whole")),
    }
}

/// Takes the commas out of digits that stand in threes.
fn grouped(text: &str) -> Result<String, ValueFault> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split(',').collect();
    if !parts.iter().all(|part| is_digits(part)) {
        let only = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b',');
        let code = if only {
            "ambiguous_number"
        } else {
            "not_a_number"
        };
        return Err(ValueFault::new(code));
    }
    let fits = match parts.as_slice() {
        [_] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|part| part.len() == 3),
        [] => false,
    };
    if fits {
        Ok(parts.concat())
    } else {
        Err(ValueFault::new("ambiguous_number"))
    }
}

fn digits_of(digits: &str) -> Result<u64, ValueFault> {
    digits
        .parse()
        .map_err(|_too_large| ValueFault::new("too_large"))
}

/// Groups that end in units, the larger first, and what stands behind the last of them.
fn in_words(text: &str) -> Result<u64, ValueFault> {
    let (mut rest, mut sum, mut groups) = (text, 0_u64, 0);
    for (unit, size) in UNITS {
        let Some((before, behind)) = rest.split_once(unit) else {
            continue;
        };
        let before = before.trim();
        let is_last = behind.trim().is_empty();
        let part = if before.contains('.') && groups == 0 && is_last {
            fraction(before, size)?
        } else {
            let group = group(before, groups > 0)?;
            group
                .checked_mul(size)
                .ok_or(ValueFault::new("too_large"))?
        };
        sum = sum.checked_add(part).ok_or(ValueFault::new("too_large"))?;
        rest = behind.trim();
        groups += 1;
    }
    if rest.is_empty() {
        return Ok(sum);
    }
    sum.checked_add(group(rest, groups > 0)?)
        .ok_or(ValueFault::new("too_large"))
}

/// What stands before a unit: `3`, `1,200`, `5천`, `1천5백`. Behind a larger group it is below ten
/// thousand.
fn group(text: &str, is_below_larger: bool) -> Result<u64, ValueFault> {
    let (mut rest, mut sum, mut largest) = (text, 0, u64::MAX);
    for (unit, size) in SMALL_UNITS {
        let Some((before, behind)) = rest.split_once(unit) else {
            continue;
        };
        match before.trim().as_bytes() {
            [digit @ b'1'..=b'9'] => sum += u64::from(digit - b'0') * size,
            _ => return Err(ValueFault::new("ambiguous_number")),
        }
        rest = behind.trim();
        largest = size;
    }
    if !rest.is_empty() || largest == u64::MAX {
        let digits = digits_of(&grouped(rest)?)?;
        if digits >= largest || digits == 0 {
            return Err(ValueFault::new("ambiguous_number"));
        }
        sum += digits;
    }
    if is_below_larger && sum >= 10_000 {
        return Err(ValueFault::new("ambiguous_number"));
    }
    Ok(sum)
}

/// `1.5` of a unit, where it is whole.
fn fraction(text: &str, size: u64) -> Result<u64, ValueFault> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let places = u32::try_from(part.len()).ok().filter(|_| is_digits);
    let places = places.ok_or(ValueFault::new("not_a_number"))?;
    let scale = 10_u64
        .checked_pow(places)
        .ok_or(ValueFault::new("not_whole"))?;
    let too_large = || ValueFault::new("too_large");
    let parts = digits_of(part)?.checked_mul(size).ok_or_else(too_large)?;
    if !parts.is_multiple_of(scale) {
        return Err(ValueFault::new("not_whole"));
    }
    let whole = digits_of(&grouped(whole)?)?.checked_mul(size);
    whole
        .and_then(|whole| whole.checked_add(parts / scale))
        .ok_or_else(too_large)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spoken;

    fn code(text: &str) -> &'static str {
        match read::<1>(&Cell::from(text)) {
            Ok(amount) => panic!("{text} was read as {amount}"),
            Err(fault) => fault.code,
        }
    }

    #[test]
    fn amounts_are_read_as_koreans_write_them() {
        for (written, meant) in [
            ("300000", 300_000),
            ("300,000", 300_000),
            ("300000원", 300_000),
            ("300,000 원", 300_000),
            ("₩300,000", 300_000),
            ("\\300,000", 300_000),
            ("￦３００，０００", 300_000),
            ("KRW 300,000", 300_000),
            ("300000 won", 300_000),
            ("３００，０００", 300_000),
            ("300000.0", 300_000),
            ("300,000.00", 300_000),
            ("30만", 300_000),
            ("30만원", 300_000),
            ("30 만 원", 300_000),
            ("3억 5천만", 350_000_000),
            ("3억5천만원", 350_000_000),
            ("3억 5,000만", 350_000_000),
            ("1천5백만", 15_000_000),
            ("1조 2억 3만 4", 1_000_200_030_004),
            ("1만5,000원", 15_000),
            ("5천원", 5_000),
            ("12,000만", 120_000_000),
            ("1.5억", 150_000_000),
            ("3.5만", 35_000),
            ("1000000000000000", 1_000_000_000_000_000),
            ("1,000조", 1_000_000_000_000_000),
            (" 1 ", 1),
        ] {
            let read = read::<1>(&Cell::from(written));
            assert_eq!(read.map(Bounded::get), Ok(meant), "{written}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_refused() {
        for text in [
            "1,00",
            "1,0000",
            ",300",
            "300,",
            "1,,000",
            "1234,567",
            "300.000",
            "300천",
            "3만 20000",
            "1천2000",
            "3억 5만 0",
            "천만",
            "만",
        ] {
            assert!(
                ["ambiguous_number", "not_a_number"].contains(&code(text)),
                "{text}: {}",
                code(text)
            );
        }
        assert_eq!(code("1,00"), "ambiguous_number");
        assert_eq!(code("300.000"), "ambiguous_number");
    }

    #[test]
    fn what_is_no_amount_says_why() {
        for (text, why) in [
            ("-300", "negative"),
            ("₩-300", "negative"),
            ("△300", "negative"),
            ("(300,000)", "negative"),
            ("300-", "negative"),
            ("0", "zero"),
            ("300.5", "not_whole"),
            ("1.23456만", "not_whole"),
            ("3e5", "not_a_number"),
            ("삼만원", "not_a_number"),
            ("₩300원", "not_a_number"),
            ("$300", "not_a_number"),
            ("", "not_a_number"),
            ("1000000000000001", "too_large"),
            ("99999999999999999999", "too_large"),
            ("5만 3억", "not_a_number"),
        ] {
            assert_eq!(code(text), why, "{text}");
        }
        assert_eq!(read::<0>(&Cell::from("0")).map(Bounded::get), Ok(0));
    }

    proptest! {
        #[test]
        fn an_amount_in_any_spelling_is_the_same(won in 1_i64..=1_000_000_000_000_000) {
            let commas = spoken::with_commas(won.unsigned_abs());
            let words = spoken::korean(crate::metrics::Metric::Disbursed, won);
            for text in [won.to_string(), commas.clone(), format!("₩{commas}"), words] {
                let read = read::<1>(&Cell::from(text.as_str()));
                prop_assert_eq!(read.map(Bounded::get), Ok(won), "{}", text);
            }
        }

        #[test]
        fn no_text_panics(text in "[0-9,.조억만천백십원₩ -]{0,24}|\\PC{0,24}") {
            let _ = won(&text);
        }
    }
}
