//! Many orderings: sweeps over seeds, small counterexamples, property tests.
//!
//! Start reading at [`Simulation`].

mod check;
mod every;
mod property;
#[cfg(feature = "proptest")]
pub mod proptest;
mod run;
mod shrink;
mod simulation;
mod sweep;

pub use check::{Check, Checked, Verdict, check};
pub use every::{
    AtTheEnd, BLINDNESSES, Bounds, Chance, Counts, Decision, Every, Everything, Explanation, NoEarlyExit,
    Note, Odds, Order, Possible, Race, Races, Reason, Reductions, Watch, Wrong, outcome_key,
};
pub use property::{Failure, Healthy, OutcomeProperty, Property, outcome};
pub use run::Run;
pub use shrink::{SHRINK_EFFORT, Shrunk};
pub use simulation::{Nondeterminism, ReplayError, Simulation};
pub use sweep::{Broken, Progress, Report, Seen, Sweep};
