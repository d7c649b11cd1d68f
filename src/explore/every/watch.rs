//! Claims that watch a search.

use super::dependence::Touch;
use crate::kernel::{Event, Process, Sketcher, World};

/// A claim about runs as the search needs it: with a state that is small, and can be written down.
pub(super) trait Watch<P: Process>: Clone {
    /// Sees an event. If the claim takes note of it, returns how: events that are `Adds` to the claim may come in any order.
    fn see(&mut self, event: &Event<'_, P>) -> Option<Touch>;

    /// Writes down what the claim remembers.
    fn sketch(&self, into: &mut Sketcher);

    /// Whether the claim is broken for good.
    fn is_broken(&self) -> bool;

    /// What is wrong with the run up to here: its name and what happened. A run that has not ended is judged too.
    fn judge(&self, world: &World<P>, wrong: &mut dyn FnMut(String, String));
}

/// No claim.
impl<P: Process> Watch<P> for () {
    fn see(&mut self, _event: &Event<'_, P>) -> Option<Touch> {
        None
    }

    fn sketch(&self, _into: &mut Sketcher) {}

    fn is_broken(&self) -> bool {
        false
    }

    fn judge(&self, _world: &World<P>, _wrong: &mut dyn FnMut(String, String)) {}
}
