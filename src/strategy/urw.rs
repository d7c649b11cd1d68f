//! A random walk that is not fooled by processes of unequal length.
//!
//! Under the uniform choice a process with few steps is nearly always through before one with many has got far. If
//! each process is instead chosen in proportion to the steps that it still has to go, every interleaving of
//! independent processes is as likely as any other (Zhao, Wolff, Mathur, Sen: "Selectively Uniform Concurrency
//! Testing", ASPLOS 2025). How many steps that will be is not known beforehand; it is taken from a [`Profile`] of an
//! earlier run. The steps of processes that are not spawned yet count for the one that will spawn them.

use std::collections::BTreeMap;

use super::{Dice, Random, Strategy, drive};
use crate::kernel::{Choice, Choices, Event, Observer, Pid, Process, World};

/// How many steps each process of a program takes, as seen in one run. A process is known by its descent: the k-th
/// child of the j-th child of the main process.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// By descent, the steps of the process itself.
    steps: BTreeMap<Vec<u32>, u64>,
    /// By descent, the steps of the process and of all that descend from it.
    family: BTreeMap<Vec<u32>, u64>,
}

impl Profile {
    /// Runs a world to its end under [`Random`] with this seed, and counts.
    pub fn measure<P: Process>(world: World<P>, seed: u64) -> Profile {
        let mut world = world;
        let mut census = Census::default();
        // A random choice is always an enabled one: the run cannot diverge.
        let _ended = drive(&mut world, &mut Random::new(seed), &mut census);
        let mut profile = Profile { steps: census.steps, family: BTreeMap::new() };
        for (descent, &steps) in &profile.steps {
            for generation in 0..=descent.len() {
                *profile.family.entry(descent[..generation].to_vec()).or_default() += steps;
            }
        }
        profile
    }
}

/// Who descends from whom.
#[derive(Clone, Debug, Default)]
struct Descent {
    of: BTreeMap<Pid, Vec<u32>>,
    children: BTreeMap<Pid, u32>,
}

impl Descent {
    fn of(&self, pid: Pid) -> &[u32] {
        self.of.get(&pid).map_or(&[], Vec::as_slice)
    }

    fn spawned(&mut self, parent: Pid, child: Pid) {
        let number = self.children.entry(parent).or_default();
        let mut descent = self.of.get(&parent).cloned().unwrap_or_default();
        descent.push(*number);
        *number += 1;
        self.of.insert(child, descent);
    }
}

#[derive(Default)]
struct Census {
    descent: Descent,
    steps: BTreeMap<Vec<u32>, u64>,
}

impl<P: Process> Observer<P> for Census {
    fn observe(&mut self, event: &Event<'_, P>) {
        if let Choice::Run(pid) = event.choice {
            *self.steps.entry(self.descent.of(pid).to_vec()).or_default() += 1;
        }
        if let crate::kernel::Happening::Spawned { child, .. } = event.happening {
            self.descent.spawned(event.process, child);
        }
    }
}

/// A random walk (Zhao et al., 2025) that picks each process in proportion to the steps that it has to go, so that every
/// interleaving of independent processes is as likely as any other, however unequal their lengths.
#[derive(Clone, Debug)]
pub struct Urw {
    seed: u64,
    dice: Dice,
    profile: Profile,
    descent: Descent,
    /// The steps that a process, with those it has yet to spawn, has to go.
    left: BTreeMap<Pid, u64>,
}

impl Urw {
    /// The strategy that belongs to a seed and a profile.
    #[must_use]
    pub fn new(seed: u64, profile: Profile) -> Urw {
        let total = profile.family.get(&[][..]).copied().unwrap_or(0);
        let left = BTreeMap::from([(Pid::MAIN, total)]);
        Urw { seed, dice: Dice::new(seed), profile, descent: Descent::default(), left }
    }

    /// How much a choice weighs. What is not in the profile still weighs something.
    fn weight(&self, choice: Choice) -> u64 {
        match choice {
            Choice::Run(pid) => self.left.get(&pid).copied().unwrap_or(0).max(1),
            Choice::Deliver { .. } | Choice::Fire(_) | Choice::Draw(_) => 1,
        }
    }
}

impl Strategy for Urw {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        let total: u64 = match choices.get(0)? {
            Choice::Draw(_) => return choices.get(self.dice.below(choices.len())),
            Choice::Run(_) | Choice::Deliver { .. } | Choice::Fire(_) => {
                choices.iter().map(|choice| self.weight(choice)).sum()
            }
        };
        let mut at = self.dice.below(total);
        let choice = choices.iter().find(|&choice| {
            let weight = self.weight(choice);
            let here = at < weight;
            at = at.saturating_sub(weight);
            here
        })?;
        if let Choice::Run(pid) = choice
            && let Some(left) = self.left.get_mut(&pid)
        {
            *left = left.saturating_sub(1);
        }
        Some(choice)
    }

    fn spawned(&mut self, parent: Pid, child: Pid) {
        self.descent.spawned(parent, child);
        let family = self.profile.family.get(self.descent.of(child)).copied().unwrap_or(0);
        self.left.insert(child, family);
        if let Some(left) = self.left.get_mut(&parent) {
            *left = left.saturating_sub(family);
        }
    }

    fn describe(&self) -> String {
        format!("URW, seed {}", self.seed)
    }
}
