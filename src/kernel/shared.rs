//! What processes share beside their messages: state of the world that changes only where a process asks for it.
//!
//! Tables of Erlang's `ets` are such state. Each request is one step of its own, so that others can come between any
//! two of them, and says which regions of the state it reads and which it writes: requests that touch no common
//! region, or only read those that they do, give the same in either order.

use std::convert::Infallible;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{Name, Pid};

/// A part of the shared state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// All of it.
    Whole,
    /// What a name stands for.
    Name(Name),
    /// The part with this number.
    Part(u64),
    /// The mailbox of this process, into which a message may be put.
    Mailbox(Pid),
}

impl Region {
    /// Whether two regions have something in common.
    #[must_use]
    pub fn meets(&self, other: &Region) -> bool {
        *self == Region::Whole || *other == Region::Whole || self == other
    }
}

/// That a region is looked at, or may be changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Touch {
    /// The region.
    pub region: Region,
    /// Whether it may be changed.
    pub writes: bool,
}

impl Touch {
    /// A region is looked at.
    #[must_use]
    pub fn read(region: Region) -> Touch {
        Touch { region, writes: false }
    }

    /// A region may be changed.
    #[must_use]
    pub fn write(region: Region) -> Touch {
        Touch { region, writes: true }
    }

    /// Whether the order of the two can make a difference.
    #[must_use]
    pub fn conflicts(&self, other: &Touch) -> bool {
        (self.writes || other.writes) && self.region.meets(&other.region)
    }
}

/// What came of a request.
pub struct Performed<A, M> {
    /// What the process is told.
    pub answer: A,
    /// Messages that are sent because of it, in the name of the process that asked.
    pub sends: Vec<(Pid, M)>,
}

/// State that the processes of a world share; `M` is what they send each other.
///
/// It is cloned with the world, so a clone has to share what it holds.
pub trait Shared<M>: Clone + Default {
    /// What a process asks for.
    type Request: Clone;
    /// What it is told.
    type Answer;

    /// What a request touches if it is made now.
    fn touches(&self, request: &Self::Request) -> Vec<Touch>;

    /// Does what a process asks for. `lives` tells whether a process is alive.
    fn perform(
        &mut self,
        by: Pid,
        request: Self::Request,
        lives: &dyn Fn(Pid) -> bool,
    ) -> Performed<Self::Answer, M>;

    /// Whether the end of a process would change nothing.
    fn is_indifferent(&self, pid: Pid) -> bool;

    /// What the end of a process touches if it comes now.
    fn touched_by_end(&self, pid: Pid) -> Vec<Touch>;

    /// A process ends. Gives the messages that are sent because of it, in its name.
    fn end(&mut self, pid: Pid, lives: &dyn Fn(Pid) -> bool) -> Vec<(Pid, M)>;

    /// A request as people read it.
    fn show_request(request: &Self::Request) -> String;

    /// An answer as people read it, where there is more to it than that the request was met.
    fn show_answer(answer: &Self::Answer) -> Option<String>;
}

/// There is no such state.
impl<M> Shared<M> for () {
    type Request = Infallible;
    type Answer = Infallible;

    fn touches(&self, request: &Infallible) -> Vec<Touch> {
        match *request {}
    }

    fn perform(
        &mut self,
        _by: Pid,
        request: Infallible,
        _lives: &dyn Fn(Pid) -> bool,
    ) -> Performed<Infallible, M> {
        match request {}
    }

    #[inline(always)]
    fn is_indifferent(&self, _pid: Pid) -> bool {
        true
    }

    fn touched_by_end(&self, _pid: Pid) -> Vec<Touch> {
        Vec::new()
    }

    fn end(&mut self, _pid: Pid, _lives: &dyn Fn(Pid) -> bool) -> Vec<(Pid, M)> {
        Vec::new()
    }

    fn show_request(request: &Infallible) -> String {
        match *request {}
    }

    fn show_answer(answer: &Infallible) -> Option<String> {
        match *answer {}
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Region::Whole => f.write_str("all"),
            Region::Name(name) => fmt::Debug::fmt(name, f),
            Region::Part(number) => write!(f, "{number}"),
            Region::Mailbox(pid) => write!(f, "mailbox of {pid}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Region, Touch};

    #[test]
    fn the_order_of_two_touches_matters_only_where_one_writes_what_the_other_sees() {
        let part = |number| Region::Part(number);
        assert!(!Touch::read(part(1)).conflicts(&Touch::read(part(1))));
        assert!(Touch::read(part(1)).conflicts(&Touch::write(part(1))));
        assert!(!Touch::write(part(1)).conflicts(&Touch::write(part(2))));
        assert!(Touch::read(Region::Whole).conflicts(&Touch::write(part(2))));
        assert!(!Touch::write(Region::Name("a".into())).conflicts(&Touch::write(Region::Name("b".into()))));
    }
}
