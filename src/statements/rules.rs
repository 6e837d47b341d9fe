//! What may be stated, and when it may be undone. Pure.

use chrono::NaiveDate;

use super::error::StatementError;
use super::model::{Buyers, BuyersBasis, Declared, Figures, Statement, StatementBasis};
use crate::calendar::Period;
use crate::money::{Amount, Weight};
use crate::payouts::rules::value_date;
use crate::refusal::{FieldFault, Refusal};

/// Statements that one program may have at a time: weekly ones for 38 years.
pub const MAX_LIVE: usize = 2_000;

/// A number of buyers as the caller wrote it.
pub type BuyersAsked = (Option<i64>, Option<BuyersBasis>);

/// Makes sure that the statement tells something, of days that are over, and who its buyers are.
///
/// # Errors
/// Every wrong field.
pub fn told(
    basis: StatementBasis,
    period: Period,
    figures: Figures,
    buyers: BuyersAsked,
    today: NaiveDate,
) -> Result<Figures, Refusal> {
    let mut faults = Vec::new();
    if period.end() > today {
        faults.push(FieldFault::new("/period/end", "in_the_future"));
    }
    let told = Figures {
        buyers: buyers_of(basis, buyers).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        }),
        ..figures
    };
    if told == Figures::default() && buyers == (None, None) {
        faults.push(FieldFault::new("", "figure_required"));
    }
    if faults.is_empty() {
        Ok(told)
    } else {
        Err(Refusal::Fields(faults))
    }
}

/// Distinct people to date belong to a cumulative statement, those of a period to one of a period.
fn buyers_of(basis: StatementBasis, asked: BuyersAsked) -> Result<Option<Buyers>, FieldFault> {
    let fault = |code| FieldFault::new("/buyers_basis", code);
    match asked {
        (None, None) => Ok(None),
        (Some(_), None) => Err(FieldFault::new("/buyers_basis", "missing")),
        (None, Some(_)) => Err(fault("only_with_buyers")),
        (Some(_), Some(BuyersBasis::UniqueToDate)) if basis == StatementBasis::InPeriod => {
            Err(fault("not_of_this_basis").with("basis", basis))
        }
        (Some(_), Some(BuyersBasis::UniqueInPeriod)) if basis == StatementBasis::Cumulative => {
            Err(fault("not_of_this_basis").with("basis", basis))
        }
        (Some(count), Some(basis)) => Ok(Some(Buyers { count, basis })),
    }
}

/// Whether two statements of one program cannot both stand: of a period, when they share a day;
/// cumulative, unless they begin on one day and end on two.
#[must_use]
pub fn collide(a: &Declared, b: &Declared) -> bool {
    let (first, second) = (a.period, b.period);
    a.basis == b.basis
        && match a.basis {
            StatementBasis::InPeriod => {
                first.start() <= second.end() && second.start() <= first.end()
            }
            StatementBasis::Cumulative => {
                first.start() != second.start() || first.end() == second.end()
            }
        }
}

/// Makes sure that a new statement may stand beside the live ones.
///
/// # Errors
/// [`StatementError`].
pub fn fits(live: &[Declared], new: &Declared) -> Result<(), StatementError> {
    if live.len() >= MAX_LIVE {
        return Err(StatementError::TooMany);
    }
    if let Some(other) = live.iter().find(|other| collide(other, new)) {
        return Err(StatementError::Overlaps(Box::new(other.clone())));
    }
    match fall(live, new) {
        Some(fall) if new.reason.is_none() => Err(StatementError::FallNeedsReason(fall)),
        _ => Ok(()),
    }
}

/// A cumulative figure that is lower later than it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// Which.
    pub figure: &'static str,
    /// What it was.
    pub before: String,
    /// What it is then.
    pub after: String,
}

/// A figure by its name. Buyers are compared with buyers that were counted alike.
type Figure = (&'static str, fn(&Figures) -> Option<i64>);

const FIGURES: [Figure; 5] = [
    ("quantity_kg", |figures| figures.quantity.map(Weight::grams)),
    ("amount", |figures| figures.amount.map(Amount::get)),
    ("orders", |figures| figures.orders),
    ("buyers", |figures| {
        counted(figures, BuyersBasis::UniqueToDate)
    }),
    ("buyers", |figures| counted(figures, BuyersBasis::Orders)),
];

fn counted(figures: &Figures, basis: BuyersBasis) -> Option<i64> {
    let buyers = figures.buyers.filter(|buyers| buyers.basis == basis);
    buyers.map(|buyers| buyers.count)
}

/// The first figure that falls where a cumulative statement is put among the others: from the one
/// before to the new one, or from it to the one after. One that does not tell a figure is passed.
fn fall(live: &[Declared], new: &Declared) -> Option<Fall> {
    if new.basis != StatementBasis::Cumulative {
        return None;
    }
    let others = || {
        live.iter()
            .filter(|other| other.basis == StatementBasis::Cumulative)
    };
    FIGURES.into_iter().find_map(|(figure, value)| {
        let told = value(&new.figures)?;
        let telling = || others().filter_map(|o| Some((o.period.end(), value(&o.figures)?)));
        let before = telling().filter(|(end, _)| *end < new.period.end()).max();
        let after = telling().filter(|(end, _)| *end > new.period.end()).min();
        let pairs = [
            before.map(|(_, b)| (b, told)),
            after.map(|(_, a)| (told, a)),
        ];
        let (before, after) = pairs.into_iter().flatten().find(|(b, a)| a < b)?;
        let shown = |value: i64| match figure {
            "quantity_kg" => Weight::from_grams(value).to_string(),
            _ => value.to_string(),
        };
        let (before, after) = (shown(before), shown(after));
        Some(Fall {
            figure,
            before,
            after,
        })
    })
}

/// The day on which a statement stops counting: today by default, never in the future, never
/// before the last day of its period.
///
/// # Errors
/// [`StatementError`] for such a day, and for a statement that was undone already.
pub fn cancelled_on(
    statement: &Statement,
    wanted: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, StatementError> {
    if statement.cancelled.is_some() {
        return Err(StatementError::Cancelled(statement.declared.id.clone()));
    }
    Ok(value_date(wanted, statement.declared.period.end(), today)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RecordId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(start: &str, end: &str) -> Period {
        Period::new(day(start), day(end)).unwrap()
    }

    fn of(basis: StatementBasis, days: (&str, &str), amount: i64) -> Declared {
        Declared {
            id: RecordId::stored("id".into()),
            basis,
            period: period(days.0, days.1),
            figures: Figures {
                amount: Some(Amount::new(amount).unwrap()),
                ..Figures::default()
            },
            reason: None,
        }
    }

    fn cumulative(end: &str, amount: i64) -> Declared {
        of(StatementBasis::Cumulative, ("2021-08-01", end), amount)
    }

    #[test]
    fn statements_of_a_period_share_no_day() {
        let october = of(StatementBasis::InPeriod, ("2022-10-01", "2022-10-31"), 5);
        for (start, end, collides) in [
            ("2022-09-01", "2022-09-30", false),
            ("2022-09-01", "2022-10-01", true),
            ("2022-10-10", "2022-10-10", true),
            ("2022-10-31", "2022-11-30", true),
            ("2022-11-01", "2022-11-01", false),
        ] {
            let other = of(StatementBasis::InPeriod, (start, end), 5);
            assert_eq!(collide(&october, &other), collides, "{start} {end}");
            assert_eq!(collide(&other, &october), collides, "{start} {end}");
        }
        let of_all = of(StatementBasis::Cumulative, ("2022-10-01", "2022-10-31"), 5);
        assert!(
            !collide(&october, &of_all),
            "the bases have nothing in common"
        );
    }

    #[test]
    fn cumulative_statements_begin_on_one_day_and_end_on_days_of_their_own() {
        let known = cumulative("2022-09-30", 5);
        assert!(!collide(&known, &cumulative("2022-10-31", 5)));
        assert!(collide(&known, &cumulative("2022-09-30", 5)));
        let other_start = of(StatementBasis::Cumulative, ("2021-09-01", "2022-10-31"), 5);
        assert!(collide(&known, &other_start));
    }

    #[test]
    fn what_falls_needs_a_reason_also_between_two_others() {
        let live = [cumulative("2022-08-31", 10), cumulative("2022-10-31", 20)];
        let fell = |new: &Declared| match fits(&live, new) {
            Err(StatementError::FallNeedsReason(fall)) => Some((fall.before, fall.after)),
            Ok(()) => None,
            other => panic!("{other:?}"),
        };
        let falls = |before: &str, after: &str| Some((before.to_owned(), after.to_owned()));
        assert_eq!(fell(&cumulative("2022-09-30", 10)), None);
        assert_eq!(fell(&cumulative("2022-09-30", 20)), None);
        assert_eq!(fell(&cumulative("2022-09-30", 9)), falls("10", "9"));
        assert_eq!(fell(&cumulative("2022-09-30", 21)), falls("21", "20"));
        assert_eq!(fell(&cumulative("2022-07-31", 11)), falls("11", "10"));
        let explained = Declared {
            reason: Some("returns".into()),
            ..cumulative("2022-09-30", 9)
        };
        assert_eq!(fell(&explained), None);
    }

    #[test]
    fn a_figure_is_compared_with_the_last_that_was_told() {
        let silent = Declared {
            figures: Figures {
                orders: Some(3),
                ..Figures::default()
            },
            ..cumulative("2022-09-30", 1)
        };
        let live = [cumulative("2022-08-31", 10), silent];
        let refused = fits(&live, &cumulative("2022-10-31", 9));
        assert!(matches!(refused, Err(StatementError::FallNeedsReason(_))));
    }

    #[test]
    fn distinct_people_are_told_of_days_that_fit() {
        use BuyersBasis::{Orders, UniqueInPeriod, UniqueToDate};
        let code = |basis, asked| buyers_of(basis, asked).err().map(|fault| fault.code);
        for (basis, asked, expected) in [
            (StatementBasis::Cumulative, (None, None), None),
            (
                StatementBasis::Cumulative,
                (Some(3), Some(UniqueToDate)),
                None,
            ),
            (
                StatementBasis::InPeriod,
                (Some(3), Some(UniqueInPeriod)),
                None,
            ),
            (StatementBasis::InPeriod, (Some(3), Some(Orders)), None),
            (StatementBasis::Cumulative, (Some(3), None), Some("missing")),
            (
                StatementBasis::Cumulative,
                (None, Some(Orders)),
                Some("only_with_buyers"),
            ),
            (
                StatementBasis::InPeriod,
                (Some(3), Some(UniqueToDate)),
                Some("not_of_this_basis"),
            ),
            (
                StatementBasis::Cumulative,
                (Some(3), Some(UniqueInPeriod)),
                Some("not_of_this_basis"),
            ),
        ] {
            assert_eq!(code(basis, asked), expected, "{basis} {asked:?}");
        }
    }
}
