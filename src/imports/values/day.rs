//! Days: `2022-11-03`, `2022.11.03`, `2022. 11. 3.`, `2022/11/03`, `20221103`, `2022년 11월 3일`,
//! and the numbers of days that a workbook counts.
//!
//! The rule. The year comes first and has four digits. A time behind the day is passed over. A
//! number in a workbook that has eight digits is a day as written, one that is shorter counts days;
//! text never counts days. `11/03/2022` and years of two digits are refused: they mean different
//! days to different people.

use chrono::{Datelike, NaiveDate};

use super::{ValueFault, narrow};
use crate::calendar;
use crate::tables::{Cell, DateSystem, day_of_serial};

/// Longest text that is read as a day.
const LONGEST: usize = 40;

/// Reads a day in the years 1900 to 2199.
///
/// # Errors
/// `not_a_day`, `ambiguous_day`, `no_such_day`, `day_out_of_range`.
pub fn read(cell: &Cell, dates: Option<DateSystem>) -> Result<NaiveDate, ValueFault> {
    match (cell, dates) {
        (Cell::Number(number), Some(system)) if !is_written_out(number) => counted(number, system),
        (cell, _) => written(&narrow(cell.text())),
    }
}

fn is_written_out(number: &str) -> bool {
    number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit())
}

fn counted(number: &str, system: DateSystem) -> Result<NaiveDate, ValueFault> {
    let whole = number.split('.').next().unwrap_or_default();
    let serial: u64 = whole
        .parse()
        .map_err(|_not_one| ValueFault::new("not_a_day"))?;
    let day = day_of_serial(serial, system).ok_or(ValueFault::new("no_such_day"))?;
    in_range(day.year(), day.month(), day.day())
}

fn written(text: &str) -> Result<NaiveDate, ValueFault> {
    let not_a_day = || ValueFault::new("not_a_day");
    if text.len() > LONGEST {
        return Err(not_a_day());
    }
    let text = without_time(text);
    if is_written_out(text) {
        let part = |from, to| text.get(from..to).and_then(|digits| digits.parse().ok());
        let parts = (part(0, 4), part(4, 6), part(6, 8));
        let (Some(year), Some(month), Some(day)) = parts else {
            return Err(not_a_day());
        };
        return in_range(i32::try_from(year).unwrap_or(i32::MAX), month, day);
    }
    let parts = parts(text).ok_or_else(not_a_day)?;
    let numbers = parts.map(|part| {
        let fits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    });
    let [Some(year), Some(month), Some(day)] = numbers else {
        return Err(not_a_day());
    };
    match parts.map(str::len) {
        [4, 1 | 2, 1 | 2] => in_range(i32::try_from(year).unwrap_or(i32::MAX), month, day),
        [1 | 2, 1 | 2, 2 | 4] => Err(ValueFault::new("ambiguous_day")),
        _ => Err(not_a_day()),
    }
}

/// The year, month and day between the same marks.
fn parts(text: &str) -> Option<[&str; 3]> {
    if let Some((year, rest)) = text.split_once('년') {
        let (month, rest) = rest.split_once('월')?;
        let (day, rest) = rest.split_once('일')?;
        return rest
            .trim()
            .is_empty()
            .then(|| [year.trim(), month.trim(), day.trim()]);
    }
    let mark = text.chars().find(|c| matches!(c, '-' | '.' | '/'))?;
    // `2022. 11. 3.` is how Koreans write a date with points: blanks and a point at the end.
    let text = if mark == '.' {
        text.strip_suffix('.').unwrap_or(text)
    } else {
        text
    };
    let mut parts = text.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() {
        return None;
    }
    Some(if mark == '.' {
        three.map(str::trim)
    } else {
        three
    })
}

/// The day of `2022-11-03 14:30`, `2022-11-03T14:30:00.000Z`.
fn without_time(text: &str) -> &str {
    let Some((day, time)) = text.split_once('T').or_else(|| text.rsplit_once(' ')) else {
        return text;
    };
    let is_time = time.contains(':')
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z' | b'+'));
    if is_time { day.trim_end() } else { text }
}

fn in_range(year: i32, month: u32, day: u32) -> Result<NaiveDate, ValueFault> {
    calendar::parse_day(&format!("{year:04}-{month:02}-{day:02}"))
        .map_err(|error| ValueFault::new(error.code()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(cell: &Cell, dates: Option<DateSystem>) -> String {
        match read(cell, dates) {
            Ok(day) => day.to_string(),
            Err(fault) => fault.code.to_owned(),
        }
    }

    fn text(text: &str) -> String {
        told(&Cell::from(text), Some(DateSystem::Since1900))
    }

    fn number(digits: &str) -> String {
        told(
            &Cell::Number(digits.to_owned()),
            Some(DateSystem::Since1900),
        )
    }

    #[test]
    fn a_day_is_read_in_every_korean_spelling() {
        for spelling in [
            "2022-11-03",
            "2022-11-3",
            "2022.11.03",
            "2022.11.3",
            "2022. 11. 3.",
            "2022. 11. 03",
            "2022/11/03",
            "2022/11/3",
            "20221103",
            "2022년 11월 3일",
            "2022년11월03일",
            "２０２２－１１－０３",
            "2022-11-03 14:30",
            "2022-11-03 14:30:00",
            " 2022-11-03 ",
            "2022-11-03T00:00:00Z",
            "2022. 11. 3. 14:30:00",
        ] {
            assert_eq!(text(spelling), "2022-11-03", "{spelling}");
        }
    }

    #[test]
    fn what_means_different_days_to_different_people_is_refused() {
        for spelling in [
            "11/03/2022",
            "03-11-2022",
            "22.11.03",
            "22-11-03",
            "1/2/22",
            "3.11.2022",
        ] {
            assert_eq!(text(spelling), "ambiguous_day", "{spelling}");
        }
    }

    #[test]
    fn what_is_no_day_says_why() {
        for (spelling, why) in [
            ("", "not_a_day"),
            ("어제", "not_a_day"),
            ("44868", "not_a_day"),
            ("2022-11", "not_a_day"),
            ("2022-11.03", "not_a_day"),
            ("2022-11-03-01", "not_a_day"),
            ("2022 - 11 - 03", "not_a_day"),
            ("Nov 3, 2022", "not_a_day"),
            ("2022-02-30", "no_such_day"),
            ("20220230", "no_such_day"),
            ("2022년 13월 1일", "no_such_day"),
            ("1899-12-31", "day_out_of_range"),
            ("2200-01-01", "day_out_of_range"),
        ] {
            assert_eq!(text(spelling), why, "{spelling}");
        }
    }

    #[test]
    fn numbers_of_a_workbook_count_days() {
        assert_eq!(number("44868"), "2022-11-03");
        assert_eq!(number("44868.75"), "2022-11-03");
        assert_eq!(number("20221103"), "2022-11-03");
        assert_eq!(number("59"), "1900-02-28");
        assert_eq!(number("60"), "no_such_day");
        assert_eq!(number("61"), "1900-03-01");
        assert_eq!(number("999999"), "day_out_of_range");
        assert_eq!(number("-3"), "not_a_day");
        let cell = Cell::Number("43406".to_owned());
        assert_eq!(told(&cell, Some(DateSystem::Since1904)), "2022-11-03");
        assert_eq!(told(&cell, None), "not_a_day");
        assert_eq!(
            told(&Cell::Number("20221103".to_owned()), None),
            "2022-11-03"
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9./년월일T: -]{0,24}|\\PC{0,24}") {
            let _ = read(&Cell::from(text.as_str()), None);
            let _ = read(&Cell::Number(text), Some(DateSystem::Since1900));
        }
    }
}
