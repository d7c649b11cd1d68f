//! What all processes of one world share.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::elixir::atom::Atom;
use crate::elixir::builtins::{Context, Raised};
use crate::elixir::code::{Code, Natives};
use crate::elixir::term::Term;
use crate::kernel::Name;

/// How much a program may use. What goes beyond ends the run, and the message says which limit it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls of functions in the whole run.
    pub calls: u64,
    /// Bytes of data that one process holds.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { calls: 2_000_000_000, memory: 1 << 30 }
    }
}

/// Compiles a text in which some names have values, to a function or an exception with its message.
pub(crate) type Eval =
    fn(&mut Rc<Code>, &'static Natives, &str, &Term) -> Result<(Atom, Atom), (Atom, String)>;

/// Why a text is no code: the exception, the line, and what is wrong.
pub(crate) type Unreadable = (Atom, u32, String);

/// What of the compiler a running program can use.
#[derive(Clone, Copy)]
pub struct Tools {
    /// Adds a module of the library to the code. Returns whether there is one of that name.
    pub(crate) load: fn(&mut Rc<Code>, &'static Natives, Atom) -> bool,
    /// Compiles a text in which some names have values. The function that it becomes gives `{:ok, value, bindings}`.
    pub(crate) eval: Eval,
    /// The tree of a text, or what is wrong with it.
    pub(crate) quoted: fn(&str) -> Result<Term, Unreadable>,
}

/// Standard input: who reads it, and the lines that have been read.
pub(super) struct Input {
    pub(super) read: Box<dyn FnMut() -> Option<String>>,
    pub(super) lines: Vec<String>,
}

impl Input {
    /// A line by its number.
    pub(super) fn line(&mut self, number: usize) -> Option<String> {
        while self.lines.len() <= number {
            let line = (self.read)()?;
            self.lines.push(line);
        }
        self.lines.get(number).cloned()
    }
}

/// What all processes of one world share.
#[derive(Clone)]
pub struct Environment {
    /// The code. It grows when a module of the library is first called.
    pub(super) code: Rc<Code>,
    pub(super) natives: &'static Natives,
    pub(super) tools: Tools,
    pub(super) limits: Limits,
    /// Calls that are left.
    pub(super) calls_left: u64,
    /// Registered names that the program has used.
    pub(super) names: BTreeMap<u32, Name>,
    /// Cells that may be allocated before somebody looks how many are in use.
    pub(super) cells_left: u64,
    /// While a program is compiled: the module at hand.
    pub(super) compile: Option<Box<super::alone::CompileTime>>,
    /// Standard input, if there is any.
    pub(super) input: Option<Rc<std::cell::RefCell<Input>>>,
    /// How many lines of it have been read.
    pub(super) lines_read: usize,
    /// What is called when the script has ended, the last first.
    pub(super) at_exit: Vec<Term>,
    /// The reason with which the main process is about to end by itself. A signal can come before.
    pub(super) main_end: Option<Term>,
    /// The last unique integer.
    pub(super) unique: i64,
}

impl Environment {
    /// What the processes of a fresh world share.
    #[must_use]
    pub fn new(code: Rc<Code>, natives: &'static Natives, tools: Tools, limits: Limits) -> Environment {
        let calls_left = limits.calls;
        let mut environment = Environment {
            code,
            natives,
            tools,
            limits,
            calls_left,
            names: BTreeMap::new(),
            cells_left: 0,
            compile: None,
            input: None,
            lines_read: 0,
            at_exit: Vec::new(),
            main_end: None,
            unique: 0,
        };
        environment.allow(0);
        environment
    }

    /// What was wrong with files of the library.
    pub(super) fn faults(&self) -> Vec<String> {
        self.code.faults.clone()
    }

    /// Makes it that of a fresh world, keeping what is the same in every world.
    pub(super) fn rewind(&mut self) {
        self.calls_left = self.limits.calls;
        self.allow(0);
        self.unique = 0;
        self.lines_read = 0;
        self.main_end = None;
        self.at_exit.clear();
    }

    /// The registered name that an atom stands for.
    pub(super) fn name(&mut self, atom: Atom) -> Name {
        self.names.entry(atom.number()).or_insert_with(|| Name::from(atom.text())).clone()
    }

    /// Loads a module of the library. Returns whether there is more code now.
    pub(super) fn load(&mut self, module: Atom) -> bool {
        if self.code.modules.contains_key(&module) {
            return false;
        }
        (self.tools.load)(&mut self.code, self.natives, module)
    }
}

/// What built-ins may see of the environment.
pub(super) struct View<'a> {
    pub(super) code: &'a Code,
    pub(super) memory: u64,
}

impl Context for View<'_> {
    fn struct_fields(&self, module: Atom) -> Option<Vec<Atom>> {
        let fields = self.code.modules.get(&module)?.fields.as_ref()?;
        Some(fields.iter().map(|field| field.0).collect())
    }

    fn implements(&self, protocol: Atom, module: Atom) -> bool {
        self.code.implementations.contains_key(&(protocol, module))
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Raised> {
        if bytes as u64 > self.memory {
            return Err(Raised::atom(crate::elixir::atom::SYSTEM_LIMIT));
        }
        self.memory -= bytes as u64;
        Ok(())
    }
}
