//! `def` and its kin.

use super::clauses::split_guards;
use super::module::{DefKind, Definition};
use super::scope::{Frame, Key};
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Callee, Clause, Expr, ExprKind, Pattern, Variable};

impl Expander<'_> {
    /// `def name(arguments) when guard do … end`
    pub(super) fn definition(&mut self, ast: &Ast, keyword: Atom, arguments: &[Ast]) -> Result<Expr> {
        let span = ast.meta.span;
        if self.modules.is_empty() {
            // `def` has two arguments, one of which may be left out.
            return self.raised(span, "ArgumentError", format!("cannot invoke {keyword}/2 outside module"));
        }
        if self.env.function.is_some() {
            return self.raised(
                span,
                "ArgumentError",
                format!("cannot invoke {keyword}/2 inside function/macro"),
            );
        }
        if self.in_expression {
            // A loop in the body makes definitions: the tree is built when the loop runs.
            let quoted = self.quoted_definition(ast)?;
            return Ok(Expr::remote(span.line, atom::RASHOMON, Atom::new("module_define"), vec![quoted]));
        }
        if matches!(keyword.text(), "defguard" | "defguardp") {
            return self.guard_definition(span, keyword, arguments);
        }
        let kind = match keyword.text() {
            "def" => DefKind::Public,
            "defp" => DefKind::Private,
            "defmacro" => DefKind::Macro,
            _ => DefKind::PrivateMacro,
        };
        let Some((head, rest)) = arguments.split_first() else { return Ok(Self::nil()) };
        let (heads, guards) = split_guards(std::slice::from_ref(head));
        let Some(head) = heads.first() else { return self.error(span, "invalid syntax in def") };
        let (name, parameters) = self.head_of(head, keyword)?;
        let blocks = match rest.first() {
            Some(blocks) => {
                Some(self.blocks(blocks, &["do", "rescue", "catch", "else", "after"], keyword.text())?)
            }
            None => None,
        };
        let (plain, defaults) = parameters_and_defaults(parameters);
        let Ok(arity) = u8::try_from(plain.len()) else {
            return self.error(span, "too many arguments: a function takes at most 255");
        };
        self.check_definition(span, name, arity, kind)?;
        match kind {
            DefKind::Public => self.document("function", name, arity),
            DefKind::Macro => self.document("macro", name, arity),
            DefKind::Private | DefKind::PrivateMacro => {}
        }
        let optional = defaults.iter().flatten().count() as u8;
        self.check_defaults(span, name, arity, kind, optional)?;
        if optional > 0 {
            self.define_defaults(span, name, kind, &defaults)?;
        }
        let Some(blocks) = blocks else {
            // A head without a body only gives defaults, or announces the function.
            if let Some(module) = self.modules.last_mut()
                && module.find(name, arity).is_none()
            {
                module.definitions.push(Definition { defaults: optional, ..empty(name, arity, kind, span) });
            }
            return Ok(Self::nil());
        };
        if optional > 0
            && let Some(module) = self.modules.last_mut()
        {
            if module.find(name, arity).is_none() {
                module.definitions.push(empty(name, arity, kind, span));
            }
            if let Some(definition) = module.find_mut(name, arity) {
                definition.defaults = optional;
            }
        }
        let body = match blocks.as_slice() {
            [(atom::DO, body)] => (*body).clone(),
            _ => {
                // The other blocks make the body a `try`.
                let pairs = blocks.iter().map(|(key, block)| {
                    let pair = (Ast::atom(span, *key), (*block).clone());
                    Ast::at(span, Kind::Pair(Box::new(pair)))
                });
                Ast::call(span, Atom::new("try"), vec![Ast::at(span, Kind::List(pairs.collect()))])
            }
        };
        self.add_clause(span, name, arity, kind, |expander| {
            let (patterns, guards) = expander.head(&plain, &guards)?;
            let body = expander.expr(&body)?;
            Ok((patterns, guards, body))
        })?;
        Ok(Expr::new(
            span.line,
            ExprKind::Literal(crate::elixir::term::Term::tuple([
                crate::elixir::term::Term::Atom(name),
                crate::elixir::term::Term::Int(i64::from(arity)),
            ])),
        ))
    }

    /// Name and parameters of a definition.
    fn head_of<'a>(&self, head: &'a Ast, keyword: Atom) -> Result<(Atom, &'a [Ast])> {
        match &head.kind {
            Kind::Variable(name, _) => Ok((*name, &[])),
            _ => match head.as_named() {
                Some((name, parameters)) if !matches!(name.text(), "__block__" | "{}" | "%{}" | "<<>>") => {
                    Ok((name, parameters))
                }
                _ => self.error(
                    head.meta.span,
                    format!("invalid syntax in {keyword}: expected a name and parameters"),
                ),
            },
        }
    }

    fn check_definition(&mut self, span: Span, name: Atom, arity: u8, kind: DefKind) -> Result<()> {
        let Some(module) = self.modules.last_mut() else { return Ok(()) };
        let Some(known) = module.find_mut(name, arity) else { return Ok(()) };
        if known.overridable {
            // The old one stays for `super`, under a name of its own.
            let renamed = Atom::new(&format!("{name} (overridable {})", known.span.line));
            known.overridable = false;
            let mut old = known.clone();
            old.name = renamed;
            old.kind = if old.is_macro() { DefKind::PrivateMacro } else { DefKind::Private };
            known.clauses.clear();
            known.variables = 0;
            known.kind = kind;
            known.span = span;
            module.definitions.push(old);
            module.changed();
            let key = Atom::new(&format!("super of {name}/{arity}"));
            module.set_attribute(key, crate::elixir::term::Term::Atom(renamed));
            return Ok(());
        }
        let is_macro = matches!(kind, DefKind::Macro | DefKind::PrivateMacro);
        if known.is_macro() != is_macro {
            let (line, known, file) = (known.span.line, keyword(known.kind), self.env.file);
            let kind = keyword(kind);
            return self
                .error(span, format!("{kind} {name}/{arity} already defined as {known} in {file}:{line}"));
        }
        if known.kind != kind {
            let (line, known, file) = (known.span.line, keyword(known.kind), self.env.file);
            let kind = keyword(kind);
            return self
                .error(span, format!("{kind} {name}/{arity} already defined as {known} in {file}:{line}"));
        }
        Ok(())
    }

    /// Arguments that may be left out must not make two functions of one.
    fn check_defaults(&self, span: Span, name: Atom, arity: u8, kind: DefKind, optional: u8) -> Result<()> {
        let Some(module) = self.modules.last() else { return Ok(()) };
        let kind = keyword(kind);
        let known = module.find(name, arity);
        if optional > 0 && known.is_some_and(|known| known.defaults > 0) {
            return self.error(span, format!("{kind} {name}/{arity} defines defaults multiple times. Elixir allows defaults to be declared once per definition. Instead of:\n\n    def foo(:first_clause, b \\\\ :default) do ... end\n    def foo(:second_clause, b \\\\ :default) do ... end\n\none should write:\n\n    def foo(a, b \\\\ :default)\n    def foo(:first_clause, b) do ... end\n    def foo(:second_clause, b) do ... end\n"));
        }
        let longer = module.definitions.iter().find(|other| {
            other.name == name
                && other.arity > arity
                && other.arity - other.defaults <= arity
                && !other.overridable
        });
        if let Some(longer) = longer
            && known.is_some_and(|known| !known.overridable)
        {
            let message =
                format!("{kind} {name}/{arity} conflicts with defaults from {name}/{}", longer.arity);
            return self.error(span, message);
        }
        let taken = (arity - optional..arity)
            .find(|given| module.find(name, *given).is_some_and(|known| !known.overridable));
        match taken {
            Some(given) => {
                self.error(span, format!("{kind} {name}/{arity} defaults conflicts with {name}/{given}"))
            }
            None => Ok(()),
        }
    }

    /// Expands one clause of a definition and adds it.
    pub(super) fn add_clause(
        &mut self,
        span: Span,
        name: Atom,
        arity: u8,
        kind: DefKind,
        expand: impl FnOnce(&mut Self) -> Result<(Vec<Pattern>, Vec<Expr>, Expr)>,
    ) -> Result<()> {
        let is_macro = matches!(kind, DefKind::Macro | DefKind::PrivateMacro);
        let first = match self.modules.last_mut() {
            Some(module) => match module.find(name, arity) {
                Some(known) => known.variables,
                None => {
                    module.definitions.push(empty(name, arity, kind, span));
                    0
                }
            },
            None => 0,
        };
        let frame = Frame { next: first, ..Frame::default() };
        let frames = std::mem::replace(&mut self.frames, vec![frame]);
        let env = self.env.clone();
        let bindings = self.bindings.clone();
        self.env.function = Some((name, arity));
        self.bindings.clear();
        self.env.overridden = self
            .modules
            .last()
            .and_then(|module| module.attribute(Atom::new(&format!("super of {name}/{arity}")))?.as_atom());
        let caller = is_macro.then(|| {
            let variable = self.fresh();
            self.define(Key { name: Atom::new("__CALLER__"), context: None, counter: 0 }, variable);
            variable
        });
        let expanded = expand(self);
        self.env = env;
        self.bindings = bindings;
        let frame = std::mem::replace(&mut self.frames, frames).pop().unwrap_or_default();
        let (mut patterns, guards, body) = expanded?;
        if let Some(caller) = caller {
            patterns.insert(0, Pattern::Bind(caller));
        }
        if let Some(module) = self.modules.last_mut() {
            module.changed();
            if let Some(definition) = module.find_mut(name, arity) {
                definition.variables = frame.next;
                definition.clauses.push(Clause { patterns, guards, body, line: span.line });
            }
        }
        Ok(())
    }

    /// A function for each number of arguments that defaults leave out.
    fn define_defaults(
        &mut self,
        span: Span,
        name: Atom,
        kind: DefKind,
        defaults: &[Option<&Ast>],
    ) -> Result<()> {
        let arity = defaults.len();
        let optional = defaults.iter().flatten().count();
        for given in arity - optional..arity {
            // The first optional parameters get what is given.
            let mut left = given - (arity - optional);
            let is_macro = matches!(kind, DefKind::Macro | DefKind::PrivateMacro);
            self.add_clause(span, name, given as u8, kind, |expander| {
                let mut patterns = Vec::new();
                let mut arguments = Vec::new();
                if is_macro {
                    let key = Key { name: Atom::new("__CALLER__"), context: None, counter: 0 };
                    if let Some(caller) = expander.lookup(key) {
                        arguments.push(Expr::variable(caller));
                    }
                }
                for default in defaults {
                    match default {
                        Some(default) if left == 0 => arguments.push(expander.expr(default)?),
                        _ => {
                            if default.is_some() {
                                left -= 1;
                            }
                            let variable: Variable = expander.fresh();
                            patterns.push(Pattern::Bind(variable));
                            arguments.push(Expr::variable(variable));
                        }
                    }
                }
                let callee = if is_macro { Atom::new(&format!("MACRO-{name}")) } else { name };
                let body = Expr::new(span.line, ExprKind::Call(Callee::Local(callee), arguments));
                Ok((patterns, Vec::new(), body))
            })?;
        }
        Ok(())
    }

    /// `defguard name(arguments) when condition`: a macro that puts the condition in place.
    fn guard_definition(&mut self, span: Span, keyword: Atom, arguments: &[Ast]) -> Result<Expr> {
        let kind = if keyword.text() == "defguard" { DefKind::Macro } else { DefKind::PrivateMacro };
        let [definition] = arguments else { return self.error(span, "invalid syntax in defguard") };
        let Some([head, condition]) = definition.as_call(atom::WHEN) else {
            return self.error(span, "expected defguard name(arguments) when condition");
        };
        let (name, parameters) = self.head_of(head, keyword)?;
        let names: Vec<Atom> = parameters
            .iter()
            .filter_map(|parameter| match &parameter.kind {
                Kind::Variable(name, _) => Some(*name),
                _ => None,
            })
            .collect();
        if names.len() != parameters.len() {
            return self.error(span, "the parameters of defguard must be variables");
        }
        // Each parameter in the condition is what the macro is given.
        let condition = unquoting(condition, &names);
        let body = Ast::call(
            span,
            atom::QUOTE,
            vec![Ast::at(
                span,
                Kind::List(vec![Ast::at(span, Kind::Pair(Box::new((Ast::atom(span, atom::DO), condition))))]),
            )],
        );
        let parameters = parameters.to_vec();
        self.add_clause(span, name, parameters.len() as u8, kind, |expander| {
            let (patterns, guards) = expander.head(&parameters, &[])?;
            Ok((patterns, guards, expander.expr(&body)?))
        })?;
        Ok(Self::nil())
    }

    /// `defdelegate name(arguments), to: module, as: name`
    pub(super) fn delegate(&mut self, span: Span, head: &Ast, options: &Ast) -> Result<Expr> {
        let options = options.as_keywords().unwrap_or_default();
        let option = |name: &str| options.iter().find(|(key, _)| key.text() == name).map(|(_, value)| *value);
        let Some(target) = option("to") else {
            return self.error(span, "expected to: to be given as argument to defdelegate");
        };
        let Some(module) = self.static_alias(target)? else {
            return self.error(span, "expected a module in to: of defdelegate");
        };
        let heads = match &head.kind {
            Kind::List(heads) => heads.clone(),
            _ => vec![head.clone()],
        };
        for head in heads {
            let (name, parameters) = self.head_of(&head, Atom::new("defdelegate"))?;
            let target = option("as").and_then(Ast::as_atom).unwrap_or(name);
            let (plain, defaults) = parameters_and_defaults(parameters);
            if defaults.iter().any(Option::is_some) {
                self.define_defaults(span, name, DefKind::Public, &defaults)?;
            }
            self.add_clause(span, name, plain.len() as u8, DefKind::Public, |expander| {
                let mut patterns = Vec::new();
                let mut arguments = Vec::new();
                for _ in &plain {
                    let variable = expander.fresh();
                    patterns.push(Pattern::Bind(variable));
                    arguments.push(Expr::variable(variable));
                }
                Ok((patterns, Vec::new(), Expr::remote(span.line, module, target, arguments)))
            })?;
        }
        Ok(Self::nil())
    }

    /// `defoverridable name: arity, …`
    pub(super) fn defoverridable(&mut self, span: Span, names: &Ast) -> Result<Expr> {
        let names = match names.as_keywords() {
            Some(names) => names
                .into_iter()
                .filter_map(|(name, arity)| match arity.kind {
                    Kind::Integer(arity) => Some((name, u8::try_from(arity).ok()?)),
                    _ => None,
                })
                .collect::<Vec<_>>(),
            // A behaviour: all its functions that are there.
            None => match self.modules.last() {
                Some(module) => module.names().collect(),
                None => Vec::new(),
            },
        };
        for (name, arity) in names {
            match self.modules.last_mut().and_then(|module| module.find_mut(name, arity)) {
                Some(definition) => definition.overridable = true,
                None => {
                    return self.error(
                        span,
                        format!("cannot make function {name}/{arity} overridable because it was not defined"),
                    );
                }
            }
        }
        Ok(Self::nil())
    }

    /// `super(arguments)`
    pub(super) fn super_form(&mut self, span: Span, arguments: &[Ast]) -> Result<Expr> {
        let Some(overridden) = self.env.overridden else {
            let Some((name, arity)) = self.env.function else {
                return self.error(span, "super/0 is only available inside functions");
            };
            let module = self.env.module.unwrap_or(atom::NIL);
            let module = module.alias().unwrap_or(module.text());
            let overridable = self.modules.last().map(super::ModuleState::overridable).unwrap_or_default();
            return self.error(
                span,
                format!(
                    "no super defined for {name}/{arity} in module {module}. Overridable functions available are: {}",
                    overridable.join(", ")
                ),
            );
        };
        let arguments = self.all(arguments)?;
        Ok(Expr::new(span.line, ExprKind::Call(Callee::Local(overridden), arguments)))
    }
}

/// The parameters of a definition, and the default of each that has one.
fn parameters_and_defaults(parameters: &[Ast]) -> (Vec<Ast>, Vec<Option<&Ast>>) {
    parameters
        .iter()
        .map(|parameter| match parameter.as_call(atom::DOUBLE_BACKSLASH) {
            Some([parameter, default]) => (parameter.clone(), Some(default)),
            _ => (parameter.clone(), None),
        })
        .unzip()
}

fn empty(name: Atom, arity: u8, kind: DefKind, span: Span) -> Definition {
    Definition { name, arity, kind, clauses: Vec::new(), variables: 0, span, overridable: false, defaults: 0 }
}

fn keyword(kind: DefKind) -> &'static str {
    match kind {
        DefKind::Public => "def",
        DefKind::Private => "defp",
        DefKind::Macro => "defmacro",
        DefKind::PrivateMacro => "defmacrop",
    }
}

/// The tree with `unquote` around each mention of these variables.
fn unquoting(ast: &Ast, names: &[Atom]) -> Ast {
    let each = |items: &[Ast]| items.iter().map(|item| unquoting(item, names)).collect();
    let kind = match &ast.kind {
        Kind::Variable(name, _) if names.contains(name) => {
            return Ast::call(ast.meta.span, atom::UNQUOTE, vec![ast.clone()]);
        }
        Kind::List(items) => Kind::List(each(items)),
        Kind::Pair(pair) => Kind::Pair(Box::new((unquoting(&pair.0, names), unquoting(&pair.1, names)))),
        Kind::Call(head, arguments) => Kind::Call(head.clone(), each(arguments)),
        other => other.clone(),
    };
    Ast { kind, meta: ast.meta }
}
