//! Every ordering of a small program, one after the other.
//!
//! Depth first: each run begins in a fresh world and repeats the choices of the run before it, up to the last one
//! that has an alternative left; it takes that alternative, and from there on the first choice each time. Nothing is
//! left out and nothing is seen twice, so what is collected is exactly what can happen. It is meant for programs of a
//! few steps: the number of orderings is bounded, and a program that has more fails the test.

use std::collections::BTreeMap;

use rashomon::kernel::{Bound, Choice, Process, Program, World};
use rashomon::{Clock, Delivery, Ending, Settings};

/// A program with more orderings than this is too large for a test.
const MOST_ORDERINGS: u64 = 300_000;

/// Runs every ordering, and counts how many of them lead to each thing that `tell` makes of a world at its end.
pub(crate) fn every<G, T>(
    program: &G,
    settings: Settings,
    tell: impl Fn(&World<G::Process>) -> T,
) -> BTreeMap<T, u64>
where
    G: Program,
    T: Ord,
{
    let mut told = BTreeMap::new();
    // For each step the rank of the choice that is made, and how many there are.
    let mut path: Vec<(u64, u64)> = Vec::new();
    for _ in 0..MOST_ORDERINGS {
        let mut world = program.world(settings);
        let mut step = 0;
        while let Some(choice) = next_choice(&world, &mut path, step) {
            world.apply(choice, &mut ()).expect("a choice that was listed is possible");
            step += 1;
        }
        assert!(world.ending().is_some(), "a world in which nothing can happen has ended");
        *told.entry(tell(&world)).or_insert(0) += 1;
        while let Some((rank, width)) = path.pop() {
            if rank + 1 < width {
                path.push((rank + 1, width));
                break;
            }
        }
        if path.is_empty() {
            return told;
        }
    }
    panic!("{} has more than {MOST_ORDERINGS} orderings", program.name());
}

fn next_choice<P: Process>(world: &World<P>, path: &mut Vec<(u64, u64)>, step: usize) -> Option<Choice> {
    let choices = world.choices();
    if choices.is_empty() {
        return None;
    }
    if step == path.len() {
        path.push((0, choices.len()));
    }
    let (rank, width) = path[step];
    assert_eq!(width, choices.len(), "the same choices lead to the same world");
    choices.get(rank)
}

/// What every ordering comes to, as [`telling`] puts it: sorted, each once.
pub(crate) fn tellings<G: Program>(program: &G, settings: Settings) -> Vec<String> {
    every(program, settings, telling).into_keys().collect()
}

/// What an outside observer can tell of a world at its end: the lines of each process, the reason of the main
/// process if it is not `normal`, and the ending if it is not that the program is over.
pub(crate) fn telling<P: Process>(world: &World<P>) -> String {
    let outcome = world.outcome();
    let mut parts: Vec<String> = outcome.output.values().map(|lines| lines.join(" ")).collect();
    parts.extend(outcome.main_exit.map(|reason| format!("main: {reason}")));
    parts.extend(match outcome.ending {
        Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle) => None,
        Some(Ending::Deadlock) => Some("deadlock".to_owned()),
        Some(Ending::Bounded(bound)) => Some(named(bound)),
        None => Some("not over".to_owned()),
    });
    if parts.is_empty() { "silence".to_owned() } else { parts.join("; ") }
}

fn named(bound: Bound) -> String {
    match bound {
        Bound::Steps => "steps".to_owned(),
        Bound::Processes => "processes".to_owned(),
        Bound::Mailbox(pid) => format!("mailbox of {pid}"),
        Bound::Time => "time".to_owned(),
        Bound::Memory(pid) => format!("memory of {pid}"),
        Bound::Calls => "calls".to_owned(),
    }
}

/// A delivery and a clock.
pub(crate) fn under(delivery: Delivery, clock: Clock) -> Settings {
    Settings { delivery, clock, ..Settings::default() }
}

/// Signals are there as soon as they are sent; time moves last.
pub(crate) fn instant() -> Settings {
    under(Delivery::Instant, Clock::Patient)
}

/// Signals travel; time moves last.
pub(crate) fn ordered() -> Settings {
    under(Delivery::Ordered, Clock::Patient)
}

/// Both deliveries, under the patient clock.
pub(crate) fn both_deliveries() -> [Settings; 2] {
    [instant(), ordered()]
}

/// Both clocks, under instant delivery.
pub(crate) fn both_clocks() -> [Settings; 2] {
    [instant(), under(Delivery::Instant, Clock::Hasty)]
}

/// Both deliveries with both clocks.
pub(crate) fn all_assumptions() -> [Settings; 4] {
    [instant(), ordered(), under(Delivery::Instant, Clock::Hasty), under(Delivery::Ordered, Clock::Hasty)]
}
