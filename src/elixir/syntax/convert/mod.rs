//! From the concrete tree to the tree that `quote` shows.
//!
//! One cursor goes through the concrete tree. Each method converts the node on which the cursor stands and leaves it there. Depth is
//! counted, so the recursion is bounded.
//!
//! *Class* is Elixir's word for what may stand where without parentheses: `f(a)` is matched, `f a, b` has no parentheses, and
//! `f do end` is unmatched. The grammar of tree-sitter does not know the difference; the methods that care ask for it.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the nodes of a foreign grammar: each place names those that it expects"
)]

mod blocks;
mod calls;
mod containers;
mod literals;
mod maps;
mod operators;
mod stabs;
mod texts;

use tree_sitter::{Node, Point, TreeCursor};

use crate::elixir::ast::{Ast, Head, Kind, Meta, Span};
use crate::elixir::atom::{self, Atom};

use super::error::{Outcome, SyntaxError, Warning, refuse};
use super::explain::explain;
use super::grammar::{self, Sort, sort};
use super::places::{Places, narrow};
use super::scan::Scanned;
use super::scan::patches::Apart;
use super::{DEPTH_LIMIT, Parsed};

/// Where an expression may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Anywhere.
    Matched,
    /// A call without parentheses that takes all commas that follow.
    NoParens,
    /// A call that ends with `end`.
    Unmatched,
}

/// What converts.
struct Converter<'t, 's> {
    source: &'s str,
    places: &'s Places<'s>,
    scanned: &'s Scanned,
    /// The text as tree-sitter gets it.
    base: &'s [u8],
    cursor: TreeCursor<'t>,
    depth: u32,
    /// The class of the expression that was converted last.
    class: Class,
    warnings: Vec<Warning>,
}

/// The tree of a text whose words are known.
pub(crate) fn convert(source: &str, places: &Places<'_>, scanned: &Scanned) -> Outcome<Parsed> {
    let base = scanned.patches.base(source);
    let part = scanned.patches.part(&base, 0, source.len());
    let tree = match grammar::read(&part, 0, Point::new(0, 0)) {
        Ok(tree) => tree,
        Err(failure) => return refuse(explain(source, places, scanned, &failure)),
    };
    let mut converter = Converter {
        source,
        places,
        scanned,
        base: &base,
        cursor: tree.walk(),
        depth: 0,
        class: Class::Matched,
        warnings: Vec::new(),
    };
    let ast = converter.program()?;
    let warnings = converter.warnings;
    if let Some(word) = scanned.stray {
        return refuse(explain(source, places, scanned, &grammar::Failure::At(word.start as usize)));
    }
    Ok(Parsed { ast, warnings })
}

/// A node that stands somewhere.
fn at(span: Span, kind: Kind) -> Ast {
    Ast { kind, meta: Meta { span, ..Meta::default() } }
}

/// A call of a name.
fn call(span: Span, name: Atom, arguments: Vec<Ast>) -> Ast {
    at(span, Kind::Call(Head::Name(name), arguments))
}

/// A call of something in a module: `{{:., _, [module, name]}, _, arguments}`.
fn remote(span: Span, module: Atom, name: Atom, arguments: Vec<Ast>) -> Ast {
    let dot = call(span, atom::DOT, vec![at(span, Kind::Atom(module)), at(span, Kind::Atom(name))]);
    at(span, Kind::Call(Head::Expression(Box::new(dot)), arguments))
}

/// The same bytes, but no line: what Elixir itself puts there.
fn nowhere(span: Span) -> Span {
    Span { line: 0, column: 0, ..span }
}

impl<'t, 's> Converter<'t, 's> {
    /// The node on which the cursor stands.
    fn node(&self) -> Node<'t> {
        self.cursor.node()
    }

    fn sort(&self) -> Sort {
        sort(self.cursor.node())
    }

    fn skip_comments(&mut self) -> bool {
        while self.sort() == Sort::Comment {
            if !self.cursor.goto_next_sibling() {
                return false;
            }
        }
        true
    }

    /// Goes to the first child that is no comment. If there is none, the cursor still goes up once.
    fn down(&mut self) -> bool {
        self.cursor.goto_first_child() && self.skip_comments()
    }

    /// Goes to the next sibling that is no comment.
    fn next(&mut self) -> bool {
        self.cursor.goto_next_sibling() && self.skip_comments()
    }

    fn up(&mut self) {
        self.cursor.goto_parent();
    }

    fn text(&self, node: Node<'_>) -> &'s str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// The span of a node.
    fn span(&self, node: Node<'_>) -> Span {
        self.spot(node, node)
    }

    /// The bytes of one node at the line and column of another: Elixir says of an operation that it stands where its operator does.
    fn spot(&self, place: Node<'_>, whole: Node<'_>) -> Span {
        self.spot_at(place.start_byte(), whole)
    }

    fn warn(&mut self, span: Span, title: &str) {
        self.warnings.push(Warning { title: title.to_owned(), span });
    }

    /// What cannot come out of a tree without errors.
    fn strange<T>(&self) -> Outcome<T> {
        let node = self.node();
        let title = format!("Rashomon does not know what `{}` is; this is an error of its own", node.kind());
        refuse(SyntaxError::new(self.span(node), title))
    }

    /// What is read on its own: the expressions in a part of the text.
    fn apart(&mut self, from: usize, apart: Apart) -> Outcome<Vec<Ast>> {
        let to = apart.end();
        let mut part = self.scanned.patches.part(self.base, from, to);
        if matches!(apart, Apart::Access(_))
            && let Some(first) = part.to_mut().first_mut()
        {
            // It may have moved to the left.
            *first = b'[';
        }
        let tree = match grammar::read(&part, from, self.places.point(from)) {
            Ok(tree) => tree,
            Err(failure) => return refuse(explain(self.source, self.places, self.scanned, &failure)),
        };
        let mut inner = Converter {
            source: self.source,
            places: self.places,
            scanned: self.scanned,
            base: self.base,
            cursor: tree.walk(),
            depth: self.depth + 1,
            class: Class::Matched,
            warnings: Vec::new(),
        };
        let expressions = if inner.down() { inner.expressions(Vec::new())? } else { Vec::new() };
        self.warnings.append(&mut inner.warnings);
        Ok(expressions)
    }

    /// Where a word stands in the program that may have been moved to the left for tree-sitter, and the word.
    fn moved(&self, node: Node<'_>) -> (usize, &'s str) {
        let text = self.text(node);
        if !text.starts_with([' ', '\t']) {
            return (node.start_byte(), text);
        }
        let rest = self.source.get(node.start_byte()..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let start = node.start_byte() + blanks;
        (start, self.source.get(start..start + text.len()).unwrap_or_default())
    }

    /// The bytes of a node at the line and column of a byte.
    fn spot_at(&self, place: usize, whole: Node<'_>) -> Span {
        let (line, column) = self.places.of(place);
        Span { line, column, start: narrow(whole.start_byte()), end: narrow(whole.end_byte()) }
    }

    /// Goes one level down.
    fn deeper(&mut self) -> Outcome<()> {
        self.depth += 1;
        if self.depth <= DEPTH_LIMIT {
            return Ok(());
        }
        let title = format!("the program is nested more than {DEPTH_LIMIT} levels deep");
        let error = SyntaxError::new(self.span(self.node()), title);
        refuse(error.hint("take parts of it out into variables or functions"))
    }

    /// The expression on which the cursor stands.
    fn expression(&mut self) -> Outcome<Ast> {
        self.deeper()?;
        let ast = self.by_sort()?;
        self.depth -= 1;
        Ok(ast)
    }

    fn variable(&self) -> Outcome<Ast> {
        let node = self.node();
        Ok(at(self.span(node), Kind::Variable(self.name(node)?, None)))
    }

    /// The name that an identifier is.
    fn name(&self, node: Node<'_>) -> Outcome<Atom> {
        let name = self.text(node);
        // tree-sitter takes a reserved word for a name where it expects none.
        let reserved =
            ["do", "end", "fn", "else", "rescue", "catch", "after", "and", "or", "not", "in", "when"];
        if reserved.contains(&name) {
            return refuse(explain(
                self.source,
                self.places,
                self.scanned,
                &grammar::Failure::At(node.start_byte()),
            ));
        }
        Ok(Atom::new(name))
    }

    /// One method for each sort. None of them is inlined, so that a level of nesting costs no more stack than its own sort needs.
    fn by_sort(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let ast = match self.sort() {
            Sort::Call => return self.call(),
            Sort::Binary => return self.binary(),
            Sort::Unary => return self.unary(),
            Sort::Identifier => self.variable()?,
            Sort::Alias => self.alias(),
            Sort::Integer => self.integer()?,
            Sort::Float => self.float()?,
            Sort::Char => self.character()?,
            Sort::Boolean | Sort::Nil => at(self.span(node), Kind::Atom(Atom::new(self.text(node)))),
            Sort::Atom => self.atom()?,
            Sort::QuotedAtom => self.quoted_atom()?,
            Sort::String => self.string()?,
            Sort::Charlist => self.charlist()?,
            Sort::Sigil => self.sigil()?,
            Sort::List if self.text(node).starts_with('(') => self.parentheses_of_capture()?,
            Sort::List => self.list()?,
            Sort::Tuple => self.tuple()?,
            Sort::Bitstring => self.bitstring()?,
            Sort::Map => self.map()?,
            Sort::Operator => self.nullary()?,
            Sort::Dot => self.dot_expression()?,
            Sort::Access => self.access()?,
            Sort::Fn => self.function()?,
            Sort::Block => self.parentheses()?,
            Sort::After
            | Sort::Arguments
            | Sort::Body
            | Sort::Catch
            | Sort::Comment
            | Sort::DoBlock
            | Sort::Else
            | Sort::Interpolation
            | Sort::Keyword
            | Sort::Keywords
            | Sort::MapContent
            | Sort::Pair
            | Sort::QuotedKeyword
            | Sort::Rescue
            | Sort::SigilModifiers
            | Sort::SigilName
            | Sort::Source
            | Sort::Stab
            | Sort::Struct
            | Sort::Token => return self.strange(),
        };
        self.class = Class::Matched;
        Ok(ast)
    }
}
