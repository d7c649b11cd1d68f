//! `for` and `with`.

use super::clauses::split_guards;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Callee, Clause, Expr, ExprKind, Failure, Pattern, Variable};
use crate::elixir::term::Term;

/// The library module behind `for`.
const SUPPORT: &str = "rashomon_for";

/// What a comprehension does with its values.
enum Collect {
    /// It puts them in front of a list.
    List,
    /// The body computes the next accumulator.
    Reduce,
}

/// One part of a comprehension: a generator with its guards and what it draws from, or a filter.
enum Part<'a> {
    Generator(&'a Ast, Vec<&'a Ast>, &'a Ast),
    Bits(&'a [Ast], &'a Ast, &'a Ast),
    Filter(&'a Ast),
}

impl Expander<'_> {
    /// `for x <- list, filter, into: … do … end`
    pub(super) fn for_form(&mut self, span: Span, arguments: &[Ast]) -> Result<Expr> {
        let mut options = Vec::new();
        let mut parts = arguments;
        while let Some((last, others)) = parts.split_last() {
            match last.as_keywords() {
                Some(found) if !found.is_empty() => {
                    options.extend(found);
                    parts = others;
                }
                _ => break,
            }
        }
        let option = |name: &str| options.iter().find(|(key, _)| key.text() == name).map(|(_, value)| *value);
        for (name, value) in &options {
            if !matches!(name.text(), "do" | "into" | "uniq" | "reduce") {
                return self.error(value.meta.span, format!("unsupported option {name} given to for"));
            }
        }
        let Some(body) = option("do") else { return self.error(span, "missing do option in for") };
        let mut found = Vec::new();
        for part in parts {
            found.push(self.part(part)?);
        }
        if !matches!(found.first(), Some(Part::Generator(..) | Part::Bits(..))) {
            return self.error(span, "for comprehensions must start with a generator");
        }
        let line = span.line;
        let support =
            |name: &str, arguments| Expr::remote(line, Atom::new(SUPPORT), Atom::new(name), arguments);
        if let Some(initial) = option("reduce") {
            let initial = self.expr(initial)?;
            return self.generate(span, &found, body, initial, &Collect::Reduce);
        }
        let into = match option("into") {
            Some(into) => Some(self.expr(into)?),
            None => None,
        };
        let empty = Expr::new(line, ExprKind::Literal(Term::Empty));
        let list = self.generate(span, &found, body, empty, &Collect::List)?;
        let mut list = Expr::remote(line, Atom::new("lists"), Atom::new("reverse"), vec![list]);
        if option("uniq").is_some_and(|value| value.as_atom() == Some(atom::TRUE)) {
            list = support("uniq", vec![list]);
        }
        Ok(match into {
            None => list,
            Some(into) if into.as_literal().is_some_and(|term| matches!(term, Term::Empty)) => list,
            Some(into) => support("into", vec![list, into]),
        })
    }

    fn part<'a>(&self, part: &'a Ast) -> Result<Part<'a>> {
        if let Some([pattern, source]) = part.as_call(atom::LEFT_ARROW) {
            let (patterns, guards) = split_guards(std::slice::from_ref(pattern));
            let [pattern] = patterns else {
                return self.error(part.meta.span, "expected one pattern before <- in for");
            };
            return Ok(Part::Generator(pattern, guards, source));
        }
        if let Some(segments) = part.as_call(atom::BITSTRING)
            && let Some((last, _)) = segments.split_last()
            && let Some([pattern, source]) = last.as_call(atom::LEFT_ARROW)
        {
            return Ok(Part::Bits(segments, pattern, source));
        }
        Ok(Part::Filter(part))
    }

    /// The accumulator after all parts.
    fn generate(
        &mut self,
        span: Span,
        parts: &[Part<'_>],
        body: &Ast,
        accumulator: Expr,
        collect: &Collect,
    ) -> Result<Expr> {
        self.deeper(span, |expander| expander.generate_part(span, parts, body, accumulator, collect))
    }

    fn generate_part(
        &mut self,
        span: Span,
        parts: &[Part<'_>],
        body: &Ast,
        accumulator: Expr,
        collect: &Collect,
    ) -> Result<Expr> {
        let line = span.line;
        match parts.split_first() {
            None => match collect {
                Collect::List => {
                    let value = self.scoped(|expander| expander.expr(body))?;
                    Ok(Expr::new(line, ExprKind::Cons(Box::new(value), Box::new(accumulator))))
                }
                Collect::Reduce => {
                    let clauses = self.clauses(body, 1, "for with reduce")?;
                    let subject = Box::new(accumulator);
                    Ok(Expr::new(line, ExprKind::Case { subject, clauses, failure: Failure::Case }))
                }
            },
            Some((Part::Filter(filter), rest)) => {
                let (before, variable) = self.once(accumulator);
                let condition = self.expr(filter)?;
                let then = self.scoped(|expander| {
                    expander.generate(span, rest, body, Expr::variable(variable), collect)
                })?;
                let choice = super::control::choice(line, condition, then, Expr::variable(variable));
                Ok(Expr::new(line, ExprKind::Sequence(before.into_iter().chain([choice]).collect())))
            }
            Some((Part::Generator(pattern, guards, source), rest)) => {
                let source = self.expr(source)?;
                let function = self.lambda(span, 2, |expander| {
                    let accumulator = expander.fresh();
                    let taken = expander.scoped(|expander| {
                        let (mut patterns, guards) = expander.head(std::slice::from_ref(*pattern), guards)?;
                        patterns.push(Pattern::Bind(accumulator));
                        let accumulator = Expr::variable(accumulator);
                        let body = expander.generate(span, rest, body, accumulator, collect)?;
                        Ok(Clause { patterns, guards, body, line })
                    })?;
                    Ok(vec![taken, Self::skip(expander.fresh(), line)])
                })?;
                let arguments = vec![source, accumulator, function];
                Ok(Expr::remote(line, Atom::new(SUPPORT), Atom::new("reduce"), arguments))
            }
            Some((Part::Bits(segments, pattern, source), rest)) => {
                let source = self.expr(source)?;
                // Each call takes the pattern off the front; what follows comes back with the accumulator.
                let rest_name = Ast::at(span, Kind::Variable(Atom::new("rest of the bits"), None));
                let rest_type = Ast::at(span, Kind::Variable(Atom::new("bitstring"), None));
                let mut all: Vec<Ast> =
                    segments.split_last().map(|(_, others)| others.to_vec()).unwrap_or_default();
                all.push((*pattern).clone());
                all.push(Ast::call(span, atom::DOUBLE_COLON, vec![rest_name.clone(), rest_type]));
                let whole = Ast::call(span, atom::BITSTRING, all);
                let function = self.lambda(span, 2, |expander| {
                    let accumulator = expander.fresh();
                    let taken = expander.scoped(|expander| {
                        let (mut patterns, guards) = expander.head(std::slice::from_ref(&whole), &[])?;
                        patterns.push(Pattern::Bind(accumulator));
                        let left = expander.expr(&rest_name)?;
                        let accumulator = Expr::variable(accumulator);
                        let value = expander.generate(span, rest, body, accumulator, collect)?;
                        let body = Expr::new(line, ExprKind::Cons(Box::new(left), Box::new(value)));
                        Ok(Clause { patterns, guards, body, line })
                    })?;
                    let done = Clause {
                        patterns: vec![Pattern::Any, Pattern::Any],
                        guards: Vec::new(),
                        body: Expr::literal(Atom::new("done")),
                        line,
                    };
                    Ok(vec![taken, done])
                })?;
                let arguments = vec![source, accumulator, function];
                Ok(Expr::remote(line, Atom::new(SUPPORT), Atom::new("bits"), arguments))
            }
        }
    }

    /// The clause for what the pattern of a generator does not match.
    fn skip(accumulator: Variable, line: u32) -> Clause {
        Clause {
            patterns: vec![Pattern::Any, Pattern::Bind(accumulator)],
            guards: Vec::new(),
            body: Expr::variable(accumulator),
            line,
        }
    }

    /// `with pattern <- value, … do … else … end`
    pub(super) fn with_form(&mut self, span: Span, arguments: &[Ast]) -> Result<Expr> {
        let Some((blocks, steps)) = arguments.split_last() else {
            return self.error(span, "missing do block in with");
        };
        let blocks = self.blocks(blocks, &["do", "else"], "with")?;
        let Some(body) = Self::block(&blocks, atom::DO) else {
            return self.error(span, "missing do block in with");
        };
        let line = span.line;
        // What does not match goes to the clauses of `else`, which stand in a function of their own.
        let (before, otherwise) = match Self::block(&blocks, atom::ELSE) {
            None => (None, None),
            Some(block) => {
                let function = self.lambda(span, 1, |expander| {
                    let value = expander.fresh();
                    let clauses = expander.clauses(block, 1, "with else")?;
                    let subject = Box::new(Expr::variable(value));
                    let kind = ExprKind::Case { subject, clauses, failure: Failure::With };
                    Ok(vec![Clause {
                        patterns: vec![Pattern::Bind(value)],
                        guards: Vec::new(),
                        body: Expr::new(line, kind),
                        line,
                    }])
                })?;
                let (before, variable) = self.once(function);
                (before, Some(variable))
            }
        };
        let steps = self.scoped(|expander| expander.with_steps(line, steps, body, otherwise))?;
        Ok(match before {
            None => steps,
            Some(before) => Expr::new(line, ExprKind::Sequence(vec![before, steps])),
        })
    }

    fn with_steps(
        &mut self,
        line: u32,
        steps: &[Ast],
        body: &Ast,
        otherwise: Option<Variable>,
    ) -> Result<Expr> {
        let Some((step, rest)) = steps.split_first() else { return self.expr(body) };
        let Some([pattern, value]) = step.as_call(atom::LEFT_ARROW) else {
            let step = self.expr(step)?;
            let rest = self.with_steps(line, rest, body, otherwise)?;
            return Ok(Expr::new(line, ExprKind::Sequence(vec![step, rest])));
        };
        let value = self.expr(value)?;
        let (patterns, guards) = split_guards(std::slice::from_ref(pattern));
        let matched = self.scoped(|expander| {
            let (patterns, guards) = expander.head(patterns, &guards)?;
            let body = expander.with_steps(line, rest, body, otherwise)?;
            Ok(Clause { patterns, guards, body, line: step.meta.span.line })
        })?;
        let other = self.fresh();
        let failed = match otherwise {
            None => Expr::variable(other),
            Some(function) => {
                let callee = Callee::Value(Box::new(Expr::variable(function)));
                Expr::new(line, ExprKind::Call(callee, vec![Expr::variable(other)]))
            }
        };
        let unmatched =
            Clause { patterns: vec![Pattern::Bind(other)], guards: Vec::new(), body: failed, line };
        let kind = ExprKind::Case {
            subject: Box::new(value),
            clauses: vec![matched, unmatched],
            failure: Failure::Case,
        };
        Ok(Expr::new(step.meta.span.line, kind))
    }
}
