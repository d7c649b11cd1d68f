//! The interpreter: runs operations until the process needs something that is not its own.

use std::rc::Rc;

use super::actions::WHO;
use super::bitstrings;
use super::environment::View;
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::arithmetic;
use crate::elixir::builtins::{Class, Raised};
use crate::elixir::code::{Callable, Code, NONE, Natives, Op, Place, Register, Test, Type};
use crate::elixir::core::Failure;
use crate::elixir::term::{self, Cons, Fun, Map, Target, Term, Tuple};
use crate::kernel::Pid;

/// Where a function goes on when another returns to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    pub(super) place: Place,
    pub(super) base: u32,
    pub(super) registers: u16,
}

/// Where something that is raised goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Handler {
    pub(super) frames: u32,
    pub(super) base: u32,
    pub(super) registers: u16,
    pub(super) place: Place,
    pub(super) register: Register,
}

/// The state of a process's code: plain data, which can be cloned at any point.
#[derive(Clone, Debug)]
// A process rarely has handlers or dropped references: behind a pointer they take little room.
#[allow(clippy::box_collection)]
pub(crate) struct Machine {
    /// The next operation.
    pub(super) place: Place,
    /// Where the window of the running function begins.
    pub(super) base: u32,
    /// How many registers the running function has.
    pub(super) registers: u16,
    pub(super) stack: Vec<Term>,
    pub(super) frames: Vec<Frame>,
    pub(super) handlers: Option<Box<Vec<Handler>>>,
    /// The process dictionary.
    pub(super) dictionary: Option<Rc<Map>>,
    /// References whose replies nobody wants any more.
    pub(super) dropped: Option<Box<Vec<crate::kernel::Reference>>>,
    /// Whether it is making the report of its own crash.
    pub(super) crashing: bool,
}

/// What a run may use up, and whether it only looks at a message.
pub(super) struct Budget {
    /// The process that runs.
    pub(super) own: Pid,
    /// Calls that are left.
    pub(super) calls: u64,
    /// Cells that may be allocated before somebody looks how many are in use.
    pub(super) cells: u64,
    /// Bytes that one built-in may take.
    pub(super) memory: u64,
    /// Registers that the stack may have.
    pub(super) registers: usize,
    /// Whether this run decides if a receive takes a message.
    pub(super) looking: bool,
}

/// Why the interpreter stopped.
pub(crate) enum Stop {
    /// The code asks for an action, with arguments from this register on.
    Act { action: u16, at: Register, position: u32 },
    /// The code waits for a message.
    Receive { message: Register, timeout: Register, expired: Place },
    /// The receive takes the message.
    Accepted,
    /// The receive does not take the message.
    Rejected,
    /// The code has returned from its first function.
    Returned(Term),
    /// Something was raised; the function that did it, if it is not written in Elixir.
    Raised(Raised, Option<Native>),
    /// A function is called that the code does not have, with arguments from this register on.
    Missing { module: Atom, name: Atom, at: Register, count: u16, again: Again },
    /// Something is raised again, with the stack trace that it had.
    Reraised { class: Class, reason: Term, trace: Term },
    /// A limit was reached.
    Exhausted(Exhausted),
}

/// How a call goes on when the function that was missing has been found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// The operation is done again.
    Operation,
    /// The operation is over but for the call.
    Call,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exhausted {
    /// [`Limits::calls`](super::Limits::calls)
    Calls,
    /// [`Limits::memory`](super::Limits::memory)
    Memory,
    /// The allowance until the next look at the memory in use.
    Cells,
}

/// A function that is not written in Elixir, and its arguments, for stack traces.
#[derive(Clone, Debug)]
pub(crate) struct Native {
    pub(super) module: Atom,
    pub(super) name: Atom,
    pub(super) arguments: Vec<Term>,
}

/// What stands for an operation that says why it failed.
const OPERATION: &str = "operation";

impl Native {
    /// Not a function, but an operation, and why it failed.
    pub(super) fn explanation(why: String) -> Native {
        Native { module: atom::RASHOMON, name: Atom::new(OPERATION), arguments: vec![Term::text(why)] }
    }

    /// Why an operation failed, if it is one.
    pub(super) fn as_explanation(&self) -> Option<&Term> {
        let is_operation = self.module == atom::RASHOMON && self.name.text() == OPERATION;
        self.arguments.first().filter(|_| is_operation)
    }
}

impl Machine {
    /// A process that is going to call a function value.
    pub(crate) fn new(function: Term, arguments: impl IntoIterator<Item = Term>) -> Machine {
        let mut stack = Vec::with_capacity(4);
        stack.push(function);
        stack.extend(arguments);
        Machine {
            place: Place::MAX,
            base: 0,
            registers: 0,
            stack,
            frames: Vec::new(),
            handlers: None,
            dictionary: None,
            dropped: None,
            crashing: false,
        }
    }

    #[inline]
    fn at(&self, register: Register) -> usize {
        self.base as usize + usize::from(register)
    }

    #[inline]
    pub(super) fn register(&self, register: Register) -> &Term {
        self.stack.get(self.at(register)).unwrap_or(&Term::Empty)
    }

    #[inline]
    pub(super) fn set(&mut self, register: Register, value: Term) {
        let at = self.at(register);
        if let Some(slot) = self.stack.get_mut(at) {
            *slot = value;
        }
    }

    #[inline]
    pub(super) fn take(&mut self, register: Register) -> Term {
        let at = self.at(register);
        self.stack.get_mut(at).map(std::mem::take).unwrap_or_default()
    }

    /// Consecutive registers.
    #[inline]
    pub(super) fn window(&mut self, at: Register, count: usize) -> &mut [Term] {
        let start = self.at(at);
        self.stack.get_mut(start..start + count).unwrap_or_default()
    }

    /// Makes room for so many registers from the beginning of the window on.
    #[inline]
    pub(super) fn ensure(&mut self, registers: usize) {
        let needed = self.base as usize + registers;
        if self.stack.len() < needed {
            self.grow(needed);
        }
    }

    /// Makes the stack as long as it must be.
    #[inline(never)]
    fn grow(&mut self, needed: usize) {
        // The first time there is more than enough, so that small stacks do not grow in several small steps.
        const FIRST: usize = 16;
        if self.stack.capacity() < needed {
            self.stack.reserve(needed.max(FIRST) - self.stack.len());
        }
        self.stack.resize_with(needed, || Term::Empty);
    }

    /// Goes to a function whose arguments lie from `at` on.
    #[inline]
    pub(super) fn enter(&mut self, entry: Place, at: Register) {
        self.frames.push(Frame { place: self.place, base: self.base, registers: self.registers });
        self.base += u32::from(at);
        self.place = entry;
    }

    /// Goes to a function instead of returning to this one.
    #[inline]
    pub(super) fn replace(&mut self, entry: Place, at: Register, count: u16) {
        if at != 0 {
            let base = self.base as usize;
            let from = base + usize::from(at);
            for index in 0..usize::from(count) {
                let value = self.stack.get_mut(from + index).map(std::mem::take).unwrap_or_default();
                if let Some(slot) = self.stack.get_mut(base + index) {
                    *slot = value;
                }
            }
        }
        self.place = entry;
    }

    /// Counts a call, unless there are none left or somebody should look at the memory in use first: then the operation is
    /// done again.
    #[inline(always)]
    pub(super) fn admit(&mut self, budget: &mut Budget) -> Option<Stop> {
        if budget.calls == 0 {
            return Some(Stop::Exhausted(Exhausted::Calls));
        }
        if budget.cells == 0 {
            self.place -= 1;
            return Some(Stop::Exhausted(Exhausted::Cells));
        }
        budget.calls -= 1;
        None
    }

    /// Runs until something from outside is needed.
    #[allow(clippy::too_many_lines)]
    pub(super) fn run(&mut self, code: &Code, natives: &Natives, budget: &mut Budget) -> Stop {
        let ops = code.ops.as_slice();
        // The next operation and the window stand in locals, and in the machine whenever somebody else looks.
        let mut place = self.place as usize;
        let mut base = self.base as usize;
        macro_rules! register {
            ($register:expr) => {
                &self.stack[base + usize::from($register)]
            };
        }
        macro_rules! set {
            ($register:expr, $value:expr) => {{
                let value = $value;
                put(&mut self.stack[base + usize::from($register)], value);
            }};
        }
        macro_rules! take {
            ($register:expr) => {
                std::mem::take(&mut self.stack[base + usize::from($register)])
            };
        }
        // Most values are small integers and atoms: these are written as what they are, not as copies of what may be
        // anything.
        macro_rules! copy {
            ($register:expr, $value:expr) => {
                match $value {
                    Term::Int(value) => {
                        let value = *value;
                        set!($register, Term::Int(value));
                    }
                    Term::Atom(value) => {
                        let value = *value;
                        set!($register, Term::Atom(value));
                    }
                    other => {
                        let value = other.clone();
                        set!($register, value);
                    }
                }
            };
        }
        macro_rules! save {
            () => {{
                self.place = place as Place;
                self.base = base as u32;
            }};
        }
        macro_rules! load {
            () => {{
                place = self.place as usize;
                base = self.base as usize;
            }};
        }
        macro_rules! stop {
            ($stop:expr) => {{
                save!();
                return $stop;
            }};
        }
        // Small integers are calculated with where the operation is, all other numbers here.
        macro_rules! calculate {
            ($a:expr, $b:expr, $calculate:path, $name:expr) => {{
                let (a, b) = (register!($a), register!($b));
                match $calculate(a, b) {
                    Ok(value) => value,
                    Err(raised) => stop!(operator_failed(raised, $name, a, b)),
                }
            }};
        }
        loop {
            let Some(&op) = ops.get(place) else { stop!(Stop::Raised(Raised::atom(atom::UNDEF), None)) };
            place += 1;
            match op {
                Op::Enter { registers } => {
                    self.registers = registers;
                    let needed = base + usize::from(registers);
                    if self.stack.len() < needed {
                        if needed > budget.registers {
                            stop!(Stop::Exhausted(Exhausted::Memory));
                        }
                        self.grow(needed);
                    }
                }
                Op::Move { to, from } => copy!(to, register!(from)),
                Op::Take { to, from } => match register!(from) {
                    Term::Int(value) => {
                        let value = *value;
                        set!(to, Term::Int(value));
                    }
                    _ => {
                        let value = take!(from);
                        set!(to, value);
                    }
                },
                Op::Constant { to, constant } => {
                    let value = code.constants.get(constant as usize).cloned().unwrap_or_default();
                    set!(to, value);
                }
                Op::Int { to, value } => set!(to, Term::Int(i64::from(value))),
                Op::Atom { to, atom } => set!(to, Term::Atom(atom)),
                Op::Jump { to } => place = to as usize,
                Op::JumpIfFalsy { register, to } => {
                    if !register!(register).is_truthy() {
                        place = to as usize;
                    }
                }
                Op::JumpIfTruthy { register, to } => {
                    if register!(register).is_truthy() {
                        place = to as usize;
                    }
                }
                Op::JumpUnlessTrue { register, to } => {
                    if !register!(register).is_atom(atom::TRUE) {
                        place = to as usize;
                    }
                }
                Op::JumpUnless { test, a, b, to } => {
                    if !compare(test, register!(a), register!(b)) {
                        place = to as usize;
                    }
                }
                Op::JumpUnlessInt { test, a, value, to } => {
                    if !compare_int(test, register!(a), i64::from(value)) {
                        place = to as usize;
                    }
                }
                Op::JumpUnlessType { wanted, register, to } => {
                    if !is_type(wanted, register!(register)) {
                        place = to as usize;
                    }
                }
                Op::JumpUnlessAtom { register, atom, to } => {
                    if !register!(register).is_atom(atom) {
                        place = to as usize;
                    }
                }
                Op::JumpUnlessConstant { register, constant, to } => {
                    let matches = code
                        .constants
                        .get(constant as usize)
                        .is_some_and(|constant| term::equal(constant, register!(register)));
                    if !matches {
                        place = to as usize;
                    }
                }
                Op::Boolean { register, operator } => {
                    let value = register!(register);
                    if !(value.is_atom(atom::TRUE) || value.is_atom(atom::FALSE)) {
                        let reason = [Term::Atom(atom::BADBOOL), Term::Atom(operator), value.clone()];
                        stop!(Stop::Raised(Raised::error(Term::tuple(reason)), None));
                    }
                }
                Op::Compare { test, to, a, b } => {
                    let value = compare(test, register!(a), register!(b));
                    set!(to, Term::boolean(value));
                }
                Op::IsType { wanted, to, from } => {
                    let value = is_type(wanted, register!(from));
                    set!(to, Term::boolean(value));
                }
                Op::Add { to, a, b } => {
                    if let (Term::Int(x), Term::Int(y)) = (register!(a), register!(b))
                        && let Some(sum) = x.checked_add(*y)
                    {
                        set!(to, Term::Int(sum));
                        continue;
                    }
                    set!(to, calculate!(a, b, arithmetic::add, atom::PLUS));
                }
                Op::Subtract { to, a, b } => {
                    if let (Term::Int(x), Term::Int(y)) = (register!(a), register!(b))
                        && let Some(difference) = x.checked_sub(*y)
                    {
                        set!(to, Term::Int(difference));
                        continue;
                    }
                    set!(to, calculate!(a, b, arithmetic::subtract, atom::MINUS));
                }
                Op::Multiply { to, a, b } => {
                    if let (Term::Int(x), Term::Int(y)) = (register!(a), register!(b))
                        && let Some(product) = x.checked_mul(*y)
                    {
                        set!(to, Term::Int(product));
                        continue;
                    }
                    let product = calculate!(a, b, arithmetic::multiply, atom::STAR);
                    budget.cells = budget.cells.saturating_sub(weight(&product));
                    set!(to, product);
                }
                Op::AddInt { to, a, value } => {
                    let a = register!(a);
                    if let Term::Int(x) = a
                        && let Some(sum) = x.checked_add(i64::from(value))
                    {
                        set!(to, Term::Int(sum));
                        continue;
                    }
                    match arithmetic::add(a, &Term::Int(i64::from(value))) {
                        Ok(sum) => set!(to, sum),
                        Err(raised) if value < 0 => {
                            stop!(operator_failed(raised, atom::MINUS, a, &Term::Int(-i64::from(value))));
                        }
                        Err(raised) => {
                            stop!(operator_failed(raised, atom::PLUS, a, &Term::Int(i64::from(value))));
                        }
                    }
                }
                Op::Cons { to, head, tail } => {
                    let (head, tail) = (take!(head), take!(tail));
                    set!(to, Term::List(Rc::new(Cons { head, tail })));
                    budget.cells = budget.cells.saturating_sub(3);
                }
                Op::Uncons { from, head, tail, fail } => match register!(from) {
                    Term::List(cell) => {
                        let cell = Rc::clone(cell);
                        copy!(head, &cell.head);
                        copy!(tail, &cell.tail);
                    }
                    _ => place = fail as usize,
                },
                Op::Tuple { to, at, count } => {
                    let tuple = Tuple::take(window(&mut self.stack, base, at, usize::from(count)));
                    set!(to, Term::Tuple(tuple));
                    budget.cells = budget.cells.saturating_sub(1 + u64::from(count));
                }
                Op::IsTuple { register, size, fail } => match register!(register) {
                    Term::Tuple(tuple) if tuple.items().len() == usize::from(size) => {}
                    _ => place = fail as usize,
                },
                Op::Element { to, from, index } => {
                    let found = match register!(from) {
                        Term::Tuple(tuple) => tuple.items().get(usize::from(index)),
                        _ => None,
                    };
                    copy!(to, found.unwrap_or(&Term::Empty));
                }
                Op::Map { to, at, count } => {
                    let mut map = Map::default();
                    for pair in window(&mut self.stack, base, at, 2 * usize::from(count)).chunks_exact_mut(2)
                    {
                        if let [key, value] = pair {
                            map.put(std::mem::take(key), std::mem::take(value));
                        }
                    }
                    set!(to, Term::Map(map));
                    budget.cells = budget.cells.saturating_sub(2 + 2 * u64::from(count));
                }
                Op::MapUpdate { to, at, count } => {
                    let mut map = match take!(at) {
                        Term::Map(map) => map,
                        other => stop!(Stop::Raised(Raised::with(atom::BADMAP, other), None)),
                    };
                    budget.cells = budget.cells.saturating_sub(2 + 2 * map.len().min(Map::SMALL) as u64);
                    let mut missing = None;
                    for pair in
                        window(&mut self.stack, base, at + 1, 2 * usize::from(count)).chunks_exact_mut(2)
                    {
                        if let [key, value] = pair {
                            if map.get(key).is_none() {
                                missing = Some(std::mem::take(key));
                                break;
                            }
                            map.put(std::mem::take(key), std::mem::take(value));
                        }
                    }
                    if let Some(key) = missing {
                        let reason = [Term::Atom(atom::BADKEY), key];
                        stop!(Stop::Raised(Raised::error(Term::tuple(reason)), None));
                    }
                    set!(to, Term::Map(map));
                }
                Op::MapGet { to, map, key, fail } => {
                    let value = match register!(map) {
                        Term::Map(map) => map.get(register!(key)).cloned(),
                        _ => None,
                    };
                    match value {
                        Some(value) => set!(to, value),
                        None => place = fail as usize,
                    }
                }
                Op::Field { at, key } => {
                    let value = match register!(at) {
                        Term::Map(map) => match map.get_atom(key) {
                            Some(value) => value.clone(),
                            None => {
                                let reason =
                                    [Term::Atom(atom::BADKEY), Term::Atom(key), register!(at).clone()];
                                stop!(Stop::Raised(Raised::error(Term::tuple(reason)), None));
                            }
                        },
                        Term::Atom(module) if !matches!(*module, atom::NIL | atom::TRUE | atom::FALSE) => {
                            let module = *module;
                            save!();
                            if let Some(stop) = self.call_named(code, natives, budget, module, key, at, 0) {
                                return stop;
                            }
                            load!();
                            continue;
                        }
                        other => {
                            let reason =
                                Term::tuple([Term::Atom(atom::BADKEY), Term::Atom(key), other.clone()]);
                            stop!(Stop::Raised(Raised::error(reason), None));
                        }
                    };
                    set!(at, value);
                }
                Op::Closure { to, lambda, at } => {
                    let Some(info) = code.functions.get(lambda as usize) else { continue };
                    let captured = window(&mut self.stack, base, at, usize::from(info.captured));
                    let captured: Box<[Term]> = captured.iter_mut().map(std::mem::take).collect();
                    budget.cells = budget.cells.saturating_sub(4 + captured.len() as u64);
                    let target = Target::Local { function: lambda, index: info.index.unwrap_or_default() };
                    let fun = Fun::new(info.module, info.name, info.arity, target, captured);
                    set!(to, Term::Fun(Rc::new(fun)));
                }
                Op::Call { function, at } => {
                    if budget.calls == 0 || budget.cells == 0 {
                        save!();
                        if let Some(stop) = self.admit(budget) {
                            return stop;
                        }
                    } else {
                        budget.calls -= 1;
                    }
                    let (place_after, window) = (place as Place, base as u32);
                    self.frames.push(Frame { place: place_after, base: window, registers: self.registers });
                    base += usize::from(at);
                    place = code.entry(function) as usize;
                }
                Op::TailCall { function, at, count } => {
                    if budget.calls == 0 || budget.cells == 0 {
                        save!();
                        if let Some(stop) = self.admit(budget) {
                            return stop;
                        }
                    } else {
                        budget.calls -= 1;
                    }
                    if at != 0 {
                        for index in 0..count {
                            match register!(at + index) {
                                Term::Int(value) => {
                                    let value = *value;
                                    set!(index, Term::Int(value));
                                }
                                _ => {
                                    let value = take!(at + index);
                                    set!(index, value);
                                }
                            }
                        }
                    }
                    place = code.entry(function) as usize;
                }
                Op::CallRemote { remote, at } => {
                    save!();
                    if let Some(stop) = self.call_remote(code, natives, budget, remote, at, None) {
                        return stop;
                    }
                    load!();
                }
                Op::TailCallRemote { remote, at, count } => {
                    save!();
                    if let Some(stop) = self.call_remote(code, natives, budget, remote, at, Some(count)) {
                        return stop;
                    }
                    load!();
                }
                Op::CallValue { at, count } => {
                    save!();
                    if let Some(stop) = self.call_value(code, natives, budget, at, count, false) {
                        return stop;
                    }
                    load!();
                }
                Op::TailCallValue { at, count } => {
                    save!();
                    if let Some(stop) = self.call_value(code, natives, budget, at, count, true) {
                        return stop;
                    }
                    load!();
                }
                Op::CallDynamic { at, count, name } => {
                    let Term::Atom(module) = *register!(at) else {
                        let reason = match register!(at) {
                            // `map.name()` reads a field, too.
                            Term::Map(map) if count == 0 => match map.get_atom(name) {
                                Some(value) => {
                                    let value = value.clone();
                                    set!(at, value);
                                    continue;
                                }
                                None => Term::tuple([
                                    Term::Atom(atom::BADKEY),
                                    Term::Atom(name),
                                    register!(at).clone(),
                                ]),
                            },
                            other => Term::tuple([Term::Atom(atom::BADMODULE), other.clone()]),
                        };
                        stop!(Stop::Raised(Raised::error(reason), None));
                    };
                    let start = base + usize::from(at);
                    if let Some(window) = self.stack.get_mut(start..=start + usize::from(count)) {
                        window.rotate_left(1);
                    }
                    save!();
                    if let Some(stop) = self.call_named(code, natives, budget, module, name, at, count) {
                        return stop;
                    }
                    load!();
                }
                Op::Builtin { builtin, at, to } => {
                    save!();
                    match self.builtin(code, natives, budget, builtin, at) {
                        Ok(value) => set!(to, value),
                        Err(raised) => return self.native_failed(natives, raised, builtin, at),
                    }
                }
                Op::GuardBuiltin { builtin, at, to, fail } => {
                    save!();
                    match self.builtin(code, natives, budget, builtin, at) {
                        Ok(value) => set!(to, value),
                        Err(_) => place = fail as usize,
                    }
                }
                Op::Act { action: WHO, at, .. } => set!(at, Term::Pid(budget.own)),
                Op::Act { action, at, position } => stop!(Stop::Act { action, at, position }),
                Op::Position { .. } => {}
                Op::Return { register } => {
                    match self.frames.pop() {
                        Some(frame) => {
                            match register!(register) {
                                Term::Int(value) => {
                                    let value = *value;
                                    set!(0_u16, Term::Int(value));
                                }
                                _ if register == 0 => {}
                                _ => {
                                    let value = take!(register);
                                    set!(0_u16, value);
                                }
                            }
                            base = frame.base as usize;
                            place = frame.place as usize;
                            self.registers = frame.registers;
                            // A process that has waited has given up what its callers have no values in.
                            let needed = base + usize::from(frame.registers);
                            if self.stack.len() < needed {
                                self.grow(needed);
                            }
                        }
                        None => {
                            let value = take!(register);
                            stop!(Stop::Returned(value))
                        }
                    }
                }
                Op::Fail { failure, register } => {
                    save!();
                    return self.fail(code, failure, register);
                }
                Op::Protect { register, to } => {
                    let frames = self.frames.len() as u32;
                    let (window, registers) = (base as u32, self.registers);
                    let handler = Handler { frames, base: window, registers, place: to, register };
                    self.handlers.get_or_insert_default().push(handler);
                }
                Op::Unprotect => {
                    if let Some(handlers) = &mut self.handlers {
                        handlers.pop();
                        if handlers.is_empty() {
                            self.handlers = None;
                        }
                    }
                }
                Op::Reraise { register } => {
                    let class = match register!(register).as_atom() {
                        Some(atom::THROW) => Class::Throw,
                        Some(atom::EXIT) => Class::Exit,
                        _ => Class::Error,
                    };
                    let (reason, trace) = (take!(register + 1), take!(register + 2));
                    stop!(Stop::Reraised { class, reason, trace });
                }
                Op::Receive { message, timeout, expired } => {
                    stop!(Stop::Receive { message, timeout, expired });
                }
                Op::Accept => {
                    if budget.looking {
                        stop!(Stop::Accepted);
                    }
                }
                Op::Reject => stop!(Stop::Rejected),
                Op::BuildBits { to, at, layout } => {
                    let layout = code.layouts.get(layout as usize).cloned().unwrap_or_else(|| Rc::from([]));
                    let registers = layout.iter().map(|(_, sized)| 1 + usize::from(*sized)).sum();
                    let mut view = View { code, memory: budget.memory };
                    match bitstrings::build(&mut view, &layout, window(&mut self.stack, base, at, registers))
                    {
                        Ok(binary) => {
                            budget.cells = budget.cells.saturating_sub(4 + binary.room() as u64 / 16);
                            set!(to, Term::Binary(binary));
                        }
                        Err((raised, why)) => stop!(Stop::Raised(raised, why.map(Native::explanation))),
                    }
                }
                Op::OpenBits { at, from, fail } => match register!(from) {
                    Term::Binary(_) => {
                        let binary = register!(from).clone();
                        set!(at, binary);
                        set!(at + 1, Term::Int(0));
                    }
                    _ => place = fail as usize,
                },
                Op::ReadBits { read, fail } => {
                    let Some(read) = code.reads.get(read as usize).copied() else { continue };
                    let size = (read.size != NONE).then(|| register!(read.size).clone());
                    let position = register!(read.at + 1).as_int().unwrap_or_default();
                    let found = match register!(read.at) {
                        Term::Binary(binary) => {
                            bitstrings::read(binary, position as usize, &read.segment, size.as_ref())
                        }
                        _ => None,
                    };
                    match found {
                        Some((value, next)) => {
                            budget.cells = budget.cells.saturating_sub(3);
                            set!(read.at + 1, Term::Int(next as i64));
                            set!(read.to, value);
                        }
                        None => place = fail as usize,
                    }
                }
                Op::CloseBits { at, fail } => {
                    let position = register!(at + 1).as_int().unwrap_or_default();
                    match register!(at) {
                        Term::Binary(binary) if binary.bit_len() as i64 == position => {
                            set!(at, Term::Empty);
                        }
                        _ => place = fail as usize,
                    }
                }
                Op::Unreachable => return Stop::Raised(Raised::atom(atom::UNDEF), None),
            }
        }
    }

    /// What a clause that does not match raises.
    fn fail(&mut self, code: &Code, failure: Failure, register: Register) -> Stop {
        let value = self.register(register).clone();
        let reason = match failure {
            Failure::Match => Term::tuple([Term::Atom(atom::BADMATCH), value]),
            Failure::Case => Term::tuple([Term::Atom(atom::CASE_CLAUSE), value]),
            Failure::Cond => Term::Atom(atom::COND_CLAUSE),
            Failure::Try => Term::tuple([Term::Atom(atom::TRY_CLAUSE), value]),
            Failure::With => Term::tuple([Term::Atom(atom::WITH_CLAUSE), value]),
            Failure::Function => {
                let native = code.function_at(self.place - 1).map(|info| Native {
                    module: info.module,
                    name: info.name,
                    arguments: self.window(register, usize::from(info.arity)).to_vec(),
                });
                return Stop::Raised(Raised::atom(atom::FUNCTION_CLAUSE), native);
            }
        };
        Stop::Raised(Raised::error(reason), None)
    }

    /// Runs a built-in.
    #[inline]
    pub(super) fn builtin(
        &mut self,
        code: &Code,
        natives: &Natives,
        budget: &mut Budget,
        builtin: u16,
        at: Register,
    ) -> Result<Term, Raised> {
        let Some(entry) = natives.entry(builtin) else { return Err(Raised::atom(atom::UNDEF)) };
        let mut view = View { code, memory: budget.memory };
        let before = view.memory;
        let result = (entry.run)(&mut view, self.window(at, usize::from(entry.arity)));
        budget.cells = budget.cells.saturating_sub(2 + (before - view.memory) / 16);
        result
    }

    pub(super) fn native_failed(
        &mut self,
        natives: &Natives,
        raised: Raised,
        builtin: u16,
        at: Register,
    ) -> Stop {
        let native = natives.entry(builtin).map(|entry| Native {
            module: Atom::new(entry.module),
            name: Atom::new(entry.name),
            arguments: self.window(at, usize::from(entry.arity)).to_vec(),
        });
        Stop::Raised(raised, native)
    }

    fn call_remote(
        &mut self,
        code: &Code,
        natives: &Natives,
        budget: &mut Budget,
        remote: u32,
        at: Register,
        tail: Option<u16>,
    ) -> Option<Stop> {
        let remote = code.remotes.get(remote as usize)?;
        let found = match remote.found.get() {
            Some(found) => found,
            None => match find(code, natives, remote.module, remote.name, remote.arity) {
                Some(found) => {
                    remote.found.set(Some(found));
                    found
                }
                None => {
                    self.place -= 1;
                    let (module, name) = (remote.module, remote.name);
                    let count = u16::from(remote.arity);
                    return Some(Stop::Missing { module, name, at, count, again: Again::Operation });
                }
            },
        };
        match (found, tail) {
            (Callable::Function(function), Some(count)) => {
                let stop = self.admit(budget);
                if stop.is_none() {
                    self.replace(code.entry(function), at, count);
                }
                stop
            }
            _ => self.call_found(code, natives, budget, found, at),
        }
    }
}

/// The code that a name stands for.
#[inline]
pub(super) fn find(code: &Code, natives: &Natives, module: Atom, name: Atom, arity: u8) -> Option<Callable> {
    code.found.get(module, name, arity).or_else(|| {
        let found = natives
            .find(module, name, arity)
            .or_else(|| code.export(module, name, arity).map(Callable::Function))?;
        code.found.keep(module, name, arity, found);
        Some(found)
    })
}

/// Consecutive registers of a window.
#[inline(always)]
fn window(stack: &mut [Term], base: usize, at: Register, count: usize) -> &mut [Term] {
    let start = base + usize::from(at);
    &mut stack[start..start + count]
}

/// Puts a value into a register. Most values that are replaced hold nothing that must be let go. There is one place where
/// the new value is written, so that its parts need not be gathered anywhere before.
#[inline(always)]
fn put(slot: &mut Term, value: Term) {
    if !slot.is_immediate() {
        let_go(slot);
    }
    std::mem::forget(std::mem::replace(slot, value));
}

/// Lets go what a register holds.
#[inline(never)]
fn let_go(slot: &mut Term) {
    *slot = Term::Empty;
}

/// How many cells a number takes.
fn weight(term: &Term) -> u64 {
    if let Term::Big(value) = term { value.bits() / 64 } else { 0 }
}

#[cold]
fn operator_failed(raised: Raised, name: Atom, a: &Term, b: &Term) -> Stop {
    let arguments = vec![a.clone(), b.clone()];
    Stop::Raised(raised, Some(Native { module: atom::ERLANG, name, arguments }))
}

#[inline]
fn compare(test: Test, a: &Term, b: &Term) -> bool {
    if let (Term::Int(a), Term::Int(b)) = (a, b) {
        return match test {
            Test::Less => a < b,
            Test::LessOrEqual => a <= b,
            Test::Greater => a > b,
            Test::GreaterOrEqual => a >= b,
            Test::Equal | Test::Same => a == b,
            Test::NotEqual | Test::NotSame => a != b,
        };
    }
    match test {
        Test::Less => term::compare(a, b).is_lt(),
        Test::LessOrEqual => term::compare(a, b).is_le(),
        Test::Greater => term::compare(a, b).is_gt(),
        Test::GreaterOrEqual => term::compare(a, b).is_ge(),
        Test::Equal => term::equal_loose(a, b),
        Test::NotEqual => !term::equal_loose(a, b),
        Test::Same => term::equal(a, b),
        Test::NotSame => !term::equal(a, b),
    }
}

#[inline]
fn compare_int(test: Test, a: &Term, value: i64) -> bool {
    if let Term::Int(a) = a {
        return match test {
            Test::Less => *a < value,
            Test::LessOrEqual => *a <= value,
            Test::Greater => *a > value,
            Test::GreaterOrEqual => *a >= value,
            Test::Equal | Test::Same => *a == value,
            Test::NotEqual | Test::NotSame => *a != value,
        };
    }
    compare(test, a, &Term::Int(value))
}

#[inline]
fn is_type(wanted: Type, term: &Term) -> bool {
    match wanted {
        Type::Atom => matches!(term, Term::Atom(_)),
        Type::Binary => matches!(term, Term::Binary(binary) if binary.is_whole()),
        Type::Bitstring => matches!(term, Term::Binary(_)),
        Type::Boolean => matches!(term, Term::Atom(atom::TRUE | atom::FALSE)),
        Type::Float => matches!(term, Term::Float(_)),
        Type::Function => matches!(term, Term::Fun(_)),
        Type::Integer => matches!(term, Term::Int(_) | Term::Big(_)),
        Type::List => matches!(term, Term::List(_) | Term::Empty),
        Type::Map => matches!(term, Term::Map(_)),
        Type::Number => matches!(term, Term::Int(_) | Term::Big(_) | Term::Float(_)),
        Type::Pid => matches!(term, Term::Pid(_)),
        Type::Reference => matches!(term, Term::Reference(_)),
        Type::Tuple => matches!(term, Term::Tuple(_)),
        Type::EmptyList => matches!(term, Term::Empty),
    }
}
