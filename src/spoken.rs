//! Figures and days as they are read aloud, in Korean and in English. Pure.
//!
//! Every word is exact: what has no short form is told to the last digit.

use chrono::NaiveDate;

use crate::metrics::Metric;

/// Grams of a tonne and of a kilogram.
const GRAMS_PER_TONNE: u64 = 1_000_000;
const GRAMS_PER_KG: u64 = 1_000;

/// Korean groups four digits at a time.
const GROUPS: [(u64, &str); 4] = [
    (1_000_000_000_000, "조"),
    (100_000_000, "억"),
    (10_000, "만"),
    (1, ""),
];

/// English has a word for every third power of a thousand from a million on.
const SCALES: [(u64, &str); 3] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
];

/// A figure of a metric in Korean: `60억 30만 원`, `2만 명`, `2,100톤`. The unit follows a digit
/// at once and a word after a space.
#[must_use]
pub fn korean(metric: Metric, value: i64) -> String {
    let (number, unit) = korean_parts(metric, value);
    let space = if number.ends_with(|end: char| end.is_ascii_digit()) {
        ""
    } else {
        " "
    };
    format!("{number}{space}{unit}")
}

/// A figure that was rounded down in Korean: `39만여 명`.
#[must_use]
pub fn korean_and_more(metric: Metric, value: i64) -> String {
    let (number, unit) = korean_parts(metric, value);
    format!("{number}여 {unit}")
}

/// A figure of a metric in English: `6 billion won`, `20,000 people`, `2,100 tonnes`.
#[must_use]
pub fn english(metric: Metric, value: i64) -> String {
    let size = value.unsigned_abs();
    let minus = if value < 0 { "minus " } else { "" };
    let (number, one, many, is_one) = match metric {
        Metric::SalesQuantityKg => match tonnes(size) {
            Some(tonnes) => (english_number(tonnes), "tonne", "tonnes", tonnes == 1),
            None => (
                kilograms(size),
                "kilogram",
                "kilograms",
                size == GRAMS_PER_KG,
            ),
        },
        Metric::Beneficiaries => (english_number(size), "person", "people", size == 1),
        Metric::Buyers => (english_number(size), "buyer", "buyers", size == 1),
        Metric::Payments => (english_number(size), "payment", "payments", size == 1),
        Metric::Orders => (english_number(size), "order", "orders", size == 1),
        Metric::PledgesMet => (english_number(size), "pledge", "pledges", size == 1),
        _ => (english_number(size), "won", "won", size == 1),
    };
    format!("{minus}{number} {}", if is_one { one } else { many })
}

/// A day in Korean: `2022년 11월 3일`.
#[must_use]
pub fn korean_day(day: NaiveDate) -> String {
    day.format("%Y년 %-m월 %-d일").to_string()
}

/// A day in English: `3 November 2022`.
#[must_use]
pub fn english_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The number and its unit.
fn korean_parts(metric: Metric, value: i64) -> (String, &'static str) {
    let size = value.unsigned_abs();
    let minus = if value < 0 { "마이너스 " } else { "" };
    let (number, unit) = match metric {
        Metric::SalesQuantityKg => match tonnes(size) {
            Some(tonnes) => (korean_number(tonnes), "톤"),
            None => (kilograms(size), "킬로그램"),
        },
        Metric::Beneficiaries | Metric::Buyers => (korean_number(size), "명"),
        Metric::Payments | Metric::Orders | Metric::PledgesMet => (korean_number(size), "건"),
        _ => (korean_number(size), "원"),
    };
    (format!("{minus}{number}"), unit)
}

/// `60억 30만`, `2,918억`; below ten thousand with a comma: `9,999`.
fn korean_number(number: u64) -> String {
    let mut words = Vec::new();
    let mut rest = number;
    for (size, name) in GROUPS {
        let digits = rest / size;
        rest %= size;
        if digits > 0 {
            words.push(format!("{}{name}", with_commas(digits)));
        }
    }
    if words.is_empty() {
        "0".to_owned()
    } else {
        words.join(" ")
    }
}

/// `6 billion`, `291.8 billion`; what has more than two places, digit by digit.
fn english_number(number: u64) -> String {
    let scale = SCALES.iter().find(|(size, _)| number >= *size);
    match scale {
        Some((size, name)) if number.is_multiple_of(size / 100) => {
            let whole = with_commas(number / size);
            format!(
                "{whole}{} {name}",
                places((number % size) / (size / 100), 2)
            )
        }
        _ => with_commas(number),
    }
}

/// A weight in whole tonnes, where it is one.
fn tonnes(grams: u64) -> Option<u64> {
    (grams > 0 && grams.is_multiple_of(GRAMS_PER_TONNE)).then_some(grams / GRAMS_PER_TONNE)
}

fn kilograms(grams: u64) -> String {
    let whole = with_commas(grams / GRAMS_PER_KG);
    whole + &places(grams % GRAMS_PER_KG, 3)
}

/// What stands behind the point, without zeros at its end; nothing for nothing.
fn places(part: u64, width: usize) -> String {
    let digits = format!("{part:0width$}");
    match digits.trim_end_matches('0') {
        "" => String::new(),
        digits => format!(".{digits}"),
    }
}

/// A whole number with a comma before every third digit: `1,609`.
#[must_use]
pub fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_are_read_in_groups_of_four_digits_and_by_the_thousand() {
        for (won, ko, en) in [
            (6_000_300_000, "60억 30만 원", "6,000,300,000 won"),
            (6_000_000_000, "60억 원", "6 billion won"),
            (29_000_000_000, "290억 원", "29 billion won"),
            (291_800_000_000, "2,918억 원", "291.8 billion won"),
            (1_000_000_000_000, "1조 원", "1 trillion won"),
            (2_250_000, "225만 원", "2.25 million won"),
            (2_255_500, "225만 5,500원", "2,255,500 won"),
            (9_999, "9,999원", "9,999 won"),
            (1, "1원", "1 won"),
            (0, "0원", "0 won"),
            (-300_000, "마이너스 30만 원", "minus 300,000 won"),
            (
                i64::MAX,
                "9,223,372조 368억 5,477만 5,807원",
                "9,223,372,036,854,775,807 won",
            ),
        ] {
            assert_eq!(korean(Metric::Disbursed, won), ko);
            assert_eq!(english(Metric::Disbursed, won), en);
        }
    }

    #[test]
    fn everything_else_has_its_own_unit() {
        for (metric, value, ko, en) in [
            (Metric::Beneficiaries, 20_000, "2만 명", "20,000 people"),
            (Metric::Beneficiaries, 1, "1명", "1 person"),
            (Metric::Buyers, 390_000, "39만 명", "390,000 buyers"),
            (Metric::Orders, 452_000, "45만 2,000건", "452,000 orders"),
            (Metric::Payments, 1, "1건", "1 payment"),
            (Metric::PledgesMet, 3, "3건", "3 pledges"),
        ] {
            assert_eq!(korean(metric, value), ko);
            assert_eq!(english(metric, value), en);
        }
    }

    #[test]
    fn weight_is_told_in_tonnes_where_they_are_whole() {
        for (grams, ko, en) in [
            (2_100_000_000, "2,100톤", "2,100 tonnes"),
            (1_000_000, "1톤", "1 tonne"),
            (1_234_567, "1,234.567킬로그램", "1,234.567 kilograms"),
            (500, "0.5킬로그램", "0.5 kilograms"),
            (1_000, "1킬로그램", "1 kilogram"),
            (0, "0킬로그램", "0 kilograms"),
        ] {
            assert_eq!(korean(Metric::SalesQuantityKg, grams), ko);
            assert_eq!(english(Metric::SalesQuantityKg, grams), en);
        }
    }

    #[test]
    fn what_was_rounded_down_says_so_before_its_unit() {
        assert_eq!(korean_and_more(Metric::Buyers, 390_000), "39만여 명");
        assert_eq!(
            korean_and_more(Metric::SalesQuantityKg, 2_100_000_000),
            "2,100여 톤"
        );
    }

    #[test]
    fn days_are_read_in_full() {
        let day = NaiveDate::from_ymd_opt(2022, 11, 3).unwrap();
        assert_eq!(korean_day(day), "2022년 11월 3일");
        assert_eq!(english_day(day), "3 November 2022");
    }
}
