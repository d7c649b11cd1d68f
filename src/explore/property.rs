//! Claims about runs.

use crate::kernel::{Ending, Event, Observer, Outcome, Process, World};

/// A claim that a run does not keep.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Failure {
    /// The name of the claim. Two runs fail in the same way if they break the same claim.
    pub property: String,
    /// What this run does instead.
    pub detail: String,
}

impl Failure {
    /// The claim of this name is broken, in this way.
    pub fn new(property: impl Into<String>, detail: impl Into<String>) -> Failure {
        Failure { property: property.into(), detail: detail.into() }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.property, self.detail)
    }
}

/// A claim about runs. A fresh one watches each run, event by event, and judges it at its end.
pub trait Property<P: Process>: Observer<P> {
    /// Judges a run that has come to its end, adding what it breaks.
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>);

    /// Whether the claim is broken for good, however the run goes on. A claim that is settled early has shorter
    /// counterexamples.
    fn is_broken(&self) -> bool {
        false
    }
}

/// No claim at all.
impl<P: Process> Property<P> for () {
    fn judge(&self, _world: &World<P>, _failures: &mut Vec<Failure>) {}
}

/// Both claims.
impl<P: Process, A: Property<P>, B: Property<P>> Property<P> for (A, B) {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        self.0.judge(world, failures);
        self.1.judge(world, failures);
    }

    fn is_broken(&self) -> bool {
        self.0.is_broken() || self.1.is_broken()
    }
}

/// Nothing goes wrong by itself: no process crashes, the main process does not wait for what can never come, and no
/// bound cuts the run off. The names of the claims are `no crash`, `no deadlock` and `within bounds`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Healthy;

impl<P: Process> Observer<P> for Healthy {
    fn observe(&mut self, _event: &Event<'_, P>) {}
}

impl<P: Process> Property<P> for Healthy {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        for (pid, _, report) in world.crashes() {
            failures.push(Failure::new("no crash", format!("{pid} crashed: {report}")));
        }
        match world.ending() {
            Some(Ending::Deadlock) => {
                let stuck: Vec<String> = world.stuck().iter().map(ToString::to_string).collect();
                failures.push(Failure::new("no deadlock", stuck.join("\n")));
            }
            Some(Ending::Bounded(bound)) => {
                failures.push(Failure::new("within bounds", format!("the run was cut off by {bound}")));
            }
            Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle) | None => {}
        }
    }
}

/// A claim about what an outside observer can tell. Made by [`outcome`].
#[derive(Clone, Debug)]
pub struct OutcomeProperty<F> {
    name: &'static str,
    check: F,
}

/// A claim about what an outside observer can tell of a run: `check` returns what is wrong with it.
pub fn outcome<F>(name: &'static str, check: F) -> OutcomeProperty<F>
where
    F: Fn(&Outcome) -> Result<(), String>,
{
    OutcomeProperty { name, check }
}

impl<P: Process, F> Observer<P> for OutcomeProperty<F> {
    fn observe(&mut self, _event: &Event<'_, P>) {}
}

impl<P: Process, F: Fn(&Outcome) -> Result<(), String>> Property<P> for OutcomeProperty<F> {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        if let Err(detail) = (self.check)(&world.outcome()) {
            failures.push(Failure::new(self.name, detail));
        }
    }
}
