//! The macros of Kernel.

use super::clauses::split_guards;
use super::control::{and, choice, or};
use super::patterns::constant;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::bits::{Segment, SegmentKind};
use crate::elixir::core::{Clause, Expr, ExprKind, Failure, Pattern};
use crate::elixir::term::Term;

/// The library module for what macros of Kernel need when the program runs.
const SUPPORT: &str = "rashomon_kernel";

impl Expander<'_> {
    /// Expands a macro of Kernel. Nothing if there is none of that name.
    pub(super) fn kernel_macro(&mut self, ast: &Ast, name: Atom, arguments: &[Ast]) -> Result<Option<Expr>> {
        let span = ast.meta.span;
        let line = span.line;
        let expanded = match (name.text(), arguments) {
            ("if", [condition, blocks]) => self.if_macro(span, condition, blocks, false)?,
            ("unless", [condition, blocks]) => self.if_macro(span, condition, blocks, true)?,
            ("and", [a, b]) => self.strict(line, a, |expander, a| {
                let b = expander.expr(b)?;
                Ok(Expr { line, ..and(a, b) })
            })?,
            ("or", [a, b]) => self.strict(line, a, |expander, a| {
                let b = expander.expr(b)?;
                Ok(Expr { line, ..or(a, b) })
            })?,
            ("&&", [a, b]) => {
                let a = self.expr(a)?;
                let (before, variable) = self.once(a);
                let b = self.expr(b)?;
                let choice = choice(line, Expr::variable(variable), b, Expr::variable(variable));
                sequence(line, before, choice)
            }
            ("||", [a, b]) => {
                let a = self.expr(a)?;
                let (before, variable) = self.once(a);
                let b = self.expr(b)?;
                let choice = choice(line, Expr::variable(variable), Expr::variable(variable), b);
                sequence(line, before, choice)
            }
            ("!", [value]) => {
                // `not a in b` and `!(a in b)` are one test.
                let value = self.expr(value)?;
                choice(line, value, Expr::literal(atom::FALSE), Expr::literal(atom::TRUE))
            }
            ("|>", [left, right]) => {
                let piped = self.pipe(left, right)?;
                self.expr(&piped)?
            }
            ("in", [value, collection]) => self.membership(span, value, collection)?,
            ("..", [first, last]) => self.range(span, first, last, None)?,
            ("..//", [first, last, step]) => self.range(span, first, last, Some(step))?,
            ("..", []) => {
                let (first, last) = (Expr::literal(Term::Int(0)), Expr::literal(Term::Int(-1)));
                range_of(line, first, last, Expr::literal(Term::Int(1)))
            }
            ("<>", [a, b]) => self.concatenation(line, a, b)?,
            ("raise", [what]) => {
                let exception = self.exception(span, what, None)?;
                Expr::remote(line, atom::ERLANG, atom::ERROR, vec![exception])
            }
            ("raise", [what, options]) => {
                let exception = self.exception(span, what, Some(options))?;
                Expr::remote(line, atom::ERLANG, atom::ERROR, vec![exception])
            }
            ("reraise", [what, trace]) => {
                let exception = self.exception(span, what, None)?;
                let trace = self.expr(trace)?;
                let arguments = vec![Expr::literal(atom::ERROR), exception, trace];
                Expr::remote(line, atom::ERLANG, Atom::new("raise"), arguments)
            }
            ("reraise", [what, options, trace]) => {
                let exception = self.exception(span, what, Some(options))?;
                let trace = self.expr(trace)?;
                let arguments = vec![Expr::literal(atom::ERROR), exception, trace];
                Expr::remote(line, atom::ERLANG, Atom::new("raise"), arguments)
            }
            ("match?", [pattern, value]) => {
                let subject = Box::new(self.expr(value)?);
                let (patterns, guards) = split_guards(std::slice::from_ref(pattern));
                let yes = self.scoped(|expander| {
                    let (patterns, guards) = expander.head(patterns, &guards)?;
                    Ok(Clause { patterns, guards, body: Expr::literal(atom::TRUE), line })
                })?;
                let no = Clause {
                    patterns: vec![Pattern::Any],
                    guards: Vec::new(),
                    body: Expr::literal(atom::FALSE),
                    line,
                };
                let kind = ExprKind::Case { subject, clauses: vec![yes, no], failure: Failure::Case };
                Expr::new(line, kind)
            }
            ("to_string", [value]) => {
                let value = self.expr(value)?;
                self.text_of(line, value)
            }
            ("to_charlist", [value]) => {
                let value = self.expr(value)?;
                Expr::remote(line, Atom::module("List.Chars"), Atom::new("to_charlist"), vec![value])
            }
            ("is_nil", [value]) => {
                let value = self.expr(value)?;
                same(line, value, Expr::literal(atom::NIL))
            }
            ("is_struct" | "is_exception", [value]) => {
                let value = self.expr(value)?;
                self.struct_test(line, value, None, name.text() == "is_exception")?
            }
            ("is_struct" | "is_exception", [value, module]) => {
                let value = self.expr(value)?;
                let module = self.expr(module)?;
                self.struct_test(line, value, Some(module), name.text() == "is_exception")?
            }
            ("then", [value, function]) => {
                let (value, function) = (self.expr(value)?, self.expr(function)?);
                let (before, variable) = self.once(value);
                let callee = crate::elixir::core::Callee::Value(Box::new(function));
                let call = Expr::new(line, ExprKind::Call(callee, vec![Expr::variable(variable)]));
                sequence(line, before, call)
            }
            ("tap", [value, function]) => {
                let (value, function) = (self.expr(value)?, self.expr(function)?);
                let (before, variable) = self.once(value);
                let callee = crate::elixir::core::Callee::Value(Box::new(function));
                let call = Expr::new(line, ExprKind::Call(callee, vec![Expr::variable(variable)]));
                let items = before.into_iter().chain([call, Expr::variable(variable)]).collect();
                Expr::new(line, ExprKind::Sequence(items))
            }
            ("dbg", []) => {
                let binding = Ast::call(span, Atom::new("binding"), Vec::new());
                self.dbg(span, &binding, None)?
            }
            ("dbg", [value]) => self.dbg(span, value, None)?,
            ("dbg", [value, options]) => self.dbg(span, value, Some(options))?,
            ("binding", []) => self.binding(line),
            ("destructure", [pattern, value]) => {
                let Kind::List(items) = &pattern.kind else {
                    return self.error(span, "destructure expects a list on the left side");
                };
                let count = Expr::literal(Term::Int(items.len() as i64));
                let value = self.expr(value)?;
                let value =
                    Expr::remote(line, Atom::new(SUPPORT), Atom::new("destructure"), vec![value, count]);
                let pattern = self.pattern(pattern)?;
                Expr::new(line, ExprKind::Match(Box::new(pattern), Box::new(value)))
            }
            ("var!", [variable] | [variable, _]) => match &variable.kind {
                Kind::Variable(name, _) => {
                    let key = super::Key { name: *name, context: None, counter: 0 };
                    match self.lookup(key) {
                        Some(variable) => Expr::variable(variable),
                        None => {
                            return self.error(
                                span,
                                format!("expected \"{name}\" to expand to an existing variable"),
                            );
                        }
                    }
                }
                _ => return self.error(span, "expected a variable to be given to var!"),
            },
            ("alias!", [alias]) => self.expr(alias)?,
            ("put_in", [path, value]) => self.path_macro(span, "put_in", path, Some(value))?,
            ("update_in", [path, function]) => self.path_macro(span, "update_in", path, Some(function))?,
            ("get_and_update_in", [path, function]) => {
                self.path_macro(span, "get_and_update_in", path, Some(function))?
            }
            ("pop_in", [path]) => self.path_macro(span, "pop_in", path, None)?,
            ("@", [attribute]) => self.attribute(span, attribute)?,
            ("use", [module]) => self.use_macro(span, module, None)?,
            ("use", [module, options]) => self.use_macro(span, module, Some(options))?,
            ("defmodule", [module, blocks]) => self.defmodule(span, module, blocks)?,
            ("def" | "defp" | "defmacro" | "defmacrop" | "defguard" | "defguardp", [_] | [_, _]) => {
                self.definition(ast, name, arguments)?
            }
            ("defdelegate", [head, options]) => self.delegate(span, head, options)?,
            ("defstruct", [fields]) => self.defstruct(span, fields)?,
            ("defexception", [fields]) => self.defexception(span, fields)?,
            ("defprotocol", [protocol, blocks]) => self.defprotocol(span, protocol, blocks)?,
            ("defimpl", [protocol, rest @ ..]) => self.defimpl(span, protocol, rest)?,
            ("defoverridable", [names]) => self.defoverridable(span, names)?,
            ("__info__", _) => return Ok(None),
            (text, [_, _]) if text.starts_with("sigil_") => {
                if self.defines_or_imports(name, 2) {
                    return Ok(None);
                }
                self.sigil(span, text, arguments)?
            }
            _ => return Ok(None),
        };
        Ok(Some(expanded))
    }

    fn if_macro(&mut self, span: Span, condition: &Ast, blocks: &Ast, negated: bool) -> Result<Expr> {
        let of = if negated { "unless" } else { "if" };
        let found = self.blocks(blocks, &["do", "else"], of)?;
        let condition = self.expr(condition)?;
        let mut branch = |block: Option<&Ast>| match block {
            Some(block) => self.scoped(|expander| expander.expr(block)),
            None => Ok(Expander::nil()),
        };
        let then = branch(Self::block(&found, atom::DO))?;
        let otherwise = branch(Self::block(&found, atom::ELSE))?;
        Ok(if negated {
            choice(span.line, condition, otherwise, then)
        } else {
            choice(span.line, condition, then, otherwise)
        })
    }

    /// The left side of `and` and `or`: computed once if it must be checked.
    fn strict(
        &mut self,
        line: u32,
        left: &Ast,
        combine: impl FnOnce(&mut Self, Expr) -> Result<Expr>,
    ) -> Result<Expr> {
        let left = self.expr(left)?;
        if left.is_boolean() || self.env.guard || matches!(left.kind, ExprKind::Variable(..)) {
            return combine(self, left);
        }
        let (before, variable) = self.once(left);
        let combined = combine(self, Expr::variable(variable))?;
        Ok(sequence(line, before, combined))
    }

    /// `left |> right`: the call on the right with one more argument.
    pub(super) fn pipe(&mut self, left: &Ast, right: &Ast) -> Result<Ast> {
        let span = right.meta.span;
        let prepend = |arguments: &[Ast]| {
            let mut all = vec![left.clone()];
            all.extend_from_slice(arguments);
            all
        };
        match &right.kind {
            Kind::Call(Head::Name(name), both)
                if both.len() == 2 && matches!(name.text(), "+" | "-" | "*" | "/" | "++" | "--" | "<>" | "==" | "and" | "or" | "|>") =>
            {
                let message = format!("cannot pipe into {name}: the {name} operator can only take two arguments");
                self.error(span, message)
            }
            Kind::Call(Head::Name(name), _) if matches!(name.text(), "fn" | "&") => self.error(
                span,
                "cannot pipe into an anonymous function without calling it; use Kernel.then/2 or call it with .()",
            ),
            Kind::Call(head, arguments) => {
                let meta = crate::elixir::ast::Meta { no_parens: false, ..right.meta };
                Ok(Ast { kind: Kind::Call(head.clone(), prepend(arguments)), meta })
            }
            Kind::Variable(name, _) => Ok(Ast { kind: Kind::Call(Head::Name(*name), prepend(&[])), meta: right.meta }),
            Kind::Atom(_) | Kind::Text(_) | Kind::Integer(_) => {
                self.error(span, "cannot pipe into this: can only pipe into local calls foo(), remote calls Foo.bar() or anonymous function calls foo.()")
            }
            _ => self.error(span, "cannot pipe into this: can only pipe into local calls foo(), remote calls Foo.bar() or anonymous function calls foo.()"),
        }
    }

    /// `value in collection`
    /// `dbg(value)`: of a pipe, the value of each stage is shown.
    fn dbg(&mut self, span: Span, value: &Ast, options: Option<&Ast>) -> Result<Expr> {
        let mut stages = Vec::new();
        let mut rest = value;
        while let Some([left, right]) = rest.as_call(Atom::new("|>")) {
            stages.push(right);
            rest = left;
        }
        stages.push(rest);
        stages.reverse();
        let mut forms = Vec::new();
        let mut shown = Vec::new();
        let mut last: Option<Ast> = None;
        for (number, stage) in stages.into_iter().enumerate() {
            let name = Atom::new(&format!("stage {number} of dbg"));
            let variable = Ast::at(span, Kind::Variable(name, Some(atom::KERNEL)));
            let value = match &last {
                None => stage.clone(),
                Some(last) => self.pipe(last, stage)?,
            };
            forms.push(Ast::call(span, Atom::new("="), vec![variable.clone(), value]));
            let code = Ast::at(span, Kind::Value(super::terms::quoted(stage)));
            shown.push(Ast::at(span, Kind::Pair(Box::new((code, variable.clone())))));
            last = Some(variable);
        }
        let place = Ast::at(span, Kind::Value(Term::text(self.place_of(span))));
        let options = options.cloned().unwrap_or_else(|| Ast::at(span, Kind::List(Vec::new())));
        let arguments = vec![Ast::at(span, Kind::List(shown)), place, options];
        forms.push(Ast::remote(span, Atom::new(SUPPORT), Atom::new("dbg"), arguments));
        forms.extend(last);
        self.expr(&Ast::call(span, Atom::new("__block__"), forms))
    }

    /// A place as a stack trace names it.
    fn place_of(&self, span: Span) -> String {
        let shown = |module: Atom| module.alias().map_or_else(|| format!(":{module}"), str::to_owned);
        let within = match (self.env.module, self.env.function) {
            (None, _) => "(file)".to_owned(),
            (Some(module), None) => format!("{} (module)", shown(module)),
            (Some(module), Some((name, arity))) => format!("{}.{name}/{arity}", shown(module)),
        };
        format!("{}:{}: {within}", self.env.file, span.line)
    }

    fn membership(&mut self, span: Span, value: &Ast, collection: &Ast) -> Result<Expr> {
        let line = span.line;
        let list = match &collection.kind {
            Kind::List(items) if items.iter().all(|item| item.as_call(atom::PIPE).is_none()) => {
                Some(self.all(items)?)
            }
            _ => None,
        };
        let range = match collection.as_named() {
            Some((atom::DOT_DOT, [first, last])) => Some((self.expr(first)?, self.expr(last)?)),
            _ => None,
        };
        let value = self.expr(value)?;
        if list.is_none() && range.is_none() {
            let collection = self.expr(collection)?;
            if let Some(items) = constant(&collection).and_then(|term| term.as_list()) {
                let items = items.into_iter().map(Expr::literal).collect();
                return Ok(self.one_of(line, value, items));
            }
            if self.env.guard {
                return self.error(span, "invalid right argument for operator \"in\", it expects a compile-time proper list or compile-time range on the right side when used in guard expressions");
            }
            let arguments = vec![collection, value];
            return Ok(Expr::remote(line, Atom::module("Enum"), Atom::new("member?"), arguments));
        }
        if let Some(items) = list {
            return Ok(self.one_of(line, value, items));
        }
        let Some((first, last)) = range else { return Ok(Self::nil()) };
        let (before, variable) = self.simple(value);
        let test =
            |name: Atom, bound: Expr| Expr::remote(line, atom::ERLANG, name, vec![variable.clone(), bound]);
        let integer = Expr::remote(line, atom::ERLANG, Atom::new("is_integer"), vec![variable.clone()]);
        let inside = match (first.as_literal(), last.as_literal()) {
            (Some(Term::Int(a)), Some(Term::Int(b))) if a > b => {
                and(test(atom::GE, last), test(atom::ERLANG_LE, first))
            }
            (Some(_), Some(_)) => and(test(atom::GE, first), test(atom::ERLANG_LE, last)),
            _ => {
                let up = and(test(atom::GE, first.clone()), test(atom::ERLANG_LE, last.clone()));
                let down = and(test(atom::ERLANG_LE, first.clone()), test(atom::GE, last.clone()));
                let ascending = Expr::remote(line, atom::ERLANG, atom::ERLANG_LE, vec![first, last]);
                choice(line, ascending, up, down)
            }
        };
        Ok(sequence(line, before, and(integer, inside)))
    }

    /// Whether a value is one of these.
    fn one_of(&mut self, line: u32, value: Expr, items: Vec<Expr>) -> Expr {
        let (before, variable) = self.simple(value);
        let mut tests = items.into_iter().map(|item| same(line, variable.clone(), item));
        let test = match tests.next() {
            None => Expr::literal(atom::FALSE),
            Some(first) => {
                let tests: Vec<Expr> = std::iter::once(first).chain(tests).collect();
                let mut all = tests.into_iter().rev();
                let last = all.next().unwrap_or_else(|| Expr::literal(atom::FALSE));
                all.fold(last, |rest, test| or(test, rest))
            }
        };
        sequence(line, before, test)
    }

    /// A value that may be mentioned several times.
    fn simple(&mut self, value: Expr) -> (Option<Expr>, Expr) {
        if matches!(value.kind, ExprKind::Variable(..) | ExprKind::Literal(_)) || self.env.guard {
            return (None, value);
        }
        let (before, variable) = self.once(value);
        (before, Expr::variable(variable))
    }

    fn range(&mut self, span: Span, first: &Ast, last: &Ast, step: Option<&Ast>) -> Result<Expr> {
        let line = span.line;
        let (first, last) = (self.expr(first)?, self.expr(last)?);
        let step = match step {
            Some(step) => Some(self.expr(step)?),
            None => None,
        };
        match (first.as_literal(), last.as_literal(), step.as_ref().map(Expr::as_literal)) {
            (Some(Term::Int(a)), Some(Term::Int(b)), None) => {
                let step = Expr::literal(Term::Int(if a > b { -1 } else { 1 }));
                Ok(range_of(line, first, last, step))
            }
            (Some(Term::Int(_)), Some(Term::Int(_)), Some(Some(Term::Int(_)))) => {
                Ok(range_of(line, first, last, step.unwrap_or_else(Self::nil)))
            }
            _ => {
                let mut arguments = vec![first, last];
                arguments.extend(step);
                Ok(Expr::remote(line, Atom::module("Range"), Atom::new("new"), arguments))
            }
        }
    }

    /// `a <> b <> c`: one binary from all parts.
    fn concatenation(&mut self, line: u32, a: &Ast, b: &Ast) -> Result<Expr> {
        let mut parts = vec![self.expr(a)?];
        let mut rest = b;
        while let Some([next, others]) = rest.as_call(atom::CONCAT) {
            parts.push(self.expr(next)?);
            rest = others;
        }
        parts.push(self.expr(rest)?);
        let wrong = parts.iter().filter_map(Expr::as_literal).find(|term| !matches!(term, Term::Binary(_)));
        if let Some(wrong) = wrong {
            let message = format!(
                "expected binary argument in <> operator but got: {}",
                crate::elixir::vm::show(wrong)
            );
            return self.raised(a.meta.span, "ArgumentError", message);
        }
        Ok(joined(line, parts))
    }

    /// The text of a value, as `to_string` and interpolation give it.
    pub(super) fn text_of(&mut self, line: u32, value: Expr) -> Expr {
        if let Some(Term::Binary(_)) = value.as_literal() {
            return value;
        }
        let (before, variable) = self.simple(value);
        let quick = Expr::remote(line, atom::RASHOMON, Atom::new("to_text"), vec![variable.clone()]);
        let text = self.fresh();
        let slow = Expr::remote(line, Atom::module("String.Chars"), atom::TO_STRING, vec![variable]);
        let clauses = vec![
            Clause {
                patterns: vec![Pattern::Literal(Term::boolean(false))],
                guards: Vec::new(),
                body: slow,
                line,
            },
            Clause {
                patterns: vec![Pattern::Bind(text)],
                guards: Vec::new(),
                body: Expr::variable(text),
                line,
            },
        ];
        let kind = ExprKind::Case { subject: Box::new(quick), clauses, failure: Failure::Case };
        sequence(line, before, Expr::new(line, kind))
    }

    /// The exception that `raise` raises.
    fn exception(&mut self, span: Span, what: &Ast, options: Option<&Ast>) -> Result<Expr> {
        let line = span.line;
        let make = Atom::new("exception");
        if let Some(options) = options {
            let options = self.expr(options)?;
            return Ok(match self.static_alias(what)? {
                Some(module) => Expr::remote(line, module, make, vec![options]),
                None => {
                    let what = Box::new(self.expr(what)?);
                    let callee = crate::elixir::core::Callee::Dynamic(what, make);
                    Expr::new(line, ExprKind::Call(callee, vec![options]))
                }
            });
        }
        if let Kind::Text(_) = what.kind {
            let message = self.expr(what)?;
            return Ok(Expr::remote(line, Atom::module("RuntimeError"), make, vec![message]));
        }
        if what.as_call(atom::BITSTRING).is_some() || what.as_call(atom::CONCAT).is_some() {
            let message = self.expr(what)?;
            return Ok(Expr::remote(line, Atom::module("RuntimeError"), make, vec![message]));
        }
        if let Some(module) = self.static_alias(what)? {
            let nothing = Expr::new(line, ExprKind::Literal(Term::Empty));
            return Ok(Expr::remote(line, module, make, vec![nothing]));
        }
        let what = self.expr(what)?;
        Ok(Expr::remote(line, Atom::new(SUPPORT), make, vec![what]))
    }

    fn struct_test(&mut self, line: u32, value: Expr, module: Option<Expr>, exception: bool) -> Result<Expr> {
        let (before, value) = self.simple(value);
        let erlang = |name: &str, arguments| Expr::remote(line, atom::ERLANG, Atom::new(name), arguments);
        let key = |key: Atom| Expr::literal(key);
        let of = || erlang("map_get", vec![key(atom::STRUCT), value.clone()]);
        let mut test = and(
            erlang("is_map", vec![value.clone()]),
            and(erlang("is_map_key", vec![key(atom::STRUCT), value.clone()]), erlang("is_atom", vec![of()])),
        );
        if exception {
            let marked = erlang("is_map_key", vec![key(atom::EXCEPTION), value.clone()]);
            let is = same(
                line,
                erlang("map_get", vec![key(atom::EXCEPTION), value.clone()]),
                Expr::literal(atom::TRUE),
            );
            test = and(test, and(marked, is));
        }
        if let Some(module) = module {
            test = and(test, same(line, of(), module));
        }
        Ok(sequence(line, before, test))
    }

    /// `[name: value, …]` of the variables at hand.
    fn binding(&mut self, line: u32) -> Expr {
        let keys: Vec<super::Key> = self
            .frame()
            .scope
            .keys()
            .filter(|key| key.context.is_none() && key.counter == 0)
            .copied()
            .collect();
        let mut named: Vec<super::Key> =
            keys.into_iter().filter(|key| !key.name.text().starts_with("__")).collect();
        named.sort_by_key(|key| key.name);
        let items = named
            .into_iter()
            .filter_map(|key| {
                let variable = self.lookup(key)?;
                let pair = vec![Expr::literal(key.name), Expr::variable(variable)];
                Some(Expr::new(line, ExprKind::Tuple(pair)))
            })
            .collect();
        super::forms::cons(line, items, Expr::new(line, ExprKind::Literal(Term::Empty)))
    }

    /// `put_in(data.a[:b], value)` and its like.
    fn path_macro(&mut self, span: Span, name: &str, path: &Ast, value: Option<&Ast>) -> Result<Expr> {
        let line = span.line;
        let mut keys = Vec::new();
        let mut data = path;
        while let Kind::Call(Head::Expression(head), arguments) = &data.kind {
            let Some([target, key]) = head.as_call(atom::DOT) else { break };
            match (target.as_atom(), arguments.as_slice()) {
                (Some(atom::ACCESS), [container, key]) if data.meta.from_brackets => {
                    keys.push(self.expr(key)?);
                    data = container;
                }
                _ if arguments.is_empty() && self.static_alias(target)?.is_none() => {
                    // A field must be there: the key is looked up as with a dot.
                    let Some(key) = key.as_atom() else { break };
                    let arguments = vec![Expr::literal(key)];
                    keys.push(Expr::remote(line, Atom::new(SUPPORT), Atom::new("field"), arguments));
                    data = target;
                }
                _ => break,
            }
        }
        if keys.is_empty() {
            return self.error(span, format!("cannot use {name} without a path: expected at least one key, as in data[:key] or data.key"));
        }
        keys.reverse();
        let data = self.expr(data)?;
        let keys = super::forms::cons(line, keys, Expr::new(line, ExprKind::Literal(Term::Empty)));
        let mut arguments = vec![data, keys];
        if let Some(value) = value {
            arguments.push(self.expr(value)?);
        }
        Ok(Expr::remote(line, atom::KERNEL, Atom::new(name), arguments))
    }
}

pub(super) fn sequence(line: u32, before: Option<Expr>, last: Expr) -> Expr {
    match before {
        None => last,
        Some(before) => Expr::new(line, ExprKind::Sequence(vec![before, last])),
    }
}

/// `a === b`
pub(super) fn same(line: u32, a: Expr, b: Expr) -> Expr {
    Expr::remote(line, atom::ERLANG, atom::ERLANG_EQ_STRICT, vec![a, b])
}

/// A range.
fn range_of(line: u32, first: Expr, last: Expr, step: Expr) -> Expr {
    super::data::map(
        line,
        vec![
            (Expr::literal(atom::STRUCT), Expr::literal(atom::RANGE)),
            (Expr::literal(atom::FIRST), first),
            (Expr::literal(atom::LAST), last),
            (Expr::literal(atom::STEP), step),
        ],
    )
}

/// One binary from several.
pub(super) fn joined(line: u32, parts: Vec<Expr>) -> Expr {
    let whole = Segment::new(SegmentKind::Binary);
    Expr::new(line, ExprKind::Bits(parts.into_iter().map(|part| (whole, part, None)).collect()))
}
