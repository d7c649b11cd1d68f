//! Protocols.

use std::rc::Rc;

use super::module::DefKind;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Callee, Clause, Expr, ExprKind, Failure, Pattern};
use crate::elixir::term::{Term, list};
use crate::elixir::vm::Attribute;

impl Expander<'_> {
    /// `defprotocol Name do def f(value) end`
    pub(super) fn defprotocol(&mut self, span: Span, name: &Ast, blocks: &Ast) -> Result<Expr> {
        let found = self.blocks(blocks, &["do"], "defprotocol")?;
        let Some(body) = Self::block(&found, atom::DO) else {
            return self.error(span, "missing do block in defprotocol");
        };
        let Some(short) = self.static_alias(name)? else {
            return self.error(span, "invalid protocol name: expected an alias");
        };
        let name = match (self.env.module, name.as_call(atom::ALIASES)) {
            (Some(outer), Some(parts)) => {
                let parts: Vec<&str> =
                    parts.iter().filter_map(|part| part.as_atom().map(Atom::text)).collect();
                let full = Atom::new(&format!("{outer}.{}", parts.join(".")));
                if let Some(first) = parts.first() {
                    self.env.aliases.insert(Atom::new(first), Atom::new(&format!("{outer}.{first}")));
                }
                full
            }
            _ => short,
        };
        let functions = self.protocol_functions(body)?;
        self.module(span, name, |expander| {
            for (function, arity, at) in &functions {
                expander.dispatch(*at, name, *function, *arity)?;
            }
            expander.protocol_info(span, name, &functions)?;
            if let Some(module) = expander.modules.last_mut() {
                module.callbacks = functions.iter().map(|(name, arity, at)| ((*name, *arity), *at)).collect();
            }
            for item in body.as_block() {
                if let Some(attribute) = item.as_call(atom::AT) {
                    let is_fallback = attribute
                        .first()
                        .and_then(Ast::as_named)
                        .is_some_and(|(name, _)| name.text() == "fallback_to_any");
                    if is_fallback {
                        expander.attribute(span, &attribute[0])?;
                    }
                }
            }
            Ok(())
        })
    }

    fn protocol_functions(&self, body: &Ast) -> Result<Vec<(Atom, u8, Span)>> {
        let mut found = Vec::new();
        for item in body.as_block() {
            let Some([head, ..]) = item.as_call(Atom::new("def")) else { continue };
            let Some((name, arguments)) = head.as_named() else {
                return self.error(item.meta.span, "protocol functions expect at least one argument");
            };
            if arguments.is_empty() {
                return self.error(item.meta.span, "protocol functions expect at least one argument");
            }
            found.push((name, arguments.len() as u8, item.meta.span));
        }
        Ok(found)
    }

    /// A function of a protocol: calls that of the implementation.
    fn dispatch(&mut self, span: Span, protocol: Atom, name: Atom, arity: u8) -> Result<()> {
        let line = span.line;
        self.add_clause(span, name, arity, DefKind::Public, |expander| {
            let variables: Vec<_> = (0..arity).map(|_| expander.fresh()).collect();
            let patterns = variables.iter().map(|variable| Pattern::Bind(*variable)).collect();
            let value = variables.first().copied().map_or_else(Self::nil, Expr::variable);
            let target = Expr::remote(line, protocol, Atom::new("impl_for!"), vec![value]);
            let arguments = variables.into_iter().map(Expr::variable).collect();
            let callee = Callee::Dynamic(Box::new(target), name);
            Ok((patterns, Vec::new(), Expr::new(line, ExprKind::Call(callee, arguments))))
        })
    }

    fn protocol_info(&mut self, span: Span, protocol: Atom, functions: &[(Atom, u8, Span)]) -> Result<()> {
        let line = span.line;
        let find = |variable| {
            let arguments = vec![Expr::literal(protocol), Expr::variable(variable)];
            Expr::remote(line, atom::RASHOMON, Atom::new("impl_for"), arguments)
        };
        self.add_clause(span, Atom::new("impl_for"), 1, DefKind::Public, |expander| {
            let value = expander.fresh();
            Ok((vec![Pattern::Bind(value)], Vec::new(), find(value)))
        })?;
        self.add_clause(span, Atom::new("impl_for!"), 1, DefKind::Public, |expander| {
            let (value, found) = (expander.fresh(), expander.fresh());
            let pair = |key: &str, value: Expr| {
                Expr::new(line, ExprKind::Tuple(vec![Expr::literal(Atom::new(key)), value]))
            };
            let options =
                vec![pair("protocol", Expr::literal(protocol)), pair("value", Expr::variable(value))];
            let options = super::forms::cons(line, options, Expr::literal(Term::Empty));
            let exception = Expr::remote(
                line,
                Atom::module("Protocol.UndefinedError"),
                Atom::new("exception"),
                vec![options],
            );
            let raise = Expr::remote(line, atom::ERLANG, atom::ERROR, vec![exception]);
            let clauses = vec![
                Clause {
                    patterns: vec![Pattern::Literal(Term::Atom(atom::NIL))],
                    guards: Vec::new(),
                    body: raise,
                    line,
                },
                Clause {
                    patterns: vec![Pattern::Bind(found)],
                    guards: Vec::new(),
                    body: Expr::variable(found),
                    line,
                },
            ];
            let kind = ExprKind::Case { subject: Box::new(find(value)), clauses, failure: Failure::Case };
            Ok((vec![Pattern::Bind(value)], Vec::new(), Expr::new(line, kind)))
        })?;
        let pairs = list(
            functions
                .iter()
                .map(|(name, arity, _)| Term::tuple([Term::Atom(*name), Term::Int(i64::from(*arity))])),
        );
        for (key, value) in
            [("functions", pairs), ("module", Term::Atom(protocol)), ("consolidated?", Term::boolean(true))]
        {
            self.add_clause(span, Atom::new("__protocol__"), 1, DefKind::Public, |_| {
                Ok((vec![Pattern::Literal(Term::Atom(Atom::new(key)))], Vec::new(), Expr::literal(value)))
            })?;
        }
        Ok(())
    }

    /// `defimpl Protocol, for: Type do … end`
    pub(super) fn defimpl(&mut self, span: Span, protocol: &Ast, rest: &[Ast]) -> Result<Expr> {
        let mut options: Vec<(Atom, &Ast)> = Vec::new();
        for item in rest {
            match item.as_keywords() {
                Some(found) => options.extend(found),
                None => return self.error(span, "expected defimpl Protocol, for: Type do ... end"),
            }
        }
        let option = |name: &str| options.iter().find(|(key, _)| key.text() == name).map(|(_, value)| *value);
        let Some(protocol) = self.static_alias(protocol)? else {
            return self.error(span, "expected a protocol after defimpl");
        };
        if !self.compiler.code.modules.contains_key(&protocol) {
            self.require(span, protocol)?;
        }
        let targets = match option("for") {
            Some(target) => match &target.kind {
                Kind::List(items) => {
                    let mut found = Vec::new();
                    for item in items {
                        found.push(self.static_alias(item)?);
                    }
                    found
                }
                _ => vec![self.static_alias(target)?],
            },
            None => vec![self.env.module],
        };
        let Some(body) = option("do") else { return self.error(span, "missing do block in defimpl") };
        let mut last = Self::nil();
        for target in targets {
            let Some(target) = target else {
                return self.error(span, "defimpl/3 expects a :for option when declared outside a module");
            };
            last = self.implement(span, protocol, target, |expander| {
                expander.body(body)?;
                Ok(())
            })?;
        }
        Ok(last)
    }

    fn implement(
        &mut self,
        span: Span,
        protocol: Atom,
        target: Atom,
        fill: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Expr> {
        let suffix = target.alias().unwrap_or(target.text());
        let name = Atom::new(&format!("{protocol}.{suffix}"));
        let result = self.module(span, name, |expander| {
            if let Some(module) = expander.modules.last_mut() {
                module.attributes.insert(Atom::new("protocol"), Attribute::of(Term::Atom(protocol)));
                let mut behaviours = Attribute::accumulating();
                behaviours.put(Term::Atom(protocol));
                module.attributes.insert(Atom::new("behaviour"), behaviours);
                module.attributes.insert(Atom::new("for"), Attribute::of(Term::Atom(target)));
            }
            fill(expander)?;
            for (key, value) in [("protocol", protocol), ("for", target)] {
                expander.add_clause(span, Atom::new("__impl__"), 1, DefKind::Public, |_| {
                    Ok((vec![Pattern::Literal(Term::Atom(Atom::new(key)))], Vec::new(), Expr::literal(value)))
                })?;
            }
            Ok(())
        })?;
        let any = target == atom::ANY;
        let falls_back = self.compiler.code.modules.get(&protocol).is_some_and(|info| {
            info.attributes.get(&Atom::new("fallback_to_any")).is_some_and(Term::is_truthy)
        });
        if !any || falls_back {
            let code = Rc::make_mut(&mut self.compiler.code);
            code.implementations.insert((protocol, target), name);
        }
        Ok(result)
    }

    /// Implements a protocol for a struct by its `Any` implementation, or by what its `__deriving__` says.
    pub(super) fn derive_protocol(
        &mut self,
        span: Span,
        protocol: Atom,
        module: Atom,
        options: Term,
    ) -> Result<()> {
        if !self.compiler.code.modules.contains_key(&protocol) {
            self.require(span, protocol)?;
        }
        let any = Atom::new(&format!("{protocol}.Any"));
        let deriving = Atom::new("__deriving__");
        let known = self.compiler.code.modules.get(&any);
        if known.is_some_and(|info| info.macros.contains_key(&(deriving, 3))) {
            let fields = self.modules.last().and_then(|state| state.fields.clone()).unwrap_or_default();
            let mut map: crate::elixir::term::Map =
                fields.into_iter().map(|(name, default)| (Term::Atom(name), default)).collect();
            map.put(Term::Atom(atom::STRUCT), Term::Atom(module));
            let value = |term: Term| Ast::at(span, Kind::Value(term));
            let arguments =
                vec![Ast::atom(span, module), value(Term::Map(map)), super::terms::tree(&options, span, 0)];
            self.env.requires.insert(any);
            let call = Ast::remote(span, any, deriving, arguments.clone());
            if let Some(expanded) = self.expand_remote_macro(&call, any, deriving, &arguments)? {
                self.body(&expanded)?;
            }
            return Ok(());
        }
        if known.is_none() {
            let name = protocol.alias().unwrap_or(protocol.text());
            return self.error(
                span,
                format!("could not derive the protocol {name}: it has no implementation for Any"),
            );
        }
        let code = Rc::make_mut(&mut self.compiler.code);
        code.implementations.insert((protocol, module), any);
        Ok(())
    }
}
