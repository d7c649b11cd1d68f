//! `quote`: expressions that build trees.

use super::{Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::core::Expr;
use crate::elixir::term::{Term, list};

/// How a `quote` treats its body.
struct Quote {
    /// Whether `unquote` means anything.
    unquote: bool,
    /// Whose variables these are.
    context: Atom,
    /// The line of every node, if it is given.
    line: Option<u32>,
}

impl Expander<'_> {
    pub(super) fn quote_form(&mut self, span: Span, options: Option<&Ast>, body: &Ast) -> Result<Expr> {
        let mut quote = Quote { unquote: true, context: self.env.module.unwrap_or(atom::ELIXIR), line: None };
        let mut given: Vec<(Atom, &Ast)> = Vec::new();
        for options in options.into_iter().chain([body]) {
            match options.as_keywords() {
                Some(found) => given.extend(found),
                None => return self.error(span, "invalid options for quote, expected a keyword list"),
            }
        }
        let mut body = None;
        let mut bindings = Vec::new();
        for (name, value) in given {
            match name.text() {
                "do" => body = Some(value),
                "unquote" => quote.unquote = value.as_atom() != Some(atom::FALSE),
                "bind_quoted" => {
                    let Some(bound) = value.as_keywords() else {
                        return self.error(value.meta.span, "invalid :bind_quoted for quote, expected a keyword list of variable names and values");
                    };
                    quote.unquote = false;
                    bindings = bound;
                }
                "context" => {
                    if let Some(module) = self.static_alias(value)? {
                        quote.context = module;
                    }
                }
                "location" => quote.line = Some(span.line).filter(|_| false),
                "line" => {}
                "generated" | "file" => {}
                other => return self.error(value.meta.span, format!("unknown option {other} for quote")),
            }
        }
        let Some(body) = body else { return self.error(span, "missing do block in quote") };
        let quoted = self.quoted(body, &quote)?;
        if bindings.is_empty() {
            return Ok(quoted);
        }
        // `x = value`, with the value as it was when the macro ran.
        let mut items = Vec::new();
        for (name, value) in bindings {
            let value = self.expr(value)?;
            let escaped = Expr::remote(0, atom::RASHOMON, Atom::new("macro_escape"), vec![value]);
            let variable =
                Expr::literal(Term::tuple([Term::Atom(name), Term::Empty, Term::Atom(quote.context)]));
            items.push(triple(Expr::literal(atom::MATCH), Term::Empty, expr_list(vec![variable, escaped])));
        }
        items.push(quoted);
        Ok(triple(Expr::literal(atom::BLOCK), Term::Empty, expr_list(items)))
    }

    /// The definition that a loop in a module body makes, as a tree with what it unquotes put in.
    pub(super) fn quoted_definition(&mut self, ast: &Ast) -> Result<Expr> {
        let quote = Quote { unquote: true, context: atom::NIL, line: None };
        self.quoted(ast, &quote)
    }

    fn quoted(&mut self, ast: &Ast, quote: &Quote) -> Result<Expr> {
        self.deeper(ast.meta.span, |expander| expander.quoted_node(ast, quote))
    }

    fn quoted_node(&mut self, ast: &Ast, quote: &Quote) -> Result<Expr> {
        match &ast.kind {
            Kind::Integer(_)
            | Kind::Big(_)
            | Kind::Float(_)
            | Kind::Atom(_)
            | Kind::Text(_)
            | Kind::Value(_) => Ok(Expr::literal(super::terms::quoted(ast))),
            Kind::List(items) => self.quoted_list(items, quote),
            Kind::Pair(pair) => {
                let items = vec![self.quoted(&pair.0, quote)?, self.quoted(&pair.1, quote)?];
                Ok(super::forms::tuple(0, items))
            }
            Kind::Variable(name, context) => {
                let context = context.unwrap_or(quote.context);
                let meta = if ast.meta.counter == 0 {
                    self.quoted_meta(ast, quote, Vec::new())
                } else {
                    self.quoted_meta(
                        ast,
                        quote,
                        vec![(atom::COUNTER, Term::Int(i64::from(ast.meta.counter)))],
                    )
                };
                Ok(Expr::literal(Term::tuple([Term::Atom(*name), meta, Term::Atom(context)])))
            }
            Kind::Call(head, arguments) => self.quoted_call(ast, head, arguments, quote),
        }
    }

    fn quoted_call(&mut self, ast: &Ast, head: &Head, arguments: &[Ast], quote: &Quote) -> Result<Expr> {
        let unquoted = |ast: &Ast| -> Option<Ast> {
            match ast.as_call(atom::UNQUOTE) {
                Some([value]) if quote.unquote => Some(value.clone()),
                _ => None,
            }
        };
        match head {
            Head::Name(name) => {
                if let Some(value) = unquoted(ast) {
                    return self.expr(&value);
                }
                if *name == atom::ALIASES {
                    return self.quoted_alias(ast, arguments, quote);
                }
                let inner = Quote { unquote: quote.unquote && *name != atom::QUOTE, ..*quote };
                let arguments_built = self.quoted_list(arguments, &inner)?;
                let mut extra = Vec::new();
                if let Some(module) = self.env.imports.get(&(*name, arguments.len() as u8)) {
                    extra.push((Atom::new("context"), Term::Atom(quote.context)));
                    extra.push((Atom::new("import"), Term::Atom(*module)));
                } else if quote.context != atom::NIL && is_kernel(*name, arguments.len()) {
                    let arities: Vec<i64> = match name.text() {
                        "+" | "-" => vec![1, 2],
                        _ => vec![arguments.len() as i64],
                    };
                    let imports = arities
                        .into_iter()
                        .map(|arity| Term::tuple([Term::Int(arity), Term::Atom(atom::KERNEL)]));
                    extra.push((Atom::new("context"), Term::Atom(quote.context)));
                    extra.push((Atom::new("imports"), list(imports)));
                }
                let meta = self.quoted_meta(ast, quote, extra);
                Ok(triple(Expr::literal(*name), meta, arguments_built))
            }
            Head::Expression(inner) => {
                // `left.unquote(name)` and `left.unquote(name)(arguments)` name what is called.
                if let Some([left, name]) = inner.as_call(atom::DOT)
                    && name.as_atom() == Some(atom::UNQUOTE)
                    && quote.unquote
                    && let [name] = arguments
                {
                    let dot = self.quoted_dot(left, name, quote)?;
                    let meta = self.quoted_meta(ast, quote, Vec::new());
                    return Ok(triple(dot, meta, Expr::literal(Term::Empty)));
                }
                if let Kind::Call(Head::Expression(dot), names) = &inner.kind
                    && let Some([left, name]) = dot.as_call(atom::DOT)
                    && name.as_atom() == Some(atom::UNQUOTE)
                    && quote.unquote
                    && let [name] = names.as_slice()
                {
                    let dot = self.quoted_dot(left, name, quote)?;
                    let meta = self.quoted_meta(ast, quote, Vec::new());
                    let arguments = self.quoted_list(arguments, quote)?;
                    return Ok(triple(dot, meta, arguments));
                }
                let head = self.quoted(inner, quote)?;
                let meta = self.quoted_meta(ast, quote, Vec::new());
                let arguments = self.quoted_list(arguments, quote)?;
                Ok(triple(head, meta, arguments))
            }
        }
    }

    fn quoted_dot(&mut self, left: &Ast, name: &Ast, quote: &Quote) -> Result<Expr> {
        let left = self.quoted(left, quote)?;
        let name = self.expr(name)?;
        Ok(triple(Expr::literal(atom::DOT), Term::Empty, expr_list(vec![left, name])))
    }

    /// An alias means what it means where the macro is written.
    fn quoted_alias(&mut self, ast: &Ast, parts: &[Ast], quote: &Quote) -> Result<Expr> {
        let known = match parts.first().and_then(Ast::as_atom) {
            Some(first) => {
                let own = self.env.aliases.get(&first).copied();
                if own.is_some() { self.static_alias(ast)? } else { None }
            }
            None => None,
        };
        let alias = known.map_or(Term::boolean(false), Term::Atom);
        let meta = self.quoted_meta(ast, quote, vec![(atom::ALIAS, alias)]);
        let parts = self.quoted_list(parts, quote)?;
        Ok(triple(Expr::literal(atom::ALIASES), meta, parts))
    }

    fn quoted_meta(&self, ast: &Ast, quote: &Quote, extra: Vec<(Atom, Term)>) -> Term {
        let mut entries = extra;
        if ast.meta.no_parens {
            entries.insert(0, (atom::NO_PARENS, Term::boolean(true)));
        }
        if ast.meta.from_brackets {
            entries.insert(0, (Atom::new("from_brackets"), Term::boolean(true)));
        }
        // A definition that a loop makes keeps its lines; what a macro gives stands where the macro is called.
        if quote.context == atom::NIL && ast.meta.span.line != 0 {
            entries.push((atom::LINE, Term::Int(i64::from(ast.meta.span.line))));
        }
        list(entries.into_iter().map(|(key, value)| Term::tuple([Term::Atom(key), value])))
    }

    fn quoted_list(&mut self, items: &[Ast], quote: &Quote) -> Result<Expr> {
        let mut built = Expr::literal(Term::Empty);
        for item in items.iter().rev() {
            match item.as_call(atom::UNQUOTE_SPLICING) {
                Some([value]) if quote.unquote => {
                    let value = self.expr(value)?;
                    built = Expr::remote(0, atom::ERLANG, atom::PLUS_PLUS, vec![value, built]);
                }
                _ => {
                    let head = self.quoted(item, quote)?;
                    built = super::forms::cons(0, vec![head], built);
                }
            }
        }
        Ok(built)
    }
}

fn triple(head: Expr, meta: Term, rest: Expr) -> Expr {
    super::forms::tuple(0, vec![head, Expr::literal(meta), rest])
}

fn expr_list(items: Vec<Expr>) -> Expr {
    super::forms::cons(0, items, Expr::literal(Term::Empty))
}

fn is_kernel(name: Atom, arity: usize) -> bool {
    const MACROS: &[(&str, usize)] = &[
        ("if", 2),
        ("unless", 2),
        ("and", 2),
        ("or", 2),
        ("&&", 2),
        ("||", 2),
        ("!", 1),
        ("|>", 2),
        ("in", 2),
        ("..", 2),
        ("<>", 2),
        ("raise", 1),
        ("raise", 2),
        ("to_string", 1),
        ("is_nil", 1),
        ("@", 1),
        ("def", 2),
        ("defp", 2),
        ("defmodule", 2),
        ("use", 1),
        ("use", 2),
        ("match?", 2),
    ];
    MACROS.contains(&(name.text(), arity))
        || super::names::kernel_function(name, vec![Expr::literal(atom::NIL); arity]).is_some()
}
