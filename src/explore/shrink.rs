//! From any failing schedule to a small one that still fails in the same way.
//!
//! Small means: the fewest context switches, among those the fewest steps, and then the lowest drawn numbers. Of two
//! that are equal in all this, the one whose switches come later is taken for the smaller: it is no better for people, but
//! from there a further step down is more often in sight.
//!
//! A schedule is taken as a list of blocks, each a number of steps in a row by the same actor. One change is tried after
//! another (a block is left out, made shorter or as long as it can get, put beside another of the same actor, or exchanged with
//! its neighbour; the rest of the schedule is left to the rule of going on with the same process), the program is run as
//! far as the changed list makes sense, and what really happened then is kept if it still fails and is smaller. This goes on
//! until no change makes it smaller: the result is locally minimal. The method is that of delta debugging (Zeller,
//! Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", 2002) with the moves that matter for schedules.

use super::property::{Failure, Property};
use super::run::Run;
use super::simulation::{Simulation, judged};
use crate::kernel::{Choice, Choices, Event, Observer, Pid, Process, Program};
use crate::strategy::{Recording, Replay, Schedule, Strategy, drive};

/// What came of shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The small run. It fails in the same way as the one that was given.
    pub run: Run,
    /// How it fails.
    pub failure: Failure,
    /// How many schedules were tried.
    pub tried: u64,
    /// Whether no change that was known made it smaller; otherwise the effort ran out before.
    pub minimal: bool,
}

/// At the most so many schedules are tried, unless told otherwise.
pub const SHRINK_EFFORT: u64 = 200_000;

impl<G: Program> Simulation<G> {
    /// Makes a failing schedule as small as it gets, by [`SHRINK_EFFORT`] trials at the most. Nothing if the schedule does
    /// not break the claim.
    pub fn shrink<Q, C>(&self, schedule: &Schedule, property: Q) -> Option<Shrunk>
    where
        Q: Fn() -> C,
        C: Property<G::Process>,
    {
        self.shrink_with_effort(schedule, property, SHRINK_EFFORT)
    }

    /// As [`shrink`](Simulation::shrink), by so many trials at the most.
    pub fn shrink_with_effort<Q, C>(&self, schedule: &Schedule, property: Q, effort: u64) -> Option<Shrunk>
    where
        Q: Fn() -> C,
        C: Property<G::Process>,
    {
        let mut shrinker =
            Shrinker { simulation: self, property, wanted: None, tried: 0, effort: effort.max(1) };
        let (failure, mut best) = shrinker.attempt(schedule.choices())?;
        shrinker.wanted = Some(failure.property.clone());
        let minimal = shrinker.minimize(&mut best);
        let tried = shrinker.tried;
        let run = self.run_with(Replay::new(best), (shrinker.property)());
        let failure = run.failures().iter().find(|known| known.property == failure.property)?.clone();
        Some(Shrunk { run, failure, tried, minimal })
    }
}

/// What is to be small, the most important first.
fn size(schedule: &Schedule) -> (usize, usize, u64, usize) {
    let drawn = schedule.choices().iter().map(|choice| match choice {
        Choice::Draw(value) => *value,
        Choice::Run(_) | Choice::Deliver { .. } | Choice::Fire(_) => 0,
    });
    // How many steps come after each switch.
    let blocks = blocks(schedule);
    let mut after = schedule.len();
    let mut earliness = 0;
    for block in &blocks[..blocks.len().saturating_sub(1)] {
        after -= block.len();
        earliness += after;
    }
    (schedule.context_switches(), schedule.len(), drawn.fold(0, u64::saturating_add), earliness)
}

struct Shrinker<'s, G, Q> {
    simulation: &'s Simulation<G>,
    property: Q,
    /// The claim that must be broken; any, at first.
    wanted: Option<String>,
    tried: u64,
    effort: u64,
}

impl<G, Q, C> Shrinker<'_, G, Q>
where
    G: Program,
    Q: Fn() -> C,
    C: Property<G::Process>,
{
    /// Runs the program along a list of choices. Returns how it fails, if it does, and what was really chosen.
    fn attempt(&mut self, choices: &[Choice]) -> Option<(Failure, Schedule)> {
        self.tried += 1;
        let mut world = self.simulation.world();
        let mut watch = Verdict { property: (self.property)(), broken_at: None };
        let mut strategy = Recording::new(Guided::new(choices));
        // It only chooses what is possible.
        let _ended = drive(&mut world, &mut strategy, &mut watch);
        let failure = judged(&world, &watch.property)
            .into_iter()
            .find(|failure| self.wanted.as_ref().is_none_or(|wanted| *wanted == failure.property))?;
        let (schedule, _) = strategy.finish();
        // A claim that was broken for good before the end needs no more of the run than that.
        let enough = watch.broken_at.map_or(schedule.len(), |step| step as usize + 1);
        Some((failure, schedule.choices().iter().copied().take(enough).collect()))
    }

    /// Tries a list of choices, and keeps what comes of it if that is better.
    fn improve(&mut self, best: &mut Schedule, choices: &[Choice]) -> bool {
        if self.tried >= self.effort {
            return false;
        }
        match self.attempt(choices) {
            Some((_, found)) if size(&found) < size(best) => {
                *best = found;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Returns whether nothing more could be done.
    fn minimize(&mut self, best: &mut Schedule) -> bool {
        while self.tried < self.effort {
            let improved = self.drop_blocks(best)
                || self.join_blocks(best)
                || self.exchange_blocks(best)
                || self.move_blocks(best)
                || self.stretch_blocks(best)
                || self.shorten_blocks(best)
                || self.lower_numbers(best);
            if !improved {
                return self.tried < self.effort;
            }
        }
        false
    }

    /// Leaves out runs of blocks: half of them, a quarter, and so on down to single ones.
    fn drop_blocks(&mut self, best: &mut Schedule) -> bool {
        let mut improved = false;
        let mut width = blocks(best).len().div_ceil(2);
        while width > 0 {
            let mut at = 0;
            while at < blocks(best).len() {
                let mut kept = blocks(best);
                kept.drain(at..(at + width).min(kept.len()));
                if self.improve(best, &kept.concat()) {
                    improved = true;
                } else {
                    at += width;
                }
            }
            width /= 2;
        }
        // And everything from some block on: the rule decides.
        let mut at = 0;
        while at < blocks(best).len() {
            improved |= self.improve(best, &blocks(best)[..at].concat());
            at += 1;
        }
        improved
    }

    /// Puts a block beside another one of the same actor.
    fn join_blocks(&mut self, best: &mut Schedule) -> bool {
        let list = blocks(best);
        for first in 0..list.len() {
            for second in first + 1..list.len() {
                if list[first].first() != list[second].first() {
                    continue;
                }
                let mut earlier = list.clone();
                let block = earlier.remove(second);
                earlier.insert(first + 1, block);
                let mut later = list.clone();
                let block = later.remove(first);
                later.insert(second - 1, block);
                if self.improve(best, &earlier.concat()) || self.improve(best, &later.concat()) {
                    return true;
                }
            }
        }
        false
    }

    /// Exchanges neighbours.
    fn exchange_blocks(&mut self, best: &mut Schedule) -> bool {
        let list = blocks(best);
        for at in 1..list.len() {
            let mut exchanged = list.clone();
            exchanged.swap(at - 1, at);
            if self.improve(best, &exchanged.concat()) {
                return true;
            }
        }
        false
    }

    /// Puts a block anywhere else.
    fn move_blocks(&mut self, best: &mut Schedule) -> bool {
        let list = blocks(best);
        for from in 0..list.len() {
            for to in 0..list.len() {
                if to == from || to + 1 == from {
                    continue;
                }
                let mut moved = list.clone();
                let block = moved.remove(from);
                moved.insert(to, block);
                if self.improve(best, &moved.concat()) {
                    return true;
                }
            }
        }
        false
    }

    /// Makes blocks shorter by a step, and lets the same actor have the step later.
    fn shorten_blocks(&mut self, best: &mut Schedule) -> bool {
        let list = blocks(best);
        for at in 0..list.len() {
            let mut shorter = list.clone();
            // A number goes with the step that asks for it.
            let asks = shorter[at].iter().rposition(|choice| !matches!(choice, Choice::Draw(_)));
            let last = shorter[at].split_off(asks.unwrap_or(0));
            if self.improve(best, &shorter.concat()) {
                return true;
            }
            if at + 1 < shorter.len() {
                shorter.insert(at + 2, last);
                if self.improve(best, &shorter.concat()) {
                    return true;
                }
            }
        }
        false
    }

    /// Lets an actor go on for as long as it can.
    fn stretch_blocks(&mut self, best: &mut Schedule) -> bool {
        let list = blocks(best);
        for at in 0..list.len() {
            let later = list[at + 1..].iter().filter(|block| block.first() == list[at].first());
            let more: Vec<Choice> = later.flatten().copied().collect();
            if more.is_empty() {
                continue;
            }
            let stretched =
                [&list[..=at].concat(), &more, &list[at + 1..].concat()].map(Vec::as_slice).concat();
            if self.improve(best, &stretched) {
                return true;
            }
        }
        false
    }

    /// Draws smaller numbers: one, or two by the same amount.
    fn lower_numbers(&mut self, best: &mut Schedule) -> bool {
        let draws: Vec<(usize, u64)> = best
            .choices()
            .iter()
            .enumerate()
            .filter_map(|(at, choice)| match choice {
                Choice::Draw(value) => Some((at, *value)),
                Choice::Run(_) | Choice::Deliver { .. } | Choice::Fire(_) => None,
            })
            .collect();
        let mut lower = |best: &mut Schedule, which: &[(usize, u64)], by: u64| {
            let mut lowered = best.choices().to_vec();
            for &(at, value) in which {
                lowered[at] = Choice::Draw(value - by);
            }
            self.improve(best, &lowered)
        };
        for (first, one) in draws.iter().enumerate() {
            if amounts(one.1).any(|by| lower(best, &[*one], by)) {
                return true;
            }
            for other in &draws[first + 1..] {
                if amounts(one.1.min(other.1)).any(|by| lower(best, &[*one, *other], by)) {
                    return true;
                }
            }
        }
        false
    }
}

/// By how much a number is made smaller: small ones by any amount, large ones by powers of two; the most first.
fn amounts(value: u64) -> impl Iterator<Item = u64> {
    const SMALL: u64 = 16;
    let powers =
        (0..u64::BITS).rev().map(|bit| 1_u64 << bit).filter(move |&power| value > SMALL && power < value);
    let small = (1..value).rev().filter(move |_| value <= SMALL);
    (value > 0).then_some(value).into_iter().chain(powers).chain(small)
}

/// A schedule as blocks of the same actor. A drawn number stays with the process that draws it.
fn blocks(schedule: &Schedule) -> Vec<Vec<Choice>> {
    let mut blocks: Vec<Vec<Choice>> = Vec::new();
    let mut actor = None;
    for &choice in schedule.choices() {
        match (choice, blocks.last_mut()) {
            (Choice::Draw(_), Some(block)) => block.push(choice),
            (_, Some(block)) if actor == Some(choice) => block.push(choice),
            _ => {
                actor = Some(choice);
                blocks.push(vec![choice]);
            }
        }
    }
    blocks
}

/// Follows a list of choices as far as they are possible, leaving out the others. After the last it goes on with the
/// process that acted last, or else with the first choice in the canonical order.
struct Guided<'c> {
    choices: std::slice::Iter<'c, Choice>,
    last: Option<Choice>,
}

impl<'c> Guided<'c> {
    fn new(choices: &'c [Choice]) -> Guided<'c> {
        Guided { choices: choices.iter(), last: None }
    }
}

impl Strategy for Guided<'_> {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        if let Some(Choice::Draw(lowest)) = choices.get(0) {
            // The number that was drawn here, if one was.
            if let Some(&wanted @ Choice::Draw(_)) = self.choices.as_slice().first() {
                self.choices.next();
                if choices.contains(wanted) {
                    return Some(wanted);
                }
            }
            return Some(Choice::Draw(lowest));
        }
        let choice = self
            .choices
            .by_ref()
            .copied()
            .find(|&choice| choices.contains(choice))
            .or_else(|| self.last.filter(|&last| choices.contains(last)))
            .or_else(|| choices.get(0))?;
        self.last = Some(choice);
        Some(choice)
    }

    fn spawned(&mut self, _parent: Pid, _child: Pid) {}

    fn describe(&self) -> String {
        "guided".to_owned()
    }
}

/// Notes when a claim is broken for good.
struct Verdict<C> {
    property: C,
    broken_at: Option<u64>,
}

impl<P: Process, C: Property<P>> Observer<P> for Verdict<C> {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.property.observe(event);
        if self.broken_at.is_none() && self.property.is_broken() {
            self.broken_at = Some(event.step);
        }
    }
}
