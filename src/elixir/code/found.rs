//! What calls by name have found lately, for calls whose function is known only when they are made.

use std::cell::Cell;

use super::Callable;
use crate::elixir::atom::Atom;

/// How many finds are kept.
const PLACES: usize = 256;

/// A call by name, and what it has found.
type Find = Option<(Atom, Atom, u8, Callable)>;

/// What calls by name have found lately. Two that share a place take turns.
#[derive(Clone, Debug)]
pub(crate) struct Found(Box<[Cell<Find>]>);

impl Default for Found {
    fn default() -> Found {
        Found(vec![Cell::new(None); PLACES].into_boxed_slice())
    }
}

impl Found {
    fn place(&self, module: Atom, name: Atom, arity: u8) -> Option<&Cell<Find>> {
        let mixed = module.number().wrapping_mul(31).wrapping_add(name.number().wrapping_mul(7));
        self.0.get(mixed.wrapping_add(u32::from(arity)) as usize % PLACES)
    }

    /// What a call has found, if that is known.
    #[inline]
    pub(crate) fn get(&self, module: Atom, name: Atom, arity: u8) -> Option<Callable> {
        match self.place(module, name, arity)?.get() {
            Some((of, called, with, found)) if (of, called, with) == (module, name, arity) => Some(found),
            _ => None,
        }
    }

    /// Keeps what a call has found.
    pub(crate) fn keep(&self, module: Atom, name: Atom, arity: u8, found: Callable) {
        if let Some(place) = self.place(module, name, arity) {
            place.set(Some((module, name, arity, found)));
        }
    }

    /// Forgets everything: names may stand for something else now.
    pub(crate) fn clear(&self) {
        for place in &self.0 {
            place.set(None);
        }
    }
}
