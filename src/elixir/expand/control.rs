//! Choices: `=`, `case`, `cond`, `receive`, `try`, `fn`.

use super::clauses::Written;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Callee, Clause, Expr, ExprKind, Failure, Function, Pattern, Variable};
use crate::elixir::term::Term;

const EXCEPTION_MODULE: &str = "Elixir.Exception";

impl Expander<'_> {
    pub(super) fn match_form(&mut self, span: Span, pattern: &Ast, value: &Ast) -> Result<Expr> {
        if self.env.guard {
            return self.error(span, "invalid expression in guard: = is not allowed");
        }
        let value = self.expr(value)?;
        let pattern = self.pattern(pattern)?;
        Ok(Expr::new(span.line, ExprKind::Match(Box::new(pattern), Box::new(value))))
    }

    pub(super) fn case_form(&mut self, span: Span, subject: &Ast, blocks: &Ast) -> Result<Expr> {
        let blocks = self.blocks(blocks, &["do"], "case")?;
        let subject = self.expr(subject)?;
        let Some(block) = Self::block(&blocks, atom::DO) else {
            return self.error(span, "missing do block in case");
        };
        let clauses = self.clauses(block, 1, "case")?;
        let kind = ExprKind::Case { subject: Box::new(subject), clauses, failure: Failure::Case };
        Ok(Expr::new(span.line, kind))
    }

    pub(super) fn cond_form(&mut self, span: Span, blocks: &Ast) -> Result<Expr> {
        let blocks = self.blocks(blocks, &["do"], "cond")?;
        let Some(block) = Self::block(&blocks, atom::DO) else {
            return self.error(span, "missing do block in cond");
        };
        let written = self.written(block, "cond")?;
        let nothing = Expr::new(span.line, ExprKind::Fail(Failure::Cond, Box::new(Self::nil())));
        let mut branches = Vec::new();
        for clause in &written {
            let [condition] = clause.patterns else {
                return self.error(clause.span, "expected one condition before -> in cond");
            };
            branches.push(self.scoped(|expander| {
                let condition = expander.expr(condition)?;
                Ok((condition, expander.expr(clause.body)?, clause.span.line))
            })?);
        }
        Ok(branches
            .into_iter()
            .rev()
            .fold(nothing, |otherwise, (condition, then, line)| choice(line, condition, then, otherwise)))
    }

    pub(super) fn receive_form(&mut self, span: Span, blocks: &Ast) -> Result<Expr> {
        let blocks = self.blocks(blocks, &["do", "after"], "receive")?;
        let clauses = match Self::block(&blocks, atom::DO) {
            Some(block) => self.clauses(block, 1, "receive")?,
            None => Vec::new(),
        };
        let after = match Self::block(&blocks, atom::AFTER) {
            Some(block) => {
                let written = self.written(block, "after")?;
                let [Written { patterns: [timeout], body, .. }] = written.as_slice() else {
                    return self.error(span, "expected one clause in after: timeout -> expression");
                };
                let timeout = self.expr(timeout)?;
                let body = self.scoped(|expander| expander.expr(body))?;
                Some((Box::new(timeout), Box::new(body)))
            }
            None => None,
        };
        Ok(Expr::new(span.line, ExprKind::Receive { clauses, after }))
    }

    pub(super) fn try_form(&mut self, span: Span, blocks: &Ast) -> Result<Expr> {
        let blocks = self.blocks(blocks, &["do", "rescue", "catch", "else", "after"], "try")?;
        let Some(body) = Self::block(&blocks, atom::DO) else {
            return self.error(span, "missing :do option in \"try\"");
        };
        if blocks.len() == 1 {
            return self.error(span, "missing :catch/:rescue/:after option in \"try\"");
        }
        let line = span.line;
        let body = self.scoped(|expander| expander.expr(body))?;
        let otherwise = match Self::block(&blocks, atom::ELSE) {
            Some(block) => self.clauses(block, 1, "else")?,
            None => Vec::new(),
        };
        let rescue = Self::block(&blocks, atom::RESCUE);
        let caught = Self::block(&blocks, atom::CATCH);
        let mut catch = Vec::new();
        if let Some(rescue) = rescue {
            catch.push(self.rescue(rescue, caught, line)?);
        }
        if let Some(block) = caught {
            for written in self.written(block, "catch")? {
                catch.push(self.catch_clause(&written)?);
            }
        }
        let mut result = body;
        if !catch.is_empty() || !otherwise.is_empty() {
            result = Expr::new(line, ExprKind::Try { body: Box::new(result), otherwise, catch });
        }
        if let Some(cleanup) = Self::block(&blocks, atom::AFTER) {
            let cleanup = self.scoped(|expander| expander.expr(cleanup))?;
            result = Expr::new(line, ExprKind::After(Box::new(result), Box::new(cleanup)));
        }
        Ok(result)
    }

    fn catch_clause(&mut self, written: &Written<'_>) -> Result<Clause> {
        let trace = self.fresh();
        self.scoped(|expander| {
            let (mut patterns, guards) = match written.patterns {
                [value] => {
                    let (mut patterns, guards) =
                        expander.head(std::slice::from_ref(value), &written.guards)?;
                    patterns.insert(0, Pattern::Literal(Term::Atom(atom::THROW)));
                    (patterns, guards)
                }
                [_, _] => expander.head(written.patterns, &written.guards)?,
                _ => return expander.error(written.span, "expected one or two patterns before -> in catch"),
            };
            patterns.push(Pattern::Bind(trace));
            expander.define_trace(trace);
            let outer = expander.env.trace.replace(trace);
            let body = expander.expr(written.body);
            expander.env.trace = outer;
            Ok(Clause { patterns, guards, body: body?, line: written.span.line })
        })
    }

    /// One clause for everything in `rescue`: it makes an exception of the error and looks at that.
    fn rescue(&mut self, block: &Ast, caught: Option<&Ast>, line: u32) -> Result<Clause> {
        let (reason, trace) = (self.fresh(), self.fresh());
        let exception = Expr::remote(
            line,
            Atom::new(EXCEPTION_MODULE),
            Atom::new("normalize"),
            vec![Expr::literal(atom::ERROR), Expr::variable(reason), Expr::variable(trace)],
        );
        let mut clauses = Vec::new();
        for written in self.written(block, "rescue")? {
            let [pattern] = written.patterns else {
                return self.error(written.span, "expected one pattern before -> in rescue");
            };
            if !written.guards.is_empty() {
                return self.error(written.span, "invalid use of guard: rescue does not support guards");
            }
            clauses.push(self.scoped(|expander| {
                let (patterns, guards) = expander.rescue_pattern(pattern)?;
                expander.define_trace(trace);
                let outer = expander.env.trace.replace(trace);
                let body = expander.expr(written.body);
                expander.env.trace = outer;
                Ok(Clause { patterns, guards, body: body?, line: written.span.line })
            })?);
        }
        // What no clause takes is looked at by `catch`, if there is one, and goes on otherwise.
        let again = |class: Expr| {
            let arguments = vec![class, Expr::variable(reason), Expr::variable(trace)];
            Expr::remote(0, atom::ERLANG, Atom::new("raise"), arguments)
        };
        let otherwise = match caught {
            None => again(Expr::literal(atom::ERROR)),
            Some(block) => {
                let mut clauses = Vec::new();
                for written in self.written(block, "catch")? {
                    let mut clause = self.catch_clause(&written)?;
                    clause.patterns = vec![Pattern::Tuple(clause.patterns)];
                    clauses.push(clause);
                }
                let body = again(Expr::literal(atom::ERROR));
                clauses.push(Clause { patterns: vec![Pattern::Any], guards: Vec::new(), body, line: 0 });
                let subject = vec![Expr::literal(atom::ERROR), Expr::variable(reason), Expr::variable(trace)];
                let subject = Box::new(Expr::new(0, ExprKind::Tuple(subject)));
                Expr::new(0, ExprKind::Case { subject, clauses, failure: Failure::Case })
            }
        };
        clauses.push(Clause { patterns: vec![Pattern::Any], guards: Vec::new(), body: otherwise, line: 0 });
        let kind = ExprKind::Case { subject: Box::new(exception), clauses, failure: Failure::Case };
        Ok(Clause {
            patterns: vec![
                Pattern::Literal(Term::Atom(atom::ERROR)),
                Pattern::Bind(reason),
                Pattern::Bind(trace),
            ],
            guards: Vec::new(),
            body: Expr::new(0, kind),
            line,
        })
    }

    /// `e`, `Module`, `[Module, …]`, `e in Module`, `e in [Module, …]`.
    fn rescue_pattern(&mut self, pattern: &Ast) -> Result<(Vec<Pattern>, Vec<Expr>)> {
        let span = pattern.meta.span;
        let (bound, modules) = match pattern.as_named() {
            Some((atom::IN, [name, modules])) => (Some(name), Some(modules)),
            _ if matches!(pattern.kind, Kind::Variable(..)) => (Some(pattern), None),
            _ => (None, Some(pattern)),
        };
        let exception = match bound {
            Some(name) => self.pattern(name)?,
            None => Pattern::Any,
        };
        let Some(modules) = modules.filter(|modules| !is_underscore(modules)) else {
            return Ok((vec![exception], Vec::new()));
        };
        let names = match &modules.kind {
            Kind::List(items) => items.iter().collect(),
            _ => vec![modules],
        };
        let kind = self.fresh();
        let mut guard: Option<Expr> = None;
        for name in names {
            let Some(module) = self.static_alias(name)? else {
                let message =
                    "invalid rescue clause: expected e, Module, [Module], e in Module or e in [Module]";
                return self.error(span, message);
            };
            let test = Expr::remote(
                0,
                atom::ERLANG,
                atom::ERLANG_EQ_STRICT,
                vec![Expr::variable(kind), Expr::literal(module)],
            );
            guard = Some(match guard {
                None => test,
                Some(before) => or(before, test),
            });
        }
        let of_struct = Pattern::Map(vec![(Expr::literal(atom::STRUCT), Pattern::Bind(kind))]);
        let pattern = Pattern::Both(Box::new(of_struct), Box::new(exception));
        Ok((vec![pattern], guard.into_iter().collect()))
    }

    /// `fn … end`
    pub(super) fn function(&mut self, span: Span, clauses: &[Ast]) -> Result<Expr> {
        let block = Ast::at(span, Kind::List(clauses.to_vec()));
        let written = self.written(&block, "fn")?;
        let count = written.first().map_or(0, |clause| clause.patterns.len());
        if written.iter().any(|clause| clause.patterns.len() != count) {
            return self.error(span, "cannot mix clauses with different arities in anonymous functions");
        }
        self.lambda(span, count, |expander| {
            written.iter().map(|clause| expander.clause(clause, count, "fn")).collect()
        })
    }

    /// An anonymous function whose clauses are expanded by `expand`.
    pub(super) fn lambda(
        &mut self,
        span: Span,
        arity: usize,
        expand: impl FnOnce(&mut Self) -> Result<Vec<Clause>>,
    ) -> Result<Expr> {
        let Ok(arity) = u8::try_from(arity) else {
            return self.error(span, "too many arguments: a function takes at most 255");
        };
        self.frames.push(super::scope::Frame { anonymous: true, ..Default::default() });
        let clauses = expand(self);
        let frame = self.frames.pop().unwrap_or_default();
        let name = self.env.function.map_or_else(
            || Atom::new("__FILE__"),
            |function| Atom::new(&format!("{}/{}", function.0, function.1)),
        );
        let captured: Vec<Variable> = frame.captured.iter().map(|(inner, _)| *inner).collect();
        let values = frame.captured.iter().map(|(_, outer)| Expr::variable(*outer)).collect();
        let function =
            Function { name, arity, captured, clauses: clauses?, variables: frame.next, line: span.line };
        Ok(Expr::new(span.line, ExprKind::Fn(Box::new(function), values)))
    }

    /// `f.(arguments)` and `module.function(arguments)`.
    pub(super) fn call_of(&mut self, ast: &Ast, head: &Ast, arguments: &[Ast]) -> Result<Expr> {
        let span = ast.meta.span;
        match head.as_call(atom::DOT) {
            Some([function]) => {
                if self.env.guard {
                    return self.error(span, "invalid expression in guard: anonymous call is not allowed");
                }
                let function = self.expr(function)?;
                let arguments = self.all(arguments)?;
                Ok(Expr::new(span.line, ExprKind::Call(Callee::Value(Box::new(function)), arguments)))
            }
            Some([target, name]) => match &name.kind {
                Kind::Atom(name) => self.remote_call(ast, target, *name, arguments),
                _ => self.error(span, "invalid call: expected a name after the dot"),
            },
            _ => match &head.kind {
                Kind::Call(Head::Name(name), inner) if *name == atom::UNQUOTE && inner.len() == 1 => {
                    self.error(span, "unquote called outside quote")
                }
                _ => {
                    self.error(span, "invalid call: a value is called with a dot, as in function.(argument)")
                }
            },
        }
    }

    /// Expands arguments.
    pub(super) fn all(&mut self, items: &[Ast]) -> Result<Vec<Expr>> {
        items.iter().map(|item| self.expr(item)).collect()
    }
}

fn is_underscore(ast: &Ast) -> bool {
    matches!(ast.kind, Kind::Variable(atom::UNDERSCORE, _))
}

/// `if condition, do: then, else: otherwise`
pub(super) fn choice(line: u32, condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
    Expr::new(line, ExprKind::If { condition, then, otherwise, strict: None })
}

/// `a or b` of two tests.
pub(super) fn or(a: Expr, b: Expr) -> Expr {
    let kind = ExprKind::If {
        condition: Box::new(a),
        then: Box::new(Expr::literal(atom::TRUE)),
        otherwise: Box::new(b),
        strict: Some(atom::OR),
    };
    Expr::new(0, kind)
}

/// `a and b` of two tests.
pub(super) fn and(a: Expr, b: Expr) -> Expr {
    let kind = ExprKind::If {
        condition: Box::new(a),
        then: Box::new(b),
        otherwise: Box::new(Expr::literal(atom::FALSE)),
        strict: Some(atom::AND),
    };
    Expr::new(0, kind)
}
