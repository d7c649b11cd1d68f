//! An Elixir program as something that worlds can be made of.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::rc::Rc;

use super::alone::{CompileTime, run_alone};
use super::assigned::Assigned;
use super::environment::{Environment, Input, Limits, Tools};
use super::interpret::Machine;
use super::process::{ElixirProcess, Kept};
use crate::elixir::atom::{self, Atom};
use crate::elixir::code::{Code, FrozenCode, Natives};
use crate::elixir::syntax;
use crate::elixir::term::{Fun, NIL, Target, Term, list};
use crate::kernel::{Fingerprint, Pid, Plain, Program, Settings, World};

/// A compiled Elixir program. Threads can share it.
pub struct ElixirProgram<S = Plain> {
    name: String,
    fingerprint: Fingerprint,
    code: FrozenCode,
    tools: Tools,
    mains: Vec<(Atom, Atom)>,
    limits: Limits,
    storage: PhantomData<fn() -> S>,
}

impl<S> Clone for ElixirProgram<S> {
    fn clone(&self) -> ElixirProgram<S> {
        ElixirProgram {
            name: self.name.clone(),
            fingerprint: self.fingerprint,
            code: self.code.clone(),
            tools: self.tools,
            mains: self.mains.clone(),
            limits: self.limits,
            storage: PhantomData,
        }
    }
}

impl<S> ElixirProgram<S> {
    /// A program that runs functions one after another, which take no argument that counts.
    pub(crate) fn new(
        name: String,
        fingerprint: Fingerprint,
        code: &Code,
        tools: Tools,
        mains: Vec<(Atom, Atom)>,
    ) -> ElixirProgram<S> {
        let (code, limits) = (FrozenCode::freeze(code), Limits::default());
        ElixirProgram { name, fingerprint, code, tools, mains, limits, storage: PhantomData }
    }

    /// With other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> ElixirProgram<S> {
        self.limits = limits;
        self
    }
}

impl<S> ElixirProgram<S> {
    /// The places, file and line, of a function's code and of the functions without a name in it. Nothing if the program has no such
    /// function.
    #[must_use]
    pub fn places_of(&self, module: &str, name: &str, arity: u8) -> Option<BTreeSet<(Atom, u32)>> {
        let code = self.code.thaw();
        let (module, name) = (Atom::module(module), Atom::new(name));
        let mut bounds: Vec<u32> = code.functions.iter().map(|info| info.entry).collect();
        bounds.sort_unstable();
        let mut found = false;
        let mut places = BTreeSet::new();
        for info in code.functions.iter().filter(|info| info.module == module && info.name == name) {
            if info.index.is_none() && info.arity != arity {
                continue;
            }
            found |= info.index.is_none();
            let after = bounds.partition_point(|entry| *entry <= info.entry);
            let end = bounds.get(after).copied().unwrap_or(code.ops.len() as u32);
            places.extend((info.entry..end).filter_map(|place| code.lines.at(place)));
        }
        found.then_some(places)
    }

    /// The places, file and line, at which a variable with this name gets what a call gives, or what calls in a comprehension give. Nothing if
    /// there is no such variable.
    #[must_use]
    pub fn places_of_variable(&self, name: &str) -> Option<BTreeSet<(Atom, u32)>> {
        let code = self.code.thaw();
        let mut found = Assigned::of(Atom::new(name));
        for (file, text) in &code.sources {
            if let Ok(parsed) = syntax::parse(text) {
                found.look_at(*file, &parsed.ast);
            }
        }
        found.is_variable.then_some(found.places)
    }
}

impl<S: Kept> ElixirProgram<S> {
    /// What was wrong with files of the library that the world has loaded: nothing, unless the library is broken.
    #[must_use]
    pub fn faults(&self, world: &World<ElixirProcess<S>>) -> Vec<String> {
        world.environment().faults()
    }

    /// The exit status that the host process gives for a world that has ended, as `elixir` would.
    #[must_use]
    pub fn status(&self, world: &World<ElixirProcess<S>>) -> u8 {
        match world.main_exit() {
            None => 0,
            Some(reason) if world.environment().main_end.as_ref() == Some(&reason.0) => reason.status(),
            Some(_) => 1,
        }
    }

    /// What is to be said about the end of the main process if an exit signal has ended it.
    #[must_use]
    pub fn exit_report(&self, world: &World<ElixirProcess<S>>) -> Option<String> {
        let reason = world.main_exit()?;
        let environment = world.environment();
        if environment.main_end.as_ref() == Some(&reason.0) {
            return None;
        }
        let from = Term::tuple([Term::Atom(atom::EXIT_SIGNAL), Term::Pid(Pid::MAIN)]);
        let finished = run_alone(
            Rc::clone(&environment.code),
            environment.natives,
            self.tools,
            CompileTime::default(),
            (Atom::module("Exception"), Atom::new("format_banner")),
            vec![from, reason.0.clone()],
        );
        let text = finished.result.ok().and_then(|text| text.as_text().map(ToOwned::to_owned));
        Some(text.unwrap_or_else(|| format!("** (EXIT from {}) {reason}", Pid::MAIN)))
    }

    /// A fresh world with other limits, whose standard input is read by `read`: a line at each call, and nothing at its
    /// end.
    pub fn world_with(
        &self,
        settings: Settings,
        limits: Limits,
        read: impl FnMut() -> Option<String> + 'static,
    ) -> World<ElixirProcess<S>> {
        let mut environment = Environment::new(Rc::new(self.code.thaw()), Natives::get(), self.tools, limits);
        environment.input = Some(Rc::new(RefCell::new(Input { read: Box::new(read), lines: Vec::new() })));
        World::new(settings, environment, self.main())
    }

    fn environment(&self) -> Environment {
        Environment::new(Rc::new(self.code.thaw()), Natives::get(), self.tools, self.limits)
    }

    fn main(&self) -> ElixirProcess<S> {
        let external = |module: Atom, name: Atom| {
            Term::Fun(Rc::new(Fun::new(module, name, 1, Target::External, Box::new([]))))
        };
        let machine = match self.mains.as_slice() {
            [(module, name)] => Machine::new(external(*module, *name), [NIL]),
            mains => {
                let files = list(mains.iter().map(|(module, name)| external(*module, *name)));
                Machine::new(external(Atom::new("rashomon_crash"), Atom::new("files")), [files])
            }
        };
        ElixirProcess::new(machine, Pid::SYSTEM)
    }
}

impl<S: Kept> Program for ElixirProgram<S> {
    type Process = ElixirProcess<S>;

    fn name(&self) -> &str {
        &self.name
    }

    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn world(&self, settings: Settings) -> World<ElixirProcess<S>> {
        World::new(settings, self.environment(), self.main())
    }

    fn rewind(&self, world: &mut World<ElixirProcess<S>>) {
        let mut environment = world.environment().clone();
        environment.rewind();
        world.begin_anew(environment, self.main());
    }
}
