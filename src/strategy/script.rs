//! Choices as plain numbers, for generators that know nothing of worlds.

use super::Strategy;
use crate::kernel::{Choice, Choices};

/// Makes the choices that a list of numbers stands for, whatever the world: each number that is not 0 picks one of
/// the choices by its rank, counted round and round; 0, and the end of the list, mean to go on with the process that acted
/// last, or if it cannot, with the first choice in the canonical order. So any list is a schedule, smaller numbers are
/// simpler ones, and a list of zeros has the fewest context switches.
#[derive(Clone, Debug)]
pub struct Script {
    picks: Vec<u32>,
    next: usize,
    last: Option<Choice>,
}

impl Script {
    /// Makes these choices.
    #[must_use]
    pub fn new(picks: Vec<u32>) -> Script {
        Script { picks, next: 0, last: None }
    }
}

impl Strategy for Script {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        let pick = if choices.len() > 1 {
            let pick = self.picks.get(self.next).copied().unwrap_or(0);
            self.next += 1;
            pick
        } else {
            0
        };
        let choice = match pick.checked_sub(1) {
            Some(rank) => choices.get(u64::from(rank) % choices.len().max(1)),
            None => self.last.filter(|&last| choices.contains(last)).or_else(|| choices.get(0)),
        }?;
        self.last = Some(choice);
        Some(choice)
    }

    fn describe(&self) -> String {
        "script".to_owned()
    }
}
