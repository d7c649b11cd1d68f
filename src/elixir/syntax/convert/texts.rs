//! Strings, charlists, sigils, quoted atoms, with their interpolations.

use std::ops::Range;

use super::blocks::block;
use super::{Converter, at, call, remote};
use crate::elixir::ast::{Ast, Delimiter, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::escapes::unescape;
use crate::elixir::syntax::grammar::Sort;

/// The longest atom that there may be, in characters.
const LONGEST_ATOM: usize = 255;

/// A part of a text.
enum Part {
    /// Bytes, with their escapes resolved.
    Text(Span, Vec<u8>),
    /// `#{…}`.
    Interpolation(Span, Ast),
}

/// Some of the text, and the interpolation behind it.
struct Piece {
    text: Range<usize>,
    interpolation: Option<(Span, Ast)>,
}

/// The inside of a text.
struct Quoted {
    parts: Vec<Part>,
    delimiter: Option<Delimiter>,
    /// How far a heredoc is indented.
    indentation: Option<u16>,
    name: char,
    modifiers: Vec<Ast>,
}

/// What happens to escapes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// They stand for characters.
    Resolved,
    /// They stay, for the sigil to look at; only the delimiter loses its backslash.
    Kept,
}

impl Converter<'_, '_> {
    /// Goes through the children of a text, from the cursor's node down.
    fn quoted(&mut self, escapes: Escapes) -> Outcome<Quoted> {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut opening: &str = "";
        let mut indentation = 0;
        let mut name = ' ';
        let mut modifiers = Vec::new();
        self.down();
        loop {
            let node = self.node();
            match self.sort() {
                Sort::Interpolation => {
                    let ast = self.interpolation()?;
                    let interpolation = Some((self.span(node), ast));
                    pieces.push(Piece { text: start..node.start_byte(), interpolation });
                    start = node.end_byte();
                }
                Sort::SigilName => name = self.text(node).chars().next().unwrap_or(' '),
                Sort::SigilModifiers => {
                    let span = self.span(node);
                    modifiers = self
                        .text(node)
                        .chars()
                        .map(|c| at(span, Kind::Integer(i64::from(u32::from(c)))))
                        .collect();
                }
                _ => match self.cursor.field_name() {
                    Some("quoted_start") => {
                        opening = self.text(node);
                        start = node.end_byte();
                    }
                    Some("quoted_end") => {
                        indentation = self.places.column_in_bytes(node.start_byte());
                        pieces.push(Piece { text: start..node.start_byte(), interpolation: None });
                    }
                    _ => {}
                },
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        let heredoc = opening.len() == 3;
        Ok(Quoted {
            parts: self.parts_of(pieces, opening, indentation, escapes)?,
            delimiter: Delimiter::opened_by(opening),
            indentation: heredoc.then(|| u16::try_from(indentation).unwrap_or(u16::MAX)),
            name,
            modifiers,
        })
    }

    /// The parts of a text: without the indentation of heredocs, and with what escapes stand for.
    fn parts_of(
        &self,
        pieces: Vec<Piece>,
        opening: &str,
        indentation: usize,
        escapes: Escapes,
    ) -> Outcome<Vec<Part>> {
        let heredoc = opening.len() == 3;
        let mut parts = Vec::new();
        for (number, Piece { text, interpolation }) in pieces.into_iter().enumerate() {
            let place = self.places.span(text.start, text.end);
            let mut raw = self.source.get(text).unwrap_or_default();
            let mut shortened = String::new();
            if heredoc {
                let line_begins = number == 0;
                if line_begins {
                    raw = self.without_header(raw, opening, place)?;
                }
                unindent(raw, indentation, line_begins, &mut shortened);
                raw = &shortened;
            }
            let mut bytes = Vec::with_capacity(raw.len());
            match escapes {
                Escapes::Kept => keep_escapes(raw, closing(opening), &mut bytes),
                Escapes::Resolved => {
                    if let Err(bad) = unescape(raw, &mut bytes) {
                        let at = place.start as usize + bad.at;
                        return refuse(SyntaxError::new(self.places.span(at, at + 2), bad.title));
                    }
                }
            }
            // Elixir drops empty parts, except the first of a heredoc that begins with an interpolation.
            if !bytes.is_empty() || (heredoc && number == 0 && interpolation.is_some()) {
                parts.push(Part::Text(place, bytes));
            }
            if let Some((span, ast)) = interpolation {
                parts.push(Part::Interpolation(span, ast));
            }
        }
        Ok(parts)
    }

    /// The first line of a heredoc holds nothing but its opening.
    fn without_header<'a>(&self, raw: &'a str, opening: &str, place: Span) -> Outcome<&'a str> {
        match raw.split_once('\n') {
            Some((header, body)) if header.trim_matches([' ', '\t', '\r']).is_empty() => Ok(body),
            _ => {
                let start = place.start as usize - opening.len();
                let title = format!(
                    "heredoc allows only zero or more whitespace characters followed by a new line after {opening}"
                );
                refuse(SyntaxError::new(self.places.span(start, place.start as usize), title))
            }
        }
    }

    /// `#{…}`: the expression in it.
    fn interpolation(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        let inside = node.start_byte() + 2;
        if let Some(apart) = self.scanned.patches.apart.get(&inside) {
            return Ok(block(span, self.apart(inside, *apart)?));
        }
        let mut expressions = Vec::new();
        self.down();
        loop {
            if self.sort() != Sort::Token {
                expressions.push(self.expression()?);
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(block(span, expressions))
    }

    /// `"…"`.
    #[inline(never)]
    pub(super) fn string(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let quoted = self.quoted(Escapes::Resolved)?;
        Ok(binary(span, quoted.parts))
    }

    /// `'…'`: a list of code points.
    #[inline(never)]
    pub(super) fn charlist(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let quoted = self.quoted(Escapes::Resolved)?;
        if quoted.parts.iter().all(|part| matches!(part, Part::Text(..))) {
            let bytes = plain(quoted.parts);
            let Ok(text) = std::str::from_utf8(&bytes) else {
                return refuse(SyntaxError::new(span, "invalid encoding in a charlist"));
            };
            let characters = text.chars().map(|c| at(span, Kind::Integer(i64::from(u32::from(c))))).collect();
            return Ok(at(span, Kind::List(characters)));
        }
        let parts = quoted.parts.into_iter().map(|part| match part {
            Part::Text(span, bytes) => at(span, Kind::Text(bytes.into())),
            Part::Interpolation(span, ast) => remote(span, atom::KERNEL, atom::TO_STRING, vec![ast]),
        });
        let list = at(span, Kind::List(parts.collect()));
        Ok(remote(span, Atom::module("List"), Atom::new("to_charlist"), vec![list]))
    }

    /// `~r/…/i`.
    #[inline(never)]
    pub(super) fn sigil(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        let quoted = self.quoted(Escapes::Kept)?;
        let name = Atom::new(&format!("sigil_{}", quoted.name));
        let mut content = match binary(span, quoted.parts) {
            text @ Ast { kind: Kind::Text(_), .. } => call(span, atom::BITSTRING, vec![text]),
            interpolated => interpolated,
        };
        content.meta.indentation = quoted.indentation;
        let mut ast = call(span, name, vec![content, at(span, Kind::List(quoted.modifiers))]);
        ast.meta.delimiter = quoted.delimiter;
        Ok(ast)
    }

    /// `:"…"`.
    #[inline(never)]
    pub(super) fn quoted_atom(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let quoted = self.quoted(Escapes::Resolved)?;
        self.name_of(span, quoted.parts)
    }

    /// `"…":`.
    pub(super) fn quoted_keyword(&mut self) -> Outcome<Ast> {
        self.quoted_atom()
    }

    /// `a."…"`: the name in quotes.
    pub(super) fn quoted_name(&mut self) -> Outcome<Atom> {
        let span = self.span(self.node());
        let quoted = self.quoted(Escapes::Resolved)?;
        if quoted.parts.iter().any(|part| matches!(part, Part::Interpolation(..))) {
            let title = "interpolation is not allowed when calling function/macro. Found interpolation in a call starting with: \"";
            return refuse(SyntaxError::new(span, title));
        }
        self.atom_of(span, &plain(quoted.parts))
    }

    fn name_of(&self, span: Span, parts: Vec<Part>) -> Outcome<Ast> {
        if parts.iter().any(|part| matches!(part, Part::Interpolation(..))) {
            let utf8 = at(span, Kind::Atom(Atom::new("utf8")));
            let arguments = vec![binary(span, parts), utf8];
            return Ok(remote(span, atom::ERLANG, Atom::new("binary_to_atom"), arguments));
        }
        Ok(at(span, Kind::Atom(self.atom_of(span, &plain(parts))?)))
    }

    fn atom_of(&self, span: Span, bytes: &[u8]) -> Outcome<Atom> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.checked_atom(span, text),
            Err(_) => refuse(SyntaxError::new(span, "an atom must be valid UTF-8")),
        }
    }

    /// An atom, unless its name is too long.
    pub(super) fn checked_atom(&self, span: Span, text: &str) -> Outcome<Atom> {
        if text.len() > LONGEST_ATOM && text.chars().count() > LONGEST_ATOM {
            return refuse(SyntaxError::new(
                span,
                format!("atom length must be less than system limit: {text}"),
            ));
        }
        Ok(Atom::new(text))
    }

    /// `a:`, with the space behind it.
    pub(super) fn keyword(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let text = self.text(node).trim_end();
        let text = text.strip_suffix(':').unwrap_or(text);
        Ok(at(self.span(node), Kind::Atom(self.checked_atom(self.span(node), text)?)))
    }

    /// `:a`.
    pub(super) fn atom(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let text = self.text(node);
        let text = text.strip_prefix(':').unwrap_or(text);
        Ok(at(self.span(node), Kind::Atom(self.checked_atom(self.span(node), text)?)))
    }
}

/// The bytes of parts without interpolation.
fn plain(parts: Vec<Part>) -> Vec<u8> {
    parts
        .into_iter()
        .flat_map(|part| match part {
            Part::Text(_, bytes) => bytes,
            Part::Interpolation(..) => Vec::new(),
        })
        .collect()
}

/// A string: a text, or `<<>>` of its parts.
fn binary(span: Span, parts: Vec<Part>) -> Ast {
    if parts.iter().all(|part| matches!(part, Part::Text(..))) {
        return at(span, Kind::Text(plain(parts).into()));
    }
    let parts = parts.into_iter().map(|part| match part {
        Part::Text(span, bytes) => at(span, Kind::Text(bytes.into())),
        Part::Interpolation(span, ast) => {
            let string = remote(span, atom::KERNEL, atom::TO_STRING, vec![ast]);
            call(span, atom::DOUBLE_COLON, vec![string, at(span, Kind::Variable(atom::BINARY, None))])
        }
    });
    call(span, atom::BITSTRING, parts.collect())
}

/// What closes a text that opens so.
fn closing(opening: &str) -> &str {
    match opening {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        "<" => ">",
        same => same,
    }
}

/// Takes up to `indentation` blanks from the beginning of each line.
fn unindent(text: &str, indentation: usize, begins: bool, out: &mut String) {
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number == 0 && !begins {
            out.push_str(line);
            continue;
        }
        let blanks = line.bytes().take(indentation).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        out.push_str(line.get(blanks..).unwrap_or_default());
    }
}

/// A text as sigils get it: only the delimiter loses its backslash.
fn keep_escapes(text: &str, closing: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        let after = escape.get(1..).unwrap_or_default();
        if after.starts_with(closing) {
            out.extend_from_slice(closing.as_bytes());
            rest = after.get(closing.len()..).unwrap_or_default();
        } else {
            let length = 1 + after.chars().next().map_or(0, char::len_utf8);
            let (pair, more) = escape.split_at(length);
            out.extend_from_slice(pair.as_bytes());
            rest = more;
        }
    }
    out.extend_from_slice(rest.as_bytes());
}
