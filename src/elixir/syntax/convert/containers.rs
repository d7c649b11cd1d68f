//! Lists, tuples, bitstrings.

use super::calls::Brackets;
use super::{Converter, at, call};
use crate::elixir::ast::{Ast, Kind};
use crate::elixir::atom;
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::explain::explain;
use crate::elixir::syntax::grammar::{Failure, Sort};

impl Converter<'_, '_> {
    /// What stands between brackets; keywords at the end are one list.
    pub(super) fn elements(&mut self) -> Outcome<Vec<Ast>> {
        let mut elements = Vec::new();
        self.down();
        loop {
            match self.sort() {
                Sort::Token => {}
                Sort::Keywords => {
                    if elements.is_empty() {
                        return refuse(self.bad_keywords());
                    }
                    elements.push(self.keywords(Brackets::Around)?);
                }
                _ => {
                    elements.push(self.expression()?);
                    self.container_class(self.node())?;
                }
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(elements)
    }

    /// Keywords alone are neither a tuple nor a bitstring.
    fn bad_keywords(&self) -> SyntaxError {
        let node = self.node();
        let what = match node.parent().map(|parent| self.text(parent).starts_with('{')) {
            Some(true) => "tuple",
            _ => "bitstring",
        };
        let failure = Failure::At(node.start_byte());
        explain(self.source, self.places, self.scanned, &failure)
            .hint(format!("keywords alone are no {what}: write a map with `%{{…}}` or a list with `[…]`"))
    }

    /// `[a, b: c]`.
    #[inline(never)]
    pub(super) fn list(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let mut elements = Vec::new();
        self.down();
        loop {
            match self.sort() {
                Sort::Token => {}
                Sort::Keywords => elements.extend(self.pairs(Brackets::Around)?),
                _ => {
                    elements.push(self.expression()?);
                    self.container_class(self.node())?;
                }
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(at(span, Kind::List(elements)))
    }

    /// `{a, b}`.
    #[inline(never)]
    pub(super) fn tuple(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let mut elements = self.elements()?;
        if elements.len() == 2
            && let (Some(second), Some(first)) = (elements.pop(), elements.pop())
        {
            return Ok(at(span, Kind::Pair(Box::new((first, second)))));
        }
        Ok(call(span, atom::TUPLE_BRACES, elements))
    }

    /// `<<a, b::8>>`.
    #[inline(never)]
    pub(super) fn bitstring(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let elements = self.elements()?;
        Ok(call(span, atom::BITSTRING, elements))
    }
}
