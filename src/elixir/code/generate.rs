//! From expressions to operations.
//!
//! Each expression is asked to put its value into a register. Registers are given out like a stack: what an expression
//! needs in between lies above what is in use, and is free again when it is done. A call clobbers everything above its
//! arguments, so variables that are bound inside an expression get their registers before it begins.

use std::rc::Rc;

use super::liveness;
use super::natives::Natives;
use super::parts::Part;
use super::{Callable, Code, FunctionInfo, NONE, Op, Place, Register, Remote, Test, Type};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Callee, Clause, Expr, ExprKind, Failure, Function, Pattern, Variable};
use crate::elixir::term::Term;

/// A function that needs more registers, constants or operations than there are numbers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this function is too large")]
pub struct TooLarge;

/// A place that is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(pub(super) u32);

/// What came of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The number of its first function; the others follow in the order in which they were given.
    pub first: u32,
}

/// Adds the functions of a module to the code.
///
/// # Errors
///
/// [`TooLarge`]
pub fn generate(
    code: &mut Code,
    natives: &Natives,
    file: Atom,
    module: Atom,
    functions: &[Function],
) -> Result<Generated, TooLarge> {
    let first = u32::try_from(code.functions.len()).map_err(|_| TooLarge)?;
    let names = functions.iter().map(|function| (function.name, function.arity)).collect();
    for function in functions {
        liveness::mark(function);
        code.functions.push(FunctionInfo {
            entry: Place::MAX,
            module,
            name: function.name,
            arity: function.arity,
            captured: 0,
            index: None,
        });
    }
    let mut generator = Generator {
        code,
        natives,
        file,
        module,
        first,
        names,
        lambdas: Vec::new(),
        slots: Vec::new(),
        next: 0,
        highest: 0,
        labels: Vec::new(),
        guard: None,
        protected: 0,
    };
    for (number, function) in (first..).zip(functions) {
        generator.function(number, function)?;
    }
    let mut done = 0;
    while let Some(lambda) = generator.lambdas.get(done).cloned() {
        generator.function(lambda.0, &lambda.1)?;
        done += 1;
    }
    Ok(Generated { first })
}

pub(super) struct Generator<'a> {
    pub(super) code: &'a mut Code,
    natives: &'a Natives,
    file: Atom,
    module: Atom,
    first: u32,
    names: Vec<(Atom, u8)>,
    lambdas: Vec<(u32, Rc<Function>)>,
    slots: Vec<Option<Register>>,
    next: u32,
    highest: u32,
    labels: Vec<Option<Place>>,
    /// Where a guard goes that fails.
    guard: Option<Label>,
    /// How many `try`s surround the expression: their calls are no tail calls.
    protected: u32,
}

impl Generator<'_> {
    // Registers.

    pub(super) fn allocate(&mut self) -> Result<Register, TooLarge> {
        self.allocate_many(1)
    }

    fn allocate_many(&mut self, count: usize) -> Result<Register, TooLarge> {
        let at = self.next;
        self.next += u32::try_from(count).map_err(|_| TooLarge)?;
        self.highest = self.highest.max(self.next);
        // Two more than are used: a failing function raises with three registers at most.
        if self.highest + 4 >= u32::from(NONE) { Err(TooLarge) } else { Ok(at as Register) }
    }

    pub(super) fn register_of(&self, variable: Variable) -> Option<Register> {
        self.slots.get(variable.0 as usize).copied().flatten()
    }

    pub(super) fn register(&self, variable: Variable) -> Result<Register, TooLarge> {
        // Every variable is bound before it is used: expansion sees to that.
        debug_assert!(self.register_of(variable).is_some(), "a variable without a register: {variable:?}");
        self.register_of(variable).ok_or(TooLarge)
    }

    pub(super) fn bind(&mut self, variable: Variable, register: Register) {
        if let Some(slot) = self.slots.get_mut(variable.0 as usize) {
            *slot = Some(register);
        }
    }

    // Operations and labels.

    pub(super) fn emit(&mut self, op: Op) {
        self.code.ops.push(op);
    }

    fn here(&self) -> Place {
        self.code.ops.len() as Place
    }

    fn line(&mut self, line: u32) {
        if line != 0 {
            let here = self.here();
            self.code.lines.begin(here, self.file, line);
        }
    }

    /// The number of a line, for operations that mention one.
    fn position(&mut self, line: u32) -> u32 {
        if self.code.positions.last() != Some(&(self.file, line)) {
            self.code.positions.push((self.file, line));
        }
        self.code.positions.len() as u32 - 1
    }

    fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() as u32 - 1)
    }

    fn place(&mut self, label: Label) {
        let here = self.here();
        if let Some(place) = self.labels.get_mut(label.0 as usize) {
            *place = Some(here);
        }
    }

    pub(super) fn constant(&mut self, term: &Term) -> u32 {
        self.code.constants.push(term.clone());
        self.code.constants.len() as u32 - 1
    }

    pub(super) fn copy(&mut self, to: Register, from: Register) {
        if to != from {
            self.emit(Op::Move { to, from });
        }
    }

    fn take(&mut self, to: Register, from: Register) {
        if to != from {
            self.emit(Op::Take { to, from });
        }
    }

    // Functions.

    fn function(&mut self, number: u32, function: &Function) -> Result<(), TooLarge> {
        let start = self.here();
        self.labels.clear();
        self.slots = vec![None; function.variables as usize];
        let captured = function.captured.len();
        let inputs = captured + usize::from(function.arity);
        self.next = 0;
        self.highest = 0;
        self.protected = 0;
        self.allocate_many(inputs)?;
        if let Some(info) = self.code.functions.get_mut(number as usize) {
            info.entry = start;
            info.captured = captured as u16;
        }
        for (register, variable) in (0..).zip(&function.captured) {
            self.bind(*variable, register);
        }
        self.line(function.line);
        self.emit(Op::Enter { registers: 0 });
        for clause in &function.clauses {
            let fail = self.label();
            self.clause_head(clause, captured as Register, true, fail)?;
            self.tail(&clause.body)?;
            self.place(fail);
            self.next = inputs as u32;
        }
        self.line(function.line);
        self.emit(Op::Fail { failure: Failure::Function, register: captured as Register });
        let registers = (self.highest + 1) as u16;
        if let Some(op) = self.code.ops.get_mut(start as usize) {
            *op = Op::Enter { registers };
        }
        let mut unknown = false;
        for op in self.code.ops.get_mut(start as usize..).into_iter().flatten() {
            op.parts(&mut |part| {
                if let Part::Place(place) = part {
                    let found = self.labels.get(*place as usize).copied().flatten();
                    unknown |= found.is_none();
                    *place = found.unwrap_or(Place::MAX);
                }
            });
        }
        if unknown { Err(TooLarge) } else { Ok(()) }
    }

    /// Patterns and guards of a clause whose subjects lie from `at` on.
    fn clause_head(
        &mut self,
        clause: &Clause,
        at: Register,
        owned: bool,
        fail: Label,
    ) -> Result<(), TooLarge> {
        self.line(clause.line);
        for (register, pattern) in (at..).zip(&clause.patterns) {
            self.pattern(pattern, register, owned, fail)?;
        }
        self.guards(&clause.guards, fail)
    }

    fn guards(&mut self, guards: &[Expr], fail: Label) -> Result<(), TooLarge> {
        let Some((last, others)) = guards.split_last() else { return Ok(()) };
        let passed = self.label();
        for guard in others {
            let next = self.label();
            self.guard_test(guard, next)?;
            self.emit(Op::Jump { to: passed.0 });
            self.place(next);
        }
        self.guard_test(last, fail)?;
        self.place(passed);
        Ok(())
    }

    fn guard_test(&mut self, guard: &Expr, fail: Label) -> Result<(), TooLarge> {
        let before = (self.guard.replace(fail), self.next);
        self.jump_unless(guard, fail)?;
        (self.guard, self.next) = before;
        Ok(())
    }

    // Conditions.

    /// Goes to `otherwise` unless the condition holds.
    fn jump_unless(&mut self, condition: &Expr, otherwise: Label) -> Result<(), TooLarge> {
        let saved = self.next;
        self.declare(condition)?;
        match &condition.kind {
            ExprKind::Literal(term) => {
                if !term.is_truthy() {
                    self.emit(Op::Jump { to: otherwise.0 });
                }
            }
            // a and b
            ExprKind::If { condition: a, then: b, otherwise: no, .. } if is_false(no) => {
                self.checked(condition, a)?;
                self.jump_unless(a, otherwise)?;
                self.jump_unless(b, otherwise)?;
            }
            // a or b
            ExprKind::If { condition: a, then: yes, otherwise: b, .. } if is_true(yes) => {
                let holds = self.label();
                self.checked(condition, a)?;
                self.jump_if(a, holds)?;
                self.jump_unless(b, otherwise)?;
                self.place(holds);
            }
            // not a
            ExprKind::If { condition: a, then: no, otherwise: yes, .. } if is_false(no) && is_true(yes) => {
                self.checked(condition, a)?;
                self.jump_if(a, otherwise)?;
            }
            ExprKind::Call(Callee::Remote(atom::ERLANG, name), arguments)
                if comparison(*name).is_some() && arguments.len() == 2 =>
            {
                if let (Some(test), [a, b]) = (comparison(*name), arguments.as_slice()) {
                    self.line(condition.line);
                    match b.as_literal().and_then(Term::as_int).and_then(|value| i16::try_from(value).ok()) {
                        Some(value) => {
                            let a = self.operand(a)?;
                            self.emit(Op::JumpUnlessInt { test, a, value, to: otherwise.0 });
                        }
                        None => {
                            let (a, b) = self.operands(a, b)?;
                            self.emit(Op::JumpUnless { test, a, b, to: otherwise.0 });
                        }
                    }
                }
            }
            ExprKind::Call(Callee::Remote(atom::ERLANG, name), arguments)
                if arguments.len() == 1 && type_test(*name).is_some() =>
            {
                if let (Some(wanted), [value]) = (type_test(*name), arguments.as_slice()) {
                    let register = self.operand(value)?;
                    self.emit(Op::JumpUnlessType { wanted, register, to: otherwise.0 });
                }
            }
            _ => {
                let register = self.operand(condition)?;
                if self.guard.is_some() {
                    self.emit(Op::JumpUnlessTrue { register, to: otherwise.0 });
                } else {
                    self.emit(Op::JumpIfFalsy { register, to: otherwise.0 });
                }
            }
        }
        self.next = saved;
        Ok(())
    }

    /// Goes to `target` if the condition holds.
    fn jump_if(&mut self, condition: &Expr, target: Label) -> Result<(), TooLarge> {
        let saved = self.next;
        self.declare(condition)?;
        match &condition.kind {
            ExprKind::If { .. } | ExprKind::Call(Callee::Remote(atom::ERLANG, _), _) => {
                let not = self.label();
                self.jump_unless(condition, not)?;
                self.emit(Op::Jump { to: target.0 });
                self.place(not);
            }
            _ => {
                let register = self.operand(condition)?;
                if self.guard.is_some() {
                    // What is neither true nor false fails the guard; that it is false is the one way to go on.
                    let not = self.label();
                    self.emit(Op::JumpUnlessTrue { register, to: not.0 });
                    self.emit(Op::Jump { to: target.0 });
                    self.place(not);
                    if let Some(fail) = self.guard {
                        self.emit(Op::JumpUnlessAtom { register, atom: atom::FALSE, to: fail.0 });
                    }
                } else {
                    self.emit(Op::JumpIfTruthy { register, to: target.0 });
                }
            }
        }
        self.next = saved;
        Ok(())
    }

    /// Insists on a boolean on the left of `and` and `or`, where that is not known. The operand is a variable then.
    fn checked(&mut self, whole: &Expr, left: &Expr) -> Result<(), TooLarge> {
        if let (ExprKind::If { strict: Some(operator), .. }, None) = (&whole.kind, self.guard)
            && !left.is_boolean()
        {
            let register = self.operand(left)?;
            self.line(whole.line);
            self.emit(Op::Boolean { register, operator: *operator });
        }
        Ok(())
    }

    // Values.

    /// A register that holds the value: that of the variable itself, or a new one.
    pub(super) fn operand(&mut self, e: &Expr) -> Result<Register, TooLarge> {
        if let ExprKind::Variable(variable, _) = &e.kind {
            return self.register(*variable);
        }
        let to = self.allocate()?;
        self.value(e, to)?;
        Ok(to)
    }

    fn operands(&mut self, a: &Expr, b: &Expr) -> Result<(Register, Register), TooLarge> {
        let simple = matches!(b.kind, ExprKind::Variable(..) | ExprKind::Literal(_));
        let left = if simple {
            self.operand(a)?
        } else {
            // The right side may move the variable on the left away.
            let to = self.allocate()?;
            self.value(a, to)?;
            to
        };
        Ok((left, self.operand(b)?))
    }

    /// Evaluates and forgets.
    fn effect(&mut self, e: &Expr) -> Result<(), TooLarge> {
        let saved = self.next;
        match &e.kind {
            ExprKind::Literal(_) | ExprKind::Variable(..) => {}
            ExprKind::Match(pattern, value) => match &**pattern {
                Pattern::Bind(variable) => {
                    let to = self.register(*variable)?;
                    self.value(value, to)?;
                }
                pattern => {
                    let from = match &value.kind {
                        // A variable stays where it is: others may need it.
                        ExprKind::Variable(variable, _) => self.register(*variable)?,
                        _ => {
                            let to = self.allocate()?;
                            self.value(value, to)?;
                            to
                        }
                    };
                    self.match_or_fail(pattern, from, e.line)?;
                }
            },
            _ => {
                let to = self.allocate()?;
                self.value(e, to)?;
            }
        }
        self.next = saved;
        Ok(())
    }

    fn match_or_fail(&mut self, pattern: &Pattern, from: Register, line: u32) -> Result<(), TooLarge> {
        if matches!(pattern, Pattern::Any) {
            return Ok(());
        }
        let fail = self.label();
        let end = self.label();
        self.line(line);
        self.pattern(pattern, from, false, fail)?;
        self.emit(Op::Jump { to: end.0 });
        self.place(fail);
        self.emit(Op::Fail { failure: Failure::Match, register: from });
        self.place(end);
        Ok(())
    }

    /// The body of a branch: what it binds gets registers first.
    fn scope(&mut self, e: &Expr, to: Register) -> Result<(), TooLarge> {
        let saved = self.next;
        self.declare(e)?;
        self.value(e, to)?;
        self.next = saved;
        Ok(())
    }

    fn protected_scope(&mut self, e: &Expr, to: Register) -> Result<(), TooLarge> {
        self.protected += 1;
        self.scope(e, to)?;
        self.protected -= 1;
        Ok(())
    }

    /// Evaluates in tail position: returns the value from the function.
    fn tail(&mut self, e: &Expr) -> Result<(), TooLarge> {
        let saved = self.next;
        self.declare(e)?;
        match &e.kind {
            ExprKind::Sequence(items) => {
                if let Some((last, others)) = items.split_last() {
                    for item in others {
                        self.effect(item)?;
                    }
                    self.tail(last)?;
                }
            }
            ExprKind::If { condition, then, otherwise, strict } => {
                let no = self.label();
                if strict.is_some() {
                    self.checked(e, condition)?;
                }
                self.jump_unless(condition, no)?;
                self.tail(then)?;
                self.place(no);
                self.tail(otherwise)?;
            }
            ExprKind::Case { subject, clauses, failure } => {
                self.case(e.line, subject, clauses, *failure, None)?;
            }
            ExprKind::Receive { clauses, after } => self.receive(e.line, clauses, after.as_ref(), None)?,
            ExprKind::Call(callee, arguments) => self.call(e.line, callee, arguments, None)?,
            ExprKind::Variable(variable, _) => {
                let register = self.register(*variable)?;
                self.emit(Op::Return { register });
            }
            _ => {
                let to = self.allocate()?;
                self.value(e, to)?;
                self.emit(Op::Return { register: to });
            }
        }
        self.next = saved;
        Ok(())
    }

    /// Puts the value into `to`.
    pub(super) fn value(&mut self, e: &Expr, to: Register) -> Result<(), TooLarge> {
        let saved = self.next;
        match &e.kind {
            ExprKind::Literal(term) => self.literal(term, to),
            ExprKind::Variable(variable, last) => {
                let from = self.register(*variable)?;
                if last.get() && self.guard.is_none() { self.take(to, from) } else { self.copy(to, from) }
            }
            ExprKind::Cons(head, tail) => {
                let at = self.all(&[head, tail])?;
                self.emit(Op::Cons { to, head: at, tail: at + 1 });
            }
            ExprKind::Tuple(items) => {
                let at = self.all(&items.iter().collect::<Vec<_>>())?;
                let count = u16::try_from(items.len()).map_err(|_| TooLarge)?;
                self.emit(Op::Tuple { to, at, count });
            }
            ExprKind::Map(pairs) => {
                let at = self.all(&pairs.iter().flat_map(|(key, value)| [key, value]).collect::<Vec<_>>())?;
                let count = u16::try_from(pairs.len()).map_err(|_| TooLarge)?;
                self.emit(Op::Map { to, at, count });
            }
            ExprKind::MapUpdate(map, pairs) => {
                let mut items = vec![&**map];
                items.extend(pairs.iter().flat_map(|(key, value)| [key, value]));
                let at = self.all(&items)?;
                let count = u16::try_from(pairs.len()).map_err(|_| TooLarge)?;
                self.line(e.line);
                self.emit(Op::MapUpdate { to, at, count });
            }
            ExprKind::Bits(segments) => {
                let mut items = Vec::new();
                for (_, value, size) in segments {
                    items.push(value);
                    items.extend(size);
                }
                let at = self.all(&items)?;
                let layout = self.code.layouts.len() as u32;
                let described = segments.iter().map(|(segment, _, size)| (*segment, size.is_some()));
                self.code.layouts.push(described.collect());
                self.line(e.line);
                self.emit(Op::BuildBits { to, at, layout });
            }
            ExprKind::Match(pattern, value) => {
                self.value(value, to)?;
                match &**pattern {
                    Pattern::Bind(variable) => {
                        let register = self.register(*variable)?;
                        self.copy(register, to);
                    }
                    pattern => self.match_or_fail(pattern, to, e.line)?,
                }
            }
            ExprKind::Sequence(items) => {
                if let Some((last, others)) = items.split_last() {
                    for item in others {
                        self.effect(item)?;
                    }
                    self.value(last, to)?;
                } else {
                    self.literal(&crate::elixir::term::NIL, to);
                }
            }
            ExprKind::Case { subject, clauses, failure } => {
                self.case(e.line, subject, clauses, *failure, Some(to))?;
            }
            ExprKind::If { condition, then, otherwise, strict } => {
                let (no, end) = (self.label(), self.label());
                if strict.is_some() {
                    self.checked(e, condition)?;
                }
                self.jump_unless(condition, no)?;
                self.scope(then, to)?;
                self.emit(Op::Jump { to: end.0 });
                self.place(no);
                self.scope(otherwise, to)?;
                self.place(end);
            }
            ExprKind::Receive { clauses, after } => {
                self.receive(e.line, clauses, after.as_ref(), Some(to))?
            }
            ExprKind::Try { body, otherwise, catch } => self.attempt(body, otherwise, catch, to)?,
            ExprKind::After(body, cleanup) => {
                let raised = self.allocate_many(3)?;
                let (handler, end) = (self.label(), self.label());
                // The value lies below whatever the clean-up needs.
                let result = self.allocate()?;
                self.emit(Op::Protect { register: raised, to: handler.0 });
                self.protected_scope(body, result)?;
                self.emit(Op::Unprotect);
                let ignored = self.allocate()?;
                self.scope(cleanup, ignored)?;
                self.emit(Op::Jump { to: end.0 });
                self.place(handler);
                self.scope(cleanup, ignored)?;
                self.emit(Op::Reraise { register: raised });
                self.place(end);
                self.take(to, result);
            }
            ExprKind::Fn(function, captured) => {
                let at = self.all(&captured.iter().collect::<Vec<_>>())?;
                let lambda = self.code.functions.len() as u32;
                self.code.functions.push(FunctionInfo {
                    entry: Place::MAX,
                    module: self.module,
                    name: function.name,
                    arity: function.arity,
                    captured: captured.len() as u16,
                    index: Some(self.lambdas.len() as u32),
                });
                self.lambdas.push((lambda, Rc::new(Function::clone(function))));
                self.emit(Op::Closure { to, lambda, at });
            }
            ExprKind::Call(callee, arguments) => self.call(e.line, callee, arguments, Some(to))?,
            ExprKind::Field(map, key) => {
                let at = self.all(&[map])?;
                self.line(e.line);
                self.emit(Op::Field { at, key: *key });
                self.take(to, at);
            }
            ExprKind::Fail(failure, value) => {
                let register = self.operand(value)?;
                self.line(e.line);
                self.emit(Op::Fail { failure: *failure, register });
            }
        }
        self.next = saved;
        Ok(())
    }

    fn literal(&mut self, term: &Term, to: Register) {
        match term {
            Term::Int(value) if i32::try_from(*value).is_ok() => {
                self.emit(Op::Int { to, value: i32::try_from(*value).unwrap_or_default() });
            }
            Term::Atom(atom) => self.emit(Op::Atom { to, atom: *atom }),
            _ => {
                let constant = self.constant(term);
                self.emit(Op::Constant { to, constant });
            }
        }
    }

    /// Evaluates into consecutive registers.
    fn all(&mut self, items: &[&Expr]) -> Result<Register, TooLarge> {
        let at = self.allocate_many(items.len())?;
        for (to, item) in (at..).zip(items) {
            self.value(item, to)?;
        }
        Ok(at)
    }

    // Choices.

    fn case(
        &mut self,
        line: u32,
        subject: &Expr,
        clauses: &[Clause],
        failure: Failure,
        to: Option<Register>,
    ) -> Result<(), TooLarge> {
        let (from, owned) = match &subject.kind {
            ExprKind::Variable(variable, last) => (self.register(*variable)?, last.get()),
            _ => {
                let register = self.allocate()?;
                self.value(subject, register)?;
                (register, true)
            }
        };
        let end = self.clauses(clauses, from, owned, to)?;
        self.line(line);
        self.emit(Op::Fail { failure, register: from });
        self.place(end);
        Ok(())
    }

    /// Clauses for subjects from `from` on. After them comes the code for when none matches. Returns where they go on.
    fn clauses(
        &mut self,
        clauses: &[Clause],
        from: Register,
        owned: bool,
        to: Option<Register>,
    ) -> Result<Label, TooLarge> {
        let end = self.label();
        for clause in clauses {
            let saved = self.next;
            let fail = self.label();
            self.clause_head(clause, from, owned, fail)?;
            self.branch(&clause.body, to, end)?;
            self.place(fail);
            self.next = saved;
        }
        Ok(end)
    }

    fn branch(&mut self, body: &Expr, to: Option<Register>, end: Label) -> Result<(), TooLarge> {
        match to {
            Some(to) => {
                self.scope(body, to)?;
                self.emit(Op::Jump { to: end.0 });
                Ok(())
            }
            None => self.tail(body),
        }
    }

    fn receive(
        &mut self,
        line: u32,
        clauses: &[Clause],
        after: Option<&(Box<Expr>, Box<Expr>)>,
        to: Option<Register>,
    ) -> Result<(), TooLarge> {
        let timeout = match after {
            Some((timeout, _)) => {
                let register = self.allocate()?;
                self.value(timeout, register)?;
                register
            }
            None => NONE,
        };
        let message = self.allocate()?;
        let (expired, end) = (self.label(), self.label());
        self.line(line);
        let position = self.position(line);
        self.emit(Op::Position { position });
        self.emit(Op::Receive { message, timeout, expired: expired.0 });
        for clause in clauses {
            let saved = self.next;
            let fail = self.label();
            self.clause_head(clause, message, true, fail)?;
            self.emit(Op::Accept);
            self.branch(&clause.body, to, end)?;
            self.place(fail);
            self.next = saved;
        }
        self.emit(Op::Reject);
        self.place(expired);
        match after {
            Some((_, body)) => self.branch(body, to, end)?,
            None => self.emit(Op::Unreachable),
        }
        self.place(end);
        Ok(())
    }

    fn attempt(
        &mut self,
        body: &Expr,
        otherwise: &[Clause],
        catch: &[Clause],
        to: Register,
    ) -> Result<(), TooLarge> {
        let raised = self.allocate_many(3)?;
        let result = self.allocate()?;
        let (handler, end) = (self.label(), self.label());
        self.emit(Op::Protect { register: raised, to: handler.0 });
        self.protected_scope(body, result)?;
        self.emit(Op::Unprotect);
        if otherwise.is_empty() {
            self.take(to, result);
        } else {
            let done = self.clauses(otherwise, result, true, Some(to))?;
            self.emit(Op::Fail { failure: Failure::Try, register: result });
            self.place(done);
        }
        self.emit(Op::Jump { to: end.0 });
        self.place(handler);
        let caught = self.clauses(catch, raised, false, Some(to))?;
        self.emit(Op::Reraise { register: raised });
        self.place(caught);
        self.place(end);
        Ok(())
    }

    // Calls.

    fn call(
        &mut self,
        line: u32,
        callee: &Callee,
        arguments: &[Expr],
        to: Option<Register>,
    ) -> Result<(), TooLarge> {
        if let Callee::Remote(atom::ERLANG, name) = callee
            && self.inline(line, *name, arguments, to)?
        {
            return Ok(());
        }
        let arity = u8::try_from(arguments.len()).map_err(|_| TooLarge)?;
        let count = u16::from(arity);
        let tail = to.is_none() && self.protected == 0;
        // A value that goes to the topmost register can be computed there.
        let at = match to {
            Some(to) if u32::from(to) + 1 == self.next => to,
            _ => self.next as Register,
        };
        let mut items: Vec<&Expr> = Vec::with_capacity(arguments.len() + 1);
        if let Callee::Dynamic(target, _) | Callee::Value(target) = callee {
            items.push(target);
        }
        items.extend(arguments);
        self.next = u32::from(at);
        self.allocate_many(items.len().max(1))?;
        for (register, item) in (at..).zip(items) {
            self.value(item, register)?;
        }
        self.line(line);
        match callee {
            Callee::Local(name) => {
                let position = self.names.iter().position(|known| *known == (*name, arity));
                let function = self.first + position.ok_or(TooLarge)? as u32;
                self.emit(if tail {
                    Op::TailCall { function, at, count }
                } else {
                    Op::Call { function, at }
                });
            }
            Callee::Remote(module, name) => match self.natives.find(*module, *name, arity) {
                Some(Callable::Builtin(builtin)) => {
                    let target = to.unwrap_or(at);
                    self.emit(match self.guard {
                        Some(fail) => Op::GuardBuiltin { builtin, at, to: target, fail: fail.0 },
                        None => Op::Builtin { builtin, at, to: target },
                    });
                    return self.end_call(target, to, false);
                }
                Some(Callable::Action(action)) => {
                    let position = self.position(line);
                    self.emit(Op::Act { action, at, position });
                    return self.end_call(at, to, false);
                }
                Some(Callable::Function(_)) | None => {
                    let remote = self.remote(*module, *name, arity);
                    self.emit(if tail {
                        Op::TailCallRemote { remote, at, count }
                    } else {
                        Op::CallRemote { remote, at }
                    });
                }
            },
            Callee::Dynamic(_, name) => self.emit(Op::CallDynamic { at, count, name: *name }),
            Callee::Value(_) => {
                self.emit(if tail { Op::TailCallValue { at, count } } else { Op::CallValue { at, count } });
            }
        }
        // Not every value that is called is a function in the code: the others return here.
        let tail = tail && !matches!(callee, Callee::Dynamic(..) | Callee::Value(_));
        self.end_call(at, to, tail)
    }

    fn end_call(&mut self, at: Register, to: Option<Register>, gone: bool) -> Result<(), TooLarge> {
        match to {
            Some(to) => self.take(to, at),
            None if gone => {}
            None => self.emit(Op::Return { register: at }),
        }
        Ok(())
    }

    fn remote(&mut self, module: Atom, name: Atom, arity: u8) -> u32 {
        self.code.remotes.push(Remote { module, name, arity, found: std::cell::Cell::new(None) });
        self.code.remotes.len() as u32 - 1
    }

    /// Operators and tests that are operations of their own. Returns whether this is one.
    fn inline(
        &mut self,
        line: u32,
        name: Atom,
        arguments: &[Expr],
        to: Option<Register>,
    ) -> Result<bool, TooLarge> {
        let target = match to {
            Some(to) => to,
            None => self.allocate()?,
        };
        match arguments {
            [value] if type_test(name).is_some() => {
                if let Some(wanted) = type_test(name) {
                    let from = self.operand(value)?;
                    self.emit(Op::IsType { wanted, to: target, from });
                }
            }
            [a, b] if comparison(name).is_some() => {
                if let Some(test) = comparison(name) {
                    let (a, b) = self.operands(a, b)?;
                    self.emit(Op::Compare { test, to: target, a, b });
                }
            }
            [a, b] if self.guard.is_none() && matches!(name, atom::PLUS | atom::MINUS | atom::STAR) => {
                let small = |e: &Expr| {
                    e.as_literal().and_then(Term::as_int).and_then(|value| i16::try_from(value).ok())
                };
                self.line(line);
                match (name, small(b)) {
                    (atom::PLUS, Some(value)) => {
                        let a = self.operand(a)?;
                        self.line(line);
                        self.emit(Op::AddInt { to: target, a, value });
                    }
                    (atom::MINUS, Some(value)) if value != i16::MIN => {
                        let a = self.operand(a)?;
                        self.line(line);
                        self.emit(Op::AddInt { to: target, a, value: -value });
                    }
                    _ => {
                        let (a, b) = self.operands(a, b)?;
                        self.line(line);
                        self.emit(match name {
                            atom::PLUS => Op::Add { to: target, a, b },
                            atom::MINUS => Op::Subtract { to: target, a, b },
                            _ => Op::Multiply { to: target, a, b },
                        });
                    }
                }
            }
            _ => {
                if to.is_none() {
                    self.next -= 1;
                }
                return Ok(false);
            }
        }
        if to.is_none() {
            self.emit(Op::Return { register: target });
        }
        Ok(true)
    }

    // Declarations.

    /// Gives registers to the variables that an expression binds in its own scope.
    fn declare(&mut self, e: &Expr) -> Result<(), TooLarge> {
        match &e.kind {
            ExprKind::Match(pattern, value) => {
                self.declare_pattern(pattern)?;
                self.declare(value)
            }
            ExprKind::Cons(head, tail) => {
                self.declare(head)?;
                self.declare(tail)
            }
            ExprKind::Tuple(items) | ExprKind::Sequence(items) => {
                items.iter().try_for_each(|item| self.declare(item))
            }
            ExprKind::Map(pairs) => self.declare_pairs(pairs),
            ExprKind::MapUpdate(map, pairs) => {
                self.declare(map)?;
                self.declare_pairs(pairs)
            }
            ExprKind::Bits(segments) => segments.iter().try_for_each(|(_, value, size)| {
                self.declare(value)?;
                size.iter().try_for_each(|size| self.declare(size))
            }),
            ExprKind::Call(callee, arguments) => {
                if let Callee::Dynamic(target, _) | Callee::Value(target) = callee {
                    self.declare(target)?;
                }
                arguments.iter().try_for_each(|item| self.declare(item))
            }
            ExprKind::Case { subject, .. } => self.declare(subject),
            ExprKind::If { condition, .. } => self.declare(condition),
            ExprKind::Receive { after: Some((timeout, _)), .. } => self.declare(timeout),
            ExprKind::Fail(_, value) | ExprKind::Field(value, _) => self.declare(value),
            ExprKind::Literal(_)
            | ExprKind::Variable(..)
            | ExprKind::Receive { after: None, .. }
            | ExprKind::Try { .. }
            | ExprKind::After(..)
            | ExprKind::Fn(..) => Ok(()),
        }
    }

    fn declare_pairs(&mut self, pairs: &[(Expr, Expr)]) -> Result<(), TooLarge> {
        pairs.iter().try_for_each(|(key, value)| {
            self.declare(key)?;
            self.declare(value)
        })
    }

    fn declare_pattern(&mut self, pattern: &Pattern) -> Result<(), TooLarge> {
        match pattern {
            Pattern::Bind(variable) => {
                if self.register_of(*variable).is_none() {
                    let register = self.allocate()?;
                    self.bind(*variable, register);
                }
                Ok(())
            }
            Pattern::Cons(a, b) | Pattern::Both(a, b) => {
                self.declare_pattern(a)?;
                self.declare_pattern(b)
            }
            Pattern::Tuple(items) => items.iter().try_for_each(|item| self.declare_pattern(item)),
            Pattern::Map(pairs) => pairs.iter().try_for_each(|(_, item)| self.declare_pattern(item)),
            Pattern::Bits(segments) => {
                segments.iter().try_for_each(|(_, item, _)| self.declare_pattern(item))
            }
            Pattern::Any | Pattern::Same(_) | Pattern::Literal(_) => Ok(()),
        }
    }
}

fn is_false(e: &Expr) -> bool {
    e.as_literal().is_some_and(|term| term.is_atom(atom::FALSE))
}

fn is_true(e: &Expr) -> bool {
    e.as_literal().is_some_and(|term| term.is_atom(atom::TRUE))
}

/// The test that an Erlang operator stands for.
pub(crate) fn comparison(name: Atom) -> Option<Test> {
    Some(match name {
        atom::LT => Test::Less,
        atom::ERLANG_LE => Test::LessOrEqual,
        atom::GT => Test::Greater,
        atom::GE => Test::GreaterOrEqual,
        atom::EQ => Test::Equal,
        atom::ERLANG_NE => Test::NotEqual,
        atom::ERLANG_EQ_STRICT => Test::Same,
        atom::ERLANG_NE_STRICT => Test::NotSame,
        _ => return None,
    })
}

/// The type that an Erlang guard asks for.
pub(crate) fn type_test(name: Atom) -> Option<Type> {
    Some(match name.text() {
        "is_atom" => Type::Atom,
        "is_binary" => Type::Binary,
        "is_bitstring" => Type::Bitstring,
        "is_boolean" => Type::Boolean,
        "is_float" => Type::Float,
        "is_function" => Type::Function,
        "is_integer" => Type::Integer,
        "is_list" => Type::List,
        "is_map" => Type::Map,
        "is_number" => Type::Number,
        "is_pid" => Type::Pid,
        "is_reference" => Type::Reference,
        "is_tuple" => Type::Tuple,
        _ => return None,
    })
}
