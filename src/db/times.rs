//! Days and instants as rows hold them.
//!
//! A record carries a dozen of them, and on the embedded engine each is a text. diesel has chrono
//! read a pattern for every one, which took a twentieth of a batch; here the digits are written as
//! they come. The texts are those that diesel writes, so either reads what the other wrote.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use diesel::backend::Backend;
use diesel::deserialize::{FromSql, FromSqlRow, Result as Read};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{IsNull, Output, Result as Written, ToSql};
use diesel::sql_types::{Date, Timestamp};
use diesel::sqlite::Sqlite;

use super::Sql;

/// A day in Korea.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Date)]
pub struct Day(pub NaiveDate);

/// An instant in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamp)]
pub struct Instant(pub NaiveDateTime);

impl<DB: Backend> FromSql<Date, DB> for Day
where
    NaiveDate: FromSql<Date, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Read<Self> {
        NaiveDate::from_sql(bytes).map(Self)
    }
}

impl<DB: Backend> FromSql<Timestamp, DB> for Instant
where
    NaiveDateTime: FromSql<Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Read<Self> {
        NaiveDateTime::from_sql(bytes).map(Self)
    }
}

impl ToSql<Date, Sqlite> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> Written {
        out.set_value(day_text(self.0));
        Ok(IsNull::No)
    }
}

impl ToSql<Date, Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> Written {
        ToSql::<Date, Pg>::to_sql(&self.0, out)
    }
}

impl ToSql<Date, Sql> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sql>) -> Written {
        out.set_value((Date, self));
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamp, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> Written {
        out.set_value(instant_text(self.0));
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamp, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> Written {
        ToSql::<Timestamp, Pg>::to_sql(&self.0, out)
    }
}

impl ToSql<Timestamp, Sql> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sql>) -> Written {
        out.set_value((Timestamp, self));
        Ok(IsNull::No)
    }
}

/// `2022-11-03`.
fn day_text(day: NaiveDate) -> String {
    let mut text = String::with_capacity("2022-11-03".len());
    push_day(&mut text, day);
    text
}

/// `2022-11-03 04:05:06.123456`: with no more of a second than there is, in steps of three digits.
fn instant_text(instant: NaiveDateTime) -> String {
    let mut text = String::with_capacity("2022-11-03 04:05:06.123456789".len());
    push_day(&mut text, instant.date());
    for (mark, part) in [
        (' ', instant.hour()),
        (':', instant.minute()),
        (':', instant.second()),
    ] {
        text.push(mark);
        push_digits(&mut text, part, 2);
    }
    let nanos = instant.nanosecond();
    let (part, width) = match nanos {
        0 => return text,
        _ if nanos.is_multiple_of(1_000_000) => (nanos / 1_000_000, 3),
        _ if nanos.is_multiple_of(1_000) => (nanos / 1_000, 6),
        _ => (nanos, 9),
    };
    text.push('.');
    push_digits(&mut text, part, width);
    text
}

fn push_day(text: &mut String, day: NaiveDate) {
    match u32::try_from(day.year()) {
        Ok(year) if year <= 9_999 => {
            push_digits(text, year, 4);
            for part in [day.month(), day.day()] {
                text.push('-');
                push_digits(text, part, 2);
            }
        }
        // Years that the calendar refuses, as chrono tells them.
        _ => text.push_str(&day.to_string()),
    }
}

fn push_digits(text: &mut String, value: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_that_diesel_writes() {
        for day in ["1900-01-01", "2022-11-03", "2199-12-31", "0001-02-03"] {
            let day: NaiveDate = day.parse().unwrap();
            assert_eq!(day_text(day), day.format("%F").to_string());
        }
        for fraction in ["", ".1", ".12", ".123", ".000001", ".123456", ".000000789"] {
            let instant: NaiveDateTime = format!("2022-11-03T04:05:06{fraction}").parse().unwrap();
            assert_eq!(
                instant_text(instant),
                instant.format("%F %T%.f").to_string()
            );
        }
        assert_eq!(day_text(NaiveDate::MAX), NaiveDate::MAX.to_string());
    }
}
