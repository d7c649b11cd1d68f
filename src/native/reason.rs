//! Why a process in Rust exits, and what it finds in its mailbox.

use std::fmt;
use std::rc::Rc;

use crate::kernel::{Down, Pid, Reason};

/// Why a process exits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExitReason {
    /// It ended as it should. Links that do not trap exits take no notice.
    Normal,
    /// It was told to stop, and did.
    Shutdown,
    /// As an exit signal that a process sends to another, this ends it whatever it does. As the reason of a process
    /// that exits by itself it is a reason like any other.
    Kill,
    /// It was ended by [`ExitReason::Kill`].
    Killed,
    /// There was no such process.
    NoProcess,
    /// It panicked, awaited something that is not of this world, or asked for too much at once: what and where.
    Crash(Rc<str>),
    /// Anything else.
    Other(Rc<str>),
}

impl ExitReason {
    /// A reason of the program's own.
    #[must_use]
    pub fn other(text: impl AsRef<str>) -> ExitReason {
        ExitReason::Other(Rc::from(text.as_ref()))
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Normal => f.write_str("normal"),
            ExitReason::Shutdown => f.write_str("shutdown"),
            ExitReason::Kill => f.write_str("kill"),
            ExitReason::Killed => f.write_str("killed"),
            ExitReason::NoProcess => f.write_str("noproc"),
            ExitReason::Crash(text) | ExitReason::Other(text) => f.write_str(text),
        }
    }
}

impl Reason for ExitReason {
    fn normal() -> ExitReason {
        ExitReason::Normal
    }
    fn killed() -> ExitReason {
        ExitReason::Killed
    }
    fn noproc() -> ExitReason {
        ExitReason::NoProcess
    }
    fn is_normal(&self) -> bool {
        *self == ExitReason::Normal
    }
    fn is_kill(&self) -> bool {
        *self == ExitReason::Kill
    }
}

/// The type `!`, which stable Rust has but does not let one write here: it can be had as what a function that never
/// returns returns.
pub type Never = <fn() -> ! as Returns>::Value;

/// What a function returns.
pub trait Returns {
    /// The type of it.
    type Value;
}

impl<T> Returns for fn() -> T {
    type Value = T;
}

/// What the `async` body of a process may return.
pub trait IntoExit {
    /// The reason for which the process exits.
    fn into_exit(self) -> ExitReason;
}

impl IntoExit for () {
    fn into_exit(self) -> ExitReason {
        ExitReason::Normal
    }
}

impl IntoExit for ExitReason {
    fn into_exit(self) -> ExitReason {
        self
    }
}

/// A process that never ends by itself, such as a server: `async { loop { … } }`.
impl IntoExit for Never {
    fn into_exit(self) -> ExitReason {
        self
    }
}

/// An error ends the process with its text as the reason.
impl<T: IntoExit, E: fmt::Display> IntoExit for Result<T, E> {
    fn into_exit(self) -> ExitReason {
        match self {
            Ok(value) => value.into_exit(),
            Err(error) => ExitReason::Other(Rc::from(error.to_string())),
        }
    }
}

/// What a process finds in its mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Incoming<M> {
    /// A message of the program's own.
    Message(M),
    /// An exit signal, as a message; only with [`trap_exit`](super::Ctx::trap_exit).
    Exit(Box<Exit>),
    /// What a monitor watched is gone.
    Down(Box<Down<ExitReason>>),
}

/// An exit signal: that of a linked process, or one that was sent on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exit {
    /// Whose exit it is, or who sent the signal.
    pub from: Pid,
    /// Why.
    pub reason: ExitReason,
}

impl<M> Incoming<M> {
    /// The program's own message, if it is one.
    #[must_use]
    pub fn message(self) -> Option<M> {
        match self {
            Incoming::Message(message) => Some(message),
            Incoming::Exit(_) | Incoming::Down(_) => None,
        }
    }
}
