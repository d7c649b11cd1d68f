//! A deterministic simulator for message-passing processes.
//!
//! Processes follow the rules of the BEAM; a seeded, single-threaded scheduler decides what happens next. A run is
//! a value that can be replayed, made small, drawn, and compared.
//!
//! - Write a program: [`program`], [`Ctx`].
//! - Run it: [`Simulation::run`] under a [`Strategy`], [`Simulation::sweep`] over many seeds.
//! - Judge it: [`Property`], [`explore::outcome`], [`Healthy`].
//! - Understand a failure: [`Simulation::shrink`], [`Trace::lanes`], [`Run::token`] and [`Simulation::replay`].
//!
//! The modules are layers: [`kernel`] (what can happen), [`strategy`] (who chooses), [`trace`] (what happened), [`native`] (programs in Rust),
//! [`explore`] (many orderings).

pub mod elixir;
pub mod explore;
pub mod kernel;
pub mod native;
pub mod scenario;
pub mod strategy;
pub mod trace;

pub use explore::{Failure, Healthy, Property, Run, Simulation, check};
pub use kernel::{Clock, Delivery, Ending, Halt, Limits, Outcome, Pid, Reference, Settings};
pub use native::{Ctx, ExitReason, Incoming, program};
pub use strategy::{Pct, Random, RoundRobin, Schedule, Strategy, Token, Urw};
pub use trace::Trace;

/// The examples of README.md are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
