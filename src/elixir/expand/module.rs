//! `defmodule`: what a module's body defines.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::scope::Frame;
use super::{CompileError, Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Clause, Expr, ExprKind, Function, Pattern};
use crate::elixir::term::{Term, list};
use crate::elixir::vm::Attribute;

/// What kind of definition it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefKind {
    Public,
    Private,
    Macro,
    PrivateMacro,
}

/// A function or macro, with all its clauses so far.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) name: Atom,
    pub(crate) arity: u8,
    pub(crate) kind: DefKind,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) variables: u32,
    pub(crate) span: Span,
    /// Whether another definition of the same name takes its place.
    pub(crate) overridable: bool,
    /// How many of its arguments have defaults.
    pub(crate) defaults: u8,
}

/// A module that is being defined.
#[derive(Clone, Debug)]
pub(crate) struct ModuleState {
    pub(crate) name: Atom,
    pub(crate) definitions: Vec<Definition>,
    /// Functions and macros of the body that have been seen so far, or that stand further down.
    announced: BTreeSet<(Atom, u8)>,
    pub(crate) attributes: BTreeMap<Atom, Attribute>,
    /// Calls of functions that were not there yet.
    pub(crate) calls: Vec<(Atom, u8, Span)>,
    /// Definitions that a loop in the body has made.
    pub(crate) pending: Vec<Term>,
    pub(crate) fields: Option<Vec<(Atom, Term)>>,
    pub(crate) enforced: Vec<Atom>,
    /// What `@callback` announces, and where.
    pub(crate) callbacks: Vec<((Atom, u8), Span)>,
    /// Which of the callbacks need not be there.
    pub(crate) optional: Vec<(Atom, u8)>,
    /// What is to be said about the next definition, and where it stands.
    pub(crate) doc: Option<(u32, Term)>,
    /// What is documented: `{kind, name, arity, file, line, text}`.
    pub(crate) docs: Vec<Term>,
    /// The functions so far, compiled so that macros can run.
    compiled: Option<(usize, Atom)>,
}

impl ModuleState {
    fn new(name: Atom) -> ModuleState {
        ModuleState {
            name,
            definitions: Vec::new(),
            announced: BTreeSet::new(),
            attributes: BTreeMap::new(),
            calls: Vec::new(),
            pending: Vec::new(),
            fields: None,
            enforced: Vec::new(),
            callbacks: Vec::new(),
            optional: Vec::new(),
            doc: None,
            docs: Vec::new(),
            compiled: None,
        }
    }

    /// Whether there is a function or macro of this name, or one stands further down.
    pub(crate) fn defines(&self, name: Atom, arity: u8) -> bool {
        self.announced.contains(&(name, arity)) || self.find(name, arity).is_some()
    }

    pub(crate) fn defines_macro(&self, name: Atom, arity: u8) -> bool {
        self.find(name, arity)
            .is_some_and(|found| matches!(found.kind, DefKind::Macro | DefKind::PrivateMacro))
    }

    pub(crate) fn find(&self, name: Atom, arity: u8) -> Option<&Definition> {
        self.definitions.iter().find(|found| found.name == name && found.arity == arity)
    }

    pub(crate) fn find_mut(&mut self, name: Atom, arity: u8) -> Option<&mut Definition> {
        self.definitions.iter_mut().find(|found| found.name == name && found.arity == arity)
    }

    /// The names of all functions and macros so far.
    pub(crate) fn names(&self) -> impl Iterator<Item = (Atom, u8)> {
        self.definitions.iter().map(|found| (found.name, found.arity))
    }

    /// The functions that may be defined anew.
    pub(crate) fn overridable(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .definitions
            .iter()
            .filter(|definition| definition.overridable)
            .map(|definition| format!("{}/{}", definition.name, definition.arity))
            .collect();
        names.sort();
        names
    }

    pub(crate) fn attribute(&self, name: Atom) -> Option<Term> {
        self.attributes.get(&name).map(Attribute::value)
    }

    pub(crate) fn set_attribute(&mut self, name: Atom, value: Term) {
        self.attributes.entry(name).or_default().put(value);
    }

    pub(crate) fn changed(&mut self) {
        self.compiled = None;
    }
}

impl Expander<'_> {
    /// Whether the body of a module is being expanded, and not a function or an expression in it.
    pub(super) fn is_body(&self) -> bool {
        !self.modules.is_empty() && self.env.function.is_none() && !self.in_expression
    }

    pub(super) fn defmodule(&mut self, span: Span, alias: &Ast, blocks: &Ast) -> Result<Expr> {
        let found = self.blocks(blocks, &["do"], "defmodule")?;
        let Some(body) = Self::block(&found, atom::DO) else {
            return self.error(span, "missing do block in defmodule");
        };
        let name = self.module_name(alias)?;
        self.module(span, name, |expander| {
            expander.body(body)?;
            Ok(())
        })
    }

    /// The full name of a module that is defined here. A nested one gets an alias.
    fn module_name(&mut self, alias: &Ast) -> Result<Atom> {
        if let Kind::Variable(name, context) = &alias.kind
            && self.env.module.is_none()
            && self
                .lookup(super::Key { name: *name, context: *context, counter: alias.meta.counter })
                .is_none()
        {
            let tree = super::terms::quoted(alias);
            let shown = crate::elixir::vm::show(&tree);
            return self.error(alias.meta.span, format!("invalid module name: {shown}"));
        }
        let Some(parts) = alias.as_call(atom::ALIASES) else {
            return match self.static_alias(alias)? {
                Some(name) => Ok(name),
                None => {
                    let value = self.evaluate(alias)?;
                    match value {
                        Term::Atom(name) => Ok(name),
                        _ => self.error(alias.meta.span, "invalid module name: expected an alias or an atom"),
                    }
                }
            };
        };
        let Some(outer) = self.env.module else {
            return match self.static_alias(alias)? {
                Some(name) => Ok(name),
                None => self.error(alias.meta.span, "invalid module name"),
            };
        };
        let mut text = String::new();
        for part in parts {
            match part.as_atom() {
                Some(part) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(part.text());
                }
                None => match self.static_alias(part)? {
                    Some(module) => text.push_str(module.alias().unwrap_or(module.text())),
                    None => return self.error(alias.meta.span, "invalid module name"),
                },
            }
        }
        if let Some(absolute) = text.strip_prefix("Elixir.") {
            return Ok(Atom::module(absolute));
        }
        let name = Atom::new(&format!("{outer}.{text}"));
        if let Some(first) = parts.first().and_then(Ast::as_atom) {
            self.env.aliases.insert(first, Atom::new(&format!("{outer}.{first}")));
        }
        Ok(name)
    }

    /// Defines a module whose body is expanded by `fill`.
    pub(super) fn module(
        &mut self,
        span: Span,
        name: Atom,
        fill: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Expr> {
        let written_before = self.compiler.written.len();
        if self.compiler.library.holds(self.env.file) {
            // The program has put a module of its own in the place of this one.
            if self.compiler.code.defined.contains(&name) {
                return Ok(Expr::literal(atom::NIL));
            }
        } else if let Some(file) = self.compiler.library.file(name) {
            let alias = name.alias().unwrap_or(name.text());
            self.warn(span, format!("redefining module {alias} (current version loaded from lib/{file})"));
        }
        let mut env = self.env.clone();
        env.module = Some(name);
        env.function = None;
        env.guard = false;
        env.trace = None;
        let outer_env = std::mem::replace(&mut self.env, env);
        let frames = std::mem::replace(&mut self.frames, vec![Frame::default()]);
        let inside = std::mem::replace(&mut self.in_expression, false);
        let bindings = self.bindings.clone();
        self.modules.push(ModuleState::new(name));
        let result = fill(self).and_then(|()| self.before_compile(span)).and_then(|()| self.finish(span));
        self.modules.pop();
        self.bindings = bindings;
        self.in_expression = inside;
        self.frames = frames;
        self.env = outer_env;
        let nested = self.is_body();
        if let Err(mut error) = result {
            // Elixir defines a module when it gets there: what stands before it has happened then.
            error.late = !nested;
            return Err(error);
        }
        let value = Term::Tuple(
            [
                Term::Atom(Atom::new("module")),
                Term::Atom(name),
                Term::text(""),
                Term::tuple([Term::Atom(Atom::new("defined")), Term::Int(0)]),
            ]
            .into_iter()
            .collect(),
        );
        if nested {
            return Ok(Expr::literal(value));
        }
        let mut items = self.written_since(written_before, span.line);
        if items.is_empty() {
            return Ok(Expr::literal(value));
        }
        items.push(Expr::literal(value));
        Ok(Expr::new(span.line, ExprKind::Sequence(items)))
    }

    /// Writes what module bodies have written meanwhile, when the program gets here.
    pub(super) fn written_since(&mut self, before: usize, line: u32) -> Vec<Expr> {
        let before = before.min(self.compiler.written.len());
        let written: Vec<_> = self.compiler.written.drain(before..).collect();
        let write = |(device, text): (crate::kernel::Device, crate::elixir::vm::Text)| {
            let device = match device {
                crate::kernel::Device::Stdout => atom::STDOUT,
                crate::kernel::Device::Stderr => atom::STDERR,
            };
            write_text(line, device, Term::Binary(text.0))
        };
        written.into_iter().map(write).collect()
    }

    /// The expressions of a file, one after another. An error in a module ends the program when it gets there.
    pub(super) fn top(&mut self, tree: &Ast) -> Result<(Expr, Option<CompileError>)> {
        let mut expressions = Vec::new();
        let mut fault = None;
        for item in tree.as_block() {
            match self.expr(item) {
                Ok(expression) => expressions.push(expression),
                Err(error) if error.late => {
                    let line = error.span.line;
                    expressions.extend(self.written_since(0, line));
                    expressions.push(write_text(line, atom::STDERR, Term::text(format!("{error}\n"))));
                    let status = vec![Expr::literal(Term::Int(1))];
                    expressions.push(Expr::remote(line, atom::ERLANG, Atom::new("halt"), status));
                    fault = Some(error);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok((Expr::new(0, ExprKind::Sequence(expressions)), fault))
    }

    /// Expands the body of a module.
    pub(super) fn body(&mut self, body: &Ast) -> Result<()> {
        let items = body.as_block();
        for item in items {
            self.announce(item);
        }
        for item in items {
            self.body_form(item)?;
            self.take_pending(item.meta.span)?;
        }
        Ok(())
    }

    /// Notes the functions that stand further down, so that calls of them need not be guessed.
    fn announce(&mut self, item: &Ast) {
        let Some((name, [head, ..])) = item.as_named() else { return };
        if !matches!(name.text(), "def" | "defp" | "defmacro" | "defmacrop" | "defdelegate") {
            return;
        }
        let head = match head.as_call(atom::WHEN) {
            Some([head, _]) => head,
            _ => head,
        };
        let (name, arguments) = match &head.kind {
            Kind::Variable(name, _) => (*name, &[][..]),
            _ => match head.as_named() {
                Some((name, arguments)) if name != atom::UNQUOTE => (name, arguments),
                _ => return,
            },
        };
        let defaults =
            arguments.iter().filter(|argument| argument.as_call(atom::DOUBLE_BACKSLASH).is_some()).count();
        if let Some(module) = self.modules.last_mut() {
            for arity in arguments.len() - defaults..=arguments.len() {
                module.announced.insert((name, arity as u8));
            }
        }
    }

    fn body_form(&mut self, item: &Ast) -> Result<()> {
        if let Some((name, arguments)) = item.as_named() {
            match (name.text(), arguments) {
                ("__block__", _) => return self.body(item),
                (
                    "def" | "defp" | "defmacro" | "defmacrop" | "defguard" | "defguardp" | "defdelegate"
                    | "defstruct" | "defexception" | "defoverridable" | "defprotocol" | "defimpl"
                    | "defmodule" | "use" | "import" | "alias" | "require",
                    _,
                ) => {
                    let filled = if matches!(name.text(), "defmodule" | "defprotocol" | "defimpl") {
                        item.clone()
                    } else {
                        self.filled(item)?
                    };
                    let (name, arguments) = filled.as_named().unwrap_or((name, arguments));
                    if matches!(name.text(), "import" | "alias" | "require") {
                        self.expr(&filled)?;
                    } else if self.kernel_macro(&filled, name, arguments)?.is_none() {
                        return self.error(item.meta.span, format!("invalid use of {name}"));
                    }
                    return Ok(());
                }
                ("@", [attribute]) => {
                    let filled = self.filled(attribute)?;
                    self.attribute(item.meta.span, &filled)?;
                    return Ok(());
                }
                _ => {
                    if let Some(expanded) = self.expand_macro(item, name, arguments)? {
                        return self.body(&expanded);
                    }
                }
            }
        }
        if let Kind::Call(crate::elixir::ast::Head::Expression(head), arguments) = &item.kind
            && let Some([target, name]) = head.as_call(atom::DOT)
            && let (Some(module), Some(name)) = (self.static_alias(target)?, name.as_atom())
            && let Some(expanded) = self.expand_remote_macro(item, module, name, arguments)?
        {
            return self.body(&expanded);
        }
        if matches!(item.kind, Kind::Text(_) | Kind::Atom(_) | Kind::Integer(_)) {
            return Ok(());
        }
        self.evaluate(item)?;
        Ok(())
    }

    /// Expands the definitions that an expression has made.
    fn take_pending(&mut self, span: Span) -> Result<()> {
        let pending = match self.modules.last_mut() {
            Some(module) => std::mem::take(&mut module.pending),
            None => Vec::new(),
        };
        for term in pending {
            let tree = super::terms::tree(&term, span, 0);
            self.announce(&tree);
            self.body_form(&tree)?;
        }
        Ok(())
    }

    /// `@name value` and `@name`.
    pub(super) fn attribute(&mut self, span: Span, attribute: &Ast) -> Result<Expr> {
        if self.modules.is_empty() {
            return self.error(span, "cannot invoke @/1 outside module");
        }
        let (name, arguments) = match &attribute.kind {
            Kind::Variable(name, _) => (*name, &[][..]),
            _ => match attribute.as_named() {
                Some((name, arguments)) => (name, arguments),
                None => return self.error(span, "expected a name after @"),
            },
        };
        match arguments {
            [] => {
                let value = self.modules.last().and_then(|module| module.attribute(name));
                if value.is_none()
                    && name.text() != "doc"
                    && !self.modules.last().is_some_and(|module| module.attributes.contains_key(&name))
                {
                    self.warn(span, format!("undefined module attribute @{name}, please remove access to @{name} or explicitly set it before access"));
                }
                Ok(Expr::new(span.line, ExprKind::Literal(value.unwrap_or(Term::Atom(atom::NIL)))))
            }
            [value] => {
                if let ("callback" | "macrocallback", Some(module)) = (name.text(), self.modules.last_mut()) {
                    let head = match value.as_call(atom::WHEN) {
                        Some([head, _]) => head,
                        _ => value,
                    };
                    if let Some([head, _]) = head.as_call(atom::DOUBLE_COLON) {
                        let key = match (&head.kind, head.as_named()) {
                            (Kind::Variable(name, _), _) => Some((*name, 0)),
                            (_, Some((name, arguments))) => Some((name, arguments.len() as u8)),
                            _ => None,
                        };
                        if let Some(key) =
                            key.filter(|key| !module.callbacks.iter().any(|(known, _)| known == key))
                        {
                            module.callbacks.push((key, span));
                        }
                    }
                }
                if let ("optional_callbacks", Some(pairs), Some(module)) =
                    (name.text(), value.as_keywords(), self.modules.last_mut())
                {
                    for (name, arity) in pairs {
                        if let Kind::Integer(arity) = arity.kind {
                            module.optional.push((name, u8::try_from(arity).unwrap_or_default()));
                        }
                    }
                }
                match name.text() {
                    // Types are not looked at, and documentation is not kept but for doctests.
                    "spec" | "type" | "typep" | "opaque" | "callback" | "macrocallback" | "typedoc"
                    | "optional_callbacks" | "dialyzer" | "impl" | "since" | "deprecated" | "compile"
                    | "external_resource" | "on_definition" | "vsn" => return Ok(Expr::literal(atom::OK)),
                    _ => {}
                }
                if self.in_expression {
                    let value = self.expr(value)?;
                    let module = Expr::literal(self.env.module.unwrap_or(atom::NIL));
                    let arguments = vec![module, Expr::literal(name), value];
                    return Ok(Expr::remote(span.line, atom::RASHOMON, Atom::new("module_put"), arguments));
                }
                if self.env.function.is_some() {
                    return self.error(span, format!("cannot set attribute @{name} inside function/macro"));
                }
                let value = self.evaluate(value)?;
                let value = match name.text() {
                    "behaviour" | "derive" | "before_compile" | "after_compile" => {
                        let module = self.modules.last_mut();
                        if let Some(module) = module {
                            module.attributes.entry(name).or_insert_with(Attribute::accumulating);
                        }
                        value
                    }
                    "enforce_keys" => {
                        if let (Some(module), Some(keys)) = (self.modules.last_mut(), value.as_list()) {
                            module.enforced = keys.iter().filter_map(Term::as_atom).collect();
                        }
                        value
                    }
                    "doc" | "moduledoc" => {
                        let value = match value.as_tuple() {
                            Some([Term::Int(_), text]) => text.clone(),
                            _ => value,
                        };
                        self.documentation(name, span, &value);
                        value
                    }
                    _ => value,
                };
                if let Some(module) = self.modules.last_mut() {
                    module.set_attribute(name, value);
                }
                Ok(Expr::literal(atom::OK))
            }
            _ => self.error(span, format!("expected 0 or 1 argument for @{name}, got: {}", arguments.len())),
        }
    }

    /// Keeps what is said about the module, or about what is defined next.
    fn documentation(&mut self, attribute: Atom, span: Span, value: &Term) {
        let text = matches!(value, Term::Binary(_)).then(|| (span.line, value.clone()));
        let Some(module) = self.modules.last_mut() else { return };
        // Options beside a text, such as `since: "1.0"`, leave it as it is.
        if matches!(value, Term::List(_)) {
            return;
        }
        module.doc = text;
        if attribute.text() == "moduledoc" {
            let name = module.name;
            self.document("moduledoc", name, 0);
        }
    }

    /// The text that waits for a definition has found it.
    pub(super) fn document(&mut self, kind: &str, name: Atom, arity: u8) {
        let file = Term::text(self.env.file.text());
        let Some(module) = self.modules.last_mut() else { return };
        let Some((line, text)) = module.doc.take() else { return };
        let entry = [
            Term::Atom(Atom::new(kind)),
            Term::Atom(name),
            Term::Int(i64::from(arity)),
            file,
            Term::Int(i64::from(line)),
            text,
        ];
        module.docs.push(Term::tuple(entry));
    }

    /// Calls what `@before_compile` names.
    fn before_compile(&mut self, span: Span) -> Result<()> {
        let hooks = self.modules.last().and_then(|module| module.attribute(Atom::new("before_compile")));
        let mut hooks = hooks.and_then(|hooks| hooks.as_list()).unwrap_or_default();
        hooks.reverse();
        for hook in hooks {
            let (module, name) = match hook.as_tuple() {
                Some([Term::Atom(module), Term::Atom(name)]) => (*module, *name),
                _ => match hook.as_atom() {
                    Some(module) => (module, Atom::new("__before_compile__")),
                    None => continue,
                },
            };
            self.require(span, module)?;
            self.env.requires.insert(module);
            let env = Ast::at(span, Kind::Value(self.environment(span)));
            let call = Ast::remote(span, module, name, vec![env.clone()]);
            if let Some(expanded) =
                self.expand_remote_macro(&call, module, name, std::slice::from_ref(&env))?
            {
                self.body(&expanded)?;
            } else {
                let value = self.environment(span);
                self.run(span, module, name, vec![value])?;
                self.take_pending(span)?;
            }
        }
        Ok(())
    }

    /// Compiles what the module has so far, so that its macros can run. Returns the module under which that is.
    pub(super) fn so_far(&mut self, span: Span) -> Result<Atom> {
        let Some(module) = self.modules.last() else { return Ok(atom::NIL) };
        let count = module.definitions.iter().map(|definition| definition.clauses.len()).sum();
        if let Some((known, name)) = module.compiled
            && known == count
        {
            return Ok(name);
        }
        let name = Atom::new(&format!("{} with {} clauses", module.name, count));
        // A function that calls what is not there yet cannot run yet.
        let mut definitions = module.definitions.clone();
        loop {
            let names: BTreeSet<(Atom, u8)> = definitions
                .iter()
                .map(|definition| (definition.function_name(), definition.function_arity()))
                .collect();
            let before = definitions.len();
            definitions.retain(|definition| {
                definition.clauses.iter().all(|clause| calls_only(&clause.body, &names))
            });
            if definitions.len() == before {
                break;
            }
        }
        let functions: Vec<Function> = definitions.iter().map(Definition::function).collect();
        let file = self.env.file;
        self.compiler.install(file, name, &functions, span)?;
        if let Some(module) = self.modules.last_mut() {
            module.compiled = Some((count, name));
        }
        Ok(name)
    }

    /// Adds the module to the code.
    fn finish(&mut self, span: Span) -> Result<()> {
        let Some(module) = self.modules.last().cloned() else { return Ok(()) };
        for (name, arity, call) in &module.calls {
            if module.find(*name, *arity).is_none() {
                let alias = module.name.alias().unwrap_or(module.name.text());
                let message = format!(
                    "undefined function {name}/{arity} (expected {alias} to define such a function or for it to be imported, but none are available)"
                );
                let mut error = CompileError::new(self.env.file, *call, message);
                if let Some(similar) = self.similar(*name, *arity) {
                    error = error.hint(similar);
                }
                return Err(error);
            }
        }
        let mut functions: Vec<Function> = module.definitions.iter().map(Definition::function).collect();
        let public: Vec<(Atom, u8)> = module
            .definitions
            .iter()
            .filter(|definition| definition.kind == DefKind::Public)
            .map(|definition| (definition.name, definition.arity))
            .collect();
        let mut exported = public.clone();
        let info = |name: &str, patterns: Vec<(Pattern, Expr)>| Function {
            name: Atom::new(name),
            arity: 1,
            captured: Vec::new(),
            clauses: patterns
                .into_iter()
                .map(|(pattern, body)| Clause { patterns: vec![pattern], guards: Vec::new(), body, line: 0 })
                .collect(),
            variables: 0,
            line: 0,
        };
        let key = |name: &str| Pattern::Literal(Term::Atom(Atom::new(name)));
        let mut sorted = public;
        sorted.sort_unstable();
        let pairs = list(
            sorted
                .iter()
                .filter(|(name, _)| !matches!(name.text(), "__info__" | "module_info" | "__struct__"))
                .map(|(name, arity)| Term::tuple([Term::Atom(*name), Term::Int(i64::from(*arity))])),
        );
        let macros =
            list(module.definitions.iter().filter(|definition| definition.kind == DefKind::Macro).map(
                |definition| {
                    Term::tuple([Term::Atom(definition.name), Term::Int(i64::from(definition.arity))])
                },
            ));
        let attributes = list(
            module
                .attributes
                .iter()
                .filter(|(name, attribute)| name.text() == "behaviour" || attribute.persistent)
                .map(|(name, attribute)| {
                    let value = attribute.value();
                    let value = if value.as_list().is_some() { value } else { list([value]) };
                    Term::tuple([Term::Atom(*name), value])
                }),
        );
        let nothing = Function {
            name: Atom::new("module_info"),
            arity: 0,
            captured: Vec::new(),
            clauses: vec![Clause {
                patterns: Vec::new(),
                guards: Vec::new(),
                body: Expr::literal(list([
                    Term::tuple([Term::Atom(Atom::new("module")), Term::Atom(module.name)]),
                    Term::tuple([Term::Atom(Atom::new("exports")), pairs.clone()]),
                ])),
                line: 0,
            }],
            variables: 0,
            line: 0,
        };
        functions.push(nothing);
        exported.push((Atom::new("module_info"), 0));
        if !module.callbacks.is_empty() {
            let callbacks =
                |optional: bool| {
                    let all =
                        module.callbacks.iter().filter(|(key, _)| !optional || module.optional.contains(key));
                    list(all.map(|((name, arity), _)| {
                        Term::tuple([Term::Atom(*name), Term::Int(i64::from(*arity))])
                    }))
                };
            functions.push(info(
                "behaviour_info",
                vec![
                    (key("callbacks"), Expr::literal(callbacks(false))),
                    (key("optional_callbacks"), Expr::literal(callbacks(true))),
                ],
            ));
            exported.push((Atom::new("behaviour_info"), 1));
        }
        let shape = match &module.fields {
            None => Term::Atom(atom::NIL),
            Some(fields) => {
                list(fields.iter().filter(|(name, _)| *name != atom::EXCEPTION).map(|(name, _)| {
                    let required = module.enforced.contains(name);
                    let entries = [
                        (Term::Atom(Atom::new("field")), Term::Atom(*name)),
                        (Term::Atom(Atom::new("required")), Term::boolean(required)),
                    ];
                    Term::Map(entries.into_iter().collect())
                }))
            }
        };
        for name in ["__info__", "module_info"] {
            functions.push(info(
                name,
                vec![
                    (key("functions"), Expr::literal(pairs.clone())),
                    (key("exports"), Expr::literal(pairs.clone())),
                    (key("macros"), Expr::literal(macros.clone())),
                    (key("module"), Expr::literal(module.name)),
                    (key("attributes"), Expr::literal(attributes.clone())),
                    (key("struct"), Expr::literal(shape.clone())),
                    (key("compile"), Expr::literal(Term::Empty)),
                    (key("md5"), Expr::literal(Term::text(""))),
                ],
            ));
            exported.push((Atom::new(name), 1));
        }
        let file = self.env.file;
        let natives = self.compiler.natives;
        let code = Rc::make_mut(&mut self.compiler.code);
        let generated = crate::elixir::code::generate(code, natives, file, module.name, &functions)
            .map_err(|error| CompileError::new(file, span, error.to_string()))?;
        if !self.compiler.library.holds(file) {
            code.defined.push(module.name);
            code.docs.insert(module.name, list(module.docs));
        }
        self.compiler.defined.push(module.name);
        let code = Rc::make_mut(&mut self.compiler.code);
        code.found.clear();
        let entry = code.modules.entry(module.name).or_default();
        *entry = crate::elixir::code::ModuleInfo::default();
        for (number, function) in (generated.first..).zip(&functions) {
            if exported.contains(&(function.name, function.arity))
                || function.name.text().starts_with("MACRO-")
            {
                entry.exports.insert((function.name, function.arity), number);
            }
        }
        for (number, definition) in (generated.first..).zip(&module.definitions) {
            if definition.kind == DefKind::Macro {
                entry.macros.insert((definition.name, definition.arity), number);
            }
        }
        entry.fields = module.fields;
        entry.enforced = module.enforced;
        entry.attributes =
            module.attributes.iter().map(|(name, attribute)| (*name, attribute.value())).collect();
        Ok(())
    }
}

/// Writes a text.
fn write_text(line: u32, device: Atom, text: Term) -> Expr {
    Expr::remote(line, atom::RASHOMON, Atom::new("write"), vec![Expr::literal(device), Expr::literal(text)])
}

impl Definition {
    pub(crate) fn is_macro(&self) -> bool {
        matches!(self.kind, DefKind::Macro | DefKind::PrivateMacro)
    }

    fn function_name(&self) -> Atom {
        if self.is_macro() { Atom::new(&format!("MACRO-{}", self.name)) } else { self.name }
    }

    fn function_arity(&self) -> u8 {
        self.arity + u8::from(self.is_macro())
    }

    fn function(&self) -> Function {
        Function {
            name: self.function_name(),
            arity: self.function_arity(),
            captured: Vec::new(),
            clauses: self.clauses.clone(),
            variables: self.variables,
            line: self.span.line,
        }
    }
}

/// Whether an expression calls no function of its module but these.
fn calls_only(e: &Expr, names: &BTreeSet<(Atom, u8)>) -> bool {
    use crate::elixir::core::Callee;
    let all = |items: &[Expr]| items.iter().all(|item| calls_only(item, names));
    let pairs = |items: &[(Expr, Expr)]| {
        items.iter().all(|(key, value)| calls_only(key, names) && calls_only(value, names))
    };
    let clauses = |clauses: &[Clause]| clauses.iter().all(|clause| calls_only(&clause.body, names));
    match &e.kind {
        ExprKind::Literal(_) | ExprKind::Variable(..) => true,
        ExprKind::Cons(a, b) | ExprKind::After(a, b) => calls_only(a, names) && calls_only(b, names),
        ExprKind::Tuple(items) | ExprKind::Sequence(items) => all(items),
        ExprKind::Map(items) => pairs(items),
        ExprKind::MapUpdate(map, items) => calls_only(map, names) && pairs(items),
        ExprKind::Bits(segments) => segments.iter().all(|(_, value, _)| calls_only(value, names)),
        ExprKind::Match(_, value) | ExprKind::Field(value, _) | ExprKind::Fail(_, value) => {
            calls_only(value, names)
        }
        ExprKind::Case { subject, clauses: found, .. } => calls_only(subject, names) && clauses(found),
        ExprKind::If { condition, then, otherwise, .. } => {
            calls_only(condition, names) && calls_only(then, names) && calls_only(otherwise, names)
        }
        ExprKind::Receive { clauses: found, after } => {
            clauses(found) && after.as_ref().is_none_or(|(a, b)| calls_only(a, names) && calls_only(b, names))
        }
        ExprKind::Try { body, otherwise, catch } => {
            calls_only(body, names) && clauses(otherwise) && clauses(catch)
        }
        ExprKind::Fn(function, _) => clauses(&function.clauses),
        ExprKind::Call(callee, arguments) => {
            (match callee {
                Callee::Local(name) => names.contains(&(*name, arguments.len() as u8)),
                Callee::Remote(..) => true,
                Callee::Dynamic(target, _) | Callee::Value(target) => calls_only(target, names),
            }) && all(arguments)
        }
    }
}
