//! Over how many won a second person has to approve (이중 결재).
//!
//! A record goes by its program, what moves a fund's money by the fund, else by the nearest fund that
//! it is a part of; where these say nothing, and for direct giving, the house's own limit holds. *Above*
//! means more than the limit: what is exactly as much needs one person. Whoever may set a limit may make
//! it stricter alone, but never looser: that takes a [proposal](crate::proposals).

use std::rc::Rc;

use super::model::Settings;
use crate::code::Code;
use crate::desk::{Desk, Stop};
use crate::funds::model::Fund;
use crate::money::Amount;
use crate::programs::model::Program;
use crate::refusal::Refusal;

/// Whether that much needs a second person where the limit is this one.
#[must_use]
pub fn needs_second(amount: Amount, above: Option<Amount>) -> bool {
    above.is_some_and(|above| amount > above)
}

/// Whether a limit that becomes another one lets something through that it did not before.
#[must_use]
pub fn loosens(before: Option<Amount>, after: Option<Amount>) -> bool {
    match (before, after) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => after > before,
    }
}

/// Makes sure that a limit does not become looser by one person's word.
///
/// # Errors
/// `second_person_needed`.
pub fn may_become(before: Option<Amount>, after: Option<Amount>) -> Result<(), Refusal> {
    match before {
        Some(limit) if loosens(before, after) => {
            Err(Refusal::rule("second_person_needed").with("limit", limit))
        }
        _ => Ok(()),
    }
}

/// The settings of the house.
///
/// # Errors
/// [`Stop::Fetch`] until they are in hand.
pub fn settings(desk: &Desk) -> Result<Settings, Stop> {
    let found = desk.settings.find(&())?;
    Ok(found.map_or_else(Settings::default, |found| (*found).clone()))
}

/// The limit of records of a program; of direct giving, where there is none.
///
/// # Errors
/// [`Stop::Fetch`] until it is in hand.
pub fn of_program(desk: &Desk, program: Option<&Program>) -> Result<Option<Amount>, Stop> {
    let house = settings(desk)?.second_approval_above;
    let own = program.and_then(|program| program.second_approval_above);
    Ok(own.or(house))
}

/// The limit of what moves a fund's money.
///
/// # Errors
/// [`Stop::Fetch`] until it is in hand.
pub fn of_fund(desk: &Desk, fund: &Fund) -> Result<Option<Amount>, Stop> {
    match fund.second_approval_above {
        Some(own) => Ok(Some(own)),
        None => inherited(desk, fund.part_of.as_ref()),
    }
}

/// The limit that a fund has where it says nothing itself.
///
/// # Errors
/// [`Stop::Fetch`] until it is in hand.
pub fn inherited(desk: &Desk, part_of: Option<&Code>) -> Result<Option<Amount>, Stop> {
    let house = settings(desk)?.second_approval_above;
    let above: Vec<Rc<Fund>> = match part_of {
        Some(parent) => desk.lineage(parent)?,
        None => Vec::new(),
    };
    let nearest = above.iter().find_map(|fund| fund.second_approval_above);
    Ok(nearest.or(house))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn won(amount: i64) -> Option<Amount> {
        Some(Amount::new(amount).unwrap())
    }

    #[test]
    fn above_is_more_than() {
        let needs = |amount, above| needs_second(Amount::new(amount).unwrap(), above);
        assert!(!needs(99, won(100)));
        assert!(!needs(100, won(100)));
        assert!(needs(101, won(100)));
        assert!(!needs(1_000_000_000_000_000, None));
    }

    #[test]
    fn a_limit_is_made_stricter_alone_and_looser_never() {
        for (before, after, may) in [
            (None, None, true),
            (None, won(5), true),
            (won(5), won(5), true),
            (won(5), won(4), true),
            (won(5), won(6), false),
            (won(5), None, false),
        ] {
            assert_eq!(
                may_become(before, after).is_ok(),
                may,
                "{before:?} {after:?}"
            );
        }
    }
}
