//! What can happen: the world of simulated processes.
//!
//! The kernel knows processes, mailboxes, signals, links, monitors, timers and names, and nothing else: not who
//! chooses among the things that can happen, not who watches, not what the programs are written in. It does no I/O,
//! reads no clock, starts no thread, and has no global state. Start reading at [`World`].
//!
//! The words are those of the Erlang reference manual ("Processes", "Signals"), and so are the rules.

mod action;
mod choice;
mod event;
mod exit;
mod id;
mod outcome;
mod process;
mod program;
mod rank;
mod receive;
mod record;
mod settings;
mod shared;
mod signal;
mod sketch;
mod step;
mod storage;
mod ties;
mod timer;
mod world;

pub use action::{
    Action, Bond, Destination, Device, Down, Patience, ProcessInfo, Refusal, Reply, Request, Spawn,
    StartTimer, Status,
};
pub use choice::{Choice, Choices};
pub use event::{Event, Fate, Happening, Observer, SignalKind};
pub use id::{Name, Nanoseconds, Pid, Reference, Step};
pub(crate) use id::{PID_MARK, REFERENCE_MARK};
pub use outcome::{Bound, Crash, Ending, Outcome, Stuck};
pub use process::{Cpu, Envelope, Process, Reason, Search, SharedAnswer, SharedRequest, search_messages};
pub use program::{Fingerprint, Program};
pub use record::{Record, Written};
pub use settings::{Clock, Delivery, Halt, Limits, Settings};
pub use shared::{Performed, Region, Shared, Touch};
pub(crate) use sketch::DOOMED_PHASE;
pub use sketch::{Opaque, ProcessSketch, Sketch, Sketched, Sketcher, TieSketch, sketch_action};
pub use storage::{Arrivals, Log, Mailbox, Persistent, Plain, Slots, Storage};
pub use world::{NotEnabled, World};
