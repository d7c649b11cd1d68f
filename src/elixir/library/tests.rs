//! Making the compiled library, and holding it against the texts.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;
use crate::elixir::code::{self, Names};

/// How to make it anew.
const COMMAND: &str = "cargo test --lib --locked write_the_compiled_library -- --ignored";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/elixir/stdlib/compiled.bin")
}

/// The code of all files. Each is compiled by itself, so that none depends on what was there before.
fn compiled() -> Vec<u8> {
    let library = Library::of_texts();
    let natives = Natives::get();
    let mut names = Names::default();
    let units: Vec<Vec<u8>> = FILES
        .iter()
        .map(|(name, text)| {
            let mut code = Code::default();
            code::begin(&mut code);
            code.files.insert(name);
            let (compiler, result) = compile_file(Rc::new(code), natives, name, text);
            assert_eq!(result, Ok(()), "{name}");
            let file = Atom::new(&format!("lib/{name}"));
            let Compiler { code, mut defined, structs, .. } = compiler;
            defined.sort_unstable();
            defined.dedup();
            let unit = Unit::extract(&code, natives, file, &defined, &structs, &mut names);
            postcard::to_stdvec(&unit.expect(name)).expect("a unit can be written")
        })
        .collect();
    let implementations = library.implementations.into_values().collect();
    let compiled = Compiled {
        version: VERSION,
        made_of: fingerprint(),
        modules: library.modules.into_iter().collect(),
        implementations,
        names: names.texts().to_vec(),
        units: units.iter().map(Vec::as_slice).collect(),
    };
    postcard::to_stdvec(&compiled).expect("the library can be written")
}

#[test]
#[ignore = "writes the compiled library"]
fn write_the_compiled_library() {
    std::fs::write(path(), compiled()).expect("the file can be written");
}

#[test]
fn the_compiled_library_is_that_of_the_texts() {
    let found = std::fs::read(path()).unwrap_or_default();
    assert!(found == compiled(), "src/elixir/stdlib/compiled.bin is not that of the texts: {COMMAND}");
}

/// What real Elixir documents, as a script that asks it prints it.
const DOCUMENTED: &str = include_str!("../stdlib/documented.txt");

/// How to write the list anew.
const LIST_COMMAND: &str = "cargo test --lib --locked write_the_list_of_the_library -- --ignored";

fn list_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/library.md")
}

/// The functions and macros of each module, as `name/arity`.
fn there() -> BTreeMap<String, BTreeSet<String>> {
    let natives = Natives::get();
    let library = Library::of_texts();
    let mut there: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in FILES {
        let mut code = Code::default();
        code::begin(&mut code);
        code.files.insert(name);
        let (compiler, _) = compile_file(Rc::new(code), natives, name, text);
        for (module, info) in &compiler.code.modules {
            let module = module.alias().map_or_else(|| format!(":{module}"), ToOwned::to_owned);
            if !library.modules.contains_key(module.as_str()) {
                continue;
            }
            let functions = info.exports.keys().map(|(name, arity)| (name.text(), *arity));
            let macros = info.macros.keys().map(|(name, arity)| (name.text(), *arity));
            let names = functions
                .chain(macros)
                .filter(|(name, _)| !matches!(*name, "__info__" | "module_info" | "behaviour_info"))
                .map(|(name, arity)| format!("{name}/{arity}"));
            there.entry(module).or_default().extend(names);
        }
    }
    for (module, name, arity) in natives.names() {
        let module = module.alias().map_or_else(|| format!(":{module}"), ToOwned::to_owned);
        there.entry(module).or_default().insert(format!("{name}/{arity}"));
    }
    there
}

/// Functions by name, each with its arities: `get/2,3`.
fn by_name<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut arities: BTreeMap<&str, BTreeSet<u8>> = BTreeMap::new();
    for name in names {
        if let Some((name, arity)) = name.rsplit_once('/') {
            arities.entry(name).or_default().extend(arity.parse::<u8>());
        }
    }
    let texts: Vec<String> = arities
        .iter()
        .map(|(name, arities)| {
            let arities: Vec<String> = arities.iter().map(ToString::to_string).collect();
            format!("`{}/{}`", name.replace('|', "\\|"), arities.join(","))
        })
        .collect();
    texts.join(" ")
}

/// Whether the compiler knows a function or macro of Kernel: it does not say that there is none.
fn is_known_to_the_compiler(name: &str, arity: usize) -> bool {
    let call = match (name.starts_with(|c: char| c.is_ascii_alphabetic()), arity) {
        (true, _) => format!("{name}({})", vec!["[]"; arity].join(", ")),
        (false, 1) => format!("{name}(true)"),
        (false, _) => format!("true {name} [true]"),
    };
    let text = format!("defmodule Probe do\n  def probe() do\n    {call}\n  end\nend\n");
    match crate::elixir::compile::<crate::kernel::Plain>(&[crate::elixir::Source {
        name: "probe.ex",
        text: &text,
    }]) {
        Ok(_) => true,
        Err(faults) => faults.iter().all(|fault| !fault.to_string().contains("undefined function")),
    }
}

/// A module that real Elixir has.
struct Documented {
    module: &'static str,
    there: Vec<&'static str>,
    /// Nothing if the module is not there at all.
    not_there: Option<Vec<&'static str>>,
}

/// All modules of Elixir and Erlang, and what is there of them.
fn documented() -> Vec<Documented> {
    let there = there();
    let lines = DOCUMENTED.lines().filter(|line| !line.starts_with('#'));
    let of = |line: &'static str| {
        let (module, names) = line.split_once(' ').expect("a module and its functions");
        let Some(known) = there.get(module) else {
            return Documented { module, there: Vec::new(), not_there: None };
        };
        let (there, not_there) = names.split(' ').partition(|full| {
            let (name, arity) = full.rsplit_once('/').expect("a name and an arity");
            let arity = arity.parse().expect("an arity");
            known.contains(*full) || module == "Kernel" && is_known_to_the_compiler(name, arity)
        });
        Documented { module, there, not_there: Some(not_there) }
    };
    lines.map(of).collect()
}

const HEAD: &str = "# What is there of Elixir's library

All functions and macros of Elixir 1.14 that are documented and not deprecated, and the functions of Erlang's modules (OTP 25). What a program calls that stands here as \
not there, it calls in vain: it is refused before it runs, by name and place. `src/elixir/library/tests.rs` writes this list, and holds it against the library.

";

fn list() -> String {
    let mut text = HEAD.to_owned();
    let (erlang, elixir): (Vec<Documented>, Vec<Documented>) =
        documented().into_iter().partition(|documented| documented.module.starts_with(':'));
    for (title, modules) in [("Elixir", elixir), ("Erlang", erlang)] {
        text += &format!("## {title}\n\n| module | there | not there |\n| --- | --- | --- |\n");
        let mut absent = Vec::new();
        for Documented { module, there, not_there } in modules {
            match not_there {
                Some(not_there) => {
                    let (there, not_there) = (by_name(there.into_iter()), by_name(not_there.into_iter()));
                    text += &format!("| `{module}` | {there} | {not_there} |\n");
                }
                None => absent.push(format!("`{module}`")),
            }
        }
        text += &format!("\nNot there at all: {}.\n\n", absent.join(" "));
    }
    text.trim_end().to_owned() + "\n"
}

/// What is refused: a line for each module, with functions, or a star.
fn outside() -> String {
    let mut text = String::new();
    for Documented { module, not_there, .. } in documented() {
        match not_there {
            Some(names) if names.is_empty() => {}
            Some(names) => text += &format!("{module} {}\n", names.join(" ")),
            None => text += &format!("{module} *\n"),
        }
    }
    text
}

fn outside_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/elixir/stdlib/outside.txt")
}

#[test]
fn the_list_of_the_library_is_true() {
    let found = std::fs::read_to_string(list_path()).unwrap_or_default();
    assert!(found == list(), "docs/library.md is not what is there: {LIST_COMMAND}");
    assert!(
        include_str!("../stdlib/outside.txt") == outside(),
        "outside.txt is not what is missing: {LIST_COMMAND}"
    );
}

#[test]
#[ignore = "writes the list of the library"]
fn write_the_list_of_the_library() {
    std::fs::write(list_path(), list()).expect("the file can be written");
    std::fs::write(outside_path(), outside()).expect("the file can be written");
}
