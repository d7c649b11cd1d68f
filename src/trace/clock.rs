//! Vector clocks.

use std::rc::Rc;

use rpds::RedBlackTreeMap;
use serde::{Serialize, Serializer};

use crate::kernel::Pid;

/// How many events of each process an event knows of: those that it could not have come before, itself included.
///
/// Shared between events, so that a trace of many processes stays small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VectorClock(Rc<RedBlackTreeMap<Pid, u64>>);

impl VectorClock {
    /// How many events of this process are known.
    #[must_use]
    pub fn get(&self, pid: Pid) -> u64 {
        self.0.get(&pid).copied().unwrap_or(0)
    }

    /// The processes of which events are known, with their numbers, by pid.
    pub fn iter(&self) -> impl Iterator<Item = (Pid, u64)> {
        self.0.iter().map(|(&pid, &count)| (pid, count))
    }

    pub(super) fn tick(&mut self, pid: Pid) {
        let count = self.get(pid) + 1;
        Rc::make_mut(&mut self.0).insert_mut(pid, count);
    }

    pub(super) fn join(&mut self, other: &VectorClock) {
        if Rc::ptr_eq(&self.0, &other.0) {
            return;
        }
        if self.0.is_empty() {
            *self = other.clone();
            return;
        }
        for (pid, count) in other.iter() {
            if self.get(pid) < count {
                Rc::make_mut(&mut self.0).insert_mut(pid, count);
            }
        }
    }
}

/// As a list of pairs of a pid and a count, by pid.
impl Serialize for VectorClock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
