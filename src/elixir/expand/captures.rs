//! `&name/arity`, `&Module.name/arity`, `&(&1 + 1)`.

use std::rc::Rc;

use super::names::kernel_function;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind, Meta, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Expr, ExprKind, Pattern};
use crate::elixir::term::{Fun, Target, Term};

impl Expander<'_> {
    pub(super) fn capture(&mut self, ast: &Ast, body: &Ast) -> Result<Expr> {
        let span = ast.meta.span;
        if let Kind::Integer(position) = body.kind {
            let message = format!("capture argument &{position} must be used within the capture operator &");
            return self.error(span, message);
        }
        if let Some([function, arity]) = body.as_call(atom::SLASH)
            && let Kind::Integer(arity) = arity.kind
            && let Some(captured) = self.named_capture(span, function, arity)?
        {
            return Ok(captured);
        }
        let mut highest = 0;
        let holder = self.placeholders(body, &mut highest)?;
        if highest == 0 {
            let shown = "invalid args for &, expected one of:\n\n  * &Mod.fun/arity to capture a remote function, such as &Enum.map/2\n  * &fun/arity to capture a local or imported function, such as &is_atom/1\n  * &some_code(&1, ...) containing at least one argument as &1, such as &List.flatten(&1)";
            return self.error(span, shown);
        }
        if let Some(missing) = (1..highest).find(|position| !mentions(&holder, *position)) {
            return self.error(
                span,
                format!("capture argument &{highest} cannot be defined without &{missing} (you cannot skip arguments, all arguments must be numbered)"),
            );
        }
        // `&f(&1, &2)` is the function itself.
        if let Some(function) = self.direct(body, highest)? {
            return Ok(function);
        }
        self.numbered(span, &holder, highest)
    }

    /// A function of so many arguments whose body has them in the places of `&1` and so on.
    fn numbered(&mut self, span: Span, holder: &Ast, arity: usize) -> Result<Expr> {
        let line = span.line;
        self.lambda(span, arity, |expander| {
            let mut patterns = Vec::new();
            for position in 1..=arity {
                let variable = expander.fresh();
                expander.define(placeholder(position), variable);
                patterns.push(Pattern::Bind(variable));
            }
            let body = expander.expr(holder)?;
            Ok(vec![crate::elixir::core::Clause { patterns, guards: Vec::new(), body, line }])
        })
    }

    fn named_capture(&mut self, span: Span, function: &Ast, arity: i64) -> Result<Option<Expr>> {
        let Ok(arity) = u8::try_from(arity) else {
            return self.error(span, "invalid arity for &: a function takes at most 255 arguments");
        };
        match &function.kind {
            Kind::Call(Head::Expression(head), arguments) if arguments.is_empty() => {
                let Some([target, name]) = head.as_call(atom::DOT) else { return Ok(None) };
                let Some(name) = name.as_atom() else { return Ok(None) };
                match self.static_alias(target)? {
                    Some(module) => Ok(Some(self.remote_capture(span, module, name, arity)?)),
                    None => {
                        let target = self.expr(target)?;
                        let arguments =
                            vec![target, Expr::literal(name), Expr::literal(Term::Int(i64::from(arity)))];
                        Ok(Some(Expr::remote(span.line, atom::ERLANG, Atom::new("make_fun"), arguments)))
                    }
                }
            }
            Kind::Variable(name, _) => self.local_capture(span, *name, arity).map(Some),
            Kind::Call(Head::Name(name), arguments) if arguments.is_empty() => {
                self.local_capture(span, *name, arity).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A function of another module, or of Kernel, by name.
    fn remote_capture(&mut self, span: Span, module: Atom, name: Atom, arity: u8) -> Result<Expr> {
        let call = Ast::remote(span, module, name, placeholders(span, arity));
        let is_macro = self.is_remote_macro(module, name, arity);
        if module == atom::KERNEL || is_macro {
            let dummies = vec![Self::nil(); usize::from(arity)];
            return match kernel_function(name, dummies) {
                Some((module, name, arguments))
                    if arguments.len() == usize::from(arity) && !is_macro && !reordered(name) =>
                {
                    Ok(external(span, module, name, arity))
                }
                _ => self.wrapped(span, &call, usize::from(arity)),
            };
        }
        self.refuse_outside(span, module, name, usize::from(arity));
        Ok(external(span, module, name, arity))
    }

    /// A function that makes a call with its arguments in order.
    fn wrapped(&mut self, span: Span, call: &Ast, arity: usize) -> Result<Expr> {
        let holder = self.placeholders(call, &mut 0)?;
        self.numbered(span, &holder, arity)
    }

    /// `&name/arity`
    fn local_capture(&mut self, span: Span, name: Atom, arity: u8) -> Result<Expr> {
        let local = self.modules.last().is_some_and(|module| module.defines(name, arity));
        if !local {
            if let Some(module) = self.env.imports.get(&(name, arity)).copied() {
                return self.remote_capture(span, module, name, arity);
            }
            let dummies = vec![Self::nil(); usize::from(arity)];
            if !self.env.without.contains(&(name, arity)) && kernel_function(name, dummies).is_some() {
                return self.remote_capture(span, atom::KERNEL, name, arity);
            }
        }
        let call = Ast::call(span, name, placeholders(span, arity));
        self.wrapped(span, &call, usize::from(arity))
    }

    /// `&f(&1, &2)` with the arguments in order is `&f/2`, where that is a function of a module.
    fn direct(&mut self, body: &Ast, highest: usize) -> Result<Option<Expr>> {
        let Kind::Call(head, arguments) = &body.kind else { return Ok(None) };
        let in_order = arguments.len() == highest
            && (1..).zip(arguments).all(|(position, argument)| {
                argument.as_call(atom::AMPERSAND).is_some_and(
                    |inner| matches!(inner, [Ast { kind: Kind::Integer(found), .. }] if *found == position),
                )
            });
        if !in_order {
            return Ok(None);
        }
        let arity = highest as u8;
        match head {
            Head::Expression(dot) => match dot.as_call(atom::DOT) {
                Some([module, name]) => match (self.static_alias(module)?, name.as_atom()) {
                    (Some(module), Some(name)) => {
                        Ok(Some(self.remote_capture(body.meta.span, module, name, arity)?))
                    }
                    _ => Ok(None),
                },
                _ => Ok(None),
            },
            Head::Name(name) => {
                let local = self.modules.last().is_some_and(|module| module.defines(*name, arity));
                let dummies = vec![Self::nil(); highest];
                if !local
                    && !self.env.imports.contains_key(&(*name, arity))
                    && !self.env.without.contains(&(*name, arity))
                    && kernel_function(*name, dummies).is_some_and(|(_, name, _)| !reordered(name))
                {
                    return Ok(Some(self.remote_capture(body.meta.span, atom::KERNEL, *name, arity)?));
                }
                Ok(None)
            }
        }
    }

    /// The body with a variable in place of each `&1`.
    fn placeholders(&self, ast: &Ast, highest: &mut usize) -> Result<Ast> {
        if let Some([position]) = ast.as_call(atom::AMPERSAND) {
            return match position.kind {
                Kind::Integer(position) if (1..=255).contains(&position) => {
                    let position = position as usize;
                    *highest = (*highest).max(position);
                    let key = placeholder(position);
                    let meta = Meta { counter: key.counter, ..ast.meta };
                    Ok(Ast { kind: Kind::Variable(key.name, key.context), meta })
                }
                Kind::Integer(_) => {
                    self.error(ast.meta.span, "capture argument must be numbered from &1 to &255")
                }
                _ => {
                    if let Some([_, arity]) = position.as_call(atom::SLASH)
                        && matches!(arity.kind, Kind::Integer(_))
                    {
                        return Ok(ast.clone());
                    }
                    self.error(ast.meta.span, "nested captures via & are not allowed: use fn for one of them")
                }
            };
        }
        let each = |items: &[Ast], highest: &mut usize| -> Result<Vec<Ast>> {
            items.iter().map(|item| self.placeholders(item, highest)).collect()
        };
        let kind = match &ast.kind {
            Kind::List(items) => Kind::List(each(items, highest)?),
            Kind::Pair(pair) => Kind::Pair(Box::new((
                self.placeholders(&pair.0, highest)?,
                self.placeholders(&pair.1, highest)?,
            ))),
            Kind::Call(head, arguments) => {
                let head = match head {
                    Head::Name(name) => Head::Name(*name),
                    Head::Expression(head) => Head::Expression(Box::new(self.placeholders(head, highest)?)),
                };
                Kind::Call(head, each(arguments, highest)?)
            }
            other => other.clone(),
        };
        Ok(Ast { kind, meta: ast.meta })
    }
}

/// `&1, &2`, and so on.
fn placeholders(span: Span, arity: u8) -> Vec<Ast> {
    let positions = (1..=i64::from(arity)).map(|position| Ast::at(span, Kind::Integer(position)));
    positions.map(|position| Ast::call(span, atom::AMPERSAND, vec![position])).collect()
}

/// Whether a function of Kernel has its arguments in another order than the one underneath.
fn reordered(name: Atom) -> bool {
    matches!(name.text(), "element" | "setelement" | "is_map_key")
}

/// Whether a body has a certain placeholder.
fn mentions(ast: &Ast, position: usize) -> bool {
    match &ast.kind {
        Kind::Variable(name, _) => {
            let key = placeholder(position);
            *name == key.name && ast.meta.counter == key.counter
        }
        Kind::List(items) => items.iter().any(|item| mentions(item, position)),
        Kind::Pair(pair) => mentions(&pair.0, position) || mentions(&pair.1, position),
        Kind::Call(head, arguments) => {
            let in_head = match head {
                Head::Name(_) => false,
                Head::Expression(head) => mentions(head, position),
            };
            in_head || arguments.iter().any(|argument| mentions(argument, position))
        }
        Kind::Integer(_) | Kind::Big(_) | Kind::Float(_) | Kind::Atom(_) | Kind::Text(_) | Kind::Value(_) => {
            false
        }
    }
}

fn external(span: Span, module: Atom, name: Atom, arity: u8) -> Expr {
    let fun = Fun::new(module, name, arity, Target::External, Box::new([]));
    Expr::new(span.line, ExprKind::Literal(Term::Fun(Rc::new(fun))))
}

fn placeholder(position: usize) -> super::Key {
    super::Key { name: Atom::new(&format!("&{position}")), context: None, counter: u32::MAX }
}
