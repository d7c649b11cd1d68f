//! Code for patterns: each checks a register, binds variables, or goes to where the next clause begins.

use super::generate::{Generator, Label, TooLarge};
use super::{Op, Read, Register};
use crate::elixir::core::{Expr, Pattern};
use crate::elixir::term::Term;

impl Generator<'_> {
    /// Compares the value in a register with a pattern. `owned`: the register may become that of a variable.
    pub(super) fn pattern(
        &mut self,
        pattern: &Pattern,
        from: Register,
        owned: bool,
        fail: Label,
    ) -> Result<(), TooLarge> {
        match pattern {
            Pattern::Any => {}
            Pattern::Bind(variable) => match self.register_of(*variable) {
                Some(to) => self.copy(to, from),
                None if owned => self.bind(*variable, from),
                None => {
                    let to = self.allocate()?;
                    self.bind(*variable, to);
                    self.emit(Op::Move { to, from });
                }
            },
            Pattern::Same(variable) => {
                let b = self.register(*variable)?;
                self.emit(Op::JumpUnless { test: super::Test::Same, a: from, b, to: fail.0 });
            }
            Pattern::Literal(term) => self.literal_pattern(term, from, fail),
            Pattern::Cons(head, tail) => {
                let first = self.target(head)?;
                let rest = self.target(tail)?;
                self.emit(Op::Uncons { from, head: first, tail: rest, fail: fail.0 });
                self.part(head, first, fail)?;
                self.part(tail, rest, fail)?;
            }
            Pattern::Tuple(items) => {
                let size = u16::try_from(items.len()).map_err(|_| TooLarge)?;
                self.emit(Op::IsTuple { register: from, size, fail: fail.0 });
                // What is compared comes first: it often decides without anything being copied.
                for (index, item) in (0..).zip(items) {
                    if matches!(item, Pattern::Literal(_)) {
                        let to = self.target(item)?;
                        self.emit(Op::Element { to, from, index });
                        self.part(item, to, fail)?;
                    }
                }
                for (index, item) in (0..).zip(items) {
                    if !matches!(item, Pattern::Any | Pattern::Literal(_)) {
                        let to = self.target(item)?;
                        self.emit(Op::Element { to, from, index });
                        self.part(item, to, fail)?;
                    }
                }
            }
            Pattern::Map(pairs) => {
                self.emit(Op::JumpUnlessType { wanted: super::Type::Map, register: from, to: fail.0 });
                for (key, value) in pairs {
                    let to = self.target(value)?;
                    let key = self.operand(key)?;
                    self.emit(Op::MapGet { to, map: from, key, fail: fail.0 });
                    self.part(value, to, fail)?;
                }
            }
            Pattern::Bits(segments) => {
                let at = self.allocate()?;
                self.allocate()?;
                self.emit(Op::OpenBits { at, from, fail: fail.0 });
                for (segment, value, size) in segments {
                    let size = self.optional(size.as_ref())?;
                    let to = self.target(value)?;
                    let read = u32::try_from(self.code.reads.len()).map_err(|_| TooLarge)?;
                    self.code.reads.push(Read { segment: *segment, at, to, size });
                    self.emit(Op::ReadBits { read, fail: fail.0 });
                    self.part(value, to, fail)?;
                }
                self.emit(Op::CloseBits { at, fail: fail.0 });
            }
            Pattern::Both(a, b) => {
                // The variable of `pattern = variable` must not take the register away from the other side.
                self.pattern(a, from, owned, fail)?;
                self.pattern(b, from, owned && !binds_whole(a), fail)?;
            }
        }
        Ok(())
    }

    fn optional(&mut self, size: Option<&Expr>) -> Result<Register, TooLarge> {
        size.map_or(Ok(super::NONE), |size| self.operand(size))
    }

    /// Where a part of a value goes: the register of the variable that it binds, or a new one.
    fn target(&mut self, pattern: &Pattern) -> Result<Register, TooLarge> {
        if let Pattern::Bind(variable) = pattern {
            if let Some(register) = self.register_of(*variable) {
                return Ok(register);
            }
            let register = self.allocate()?;
            self.bind(*variable, register);
            return Ok(register);
        }
        self.allocate()
    }

    /// Compares a part that is in its target already.
    fn part(&mut self, pattern: &Pattern, at: Register, fail: Label) -> Result<(), TooLarge> {
        if matches!(pattern, Pattern::Bind(_)) { Ok(()) } else { self.pattern(pattern, at, true, fail) }
    }

    fn literal_pattern(&mut self, term: &Term, register: Register, fail: Label) {
        match term {
            Term::Atom(atom) => self.emit(Op::JumpUnlessAtom { register, atom: *atom, to: fail.0 }),
            Term::Empty => {
                self.emit(Op::JumpUnlessType { wanted: super::Type::EmptyList, register, to: fail.0 });
            }
            Term::Int(value) if i16::try_from(*value).is_ok() => {
                let value = i16::try_from(*value).unwrap_or_default();
                self.emit(Op::JumpUnlessInt { test: super::Test::Same, a: register, value, to: fail.0 });
            }
            _ => {
                let constant = self.constant(term);
                self.emit(Op::JumpUnlessConstant { register, constant, to: fail.0 });
            }
        }
    }
}

/// Whether a pattern binds a variable to the whole value.
fn binds_whole(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Bind(_) => true,
        Pattern::Both(a, b) => binds_whole(a) || binds_whole(b),
        Pattern::Any
        | Pattern::Same(_)
        | Pattern::Literal(_)
        | Pattern::Cons(..)
        | Pattern::Tuple(_)
        | Pattern::Map(_)
        | Pattern::Bits(_) => false,
    }
}
