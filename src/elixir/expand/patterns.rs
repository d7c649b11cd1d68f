//! Patterns: what a value is compared with, and which names it gives to its parts.

use super::scope::Key;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::bits::{Segment, SegmentKind};
use crate::elixir::core::{Expr, ExprKind, Pattern, Variable};
use crate::elixir::term::{Binary, Map, Term};

/// The names that a pattern has bound so far.
pub(super) type Bound = Vec<(Key, Variable)>;

impl Expander<'_> {
    /// A pattern; what it binds holds from here on.
    pub(super) fn pattern(&mut self, ast: &Ast) -> Result<Pattern> {
        Ok(self.patterns(std::slice::from_ref(ast))?.pop().unwrap_or(Pattern::Any))
    }

    /// Patterns that are matched together: a name that occurs twice must mean the same value.
    pub(super) fn patterns(&mut self, items: &[Ast]) -> Result<Vec<Pattern>> {
        let guard = std::mem::replace(&mut self.env.guard, false);
        let mut bound = Bound::new();
        let patterns: Result<Vec<Pattern>> =
            items.iter().map(|item| self.pattern_in(item, &mut bound)).collect();
        self.env.guard = guard;
        let patterns = patterns?;
        for (key, variable) in bound {
            self.define(key, variable);
        }
        Ok(patterns)
    }

    pub(super) fn pattern_in(&mut self, ast: &Ast, bound: &mut Bound) -> Result<Pattern> {
        self.deeper(ast.meta.span, |expander| expander.pattern_node(ast, bound))
    }

    fn pattern_node(&mut self, ast: &Ast, bound: &mut Bound) -> Result<Pattern> {
        let span = ast.meta.span;
        match &ast.kind {
            Kind::Integer(value) => Ok(Pattern::Literal(Term::Int(*value))),
            Kind::Big(value) => Ok(Pattern::Literal(Term::Big(value.clone()))),
            Kind::Float(value) => Ok(Pattern::Literal(Term::Float(*value))),
            Kind::Atom(value) => Ok(Pattern::Literal(Term::Atom(*value))),
            Kind::Text(bytes) => Ok(Pattern::Literal(Term::Binary(Binary::from(bytes.to_vec())))),
            Kind::Value(term) => Ok(Pattern::Literal(term.clone())),
            Kind::List(items) => self.list_pattern(items, bound),
            Kind::Pair(pair) => {
                let parts = vec![self.pattern_in(&pair.0, bound)?, self.pattern_in(&pair.1, bound)?];
                Ok(tuple_pattern(parts))
            }
            Kind::Variable(name, context) => {
                if *name == atom::UNDERSCORE {
                    return Ok(Pattern::Any);
                }
                if matches!(name.text(), "__MODULE__" | "__ENV__" | "__DIR__") {
                    return self.evaluated_pattern(ast);
                }
                let key = Key { name: *name, context: *context, counter: ast.meta.counter };
                if let Some((_, variable)) = bound.iter().find(|(known, _)| *known == key) {
                    return Ok(Pattern::Same(*variable));
                }
                let variable = self.fresh();
                bound.push((key, variable));
                Ok(Pattern::Bind(variable))
            }
            Kind::Call(Head::Name(name), arguments) => self.named_pattern(ast, *name, arguments, bound),
            Kind::Call(Head::Expression(head), arguments) => match head.as_call(atom::DOT) {
                Some([module, name]) => {
                    if let (Some(module), Kind::Atom(name)) = (self.static_alias(module)?, &name.kind)
                        && let Some(expanded) = self.expand_remote_macro(ast, module, *name, arguments)?
                    {
                        return self.pattern_in(&expanded, bound);
                    }
                    self.error(span, "cannot invoke a remote function inside a match")
                }
                _ => self.error(span, "cannot call a function inside a match"),
            },
        }
    }

    fn list_pattern(&mut self, items: &[Ast], bound: &mut Bound) -> Result<Pattern> {
        let Some((last, others)) = items.split_last() else { return Ok(Pattern::Literal(Term::Empty)) };
        let mut parts = Vec::new();
        for item in others {
            parts.push(self.pattern_in(item, bound)?);
        }
        let tail = match last.as_call(atom::PIPE) {
            Some([head, tail]) => {
                parts.push(self.pattern_in(head, bound)?);
                self.pattern_in(tail, bound)?
            }
            _ => {
                parts.push(self.pattern_in(last, bound)?);
                Pattern::Literal(Term::Empty)
            }
        };
        Ok(cons_pattern(parts, tail))
    }

    fn named_pattern(
        &mut self,
        ast: &Ast,
        name: Atom,
        arguments: &[Ast],
        bound: &mut Bound,
    ) -> Result<Pattern> {
        let span = ast.meta.span;
        match (name.text(), arguments) {
            ("{}", items) => {
                let parts = items.iter().map(|item| self.pattern_in(item, bound)).collect::<Result<_>>()?;
                Ok(tuple_pattern(parts))
            }
            ("%{}", pairs) => Ok(Pattern::Map(self.pairs_pattern(pairs, bound)?)),
            ("%", [name, map]) => self.struct_pattern(span, name, map, bound),
            ("=", [a, b]) => {
                let (a, b) = (self.pattern_in(a, bound)?, self.pattern_in(b, bound)?);
                Ok(Pattern::Both(Box::new(a), Box::new(b)))
            }
            ("^", [pinned]) => match &pinned.kind {
                Kind::Variable(name, context) => {
                    let key = Key { name: *name, context: *context, counter: pinned.meta.counter };
                    if let Some(variable) = self.lookup(key) {
                        return Ok(Pattern::Same(variable));
                    }
                    if let Some(value) = self.bindings.get(&key) {
                        return Ok(Pattern::Literal(value.clone()));
                    }
                    self.error(span, format!("unbound variable ^{name}"))
                }
                _ => self.error(span, "invalid argument for unary operator ^, expected an existing variable"),
            },
            ("<<>>", segments) => self.bits_pattern(span, segments, bound),
            ("<>", [prefix, rest]) => {
                let prefix = self.pattern_in(prefix, bound)?;
                let Pattern::Literal(Term::Binary(prefix)) = prefix else {
                    let message = "the left argument of <> operator inside a match should always be a literal binary because its size can't be verified";
                    return self.error(span, message);
                };
                let rest = self.pattern_in(rest, bound)?;
                let whole = Segment::new;
                let size = Expr::literal(Term::Int(prefix.len() as i64));
                Ok(Pattern::Bits(vec![
                    (whole(SegmentKind::Binary), Pattern::Literal(Term::Binary(prefix)), Some(size)),
                    (whole(SegmentKind::Binary), rest, None),
                ]))
            }
            ("++", [prefix, rest]) => {
                let Pattern::Literal(prefix) = self.pattern_in(prefix, bound)? else {
                    let prefix = match self.pattern_in(prefix, &mut bound.clone())? {
                        Pattern::Cons(..) => prefix,
                        _ => {
                            return self.error(
                                span,
                                "the left argument of ++ inside a match must be a literal list",
                            );
                        }
                    };
                    let Kind::List(items) = &prefix.kind else {
                        return self
                            .error(span, "the left argument of ++ inside a match must be a literal list");
                    };
                    let parts =
                        items.iter().map(|item| self.pattern_in(item, bound)).collect::<Result<Vec<_>>>()?;
                    let rest = self.pattern_in(rest, bound)?;
                    return Ok(cons_pattern(parts, rest));
                };
                let Some(items) = prefix.as_list() else {
                    return self.error(span, "the left argument of ++ inside a match must be a literal list");
                };
                let rest = self.pattern_in(rest, bound)?;
                Ok(cons_pattern(items.into_iter().map(Pattern::Literal).collect(), rest))
            }
            (".." | "..//", _) => {
                let mut pairs =
                    vec![(Expr::literal(atom::STRUCT), Pattern::Literal(Term::Atom(atom::RANGE)))];
                for (key, item) in [atom::FIRST, atom::LAST, atom::STEP].into_iter().zip(arguments) {
                    pairs.push((Expr::literal(key), self.pattern_in(item, bound)?));
                }
                Ok(Pattern::Map(pairs))
            }
            ("var!", [variable] | [variable, _]) => match &variable.kind {
                Kind::Variable(name, _) => {
                    let plain = Ast::at(span, Kind::Variable(*name, None));
                    self.pattern_in(&plain, bound)
                }
                _ => self.error(span, "expected a variable to be given to var!"),
            },
            ("-" | "+", [Ast { kind: Kind::Integer(_) | Kind::Big(_) | Kind::Float(_), .. }]) => {
                self.evaluated_pattern(ast)
            }
            ("@" | "__aliases__", _) => self.evaluated_pattern(ast),
            ("__block__", [only]) => self.pattern_in(only, bound),
            ("\\\\", [_, _]) => {
                self.error(span, "misplaced operator \\\\: it gives the default of an argument in def")
            }
            ("|", [_, _]) => self.error(span, "misplaced operator |/2: it is used in lists and map updates"),
            _ if name.text().starts_with("sigil_") => self.evaluated_pattern(ast),
            _ => match self.expand_macro(ast, name, arguments)? {
                Some(expanded) => self.pattern_in(&expanded, bound),
                None => self.not_in_pattern(ast, name, arguments),
            },
        }
    }

    /// The error of a call that no pattern can hold.
    fn not_in_pattern(&mut self, ast: &Ast, name: Atom, arguments: &[Ast]) -> Result<Pattern> {
        let span = ast.meta.span;
        let arity = arguments.len();
        let dummies = vec![Self::nil(); arity];
        if let Some((module, function, _)) = super::names::kernel_function(name, dummies) {
            let text = format!(":{}.{function}/{arity}", module.text());
            return self.error(span, format!("cannot invoke remote function {text} inside a match"));
        }
        if self.modules.is_empty() {
            return self.error(span, format!("undefined function {name}/{arity} (there is no such import)"));
        }
        let shown = self.shown(ast);
        self.error(span, format!("cannot find or invoke local {name}/{arity} inside match. Only macros can be invoked in a match and they must be defined before their invocation. Called as: {shown}"))
    }

    /// Something that must be a constant.
    fn evaluated_pattern(&mut self, ast: &Ast) -> Result<Pattern> {
        let expanded = self.expr(ast)?;
        match constant(&expanded) {
            Some(term) => Ok(Pattern::Literal(term)),
            None => self.error(ast.meta.span, "only constants can be compared with in a pattern"),
        }
    }

    pub(super) fn pairs_pattern(&mut self, pairs: &[Ast], bound: &mut Bound) -> Result<Vec<(Expr, Pattern)>> {
        let mut found = Vec::new();
        for pair in pairs {
            if pair.as_call(atom::PIPE).is_some() {
                let map = Ast::call(pair.meta.span, atom::MAP_BRACES, vec![pair.clone()]);
                let shown = self.shown(&map);
                return self.error(
                    pair.meta.span,
                    format!("cannot use map/struct update syntax in match, got: {shown}"),
                );
            }
            let Kind::Pair(pair) = &pair.kind else {
                return self.error(pair.meta.span, "expected key => pattern in a map pattern");
            };
            let key = match pair.0.as_call(atom::PIN) {
                Some([name]) => self.expr(name)?,
                _ => {
                    let key = self.expr(&pair.0)?;
                    if constant(&key).is_none() {
                        let message = "cannot use a variable as map key inside a pattern: pin it with ^ to use its value";
                        return self.error(pair.0.meta.span, message);
                    }
                    key
                }
            };
            found.push((key, self.pattern_in(&pair.1, bound)?));
        }
        Ok(found)
    }
}

/// The value of an expression that is constant once constants are put together.
pub(super) fn constant(e: &Expr) -> Option<Term> {
    match &e.kind {
        ExprKind::Literal(term) => Some(term.clone()),
        ExprKind::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| Some((constant(key)?, constant(value)?)));
            Some(Term::Map(pairs.collect::<Option<Map>>()?))
        }
        ExprKind::Tuple(items) => Some(Term::Tuple(items.iter().map(constant).collect::<Option<_>>()?)),
        ExprKind::Cons(head, tail) => Some(Term::cons(constant(head)?, constant(tail)?)),
        ExprKind::Call(crate::elixir::core::Callee::Remote(atom::ERLANG, name), arguments) => {
            match (*name, arguments.as_slice()) {
                (atom::MINUS, [value]) => match constant(value)? {
                    Term::Int(value) => value.checked_neg().map(Term::Int),
                    Term::Float(value) => Some(Term::Float(-value)),
                    other => other.as_big().map(|value| Term::integer(-value)),
                },
                (atom::PLUS, [value]) => constant(value),
                _ => None,
            }
        }
        _ => None,
    }
}

fn cons_pattern(parts: Vec<Pattern>, tail: Pattern) -> Pattern {
    parts.into_iter().rev().fold(tail, |tail, head| match (head, tail) {
        (Pattern::Literal(head), Pattern::Literal(tail)) => Pattern::Literal(Term::cons(head, tail)),
        (head, tail) => Pattern::Cons(Box::new(head), Box::new(tail)),
    })
}

fn tuple_pattern(parts: Vec<Pattern>) -> Pattern {
    if parts.iter().all(|part| matches!(part, Pattern::Literal(_))) {
        let items = parts.into_iter().map(|part| match part {
            Pattern::Literal(term) => term,
            _ => Term::Empty,
        });
        return Pattern::Literal(Term::Tuple(items.collect()));
    }
    Pattern::Tuple(parts)
}
