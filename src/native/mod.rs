//! Programs in Rust: `async` processes with typed messages.
//!
//! A process is an `async` block that acts through its [`Ctx`]. It is polled by the world alone, one process at a time,
//! on one thread: nothing needs to be `Send`. How a future becomes a [`Process`](crate::kernel::Process) stands in the
//! module `process`.
//!
//! What cannot be caught: code that loops without ever asking for anything (`loop {}`) cannot be stopped from
//! within its own thread, and a panic cannot be caught in a program built with `panic = "abort"`. And what a process
//! learns by other ways than its `Ctx` (a clock, shared memory, the order of a `HashMap`) is outside the world: the
//! determinism check ([`Deterministic`](crate::strategy::Deterministic)) finds where it shows.

mod ctx;
mod history;
mod panics;
mod process;
mod program;
mod reason;
mod requests;
mod shared;
mod wait;

use std::fmt::Debug;
use std::hash::Hash;

pub use ctx::{Builder, Ctx};
pub use process::Native;
pub use program::{NativeProgram, program};
pub use reason::{Exit, ExitReason, Incoming, IntoExit, Never, Returns};
pub use shared::{Hold, Shared};

/// What processes in Rust can send each other: any type that can be copied, compared and shown. There is nothing to
/// implement.
pub trait Message: Clone + Debug + Eq + Hash + 'static {}

impl<T: Clone + Debug + Eq + Hash + 'static> Message for T {}
