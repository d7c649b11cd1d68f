//! The laws that hold of every world, whatever runs in it and whoever chooses: properties over random small programs,
//! under every assumption.
//!
//! The same programs are made up each time. `PROPTEST_RNG_SEED=7` makes up others, and `PROPTEST_CASES=100000` more of
//! them (the usual number is 256, and most laws try some multiple of it).

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
