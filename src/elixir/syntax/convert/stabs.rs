//! Clauses with `->` and anonymous functions.

use super::blocks::{Sequence, block, in_parentheses};
use super::calls::Brackets;
use super::{Class, Converter, at, call};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom;
use crate::elixir::syntax::error::{Outcome, refuse};
use crate::elixir::syntax::explain::explain;
use crate::elixir::syntax::grammar::{Failure, Sort};

/// `(unquote_splicing(x))` as the only argument loses its parentheses.
fn without_splice_block(arguments: Vec<Ast>) -> Vec<Ast> {
    let [Ast { kind: Kind::Call(Head::Name(atom::BLOCK), inner), .. }] = arguments.as_slice() else {
        return arguments;
    };
    match inner.as_slice() {
        [only] if matches!(&only.kind, Kind::Call(Head::Name(atom::UNQUOTE_SPLICING), _)) => inner.clone(),
        _ => arguments,
    }
}

/// `a, b when c` is one argument: `when` of three.
fn with_guard(mut arguments: Vec<Ast>) -> Vec<Ast> {
    let Some(last) = arguments.pop() else { return arguments };
    match last.kind {
        Kind::Call(Head::Name(atom::WHEN), ends) if ends.len() == 2 => {
            arguments.extend(ends);
            let guarded = Ast { kind: Kind::Call(Head::Name(atom::WHEN), arguments), meta: last.meta };
            vec![guarded]
        }
        kind => {
            arguments.push(Ast { kind, meta: last.meta });
            arguments
        }
    }
}

impl Converter<'_, '_> {
    /// `fn … end`.
    #[inline(never)]
    pub(super) fn function(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        let mut clauses = Vec::new();
        self.down();
        loop {
            if self.sort() == Sort::Stab {
                clauses.push(self.clause()?);
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        if clauses.is_empty() {
            let failure = Failure::At(node.end_byte().saturating_sub(3));
            return refuse(explain(self.source, self.places, self.scanned, &failure));
        }
        Ok(call(span, atom::FN, clauses))
    }

    /// `a, b when c -> d`.
    #[inline(never)]
    pub(super) fn clause(&mut self) -> Outcome<Ast> {
        self.deeper()?;
        let whole = self.node();
        let mut arguments = Vec::new();
        let mut arrow = whole;
        let mut body = None;
        self.down();
        loop {
            match self.sort() {
                Sort::Arguments => {
                    let patterns = self.patterns()?;
                    arguments = with_guard(without_splice_block(patterns));
                }
                Sort::Binary => arguments = self.guarded_patterns()?,
                Sort::Body => {
                    let span = self.span(self.node());
                    let semicolon = self.text(self.node()).starts_with(';')
                        || after_arrow(self.source, arrow.end_byte()).starts_with(';');
                    if self.down() {
                        body = self.body(span, semicolon)?;
                    }
                    self.up();
                }
                _ if self.text(self.node()) == "->" => arrow = self.node(),
                _ => {}
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        self.depth -= 1;
        let span = self.spot(arrow, whole);
        let body = body.unwrap_or_else(|| {
            self.warn(
                span,
                "an expression is always required on the right side of ->. Please provide a value after ->",
            );
            at(span, Kind::Atom(atom::NIL))
        });
        let arguments = at(span, Kind::List(arguments));
        Ok(call(span, atom::ARROW, vec![arguments, body]))
    }

    /// What stands right of an arrow. A semicolon ends the empty expression before it, which is `nil`.
    fn body(&mut self, span: Span, semicolon: bool) -> Outcome<Option<Ast>> {
        let Sequence::Expressions(mut expressions) = self.sequence()? else { return self.strange() };
        if expressions.is_empty() {
            return Ok(None);
        }
        if semicolon {
            expressions.insert(0, at(span, Kind::Atom(atom::NIL)));
        }
        Ok(Some(block(span, expressions)))
    }

    /// `a, b when c` on the left of an arrow.
    fn guarded_patterns(&mut self) -> Outcome<Vec<Ast>> {
        let whole = self.node();
        self.down();
        let mut arguments = self.patterns()?;
        self.next();
        let operator = self.node();
        self.next();
        arguments.push(self.expression()?);
        self.up();
        Ok(vec![call(self.spot(operator, whole), atom::WHEN, arguments)])
    }

    /// The patterns on the left of an arrow, with or without parentheses around them.
    fn patterns(&mut self) -> Outcome<Vec<Ast>> {
        let node = self.node();
        let span = self.span(node);
        let mut patterns = Vec::new();
        let mut parentheses = false;
        let mut keywords = false;
        if !self.down() {
            self.up();
            return Ok(patterns);
        }
        loop {
            match self.sort() {
                Sort::Token => parentheses |= self.node().start_byte() == node.start_byte(),
                Sort::Keywords => {
                    keywords = true;
                    patterns.push(self.keywords(Brackets::None)?);
                }
                _ => {
                    patterns.push(self.expression()?);
                    if self.class == Class::Unmatched && !parentheses {
                        let failure = Failure::At(node.end_byte());
                        return refuse(explain(self.source, self.places, self.scanned, &failure));
                    }
                }
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        if parentheses && patterns.len() == 1 && !keywords {
            let inner = block(span, patterns);
            patterns = vec![in_parentheses(span, inner)];
        }
        Ok(patterns)
    }
}

/// What comes behind an arrow, without the blanks.
fn after_arrow(source: &str, end: usize) -> &str {
    source.get(end..).unwrap_or_default().trim_start()
}
