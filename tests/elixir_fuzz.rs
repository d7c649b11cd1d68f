//! No text makes the library panic or run for ever: random characters, and programs of `tests/elixir` with pieces left out,
//! repeated, exchanged and put in.
//!
//! The cases are the same in every run; the targets in `fuzz/` look further.

#[path = "support/bounded.rs"]
mod bounded;
#[path = "support/elixir.rs"]
#[allow(dead_code)]
mod elixir;

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

fn runner(cases: u32) -> TestRunner {
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..Default::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

/// Pieces that mean something, and that end or begin something in odd places.
const PIECES: &[&str] = &[
    "do",
    "end",
    "fn",
    "->",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<<",
    ">>",
    "%{",
    "|",
    "|>",
    "&",
    "&1",
    "@",
    "^",
    "..",
    "::",
    "\\\\",
    "<-",
    "=>",
    "=",
    "==",
    ":",
    ":a",
    "a:",
    "\"",
    "\"\"\"",
    "'",
    "#{",
    "~r/",
    "~w(",
    "?",
    "?a",
    "0x",
    "1.0e",
    "1_000",
    "9999999999999999999999",
    "nil",
    "when",
    "def f(x)",
    "defmodule M",
    "defmacro m",
    "quote",
    "unquote(",
    "for",
    "receive",
    "after",
    "rescue",
    "catch",
    "try",
    "case",
    "cond",
    "with",
    "if",
    "spawn(fn ->",
    "send(self(), ",
    "Process.exit(self(), :kill)",
    "raise",
    "throw",
    "exit",
    "Enum.map(",
    "String.duplicate(\"a\", 99",
    ":ets.new(:t, [",
    ":ets.select(",
    "Stream.iterate(1, ",
    "\n",
    ";",
    ",",
    " ",
    "\u{0}",
    "\u{e9}",
    "\u{1f600}",
    "\\",
];

/// The texts of all programs.
fn texts() -> Vec<String> {
    fn collect(folder: PathBuf, found: &mut Vec<String>) {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("it is there").path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                collect(path, found);
            } else if path.extension().is_some_and(|extension| extension == "exs") {
                found.extend(fs::read_to_string(path));
            }
        }
    }
    let mut found = Vec::new();
    collect(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/elixir"), &mut found);
    found
}

/// A text in pieces: words, blanks, and single signs.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let kind = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            0
        } else if c == ' ' {
            1
        } else {
            2
        }
    };
    for c in text.chars() {
        match pieces.last_mut() {
            Some(last) if kind(c) < 2 && last.chars().next().map(kind) == Some(kind(c)) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// A change: which one, and two places and a piece as shares of what there is.
type Change = (u8, u16, u16, u16);

fn changed(text: &str, changes: &[Change]) -> String {
    let mut pieces = pieces(text);
    for &(what, from, length, piece) in changes {
        if pieces.is_empty() {
            break;
        }
        let at = usize::from(from) * pieces.len() / 65_536;
        let end = (at + 1 + usize::from(length) % 12).min(pieces.len());
        let piece = PIECES[usize::from(piece) % PIECES.len()].to_owned();
        match what % 5 {
            0 => drop(pieces.drain(at..end)),
            1 => {
                let again: Vec<String> = pieces[at..end].to_vec();
                pieces.splice(at..at, again);
            }
            2 => {
                let other = usize::from(length) * pieces.len() / 65_536;
                pieces.swap(at, other);
            }
            3 => pieces.insert(at, piece),
            _ => pieces[at] = piece,
        }
    }
    pieces.concat()
}

#[test]
fn random_characters_are_no_danger() {
    let text = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        proptest::collection::vec(0..PIECES.len(), 0..60).prop_map(|numbers| numbers
            .into_iter()
            .map(|number| PIECES[number])
            .collect::<Vec<_>>()
            .join(" ")),
    ];
    let result = runner(10_000).run(&text, |text| {
        bounded::run(&text, 0);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn changed_programs_are_no_danger() {
    let texts = texts();
    let changes = proptest::collection::vec(any::<Change>(), 1..6);
    let result = runner(3_000).run(&(0..texts.len(), changes, 0_u64..4), |(number, changes, seed)| {
        bounded::run(&changed(&texts[number], &changes), seed);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// What is nested too deep is refused, and does not use up the stack.
#[test]
fn depth_is_no_danger() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("%{a: ", "}"),
        ("<<", ">>"),
        ("fn -> ", " end"),
        ("f(", ")"),
        ("not ", ""),
        ("- ", ""),
        ("if a do ", " end"),
        ("quote do ", " end"),
        ("\"#{", "}\""),
        ("a = ", "1"),
        ("1 + ", "1"),
        ("[1 | ", "]"),
        ("a |> ", "a"),
        ("case 1 do _ -> ", " end"),
        ("@a ", "1"),
        ("&(", ")"),
        ("a.b(", ")"),
        ("x.", "y"),
        ("case 1 do ", " -> 1 end"),
        ("fn ", " -> 1 end"),
        ("^", "a"),
        ("a when ", "b"),
        ("defmodule A do ", " end"),
    ] {
        for depth in [50, 500, 5_000] {
            bounded::run(&format!("{}1{}", open.repeat(depth), close.repeat(depth)), 0);
        }
    }
}
