//! Which sums together tell what happened in a run of days, and reading them.
//!
//! Every kind of sum is kept for ever, by month and by day. A run of days is read as its whole
//! months and the days of the partial months at its ends.

use chrono::NaiveDate;

use crate::calendar::Month;
use crate::db::DbError;
use crate::ledger::{Span, Until};

/// The sums of one span that start on a day of a run, both its ends included.
pub type Piece = (Span, (NaiveDate, NaiveDate));

/// The first day that an entry may have.
#[must_use]
pub fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default()
}

/// The sums that tell what stood at the end of `as_of`, when today is `today`: one or two pieces.
#[must_use]
pub fn standing(as_of: NaiveDate, today: NaiveDate) -> Vec<Piece> {
    match Until::end_of(as_of, today) {
        Until::Now => {
            let ever = Span::Ever.starts_on(as_of);
            vec![(Span::Ever, (ever, ever))]
        }
        Until::Day { day, .. } => between(earliest(), day),
    }
}

/// As [`standing`], but told apart by month.
#[must_use]
pub fn by_month(as_of: NaiveDate, today: NaiveDate) -> Vec<Piece> {
    match Until::end_of(as_of, today) {
        Until::Now => vec![(Span::Month, (earliest(), as_of))],
        Until::Day { day, .. } => between(earliest(), day),
    }
}

/// The sums of the days `from..=to`: at most three pieces, none where `to` comes first.
#[must_use]
pub fn between(from: NaiveDate, to: NaiveDate) -> Vec<Piece> {
    let whole_from = if Month::of(from).first_day() == from {
        from
    } else {
        Month::of(from).next().first_day()
    };
    let whole_end = if Month::of(to).last_day() == to {
        Month::of(to).next().first_day()
    } else {
        Month::of(to).first_day()
    };
    let pieces = if whole_from < whole_end {
        vec![
            (Span::Day, (from, before(whole_from))),
            (Span::Month, (whole_from, before(whole_end))),
            (Span::Day, (whole_end, to)),
        ]
    } else {
        vec![(Span::Day, (from, to))]
    };
    pieces
        .into_iter()
        .filter(|(_, (first, last))| first <= last)
        .collect()
}

/// The day before.
#[must_use]
pub fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// Reads every piece by one statement each.
///
/// # Errors
/// That of the first statement that failed.
pub fn read<T>(
    pieces: &[Piece],
    mut statement: impl FnMut(Span, (NaiveDate, NaiveDate)) -> Result<Vec<T>, DbError>,
) -> Result<Vec<T>, DbError> {
    let mut rows = Vec::new();
    for (span, days) in pieces {
        rows.extend(statement(*span, *days)?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn pieces(from: &str, to: &str) -> Vec<(Span, String, String)> {
        let pieces = between(day(from), day(to)).into_iter();
        pieces
            .map(|(span, (a, b))| (span, a.to_string(), b.to_string()))
            .collect()
    }

    #[test]
    fn a_past_day_is_the_months_before_its_own_and_the_days_of_its_own() {
        let first = earliest().to_string();
        assert_eq!(
            pieces("1900-01-01", "2022-11-03"),
            [
                (Span::Month, first, "2022-10-31".into()),
                (Span::Day, "2022-11-01".into(), "2022-11-03".into()),
            ]
        );
    }

    #[test]
    fn a_run_within_one_month_is_read_by_day() {
        let run = (Span::Day, "2022-02-02".into(), "2022-02-28".into());
        assert_eq!(pieces("2022-02-02", "2022-02-28"), [run]);
        assert_eq!(pieces("2022-02-28", "2022-02-02"), []);
    }

    #[test]
    fn today_is_read_from_the_sums_for_ever() {
        let today = day("2022-11-03");
        let ever = Span::Ever.starts_on(today);
        assert_eq!(standing(today, today), [(Span::Ever, (ever, ever))]);
        assert_eq!(by_month(today, today), [(Span::Month, (earliest(), today))]);
    }

    proptest! {
        #[test]
        fn every_day_of_a_run_lies_in_exactly_one_piece(
            start in 0_u64..800, length in 0_u64..400, offset in 0_u64..400
        ) {
            let from = day("2021-01-01") + chrono::Days::new(start);
            let to = from + chrono::Days::new(length);
            let tested = day("2021-01-01") + chrono::Days::new(start + offset);
            let inside = between(from, to)
                .into_iter()
                .filter(|(span, (first, last))| {
                    let starts_on = span.starts_on(tested);
                    *first <= starts_on && starts_on <= *last
                })
                .count();
            // A month's sum stands for all its days, so a piece must hold whole months only.
            prop_assert_eq!(inside, usize::from(from <= tested && tested <= to));
        }
    }
}
