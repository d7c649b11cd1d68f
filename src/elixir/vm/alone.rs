//! Running a function by itself, while a program is being compiled: in a small world of its own.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::environment::{Environment, Limits, Tools};
use super::interpret::Machine;
use super::process::{ElixirProcess, Text};
use crate::elixir::atom::Atom;
use crate::elixir::code::{Code, Natives};
use crate::elixir::term::{Fun, NIL, Target, Term, list};
use crate::kernel::{Device, Pid, Plain, Settings, World};

/// An attribute of a module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attribute {
    values: Vec<Term>,
    accumulate: bool,
    /// Whether the module tells it when the program runs.
    pub(crate) persistent: bool,
}

impl Attribute {
    /// One with a value.
    pub(crate) fn of(value: Term) -> Attribute {
        Attribute { values: vec![value], ..Attribute::default() }
    }

    /// One that keeps all its values.
    pub(crate) fn accumulating() -> Attribute {
        Attribute { accumulate: true, ..Attribute::default() }
    }

    /// Sets it, or adds to it.
    pub(crate) fn put(&mut self, value: Term) {
        if !self.accumulate {
            self.values.clear();
        }
        self.values.push(value);
    }

    /// Its value: the last one, or all of them with the last one first.
    pub(crate) fn value(&self) -> Term {
        if self.accumulate {
            list(self.values.iter().rev().cloned())
        } else {
            self.values.last().cloned().unwrap_or(NIL)
        }
    }
}

/// What code can see and change of the module that is being compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompileTime {
    pub(crate) attributes: BTreeMap<Atom, Attribute>,
    /// The functions that it has so far.
    pub(crate) defined: Vec<(Atom, u8)>,
    /// Definitions that were made, as trees.
    pub(crate) definitions: Vec<Term>,
    /// What the function returned.
    pub(crate) result: Option<Term>,
}

impl CompileTime {
    /// `Module.register_attribute`
    pub(super) fn register(&mut self, name: Atom, options: &Term) {
        let attribute = self.attributes.entry(name).or_default();
        for option in options.elements() {
            if let Some([Term::Atom(key), value]) = option.as_tuple() {
                match key.text() {
                    "accumulate" => attribute.accumulate = value.is_truthy(),
                    "persist" => attribute.persistent = value.is_truthy(),
                    _ => {}
                }
            }
        }
    }
}

/// What came of it.
pub(crate) struct Finished {
    /// The code, which may have grown.
    pub(crate) code: Rc<Code>,
    pub(crate) state: CompileTime,
    /// The value, or what went wrong.
    pub(crate) result: Result<Term, String>,
    /// What was written.
    pub(crate) written: Vec<(Device, Text)>,
}

/// Calls a function and waits for its end.
pub(crate) fn run_alone(
    code: Rc<Code>,
    natives: &'static Natives,
    tools: Tools,
    state: CompileTime,
    function: (Atom, Atom),
    arguments: Vec<Term>,
) -> Finished {
    let limits = Limits { calls: 50_000_000, ..Limits::default() };
    let mut environment = Environment::new(code, natives, tools, limits);
    environment.compile = Some(Box::new(state));
    let arity = u8::try_from(arguments.len()).unwrap_or(u8::MAX);
    let fun = Fun::new(function.0, function.1, arity, Target::External, Box::new([]));
    let main = Machine::new(Term::Fun(Rc::new(fun)), arguments);
    let main: ElixirProcess<Plain> = ElixirProcess::new(main, Pid::SYSTEM);
    let mut world = World::new(Settings::default(), environment, main);
    while world.ending().is_none() {
        let Some(choice) = world.choices().get(0) else { break };
        if world.apply(choice, &mut ()).is_err() {
            break;
        }
    }
    let mut written = Vec::new();
    world.each_written(|text| written.push((text.device, text.text.clone())));
    let crash = world.crashes().next().map(|(_, _, report)| report.clone());
    let ending = world.ending();
    let mut environment = world.environment().clone();
    drop(world);
    let mut state = environment.compile.take().map(|state| *state).unwrap_or_default();
    let result = match (state.result.take(), crash) {
        (Some(value), _) => Ok(value),
        (None, Some(report)) => Err(report),
        (None, None) => Err(match ending {
            Some(ending) => format!("compilation stopped: {ending}"),
            None => "compilation stopped".to_owned(),
        }),
    };
    Finished { code: environment.code, state, result, written }
}
