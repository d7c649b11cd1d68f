//! How what is raised finds its handler, and stack traces.

use super::interpret::{Frame, Machine, Native};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::{Class, Raised};
use crate::elixir::code::{Code, Place};
use crate::elixir::term::{Term, list};

/// So many calls are in a stack trace, as on the BEAM.
const DEPTH: usize = 8;

/// What nobody handled.
#[derive(Clone, Debug)]
pub(crate) struct Uncaught {
    /// Error, exit or throw.
    pub(crate) class: Class,
    /// What was raised.
    pub(crate) reason: Term,
    /// Where.
    pub(crate) trace: Term,
}

impl Class {
    /// Its name.
    pub(crate) fn atom(self) -> Atom {
        match self {
            Class::Error => atom::ERROR,
            Class::Exit => atom::EXIT,
            Class::Throw => atom::THROW,
        }
    }
}

impl Machine {
    /// Goes to the handler of what is raised. Without a handler, hands it back.
    pub(super) fn raise_with(&mut self, raised: Raised, trace: Term) -> Result<(), Uncaught> {
        let Raised { class, reason } = raised;
        let Some(handler) = self.handlers.as_mut().and_then(|handlers| handlers.pop()) else {
            return Err(Uncaught { class, reason, trace });
        };
        if self.handlers.as_ref().is_some_and(|handlers| handlers.is_empty()) {
            self.handlers = None;
        }
        self.frames.truncate(handler.frames as usize);
        self.base = handler.base;
        self.place = handler.place;
        self.registers = handler.registers;
        self.ensure(usize::from(handler.registers).max(usize::from(handler.register) + 3));
        self.set(handler.register, Term::Atom(class.atom()));
        self.set(handler.register + 1, reason);
        self.set(handler.register + 2, trace);
        Ok(())
    }

    /// Where the process is: innermost call first, as `__STACKTRACE__` has it.
    pub(super) fn trace(&self, code: &Code, native: Option<Native>) -> Term {
        let mut entries = Vec::new();
        let mut here = Some(self.place);
        let why = native.as_ref().and_then(|native| native.as_explanation().cloned());
        if let Some(native) = native.filter(|_| why.is_none()) {
            let of_code = here.and_then(|place| code.function_at(place.saturating_sub(1)));
            let same = of_code.is_some_and(|info| (info.module, info.name) == (native.module, native.name));
            let location = if same { here.take() } else { None };
            let arguments = list(native.arguments);
            entries.push(entry(native.module, native.name, arguments, location.map(|place| (code, place))));
        }
        let callers = self.frames.iter().rev().map(|frame: &Frame| frame.place);
        for place in here.into_iter().chain(callers) {
            if entries.len() >= DEPTH {
                break;
            }
            let Some(info) = code.function_at(place.saturating_sub(1)) else { continue };
            if info.module == atom::NIL {
                continue;
            }
            let name = if info.index.is_some() {
                Atom::new(&format!("-{}-fun-{}-", info.name, info.index.unwrap_or_default()))
            } else {
                info.name
            };
            entries.push(entry(info.module, name, Term::Int(i64::from(info.arity)), Some((code, place))));
        }
        if let (Some(why), Some(first)) = (why, entries.first_mut()) {
            explain(first, why);
        }
        list(entries)
    }
}

/// A stack trace whose first entry says why the function failed.
pub(super) fn explained(trace: &Term, why: Term) -> Term {
    let mut entries = trace.as_list().unwrap_or_default();
    if let Some(first) = entries.first_mut() {
        explain(first, why);
    }
    list(entries)
}

/// Adds to an entry why the operation failed.
fn explain(entry: &mut Term, why: Term) {
    if let Some([module, name, arity, location]) = entry.as_tuple() {
        let note = Term::tuple([Term::Atom(Atom::new("error_info")), why]);
        let location = list(location.elements().cloned().chain([note]));
        *entry = Term::tuple([module.clone(), name.clone(), arity.clone(), location]);
    }
}

fn entry(module: Atom, name: Atom, arguments: Term, at: Option<(&Code, Place)>) -> Term {
    let location = at.and_then(|(code, place)| code.lines.at(place.saturating_sub(1)));
    let location = location.map_or(Term::Empty, |(file, line)| {
        list([
            Term::tuple([Term::Atom(atom::FILE), Term::charlist(file.text())]),
            Term::tuple([Term::Atom(atom::LINE), Term::Int(i64::from(line))]),
        ])
    });
    Term::tuple([Term::Atom(module), Term::Atom(name), arguments, location])
}
