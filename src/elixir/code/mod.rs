//! Compact code for the virtual machine.
//!
//! A function works on registers, a window of its process's stack. Arguments arrive in the first ones. A call puts its
//! arguments at the end of the caller's window, where the callee's begins, and finds the result in the first of them.
//! The code of all functions is one sequence of operations: a place in it is a number.

mod found;
mod frozen;
mod generate;
mod lines;
mod liveness;
mod natives;
mod parts;
mod patterns;
mod unit;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use frozen::FrozenCode;
pub use generate::{Generated, TooLarge, generate};
pub(crate) use generate::{comparison, type_test};
pub use lines::Lines;
pub use natives::Natives;
pub(crate) use unit::Unit;

use super::atom::Atom;
use super::builtins::bits::Segment;
use super::core::Failure;
use super::term::Term;

/// A register, counted from the beginning of the function's window.
pub type Register = u16;

/// No register.
pub const NONE: Register = Register::MAX;

/// A place in the code.
pub type Place = u32;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Test {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Same,
    NotSame,
}

/// The type that a value is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Type {
    Atom,
    Binary,
    Bitstring,
    Boolean,
    Float,
    Function,
    Integer,
    List,
    Map,
    Number,
    Pid,
    Reference,
    Tuple,
    EmptyList,
}

/// One operation. `to` and `from` are registers unless they say otherwise; a `fail` is where the code goes on if the
/// operation does not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Op {
    /// Begins a function that uses so many registers.
    Enter {
        registers: u16,
    },
    /// Copies.
    Move {
        to: Register,
        from: Register,
    },
    /// Moves; `from` is empty afterwards.
    Take {
        to: Register,
        from: Register,
    },
    Constant {
        to: Register,
        constant: u32,
    },
    Int {
        to: Register,
        value: i32,
    },
    Atom {
        to: Register,
        #[serde(with = "crate::elixir::atom::number")]
        atom: Atom,
    },
    Jump {
        to: Place,
    },
    /// Goes on only with `true` and whatever else counts as true.
    JumpIfFalsy {
        register: Register,
        to: Place,
    },
    JumpIfTruthy {
        register: Register,
        to: Place,
    },
    /// Goes on only with `true`.
    JumpUnlessTrue {
        register: Register,
        to: Place,
    },
    JumpUnless {
        test: Test,
        a: Register,
        b: Register,
        to: Place,
    },
    JumpUnlessInt {
        test: Test,
        a: Register,
        value: i16,
        to: Place,
    },
    JumpUnlessType {
        wanted: Type,
        register: Register,
        to: Place,
    },
    JumpUnlessAtom {
        register: Register,
        #[serde(with = "crate::elixir::atom::number")]
        atom: Atom,
        to: Place,
    },
    JumpUnlessConstant {
        register: Register,
        constant: u32,
        to: Place,
    },
    /// Insists on `true` or `false`: the operator's name is in the message.
    Boolean {
        register: Register,
        #[serde(with = "crate::elixir::atom::number")]
        operator: Atom,
    },
    Compare {
        test: Test,
        to: Register,
        a: Register,
        b: Register,
    },
    IsType {
        wanted: Type,
        to: Register,
        from: Register,
    },
    Add {
        to: Register,
        a: Register,
        b: Register,
    },
    Subtract {
        to: Register,
        a: Register,
        b: Register,
    },
    Multiply {
        to: Register,
        a: Register,
        b: Register,
    },
    AddInt {
        to: Register,
        a: Register,
        value: i16,
    },
    /// A list cell of two registers that are empty afterwards.
    Cons {
        to: Register,
        head: Register,
        tail: Register,
    },
    Uncons {
        from: Register,
        head: Register,
        tail: Register,
        fail: Place,
    },
    /// A tuple of `count` registers from `at` on, which are empty afterwards.
    Tuple {
        to: Register,
        at: Register,
        count: u16,
    },
    /// Whether it is a tuple of this size.
    IsTuple {
        register: Register,
        size: u16,
        fail: Place,
    },
    /// An element of what is known to be a tuple that has it.
    Element {
        to: Register,
        from: Register,
        index: u16,
    },
    /// A map of `count` keys and values that alternate from `at` on.
    Map {
        to: Register,
        at: Register,
        count: u16,
    },
    /// Replaces the values of `count` keys that follow the map in `at`; each must be there.
    MapUpdate {
        to: Register,
        at: Register,
        count: u16,
    },
    /// The value of a key.
    MapGet {
        to: Register,
        map: Register,
        key: Register,
        fail: Place,
    },
    /// `map.key`, or the call of a function without arguments if it is a module.
    Field {
        at: Register,
        #[serde(with = "crate::elixir::atom::number")]
        key: Atom,
    },
    /// A function value; what it takes with it is found from `at` on.
    Closure {
        to: Register,
        lambda: u32,
        at: Register,
    },
    Call {
        function: u32,
        at: Register,
    },
    TailCall {
        function: u32,
        at: Register,
        count: u16,
    },
    CallRemote {
        remote: u32,
        at: Register,
    },
    TailCallRemote {
        remote: u32,
        at: Register,
        count: u16,
    },
    /// Calls the function in `at` with what follows it.
    CallValue {
        at: Register,
        count: u16,
    },
    TailCallValue {
        at: Register,
        count: u16,
    },
    /// Calls a function of the module in `at` with what follows it.
    CallDynamic {
        at: Register,
        count: u16,
        #[serde(with = "crate::elixir::atom::number")]
        name: Atom,
    },
    /// Calls a built-in with the arguments from `at` on.
    Builtin {
        builtin: u16,
        at: Register,
        to: Register,
    },
    /// As `Builtin`, in a guard: whatever goes wrong means no.
    GuardBuiltin {
        builtin: u16,
        at: Register,
        to: Register,
        fail: Place,
    },
    /// Asks something of the world, or of the process itself, with the arguments from `at` on.
    Act {
        action: u16,
        at: Register,
        position: u32,
    },
    /// Where the receive stands that follows.
    Position {
        position: u32,
    },
    Return {
        register: Register,
    },
    /// Raises that nothing matches the value.
    Fail {
        failure: Failure,
        register: Register,
    },
    /// From here on, what is raised goes to `to`, with class, reason and stack trace in three registers.
    Protect {
        register: Register,
        to: Place,
    },
    Unprotect,
    /// Raises again what stands in three registers.
    Reraise {
        register: Register,
    },
    /// Waits for a message that the clauses after this take; `timeout` may be `NONE`.
    Receive {
        message: Register,
        timeout: Register,
        expired: Place,
    },
    /// A clause takes the message.
    Accept,
    /// No clause does.
    Reject,
    /// Builds a bitstring from values and sizes.
    BuildBits {
        to: Register,
        at: Register,
        layout: u32,
    },
    /// Begins to take apart a bitstring: `at` is the bitstring, `at + 1` the position.
    OpenBits {
        at: Register,
        from: Register,
        fail: Place,
    },
    ReadBits {
        read: u32,
        fail: Place,
    },
    /// Whether all of it has been read.
    CloseBits {
        at: Register,
        fail: Place,
    },
    /// Never reached.
    Unreachable,
}

/// How a segment is read: what `at` of its [`Op::OpenBits`] was, where the value goes, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// The layout.
    pub segment: Segment,
    /// Where the bitstring is.
    pub at: Register,
    /// Where the value goes.
    pub to: Register,
    /// Where the size is, or [`NONE`].
    pub size: Register,
}

/// A function of some module, found when it is first called.
#[derive(Clone, Debug)]
pub struct Remote {
    /// The module.
    pub module: Atom,
    /// The function.
    pub name: Atom,
    /// How many arguments it takes.
    pub arity: u8,
    /// What was found.
    pub found: Cell<Option<Callable>>,
}

/// What a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callable {
    /// A function in the code.
    Function(u32),
    /// A built-in.
    Builtin(u16),
    /// Something that the virtual machine does.
    Action(u16),
}

/// A function in the code.
#[derive(Clone, Debug)]
pub struct FunctionInfo {
    /// Where it begins.
    pub entry: Place,
    /// Its module.
    pub module: Atom,
    /// Its name, or that of the function in which it was written.
    pub name: Atom,
    /// How many arguments it takes, without what an anonymous one takes with it.
    pub arity: u8,
    /// How many values an anonymous function takes with it.
    pub captured: u16,
    /// Which of its module's anonymous functions it is.
    pub index: Option<u32>,
}

/// A module in the code.
#[derive(Clone, Debug, Default)]
pub struct ModuleInfo {
    /// The functions that others may call.
    pub exports: BTreeMap<(Atom, u8), u32>,
    /// The macros.
    pub macros: BTreeMap<(Atom, u8), u32>,
    /// The fields of its struct and their defaults, in the order of their definition.
    pub fields: Option<Vec<(Atom, Term)>>,
    /// The fields that must be given.
    pub enforced: Vec<Atom>,
    /// What `@name` was at the end, where it is kept.
    pub attributes: BTreeMap<Atom, Term>,
}

/// Everything that runs. It only grows.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// The operations of all functions.
    pub ops: Vec<Op>,
    /// The functions, in the order of their entries.
    pub functions: Vec<FunctionInfo>,
    /// The constants that operations mention.
    pub constants: Vec<Term>,
    /// The functions of other modules that operations mention.
    pub remotes: Vec<Remote>,
    /// Layouts of bitstrings that are built: segments and whether a size follows the value.
    pub layouts: Vec<Rc<[(Segment, bool)]>>,
    /// Segments that are read.
    pub reads: Vec<Read>,
    /// Files and lines that operations mention.
    pub positions: Vec<(Atom, u32)>,
    /// Lines of operations.
    pub lines: Lines,
    /// The modules.
    pub modules: BTreeMap<Atom, ModuleInfo>,
    /// The modules of the program itself, in the order of their definition.
    pub defined: Vec<Atom>,
    /// The texts of the program's files.
    pub sources: BTreeMap<Atom, Rc<str>>,
    /// The files of the library that have been compiled.
    pub files: std::collections::BTreeSet<&'static str>,
    /// What was wrong with files of the library.
    pub faults: Vec<String>,
    /// Which module implements a protocol for a type or struct.
    pub implementations: BTreeMap<(Atom, Atom), Atom>,
    /// What calls by name have found lately.
    pub(crate) found: found::Found,
    /// While a program is compiled: what is documented in each of its modules, for doctests.
    pub docs: BTreeMap<Atom, Term>,
}

/// Puts the code at the beginning at which processes start: it returns what they have called.
pub(crate) fn begin(code: &mut Code) {
    code.ops.push(Op::Return { register: 0 });
    code.functions.push(FunctionInfo {
        entry: 0,
        module: crate::elixir::atom::NIL,
        name: crate::elixir::atom::NIL,
        arity: 0,
        captured: 0,
        index: None,
    });
}

impl Code {
    /// Where a function begins; beyond the code for a number that no function has.
    #[inline]
    #[must_use]
    pub fn entry(&self, function: u32) -> Place {
        self.functions.get(function as usize).map_or(Place::MAX, |info| info.entry)
    }

    /// The function that an operation belongs to.
    #[must_use]
    pub fn function_at(&self, place: Place) -> Option<&FunctionInfo> {
        let after = self.functions.partition_point(|function| function.entry <= place);
        self.functions.get(after.checked_sub(1)?)
    }

    /// The function of a module that others may call.
    #[must_use]
    pub fn export(&self, module: Atom, name: Atom, arity: u8) -> Option<u32> {
        self.modules.get(&module)?.exports.get(&(name, arity)).copied()
    }
}

#[cfg(test)]
mod extract;
#[cfg(test)]
pub(crate) use extract::Names;
