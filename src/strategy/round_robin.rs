//! Everybody in turn.

use super::Strategy;
use crate::kernel::{Choice, Choices, Pid};

/// Picks the choices in turn: after each one, the next in the canonical order, and the first after the last. Where a
/// number is drawn, it is 0.
#[derive(Clone, Debug, Default)]
pub struct RoundRobin {
    last: Option<Choice>,
}

impl RoundRobin {
    /// Begins with the first.
    #[must_use]
    pub fn new() -> RoundRobin {
        RoundRobin::default()
    }
}

/// Where a choice stands in the canonical order.
fn position(choice: Choice) -> (u8, Pid, Pid) {
    match choice {
        Choice::Draw(_) => (0, Pid::SYSTEM, Pid::SYSTEM),
        Choice::Run(pid) => (1, pid, Pid::SYSTEM),
        Choice::Deliver { from, to } => (2, to, from),
        Choice::Fire(owner) => (3, owner, Pid::SYSTEM),
    }
}

impl Strategy for RoundRobin {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        let first = choices.get(0)?;
        if let Choice::Draw(_) = first {
            return Some(first);
        }
        let next = self.last.and_then(|last| {
            let after = if let Choice::Run(pid) = last {
                choices.next_process(Pid::from_number(pid.number().saturating_add(1))).map(Choice::Run)
            } else {
                None
            };
            after.or_else(|| choices.iter().find(|&choice| position(choice) > position(last)))
        });
        let choice = next.unwrap_or(first);
        self.last = Some(choice);
        Some(choice)
    }

    fn describe(&self) -> String {
        "round robin".to_owned()
    }
}
