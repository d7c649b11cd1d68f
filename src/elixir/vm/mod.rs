//! The virtual machine: Elixir processes as processes of the kernel.
//!
//! `interpret` runs code until it needs something from outside, and knows nothing of the kernel. `actions` turns what it needs
//! into requests to the world, and the world's replies into values. `process` is the boundary to the kernel.

mod actions;
mod alone;
mod assigned;
mod bitstrings;
mod calls;
mod crash;
mod environment;
mod interpret;
mod memory;
mod process;
mod program;
mod raise;
mod show;
mod sketch;
mod view;

pub(crate) use actions::ACTIONS;
pub(crate) use alone::{Attribute, CompileTime, run_alone};
pub(crate) use environment::Unreadable;
pub use environment::{Environment, Limits, Tools};
pub(crate) use memory::weight;
pub use process::{ElixirProcess, Exit, Kept, Place, Text};
pub use program::ElixirProgram;
pub(crate) use show::show;
pub use view::Call;
