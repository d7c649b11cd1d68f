//! Finds programs that are not deterministic in themselves.
//!
//! A program that reads a clock, shares memory or iterates over a `HashMap` may do different things under the same
//! schedule. This decorator notes what was possible at each step of one run, replays the same choices in a
//! second run, and compares.

use std::fmt;

use super::{Schedule, Strategy};
use crate::kernel::{Choice, Choices, Pid};

/// What was possible at a step, the first time and the second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step, counted from 0.
    pub step: u64,
    /// What was possible the first time.
    pub first: Vec<Choice>,
    /// What was possible the second time.
    pub second: Vec<Choice>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the same choices led to different worlds: before step {}, it was possible the first time that {}; the second \
             time that {}",
            self.step,
            list(&self.first),
            list(&self.second)
        )
    }
}

fn list(choices: &[Choice]) -> String {
    if choices.is_empty() {
        return "nothing happens".to_owned();
    }
    choices.iter().map(ToString::to_string).collect::<Vec<_>>().join(", or ")
}

/// Runs another strategy once, and what it chose a second time, comparing what is possible at each step.
///
/// Drive a first world with it, call [`again`](Deterministic::again), drive a second one, and
/// [`finish`](Deterministic::finish). The first run may have as many steps as memory holds.
#[derive(Clone, Debug)]
pub struct Deterministic<S> {
    inner: S,
    /// At each step of the first run, and also where it was left, if it was.
    possible: Vec<Vec<Choice>>,
    schedule: Schedule,
    /// How far the second run has come.
    second: Option<usize>,
    difference: Option<Difference>,
}

impl<S: Strategy> Deterministic<S> {
    /// Watches over this strategy.
    pub fn new(inner: S) -> Deterministic<S> {
        Deterministic {
            inner,
            possible: Vec::new(),
            schedule: Schedule::default(),
            second: None,
            difference: None,
        }
    }

    /// Begins the second run.
    pub fn again(&mut self) {
        self.second = Some(0);
    }

    /// The first difference that has shown up to now.
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// The first difference, when both runs are over: it is also one if the second has ended sooner.
    pub fn finish(self) -> Option<Difference> {
        let Deterministic { mut possible, second, difference, .. } = self;
        difference.or_else(|| {
            let at = second.filter(|&at| at < possible.len())?;
            Some(Difference { step: at as u64, first: possible.swap_remove(at), second: Vec::new() })
        })
    }

    /// What was chosen in the first run.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }
}

impl<S: Strategy> Strategy for Deterministic<S> {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        // Numbers to be drawn are told apart by how many there are, not by listing them.
        let possible: Vec<Choice> = match choices.get(0) {
            Some(Choice::Draw(_)) => vec![Choice::Draw(choices.len() - 1)],
            Some(_) | None => choices.iter().collect(),
        };
        let Some(at) = self.second else {
            self.possible.push(possible);
            let choice = self.inner.choose(choices)?;
            self.schedule.push(choice);
            return Some(choice);
        };
        let first = self.possible.get(at).cloned().unwrap_or_default();
        if first != possible {
            self.difference = Some(Difference { step: at as u64, first, second: possible });
            return None;
        }
        self.second = Some(at + 1);
        self.schedule.choices().get(at).copied()
    }

    fn spawned(&mut self, parent: Pid, child: Pid) {
        if self.second.is_none() {
            self.inner.spawned(parent, child);
        }
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }
}
