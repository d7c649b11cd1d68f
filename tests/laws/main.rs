//! The laws that hold of every world, whatever runs in it and whoever chooses: properties over random small programs,
//! under every assumption.
//!
//! The same programs are made up each time. `PROPTEST_RNG_SEED=7` makes up others, and `PROPTEST_CASES=100000` so many
//! of them for each law (the usual number is some multiple of 256, see `times`). It is the
//! minimal program, printed when a law is broken, that is worth keeping.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a law is about some kinds of events, whatever others there are"
)]

#[path = "../support/random_programs.rs"]
mod random_programs;
#[path = "../support/script.rs"]
mod script;

mod case;
mod causality;
mod choices;
mod mailboxes;
mod notes;
mod order;
mod portrait;
mod repetition;
mod snapshots;
mod sweeps;
mod ties;
mod time;
