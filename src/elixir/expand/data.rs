//! Maps.

use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom;
use crate::elixir::core::{Expr, ExprKind};

impl Expander<'_> {
    /// `%{…}`
    pub(super) fn map(&mut self, span: Span, items: &[Ast]) -> Result<Expr> {
        if let [only] = items
            && let Some([map, pairs]) = only.as_call(atom::PIPE)
        {
            let map = self.expr(map)?;
            let Kind::List(pairs) = &pairs.kind else {
                return self.error(span, "expected key-value pairs after | in a map update");
            };
            let pairs = self.pairs(pairs)?;
            return Ok(Expr::new(span.line, ExprKind::MapUpdate(Box::new(map), pairs)));
        }
        let pairs = self.pairs(items)?;
        Ok(map(span.line, pairs))
    }

    pub(super) fn pairs(&mut self, items: &[Ast]) -> Result<Vec<(Expr, Expr)>> {
        items
            .iter()
            .map(|item| match &item.kind {
                Kind::Pair(pair) => Ok((self.expr(&pair.0)?, self.expr(&pair.1)?)),
                _ => self.error(item.meta.span, "expected key-value pairs in a map"),
            })
            .collect()
    }
}

/// A map of expressions: a constant if all of them are.
pub(super) fn map(line: u32, pairs: Vec<(Expr, Expr)>) -> Expr {
    let constant = pairs
        .iter()
        .map(|(key, value)| Some((key.as_literal()?.clone(), value.as_literal()?.clone())))
        .collect::<Option<crate::elixir::term::Map>>();
    match constant {
        Some(map) => Expr::new(line, ExprKind::Literal(crate::elixir::term::Term::Map(map))),
        None => Expr::new(line, ExprKind::Map(pairs)),
    }
}
