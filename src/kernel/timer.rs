//! Timers: those that send a message, and those that end the patience of a receive.
//!
//! Timers fire in the order of their deadlines. Of several with the same deadline, those that one process started
//! fire in the order in which it started them; nothing orders those of different processes.

use rpds::RedBlackTreeMap;

use super::action::Destination;
use super::id::{Nanoseconds, Pid, Reference, Step};
use super::rank::RankSet;

/// What a timer does when it fires.
#[derive(Clone, Debug)]
pub(super) enum Purpose<M> {
    /// Sends a message.
    Send { reference: Reference, to: Destination, message: M },
    /// Ends the patience of the receive in which its owner waits.
    Wake,
}

#[derive(Clone, Debug)]
pub(super) struct Timer<M> {
    pub(super) purpose: Purpose<M>,
    /// The event that started it.
    pub(super) started: Step,
}

/// Orders timers by deadline, then by the process that started them, then by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TimerKey {
    pub(super) deadline: Nanoseconds,
    pub(super) owner: Pid,
    pub(super) age: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Timers<M> {
    by_key: RedBlackTreeMap<TimerKey, Timer<M>>,
    /// Which processes have timers at a deadline.
    owners: RedBlackTreeMap<Nanoseconds, RankSet>,
    by_reference: RedBlackTreeMap<Reference, TimerKey>,
    /// A process waits in one receive at a time.
    by_waiter: RedBlackTreeMap<Pid, TimerKey>,
    /// Timers that send to a pid die with it.
    by_target: RedBlackTreeMap<(Pid, Reference), ()>,
    next_age: u64,
}

impl<M> Default for Timers<M> {
    fn default() -> Timers<M> {
        Timers {
            by_key: RedBlackTreeMap::new(),
            owners: RedBlackTreeMap::new(),
            by_reference: RedBlackTreeMap::new(),
            by_waiter: RedBlackTreeMap::new(),
            by_target: RedBlackTreeMap::new(),
            next_age: 0,
        }
    }
}

impl<M: Clone> Timers<M> {
    pub(super) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    pub(super) fn start(&mut self, deadline: Nanoseconds, owner: Pid, timer: Timer<M>) {
        let key = TimerKey { deadline, owner, age: self.next_age };
        self.next_age += 1;
        match &timer.purpose {
            Purpose::Send { reference, to, .. } => {
                self.by_reference.insert_mut(*reference, key);
                if let Destination::Pid(target) = to {
                    self.by_target.insert_mut((*target, *reference), ());
                }
            }
            Purpose::Wake => {
                self.by_waiter.insert_mut(owner, key);
            }
        }
        self.by_key.insert_mut(key, timer);
        match self.owners.get_mut(&deadline) {
            Some(owners) => owners.insert(owner.index()),
            None => {
                let mut owners = RankSet::default();
                owners.insert(owner.index());
                self.owners.insert_mut(deadline, owners);
            }
        }
    }

    /// Stops the timer that would end the patience of a process.
    pub(super) fn stop_waking(&mut self, waiter: Pid) {
        if let Some(&key) = self.by_waiter.get(&waiter) {
            self.remove(key);
        }
    }

    /// The earliest deadline, and the processes that have timers there.
    pub(super) fn front(&self) -> Option<(Nanoseconds, &RankSet)> {
        self.owners.first().map(|(&deadline, owners)| (deadline, owners))
    }

    /// Takes the timer of this process that fires next, if it is one of those at the earliest deadline.
    pub(super) fn fire(&mut self, owner: Pid) -> Option<(TimerKey, Timer<M>)> {
        let (deadline, _) = self.front()?;
        let from = TimerKey { deadline, owner, age: 0 };
        let to = TimerKey { deadline, owner, age: u64::MAX };
        let (&key, _) = self.by_key.range(from..=to).next()?;
        self.remove(key).map(|timer| (key, timer))
    }

    pub(super) fn remove(&mut self, key: TimerKey) -> Option<Timer<M>> {
        let timer = self.by_key.get(&key)?.clone();
        self.by_key.remove_mut(&key);
        match &timer.purpose {
            Purpose::Send { reference, to, .. } => {
                self.by_reference.remove_mut(reference);
                if let Destination::Pid(target) = to {
                    self.by_target.remove_mut(&(*target, *reference));
                }
            }
            Purpose::Wake => {
                self.by_waiter.remove_mut(&key.owner);
            }
        }
        let first = TimerKey { age: 0, ..key };
        let last = TimerKey { age: u64::MAX, ..key };
        let no_other = self.by_key.range(first..=last).next().is_none();
        if no_other && let Some(owners) = self.owners.get_mut(&key.deadline) {
            owners.remove(key.owner.index());
            if owners.is_empty() {
                self.owners.remove_mut(&key.deadline);
            }
        }
        Some(timer)
    }

    pub(super) fn find(&self, reference: Reference) -> Option<TimerKey> {
        self.by_reference.get(&reference).copied()
    }

    /// Removes the timers that send to this pid.
    pub(super) fn remove_targets(&mut self, target: Pid) {
        let first = (target, Reference::from_number(0));
        let last = (target, Reference::from_number(u64::MAX));
        let references: Vec<Reference> =
            self.by_target.range(first..=last).map(|(&(_, reference), ())| reference).collect();
        for reference in references {
            if let Some(key) = self.find(reference) {
                self.remove(key);
            }
        }
    }

    /// Calls `visit` on each, by deadline and then by the process that started it: what it sends, if it does.
    pub(super) fn each(
        &self,
        mut visit: impl FnMut(Nanoseconds, Pid, Option<(Reference, &Destination, &M)>),
    ) {
        for (key, timer) in &self.by_key {
            let sends = match &timer.purpose {
                Purpose::Send { reference, to, message } => Some((*reference, to, message)),
                Purpose::Wake => None,
            };
            visit(key.deadline, key.owner, sends);
        }
    }

    /// Who started those that are left; a process may come several times.
    pub(super) fn owners(&self) -> impl Iterator<Item = Pid> {
        self.by_key.keys().map(|key| key.owner)
    }

    /// The timers that send, by deadline: the reference, the receiver and when.
    pub(super) fn pending(&self) -> impl Iterator<Item = (Reference, &Destination, Nanoseconds)> {
        self.by_key.iter().filter_map(|(key, timer)| match &timer.purpose {
            Purpose::Send { reference, to, .. } => Some((*reference, to, key.deadline)),
            Purpose::Wake => None,
        })
    }
}
