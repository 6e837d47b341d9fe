//! The generator behind every generated figure: the same throws on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Where the throws begin. Another seed gives other figures with the same sums.
const SEED: [u8; 32] = *b"sangsaeng: the founding case  v1";

/// Throws that only look random.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice for one purpose: throws for another do not change with them.
    pub fn new(purpose: u64) -> Self {
        let mut generator = ChaCha8Rng::from_seed(SEED);
        generator.set_stream(purpose);
        Self(generator)
    }

    /// A number below `bound`; 0 where there is none.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// One of these, if there are any.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(from.len()).ok()?;
        from.get(usize::try_from(self.below(count)).ok()?)
    }

    /// Puts these in an order of chance (Fisher and Yates, from the front).
    pub fn shuffle<T>(&mut self, these: &mut [T]) {
        for (place, bound) in (0..these.len()).zip(1..) {
            if let Ok(other) = usize::try_from(self.below(bound)) {
                these.swap(place, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dice_throw_the_same() {
        let throws = |purpose| {
            let mut dice = Dice::new(purpose);
            [(); 3].map(|()| dice.below(1_000))
        };
        assert_eq!(throws(1), [833, 366, 349]);
        assert_ne!(throws(1), throws(2));
    }

    #[test]
    fn shuffling_loses_nothing_and_reaches_every_place() {
        let mut cards: Vec<u32> = (0..1_000).collect();
        Dice::new(1).shuffle(&mut cards);
        let stayed = (0..)
            .zip(&cards)
            .filter(|(place, card)| place == *card)
            .count();
        assert!(stayed < 10, "{stayed}");
        cards.sort_unstable();
        assert_eq!(cards, (0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn of_nothing_nothing_is_picked() {
        assert_eq!(Dice::new(1).pick::<u8>(&[]), None);
        assert_eq!(Dice::new(1).below(0), 0);
    }
}
