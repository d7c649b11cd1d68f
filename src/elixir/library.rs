//! The library: modules of Elixir and Erlang that are written in Elixir. Each file is compiled when a program first
//! mentions one of its modules.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use super::atom::Atom;
use super::code::{Code, Natives};
use super::compile;
use super::expand::Compiler;
use super::syntax;
use super::vm::Tools;

macro_rules! files {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("stdlib/", $name)))),*]
    };
}

/// Names and texts of all files.
const FILES: &[(&str, &str)] = files![
    "code.ex",
    "rashomon_kernel.ex",
    "rashomon_for.ex",
    "rashomon_crash.ex",
    "module.ex",
    "access.ex",
    "agent.ex",
    "application.ex",
    "atom.ex",
    "base.ex",
    "bitwise.ex",
    "collectable.ex",
    "dynamic_supervisor.ex",
    "enum.ex",
    "enumerable.ex",
    "erlang_ets.ex",
    "erlang_gb_sets.ex",
    "erlang_gb_trees.ex",
    "erlang_gen_server.ex",
    "erlang_io.ex",
    "erlang_lists.ex",
    "erlang_maps.ex",
    "erlang_ordsets.ex",
    "erlang_proc_lib.ex",
    "erlang_queue.ex",
    "erlang_sets.ex",
    "erlang_string.ex",
    "erlang_supervisor.ex",
    "erlang_sys.ex",
    "erlang_timer.ex",
    "ex_unit.ex",
    "exception.ex",
    "exceptions.ex",
    "float.ex",
    "function.ex",
    "gen_server.ex",
    "inspect.ex",
    "inspect_algebra.ex",
    "inspect_opts.ex",
    "integer.ex",
    "io.ex",
    "io_ansi.ex",
    "io_stream.ex",
    "kernel.ex",
    "keyword.ex",
    "list.ex",
    "list_chars.ex",
    "logger.ex",
    "macro.ex",
    "macro_printer.ex",
    "map.ex",
    "map_set.ex",
    "node.ex",
    "process.ex",
    "range.ex",
    "rashomon_report.ex",
    "regex.ex",
    "registry.ex",
    "registry_pattern.ex",
    "stream.ex",
    "string.ex",
    "string_chars.ex",
    "string_io.ex",
    "supervisor.ex",
    "system.ex",
    "task.ex",
    "task_stream.ex",
    "task_supervisor.ex",
    "tuple.ex",
    "uri.ex",
];

/// Which file holds which module.
pub(crate) struct Library {
    modules: BTreeMap<&'static str, usize>,
    /// Implementations of protocols that stand for themselves: protocol, type, and file.
    implementations: BTreeMap<String, (&'static str, &'static str, usize)>,
}

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut modules = BTreeMap::new();
    let mut implementations = BTreeMap::new();
    for (number, (_, text)) in FILES.iter().enumerate() {
        for line in text.lines() {
            let name = line.strip_prefix("defmodule ").or_else(|| line.strip_prefix("defprotocol "));
            if let Some(name) = name.and_then(|name| name.strip_suffix(" do")) {
                modules.insert(name, number);
            }
            let parts = line.strip_prefix("defimpl ").and_then(|rest| rest.strip_suffix(" do"));
            if let Some((protocol, target)) = parts.and_then(|parts| parts.split_once(", for: ")) {
                for target in target.trim_matches(['[', ']']).split(", ") {
                    implementations.insert(format!("{protocol}.{target}"), (protocol, target, number));
                }
            }
        }
    }
    Library { modules, implementations }
});

impl Library {
    /// The library.
    pub(crate) fn get() -> &'static Library {
        &LIBRARY
    }

    fn file_of(&self, module: Atom) -> Option<usize> {
        match module.alias() {
            Some(alias) => self
                .modules
                .get(alias)
                .copied()
                .or_else(|| self.implementations.get(alias).map(|(_, _, number)| *number)),
            None => self.modules.get(format!(":{module}").as_str()).copied(),
        }
    }

    /// The implementations of protocols that are found when somebody needs them: protocol, type, and module.
    pub(crate) fn implementations(&self) -> impl Iterator<Item = (Atom, Atom, Atom)> {
        self.implementations.iter().map(|(name, (protocol, target, _))| {
            (Atom::module(protocol), Atom::module(target), Atom::module(name))
        })
    }

    /// Whether it has a module.
    pub(crate) fn has(&self, module: Atom) -> bool {
        self.file_of(module).is_some()
    }

    /// Whether a file is one of its own.
    pub(crate) fn holds(&self, file: Atom) -> bool {
        file.text().strip_prefix("lib/").is_some_and(|name| FILES.iter().any(|(known, _)| *known == name))
    }

    /// What the virtual machine calls when a module is missing.
    pub(crate) fn tools(&self) -> Tools {
        Tools { load, eval: compile::eval, quoted: compile::quoted }
    }
}

/// Compiles the file of a module. Returns whether there is one and it was not compiled yet.
fn load(code: &mut Rc<Code>, natives: &'static Natives, module: Atom) -> bool {
    let library = Library::get();
    let Some(number) = library.file_of(module) else { return false };
    let Some((name, text)) = FILES.get(number) else { return false };
    if !Rc::make_mut(code).files.insert(name) {
        return false;
    }
    let file = Atom::new(&format!("lib/{name}"));
    let result = match syntax::parse(text) {
        Err(errors) => Err(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        Ok(parsed) => {
            let mut compiler = Compiler::new(std::mem::take(code), natives, library);
            let result = compiler.file(file, &parsed.ast).map_err(|error| error.to_string());
            *code = compiler.code;
            result.map(drop)
        }
    };
    if let Err(fault) = result {
        Rc::make_mut(code).faults.push(fault);
    }
    true
}
