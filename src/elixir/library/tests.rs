//! Making the compiled library, and holding it against the texts.

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
