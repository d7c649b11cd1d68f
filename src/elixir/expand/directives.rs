//! `alias`, `import`, `require`, `use`.

use super::{Expander, Result};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::Expr;

impl Expander<'_> {
    /// The modules that a directive names: one, or several as in `A.{B, C}`.
    fn named_modules(&mut self, ast: &Ast) -> Result<Vec<Atom>> {
        use crate::elixir::ast::Head;
        if let Kind::Call(Head::Expression(head), arguments) = &ast.kind
            && let Some([base, braces]) = head.as_call(atom::DOT)
            && braces.as_atom() == Some(atom::TUPLE_BRACES)
            && let Some(base) = self.static_alias(base)?
        {
            let mut found = Vec::new();
            for argument in arguments {
                let Some(parts) = argument.as_call(atom::ALIASES) else {
                    return self.error(argument.meta.span, "expected an alias inside the braces");
                };
                let mut text = base.text().to_owned();
                for part in parts {
                    text.push('.');
                    text.push_str(part.as_atom().map_or("", Atom::text));
                }
                found.push(Atom::new(&text));
            }
            return Ok(found);
        }
        match self.static_alias(ast)? {
            Some(module) => Ok(vec![module]),
            None => self.error(ast.meta.span, "expected a module: an alias or an atom"),
        }
    }

    /// The modules that a directive names.
    fn directed(&mut self, directive: &str, target: &Ast) -> Result<Vec<Atom>> {
        match self.named_modules(target) {
            Err(_) if target.as_call(atom::ALIASES).is_none() => {
                let shown = self.shown(target);
                let message = format!(
                    "invalid argument for {directive}, expected a compile time atom or alias, got: {shown}"
                );
                self.error(target.meta.span, message)
            }
            found => found,
        }
    }

    pub(super) fn alias_form(&mut self, span: Span, arguments: &[Ast]) -> Result<Expr> {
        let Some((target, options)) = arguments.split_first() else { return Ok(Self::nil()) };
        let modules = self.directed("alias", target)?;
        let mut name = None;
        for (key, value) in options.first().and_then(Ast::as_keywords).unwrap_or_default() {
            match key.text() {
                "as" => {
                    name = value.as_call(atom::ALIASES).and_then(|parts| parts.first()).and_then(Ast::as_atom)
                }
                "warn" => {}
                _ => return self.error(span, format!("unsupported option {key} given to alias")),
            }
        }
        for module in &modules {
            let last = module.text().rsplit('.').next().unwrap_or_default();
            let name = name.unwrap_or_else(|| Atom::new(last));
            self.env.aliases.insert(name, *module);
        }
        Ok(Expr::literal(modules.last().copied().unwrap_or(atom::NIL)))
    }

    /// Makes sure that a module is there, as far as it is one of the library's.
    pub(super) fn require(&mut self, span: Span, module: Atom) -> Result<()> {
        if self.compiler.code.modules.contains_key(&module) || Some(module) == self.env.module {
            return Ok(());
        }
        if matches!(
            module.text(),
            "Elixir.Bitwise" | "Elixir.Kernel" | "Elixir.Kernel.SpecialForms" | "Elixir.Integer"
        ) && !self.compiler.library.has(module)
        {
            return Ok(());
        }
        let library = self.compiler.library;
        let natives = self.compiler.natives;
        if (library.tools().load)(&mut self.compiler.code, natives, module)
            || self.compiler.code.modules.contains_key(&module)
        {
            return Ok(());
        }
        let name = module.alias().unwrap_or(module.text());
        self.error(span, format!("module {name} is not loaded and could not be found"))
    }

    pub(super) fn require_form(&mut self, span: Span, arguments: &[Ast]) -> Result<Expr> {
        let Some((target, options)) = arguments.split_first() else { return Ok(Self::nil()) };
        let modules = self.directed("require", target)?;
        for module in &modules {
            self.require(span, *module)?;
            self.env.requires.insert(*module);
            for (key, value) in options.first().and_then(Ast::as_keywords).unwrap_or_default() {
                if key.text() == "as"
                    && let Some(name) =
                        value.as_call(atom::ALIASES).and_then(|parts| parts.first()).and_then(Ast::as_atom)
                {
                    self.env.aliases.insert(name, *module);
                }
            }
        }
        Ok(Expr::literal(modules.last().copied().unwrap_or(atom::NIL)))
    }

    pub(super) fn import_form(&mut self, span: Span, arguments: &[Ast]) -> Result<Expr> {
        let Some((target, options)) = arguments.split_first() else { return Ok(Self::nil()) };
        let options = options.first().and_then(Ast::as_keywords).unwrap_or_default();
        let pairs = |ast: &Ast| -> Vec<(Atom, u8)> {
            let pairs = ast.as_keywords().unwrap_or_default().into_iter();
            pairs
                .filter_map(|(name, arity)| match arity.kind {
                    Kind::Integer(arity) => Some((name, u8::try_from(arity).ok()?)),
                    _ => None,
                })
                .collect()
        };
        let mut only: Option<Vec<(Atom, u8)>> = None;
        let mut except: Vec<(Atom, u8)> = Vec::new();
        let (mut functions, mut macros) = (true, true);
        for (key, value) in options {
            match key.text() {
                "only" => match value.as_atom().map(Atom::text) {
                    Some("functions") => macros = false,
                    Some("macros") => functions = false,
                    _ => only = Some(pairs(value)),
                },
                "except" => except = pairs(value),
                "warn" => {}
                _ => return self.error(span, format!("unsupported option {key} given to import")),
            }
        }
        for module in self.directed("import", target)? {
            if module == atom::KERNEL {
                self.env.without.extend(except.iter().copied());
                continue;
            }
            self.require(span, module)?;
            self.env.requires.insert(module);
            let Some(info) = self.compiler.code.modules.get(&module) else {
                if module.text() == "Elixir.Bitwise" {
                    for name in ["band", "bor", "bxor", "bsl", "bsr", "&&&", "|||", "^^^", "<<<", ">>>"] {
                        self.env.imports.insert((Atom::new(name), 2), module);
                    }
                    self.env.imports.insert((Atom::new("bnot"), 1), module);
                    self.env.imports.insert((Atom::new("~~~"), 1), module);
                }
                continue;
            };
            let mut names: Vec<(Atom, u8)> = Vec::new();
            if functions {
                names.extend(info.exports.keys().filter(|key| !key.0.text().starts_with("MACRO-")));
            }
            if macros {
                names.extend(info.macros.keys());
            }
            if let Some(only) = &only {
                for wanted in only {
                    if !names.contains(wanted) {
                        let alias = module.alias().unwrap_or(module.text());
                        let message = format!(
                            "cannot import {alias}.{}/{} because it is undefined or private",
                            wanted.0, wanted.1
                        );
                        return self.error(span, message);
                    }
                }
                names.retain(|name| only.contains(name));
            }
            for name in names {
                if !except.contains(&name)
                    && !matches!(
                        name.0.text(),
                        "module_info" | "__info__" | "__struct__" | "__impl__" | "behaviour_info"
                    )
                    && (!name.0.text().starts_with('_') || only.is_some())
                {
                    self.env.imports.insert(name, module);
                }
            }
        }
        Ok(Self::nil())
    }

    /// `use Module, options`: requires it and calls its `__using__`.
    pub(super) fn use_macro(&mut self, span: Span, module: &Ast, options: Option<&Ast>) -> Result<Expr> {
        let mut last = Self::nil();
        for module in self.named_modules(module)? {
            self.require(span, module)?;
            self.env.requires.insert(module);
            let using = Atom::new("__using__");
            let options = options.cloned().unwrap_or_else(|| Ast::at(span, Kind::List(Vec::new())));
            let call = Ast::remote(span, module, using, vec![options.clone()]);
            match self.expand_remote_macro(&call, module, using, &[options])? {
                Some(expanded) if self.is_body() => {
                    self.body(&expanded)?;
                }
                Some(expanded) => last = self.expr(&expanded)?,
                None => {
                    let alias = module.alias().unwrap_or(module.text());
                    return self.error(span, format!("function {alias}.__using__/1 is undefined or private: only modules that define it can be used"));
                }
            }
        }
        Ok(last)
    }
}
