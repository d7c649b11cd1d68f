//! Chance, from a seed that is always explicit.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A source of random numbers: ChaCha8, the same for the same seed on every platform.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The numbers that belong to a seed.
    #[must_use]
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 up to, but not including, `below`, each with the same probability. 0 if `below` is 0.
    ///
    /// By multiplication, with a second draw where the first would favour some numbers (Lemire, "Fast Random Integer
    /// Generation in an Interval", 2019).
    #[inline(always)]
    pub fn below(&mut self, below: u64) -> u64 {
        match u32::try_from(below) {
            Ok(0 | 1) => 0,
            Ok(below) => {
                let mut product = u64::from(self.0.next_u32()) * u64::from(below);
                if (product as u32) < below {
                    let threshold = below.wrapping_neg() % below;
                    while (product as u32) < threshold {
                        product = u64::from(self.0.next_u32()) * u64::from(below);
                    }
                }
                product >> 32
            }
            Err(_) => self.far_below(below),
        }
    }

    /// As `below`, for a bound of more than 32 bits.
    #[inline(never)]
    fn far_below(&mut self, below: u64) -> u64 {
        let mut product = u128::from(self.0.next_u64()) * u128::from(below);
        if (product as u64) < below {
            let threshold = below.wrapping_neg() % below;
            while (product as u64) < threshold {
                product = u128::from(self.0.next_u64()) * u128::from(below);
            }
        }
        (product >> 64) as u64
    }
}

/// A seed drawn from the operating system, for those who have none. Print it: it is the only way back.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place where a seed comes from outside")]
pub fn fresh_seed() -> u64 {
    // Small enough to be typed.
    u64::from(rand::random::<u32>())
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn equal_seeds_give_equal_numbers() {
        let roll = |seed| {
            let mut dice = Dice::new(seed);
            [dice.below(6), dice.below(1_000), dice.below(u64::MAX), dice.below(1), dice.below(0)]
        };
        assert_eq!(roll(7), roll(7));
        assert_ne!(roll(7), roll(8));
        // The numbers themselves are part of what "the same seed" promises.
        assert_eq!(roll(7), [0, 157, 3_098_856_782_162_503_993, 0, 0]);
    }

    #[test]
    fn every_number_is_as_likely_as_any_other() {
        let mut dice = Dice::new(1);
        let mut counts = [0_u32; 3];
        for _ in 0..30_000 {
            counts[dice.below(3) as usize] += 1;
        }
        // The standard deviation is 82: five of them.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 410), "{counts:?}");
    }

    #[test]
    fn large_ranges_are_covered_to_their_end() {
        let mut dice = Dice::new(2);
        let below = (1 << 63) + 1;
        let numbers: Vec<u64> = (0..1_000).map(|_| dice.below(below)).collect();
        assert!(numbers.iter().all(|&number| number < below));
        assert!(numbers.iter().any(|&number| number > below / 2));
    }
}
