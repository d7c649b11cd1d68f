//! What a call by name calls: a special form has been looked for already; then come macros and functions of the module at
//! hand, imports, and Kernel.

use super::{CompileError, Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::{Callee, Expr, ExprKind};
use crate::elixir::term::Term;

impl Expander<'_> {
    /// A call by name that is no special form.
    pub(super) fn call(&mut self, ast: &Ast, name: Atom, arguments: &[Ast]) -> Result<Expr> {
        let span = ast.meta.span;
        let arity = arguments.len() as u8;
        if arguments.len() > 255 {
            return self.error(span, "too many arguments: a function takes at most 255");
        }
        if !self.is_local(name, arity) {
            if let Some(expanded) = self.expand_macro(ast, name, arguments)? {
                return self.expr(&expanded);
            }
            if !self.env.imports.contains_key(&(name, arity))
                && !self.env.without.contains(&(name, arity))
                && let Some(expanded) = self.kernel_macro(ast, name, arguments)?
            {
                return Ok(expanded);
            }
        } else if let Some(expanded) = self.expand_macro(ast, name, arguments)? {
            return self.expr(&expanded);
        }
        if self.env.guard
            && !self.modules.is_empty()
            && !self.env.imports.contains_key(&(name, arity))
            && (self.env.without.contains(&(name, arity))
                || kernel_function(name, vec![Self::nil(); arguments.len()]).is_none())
        {
            let shown = self.shown(ast);
            return self.error(span, format!("cannot find or invoke local {name}/{arity} inside guards. Only macros can be invoked in a guards and they must be defined before their invocation. Called as: {shown}"));
        }
        let arguments = self.all(arguments)?;
        self.local_call(span, name, arguments)
    }

    /// Whether the module at hand has a function of this name, so far.
    fn is_local(&self, name: Atom, arity: u8) -> bool {
        self.modules.last().is_some_and(|module| module.defines(name, arity))
    }

    /// Whether a name means a function of the module at hand, or an imported one.
    pub(super) fn defines_or_imports(&self, name: Atom, arity: u8) -> bool {
        self.is_local(name, arity) || self.env.imports.contains_key(&(name, arity))
    }

    /// Calls a function by name.
    pub(super) fn local_call(&mut self, span: Span, name: Atom, arguments: Vec<Expr>) -> Result<Expr> {
        let line = span.line;
        let arity = arguments.len() as u8;
        if let Some(module) = self.modules.last()
            && module.defines(name, arity)
            && self.env.function.is_some()
        {
            return Ok(Expr::new(line, ExprKind::Call(Callee::Local(name), arguments)));
        }
        if let Some(module) = self.env.imports.get(&(name, arity)) {
            return Ok(Expr::remote(line, *module, name, arguments));
        }
        if !self.env.without.contains(&(name, arity))
            && let Some((module, name, arguments)) = kernel_function(name, arguments.clone())
        {
            return Ok(Expr::remote(line, module, name, arguments));
        }
        if self.env.function.is_some() && !self.modules.is_empty() {
            // It may be defined further down; whether it is, is looked at when the module is complete.
            if let Some(module) = self.modules.last_mut() {
                module.calls.push((name, arity, span));
            }
            return Ok(Expr::new(line, ExprKind::Call(Callee::Local(name), arguments)));
        }
        let message = format!("undefined function {name}/{arity} (there is no such import)");
        let similar = self.similar(name, arity);
        match similar {
            Some(similar) => Err(super::CompileError::new(self.env.file, span, message).hint(similar)),
            None => self.error(span, message),
        }
    }

    /// The nearest thing to an unknown name.
    pub(super) fn similar(&self, name: Atom, arity: u8) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        if let Some(frame) = self.frames.last() {
            names.extend(frame.scope.keys().map(|key| key.name.text().to_owned()));
        }
        if let Some(module) = self.modules.last() {
            names.extend(module.names().map(|(name, arity)| format!("{name}/{arity}")));
        }
        names.extend(self.env.imports.keys().map(|(name, arity)| format!("{name}/{arity}")));
        names.extend(KERNEL.iter().map(|name| (*name).to_owned()));
        super::nested::nearest(name.text(), arity, names).map(|near| format!("did you mean {near}?"))
    }

    /// A name without parentheses that is no variable.
    pub(super) fn bare_call(&mut self, ast: &Ast, name: Atom) -> Result<Expr> {
        let span = ast.meta.span;
        let known = self.is_local(name, 0)
            || self.env.imports.contains_key(&(name, 0))
            || kernel_function(name, Vec::new()).is_some();
        if known && self.env.function != Some((name, 0)) && ast.meta.counter == 0 {
            self.warn(
                span,
                format!(
                    "variable \"{name}\" does not exist and is being expanded to \"{name}()\", please use parentheses to remove the ambiguity or change the variable name"
                ),
            );
        }
        self.call(ast, name, &[])
    }

    /// `module.name(arguments)`, `map.name`.
    pub(super) fn remote_call(
        &mut self,
        ast: &Ast,
        target: &Ast,
        name: Atom,
        arguments: &[Ast],
    ) -> Result<Expr> {
        let span = ast.meta.span;
        let line = span.line;
        let module = match self.static_alias(target)? {
            // What is no module has no fields either.
            Some(atom::NIL | atom::TRUE | atom::FALSE) if arguments.is_empty() && ast.meta.no_parens => {
                let target = self.expr(target)?;
                return Ok(Expr::new(line, ExprKind::Field(Box::new(target), name)));
            }
            module => module,
        };
        let Some(module) = module else {
            let target = self.expr(target)?;
            if let Some(Term::Atom(module)) = target.as_literal() {
                let module = *module;
                return self.known_remote(ast, module, name, arguments);
            }
            if arguments.is_empty() && ast.meta.no_parens {
                if self.env.guard {
                    let arguments = vec![Expr::literal(name), target];
                    return Ok(Expr::remote(line, atom::ERLANG, Atom::new("map_get"), arguments));
                }
                return Ok(Expr::new(line, ExprKind::Field(Box::new(target), name)));
            }
            let arguments = self.all(arguments)?;
            return Ok(Expr::new(line, ExprKind::Call(Callee::Dynamic(Box::new(target), name), arguments)));
        };
        self.known_remote(ast, module, name, arguments)
    }

    fn known_remote(&mut self, ast: &Ast, module: Atom, name: Atom, arguments: &[Ast]) -> Result<Expr> {
        let span = ast.meta.span;
        let line = span.line;
        if let Some(expanded) = self.expand_remote_macro(ast, module, name, arguments)? {
            return self.expr(&expanded);
        }
        if module == atom::KERNEL {
            if let Some(expanded) = self.kernel_macro(ast, name, arguments)? {
                return Ok(expanded);
            }
            let arguments = self.all(arguments)?;
            return Ok(match kernel_function(name, arguments.clone()) {
                Some((module, name, arguments)) => Expr::remote(line, module, name, arguments),
                None => Expr::remote(line, module, name, arguments),
            });
        }
        if module.text() == "Elixir.Kernel.SpecialForms" {
            return self.expr(&Ast {
                meta: ast.meta,
                kind: Kind::Call(crate::elixir::ast::Head::Name(name), arguments.to_vec()),
            });
        }
        if module.text() == "Elixir.Bitwise"
            && let Some(operator) = bitwise(name.text())
        {
            let arguments = self.all(arguments)?;
            return Ok(Expr::remote(line, atom::ERLANG, Atom::new(operator), arguments));
        }
        self.refuse_outside(span, module, name, arguments.len());
        let arguments = self.all(arguments)?;
        Ok(Expr::remote(line, module, name, arguments))
    }

    /// Takes note of a call of what real Elixir has and Rashomon has not, unless the program turns out to have it itself.
    pub(super) fn refuse_outside(&mut self, span: Span, module: Atom, name: Atom, arity: usize) {
        let library = self.compiler.library;
        if !library.holds(self.env.file) && library.lacks(module, name, arity) {
            let shown = module.alias().map_or_else(|| format!(":{module}"), ToOwned::to_owned);
            let message = format!("{shown}.{name}/{arity} is outside of what Rashomon runs");
            let error = CompileError::new(self.env.file, span, message).hint(
                "docs/library.md lists what is there of the libraries of Elixir and Erlang; a module of the program with this name would do, too",
            );
            self.compiler.outside.push((module, error));
        }
    }

    /// The module that a node names, if that is known: an alias, an atom, `__MODULE__`.
    pub(super) fn static_alias(&mut self, ast: &Ast) -> Result<Option<Atom>> {
        match &ast.kind {
            Kind::Atom(atom) => Ok(Some(*atom)),
            Kind::Variable(name, _) if *name == atom::MODULE => Ok(self.env.module),
            _ => match ast.as_call(atom::ALIASES) {
                Some(parts) => self.alias_of(ast, parts),
                None => Ok(None),
            },
        }
    }

    fn alias_of(&mut self, ast: &Ast, parts: &[Ast]) -> Result<Option<Atom>> {
        let Some((first, others)) = parts.split_first() else { return Ok(None) };
        let mut text = match &first.kind {
            Kind::Atom(name) => {
                let full = Atom::module(name.text());
                if *name == Atom::new("Elixir") {
                    "Elixir".to_owned()
                } else if ast.meta.counter == u32::MAX {
                    full.text().to_owned()
                } else {
                    self.env.aliases.get(name).copied().unwrap_or(full).text().to_owned()
                }
            }
            _ => match self.static_alias(first)? {
                Some(module) => module.text().to_owned(),
                None => return Ok(None),
            },
        };
        for part in others {
            let Kind::Atom(part) = &part.kind else { return Ok(None) };
            text.push('.');
            text.push_str(part.text());
        }
        Ok(Some(Atom::new(&text)))
    }

    /// `var.Name`: put together when the program runs.
    pub(super) fn dynamic_alias(&mut self, line: u32, parts: &[Ast]) -> Result<Expr> {
        let mut items = Vec::new();
        for part in parts {
            items.push(self.expr(part)?);
        }
        let list = super::forms::cons(line, items, Expr::new(line, ExprKind::Literal(Term::Empty)));
        Ok(Expr::remote(line, Atom::module("Module"), Atom::new("concat"), vec![list]))
    }
}

/// Kernel's functions that are Erlang's under the same name.
pub(crate) const SAME: &[&str] = &[
    "abs",
    "apply",
    "binary_part",
    "bit_size",
    "byte_size",
    "ceil",
    "div",
    "exit",
    "floor",
    "hd",
    "is_atom",
    "is_binary",
    "is_bitstring",
    "is_boolean",
    "is_float",
    "is_function",
    "is_integer",
    "is_list",
    "is_map",
    "is_number",
    "is_pid",
    "is_port",
    "is_reference",
    "is_tuple",
    "length",
    "make_ref",
    "map_size",
    "max",
    "min",
    "node",
    "rem",
    "round",
    "self",
    "send",
    "spawn",
    "spawn_link",
    "spawn_monitor",
    "throw",
    "tl",
    "trunc",
    "tuple_size",
    "+",
    "-",
    "*",
    "/",
    "++",
    "--",
    "==",
    "<",
    ">",
    ">=",
    "not",
];

/// Kernel's functions that Erlang has under another name.
pub(crate) const RENAMED: &[(&str, &str)] = &[("!=", "/="), ("===", "=:="), ("!==", "=/="), ("<=", "=<")];

/// Kernel's functions that are written in Elixir.
const WRITTEN: &[(&str, u8)] = &[
    ("inspect", 1),
    ("inspect", 2),
    ("struct", 1),
    ("struct", 2),
    ("struct!", 1),
    ("struct!", 2),
    ("get_in", 2),
    ("put_in", 3),
    ("update_in", 3),
    ("get_and_update_in", 3),
    ("pop_in", 2),
    ("=~", 2),
    ("**", 2),
    ("put_elem", 3),
    ("function_exported?", 3),
    ("macro_exported?", 3),
];

/// The names of Kernel's functions and macros, for suggestions.
const KERNEL: &[&str] = &[
    "abs/1",
    "apply/2",
    "apply/3",
    "div/2",
    "elem/2",
    "exit/1",
    "hd/1",
    "if/2",
    "inspect/1",
    "inspect/2",
    "is_atom/1",
    "is_binary/1",
    "is_integer/1",
    "is_list/1",
    "is_map/1",
    "is_nil/1",
    "is_number/1",
    "is_pid/1",
    "length/1",
    "make_ref/0",
    "map_size/1",
    "max/2",
    "min/2",
    "raise/1",
    "raise/2",
    "rem/2",
    "round/1",
    "self/0",
    "send/2",
    "spawn/1",
    "spawn/3",
    "spawn_link/1",
    "spawn_link/3",
    "spawn_monitor/1",
    "throw/1",
    "tl/1",
    "to_string/1",
    "trunc/1",
    "tuple_size/1",
    "put_elem/3",
];

/// What a function of Kernel is underneath.
pub(crate) fn kernel_function(name: Atom, mut arguments: Vec<Expr>) -> Option<(Atom, Atom, Vec<Expr>)> {
    let arity = arguments.len();
    let text = name.text();
    let known = match text {
        "self" | "make_ref" | "node" if arity == 0 => true,
        "+" | "-" => arity == 1 || arity == 2,
        "spawn" | "spawn_link" | "spawn_monitor" => arity == 1 || arity == 3,
        "apply" => arity == 2 || arity == 3,
        "is_function" => arity == 1 || arity == 2,
        "binary_part" => arity == 3,
        "send" | "div" | "rem" | "max" | "min" | "*" | "/" | "++" | "--" | "==" | "<" | ">" | ">=" => {
            arity == 2
        }
        "self" | "make_ref" => false,
        _ => arity == 1,
    };
    if known && SAME.contains(&text) {
        return Some((atom::ERLANG, name, arguments));
    }
    if arity == 2
        && let Some((_, erlang)) = RENAMED.iter().find(|(elixir, _)| *elixir == text)
    {
        return Some((atom::ERLANG, Atom::new(erlang), arguments));
    }
    match (text, arity) {
        ("elem", 2) => {
            let (tuple, index) = (arguments.remove(0), arguments.remove(0));
            match index.as_literal() {
                Some(Term::Int(index)) if *index >= 0 && *index < i64::from(u16::MAX) => {
                    let index = Expr::literal(Term::Int(index + 1));
                    Some((atom::ERLANG, Atom::new("element"), vec![index, tuple]))
                }
                _ => Some((atom::RASHOMON, Atom::new("elem"), vec![tuple, index])),
            }
        }
        ("put_elem", 3) => {
            let (tuple, index, value) = (arguments.remove(0), arguments.remove(0), arguments.remove(0));
            let index = match index.as_literal() {
                Some(Term::Int(index)) => Expr::literal(Term::Int(index.saturating_add(1))),
                _ => Expr::remote(0, atom::ERLANG, atom::PLUS, vec![index, Expr::literal(Term::Int(1))]),
            };
            Some((atom::ERLANG, Atom::new("setelement"), vec![index, tuple, value]))
        }
        ("is_map_key", 2) => {
            arguments.swap(0, 1);
            Some((atom::ERLANG, name, arguments))
        }
        ("function_exported?", 3) => Some((atom::ERLANG, Atom::new("function_exported"), arguments)),
        ("**", 2) => Some((Atom::new("rashomon_kernel"), Atom::new("power"), arguments)),
        _ if WRITTEN.contains(&(text, arity as u8)) => Some((atom::KERNEL, name, arguments)),
        _ => None,
    }
}

/// Erlang's name for a function of Bitwise.
fn bitwise(name: &str) -> Option<&'static str> {
    Some(match name {
        "band" | "&&&" => "band",
        "bor" | "|||" => "bor",
        "bxor" | "^^^" => "bxor",
        "bnot" | "~~~" => "bnot",
        "bsl" | "<<<" => "bsl",
        "bsr" | ">>>" => "bsr",
        _ => return None,
    })
}
