//! Expressions: what each kind of node means, and the special forms.

use super::scope::Key;
use super::{CompileError, Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Expr, ExprKind};
use crate::elixir::term::{Binary, Term};

impl Expander<'_> {
    /// Expands an expression.
    pub(crate) fn expr(&mut self, ast: &Ast) -> Result<Expr> {
        let span = ast.meta.span;
        self.deeper(span, |expander| expander.node(ast))
    }

    fn node(&mut self, ast: &Ast) -> Result<Expr> {
        let span = ast.meta.span;
        let line = span.line;
        match &ast.kind {
            Kind::Integer(value) => Ok(Expr::new(line, ExprKind::Literal(Term::Int(*value)))),
            Kind::Big(value) => Ok(Expr::new(line, ExprKind::Literal(Term::Big(value.clone())))),
            Kind::Float(value) => Ok(Expr::new(line, ExprKind::Literal(Term::Float(*value)))),
            Kind::Atom(value) => Ok(Expr::new(line, ExprKind::Literal(Term::Atom(*value)))),
            Kind::Text(bytes) => {
                let binary = Binary::from(bytes.to_vec());
                Ok(Expr::new(line, ExprKind::Literal(Term::Binary(binary))))
            }
            Kind::Value(term) => Ok(Expr::new(line, ExprKind::Literal(term.clone()))),
            Kind::List(items) => self.list(line, items),
            Kind::Pair(pair) => {
                let items = vec![self.expr(&pair.0)?, self.expr(&pair.1)?];
                Ok(tuple(line, items))
            }
            Kind::Variable(name, context) => self.variable(ast, *name, *context),
            Kind::Call(Head::Name(name), arguments) => self.named(ast, *name, arguments),
            Kind::Call(Head::Expression(head), arguments) => self.call_of(ast, head, arguments),
        }
    }

    fn list(&mut self, line: u32, items: &[Ast]) -> Result<Expr> {
        let Some((last, others)) = items.split_last() else {
            return Ok(Expr::new(line, ExprKind::Literal(Term::Empty)));
        };
        let mut expressions = Vec::with_capacity(items.len());
        for item in others {
            expressions.push(self.expr(item)?);
        }
        let tail = match last.as_call(atom::PIPE) {
            Some([head, tail]) => {
                expressions.push(self.expr(head)?);
                self.expr(tail)?
            }
            _ => {
                expressions.push(self.expr(last)?);
                Expr::new(line, ExprKind::Literal(Term::Empty))
            }
        };
        Ok(cons(line, expressions, tail))
    }

    /// A name that stands alone: a variable, or a call without arguments.
    fn variable(&mut self, ast: &Ast, name: Atom, context: Option<Atom>) -> Result<Expr> {
        let span = ast.meta.span;
        let key = Key { name, context, counter: ast.meta.counter };
        if let Some(variable) = self.lookup(key) {
            return Ok(Expr { line: span.line, ..Expr::variable(variable) });
        }
        if let Some(value) = self.bindings.get(&key) {
            return Ok(Expr::new(span.line, ExprKind::Literal(value.clone())));
        }
        match name.text() {
            "__MODULE__" => Ok(Expr::literal(self.env.module.unwrap_or(atom::NIL))),
            "__STACKTRACE__" => match self.env.trace {
                Some(variable) => {
                    // The variable belongs to the handler, which an anonymous function inside it sees as any other.
                    let key = Key { name, context: None, counter: 0 };
                    let variable = self.lookup(key).unwrap_or(variable);
                    Ok(Expr::variable(variable))
                }
                None => self.error(span, "__STACKTRACE__ is available only inside catch and rescue clauses"),
            },
            "__ENV__" => {
                let env = self.environment(span);
                Ok(Expr::literal(env))
            }
            "__DIR__" => Ok(Expr::literal(Term::text("."))),
            "__CALLER__" => {
                self.error(span, "__CALLER__ is available only inside defmacro and defmacrop")
            }
            "_" => self.error(
                span,
                "invalid use of _. \"_\" represents a value to be ignored in a pattern and cannot be used in expressions",
            ),
            _ => self.bare_call(ast, name),
        }
    }

    /// A call by name: a special form, a macro, an operator, or a function.
    fn named(&mut self, ast: &Ast, name: Atom, arguments: &[Ast]) -> Result<Expr> {
        let span = ast.meta.span;
        let line = span.line;
        match (name.text(), arguments) {
            ("__block__", items) => self.sequence(items),
            ("__aliases__", parts) => {
                if let Some(module) = self.static_alias(ast)? {
                    return Ok(Expr::new(line, ExprKind::Literal(Term::Atom(module))));
                }
                self.dynamic_alias(line, parts)
            }
            ("{}", items) => {
                let items = items.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>>>()?;
                Ok(tuple(line, items))
            }
            ("%{}", items) => self.map(span, items),
            ("%", [name, map]) => self.structure(span, name, map),
            ("<<>>", segments) => self.binary(span, segments),
            ("=", [pattern, value]) => self.match_form(span, pattern, value),
            ("fn", clauses) => self.function(span, clauses),
            ("&", [body]) => self.capture(ast, body),
            ("case", [subject, blocks]) => self.case_form(span, subject, blocks),
            ("cond", [blocks]) => self.cond_form(span, blocks),
            ("receive", [blocks]) => self.receive_form(span, blocks),
            ("try", [blocks]) => self.try_form(span, blocks),
            ("for", arguments) if !arguments.is_empty() => self.for_form(span, arguments),
            ("with", arguments) if !arguments.is_empty() => self.with_form(span, arguments),
            ("quote", [body]) => self.quote_form(span, None, body),
            ("quote", [options, body]) => self.quote_form(span, Some(options), body),
            ("unquote" | "unquote_splicing", [_]) => self.error(span, format!("{name} called outside quote")),
            ("alias", arguments @ ([_] | [_, _])) => self.alias_form(span, arguments),
            ("import", arguments @ ([_] | [_, _])) => self.import_form(span, arguments),
            ("require", arguments @ ([_] | [_, _])) => self.require_form(span, arguments),
            ("super", arguments) => self.super_form(span, arguments),
            ("^", [_]) => {
                let shown = self.shown(ast);
                Err(CompileError::new(
                    self.env.file,
                    span,
                    format!("cannot use {shown} outside of match clauses"),
                )
                .hint("the pin operator compares with a value inside a pattern"))
            }
            ("::", [_, _]) => {
                self.error(span, "misplaced operator ::/2: it gives the type of a segment in <<>>")
            }
            ("<-", [_, _]) => self.error(span, "misplaced operator <-/2: it is used in for and with"),
            ("->", [_, _]) => self.error(
                span,
                "unhandled operator ->: it separates patterns from a body in fn, case and the like",
            ),
            ("when", [_, _]) => self.error(span, "misplaced operator when/2: a guard follows patterns"),
            ("|", [_, _]) => self.error(span, "misplaced operator |/2: it is used in lists and map updates"),
            ("\\\\", [_, _]) => {
                self.error(span, "misplaced operator \\\\: it gives the default of an argument in def")
            }
            _ => self.call(ast, name, arguments),
        }
    }
}

/// A list of expressions followed by a tail: a constant if all of them are.
pub(super) fn cons(line: u32, items: Vec<Expr>, tail: Expr) -> Expr {
    if tail.as_literal().is_some() && items.iter().all(|item| item.as_literal().is_some()) {
        let items: Vec<Term> = items.iter().filter_map(|item| item.as_literal().cloned()).collect();
        let tail = tail.as_literal().cloned().unwrap_or_default();
        return Expr::new(line, ExprKind::Literal(Term::list_with_tail(items, tail)));
    }
    items
        .into_iter()
        .rev()
        .fold(tail, |tail, head| Expr::new(line, ExprKind::Cons(Box::new(head), Box::new(tail))))
}

/// A tuple of expressions: a constant if all of them are.
pub(super) fn tuple(line: u32, items: Vec<Expr>) -> Expr {
    if items.iter().all(|item| item.as_literal().is_some()) {
        let items = items.iter().filter_map(|item| item.as_literal().cloned());
        return Expr::new(line, ExprKind::Literal(Term::Tuple(items.collect())));
    }
    Expr::new(line, ExprKind::Tuple(items))
}

impl Ast {
    /// The arguments of a call of this name.
    pub(crate) fn as_call(&self, wanted: Atom) -> Option<&[Ast]> {
        match &self.kind {
            Kind::Call(Head::Name(name), arguments) if *name == wanted => Some(arguments),
            _ => None,
        }
    }

    /// The name and arguments of a call by name.
    pub(crate) fn as_named(&self) -> Option<(Atom, &[Ast])> {
        match &self.kind {
            Kind::Call(Head::Name(name), arguments) => Some((*name, arguments)),
            _ => None,
        }
    }

    /// The atom that it is.
    pub(crate) fn as_atom(&self) -> Option<Atom> {
        if let Kind::Atom(atom) = &self.kind { Some(*atom) } else { None }
    }

    /// The entries of a keyword list with atoms as keys.
    pub(crate) fn as_keywords(&self) -> Option<Vec<(Atom, &Ast)>> {
        let Kind::List(items) = &self.kind else { return None };
        items
            .iter()
            .map(|item| match &item.kind {
                Kind::Pair(pair) => Some((pair.0.as_atom()?, &pair.1)),
                _ => None,
            })
            .collect()
    }

    /// The expressions of a block: one, if it is not a block.
    pub(crate) fn as_block(&self) -> &[Ast] {
        self.as_call(atom::BLOCK).unwrap_or(std::slice::from_ref(self))
    }

    /// A node at a place.
    pub(crate) fn at(span: Span, kind: Kind) -> Ast {
        Ast { kind, meta: crate::elixir::ast::Meta { span, ..Default::default() } }
    }

    /// A call by name.
    pub(crate) fn call(span: Span, name: Atom, arguments: Vec<Ast>) -> Ast {
        Ast::at(span, Kind::Call(Head::Name(name), arguments))
    }

    /// A call of a module's function.
    pub(crate) fn remote(span: Span, module: Atom, name: Atom, arguments: Vec<Ast>) -> Ast {
        let dot = Ast::call(span, atom::DOT, vec![Ast::atom(span, module), Ast::atom(span, name)]);
        Ast::at(span, Kind::Call(Head::Expression(Box::new(dot)), arguments))
    }

    /// An atom.
    pub(crate) fn atom(span: Span, value: Atom) -> Ast {
        Ast::at(span, Kind::Atom(value))
    }
}
