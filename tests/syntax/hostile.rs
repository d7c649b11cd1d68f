//! No text makes the parser panic, overflow the stack, or take long.

use proptest::prelude::*;
use rashomon::elixir::diagnostic::Colour;
use rashomon::elixir::syntax::{DEPTH_LIMIT, parse};

use crate::recorded::read;

/// Reads a text, and copies, drops and shows what comes out.
fn survive(source: &str) -> bool {
    match parse(source) {
        Ok(parsed) => {
            drop(parsed.clone());
            true
        }
        Err(errors) => {
            for error in errors {
                assert!(error.span.start <= error.span.end, "{error:?}");
                assert!(!error.diagnostic("x.exs").render(source, Colour::Never).is_empty());
            }
            false
        }
    }
}

/// Texts that are nested as deeply as one likes, in every way there is.
fn nested(times: usize) -> Vec<String> {
    let around = |open: &str, inside: &str, close: &str| open.repeat(times) + inside + &close.repeat(times);
    vec![
        around("(", "a", ")"),
        around("[", "", "]"),
        around("{", "", "}"),
        around("<< ", "", " >>"),
        around("f(", "1", ")"),
        around("fn -> ", "1", " end"),
        around("f do ", "", " end"),
        around("f do a -> ", "1", " end"),
        around("%{a: ", "1", "}"),
        around("%{a => ", "1", "}"),
        around("%A{a: ", "1", "}"),
        around("&(", "1", ")"),
        around("(a -> ", "1", ")"),
        around("\"#{", "", "}\""),
        around("\"#{1; ", "", "}\""),
        around("a[b: ", "1", "]"),
        around("- ", "1", ""),
        around("not ", "1", ""),
        around("@", "a", ""),
        around("a ", "b", ""),
        around("f a: ", "1", ""),
        around("a + ", "a", ""),
        around("a |> ", "a", ""),
        around("a = ", "a", ""),
        around("a | ", "a", ""),
        around("a", "", ".a"),
        around("a", "", "[1]"),
        around("a", "", ".(1)"),
    ]
}

/// The beginning of a text, for messages.
fn beginning(source: &str) -> &str {
    source.get(..20).unwrap_or(source)
}

/// Within the 2 MiB of stack that the thread of a test has.
#[test]
fn nesting_is_refused_before_it_hurts() {
    for times in [DEPTH_LIMIT as usize / 3, DEPTH_LIMIT as usize - 2] {
        for source in nested(times) {
            survive(&source);
        }
    }
    for times in [DEPTH_LIMIT as usize + 2, 10_000] {
        for source in nested(times) {
            assert!(!survive(&source), "{} was read", beginning(&source));
        }
    }
}

#[test]
fn ordinary_nesting_is_read() {
    for source in nested(100) {
        assert!(survive(&source), "{}", beginning(&source));
    }
}

#[test]
fn long_texts_are_read() {
    assert!(survive(&"a\n".repeat(20_000)));
    assert!(survive(&"\n".repeat(200_000)));
    assert!(survive(&format!("[{}]", "1, ".repeat(20_000))));
    assert!(survive(&format!("f do\n{}end", "a -> b\n".repeat(5_000))));
    assert!(survive(&format!("\"#{{{}}}\"", "a\n".repeat(5_000))));
    assert!(survive(&"x".repeat(200_000)));
    assert!(survive(&"9".repeat(10_000)));
}

fn programs() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for file in [include_str!("recorded/trees.txt"), include_str!("recorded/errors.txt")] {
        all.extend(read(file).into_iter().map(|(program, _)| program));
    }
    all
}

/// Pieces that programs consist of.
const PIECES: [&str; 46] = [
    "do", "end", "fn", "->", "(", ")", "[", "]", "{", "}", ",", ";", "\n", "|", "=>", "=", "a: ", "\"", "'",
    "\"\"\"\n", "when", "in", "not", "&", "1", "x", ".", "..", "//", "%", "@", "<<", ">>", "::", "else",
    "~s(", "#{", " ", "-", "\\", "?", ":", "é", "\u{202E}", "\r\n", "\0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(source in any::<String>()) {
        survive(&source);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survive(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_pieces_are_survived(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        survive(&pieces.concat());
    }

    #[test]
    fn broken_programs_are_survived(
        program in prop::sample::select(programs()),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&PIECES[..]), 0..3_usize), 1..4),
    ) {
        let mut program: Vec<char> = program.chars().collect();
        for (place, piece, drop) in cuts {
            let at = place.index(program.len() + 1);
            let end = (at + drop).min(program.len());
            program.splice(at..end, piece.chars());
        }
        survive(&program.into_iter().collect::<String>());
    }
}
