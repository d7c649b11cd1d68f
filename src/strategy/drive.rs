//! A strategy drives a world.

use std::fmt;

use super::Strategy;
use crate::kernel::{Choice, Event, Happening, Observer, Process, World};

/// At the most so many possible choices are listed; there may be a million.
const LISTED: usize = 12;

/// A strategy wanted what was not possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The step, counted from 0.
    pub step: u64,
    /// What it wanted; nothing if it expected the end.
    pub expected: Option<Choice>,
    /// What was possible: the first few, in canonical order.
    pub possible: Vec<Choice>,
    /// How much was possible altogether.
    pub possible_count: u64,
}

impl Diverged {
    /// The divergence of a world from what was expected of it.
    pub fn here<P: Process>(world: &World<P>, expected: Option<Choice>) -> Diverged {
        let choices = world.choices();
        Diverged {
            step: world.steps(),
            expected,
            possible: choices.iter().take(LISTED).collect(),
            possible_count: choices.len(),
        }
    }
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at step {}, ", self.step)?;
        match self.expected {
            Some(expected) => write!(f, "it was expected that {expected}")?,
            None => f.write_str("the end was expected")?,
        }
        if self.possible.is_empty() {
            return f.write_str(", but the run was over");
        }
        let listed = self.possible.iter().map(ToString::to_string).collect::<Vec<_>>().join(", or ");
        write!(f, ", but it was only possible that {listed}")?;
        match self.possible_count - self.possible.len() as u64 {
            0 => Ok(()),
            more => write!(f, ", or {more} more"),
        }
    }
}

impl std::error::Error for Diverged {}

/// Tells the strategy and the observer.
struct Ear<'a, S: ?Sized, O: ?Sized> {
    strategy: &'a mut S,
    observer: &'a mut O,
}

impl<P, S, O> Observer<P> for Ear<'_, S, O>
where
    P: Process,
    S: Strategy + ?Sized,
    O: Observer<P> + ?Sized,
{
    #[inline]
    fn observe(&mut self, event: &Event<'_, P>) {
        if let Happening::Spawned { child, .. } = event.happening {
            self.strategy.spawned(event.process, child);
        }
        self.observer.observe(event);
    }
}

/// Lets a strategy drive a world until it ends, or until the strategy leaves it.
///
/// # Errors
/// [`Diverged`] if the strategy wants what is not possible; the world stands where that was.
pub fn drive<P, S, O>(world: &mut World<P>, strategy: &mut S, observer: &mut O) -> Result<(), Diverged>
where
    P: Process,
    S: Strategy + ?Sized,
    O: Observer<P> + ?Sized,
{
    while world.ending().is_none() {
        let Some(choice) = strategy.choose(&world.choices()) else { break };
        let mut ear = Ear { strategy: &mut *strategy, observer: &mut *observer };
        if world.apply(choice, &mut ear).is_err() {
            return Err(Diverged::here(world, Some(choice)));
        }
    }
    Ok(())
}
