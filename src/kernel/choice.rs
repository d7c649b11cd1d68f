//! What may happen next.
//!
//! The canonical order of choices: where a number is being drawn, its values in ascending order, and nothing else;
//! otherwise first the processes that can act, by pid; then the deliveries, by receiver and then by sender; then the
//! timers that may fire, by the process that started them.

use std::fmt;

use rpds::RedBlackTreeSet;
use serde::{Deserialize, Serialize};

use super::id::Pid;
use super::rank::{RankSet, Tally};

/// One thing that may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// This process performs its pending action.
    Run(Pid),
    /// The oldest signal on its way from one process to another is delivered.
    Deliver {
        /// Who sent it.
        from: Pid,
        /// Who gets it.
        to: Pid,
    },
    /// The next timer that this process has started fires: one that sends, or the end of its patience in a receive.
    Fire(Pid),
    /// This number is drawn.
    Draw(u64),
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Run(pid) => write!(f, "{pid} acts"),
            Choice::Deliver { from, to } => write!(f, "the signal from {from} to {to} is delivered"),
            Choice::Fire(pid) => write!(f, "the timer of {pid} fires"),
            Choice::Draw(value) => write!(f, "{value} is drawn"),
        }
    }
}

/// The pairs of processes that have signals on the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    pairs: RedBlackTreeSet<(Pid, Pid)>,
    by_receiver: Tally,
}

impl Routes {
    pub(super) fn insert(&mut self, from: Pid, to: Pid) {
        if !self.pairs.contains(&(to, from)) {
            self.pairs.insert_mut((to, from));
            self.by_receiver.increment(to.index());
        }
    }

    pub(super) fn remove(&mut self, from: Pid, to: Pid) {
        if self.pairs.remove_mut(&(to, from)) {
            self.by_receiver.decrement(to.index());
        }
    }

    fn len(&self) -> u64 {
        self.by_receiver.total()
    }

    fn select(&self, rank: u64) -> Option<Choice> {
        let (receiver, unit) = self.by_receiver.select(rank)?;
        let first = (Pid::from_number(receiver as u32), Pid::SYSTEM);
        let &(to, from) = self.pairs.range(first..).nth(unit as usize)?;
        Some(Choice::Deliver { from, to })
    }

    fn rank(&self, from: Pid, to: Pid) -> Option<u64> {
        self.pairs.contains(&(to, from)).then(|| {
            let senders = self.pairs.range((to, Pid::SYSTEM)..(to, from)).count();
            self.by_receiver.before(to.index()) + senders as u64
        })
    }
}

/// All that may happen next, in canonical order. A view of a world; nothing is listed until it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'w> {
    pub(super) draw: Option<u64>,
    pub(super) runnable: &'w RankSet,
    pub(super) routes: &'w Routes,
    pub(super) timers: Option<&'w RankSet>,
}

impl<'w> Choices<'w> {
    /// How many there are.
    #[must_use]
    #[inline(always)]
    pub fn len(&self) -> u64 {
        match self.draw {
            Some(below) => below,
            None => self.runnable.len() + self.routes.len() + self.timers.map_or(0, RankSet::len),
        }
    }

    /// Whether nothing can happen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one with this rank in the canonical order, counted from 0.
    #[must_use]
    #[inline(always)]
    pub fn get(&self, rank: u64) -> Option<Choice> {
        let Choices { draw, runnable, routes, timers } = *self;
        if draw.is_none() && rank < runnable.len() {
            return runnable.select(rank).map(|pid| Choice::Run(Pid::from_number(pid as u32)));
        }
        Choices::get_other(draw, runnable, routes, timers, rank)
    }

    /// As `get`, for choices that are not the action of a process. It takes the parts, so that a view of which nothing
    /// else is asked need not exist.
    #[inline(never)]
    fn get_other(
        draw: Option<u64>,
        runnable: &RankSet,
        routes: &Routes,
        timers: Option<&RankSet>,
        rank: u64,
    ) -> Option<Choice> {
        if let Some(below) = draw {
            return (rank < below).then_some(Choice::Draw(rank));
        }
        let rank = rank.checked_sub(runnable.len())?;
        if rank < routes.len() {
            return routes.select(rank);
        }
        let owner = timers?.select(rank - routes.len())?;
        Some(Choice::Fire(Pid::from_number(owner as u32)))
    }

    /// The rank of a choice in the canonical order, if it is enabled.
    #[must_use]
    pub fn rank(&self, choice: Choice) -> Option<u64> {
        match (choice, self.draw) {
            (Choice::Draw(value), Some(below)) => (value < below).then_some(value),
            (Choice::Draw(_), None)
            | (Choice::Run(_) | Choice::Deliver { .. } | Choice::Fire(_), Some(_)) => None,
            (Choice::Run(pid), None) => {
                self.runnable.contains(pid.index()).then(|| self.runnable.rank(pid.index()))
            }
            (Choice::Deliver { from, to }, None) => {
                self.routes.rank(from, to).map(|rank| self.runnable.len() + rank)
            }
            (Choice::Fire(owner), None) => {
                let timers = self.timers.filter(|timers| timers.contains(owner.index()))?;
                Some(self.runnable.len() + self.routes.len() + timers.rank(owner.index()))
            }
        }
    }

    /// Whether a choice is enabled.
    #[must_use]
    #[inline]
    pub fn contains(&self, choice: Choice) -> bool {
        match (choice, self.draw) {
            (Choice::Run(pid), None) => self.runnable.contains(pid.index()),
            (Choice::Draw(_) | Choice::Run(_) | Choice::Deliver { .. } | Choice::Fire(_), _) => {
                self.rank(choice).is_some()
            }
        }
    }

    /// All of them, in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = Choice> + use<'w> {
        let choices = *self;
        (0..self.len()).map_while(move |rank| choices.get(rank))
    }

    /// The first process at `pid` or after it that can act, if any can.
    #[must_use]
    pub fn next_process(&self, pid: Pid) -> Option<Pid> {
        if self.draw.is_some() {
            return None;
        }
        self.runnable.first_from(pid.index()).map(|pid| Pid::from_number(pid as u32))
    }
}
