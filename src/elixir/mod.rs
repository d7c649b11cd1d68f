//! Programs in Elixir text, run by the kernel like any other.
//!
//! The passes, one after another: [`syntax`] turns text into a tree ([`ast`]), `expand` resolves macros, aliases and variables,
//! `code` makes compact code of it, and `vm` runs that as processes of the kernel. [`term`] holds the values.
//!
//! A pass asks a tree, an expression or a value for the few kinds that it has something to do with: there `_` stands for all
//! others, which it leaves alone or refuses. Where a new kind must not be forgotten, the match is exhaustive.
#![allow(clippy::wildcard_enum_match_arm)]

pub mod ast;
pub mod atom;
pub mod builtins;
pub mod code;
mod compile;
pub mod core;
pub mod diagnostic;
mod expand;
mod library;
pub mod syntax;
pub mod tables;
pub mod term;
pub mod vm;

pub use compile::{Compilation, Fault, Source, compile, required_files};
pub use expand::{CompileError, Warning};
pub use vm::{ElixirProcess, ElixirProgram, Exit, Kept, Limits as RunLimits};
