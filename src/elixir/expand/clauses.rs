//! Clauses: `patterns when guards -> body`.

use super::scope::Key;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Clause, Expr, Pattern};

/// A clause as it is written.
pub(super) struct Written<'a> {
    pub(super) patterns: &'a [Ast],
    pub(super) guards: Vec<&'a Ast>,
    pub(super) body: &'a Ast,
    pub(super) span: Span,
}

/// Splits `a, b when c when d` into patterns and guards.
pub(super) fn split_guards(items: &[Ast]) -> (&[Ast], Vec<&Ast>) {
    if let [only] = items
        && let Some(arguments) = only.as_call(atom::WHEN)
        && let Some((guard, patterns)) = arguments.split_last()
    {
        let mut guards = Vec::new();
        let mut rest = guard;
        while let Some([first, others]) = rest.as_call(atom::WHEN) {
            guards.push(first);
            rest = others;
        }
        guards.push(rest);
        return (patterns, guards);
    }
    (items, Vec::new())
}

impl Expander<'_> {
    /// The clauses of a block.
    pub(super) fn written<'a>(&self, block: &'a Ast, of: &str) -> Result<Vec<Written<'a>>> {
        let items = match &block.kind {
            Kind::List(items) => items.as_slice(),
            _ if block.as_call(atom::BLOCK).is_some_and(<[Ast]>::is_empty) => &[],
            _ => {
                let message = format!("expected clauses with -> in {of}: pattern -> expression");
                return self.error(block.meta.span, message);
            }
        };
        items
            .iter()
            .map(|item| match item.as_call(atom::ARROW) {
                Some([patterns, body]) => {
                    let Kind::List(patterns) = &patterns.kind else {
                        return self.error(item.meta.span, format!("expected patterns before -> in {of}"));
                    };
                    let (patterns, guards) = split_guards(patterns);
                    Ok(Written { patterns, guards, body, span: item.meta.span })
                }
                _ => self.error(item.meta.span, format!("expected -> clauses in {of}")),
            })
            .collect()
    }

    /// Expands a clause in a scope of its own.
    pub(super) fn clause(&mut self, written: &Written<'_>, count: usize, of: &str) -> Result<Clause> {
        if written.patterns.len() != count {
            let plural = if count == 1 { "" } else { "s" };
            let message = format!(
                "expected {count} argument{plural} before -> in {of}, got {}",
                written.patterns.len()
            );
            return self.error(written.span, message);
        }
        self.scoped(|expander| {
            let (patterns, guards) = expander.head(written.patterns, &written.guards)?;
            let body = expander.expr(written.body)?;
            Ok(Clause { patterns, guards, body, line: written.span.line })
        })
    }

    /// Expands patterns and guards; what they bind holds from here on.
    pub(super) fn head(&mut self, patterns: &[Ast], guards: &[&Ast]) -> Result<(Vec<Pattern>, Vec<Expr>)> {
        let patterns = self.patterns(patterns)?;
        let guards = guards.iter().map(|guard| self.guard(guard)).collect::<Result<Vec<_>>>()?;
        Ok((patterns, guards))
    }

    pub(super) fn guard(&mut self, guard: &Ast) -> Result<Expr> {
        let before = std::mem::replace(&mut self.env.guard, true);
        let expanded = self.expr(guard);
        self.env.guard = before;
        expanded
    }

    /// Expands all clauses of a block.
    pub(super) fn clauses(&mut self, block: &Ast, count: usize, of: &str) -> Result<Vec<Clause>> {
        let written = self.written(block, of)?;
        written.iter().map(|clause| self.clause(clause, count, of)).collect()
    }

    /// The blocks of `do … else … end`, each at most once and only those that are known.
    pub(super) fn blocks<'a>(
        &self,
        blocks: &'a Ast,
        known: &[&str],
        of: &str,
    ) -> Result<Vec<(Atom, &'a Ast)>> {
        let Some(found) = blocks.as_keywords() else {
            return self.error(blocks.meta.span, format!("missing do block in {of}"));
        };
        for (index, (name, block)) in found.iter().enumerate() {
            if !known.contains(&name.text()) {
                return self.error(block.meta.span, format!("unexpected option {name} in {of}"));
            }
            if found.iter().take(index).any(|(other, _)| other == name) {
                return self.error(block.meta.span, format!("duplicate {name} in {of}"));
            }
        }
        Ok(found)
    }

    /// One of the blocks.
    pub(super) fn block<'a>(blocks: &[(Atom, &'a Ast)], name: Atom) -> Option<&'a Ast> {
        blocks.iter().find(|(known, _)| *known == name).map(|(_, block)| *block)
    }

    /// Makes the stack trace of a handler known in it.
    pub(super) fn define_trace(&mut self, variable: crate::elixir::core::Variable) {
        let key = Key { name: Atom::new("__STACKTRACE__"), context: None, counter: 0 };
        self.define(key, variable);
    }
}
