//! Decorators: strategies around another strategy.

use super::{Schedule, Strategy};
use crate::kernel::{Choice, Choices, Pid};

/// Records what another strategy chooses.
#[derive(Clone, Debug)]
pub struct Recording<S> {
    inner: S,
    schedule: Schedule,
}

impl<S: Strategy> Recording<S> {
    /// Records this strategy.
    pub fn new(inner: S) -> Recording<S> {
        Recording { inner, schedule: Schedule::default() }
    }

    /// What has been chosen up to now.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// What was chosen, and the strategy that chose it.
    pub fn finish(self) -> (Schedule, S) {
        (self.schedule, self.inner)
    }
}

impl<S: Strategy> Strategy for Recording<S> {
    #[inline(always)]
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        let choice = self.inner.choose(choices)?;
        self.schedule.push(choice);
        Some(choice)
    }

    fn spawned(&mut self, parent: Pid, child: Pid) {
        self.inner.spawned(parent, child);
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }
}
