//! From the tree to expressions: macros, aliases, imports and variables are resolved here, and modules are defined.
//!
//! Everything is compiled before the program runs. What a module's body computes (attributes, macros, functions made in a
//! loop) is computed by the virtual machine at that time, in a small world of its own.

mod binaries;
mod captures;
mod clauses;
mod comprehension;
mod control;
mod data;
mod definitions;
mod directives;
mod error;
mod evaluate;
mod forms;
mod kernel_macros;
mod module;
mod names;
mod nested;
mod patterns;
mod protocols;
mod quote;
mod scope;
mod structs;
mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use error::{CompileError, Warning};
pub(crate) use module::ModuleState;
pub(crate) use names::{RENAMED as KERNEL_RENAMED, SAME as KERNEL_SAME};
pub(crate) use scope::{Env, Key};
pub(crate) use terms::quoted;

use self::scope::Frame;
use super::ast::{Ast, Span};
use super::atom::{self, Atom};
use super::code::{Code, Natives, generate};
use super::core::{Clause, Expr, Function, Pattern};
use super::library::Library;

/// What a compilation has come to.
pub(crate) struct Compiler {
    /// The code so far.
    pub(crate) code: Rc<Code>,
    pub(crate) natives: &'static Natives,
    pub(crate) library: &'static Library,
    pub(crate) warnings: Vec<Warning>,
    /// What is wrong with a module: the program ends where it would be defined.
    pub(crate) fault: Option<CompileError>,
    /// Calls of what Elixir's library has and this one has not: the module, and what is to be said.
    pub(crate) outside: Vec<(Atom, CompileError)>,
    /// What module bodies have written, which the program writes when it gets there.
    pub(crate) written: Vec<(crate::kernel::Device, super::vm::Text)>,
    /// The number of the last expansion of a macro.
    pub(crate) counter: u32,
    /// How deep expansions are nested.
    pub(crate) depth: u32,
    /// The modules that it has defined.
    pub(crate) defined: Vec<Atom>,
    /// The modules of the library whose structs the code builds or takes apart.
    pub(crate) structs: BTreeSet<Atom>,
}

impl Compiler {
    /// Begins with code that exists already.
    pub(crate) fn new(code: Rc<Code>, natives: &'static Natives, library: &'static Library) -> Compiler {
        Compiler {
            code,
            natives,
            library,
            warnings: Vec::new(),
            fault: None,
            outside: Vec::new(),
            written: Vec::new(),
            counter: 0,
            depth: 0,
            defined: Vec::new(),
            structs: BTreeSet::new(),
        }
    }

    /// Compiles a file: defines its modules. The rest becomes a function of the module `file_module`, which is returned
    /// by name.
    pub(crate) fn file(&mut self, file: Atom, tree: &Ast) -> Result<(Atom, Atom), CompileError> {
        let is_program = !self.library.holds(file);
        let mut expander = Expander::new(self, file);
        let (body, fault) = expander.top(tree)?;
        let variables = expander.frame().next;
        let module = Atom::new(&format!("elixir_compiler_{}", expander.compiler.file_number()));
        let name = Atom::new("__FILE__");
        let clause = Clause { patterns: vec![Pattern::Any], guards: Vec::new(), body, line: 1 };
        let function =
            Function { name, arity: 1, captured: Vec::new(), clauses: vec![clause], variables, line: 1 };
        self.install(file, module, &[function], Span::default())?;
        match fault {
            Some(fault) if !is_program => Err(fault),
            fault => {
                self.fault = self.fault.take().or(fault);
                Ok((module, name))
            }
        }
    }

    /// Compiles a tree in which some names have values: a function that gives `{:ok, value, bindings}`.
    pub(crate) fn eval(
        &mut self,
        file: Atom,
        tree: &Ast,
        bindings: &super::term::Term,
    ) -> Result<(Atom, Atom), CompileError> {
        use super::core::ExprKind;
        use super::term::Term;
        let mut expander = Expander::new(self, file);
        for binding in bindings.elements() {
            if let Some([Term::Atom(name), value]) = binding.as_tuple() {
                expander.bindings.insert(Key { name: *name, context: None, counter: 0 }, value.clone());
            }
        }
        let value = expander.expr(tree)?;
        let result = expander.fresh();
        let scope = expander.frame().scope.clone();
        let mut pairs: BTreeMap<Atom, Expr> =
            expander.bindings.iter().map(|(key, value)| (key.name, Expr::literal(value.clone()))).collect();
        for (key, variable) in scope.iter().filter(|(key, _)| key.context.is_none() && key.counter == 0) {
            pairs.insert(key.name, Expr::variable(*variable));
        }
        let pairs = pairs.into_iter().map(|(name, value)| forms::tuple(0, vec![Expr::literal(name), value]));
        let pairs = forms::cons(0, pairs.collect(), Expr::literal(Term::Empty));
        let keep = Expr::new(1, ExprKind::Match(Box::new(Pattern::Bind(result)), Box::new(value)));
        let answer =
            Expr::new(1, ExprKind::Tuple(vec![Expr::literal(atom::OK), Expr::variable(result), pairs]));
        let body = Expr::new(1, ExprKind::Sequence(vec![keep, answer]));
        let variables = expander.frame().next;
        let module = Atom::new(&format!("elixir_eval_{}", self.code.functions.len()));
        let name = Atom::new("__FILE__");
        let clause = Clause { patterns: Vec::new(), guards: Vec::new(), body, line: 1 };
        let function =
            Function { name, arity: 0, captured: Vec::new(), clauses: vec![clause], variables, line: 1 };
        self.install(file, module, &[function], Span::default())?;
        Ok((module, name))
    }

    fn file_number(&self) -> usize {
        self.code.modules.keys().filter(|module| module.text().starts_with("elixir_compiler_")).count()
    }

    /// Adds functions to the code, all of which others may call.
    fn install(
        &mut self,
        file: Atom,
        module: Atom,
        functions: &[Function],
        span: Span,
    ) -> Result<u32, CompileError> {
        let natives = self.natives;
        let code = Rc::make_mut(&mut self.code);
        let generated = generate(code, natives, file, module, functions)
            .map_err(|error| CompileError::new(file, span, error.to_string()))?;
        let info = code.modules.entry(module).or_default();
        for (number, function) in (generated.first..).zip(functions) {
            info.exports.insert((function.name, function.arity), number);
        }
        Ok(generated.first)
    }
}

/// Expands the expressions of one file.
pub(crate) struct Expander<'c> {
    pub(crate) compiler: &'c mut Compiler,
    pub(crate) env: Env,
    frames: Vec<Frame>,
    /// The modules that are being defined, the innermost one last.
    modules: Vec<ModuleState>,
    /// Variables that a module body has bound.
    pub(crate) bindings: BTreeMap<Key, super::term::Term>,
    /// Whether an expression of a module body is being expanded, and not the body itself.
    in_expression: bool,
}

type Result<T, E = CompileError> = std::result::Result<T, E>;

impl<'c> Expander<'c> {
    pub(crate) fn new(compiler: &'c mut Compiler, file: Atom) -> Expander<'c> {
        Expander {
            compiler,
            env: Env::new(file),
            frames: vec![Frame::default()],
            modules: Vec::new(),
            bindings: BTreeMap::new(),
            in_expression: false,
        }
    }

    /// An error at a place.
    pub(crate) fn error<T>(&self, span: Span, message: impl Into<String>) -> Result<T> {
        Err(CompileError::new(self.env.file, span, message))
    }

    /// An error that Elixir raises as another exception than the compiler's.
    pub(crate) fn raised<T>(
        &self,
        span: Span,
        exception: &'static str,
        message: impl Into<String>,
    ) -> Result<T> {
        Err(CompileError::new(self.env.file, span, message).told(error::Told::Exception(exception)))
    }

    /// A tree as the text that it stands for.
    pub(crate) fn shown(&mut self, ast: &Ast) -> String {
        let printer = Atom::module("Macro");
        let shown = self
            .require(ast.meta.span, printer)
            .and_then(|()| self.run(ast.meta.span, printer, atom::TO_STRING, vec![terms::quoted(ast)]));
        shown.ok().and_then(|text| text.as_text().map(ToOwned::to_owned)).unwrap_or_default()
    }

    /// Warns.
    pub(crate) fn warn(&mut self, span: Span, message: impl Into<String>) {
        let warning = Warning { file: self.env.file, span, message: message.into() };
        if !self.compiler.library.holds(self.env.file) && !self.compiler.warnings.contains(&warning) {
            self.compiler.warnings.push(warning);
        }
    }

    /// The value of an expression that has no other.
    pub(crate) fn nil() -> Expr {
        Expr::literal(atom::NIL)
    }

    /// Several expressions, one after another, in the same scope.
    pub(crate) fn sequence(&mut self, items: &[Ast]) -> Result<Expr> {
        let mut expressions = Vec::with_capacity(items.len());
        for item in items {
            expressions.push(self.expr(item)?);
        }
        Ok(match expressions.pop() {
            None => Self::nil(),
            Some(only) if expressions.is_empty() => only,
            Some(last) => {
                expressions.push(last);
                Expr::new(0, super::core::ExprKind::Sequence(expressions))
            }
        })
    }
}
