//! The states that a search has kept, and how one comes from another.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::canonical::Key;
use super::explorer::Id;
use super::parts;

/// From one state to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: Id,
    pub(super) to: Id,
    /// How many choices lead there; none if it is not one choice alone.
    pub(super) weight: u32,
}

/// All states.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// How many there are.
    pub(super) states: Id,
    pub(super) edges: Vec<Edge>,
    /// The states in which a run is over, and what has come out.
    pub(super) ends: Vec<(Id, Key)>,
    /// The states in which something is broken, and the names of the claims.
    pub(super) wrong: Vec<(Id, String)>,
}

impl Graph {
    /// One state of each circle of such edges.
    pub(super) fn circles(&self, wanted: impl Fn(&Edge) -> bool) -> Vec<Id> {
        let next = self.next(wanted);
        let mut found = parts::parts(&next);
        found.retain(|part| parts::is_circle(part, &next));
        found.iter().filter_map(|part| part.last()).copied().collect()
    }

    /// Of each state, where such edges lead from it.
    pub(super) fn next(&self, wanted: impl Fn(&Edge) -> bool) -> Vec<Vec<Id>> {
        let mut next = vec![Vec::new(); self.states as usize];
        for edge in self.edges.iter().filter(|edge| wanted(edge)) {
            if let Some(next) = next.get_mut(edge.from as usize) {
                next.push(edge.to);
            }
        }
        next
    }

    /// What can come out from each state on.
    pub(super) fn reach(&self) -> Reach {
        let keys: BTreeSet<Key> = self.ends.iter().map(|(_, key)| *key).collect();
        let keys: Vec<Key> = keys.into_iter().collect();
        let next = self.next(|_| true);
        let mut own: Vec<Option<usize>> = vec![None; self.states as usize];
        for (id, key) in &self.ends {
            if let (Some(own), Ok(at)) = (own.get_mut(*id as usize), keys.binary_search(key)) {
                *own = Some(at);
            }
        }
        let mut set_of = vec![0_u32; self.states as usize];
        let mut sets: Vec<Rc<[u64]>> = Vec::new();
        let mut known: BTreeMap<Rc<[u64]>, u32> = BTreeMap::new();
        for part in parts::parts(&next) {
            let mut all = vec![0_u64; keys.len().div_ceil(64)];
            for &id in &part {
                if let Some(at) = own.get(id as usize).copied().flatten()
                    && let Some(word) = all.get_mut(at / 64)
                {
                    *word |= 1 << (at % 64);
                }
                for &to in next.get(id as usize).into_iter().flatten().filter(|to| !part.contains(to)) {
                    let of = set_of.get(to as usize).copied().unwrap_or_default();
                    for (word, more) in
                        all.iter_mut().zip(sets.get(of as usize).into_iter().flat_map(|set| set.iter()))
                    {
                        *word |= more;
                    }
                }
            }
            let all: Rc<[u64]> = all.into();
            let set = *known.entry(Rc::clone(&all)).or_insert_with(|| {
                sets.push(all);
                sets.len() as u32 - 1
            });
            for &id in &part {
                if let Some(of) = set_of.get_mut(id as usize) {
                    *of = set;
                }
            }
        }
        Reach { keys, set_of, sets }
    }
}

/// What can come out from each state on.
#[derive(Debug)]
pub(super) struct Reach {
    keys: Vec<Key>,
    /// The number of the set of each state.
    set_of: Vec<u32>,
    /// Sets of keys, a bit for each.
    sets: Vec<Rc<[u64]>>,
}

impl Reach {
    /// Whether the same can come out from both on.
    pub(super) fn is_same(&self, a: Id, b: Id) -> bool {
        self.set_of.get(a as usize) == self.set_of.get(b as usize)
    }

    /// What can come out from a state on, but not from another.
    pub(super) fn only(&self, from: Id, not: Id) -> Vec<Key> {
        let has = |id: Id, at: usize| {
            let set = self.set_of.get(id as usize).and_then(|set| self.sets.get(*set as usize));
            set.and_then(|set| set.get(at / 64)).is_some_and(|word| word >> (at % 64) & 1 == 1)
        };
        let all = self.keys.iter().enumerate();
        all.filter(|(at, _)| has(from, *at) && !has(not, *at)).map(|(_, key)| *key).collect()
    }
}
