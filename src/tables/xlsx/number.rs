//! Numbers of a sheet: the text of the sheet, as plain decimal digits; days as days.
//!
//! A sheet keeps numbers in binary and shows 15 significant digits. Its text may carry two more,
//! which are noise: `0.1 + 0.2` is `0.30000000000000004`. A fraction is therefore rounded to 15
//! significant digits, half up; a whole number keeps every digit that was written.

use chrono::{Days, NaiveDate};

use super::super::DateSystem;

const DIGITS: usize = 15;
/// Zeros that an exponent may ask for; a sheet has more only for what is no amount.
const FURTHEST: i64 = 30;
const SECONDS: u128 = 86_400;

/// A decimal number in its parts.
struct Decimal {
    negative: bool,
    /// Significant digits, without a point.
    digits: Vec<u8>,
    /// How many of the digits stand behind the point; below zero for zeros at the end.
    places: i64,
}

/// The number in plain digits: `1.2E+3` is `1200`. None for what is no number, or one with more
/// than 30 zeros.
pub(super) fn plain(text: &str) -> Option<String> {
    let mut number = read(text.trim())?;
    if number.places > 0 && number.digits.len() > DIGITS {
        round(&mut number);
    }
    while number.places > 0 && number.digits.last() == Some(&b'0') {
        number.digits.pop();
        number.places -= 1;
    }
    Some(written(&number))
}

fn read(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let negative = mantissa.starts_with('-');
    let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places = i64::try_from(part.len()).ok()? - i64::from(exponent);
    let digits: Vec<u8> = digits().skip_while(|byte| *byte == b'0').collect();
    (places.abs() <= FURTHEST).then_some(Decimal {
        negative: negative && !digits.is_empty(),
        places: if digits.is_empty() { 0 } else { places },
        digits,
    })
}

fn round(number: &mut Decimal) {
    let excess = number.digits.len() - DIGITS;
    // Only places behind the point are rounded away.
    let excess = excess.min(usize::try_from(number.places).unwrap_or_default());
    let kept = number.digits.len() - excess;
    let up = number.digits.get(kept).is_some_and(|digit| *digit >= b'5');
    number.digits.truncate(kept);
    number.places -= i64::try_from(excess).unwrap_or_default();
    if !up {
        return;
    }
    for digit in number.digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    number.digits.insert(0, b'1');
}

fn written(number: &Decimal) -> String {
    let mut text = String::from(if number.negative { "-" } else { "" });
    let zeros = usize::try_from(-number.places).unwrap_or_default();
    let places = usize::try_from(number.places).unwrap_or_default();
    let whole = number.digits.len().saturating_sub(places);
    if whole == 0 {
        text.push('0');
    }
    let missing = places.saturating_sub(number.digits.len());
    for (index, digit) in number.digits.iter().enumerate() {
        if index == whole {
            text.push('.');
            text.extend(std::iter::repeat_n('0', missing));
        }
        text.push(char::from(*digit));
    }
    if !number.digits.is_empty() {
        text.extend(std::iter::repeat_n('0', zeros));
    }
    text
}

/// The day that a number of days stands for, with its time where it has one:
/// `2022-11-03`, `2022-11-03 14:30:00`. None for the 29 February 1900 that never was.
pub(super) fn day(plain: &str, system: DateSystem) -> Option<String> {
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let mut day = day_of_serial(whole.parse().ok()?, system)?;
    let mut seconds = seconds(part)?;
    if seconds == SECONDS {
        day = day.succ_opt()?;
        seconds = 0;
    }
    if seconds == 0 {
        return Some(day.to_string());
    }
    let (hours, rest) = (seconds / 3_600, seconds % 3_600);
    Some(format!(
        "{day} {hours:02}:{:02}:{:02}",
        rest / 60,
        rest % 60
    ))
}

/// The day that a workbook counts as this many. None for day 0 of 1900 and for the 29 February 1900
/// that never was.
#[must_use]
pub fn day_of_serial(serial: u64, system: DateSystem) -> Option<NaiveDate> {
    let (start, days) = match system {
        DateSystem::Since1904 => (NaiveDate::from_ymd_opt(1904, 1, 1)?, serial),
        DateSystem::Since1900 => {
            let past_leap_day = match serial {
                0 | 60 => return None,
                1..60 => serial,
                _ => serial - 1,
            };
            (NaiveDate::from_ymd_opt(1899, 12, 31)?, past_leap_day)
        }
    };
    start.checked_add_days(Days::new(days))
}

/// The seconds that the places behind the point stand for, rounded half up.
fn seconds(places: &str) -> Option<u128> {
    let places = places.get(..places.len().min(18))?;
    let scale = 10_u128.pow(u32::try_from(places.len()).ok()?);
    let part: u128 = if places.is_empty() {
        0
    } else {
        places.parse().ok()?
    };
    Some((part * SECONDS * 2 + scale) / (scale * 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_in_plain_digits() {
        for (sheet, plain_digits) in [
            ("300000", "300000"),
            ("1000000000000000", "1000000000000000"),
            ("1E+15", "1000000000000000"),
            ("1.23456789012345E+15", "1234567890123450"),
            ("999999999999.999", "999999999999.999"),
            ("2100.1230000000001", "2100.123"),
            ("0.30000000000000004", "0.3"),
            ("1.0000000000000001E-2", "0.01"),
            ("0.99999999999999999", "1"),
            ("-1.50", "-1.5"),
            ("-0", "0"),
            ("0", "0"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.000", "1"),
            ("1234567890123456", "1234567890123456"),
            ("123456789012345.67", "123456789012346"),
        ] {
            assert_eq!(plain(sheet).as_deref(), Some(plain_digits), "{sheet}");
        }
        for sheet in [
            "", "-", ".", "abc", "1e", "1e99", "1e-99", "0x10", "NaN", "1,000", "１",
        ] {
            assert_eq!(plain(sheet), None, "{sheet}");
        }
    }

    #[test]
    fn days_are_counted_as_excel_counts_them() {
        for (serial, told) in [
            ("1", Some("1900-01-01")),
            ("59", Some("1900-02-28")),
            ("60", None),
            ("61", Some("1900-03-01")),
            ("44868", Some("2022-11-03")),
            ("44868.5", Some("2022-11-03 12:00:00")),
            ("44868.999999", Some("2022-11-04")),
            ("44868.604166666667", Some("2022-11-03 14:30:00")),
            ("0", None),
            ("-1", None),
        ] {
            assert_eq!(
                day(serial, DateSystem::Since1900).as_deref(),
                told,
                "{serial}"
            );
        }
        assert_eq!(
            day("43406", DateSystem::Since1904).as_deref(),
            Some("2022-11-03")
        );
        assert_eq!(day("99999999999999", DateSystem::Since1900), None);
    }
}
