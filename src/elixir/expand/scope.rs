//! What names mean at a place in the source.

use std::collections::{BTreeMap, BTreeSet};

use rpds::RedBlackTreeMap;

use super::Expander;
use crate::elixir::ast::Span;
use crate::elixir::atom::Atom;
use crate::elixir::core::{Expr, Variable};

/// A variable by name: its text, the module whose macro made it, and which expansion of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) name: Atom,
    pub(crate) context: Option<Atom>,
    pub(crate) counter: u32,
}

/// Where expansion is, and what aliases and imports hold there.
#[derive(Clone, Debug)]
pub(crate) struct Env {
    pub(crate) file: Atom,
    pub(crate) module: Option<Atom>,
    pub(crate) function: Option<(Atom, u8)>,
    /// The last part of an alias, and the module that it means.
    pub(crate) aliases: BTreeMap<Atom, Atom>,
    /// Where imported functions and macros come from.
    pub(crate) imports: BTreeMap<(Atom, u8), Atom>,
    /// Functions and macros of Kernel that are not imported here.
    pub(crate) without: BTreeSet<(Atom, u8)>,
    pub(crate) requires: BTreeSet<Atom>,
    /// Whether this is a guard.
    pub(crate) guard: bool,
    /// The variables of the surrounding handler that hold a stack trace.
    pub(crate) trace: Option<Variable>,
    /// The function that `super` calls.
    pub(crate) overridden: Option<Atom>,
}

impl Env {
    pub(crate) fn new(file: Atom) -> Env {
        Env {
            file,
            module: None,
            function: None,
            aliases: BTreeMap::new(),
            imports: BTreeMap::new(),
            without: BTreeSet::new(),
            requires: BTreeSet::new(),
            guard: false,
            trace: None,
            overridden: None,
        }
    }
}

pub(super) type Scope = RedBlackTreeMap<Key, Variable>;

/// The variables of a function that is being expanded.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// What names mean here.
    pub(super) scope: Scope,
    /// The number of the next variable.
    pub(super) next: u32,
    /// For an anonymous function: its own variables for those of the function around it.
    pub(super) captured: Vec<(Variable, Variable)>,
    /// Whether it sees the variables of the function around it.
    pub(super) anonymous: bool,
}

impl Expander<'_> {
    pub(super) fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// A new variable without a name.
    pub(super) fn fresh(&mut self) -> Variable {
        let frame = self.frame();
        frame.next += 1;
        Variable(frame.next - 1)
    }

    /// The variable that a name means.
    pub(super) fn lookup(&mut self, key: Key) -> Option<Variable> {
        let level = self.frames.len().checked_sub(1)?;
        self.lookup_at(key, level)
    }

    fn lookup_at(&mut self, key: Key, level: usize) -> Option<Variable> {
        let frame = self.frames.get(level)?;
        if let Some(variable) = frame.scope.get(&key) {
            return Some(*variable);
        }
        if !frame.anonymous {
            return None;
        }
        let outer = self.lookup_at(key, level.checked_sub(1)?)?;
        Some(self.capture_at(outer, level))
    }

    /// The variable by which an anonymous function knows one of the function around it.
    fn capture_at(&mut self, outer: Variable, level: usize) -> Variable {
        let Some(frame) = self.frames.get_mut(level) else { return outer };
        if let Some((inner, _)) = frame.captured.iter().find(|(_, known)| *known == outer) {
            return *inner;
        }
        let inner = Variable(frame.next);
        frame.next += 1;
        frame.captured.push((inner, outer));
        inner
    }

    /// Gives a name to a variable from here on.
    pub(super) fn define(&mut self, key: Key, variable: Variable) {
        self.frame().scope.insert_mut(key, variable);
    }

    /// Expands something whose variables nobody outside sees.
    pub(super) fn scoped<T>(
        &mut self,
        expand: impl FnOnce(&mut Self) -> super::Result<T>,
    ) -> super::Result<T> {
        let scope = self.frame().scope.clone();
        let (aliases, imports, without, requires) = (
            self.env.aliases.clone(),
            self.env.imports.clone(),
            self.env.without.clone(),
            self.env.requires.clone(),
        );
        let result = expand(self);
        self.frame().scope = scope;
        self.env.aliases = aliases;
        self.env.imports = imports;
        self.env.without = without;
        self.env.requires = requires;
        result
    }

    /// Expands something nested, as deep as may be.
    pub(super) fn deeper<T>(
        &mut self,
        span: Span,
        expand: impl FnOnce(&mut Self) -> super::Result<T>,
    ) -> super::Result<T> {
        const DEEPEST: u32 = 400;
        if self.compiler.depth >= DEEPEST {
            return self.error(span, format!("this is nested deeper than {DEEPEST} levels"));
        }
        self.compiler.depth += 1;
        let result = expand(self);
        self.compiler.depth -= 1;
        result
    }

    /// A value that is computed once and used several times.
    pub(super) fn once(&mut self, value: Expr) -> (Option<Expr>, Variable) {
        let variable = self.fresh();
        let pattern = Box::new(crate::elixir::core::Pattern::Bind(variable));
        let line = value.line;
        (Some(Expr::new(line, crate::elixir::core::ExprKind::Match(pattern, Box::new(value)))), variable)
    }
}
