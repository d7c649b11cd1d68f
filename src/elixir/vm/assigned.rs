//! What variables are assigned, as the text of a program says it.

use std::collections::BTreeSet;

use crate::elixir::ast::{Ast, Head, Kind};
use crate::elixir::atom::Atom;

/// Where a variable gets what calls give.
pub(super) struct Assigned {
    variable: Atom,
    /// Whether there is such a variable.
    pub(super) is_variable: bool,
    /// Files and lines of the calls.
    pub(super) places: BTreeSet<(Atom, u32)>,
}

impl Assigned {
    pub(super) fn of(variable: Atom) -> Assigned {
        Assigned { variable, is_variable: false, places: BTreeSet::new() }
    }

    /// Looks for assignments in the tree of a file.
    pub(super) fn look_at(&mut self, file: Atom, ast: &Ast) {
        if let Kind::Call(Head::Name(name), parts) = &ast.kind
            && let ("=", [pattern, value]) = (name.text(), parts.as_slice())
            && self.is_in(pattern)
        {
            self.is_variable = true;
            self.calls(file, value);
        }
        children(ast).for_each(|child| self.look_at(file, child));
    }

    fn is_in(&self, pattern: &Ast) -> bool {
        match &pattern.kind {
            Kind::Variable(name, _) => *name == self.variable,
            _ => children(pattern).any(|child| self.is_in(child)),
        }
    }

    /// The calls that give the value of an expression, or elements of it.
    fn calls(&mut self, file: Atom, value: &Ast) {
        match &value.kind {
            Kind::Call(Head::Name(name), parts) => match (name.text(), parts.as_slice()) {
                ("__block__", [.., last]) => self.calls(file, last),
                // What a pipe gives, its last call gives.
                ("|>", [from, to]) => {
                    self.calls(file, to);
                    self.calls(file, from);
                }
                ("=", [_, value]) => self.calls(file, value),
                ("->", [_, body]) => self.calls(file, body),
                ("%{}" | "{}" | "%", parts) => parts.iter().for_each(|part| self.calls(file, part)),
                (_, parts) => self.call(file, value, parts),
            },
            Kind::Call(Head::Expression(_), parts) => self.call(file, value, parts),
            Kind::List(items) => items.iter().for_each(|item| self.calls(file, item)),
            Kind::Pair(pair) => {
                self.calls(file, &pair.0);
                self.calls(file, &pair.1);
            }
            Kind::Integer(_)
            | Kind::Big(_)
            | Kind::Float(_)
            | Kind::Atom(_)
            | Kind::Text(_)
            | Kind::Variable(..)
            | Kind::Value(_) => {}
        }
    }

    fn call(&mut self, file: Atom, call: &Ast, arguments: &[Ast]) {
        self.places.insert((file, call.meta.span.line));
        // The bodies of `for`, `case`, `if`, and of functions that are mapped over something.
        for argument in arguments {
            let is_body = match &argument.kind {
                Kind::List(items) => items.iter().any(|item| matches!(item.kind, Kind::Pair(_))),
                Kind::Call(Head::Name(name), _) => matches!(name.text(), "fn" | "&"),
                _ => false,
            };
            if is_body && !starts_a_process(call) {
                match &argument.kind {
                    Kind::Call(_, parts) => parts.iter().for_each(|part| self.calls(file, part)),
                    _ => self.calls(file, argument),
                }
            }
        }
    }
}

/// Whether a call is itself what starts a process: what its argument starts is another one.
fn starts_a_process(call: &Ast) -> bool {
    let name = match &call.kind {
        Kind::Call(Head::Name(name), _) => Some(*name),
        Kind::Call(Head::Expression(dot), _) => match &dot.kind {
            Kind::Call(_, parts) => parts.last().and_then(Ast::as_atom),
            _ => None,
        },
        _ => None,
    };
    name.is_some_and(|name| {
        ["spawn", "start", "async"].iter().any(|beginning| name.text().starts_with(beginning))
    })
}

fn children(ast: &Ast) -> Box<dyn Iterator<Item = &Ast> + '_> {
    match &ast.kind {
        Kind::List(items) => Box::new(items.iter()),
        Kind::Pair(pair) => Box::new([&pair.0, &pair.1].into_iter()),
        Kind::Call(Head::Name(_), parts) => Box::new(parts.iter()),
        Kind::Call(Head::Expression(head), parts) => Box::new(std::iter::once(&**head).chain(parts)),
        Kind::Integer(_)
        | Kind::Big(_)
        | Kind::Float(_)
        | Kind::Atom(_)
        | Kind::Text(_)
        | Kind::Variable(..)
        | Kind::Value(_) => Box::new(std::iter::empty()),
    }
}
