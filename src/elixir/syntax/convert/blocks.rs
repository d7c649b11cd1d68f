//! Sequences of expressions: programs, parentheses, and the sections of `do` blocks.

use tree_sitter::Node;

use super::{Converter, call, nowhere};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom;
use crate::elixir::syntax::error::{Outcome, refuse};
use crate::elixir::syntax::explain::explain;
use crate::elixir::syntax::grammar::{Failure, Sort};
use crate::elixir::syntax::places::narrow;

/// What stands between two keywords or parentheses.
pub(super) enum Sequence {
    /// Expressions, one after another.
    Expressions(Vec<Ast>),
    /// Clauses with `->`.
    Clauses(Vec<Ast>),
}

/// `not a`, `!a` and `unquote_splicing(a)` alone stay in a block of their own, as Elixir's parser leaves them.
fn stays_in_block(ast: &Ast) -> bool {
    match &ast.kind {
        Kind::Call(Head::Name(name), arguments) => {
            arguments.len() == 1 && matches!(*name, atom::NOT | atom::BANG | atom::UNQUOTE_SPLICING)
        }
        _ => false,
    }
}

/// Expressions as one: none and several are a block.
pub(super) fn block(span: Span, mut expressions: Vec<Ast>) -> Ast {
    match expressions.pop() {
        Some(only) if expressions.is_empty() && !stays_in_block(&only) => only,
        Some(last) => {
            expressions.push(last);
            call(nowhere(span), atom::BLOCK, expressions)
        }
        None => call(nowhere(span), atom::BLOCK, expressions),
    }
}

/// A block in parentheses stands where these do.
pub(super) fn in_parentheses(span: Span, mut ast: Ast) -> Ast {
    if matches!(&ast.kind, Kind::Call(Head::Name(atom::BLOCK), _)) && ast.meta.span.line == 0 {
        ast.meta.span = span;
    }
    ast
}

impl Converter<'_, '_> {
    /// The whole text.
    pub(super) fn program(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let expressions = if self.down() { self.expressions(Vec::new())? } else { Vec::new() };
        self.up();
        let nothing = expressions.is_empty() && !self.scanned.tokens.is_empty();
        let mut ast = block(span, expressions);
        if nothing {
            // Elixir puts a program of nothing where its first line ends; comments have no width.
            let blanks = self.source.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            ast.meta.span = Span { line: 1, column: narrow(blanks + 1), ..ast.meta.span };
        }
        Ok(ast)
    }

    /// The expressions from the cursor on, behind those that are there already; the cursor stays on the last child.
    pub(super) fn expressions(&mut self, mut expressions: Vec<Ast>) -> Outcome<Vec<Ast>> {
        loop {
            if self.sort() != Sort::Token {
                expressions.push(self.expression()?);
            }
            if !self.next() {
                return Ok(expressions);
            }
        }
    }

    /// The children from the cursor on, up to the end or a section of a `do` block.
    pub(super) fn sequence(&mut self) -> Outcome<Sequence> {
        let mut expressions = Vec::new();
        let mut clauses = Vec::new();
        loop {
            match self.sort() {
                Sort::Token | Sort::Comment => {}
                Sort::Stab => clauses.push(self.clause()?),
                Sort::After | Sort::Rescue | Sort::Catch | Sort::Else => break,
                _ => expressions.push(self.expression()?),
            }
            if !self.next() {
                break;
            }
        }
        Ok(if clauses.is_empty() { Sequence::Expressions(expressions) } else { Sequence::Clauses(clauses) })
    }

    /// A sequence as one expression.
    pub(super) fn joined(&mut self, span: Span) -> Outcome<Ast> {
        Ok(match self.sequence()? {
            Sequence::Clauses(clauses) => super::at(span, Kind::List(clauses)),
            Sequence::Expressions(expressions) => block(span, expressions),
        })
    }

    /// `(…)`.
    #[inline(never)]
    pub(super) fn parentheses(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        self.down();
        let semicolon = self.semicolon_inside(node);
        let sequence = self.sequence()?;
        self.up();
        Ok(match sequence {
            Sequence::Clauses(clauses) => super::at(span, Kind::List(clauses)),
            Sequence::Expressions(expressions) if expressions.is_empty() && !semicolon => {
                self.warn(
                    span,
                    "invalid expression (). If you want to invoke or define a function, make sure there are no spaces between \
                     the function name and its arguments. If you wanted to pass an empty block or code, pass a value instead, \
                     such as a nil or an atom",
                );
                block(span, expressions)
            }
            Sequence::Expressions(expressions) => in_parentheses(span, block(span, expressions)),
        })
    }

    /// `(…)` behind `&`, which tree-sitter sees as a list.
    #[inline(never)]
    pub(super) fn parentheses_of_capture(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let mut inner = Vec::new();
        self.down();
        loop {
            let node = self.node();
            if self.text(node) == "," || self.sort() == Sort::Keywords {
                let failure = Failure::At(node.start_byte());
                return refuse(explain(self.source, self.places, self.scanned, &failure));
            }
            if self.sort() != Sort::Token {
                inner.push(self.expression()?);
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(in_parentheses(span, block(span, inner)))
    }

    /// Whether parentheses hold a semicolon and nothing else.
    fn semicolon_inside(&self, node: Node<'_>) -> bool {
        node.child_count() == 3 && node.child(1).is_some_and(|child| self.text(child) == ";")
    }
}
