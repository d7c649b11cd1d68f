//! What a search is asked, and when it is given up.

use crate::kernel::{Bound, Choice, Sketched};

/// What reductions are used. All of them are, unless somebody wants to see what they are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reductions {
    /// Orderings of independent steps are visited once.
    pub partial_order: bool,
    /// States that differ only in pids and references are visited once.
    pub symmetry: bool,
}

impl Default for Reductions {
    fn default() -> Reductions {
        Reductions { partial_order: true, symmetry: true }
    }
}

impl Reductions {
    /// All that ask for no promise: whoever cannot be seen to look into pids may do so.
    #[must_use]
    pub fn safe<P: Sketched>() -> Reductions {
        Reductions { partial_order: true, symmetry: P::NOTICES_LOOKS }
    }
}

/// When the search is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// States that are kept at the most.
    pub states: u64,
    /// Steps on the way to a state at the most.
    pub depth: u64,
}

impl Default for Bounds {
    /// Ten million states, a million steps.
    fn default() -> Bounds {
        Bounds { states: 10_000_000, depth: 1_000_000 }
    }
}

/// Why not every ordering was covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There are more states than may be kept.
    States(u64),
    /// There are longer runs than may be followed.
    Depth(u64),
    /// A limit of the world ended runs.
    Limit(Bound),
    /// The program is not deterministic in itself.
    Nondeterministic,
    /// Whoever asked wanted no more.
    Stopped,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::States(most) => write!(f, "there are more than {most} states"),
            Reason::Depth(most) => write!(f, "there are runs of more than {most} steps"),
            Reason::Limit(bound) => write!(f, "some runs were cut off by {bound}"),
            Reason::Nondeterministic => f.write_str(
                "the program is not deterministic in itself: what was done again led to something else (does it read a clock, share memory, \
                 iterate over a HashMap, or break the promise of a checkpoint?)",
            ),
            Reason::Stopped => f.write_str("it was stopped"),
        }
    }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// States that were kept.
    pub states: u64,
    /// Steps that were made.
    pub steps: u64,
    /// Steps of the longest way to a state.
    pub depth: u64,
    /// States that are still to be visited.
    pub open: u64,
    /// Worlds that look the same and were held against each other.
    pub(super) compared: u64,
    /// How often the search began again, since it had seen something new.
    pub restarts: u64,
}

/// When a search is over before all is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Never.
    Never,
    /// When something is broken for the first time.
    FirstWrong,
    /// When a run is found that breaks nothing.
    FirstRight,
}

/// What a search is about.
pub(super) struct Question<W> {
    pub(super) watch: W,
    pub(super) reductions: Reductions,
    pub(super) bounds: Bounds,
    /// Whether the order of the lines of different processes counts.
    pub(super) order_of_output: bool,
    /// What dependencies are overlooked.
    pub(super) blind: Option<usize>,
    pub(super) stop: Stop,
    /// What has been chosen before the search begins.
    pub(super) prefix: Vec<Choice>,
    /// Whether both orders are followed of any two steps that get in each other's way.
    pub(super) races: bool,
}
