//! Atoms, and which of them need quotes.

use unicode_normalization::{is_nfc, is_nfkc};

use super::escape;
use crate::elixir::atom::Atom;

/// How the text of an atom may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// As a module.
    Alias,
    /// As a variable or a function.
    Identifier,
    /// Without quotes, but not as a function.
    Plain,
    /// As an operator.
    Operator,
    /// As an operator of calls, but not as an atom.
    CallOperator,
    /// Between quotes.
    Other,
}

fn classify(text: &str) -> Class {
    if text == "Elixir" {
        return Class::Alias;
    }
    if let Some(alias) = text.strip_prefix("Elixir.") {
        let is_part = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_uppercase())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        return if alias.split('.').all(is_part) { Class::Alias } else { Class::Other };
    }
    match text {
        "!" | "!=" | "!==" | "&" | "&&" | "&&&" | "*" | "**" | "+" | "++" | "+++" | "-" | "--" | "---"
        | "/" | "<" | "<-" | "<<<" | "<<~" | "<=" | "<>" | "<~" | "<~>" | "=" | "==" | "===" | "=~" | ">"
        | ">=" | ">>>" | "@" | "\\\\" | "^" | "|" | "|>" | "||" | "|||" | "~>" | "~>>" => Class::Operator,
        "::" | "^^^" | "~~~" | "<|>" => Class::CallOperator,
        "%" | "%{}" | "{}" | "<<>>" | ".." | "..//" | "..." | "." | "->" => Class::Plain,
        _ => identifier(text),
    }
}

fn identifier(text: &str) -> Class {
    let name = text.strip_suffix(['?', '!']).unwrap_or(text);
    let Some(first) = name.chars().next() else { return Class::Other };
    let starts = if first.is_ascii() {
        first.is_ascii_alphabetic() || first == '_'
    } else {
        unicode_ident::is_xid_start(first)
    };
    let continues =
        |character: char| character == '_' || character == '@' || unicode_ident::is_xid_continue(character);
    if !starts || !name.chars().all(continues) || !(name.is_ascii() || is_nfc(name) && is_nfkc(name)) {
        return Class::Other;
    }
    if first.is_uppercase() || name.contains('@') { Class::Plain } else { Class::Identifier }
}

/// Adds an atom as it is written.
pub(super) fn atom(out: &mut Vec<u8>, atom: Atom) {
    let text = atom.text();
    if matches!(text, "nil" | "true" | "false") {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    match classify(text) {
        Class::Alias => {
            let short =
                text.strip_prefix("Elixir.").filter(|rest| *rest != "Elixir" && !rest.starts_with("Elixir."));
            out.extend_from_slice(short.unwrap_or(text).as_bytes());
        }
        Class::Identifier | Class::Plain | Class::Operator => {
            out.push(b':');
            out.extend_from_slice(text.as_bytes());
        }
        Class::CallOperator | Class::Other => {
            out.push(b':');
            quoted(out, text);
        }
    }
}

fn quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape::text(out, text, '"');
    out.push(b'"');
}

/// Adds an atom as a key before its colon.
pub(super) fn key(out: &mut Vec<u8>, atom: Atom) {
    let text = atom.text();
    match classify(text) {
        Class::Identifier | Class::Plain | Class::Operator => out.extend_from_slice(text.as_bytes()),
        Class::Alias | Class::CallOperator | Class::Other => quoted(out, text),
    }
    out.push(b':');
}

/// Adds an atom as the name of a function after a dot.
pub(super) fn function(out: &mut Vec<u8>, atom: Atom) {
    let text = atom.text();
    match classify(text) {
        Class::Identifier | Class::Operator | Class::CallOperator => out.extend_from_slice(text.as_bytes()),
        Class::Alias | Class::Plain | Class::Other => quoted(out, text),
    }
}

/// Adds where a function was written: a name, or `-name/1-fun-0-` as the BEAM calls a function within it.
pub(super) fn enclosing(out: &mut Vec<u8>, atom: Atom) {
    let text = atom.text();
    let inner =
        text.strip_prefix('-').and_then(|rest| rest.split_once("-fun-")).map_or(text, |(name, _)| name);
    match inner.rsplit_once('/') {
        Some((name, arity)) if !arity.is_empty() && arity.bytes().all(|byte| byte.is_ascii_digit()) => {
            function(out, Atom::new(name));
            out.push(b'/');
            out.extend_from_slice(arity.as_bytes());
        }
        _ => function(out, atom),
    }
}
