//! The functions that the library stands on: Erlang's own, under their own names, and a few of ours in the module
//! `rashomon`.
//!
//! A built-in is a function of its arguments: it can't see the world, and it never calls back into Elixir. What a process
//! asks of the world (`send`, `spawn`, …) is not here but in the virtual machine.
//!
//! One file for each of Erlang's modules, or for one theme of a large one. An argument of a type that a function is not
//! made for is an error like any other, so there `_` stands for every such type.
#![allow(clippy::wildcard_enum_match_arm)]

#[macro_use]
mod table;
mod args;
pub mod arithmetic;
pub mod badarg;
mod badarg_process;
mod binary_module;
mod bit_cursor;
pub mod bits;
pub mod bits_failure;
mod erlang_binary;
mod erlang_numbers;
pub mod erlang_terms;
pub mod external;
pub mod float_format;
pub mod inspect;
mod lists;
mod lists_keys;
mod maps;
mod math;
mod regex;
mod regex_escape;
mod regex_syntax;
mod string;
mod support;
#[cfg(test)]
mod tests;
mod unicode;

use super::atom::{self, Atom};
use super::term::Term;

/// How a built-in fails.
#[derive(Clone, Debug)]
pub struct Raised {
    /// Whether it is an error, an exit, or a throw.
    pub class: Class,
    /// What is raised: a reason as Erlang has it (`:badarg`, `{:badkey, key}`), or an exception struct.
    pub reason: Term,
}

/// The three ways of leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// An error.
    Error,
    /// An exit.
    Exit,
    /// A throw.
    Throw,
}

impl Raised {
    /// An error with this reason.
    #[must_use]
    pub fn error(reason: Term) -> Raised {
        Raised { class: Class::Error, reason }
    }

    /// An error whose reason is an atom.
    #[must_use]
    pub fn atom(reason: Atom) -> Raised {
        Raised::error(Term::Atom(reason))
    }

    /// `:badarg`
    #[must_use]
    pub fn badarg() -> Raised {
        Raised::atom(atom::BADARG)
    }

    /// `{name, value}`, such as `{:badkey, key}`.
    #[must_use]
    pub fn with(name: Atom, value: Term) -> Raised {
        Raised::error(Term::tuple([Term::Atom(name), value]))
    }
}

/// What built-ins may know beside their arguments.
pub trait Context {
    /// The fields of a struct in the order of their definition, without `__struct__`.
    fn struct_fields(&self, module: Atom) -> Option<Vec<Atom>>;

    /// Whether a module has an implementation of a protocol of its own: the protocol is asked for, not a built-in.
    fn implements(&self, protocol: Atom, module: Atom) -> bool;

    /// Counts memory that a built-in is about to take.
    ///
    /// # Errors
    ///
    /// `:system_limit` if that is more than the process may have.
    fn reserve(&mut self, bytes: usize) -> Result<(), Raised>;
}

/// A built-in. It may take its arguments out of their places.
pub type Builtin = fn(&mut dyn Context, &mut [Term]) -> Result<Term, Raised>;

/// A built-in and its name.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The module, as Erlang writes it.
    pub module: &'static str,
    /// The function.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: u8,
    /// What it does.
    pub run: Builtin,
}

/// All built-ins.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    const TABLES: &[&[Entry]] = &[
        arithmetic::TABLE,
        arithmetic::ours::TABLE,
        badarg::TABLE,
        binary_module::TABLE,
        erlang_binary::TABLE,
        erlang_numbers::TABLE,
        erlang_terms::TABLE,
        external::TABLE,
        float_format::TABLE,
        inspect::TABLE,
        lists::TABLE,
        lists_keys::TABLE,
        maps::TABLE,
        math::TABLE,
        support::TABLE,
        regex::TABLE,
        string::TABLE,
        unicode::TABLE,
    ];
    TABLES.iter().copied().flatten()
}
