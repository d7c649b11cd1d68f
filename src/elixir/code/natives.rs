//! What calls find that is not written in Elixir.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Callable;
use crate::elixir::atom::Atom;
use crate::elixir::builtins::{self, Entry};
use crate::elixir::expand::{KERNEL_RENAMED, KERNEL_SAME};
use crate::elixir::vm::ACTIONS;

/// The built-ins, and what the virtual machine does itself, by name.
pub struct Natives {
    entries: Vec<&'static Entry>,
    names: BTreeMap<(u32, u32, u8), Callable>,
}

impl Natives {
    /// All of them.
    #[must_use]
    pub fn get() -> &'static Natives {
        static NATIVES: LazyLock<Natives> = LazyLock::new(Natives::new);
        &NATIVES
    }

    fn new() -> Natives {
        let entries: Vec<&'static Entry> = builtins::all().collect();
        let key =
            |module: &str, name: &str, arity| (Atom::new(module).number(), Atom::new(name).number(), arity);
        let mut names = BTreeMap::new();
        for (number, entry) in (0..).zip(&entries) {
            names.insert(key(entry.module, entry.name, entry.arity), Callable::Builtin(number));
        }
        for (number, (module, name, arity, _)) in (0..).zip(ACTIONS) {
            names.insert(key(module, name, *arity), Callable::Action(number));
        }
        // Kernel's functions by their own names, for calls whose function is known only when they are made.
        let mut kernel: Vec<(&str, &str)> = KERNEL_SAME.iter().map(|name| (*name, *name)).collect();
        kernel.extend_from_slice(KERNEL_RENAMED);
        for (name, erlang) in kernel {
            for arity in 0..=3 {
                if let Some(found) = names.get(&key("erlang", erlang, arity)).copied() {
                    names.insert(key("Elixir.Kernel", name, arity), found);
                }
            }
        }
        for (name, arity) in [("elem", 2), ("put_elem", 3)] {
            if let Some(found) = names.get(&key("rashomon", name, arity)).copied() {
                names.insert(key("Elixir.Kernel", name, arity), found);
            }
        }
        Natives { entries, names }
    }

    /// What a name stands for.
    #[must_use]
    pub fn find(&self, module: Atom, name: Atom, arity: u8) -> Option<Callable> {
        self.names.get(&(module.number(), name.number(), arity)).copied()
    }

    /// The names of all: module, function, arity.
    #[cfg(test)]
    pub(crate) fn names(&self) -> impl Iterator<Item = (Atom, Atom, u8)> {
        let atom = Atom::from_number;
        self.names.keys().map(move |&(module, name, arity)| (atom(module), atom(name), arity))
    }

    /// A built-in.
    #[must_use]
    pub fn entry(&self, number: u16) -> Option<&'static Entry> {
        self.entries.get(usize::from(number)).copied()
    }
}
