//! Chance decides, each of the enabled choices being as likely as any other.

use super::{Dice, Strategy};
use crate::kernel::{Choice, Choices};

/// Picks one of the enabled choices at random, each with the same probability.
#[derive(Clone, Debug)]
pub struct Random {
    seed: u64,
    dice: Dice,
}

impl Random {
    /// The strategy that belongs to a seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random { seed, dice: Dice::new(seed) }
    }
}

impl Strategy for Random {
    #[inline(always)]
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        choices.get(self.dice.below(choices.len()))
    }

    fn describe(&self) -> String {
        format!("random, seed {}", self.seed)
    }
}
