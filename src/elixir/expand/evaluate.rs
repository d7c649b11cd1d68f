//! Running code while the program is compiled: macros, attributes, module bodies.

use super::{Expander, Key, Result};
use crate::elixir::ast::{Ast, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Clause, Expr, ExprKind, Function, Pattern};
use crate::elixir::term::{Term, Tuple};
use crate::elixir::vm::{CompileTime, run_alone};

impl Expander<'_> {
    /// Calls a function that is in the code already.
    pub(super) fn run(&mut self, span: Span, module: Atom, name: Atom, arguments: Vec<Term>) -> Result<Term> {
        let state = CompileTime {
            attributes: self
                .modules
                .last_mut()
                .map(|module| std::mem::take(&mut module.attributes))
                .unwrap_or_default(),
            defined: self.modules.last().map(|module| module.names().collect()).unwrap_or_default(),
            ..CompileTime::default()
        };
        let compiler = &mut *self.compiler;
        let code = std::mem::take(&mut compiler.code);
        let finished =
            run_alone(code, compiler.natives, compiler.library.tools(), state, (module, name), arguments);
        compiler.code = finished.code;
        compiler.written.extend(finished.written);
        if let Some(module) = self.modules.last_mut() {
            module.attributes = finished.state.attributes;
            module.pending.extend(finished.state.definitions);
        }
        match finished.result {
            Ok(value) => Ok(value),
            Err(report) if report.starts_with("** (") => {
                Err(super::CompileError::new(self.env.file, span, report).told(super::error::Told::Report))
            }
            Err(report) => self.error(span, report),
        }
    }

    /// The value of an expression that stands in a module's body. What it binds is kept.
    pub(super) fn evaluate(&mut self, ast: &Ast) -> Result<Term> {
        let span = ast.meta.span;
        let frames = std::mem::replace(&mut self.frames, vec![super::scope::Frame::default()]);
        let inside = std::mem::replace(&mut self.in_expression, true);
        let expanded = self.expr(ast);
        self.in_expression = inside;
        let frame = std::mem::replace(&mut self.frames, frames).pop().unwrap_or_default();
        let expanded = expanded?;
        let names: Vec<(Key, crate::elixir::core::Variable)> =
            frame.scope.iter().map(|(key, variable)| (*key, *variable)).collect();
        if names.is_empty()
            && let Some(term) = super::patterns::constant(&expanded)
        {
            return Ok(term);
        }
        let value = crate::elixir::core::Variable(frame.next);
        let keep = ExprKind::Match(Box::new(Pattern::Bind(value)), Box::new(expanded));
        let mut items = vec![Expr::variable(value)];
        items.extend(names.iter().map(|(_, variable)| Expr::variable(*variable)));
        let body = Expr::new(
            span.line,
            ExprKind::Sequence(vec![
                Expr::new(span.line, keep),
                Expr::new(span.line, ExprKind::Tuple(items)),
            ]),
        );
        let module = Atom::new(&format!("expression {}", self.compiler.code.functions.len()));
        let name = Atom::new("__MODULE__");
        let function = Function {
            name,
            arity: 0,
            captured: Vec::new(),
            clauses: vec![Clause { patterns: Vec::new(), guards: Vec::new(), body, line: span.line }],
            variables: frame.next + 1,
            line: span.line,
        };
        let file = self.env.file;
        self.compiler.install(file, module, &[function], span)?;
        let result = self.run(span, module, name, Vec::new())?;
        let mut values = match result {
            Term::Tuple(tuple) => Tuple::items(&tuple).to_vec().into_iter(),
            _ => return Ok(atom::NIL.into()),
        };
        let value = values.next().unwrap_or_default();
        for ((key, _), value) in names.into_iter().zip(values) {
            self.bindings.insert(key, value);
        }
        Ok(value)
    }

    /// A tree whose `unquote`s stand in a module's body, with their values in place.
    pub(super) fn filled(&mut self, ast: &Ast) -> Result<Ast> {
        if !mentions_unquote(ast) {
            return Ok(ast.clone());
        }
        let frames = std::mem::replace(&mut self.frames, vec![super::scope::Frame::default()]);
        let built = self.quoted_definition(ast);
        let frame = std::mem::replace(&mut self.frames, frames).pop().unwrap_or_default();
        let body = built?;
        let span = ast.meta.span;
        let module = Atom::new(&format!("expression {}", self.compiler.code.functions.len()));
        let name = Atom::new("__MODULE__");
        let function = Function {
            name,
            arity: 0,
            captured: Vec::new(),
            clauses: vec![Clause { patterns: Vec::new(), guards: Vec::new(), body, line: span.line }],
            variables: frame.next,
            line: span.line,
        };
        let file = self.env.file;
        self.compiler.install(file, module, &[function], span)?;
        let term = self.run(span, module, name, Vec::new())?;
        Ok(super::terms::tree(&term, span, 0))
    }

    /// Expands a call of a macro that the module at hand defines or imports. Nothing if it is no macro.
    pub(super) fn expand_macro(&mut self, ast: &Ast, name: Atom, arguments: &[Ast]) -> Result<Option<Ast>> {
        let arity = arguments.len() as u8;
        if let Some(module) = self.modules.last()
            && module.defines_macro(name, arity)
        {
            let module = self.so_far(ast.meta.span)?;
            return self.apply_macro(ast, module, name, arguments).map(Some);
        }
        match self.env.imports.get(&(name, arity)).copied() {
            Some(module) => self.expand_remote_macro(ast, module, name, arguments),
            None => Ok(None),
        }
    }

    /// Expands a call of another module's macro. Nothing if it is no macro.
    pub(super) fn expand_remote_macro(
        &mut self,
        ast: &Ast,
        module: Atom,
        name: Atom,
        arguments: &[Ast],
    ) -> Result<Option<Ast>> {
        if !self.is_remote_macro(module, name, arguments.len() as u8) {
            return Ok(None);
        }
        self.apply_macro(ast, module, name, arguments).map(Some)
    }

    /// Whether a name stands for another module's macro here. Of a module that is not required it is a function, which is
    /// not there.
    pub(super) fn is_remote_macro(&self, module: Atom, name: Atom, arity: u8) -> bool {
        let info = self.compiler.code.modules.get(&module);
        info.is_some_and(|info| info.macros.contains_key(&(name, arity)))
            && (self.env.requires.contains(&module) || Some(module) == self.env.module)
    }

    fn apply_macro(&mut self, ast: &Ast, module: Atom, name: Atom, arguments: &[Ast]) -> Result<Ast> {
        let span = ast.meta.span;
        let mut terms = vec![self.environment(span)];
        terms.extend(arguments.iter().map(super::terms::quoted));
        let function = Atom::new(&format!("MACRO-{name}"));
        let result = self.run(span, module, function, terms)?;
        self.compiler.counter += 1;
        let counter = self.compiler.counter;
        Ok(super::terms::tree(&result, span, counter))
    }

    /// What `__ENV__` and `__CALLER__` are.
    pub(super) fn environment(&self, span: Span) -> Term {
        let function = match self.env.function {
            Some((name, arity)) => Term::tuple([Term::Atom(name), Term::Int(i64::from(arity))]),
            None => Term::Atom(atom::NIL),
        };
        let aliases =
            self.env.aliases.iter().map(|(name, module)| {
                Term::tuple([Term::Atom(Atom::module(name.text())), Term::Atom(*module)])
            });
        let entries = [
            (atom::STRUCT, Term::Atom(Atom::module("Macro.Env"))),
            (Atom::new("module"), Term::Atom(self.env.module.unwrap_or(atom::NIL))),
            (Atom::new("function"), function),
            (atom::FILE, Term::text(self.env.file.text())),
            (atom::LINE, Term::Int(i64::from(span.line))),
            (Atom::new("aliases"), crate::elixir::term::list(aliases)),
            (Atom::new("context"), Term::Atom(atom::NIL)),
            (
                Atom::new("requires"),
                crate::elixir::term::list(self.env.requires.iter().map(|module| Term::Atom(*module))),
            ),
        ];
        Term::Map(entries.into_iter().map(|(key, value)| (Term::Atom(key), value)).collect())
    }
}

fn mentions_unquote(ast: &Ast) -> bool {
    use crate::elixir::ast::{Head, Kind};
    match &ast.kind {
        Kind::List(items) => items.iter().any(mentions_unquote),
        Kind::Pair(pair) => mentions_unquote(&pair.0) || mentions_unquote(&pair.1),
        Kind::Call(head, arguments) => {
            let in_head = match head {
                Head::Name(atom::QUOTE) => return false,
                Head::Name(name) => matches!(*name, atom::UNQUOTE | atom::UNQUOTE_SPLICING),
                Head::Expression(head) => {
                    mentions_unquote(head)
                        || head.as_call(atom::DOT).is_some_and(|parts| {
                            parts.iter().any(|part| part.as_atom() == Some(atom::UNQUOTE))
                        })
                }
            };
            in_head || arguments.iter().any(mentions_unquote)
        }
        _ => false,
    }
}
