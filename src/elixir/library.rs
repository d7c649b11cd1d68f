//! The library: modules of Elixir and Erlang that are written in Elixir. The code of a file joins that of a program when
//! the program first mentions one of the file's modules.
//!
//! `stdlib/compiled.bin` holds the code of all files, compiled. It is made of their texts by a test of this module, and
//! believed as long as these are the texts of which it was made; without it, files are compiled from their texts.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::atom::Atom;
use super::code::{Code, Natives, Unit};
use super::compile;
use super::expand::Compiler;
use super::syntax;
use super::vm::Tools;
use crate::kernel::Fingerprint;

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
    "ex_unit_doc_test.ex",
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

/// What a version of the virtual machine that reads other bytes counts up.
const VERSION: u64 = 1;

/// The compiled library.
#[derive(Serialize, Deserialize)]
struct Compiled<'a> {
    version: u64,
    /// The fingerprint of the texts of which it was made.
    made_of: u64,
    /// Modules and the numbers of their files.
    #[serde(borrow)]
    modules: Vec<(&'a str, u32)>,
    /// Implementations of protocols: protocol, type, and the number of the file.
    #[serde(borrow)]
    implementations: Vec<(&'a str, &'a str, u32)>,
    /// The names that the units mention.
    #[serde(borrow)]
    names: Vec<&'a str>,
    /// The files, each a [`Unit`].
    #[serde(borrow)]
    units: Vec<&'a [u8]>,
}

impl Compiled<'static> {
    /// What the bytes hold, if it was made of the texts as they are.
    fn read(bytes: &'static [u8]) -> Option<Compiled<'static>> {
        let found: Compiled<'static> = postcard::from_bytes(bytes).ok()?;
        (found.version == VERSION && found.made_of == fingerprint()).then_some(found)
    }
}

/// The fingerprint of all texts.
fn fingerprint() -> u64 {
    let parts: Vec<&str> = FILES.iter().flat_map(|(name, text)| [*name, *text]).collect();
    Fingerprint::of(&parts).number()
}

/// Which file holds which module.
pub(crate) struct Library {
    modules: BTreeMap<&'static str, u32>,
    /// Implementations of protocols that stand for themselves: protocol, type, and file.
    implementations: BTreeMap<String, (&'static str, &'static str, u32)>,
    /// The names that the units mention.
    names: Vec<&'static str>,
    /// The code of the files; none if they are compiled from their texts.
    units: Vec<&'static [u8]>,
}

/// What real Elixir has and the library has not: modules, each with functions, or with a star if nothing of it is there.
static OUTSIDE: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("stdlib/outside.txt").lines().filter_map(|line| line.split_once(' ')).collect()
});

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Compiled::read(COMPILED).map_or_else(Library::of_texts, Library::of_compiled));

impl Library {
    fn of_compiled(compiled: Compiled<'static>) -> Library {
        let Compiled { modules, implementations, names, units, .. } = compiled;
        let named = |(protocol, target, number): (&'static str, &'static str, u32)| {
            (format!("{protocol}.{target}"), (protocol, target, number))
        };
        Library {
            modules: modules.into_iter().collect(),
            implementations: implementations.into_iter().map(named).collect(),
            names,
            units,
        }
    }

    fn of_texts() -> Library {
        let mut modules = BTreeMap::new();
        let mut implementations = BTreeMap::new();
        for (number, (_, text)) in (0..).zip(FILES) {
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
        Library { modules, implementations, names: Vec::new(), units: Vec::new() }
    }

    /// The library.
    pub(crate) fn get() -> &'static Library {
        &LIBRARY
    }

    fn file_of(&self, module: Atom) -> Option<u32> {
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

    /// The name of the file that holds a module.
    pub(crate) fn file(&self, module: Atom) -> Option<&'static str> {
        Some(FILES.get(self.file_of(module)? as usize)?.0)
    }

    /// Whether it has a module.
    pub(crate) fn has(&self, module: Atom) -> bool {
        self.file_of(module).is_some()
    }

    /// Whether a file is one of its own.
    pub(crate) fn holds(&self, file: Atom) -> bool {
        file.text().strip_prefix("lib/").is_some_and(|name| FILES.iter().any(|(known, _)| *known == name))
    }

    /// Whether real Elixir has a function that is not there.
    pub(crate) fn lacks(&self, module: Atom, name: Atom, arity: usize) -> bool {
        let name_of = module.alias().map_or_else(|| format!(":{module}"), ToOwned::to_owned);
        match OUTSIDE.get(name_of.as_str()) {
            None => false,
            Some(&"*") => !self.has(module),
            Some(functions) => functions.split(' ').any(|known| {
                known
                    .rsplit_once('/')
                    .is_some_and(|(known, of)| known == name.text() && of.parse() == Ok(arity))
            }),
        }
    }

    /// What the virtual machine calls when a module is missing.
    pub(crate) fn tools(&self) -> Tools {
        Tools { load, eval: compile::eval, quoted: compile::quoted }
    }
}

/// Adds the file of a module to the code. Returns whether there is one and it was not there yet.
fn load(code: &mut Rc<Code>, natives: &'static Natives, module: Atom) -> bool {
    let library = Library::get();
    let Some(number) = library.file_of(module).and_then(|number| usize::try_from(number).ok()) else {
        return false;
    };
    let Some((name, text)) = FILES.get(number) else { return false };
    let known = Rc::make_mut(code);
    if !known.files.insert(name) {
        return false;
    }
    let unit = library.units.get(number).and_then(|bytes| postcard::from_bytes::<Unit>(bytes).ok());
    if let Some(structs) = unit.and_then(|unit| unit.link(known, natives, &library.names)) {
        for module in structs {
            load(code, natives, module);
        }
        return true;
    }
    let (whole, result) = compile_file(std::mem::take(code), natives, name, text);
    *code = whole.code;
    if let Err(fault) = result {
        Rc::make_mut(code).faults.push(fault);
    }
    true
}

/// Compiles a file from its text.
fn compile_file(
    code: Rc<Code>,
    natives: &'static Natives,
    name: &str,
    text: &str,
) -> (Compiler, Result<(), String>) {
    let mut compiler = Compiler::new(code, natives, Library::get());
    let file = Atom::new(&format!("lib/{name}"));
    let result = match syntax::parse(text) {
        Err(errors) => Err(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        Ok(parsed) => compiler.file(file, &parsed.ast).map(drop).map_err(|error| error.to_string()),
    };
    (compiler, result)
}

/// The compiled library. The tests of the library itself, which make it, do without.
#[cfg(not(test))]
const COMPILED: &[u8] = include_bytes!("stdlib/compiled.bin");
#[cfg(test)]
const COMPILED: &[u8] = &[];

#[cfg(test)]
mod tests;
