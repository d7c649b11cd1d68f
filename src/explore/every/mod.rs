//! Every ordering: all that can come out of a program, proven.

mod canonical;
mod circles;
mod dependence;
mod explorer;
mod facts;
mod orderings;
mod watch;

pub use explorer::{Bounds, Counts, Reason, Reductions};
pub use watch::{Note, Watch};

#[doc(hidden)]
pub use dependence::BLINDNESSES;

use canonical::Canon;
use explorer::{Explorer, Question};

use super::simulation::Simulation;
use crate::kernel::{Choice, Ending, Outcome, Program, Sketched, World};
use crate::strategy::Schedule;

/// Tells apart what an outside observer can tell apart: two worlds have the same number if each process wrote the same, the same
/// crashed for the same reason, and they ended alike, whatever the pids. With `order_of_output` the order of what different
/// processes wrote counts too.
#[must_use]
pub fn outcome_key<P: Sketched>(world: &World<P>, order_of_output: bool) -> u128 {
    Canon::default().outcome(world, order_of_output)
}

/// One thing that can come out of a program.
#[derive(Clone, Debug)]
pub struct Possible {
    /// Tells it from the others: see [`outcome_key`].
    pub key: u128,
    /// What an observer sees.
    pub outcome: Outcome,
    /// A schedule that leads there.
    pub schedule: Schedule,
}

/// Something that goes wrong in some run.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// The claim that it breaks.
    pub property: String,
    /// What happens.
    pub detail: String,
    /// A schedule that leads there.
    pub schedule: Schedule,
}

/// What covering every ordering has shown.
#[derive(Clone, Debug)]
pub struct Everything {
    /// Why not every ordering was covered; nothing if every one was.
    pub cut: Option<Reason>,
    /// All that can come out.
    pub outcomes: Vec<Possible>,
    /// What can go wrong: one run for each claim that is broken.
    pub wrong: Vec<Wrong>,
    /// How far the search went.
    pub counts: Counts,
}

impl Everything {
    /// Whether every ordering was covered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.cut.is_none()
    }
}

/// A search through every ordering of a program, about to begin. Made by [`Simulation::every_ordering`].
#[derive(Clone, Debug)]
pub struct Every<'s, G> {
    simulation: &'s Simulation<G>,
    reductions: Reductions,
    bounds: Bounds,
    order_of_output: bool,
    blind: Option<usize>,
}

impl<G: Program> Simulation<G> {
    /// Covers every ordering of the program.
    pub fn every_ordering(&self) -> Every<'_, G> {
        Every {
            simulation: self,
            reductions: Reductions::default(),
            bounds: Bounds::default(),
            order_of_output: false,
            blind: None,
        }
    }
}

impl<G> Every<'_, G>
where
    G: Program,
    G::Process: Sketched,
    World<G::Process>: Clone,
{
    /// Uses these reductions, instead of all.
    #[must_use]
    pub fn reductions(mut self, reductions: Reductions) -> Self {
        self.reductions = reductions;
        self
    }

    /// Gives up at these bounds.
    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Lets the order count in which different processes write.
    #[must_use]
    pub fn order_of_output(mut self, counts: bool) -> Self {
        self.order_of_output = counts;
        self
    }

    /// How many orderings there are, if those are one that differ only in the order of independent steps: what stateless checkers
    /// count. Nothing if it takes more than so many steps to count them.
    #[must_use]
    pub fn count_orderings(&self, most_steps: u64) -> Option<u64> {
        orderings::count(&self.simulation.world(), most_steps)
    }

    /// As if some dependencies between steps were not known: for tests of the tests, which have to notice. There are
    /// [`BLINDNESSES`] of them.
    #[doc(hidden)]
    #[must_use]
    pub fn blind(mut self, to: usize) -> Self {
        self.blind = Some(to);
        self
    }

    /// All that can come out, and what goes wrong by itself: `no crash`, `no deadlock`, `no early exit`, `no unread messages`.
    /// `progress` is called now and then, and says whether to go on.
    pub fn explore(&self, progress: impl FnMut(&Counts) -> bool) -> Everything {
        self.search((), true, progress)
    }

    /// Covers every ordering until one is found that breaks a claim.
    pub fn watched<W: Watch<G::Process>>(
        &self,
        watch: W,
        progress: impl FnMut(&Counts) -> bool,
    ) -> Everything {
        self.search(watch, false, progress)
    }

    fn search<W: Watch<G::Process>>(
        &self,
        watch: W,
        all: bool,
        progress: impl FnMut(&Counts) -> bool,
    ) -> Everything {
        let question = Question {
            watch,
            reductions: self.reductions,
            bounds: self.bounds,
            order_of_output: self.order_of_output,
            blind: self.blind,
            early_exit: all,
            stop_at_first: !all,
        };
        let program = self.simulation.program();
        // The depth of a run is bounded by the search, not by the world: a run may go round in circles.
        let mut settings = *self.simulation.settings();
        settings.limits.steps = u64::MAX;
        let first = program.world(settings);
        let renew = |world: &World<G::Process>| {
            let mut world = world.clone();
            program.rewind(&mut world);
            world
        };
        let found = Explorer::new(first, &question).search(renew, progress);
        let schedule = |choices: Vec<Choice>| Schedule::from(choices);
        let mut wrong: Vec<Wrong> = found
            .broken
            .into_iter()
            .map(|(property, (detail, choices))| Wrong { property, detail, schedule: schedule(choices) })
            .collect();
        let mut broken = |property: &str, detail: String, choices: &[Choice]| {
            if !wrong.iter().any(|wrong| wrong.property == property) {
                let schedule = schedule(choices.to_vec());
                wrong.push(Wrong { property: property.to_owned(), detail, schedule });
            }
        };
        let mut outcomes = Vec::new();
        for (key, choices, world) in found.outcomes {
            if let Some((pid, _, report)) = world.crashes().next() {
                broken("no crash", format!("{pid} crashed: {report}"), &choices);
            }
            if world.ending() == Some(Ending::Deadlock) {
                let stuck: Vec<String> = world.stuck().iter().map(ToString::to_string).collect();
                broken("no deadlock", stuck.join("\n"), &choices);
            }
            outcomes.push(Possible { key, outcome: world.outcome(), schedule: schedule(choices) });
        }
        Everything { cut: found.cut, outcomes, wrong, counts: found.counts }
    }
}
