//! The boundary between the kernel and the programs that it runs.
//!
//! A process is resumed, runs its local code, and hands back what it asks of the world next. The kernel never
//! looks inside it, and the process never sees the world: all that it learns arrives as a [`Reply`].

use std::fmt::{Debug, Display};

use super::action::{Down, Reply, Request};
use super::id::{Pid, Reference, Step};
use super::shared::Shared;
use super::storage::{Mailbox, Storage};

/// A message in a mailbox, and where it comes from.
#[derive(Clone, Debug)]
pub struct Envelope<M> {
    /// What was sent.
    pub message: M,
    /// Who sent it; [`Pid::SYSTEM`] for a timer.
    pub from: Pid,
    /// The event that put it into the mailbox.
    pub arrived: Step,
}

/// Where the pending receive of a process finds its message.
pub enum Search<P: Process> {
    /// The first message that the receive takes is at this position.
    Found(u64),
    /// No message from the given position on is one that the receive takes.
    Nothing,
    /// The code that looks at messages failed: the process asks for this (its exit) instead.
    Failed(Box<Request<P>>),
}

/// What a process is lent while it runs its local code.
pub struct Cpu<'w, P: Process> {
    /// The process that runs.
    pub pid: Pid,
    /// What all processes of the world share.
    pub environment: &'w mut P::Environment,
    /// Local code may hand back no more requests than this before it waits: the steps that are left to the run.
    pub steps_left: u64,
    counters: &'w mut Counters,
}

/// The next pid and the next reference that are given out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counters {
    pub(super) pid: u32,
    reference: u64,
}

impl Counters {
    /// As a world begins.
    pub(super) const FIRST: Counters = Counters { pid: Pid::MAIN.number() + 1, reference: 0 };

    /// The next pid and the next reference.
    pub(super) fn peek(self) -> (u32, u64) {
        (self.pid, self.reference)
    }
}

impl<'w, P: Process> Cpu<'w, P> {
    #[inline(always)]
    pub(super) fn new(
        pid: Pid,
        environment: &'w mut P::Environment,
        steps_left: u64,
        counters: &'w mut Counters,
    ) -> Cpu<'w, P> {
        Cpu { pid, environment, steps_left, counters }
    }

    /// A pid for a process that the running one will ask to spawn.
    pub fn reserve_pid(&mut self) -> Pid {
        let pid = Pid::from_number(self.counters.pid);
        self.counters.pid = self.counters.pid.saturating_add(1);
        pid
    }

    /// A reference that nobody else has.
    pub fn make_reference(&mut self) -> Reference {
        let reference = Reference::from_number(self.counters.reference);
        self.counters.reference += 1;
        reference
    }

    /// The next numbers to be given out, for a process form that hands them out by itself while it runs.
    pub(crate) fn counters(&self) -> (u32, u64) {
        (self.counters.pid, self.counters.reference)
    }

    /// Puts back what [`Cpu::counters`] gave, moved on.
    pub(crate) fn set_counters(&mut self, (pid, reference): (u32, u64)) {
        debug_assert!(pid >= self.counters.pid && reference >= self.counters.reference);
        *self.counters = Counters { pid, reference };
    }
}

/// The reason for which a process exits. The kernel knows four of them by meaning; all others it only carries.
pub trait Reason: Clone + Debug + Display + Eq {
    /// It ended as it should.
    fn normal() -> Self;
    /// What a killed process tells its links and monitors.
    fn killed() -> Self;
    /// There was no such process.
    fn noproc() -> Self;
    /// Whether this is [`Reason::normal`].
    fn is_normal(&self) -> bool;
    /// Whether this, sent as an exit signal, ends a process even if it traps exits.
    fn is_kill(&self) -> bool;
}

/// One form of programs: what a process is made of, and how it is run.
pub trait Process: Sized {
    /// What is sent between processes. A message that two processes hold is two values: they share nothing.
    type Message: Clone;
    /// Why a process exits.
    type Reason: Reason;
    /// What a process writes to the outside.
    type Text: Clone + Display;
    /// A place in the program's source.
    type Place: Copy + Display;
    /// What all processes of one world share: code, atoms, scratch space.
    type Environment;
    /// What processes share that is part of the world's state; `()` if there is no such thing.
    type Shared: Shared<Self::Message>;
    /// How a world of such processes is kept: [`Plain`](super::storage::Plain), or
    /// [`Persistent`](super::storage::Persistent) where processes can be cloned.
    type Storage: Storage<Self>;

    /// Runs local code up to the next request, and leaves that in `next`, which is empty. `reply` answers the request
    /// before; the first call gets [`Reply::Start`].
    fn resume(&mut self, cpu: &mut Cpu<'_, Self>, reply: Reply<Self>, next: &mut Option<Request<Self>>);

    /// What it asks for next if that is known without running any code, because it has asked for several things in a
    /// row. Returns whether there is something in `next`, which is empty.
    fn take_queued(
        &mut self,
        _environment: &mut Self::Environment,
        _next: &mut Option<Request<Self>>,
    ) -> bool {
        false
    }

    /// Whether the pending receive takes a message, where that can be told without running any code.
    #[inline]
    fn takes(&self, _message: &Self::Message) -> Option<bool> {
        None
    }

    /// Finds the first message at `position` or later that the pending receive takes.
    fn search(
        &mut self,
        cpu: &mut Cpu<'_, Self>,
        mailbox: &mut <Self::Storage as Storage<Self>>::Mailbox,
        position: u64,
    ) -> Search<Self>;

    /// The message that a process which traps exits gets instead of an exit signal.
    fn exit_message(from: Pid, reason: &Self::Reason) -> Self::Message;

    /// The message that a monitor gives when what it watches is gone.
    fn down_message(down: Down<Self::Reason>) -> Self::Message;

    /// Whether a message is the one that this monitor gave.
    fn is_down(message: &Self::Message, reference: Reference) -> bool;

    /// A message as people read it.
    fn show_message(message: &Self::Message) -> String;
}

/// What a process of this form asks of the shared state.
pub type SharedRequest<P> = <<P as Process>::Shared as Shared<<P as Process>::Message>>::Request;

/// What it is told.
pub type SharedAnswer<P> = <<P as Process>::Shared as Shared<<P as Process>::Message>>::Answer;

/// The mailbox of a process of this form.
pub(super) type MailboxOf<P> = <<P as Process>::Storage as Storage<P>>::Mailbox;

/// Finds the first message at `position` or later for which `takes` is true, for receives that need no more
/// than a look at each message.
pub fn search_messages<P: Process>(
    mailbox: &<P::Storage as Storage<P>>::Mailbox,
    position: u64,
    takes: impl FnMut(&P::Message) -> bool,
) -> Search<P> {
    let mut takes = takes;
    let mut at = position;
    while let Some((found, envelope)) = mailbox.next_from(at) {
        if takes(&envelope.message) {
            return Search::Found(found);
        }
        at = found + 1;
    }
    Search::Nothing
}
