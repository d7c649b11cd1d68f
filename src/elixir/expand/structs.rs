//! Structs and exceptions.

use super::error::Told;
use super::module::DefKind;
use super::patterns::Bound;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Clause, Expr, ExprKind, Failure, Pattern};
use crate::elixir::term::{Map, Term};

impl Expander<'_> {
    /// The fields of a struct and their defaults.
    fn fields(&mut self, span: Span, module: Atom, arity: u8) -> Result<Vec<(Atom, Term)>> {
        if let Some(own) = self.modules.iter().find(|state| state.name == module) {
            return match &own.fields {
                Some(fields) => Ok(fields.clone()),
                None => {
                    let name = module.alias().unwrap_or(module.text());
                    self.error(span, format!("cannot access struct {name}, the struct was not yet defined or the struct is being accessed in the same context that defines it"))
                }
            };
        }
        if self.compiler.library.has(module) {
            self.compiler.structs.insert(module);
            self.require(span, module)?;
        }
        let fields = self.compiler.code.modules.get(&module).and_then(|info| info.fields.clone());
        match fields {
            Some(fields) => Ok(fields),
            None => {
                let name = module.alias().unwrap_or(module.text());
                self.error(span, format!("{name}.__struct__/{arity} is undefined, cannot expand struct {name}. Make sure the struct name is correct. If the struct name exists and is correct but it still cannot be found, you likely have cyclic module usage in your code"))
            }
        }
    }

    /// `%Name{…}`
    pub(super) fn structure(&mut self, span: Span, name: &Ast, map: &Ast) -> Result<Expr> {
        let line = span.line;
        let Some(module) = self.static_alias(name)? else {
            return self.error(span, "expected struct name to be a compile time atom or alias");
        };
        let fields = self.fields(span, module, 1)?;
        let pairs = map.as_call(atom::MAP_BRACES).unwrap_or_default();
        if let [only] = pairs
            && let Some([updated, pairs]) = only.as_call(atom::PIPE)
        {
            // The value must be such a struct already.
            let value = self.expr(updated)?;
            let Kind::List(pairs) = &pairs.kind else {
                return self.error(span, "expected key-value pairs after | in a struct update");
            };
            self.check_keys(span, module, &fields, pairs, Told::Compiler)?;
            let pairs = self.pairs(pairs)?;
            let variable = self.fresh();
            let matching =
                Pattern::Map(vec![(Expr::literal(atom::STRUCT), Pattern::Literal(Term::Atom(module)))]);
            let update = ExprKind::MapUpdate(Box::new(Expr::variable(variable)), pairs);
            let other = self.fresh();
            let reason = [Term::Atom(Atom::new("badstruct")), Term::Atom(module)];
            let mut parts: Vec<Expr> = reason.into_iter().map(Expr::literal).collect();
            parts.push(Expr::variable(other));
            let raise =
                Expr::remote(line, atom::ERLANG, atom::ERROR, vec![Expr::new(line, ExprKind::Tuple(parts))]);
            let clauses = vec![
                Clause {
                    patterns: vec![Pattern::Both(Box::new(matching), Box::new(Pattern::Bind(variable)))],
                    guards: Vec::new(),
                    body: Expr::new(line, update),
                    line,
                },
                Clause { patterns: vec![Pattern::Bind(other)], guards: Vec::new(), body: raise, line },
            ];
            let kind = ExprKind::Case { subject: Box::new(value), clauses, failure: Failure::Case };
            return Ok(Expr::new(line, kind));
        }
        self.check_keys(span, module, &fields, pairs, Told::Exception("KeyError"))?;
        let given = self.pairs(pairs)?;
        let enforced = match self.modules.iter().find(|state| state.name == module) {
            Some(own) => own.enforced.clone(),
            None => {
                self.compiler.code.modules.get(&module).map(|info| info.enforced.clone()).unwrap_or_default()
            }
        };
        let missing: Vec<Atom> = enforced
            .into_iter()
            .filter(|key| {
                !given.iter().any(|(name, _)| name.as_literal().is_some_and(|term| term.is_atom(*key)))
            })
            .collect();
        if !missing.is_empty() && !self.env.guard {
            let names: Vec<String> = missing.iter().map(|key| format!(":{key}")).collect();
            let message = format!(
                "the following keys must also be given when building struct {}: [{}]",
                module.alias().unwrap_or(module.text()),
                names.join(", ")
            );
            return self.raised(span, "ArgumentError", message);
        }
        let mut all = vec![(Expr::literal(atom::STRUCT), Expr::literal(module))];
        let mut given = given;
        for (key, default) in &fields {
            let at =
                given.iter().position(|(name, _)| name.as_literal().is_some_and(|term| term.is_atom(*key)));
            if at.is_none() {
                all.push((Expr::literal(*key), Expr::new(line, ExprKind::Literal(default.clone()))));
            }
        }
        all.append(&mut given);
        Ok(super::data::map(line, all))
    }

    fn check_keys(
        &self,
        span: Span,
        module: Atom,
        fields: &[(Atom, Term)],
        pairs: &[Ast],
        told: Told,
    ) -> Result<()> {
        for pair in pairs {
            let Kind::Pair(pair) = &pair.kind else { continue };
            if let Some(key) = pair.0.as_atom()
                && !fields.iter().any(|(name, _)| *name == key)
                && key != atom::STRUCT
            {
                let name = module.alias().unwrap_or(module.text());
                let known = fields.iter().map(|(name, _)| name.text().to_owned());
                let message = match told {
                    Told::Compiler | Told::Report => format!("unknown key :{key} for struct {name}"),
                    Told::Exception(_) => format!("key :{key} not found"),
                };
                let error = super::CompileError::new(self.env.file, span, message).told(told);
                return Err(match super::nested::nearest(key.text(), 0, known) {
                    Some(near) => error.hint(format!("did you mean :{near}?")),
                    None => error,
                });
            }
        }
        Ok(())
    }

    pub(super) fn struct_pattern(
        &mut self,
        span: Span,
        name: &Ast,
        map: &Ast,
        bound: &mut Bound,
    ) -> Result<Pattern> {
        let pairs = map.as_call(atom::MAP_BRACES).unwrap_or_default();
        let mut all = Vec::new();
        match self.static_alias(name)? {
            Some(module) => {
                let fields = self.fields(span, module, 0)?;
                self.check_keys(span, module, &fields, pairs, Told::Compiler)?;
                all.push((Expr::literal(atom::STRUCT), Pattern::Literal(Term::Atom(module))));
            }
            None => all.push((Expr::literal(atom::STRUCT), self.pattern_in(name, bound)?)),
        }
        all.extend(self.pairs_pattern(pairs, bound)?);
        Ok(Pattern::Map(all))
    }

    /// `defstruct [:a, b: 1]`
    pub(super) fn defstruct(&mut self, span: Span, fields: &Ast) -> Result<Expr> {
        let value = self.evaluate(fields)?;
        let Some(items) = value.as_list() else {
            return self.error(span, "struct fields definition must be list, got something else");
        };
        let mut found: Vec<(Atom, Term)> = Vec::new();
        for item in &items {
            let (name, default) = match item.as_tuple() {
                Some([Term::Atom(name), default]) => (*name, default.clone()),
                _ => match item {
                    Term::Atom(name) => (*name, Term::Atom(atom::NIL)),
                    _ => return self.error(span, "struct field names must be atoms"),
                },
            };
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, default));
            }
        }
        self.define_struct(span, found)?;
        self.derive(span)?;
        Ok(Self::nil())
    }

    pub(super) fn define_struct(&mut self, span: Span, fields: Vec<(Atom, Term)>) -> Result<()> {
        let Some(module) = self.env.module else {
            return self.error(span, "cannot define a struct outside a module");
        };
        let mut map: Map =
            fields.iter().map(|(name, default)| (Term::Atom(*name), default.clone())).collect();
        map.put(Term::Atom(atom::STRUCT), Term::Atom(module));
        let value = Term::Map(map);
        if let Some(state) = self.modules.last_mut() {
            if state.fields.is_some() {
                let name = module.alias().unwrap_or(module.text());
                let message = format!(
                    "defstruct has already been called for {name}, defstruct can only be called once per module"
                );
                return self.raised(span, "ArgumentError", message);
            }
            state.fields = Some(fields);
        }
        let struct_name = atom::STRUCT;
        let plain = value.clone();
        self.add_clause(span, struct_name, 0, DefKind::Public, |_| {
            Ok((Vec::new(), Vec::new(), Expr::literal(plain)))
        })?;
        let enforced: Vec<Term> = self
            .modules
            .last()
            .map(|state| state.enforced.iter().map(|key| Term::Atom(*key)).collect())
            .unwrap_or_default();
        self.add_clause(span, struct_name, 1, DefKind::Public, |expander| {
            let given = expander.fresh();
            let arguments = vec![
                Expr::literal(value),
                Expr::variable(given),
                Expr::literal(crate::elixir::term::list(enforced)),
            ];
            let body =
                Expr::remote(span.line, Atom::new("rashomon_kernel"), Atom::new("build_struct"), arguments);
            Ok((vec![Pattern::Bind(given)], Vec::new(), body))
        })
    }

    /// `@derive`: implements the protocols that can be derived.
    fn derive(&mut self, span: Span) -> Result<()> {
        let wanted = self.modules.last().and_then(|module| module.attribute(Atom::new("derive")));
        let Some(module) = self.env.module else { return Ok(()) };
        let mut pending = wanted.and_then(|wanted| wanted.as_list()).unwrap_or_default();
        while let Some(item) = pending.pop() {
            if let Some(items) = item.as_list().filter(|items| !items.is_empty()) {
                pending.extend(items);
                continue;
            }
            let (protocol, options) = match item.as_tuple() {
                Some([Term::Atom(protocol), options]) => (*protocol, options.clone()),
                _ => match item {
                    Term::Atom(protocol) => (protocol, Term::Empty),
                    _ => continue,
                },
            };
            self.derive_protocol(span, protocol, module, options)?;
        }
        Ok(())
    }

    /// `defexception [:message]`
    pub(super) fn defexception(&mut self, span: Span, fields: &Ast) -> Result<Expr> {
        let value = self.evaluate(fields)?;
        let Some(items) = value.as_list() else {
            return self.error(span, "exception fields definition must be list");
        };
        let mut found = vec![(atom::EXCEPTION, Term::boolean(true))];
        for item in &items {
            match item.as_tuple() {
                Some([Term::Atom(name), default]) => found.push((*name, default.clone())),
                _ => {
                    if let Term::Atom(name) = item {
                        found.push((*name, Term::Atom(atom::NIL)));
                    }
                }
            }
        }
        let message = Atom::new("message");
        let has_message = found.iter().any(|(name, _)| *name == message);
        self.define_struct(span, found)?;
        self.derive(span)?;
        let Some(module) = self.env.module else { return Ok(Self::nil()) };
        let line = span.line;
        let exception = Atom::new("exception");
        if has_message {
            self.add_clause(span, message, 1, DefKind::Public, |expander| {
                let value = expander.fresh();
                let body = Expr::new(line, ExprKind::Field(Box::new(Expr::variable(value)), message));
                Ok((vec![Pattern::Bind(value)], Vec::new(), body))
            })?;
            self.add_clause(span, exception, 1, DefKind::Public, |expander| {
                let text = expander.fresh();
                let guard =
                    Expr::remote(line, atom::ERLANG, Atom::new("is_binary"), vec![Expr::variable(text)]);
                let pair =
                    Expr::new(line, ExprKind::Tuple(vec![Expr::literal(message), Expr::variable(text)]));
                let list = super::forms::cons(line, vec![pair], Expr::literal(Term::Empty));
                let body = Expr::remote(line, module, exception, vec![list]);
                Ok((vec![Pattern::Bind(text)], vec![guard], body))
            })?;
        }
        self.add_clause(span, exception, 1, DefKind::Public, |expander| {
            let fields = expander.fresh();
            let plain = Expr::remote(line, module, atom::STRUCT, Vec::new());
            let body =
                Expr::remote(line, atom::KERNEL, Atom::new("struct!"), vec![plain, Expr::variable(fields)]);
            Ok((vec![Pattern::Bind(fields)], Vec::new(), body))
        })?;
        let mut overridable = vec![(exception, 1)];
        if has_message {
            overridable.push((message, 1));
        }
        for (name, arity) in overridable {
            if let Some(definition) = self.modules.last_mut().and_then(|state| state.find_mut(name, arity)) {
                definition.overridable = true;
            }
        }
        if let Some(state) = self.modules.last_mut() {
            let key = Atom::new("behaviour");
            state.attributes.entry(key).or_insert_with(crate::elixir::vm::Attribute::accumulating);
            state.set_attribute(key, Term::Atom(Atom::module("Exception")));
        }
        Ok(Self::nil())
    }
}
