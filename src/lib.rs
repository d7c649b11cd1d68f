//! A deterministic simulator, model checker and teaching sandbox for message-passing processes.
pub mod explore;
pub mod kernel;
pub mod native;
pub mod strategy;
pub mod trace;

pub use explore::{Failure, Healthy, Property, Run, Simulation};
pub use kernel::{Clock, Delivery, Ending, Halt, Limits, Outcome, Pid, Reference, Settings};
pub use native::{Ctx, ExitReason, Incoming, program};
pub use strategy::{Pct, Random, RoundRobin, Schedule, Strategy, Token, Urw};
pub use trace::Trace;
