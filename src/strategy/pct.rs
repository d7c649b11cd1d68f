//! Probabilistic concurrency testing.
//!
//! Every process gets a random priority when it is first seen, and the one with the highest acts, always, but for
//! `depth - 1` moments, chosen at random beforehand, at which the one that would act falls to the lowest priority. A
//! bug that needs `d` ordering constraints is found with probability at least 1/(n·kᵈ⁻¹) for n processes
//! and k steps (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic Guarantees of
//! Finding Bugs", 2010). Here a pair of processes with signals on the way, and the timers that a process has started,
//! have priorities of their own.

use std::collections::BTreeMap;

use super::{Dice, Strategy};
use crate::kernel::{Choice, Choices};

/// Probabilistic concurrency testing (Burckhardt et al., 2010): random priorities, and few, well-placed changes of them.
///
/// A bug that needs `depth` ordering constraints is found with probability at least 1/(n·kᵈ⁻¹) for n processes and k
/// steps.
#[derive(Clone, Debug)]
pub struct Pct {
    seed: u64,
    depth: u32,
    dice: Dice,
    /// The higher, the sooner. Those that fell are below all others, each lower than the one before.
    priorities: BTreeMap<Choice, i128>,
    /// The moments of change, the latest first.
    changes: Vec<u64>,
    fallen: i128,
    step: u64,
}

impl Pct {
    /// The strategy that belongs to a seed, for bugs of this depth in runs of about `steps` steps.
    #[must_use]
    pub fn new(seed: u64, depth: u32, steps: u64) -> Pct {
        let mut dice = Dice::new(seed);
        let mut changes: Vec<u64> = (1..depth).map(|_| dice.below(steps)).collect();
        changes.sort_unstable_by(|a, b| b.cmp(a));
        Pct { seed, depth, dice, priorities: BTreeMap::new(), changes, fallen: 0, step: 0 }
    }
}

impl Strategy for Pct {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        if let Some(Choice::Draw(_)) = choices.get(0) {
            return choices.get(self.dice.below(choices.len()));
        }
        loop {
            let mut best: Option<(i128, Choice)> = None;
            for choice in choices.iter() {
                let dice = &mut self.dice;
                let priority =
                    *self.priorities.entry(choice).or_insert_with(|| i128::from(dice.below(u64::MAX)) + 1);
                if best.is_none_or(|(highest, _)| priority > highest) {
                    best = Some((priority, choice));
                }
            }
            let (_, choice) = best?;
            if self.changes.last() != Some(&self.step) {
                self.step += 1;
                return Some(choice);
            }
            self.changes.pop();
            self.fallen -= 1;
            self.priorities.insert(choice, self.fallen);
        }
    }

    fn describe(&self) -> String {
        format!("PCT of depth {}, seed {}", self.depth, self.seed)
    }
}
