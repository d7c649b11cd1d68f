//! One run, as a value.

use std::fmt;

use super::property::Failure;
use crate::kernel::Outcome;
use crate::strategy::{Diverged, Schedule, Token};
use crate::trace::Trace;

/// One run: what happened, which choices made it happen, and which claims it breaks.
#[derive(Clone)]
pub struct Run {
    trace: Trace,
    schedule: Schedule,
    digest: u32,
    failures: Vec<Failure>,
    diverged: Option<Diverged>,
}

impl Run {
    pub(super) fn new(
        trace: Trace,
        schedule: Schedule,
        digest: u32,
        failures: Vec<Failure>,
        diverged: Option<Diverged>,
    ) -> Run {
        Run { trace, schedule, digest, failures, diverged }
    }

    /// What an outside observer can tell.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.trace.outcome
    }

    /// What happened.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The choices that made it happen.
    #[must_use]
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// The claims that it breaks, of those it was judged by.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// Where the strategy wanted what was not possible, if it did; the run ends there.
    #[must_use]
    pub fn diverged(&self) -> Option<&Diverged> {
        self.diverged.as_ref()
    }

    /// The run as a word that can be pasted into a test, to be replayed by
    /// [`Simulation::replay`](super::Simulation::replay).
    #[must_use]
    pub fn token(&self) -> Token {
        Token {
            fingerprint: self.trace.fingerprint,
            settings: self.trace.settings,
            schedule: self.schedule.clone(),
            digest: self.digest,
        }
    }
}

/// Short, and with the token: this is what a failing property test prints.
impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("program", &self.trace.program)
            .field("token", &format_args!("{}", self.token()))
            .field("steps", &self.schedule.len())
            .field("context_switches", &self.schedule.context_switches())
            .field("outcome", &format_args!("{}", self.outcome()))
            .finish_non_exhaustive()
    }
}

/// The lanes, the broken claims, and the token.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.trace.lanes())?;
        for failure in &self.failures {
            writeln!(f, "Broken: {failure}")?;
        }
        writeln!(f, "Replay: {}", self.token())
    }
}
