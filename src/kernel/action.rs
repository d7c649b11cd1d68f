//! What a process asks of the world, and what it is told.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{Name, Nanoseconds, Pid, Reference};
use super::outcome::Bound;
use super::process::{Process, SharedAnswer, SharedRequest};

/// The next action of a process, and the place in its source that asks for it.
#[derive(Clone)]
pub struct Request<P: Process> {
    /// What is asked.
    pub action: Action<P>,
    /// Where in the program, as far as known.
    pub place: Option<P::Place>,
}

/// How long a receive waits for a message that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Patience {
    /// Forever.
    Forever,
    /// Not at all: it looks at what is there (`after 0`).
    Poll,
    /// For this long in virtual time; never zero, which is [`Patience::Poll`].
    Within(Nanoseconds),
}

/// What ties a new process to the one that spawns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bond {
    /// Nothing (`spawn`).
    None,
    /// A link (`spawn_link`).
    Link,
    /// A monitor, held by the spawning process (`spawn_monitor`).
    Monitor(Reference),
    /// Both.
    LinkAndMonitor(Reference),
}

/// Who is meant: a process, or whoever holds a name when the signal or the timer gets there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// This process.
    Pid(Pid),
    /// The holder of this name.
    Name(Name),
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Pid(pid) => pid.fmt(f),
            Destination::Name(name) => fmt::Debug::fmt(name, f),
        }
    }
}

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A process to be started.
#[derive(Clone)]
pub struct Spawn<P: Process> {
    /// The pid reserved for it; the world gives it one where there is none.
    pub child: Option<Pid>,
    /// The process.
    pub body: P,
    /// What ties it to the one that spawns it.
    pub bond: Bond,
    /// What people call it, where the program says so. It means nothing to the world.
    pub label: Option<Name>,
}

/// A timer to be started.
#[derive(Clone, Debug)]
pub struct StartTimer<M> {
    /// The reference that the timer will be known by.
    pub reference: Reference,
    /// The receiver. A name is looked up when the timer fires.
    pub to: Destination,
    /// How long from now.
    pub after: Nanoseconds,
    /// What it sends.
    pub message: M,
}

/// What a process asks of the world next. Each is one step that others can come before or after; all code
/// between two actions is local and invisible.
#[derive(Clone)]
pub enum Action<P: Process> {
    /// Sends a message; silently lost if nobody has the pid.
    Send {
        /// The receiver.
        to: Pid,
        /// What is sent.
        message: P::Message,
    },
    /// Sends a message to the holder of a name; refused if nobody holds it.
    SendNamed {
        /// The receiver's name.
        to: Name,
        /// What is sent.
        message: P::Message,
    },
    /// Takes the first message that the process accepts.
    Receive {
        /// How long it waits for one.
        patience: Patience,
    },
    /// Starts a process.
    Spawn(Box<Spawn<P>>),
    /// Ends this process.
    Exit {
        /// What its links and monitors are told.
        reason: P::Reason,
        /// What goes to the crash log if this is a crash and not a decision.
        crash: Option<Box<str>>,
    },
    /// Sends an exit signal (`exit(pid, reason)`).
    ExitSignal {
        /// The receiver.
        to: Pid,
        /// With which reason.
        reason: P::Reason,
    },
    /// Writes text to the outside. It is out when the step is done.
    Output {
        /// Where to.
        device: Device,
        /// What.
        text: P::Text,
    },
    /// Links to a process.
    Link(Pid),
    /// Removes the link to a process.
    Unlink(Pid),
    /// Starts to watch a process. A name is resolved once, now.
    Monitor {
        /// The reference that the monitor will be known by.
        reference: Reference,
        /// Who is watched.
        target: Destination,
    },
    /// Stops watching.
    Demonitor {
        /// The monitor.
        reference: Reference,
        /// Whether its message, if it is already in the mailbox, is removed.
        flush: bool,
    },
    /// Turns exit signals into messages, or no longer.
    TrapExit(bool),
    /// Gives a process a name.
    Register {
        /// The name.
        name: Name,
        /// Who gets it.
        pid: Pid,
    },
    /// Frees a name.
    Unregister(Name),
    /// Asks who holds a name.
    WhereIs(Name),
    /// Asks for all registered names.
    RegisteredNames,
    /// Starts a timer that sends a message.
    StartTimer(Box<StartTimer<P::Message>>),
    /// Stops a timer; anybody may.
    CancelTimer(Reference),
    /// Asks how long a timer has to go; anybody may.
    ReadTimer(Reference),
    /// Asks whether a process is alive. Signals that this process has sent to it get there first, and if it is about to
    /// exit, that happens first.
    IsAlive(Pid),
    /// Asks what is known about a process. Signals that this process has sent to it get there first.
    Inspect(Pid),
    /// Asks for all processes that are alive.
    Processes,
    /// Reads the clock.
    Now,
    /// Asks for a number from 0 up to, but not including, this.
    Draw(u64),
    /// Asks for its own group leader.
    GroupLeader,
    /// Changes a process's group leader.
    SetGroupLeader {
        /// Whose.
        of: Pid,
        /// To whom.
        leader: Pid,
    },
    /// Asks something of the state that processes share.
    Shared(Box<SharedRequest<P>>),
    /// Does nothing, but lets others come in between.
    Yield,
    /// Ends the run, since the process would need more than it may have.
    GiveUp(Bound),
    /// Halts the whole system at once, with this exit status.
    Halt(u8),
}

impl<P: Process> Action<P> {
    /// The action's name, for messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Action::Send { .. } | Action::SendNamed { .. } => "send",
            Action::Receive { patience: Patience::Poll } => "poll",
            Action::Receive { .. } => "receive",
            Action::Spawn(_) => "spawn",
            Action::Exit { .. } => "exit",
            Action::ExitSignal { .. } => "exit signal",
            Action::Output { .. } => "output",
            Action::Link(_) => "link",
            Action::Unlink(_) => "unlink",
            Action::Monitor { .. } => "monitor",
            Action::Demonitor { .. } => "demonitor",
            Action::TrapExit(_) => "trap exits",
            Action::Register { .. } => "register",
            Action::Unregister(_) => "unregister",
            Action::WhereIs(_) => "whereis",
            Action::RegisteredNames => "registered names",
            Action::StartTimer(_) => "start timer",
            Action::CancelTimer(_) => "cancel timer",
            Action::ReadTimer(_) => "read timer",
            Action::IsAlive(_) => "alive?",
            Action::Inspect(_) => "process info",
            Action::Processes => "list processes",
            Action::Now => "read the clock",
            Action::Draw(_) => "draw",
            Action::GroupLeader => "read group leader",
            Action::SetGroupLeader { .. } => "set group leader",
            Action::Shared(_) => "use shared state",
            Action::Yield => "yield",
            Action::GiveUp(_) => "give up",
            Action::Halt(_) => "halt",
        }
    }
}

/// The world's answer to an action.
pub enum Reply<P: Process> {
    /// There was no action yet: the process begins.
    Start,
    /// It is done.
    Done,
    /// The message that was received.
    Message(P::Message),
    /// No message came in time.
    TimedOut,
    /// A pid, if there is one.
    Pid(Option<Pid>),
    /// Yes or no, or the old value of a flag.
    Flag(bool),
    /// What is left of a timer, if it is still running.
    Remaining(Option<Nanoseconds>),
    /// The virtual time.
    Time(Nanoseconds),
    /// The number that was drawn.
    Number(u64),
    /// Names, in ascending order.
    Names(Vec<Name>),
    /// Pids, in ascending order.
    Pids(Vec<Pid>),
    /// What is known about a process, if it is alive.
    Info(Option<Box<ProcessInfo<P>>>),
    /// What was asked of the shared state.
    Shared(Box<SharedAnswer<P>>),
    /// It cannot be done.
    Refused(Refusal),
}

/// Why the world does not do what a process asks. Erlang raises `badarg` or `noproc` here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody holds the name.
    #[error("no process is registered under this name")]
    NotRegistered,
    /// Another process, or the same, holds the name already.
    #[error("the name is taken")]
    NameTaken,
    /// The process is not alive.
    #[error("the process is not alive")]
    NotAlive,
    /// The process has another name already.
    #[error("the process is already registered under another name")]
    AlreadyNamed,
    /// The process to link to does not exist, and the caller does not trap exits.
    #[error("no such process")]
    NoProcess,
    /// There is no number below zero to draw.
    #[error("nothing can be drawn from an empty range")]
    EmptyRange,
}

/// What a monitor tells when what it watches is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Down<R> {
    /// The monitor.
    pub reference: Reference,
    /// What it watched, as it was asked for.
    pub target: Destination,
    /// Why it is gone: the exit reason, or `noproc` if it was never there.
    pub reason: R,
}

/// What a process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It can act.
    Runnable,
    /// It waits for a message.
    Waiting,
}

/// What the world knows about a process.
pub struct ProcessInfo<P: Process> {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// What it is doing.
    pub status: Status,
    /// Whether it traps exits.
    pub traps_exits: bool,
    /// The processes linked to it, in ascending order.
    pub links: Vec<Pid>,
    /// Whom it monitors, in the order of the references.
    pub monitors: Vec<Destination>,
    /// Who monitors it, in the order of the references.
    pub monitored_by: Vec<Pid>,
    /// Its unread messages, oldest first.
    pub messages: Vec<P::Message>,
    /// Its group leader.
    pub group_leader: Pid,
    /// Who spawned it.
    pub parent: Pid,
}
