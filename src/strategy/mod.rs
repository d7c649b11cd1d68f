//! Who chooses what happens next.
//!
//! A [`Strategy`] picks one of the enabled choices of a world; [`drive`] lets it do so until the world ends. Strategies
//! know nothing of the programs that run. Variants are decorators around another strategy.

mod deterministic;
mod dice;
mod drive;
mod manual;
mod pct;
mod random;
mod recording;
mod replay;
mod round_robin;
mod schedule;
mod script;
mod token;
mod urw;

pub use deterministic::{Deterministic, Difference};
pub use dice::{Dice, fresh_seed};
pub use drive::{Diverged, drive};
pub use manual::Manual;
pub use pct::Pct;
pub use random::Random;
pub use recording::Recording;
pub use replay::Replay;
pub use round_robin::RoundRobin;
pub use schedule::Schedule;
pub use script::Script;
pub use token::{Token, TokenError};
pub use urw::{Profile, Urw};

use crate::kernel::{Choice, Choices, Pid};

/// Picks one of the enabled choices, for one run.
pub trait Strategy {
    /// Picks one. There is always at least one. Nothing leaves the run where it is.
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice>;

    /// A process was spawned.
    fn spawned(&mut self, _parent: Pid, _child: Pid) {}

    /// What it is, with its seed, as people read it.
    fn describe(&self) -> String;
}

impl<S: Strategy + ?Sized> Strategy for &mut S {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        (**self).choose(choices)
    }

    fn spawned(&mut self, parent: Pid, child: Pid) {
        (**self).spawned(parent, child);
    }

    fn describe(&self) -> String {
        (**self).describe()
    }
}

impl<S: Strategy + ?Sized> Strategy for Box<S> {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        (**self).choose(choices)
    }

    fn spawned(&mut self, parent: Pid, child: Pid) {
        (**self).spawned(parent, child);
    }

    fn describe(&self) -> String {
        (**self).describe()
    }
}
