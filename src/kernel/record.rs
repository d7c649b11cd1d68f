//! What the world keeps for each process, and the signals between processes.

use std::rc::Rc;

use rpds::{RedBlackTreeMap, RedBlackTreeSet};

use super::action::{Destination, Device, Request};
use super::event::SignalKind;
use super::id::{Name, Pid, Reference, Step};
use super::process::{MailboxOf, Process};
use super::storage::{Arrivals, Mailbox};

/// How far a process has come in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The pid is reserved; the process is not spawned yet.
    Unborn,
    /// It runs its code.
    Live,
    /// An exit signal has ended it: it runs no more code, and its exit is its next step.
    Doomed,
    /// It is dead, and there are still links and monitors that have not been told.
    Mourned,
    /// Nothing is left to do.
    Dead,
}

/// Where a pending receive stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// The pending action is not a receive.
    NotReceiving,
    /// The message at this position will be taken, unless the timer, if any, fires before that.
    Ready { position: u64, timed: bool },
    /// No message before this position is taken; the wait goes on for as long as the timer, if any, runs.
    Waiting { scanned: u64, timed: bool },
    /// As `Waiting`, but the process does not wait: it will find nothing unless something arrives before it looks.
    Polling { scanned: u64 },
    /// The wait has ended, by this event.
    TimedOut(Step),
}

/// A process that is watched, or that watches.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    /// The other side.
    pub(super) pid: Pid,
    /// What the watcher asked for.
    pub(super) target: Destination,
    /// The event that brought the monitor to this side.
    pub(super) since: Step,
}

/// What ties a process to others. Most have none of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Relations {
    pub(super) links: RedBlackTreeSet<Pid>,
    /// The monitors that it holds.
    pub(super) monitors: RedBlackTreeMap<Reference, Watch>,
    /// The monitors that others hold on it.
    pub(super) watchers: RedBlackTreeMap<Reference, Watch>,
    /// The same in the order of their age, which need not be that of the references: the event that brought each.
    pub(super) watched_since: RedBlackTreeMap<Step, Reference>,
    /// Processes whose next action is to ask whether this one is alive.
    pub(super) askers: RedBlackTreeSet<Pid>,
    pub(super) name: Option<Name>,
    /// After its death: the links that have not been told yet.
    pub(super) untold: u64,
}

impl Relations {
    /// Another process watches this one from now on.
    pub(super) fn begin_watch(&mut self, reference: Reference, watch: Watch) {
        self.watched_since.insert_mut(watch.since, reference);
        self.watchers.insert_mut(reference, watch);
    }

    /// A process no longer watches this one.
    pub(super) fn end_watch(&mut self, reference: Reference) {
        if let Some(watch) = self.watchers.get(&reference) {
            self.watched_since.remove_mut(&watch.since);
            self.watchers.remove_mut(&reference);
        }
    }
}

/// What the world keeps for one pid.
#[derive(Clone)]
pub struct Record<P: Process> {
    pub(super) body: Option<P>,
    /// The action that it performs next. While it is mourned, the exit that it has performed.
    pub(super) pending: Option<Request<P>>,
    pub(super) mailbox: MailboxOf<P>,
    pub(super) relations: Option<Rc<Relations>>,
    pub(super) wait: Wait,
    /// What the next event of this process could not have come before.
    pub(super) cause: Option<Step>,
    pub(super) leader: Pid,
    pub(super) parent: Pid,
    pub(super) stage: Stage,
    pub(super) traps_exits: bool,
}

impl<P: Process> Record<P> {
    pub(super) fn unborn() -> Record<P> {
        Record {
            body: None,
            pending: None,
            mailbox: MailboxOf::<P>::default(),
            relations: None,
            wait: Wait::NotReceiving,
            cause: None,
            leader: Pid::SYSTEM,
            parent: Pid::SYSTEM,
            stage: Stage::Unborn,
            traps_exits: false,
        }
    }

    /// Makes it one that nobody has used, but for the room in its mailbox.
    pub(super) fn clear(&mut self) {
        let Record { body, pending, mailbox, relations, wait, cause, leader, parent, stage, traps_exits } =
            self;
        mailbox.clear();
        *body = None;
        *pending = None;
        *relations = None;
        *wait = Wait::NotReceiving;
        *cause = None;
        (*leader, *parent) = (Pid::SYSTEM, Pid::SYSTEM);
        *stage = Stage::Unborn;
        *traps_exits = false;
    }

    pub(super) fn relations_mut(&mut self) -> &mut Relations {
        Rc::make_mut(self.relations.get_or_insert_default())
    }

    pub(super) fn is_linked(&self, peer: Pid) -> bool {
        self.relations.as_ref().is_some_and(|relations| relations.links.contains(&peer))
    }
}

/// Text that was written, with its writer and device.
#[derive(Clone, Debug)]
pub struct Written<T> {
    /// Who wrote it.
    pub pid: Pid,
    /// Where to.
    pub device: Device,
    /// What.
    pub text: T,
}

/// What travels from one process to another.
#[derive(Clone, Debug)]
pub(super) enum Signal<M, R> {
    Message(M),
    Exit(R),
    LinkExit(R),
    Link,
    /// A link that the receiver has taken back, by an unlink that got to the sender after it had sent this.
    StaleLink,
    Unlink,
    Monitor {
        reference: Reference,
        target: Destination,
    },
    Demonitor(Reference),
    Down {
        reference: Reference,
        reason: R,
    },
    /// The answer of a process that is no more to a link, or to this monitor.
    NoProcess(Option<Reference>),
    GroupLeader(Pid),
}

pub(super) type SignalOf<P> = Signal<<P as Process>::Message, <P as Process>::Reason>;

/// The signals on their way from one process to another, oldest first, each with the event that sent it.
pub(super) type Route<P> = Arrivals<(SignalOf<P>, Step)>;

impl<M, R> Signal<M, R> {
    pub(super) fn kind(&self) -> SignalKind {
        match self {
            Signal::Message(_) => SignalKind::Message,
            Signal::Exit(_) => SignalKind::Exit,
            Signal::LinkExit(_) => SignalKind::LinkExit,
            Signal::Link | Signal::StaleLink => SignalKind::Link,
            Signal::Unlink => SignalKind::Unlink,
            Signal::Monitor { .. } => SignalKind::Monitor,
            Signal::Demonitor(_) => SignalKind::Demonitor,
            Signal::Down { .. } => SignalKind::Down,
            Signal::NoProcess(_) => SignalKind::NoProcess,
            Signal::GroupLeader(_) => SignalKind::GroupLeader,
        }
    }

    /// The message, if it is one, or else the exit reason, if it carries one.
    pub(super) fn content(&self) -> (Option<&M>, Option<&R>) {
        match self {
            Signal::Message(message) => (Some(message), None),
            Signal::Exit(reason) | Signal::LinkExit(reason) | Signal::Down { reason, .. } => {
                (None, Some(reason))
            }
            Signal::Link
            | Signal::StaleLink
            | Signal::Unlink
            | Signal::Monitor { .. }
            | Signal::Demonitor(_)
            | Signal::NoProcess(_)
            | Signal::GroupLeader(_) => (None, None),
        }
    }
}
