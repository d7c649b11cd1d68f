//! Calls whose function is known only when they are made.

use super::interpret::{Again, Budget, Exhausted, Machine, Stop, find};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::Raised;
use crate::elixir::code::{Callable, Code, Natives, Register};
use crate::elixir::term::{Target, Term, list};

impl Machine {
    /// Calls the function value in `at` with what follows it. A tail call of what is not in the code returns to the
    /// caller's next operation all the same.
    pub(super) fn call_value(
        &mut self,
        code: &Code,
        natives: &Natives,
        budget: &mut Budget,
        at: Register,
        count: u16,
        tail: bool,
    ) -> Option<Stop> {
        let fun = match self.register(at) {
            Term::Fun(fun) => fun.clone(),
            other => return Some(Stop::Raised(Raised::with(atom::BADFUN, other.clone()), None)),
        };
        let arguments = usize::from(count);
        let start = self.base as usize + usize::from(at);
        if u16::from(fun.arity) != count {
            let given = list(self.window(at + 1, arguments).iter().cloned());
            let reason = Term::tuple([Term::Fun(fun), given]);
            return Some(Stop::Raised(Raised::with(atom::BADARITY, reason), None));
        }
        match fun.target {
            Target::Local { function, .. } => {
                if let Some(stop) = self.admit(budget) {
                    return Some(stop);
                }
                let captured = fun.captured();
                match captured {
                    [one] => self.set(at, one.clone()),
                    [] => {
                        if let Some(window) = self.stack.get_mut(start..=start + arguments) {
                            window.rotate_left(1);
                        }
                    }
                    many => {
                        self.ensure(usize::from(at) + many.len() + arguments + 1);
                        if let Some(window) = self.stack.get_mut(start..start + many.len() + arguments) {
                            // The arguments move up behind what the function holds.
                            for index in (0..arguments).rev() {
                                window.swap(1 + index, many.len() + index);
                            }
                            for (slot, value) in window.iter_mut().zip(many) {
                                *slot = value.clone();
                            }
                        }
                    }
                }
                let entry = code.entry(function);
                if tail {
                    self.replace(entry, at, captured.len() as u16 + count);
                } else {
                    self.enter(entry, at);
                }
                None
            }
            Target::External => {
                if let Some(window) = self.stack.get_mut(start..=start + arguments) {
                    window.rotate_left(1);
                }
                self.call_named(code, natives, budget, fun.module, fun.name, at, count)
            }
        }
    }

    /// Calls a function by name, with arguments from `at` on.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn call_named(
        &mut self,
        code: &Code,
        natives: &Natives,
        budget: &mut Budget,
        module: Atom,
        name: Atom,
        at: Register,
        count: u16,
    ) -> Option<Stop> {
        let arity = u8::try_from(count).unwrap_or(u8::MAX);
        match find(code, natives, module, name, arity) {
            Some(found) => self.call_found(code, natives, budget, found, at),
            None => Some(Stop::Missing { module, name, at, count, again: Again::Call }),
        }
    }

    /// Calls what was found, with arguments from `at` on.
    pub(super) fn call_found(
        &mut self,
        code: &Code,
        natives: &Natives,
        budget: &mut Budget,
        found: Callable,
        at: Register,
    ) -> Option<Stop> {
        match found {
            Callable::Function(function) => {
                if budget.calls == 0 {
                    return Some(Stop::Exhausted(Exhausted::Calls));
                }
                budget.calls -= 1;
                let entry = code.entry(function);
                self.enter(entry, at);
                None
            }
            Callable::Builtin(builtin) => match self.builtin(code, natives, budget, builtin, at) {
                Ok(value) => {
                    self.set(at, value);
                    None
                }
                Err(raised) => Some(self.native_failed(natives, raised, builtin, at)),
            },
            Callable::Action(action) => Some(Stop::Act { action, at, position: u32::MAX }),
        }
    }

    /// Puts a call of `function` with the arguments of a list into `at` and after it. Returns how many there are.
    pub(super) fn spread(&mut self, at: Register, arguments: &Term) -> Option<u16> {
        let arguments = arguments.as_list()?;
        let count = u8::try_from(arguments.len()).ok()?;
        self.ensure(usize::from(at) + arguments.len() + 4);
        for (register, value) in (at..).zip(arguments) {
            self.set(register, value);
        }
        Some(u16::from(count))
    }
}
