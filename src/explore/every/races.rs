//! Races: two steps of which either may come first, and it makes a difference to somebody.
//!
//! The search by states meets each of them: where two steps that clash are both possible, it follows both orders. A race is harmless
//! if, wherever it is met, the same can come out after one order and after the other.

use std::collections::BTreeMap;

use super::canonical::Key;
use super::explorer::Id;
use super::graph::Graph;
use crate::kernel::Choice;

/// One of the two steps.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) choice: Choice,
    /// What tells it from the steps at other places of the program.
    pub(super) what: String,
}

/// What came of the two orders.
#[derive(Clone, Copy, Debug)]
pub(super) enum Orders {
    /// These two states.
    Both(Id, Id),
    /// The same, but for the names.
    Alike,
}

/// A place at which a race was met.
#[derive(Clone, Debug)]
pub(super) struct Met {
    state: Id,
    path: Vec<Choice>,
    sides: [Side; 2],
    orders: Orders,
}

impl Met {
    pub(super) fn new(state: Id, path: &[Choice], sides: [Side; 2], orders: Orders) -> Met {
        Met { state, path: path.to_vec(), sides, orders }
    }
}

/// A race, wherever it was met.
#[derive(Clone, Debug)]
pub(super) struct Crossing {
    /// What leads to the place where it shows best.
    pub(super) prefix: Vec<Choice>,
    /// The two steps.
    pub(super) sides: [Choice; 2],
    /// What can come out only if the first step comes first; and only if the second one does.
    pub(super) only: [Vec<Key>; 2],
    /// In how many states it was met.
    pub(super) places: u64,
}

/// Puts together what was met at the same places of the program. `schedule` tells what leads to a state.
pub(super) fn judge(graph: &Graph, met: &[Met], schedule: impl Fn(Id) -> Vec<Choice>) -> Vec<Crossing> {
    if met.is_empty() {
        return Vec::new();
    }
    let reach = graph.reach();
    let harmful = |met: &Met| match met.orders {
        Orders::Both(straight, reversed) => !reach.is_same(straight, reversed),
        Orders::Alike => false,
    };
    let mut races: BTreeMap<[&str; 2], (bool, &Met, u64)> = BTreeMap::new();
    for met in met {
        let mut key = [met.sides[0].what.as_str(), met.sides[1].what.as_str()];
        key.sort_unstable();
        let harmful = harmful(met);
        // States are met in the order of their distance from the beginning: the first is the simplest.
        let (known, shown, places) = races.entry(key).or_insert((harmful, met, 0));
        *places += 1;
        if harmful && !*known {
            (*known, *shown) = (true, met);
        }
    }
    let mut crossings: Vec<Crossing> = races
        .into_values()
        .map(|(_, met, places)| {
            let mut prefix = schedule(met.state);
            prefix.extend_from_slice(&met.path);
            let only = match met.orders {
                Orders::Both(straight, reversed) => {
                    [reach.only(straight, reversed), reach.only(reversed, straight)]
                }
                Orders::Alike => [Vec::new(), Vec::new()],
            };
            Crossing { prefix, sides: [met.sides[0].choice, met.sides[1].choice], only, places }
        })
        .collect();
    crossings.sort_by_key(|race| race.prefix.len());
    crossings
}
