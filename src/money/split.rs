//! Parts a sum so that the parts add up again.

use std::cmp::Reverse;

use super::{MoneyError, Won};

/// One part while it is being found: its place, the whole won of it, and what was cut off.
struct Part {
    place: usize,
    won: i128,
    cut: i128,
}

/// Splits `total` in proportion to `weights`, to the won, by the largest remainder.
///
/// Each part is rounded down first; the won left over go one each to the parts that lost most,
/// and of equals to the earlier. So the same input always gives the same parts, their sum is
/// `total` exactly, and a weight of nothing gets nothing. Cost: one sort of the weights.
///
/// # Errors
/// [`MoneyError::NoWeights`] where the weights add up to nothing.
pub fn split(total: Won, weights: &[u64]) -> Result<Vec<Won>, MoneyError> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if whole == 0 {
        return Err(MoneyError::NoWeights);
    }
    let mut parts = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        // An i64 times a u64 stays below 2^127.
        let share = i128::from(total.get())
            .checked_mul(i128::from(*weight))
            .ok_or(MoneyError::Overflow)?;
        let won = share.checked_div_euclid(whole);
        let cut = share.checked_rem_euclid(whole);
        let (won, cut) = won.zip(cut).ok_or(MoneyError::Overflow)?;
        parts.push(Part { place, won, cut });
    }
    hand_out_the_rest(total, &mut parts);
    parts
        .into_iter()
        .map(|part| i64::try_from(part.won).map(Won::new))
        .collect::<Result<_, _>>()
        .map_err(|_too_wide| MoneyError::Overflow)
}

/// Gives the won that rounding left over to the parts that lost most, and keeps the order.
fn hand_out_the_rest(total: Won, parts: &mut [Part]) {
    let given: i128 = parts.iter().map(|part| part.won).sum();
    let rest = i128::from(total.get()).saturating_sub(given);
    let rest = usize::try_from(rest).unwrap_or(0);
    parts.sort_by_key(|part| (Reverse(part.cut), part.place));
    for part in parts.iter_mut().take(rest) {
        part.won = part.won.saturating_add(1);
    }
    parts.sort_by_key(|part| part.place);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(total: i64, weights: &[u64]) -> Vec<i64> {
        let parts = split(Won::new(total), weights).unwrap();
        parts.into_iter().map(Won::get).collect()
    }

    #[test]
    fn the_won_left_over_go_to_the_largest_remainders() {
        assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(parts(10, &[3, 3, 4]), [3, 3, 4]);
        assert_eq!(parts(11, &[1, 5, 5]), [1, 5, 5]);
        assert_eq!(parts(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(parts(7, &[10, 0, 25]), [2, 0, 5]);
        assert_eq!(parts(-100, &[1, 1, 1]), [-33, -33, -34]);
        assert_eq!(parts(0, &[1, 2]), [0, 0]);
    }

    #[test]
    fn weights_that_add_up_to_nothing_are_refused() {
        assert_eq!(split(Won::new(1), &[]), Err(MoneyError::NoWeights));
        assert_eq!(split(Won::new(1), &[0, 0]), Err(MoneyError::NoWeights));
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_whole(
            total in any::<i64>(),
            weights in prop::collection::vec(any::<u64>(), 1..40),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = split(Won::new(total), &weights).unwrap();
            prop_assert_eq!(parts.len(), weights.len());
            prop_assert_eq!(Won::sum(parts), Ok(Won::new(total)));
        }

        #[test]
        fn no_part_is_a_whole_won_off_its_share(
            total in -1_000_000_i64..1_000_000,
            weights in prop::collection::vec(0_u64..1_000, 1..40),
        ) {
            let whole: u64 = weights.iter().sum();
            prop_assume!(whole > 0);
            for (part, weight) in split(Won::new(total), &weights).unwrap().iter().zip(&weights) {
                let off = i128::from(part.get()) * i128::from(whole)
                    - i128::from(total) * i128::from(*weight);
                prop_assert!(off.abs() < i128::from(whole));
            }
        }
    }
}
