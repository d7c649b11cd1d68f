//! What was recorded, again.

use super::{Schedule, Strategy};
use crate::kernel::{Choice, Choices};

/// Makes the choices of a schedule, in order, and leaves the run when there are no more. A choice that is not
/// possible ends the run with a [`Diverged`](super::Diverged).
#[derive(Clone, Debug)]
pub struct Replay {
    schedule: Schedule,
    next: usize,
}

impl Replay {
    /// Replays this schedule.
    #[must_use]
    pub fn new(schedule: Schedule) -> Replay {
        Replay { schedule, next: 0 }
    }

    /// How many choices have not been made.
    #[must_use]
    pub fn left(&self) -> usize {
        self.schedule.len() - self.next
    }
}

impl Strategy for Replay {
    fn choose(&mut self, _choices: &Choices<'_>) -> Option<Choice> {
        let choice = self.schedule.choices().get(self.next).copied()?;
        self.next += 1;
        Some(choice)
    }

    fn describe(&self) -> String {
        "replay".to_owned()
    }
}
