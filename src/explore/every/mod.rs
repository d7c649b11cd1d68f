//! Every ordering: all that can come out of a program, proven.

mod canonical;
mod dependence;
mod explain;
mod explorer;
mod facts;
mod graph;
mod odds;
mod orderings;
mod parts;
mod question;
mod races;
mod usual;
mod watch;

pub use explain::{Decision, Explanation};
pub use odds::{Chance, Odds};
pub use question::{Bounds, Counts, Reason, Reductions};
pub use usual::{AtTheEnd, NoEarlyExit};
pub use watch::{Note, Watch};

#[doc(hidden)]
pub use dependence::BLINDNESSES;

use std::collections::{BTreeMap, BTreeSet};

use canonical::Canon;
use explorer::{Explorer, Found, Maker};
use question::{Question, Stop};
use races::Crossing;
use usual::USUAL;

use super::property::Property;
use super::simulation::Simulation;
use crate::kernel::{Choice, Ending, NotEnabled, Outcome, Process, Program, Sketched, World};
use crate::strategy::{Random, Schedule, drive};

/// Tells apart what an outside observer can tell apart: two worlds have the same number if each process wrote the same, the same
/// crashed for the same reason, and they ended alike, whatever the pids. With `order_of_output` the order of what different
/// processes wrote counts too.
#[must_use]
pub fn outcome_key<P: Sketched>(world: &World<P>, order_of_output: bool) -> u128 {
    Canon::default().outcome(world, order_of_output)
}

/// Makes these choices one after another, as far as they are possible.
fn apply_all<'c, P: Process>(
    world: &mut World<P>,
    choices: impl IntoIterator<Item = &'c Choice>,
) -> Result<(), NotEnabled> {
    choices.into_iter().try_for_each(|&choice| world.apply(choice, &mut ()))
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

/// States that are visited at the most to explain a run.
const EXPLAINING: u64 = 400_000;

/// So many runs are held against what a search has found, where worlds cannot be looked into.
const SPOT_CHECKS: u64 = 300;

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

/// Two steps of which either may come first. Made by [`Every::races`].
#[derive(Clone, Debug)]
pub struct Race {
    /// The two orders.
    pub orders: [Order; 2],
    /// In how many states the two were met.
    pub places: u64,
}

impl Race {
    /// Whether it makes a difference to what comes out which of the two comes first.
    #[must_use]
    pub fn is_harmful(&self) -> bool {
        self.orders.iter().any(|order| order.only.is_some())
    }
}

/// One order of the two steps of a race.
#[derive(Clone, Debug)]
pub struct Order {
    /// What leads to the race, and then the step that comes first here. The other one follows, if the first leaves it room.
    pub schedule: Schedule,
    /// Something that can come out after this order, but not after the other one.
    pub only: Option<Possible>,
}

/// All races of a program.
#[derive(Clone, Debug)]
pub struct Races {
    /// The races, the earliest first. Those at the same two places of the program are one.
    pub races: Vec<Race>,
    /// Why not every ordering was covered; nothing if every one was. Otherwise there may be more races, and what
    /// seems harmless may be not.
    pub cut: Option<Reason>,
    /// How far the search went.
    pub counts: Counts,
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

impl<G: Program<Process: Sketched>> Simulation<G> {
    /// Covers every ordering of the program.
    pub fn every_ordering(&self) -> Every<'_, G> {
        Every {
            simulation: self,
            reductions: Reductions::safe::<G::Process>(),
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
        orderings::count(
            || self.simulation.program().world_to_compare(*self.simulation.settings()),
            most_steps,
        )
    }

    /// As if some dependencies between steps were not known: for tests of the tests, which have to notice. There are
    /// [`BLINDNESSES`] of them.
    #[doc(hidden)]
    #[must_use]
    pub fn blind(mut self, to: usize) -> Self {
        self.blind = Some(to);
        self
    }

    /// All that can come out, and what goes wrong by itself: `no crash`, `no deadlock`, `no early exit`.
    /// `progress` is called now and then, and says whether to go on.
    pub fn explore(&self, progress: impl FnMut(&Counts) -> bool) -> Everything {
        let mut found = self.search(&self.question(USUAL, Stop::Never), progress);
        if !G::Process::COPIED && found.cut.is_none() && !self.is_confirmed(&found) {
            found.cut = Some(Reason::Nondeterministic);
        }
        Everything::new(found)
    }

    /// Covers every ordering until one is found that breaks a claim.
    pub fn watched<W: Watch<G::Process>>(
        &self,
        watch: W,
        progress: impl FnMut(&Counts) -> bool,
    ) -> Everything {
        Everything::new(self.search(&self.question(watch, Stop::FirstWrong), progress))
    }

    /// How likely all is that can come out and go wrong, if chance decides as [`Random`](crate::strategy::Random) does. It is exact if there are
    /// not more than so many states, and no circles that are too large; otherwise so many runs are counted, those with the seeds from 0 on.
    pub fn odds<W: Watch<G::Process> + Property<G::Process>>(
        &self,
        watch: W,
        states: u64,
        runs: u64,
        progress: impl FnMut(&Counts) -> bool,
    ) -> Odds {
        let mut question = self.question(watch, Stop::Never);
        question.reductions.partial_order = false;
        question.bounds.states = states;
        let found = self.search(&question, progress);
        let exact = if found.cut.is_none() { odds::exact(&found.graph) } else { None };
        exact.unwrap_or_else(|| self.counted(&question.watch, runs))
    }

    /// Whether nothing else comes out of a few runs. What processes know of each other behind the back of the world could
    /// make a difference that the search does not see.
    fn is_confirmed(&self, found: &Found) -> bool {
        let program = self.simulation.program();
        let mut world = self.simulation.world();
        let mut canon = Canon::default();
        (0..SPOT_CHECKS).all(|seed| {
            program.rewind(&mut world);
            // Chance chooses only what is possible.
            let _ended = drive(&mut world, &mut Random::new(seed), &mut ());
            match world.ending() {
                None | Some(Ending::Bounded(_)) => true,
                Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle | Ending::Deadlock) => {
                    found.outcomes.contains_key(&canon.outcome(&world, self.order_of_output))
                }
            }
        })
    }

    fn counted<W: Property<G::Process> + Clone>(&self, watch: &W, runs: u64) -> Odds {
        let program = self.simulation.program();
        let mut world = self.simulation.world();
        let mut canon = Canon::default();
        let (mut outcomes, mut wrong, mut endless) = (BTreeMap::new(), BTreeMap::new(), 0_u64);
        for seed in 0..runs {
            program.rewind(&mut world);
            let mut watch = watch.clone();
            // Chance chooses only what is possible.
            let _ended = drive(&mut world, &mut Random::new(seed), &mut watch);
            let mut failures = Vec::new();
            match world.ending() {
                None | Some(Ending::Bounded(_)) => endless += 1,
                Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle | Ending::Deadlock) => {
                    *outcomes.entry(canon.outcome(&world, self.order_of_output)).or_insert(0) += 1;
                    watch.judge(&world, &mut failures);
                }
            }
            let names: BTreeSet<String> = failures.into_iter().map(|failure| failure.property).collect();
            for name in names {
                *wrong.entry(name).or_insert(0) += 1;
            }
        }
        let chance = |hits| Chance::Counted { hits, runs };
        Odds {
            outcomes: outcomes.into_iter().map(|(key, hits)| (key, chance(hits))).collect(),
            wrong: wrong.into_iter().map(|(name, hits)| (name, chance(hits))).collect(),
            endless: (endless > 0).then(|| chance(endless)),
        }
    }

    /// All races: steps of different processes that touch the same thing, of which either may come first.
    pub fn races(&self, mut progress: impl FnMut(&Counts) -> bool) -> Races {
        let mut question = self.question((), Stop::Never);
        question.races = true;
        let found = self.search(&question, &mut progress);
        question.races = false;
        let mut races = Vec::new();
        for Crossing { prefix, sides, only, places } in found.crossings {
            let orders = [0, 1].map(|first: usize| {
                let mut choices = prefix.clone();
                choices.push(sides[first]);
                if self.is_possible(&choices, sides[1 - first]) {
                    choices.push(sides[1 - first]);
                }
                let only = only[first].first().and_then(|key| {
                    question.prefix = choices.clone();
                    let after = self.search(&question, &mut progress);
                    let shown = after.outcomes.get(key)?.clone();
                    Some(Possible { key: *key, outcome: shown.what, schedule: Schedule::from(shown.choices) })
                });
                choices.truncate(prefix.len() + 1);
                Order { schedule: Schedule::from(choices), only }
            });
            races.push(Race { orders, places });
        }
        Races { races, cut: found.cut, counts: found.counts }
    }

    /// Why a run breaks a claim: where it was decided, and what should have come first.
    pub fn explain<W: Watch<G::Process>>(
        &self,
        schedule: &Schedule,
        watch: W,
        mut progress: impl FnMut(&Counts) -> bool,
    ) -> Explanation {
        let choices = schedule.choices();
        let mut question = self.question(watch, Stop::FirstRight);
        // A run that goes on after these choices and keeps the claim, if there is one.
        let mut effort = EXPLAINING.min(self.bounds.states);
        let mut right = |prefix: Vec<Choice>| {
            question.prefix = prefix;
            question.bounds.states = effort;
            let found = self.search(&question, &mut progress);
            effort = effort.saturating_sub(found.counts.states);
            let endless = || !found.graph.circles(|_| true).is_empty();
            match found.right {
                Some(right) => Some(Some(right)),
                None if found.cut.is_some() || endless() => None,
                None => Some(None),
            }
        };
        let to = |at: usize| choices.get(..at).unwrap_or_default().to_vec();
        let (first, last) = (right(Vec::new()), right(choices.to_vec()));
        match (first, last) {
            (Some(None), _) => return Explanation::Always,
            (Some(Some(_)), Some(None)) => {}
            _ => return Explanation::Unknown,
        }
        let decide = |right: &mut dyn FnMut(Vec<Choice>) -> Option<Option<Vec<Choice>>>| {
            let fatal =
                explain::last_that_holds(choices.len(), |at| right(to(at)).map(|found| found.is_some()))?;
            let step = *choices.get(fatal)?;
            let kept = right(to(fatal))??;
            // How far the other run has to go until the fatal step does no harm.
            for so_far in fatal + 1..kept.len() {
                let mut prefix = kept.get(..so_far)?.to_vec();
                if prefix.last() == Some(&step) || !self.is_possible(&prefix, step) {
                    continue;
                }
                prefix.push(step);
                match right(prefix) {
                    Some(Some(kept)) => return Some((fatal, kept, Some(so_far))),
                    Some(None) => {}
                    // What is known by now is worth telling.
                    None => break,
                }
            }
            Some((fatal, kept, None))
        };
        let Some((fatal, kept, then)) = decide(&mut right) else { return Explanation::Unknown };
        let before = then.and_then(|then| {
            let steps = self.explorer(&question).footprints(kept.get(..=then)?)?;
            let (step, others) = steps.split_last()?;
            let before = explain::in_the_way(step, others.get(fatal..)?);
            Some(before.into_iter().map(|at| at + fatal).collect())
        });
        Explanation::Decided(Decision {
            fatal,
            kept: Schedule::from(kept),
            before: before.unwrap_or_default(),
            then,
        })
    }

    /// Whether a choice is possible after these.
    fn is_possible(&self, choices: &[Choice], next: Choice) -> bool {
        let mut world = self.simulation.world();
        apply_all(&mut world, choices).is_ok() && world.ending().is_none() && world.choices().contains(next)
    }

    fn question<W>(&self, watch: W, stop: Stop) -> Question<W> {
        Question {
            watch,
            reductions: self.reductions,
            bounds: self.bounds,
            order_of_output: self.order_of_output,
            blind: self.blind,
            stop,
            prefix: Vec::new(),
            races: false,
        }
    }

    fn search<W: Watch<G::Process>>(
        &self,
        question: &Question<W>,
        progress: impl FnMut(&Counts) -> bool,
    ) -> Found {
        self.explorer(question).search(progress)
    }

    fn explorer<'q, W: Watch<G::Process>>(
        &'q self,
        question: &'q Question<W>,
    ) -> Explorer<'q, G::Process, W> {
        let program = self.simulation.program();
        // The depth of a run is bounded by the search, not by the world: a run may go round in circles.
        let mut settings = *self.simulation.settings();
        settings.limits.steps = u64::MAX;
        let fresh = move || program.world_to_compare(settings);
        let renewed = move |world: &World<G::Process>| {
            let mut world = G::Process::another(world, &mut || fresh());
            program.rewind(&mut world);
            world
        };
        Explorer::new(Maker { fresh: Box::new(fresh), renewed: Box::new(renewed) }, question)
    }
}

impl Everything {
    fn new(found: Found) -> Everything {
        let outcomes = found.outcomes.into_iter().map(|(key, shown)| Possible {
            key,
            outcome: shown.what,
            schedule: Schedule::from(shown.choices),
        });
        let wrong = found.broken.into_iter().map(|(property, shown)| Wrong {
            property,
            detail: shown.what,
            schedule: Schedule::from(shown.choices),
        });
        Everything {
            cut: found.cut,
            outcomes: outcomes.collect(),
            wrong: wrong.collect(),
            counts: found.counts,
        }
    }
}
