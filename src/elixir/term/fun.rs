//! Functions as values.

use super::Term;
use super::release::release;
use crate::elixir::atom::Atom;

/// Which code a function value runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A function of this number in the code; `index` tells the anonymous functions of a module apart.
    Local {
        /// The number of the function.
        function: u32,
        /// Which of its module's anonymous functions it is.
        index: u32,
    },
    /// `&Module.name/arity`, looked up at the call.
    External,
}

/// A function as a value.
#[derive(Clone, Debug)]
pub struct Fun {
    /// The module in which it was written.
    pub module: Atom,
    /// The function that it captures, or in which it was written.
    pub name: Atom,
    /// How many arguments it takes.
    pub arity: u8,
    /// What it runs.
    pub target: Target,
    captured: Box<[Term]>,
}

impl Fun {
    /// A function that holds these values.
    #[must_use]
    pub fn new(module: Atom, name: Atom, arity: u8, target: Target, captured: Box<[Term]>) -> Fun {
        Fun { module, name, arity, target, captured }
    }

    /// The values of the variables that it uses from outside.
    #[must_use]
    #[inline]
    pub fn captured(&self) -> &[Term] {
        &self.captured
    }

    pub(super) fn captured_mut(&mut self) -> &mut [Term] {
        &mut self.captured
    }
}

impl Drop for Fun {
    fn drop(&mut self) {
        release(&mut self.captured);
    }
}
