//! What is claimed of every program.

use super::watch::{Note, Watch};
use crate::explore::property::{Failure, Healthy, Property};
use crate::kernel::{Action, Ending, Event, Halt, Observer, Pid, Process, Sketcher, World};

/// The claim that the world does not halt, with its main process, while another process is about to write something or to crash. Its
/// name is `no early exit`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEarlyExit;

impl<P: Process> Observer<P> for NoEarlyExit {
    fn observe(&mut self, _event: &Event<'_, P>) {}
}

impl<P: Process> Property<P> for NoEarlyExit {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        if world.ending() != Some(Ending::Halted) || world.settings().halt != Halt::WithMain {
            return;
        }
        let late = world.pids().find(|&pid| {
            pid != Pid::MAIN
                && world.is_present(pid)
                && world.pending(pid).is_some_and(|request| {
                    matches!(request.action, Action::Output { .. } | Action::Exit { crash: Some(_), .. })
                })
        });
        if let Some(pid) = late {
            failures.push(Failure::new("no early exit", format!("the world halts before {pid} acts")));
        }
    }
}

/// A claim that remembers nothing of a run: it judges the world at its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct AtTheEnd<Q>(pub Q);

impl<P: Process, Q: Property<P> + Clone> Watch<P> for AtTheEnd<Q> {
    fn see(&mut self, _event: &Event<'_, P>) -> Option<Note> {
        None
    }

    fn sketch(&self, _into: &mut Sketcher) {}

    fn is_broken(&self) -> bool {
        false
    }

    fn judge(&self, world: &World<P>, wrong: &mut dyn FnMut(String, String)) {
        match world.ending() {
            // A run that was cut off shows nothing.
            None | Some(Ending::Bounded(_)) => {}
            Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle | Ending::Deadlock) => {
                let mut failures = Vec::new();
                self.0.judge(world, &mut failures);
                for Failure { property, detail } in failures {
                    wrong(property, detail);
                }
            }
        }
    }
}

/// What is claimed of every program.
pub(super) const USUAL: AtTheEnd<(Healthy, NoEarlyExit)> = AtTheEnd((Healthy, NoEarlyExit));

impl<P: Process, Q: Observer<P>> Observer<P> for AtTheEnd<Q> {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.0.observe(event);
    }
}

impl<P: Process, Q: Property<P>> Property<P> for AtTheEnd<Q> {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        self.0.judge(world, failures);
    }
}
