//! Claims that watch a search.

/// How a claim takes note of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// It counts that it has happened, not in which order it came with the others that the claim takes note of.
    Counted,
    /// Its place among the others counts.
    InOrder,
}

use crate::kernel::{Event, Process, Sketcher, World};

/// A claim about runs as the search needs it: with a state that is small, and can be written down.
pub trait Watch<P: Process>: Clone {
    /// Sees an event. If the claim takes note of it, returns how.
    fn see(&mut self, event: &Event<'_, P>) -> Option<Note>;

    /// Writes down what the claim remembers.
    fn sketch(&self, into: &mut Sketcher);

    /// Whether the claim is broken for good.
    fn is_broken(&self) -> bool;

    /// What is wrong with the run up to here: its name and what happened. A run that has not ended is judged too.
    fn judge(&self, world: &World<P>, wrong: &mut dyn FnMut(String, String));
}

/// No claim.
impl<P: Process> Watch<P> for () {
    fn see(&mut self, _event: &Event<'_, P>) -> Option<Note> {
        None
    }

    fn sketch(&self, _into: &mut Sketcher) {}

    fn is_broken(&self) -> bool {
        false
    }

    fn judge(&self, _world: &World<P>, _wrong: &mut dyn FnMut(String, String)) {}
}
