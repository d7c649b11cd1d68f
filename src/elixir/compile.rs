//! From files to a program.

use std::rc::Rc;

use super::ast::{Ast, Head, Kind};
use super::atom::{self, Atom};
use super::code::{Code, Natives};
use super::diagnostic::Diagnostic;
use super::expand::Compiler;
use super::expand::{CompileError, Warning};
use super::library::Library;
use super::syntax::{self, SyntaxError};
use super::term::Term;
use super::vm::{ElixirProgram, Kept, Unreadable};
use crate::kernel::Fingerprint;

/// A file of a program.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What people call it: in messages and stack traces.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What is wrong with a program.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// A file is not Elixir.
    #[error("{error}")]
    Syntax {
        /// The file.
        file: Atom,
        /// What is wrong.
        error: Box<SyntaxError>,
    },
    /// A file is Elixir, and does not make sense.
    #[error(transparent)]
    Compile(#[from] CompileError),
}

impl Fault {
    /// What is to be said about it, to be shown in the text of its file.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Fault::Syntax { file, error } => error.diagnostic(file.text()),
            Fault::Compile(error) => Diagnostic {
                title: error.to_string(),
                file: error.file.text().to_owned(),
                span: error.span,
                labels: Vec::new(),
                notes: Vec::new(),
                help: error.hint.clone(),
            },
        }
    }
}

/// The files that a program names in `Code.require_file`, in the order in which it does.
#[must_use]
pub fn required_files(text: &str) -> Vec<String> {
    fn walk(ast: &Ast, found: &mut Vec<String>) {
        match &ast.kind {
            Kind::List(items) => items.iter().for_each(|item| walk(item, found)),
            Kind::Pair(pair) => {
                walk(&pair.0, found);
                walk(&pair.1, found);
            }
            Kind::Call(head, arguments) => {
                if let (Head::Expression(head), [Ast { kind: Kind::Text(file), .. }, ..]) =
                    (head, arguments.as_slice())
                    && let Some([module, name]) = head.as_call(atom::DOT)
                    && module.as_call(atom::ALIASES).and_then(|parts| parts.first()?.as_atom())
                        == Some(Atom::new("Code"))
                    && name.as_atom() == Some(Atom::new("require_file"))
                {
                    found.push(String::from_utf8_lossy(file).into_owned());
                }
                arguments.iter().for_each(|argument| walk(argument, found));
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
    let mut found = Vec::new();
    if text.contains("require_file")
        && let Ok(parsed) = syntax::parse(text)
    {
        walk(&parsed.ast, &mut found);
    }
    found
}

/// What came of the files of a program.
pub struct Compilation<S> {
    /// The program.
    pub program: ElixirProgram<S>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// What is wrong with one of its modules. The program runs up to that module, says so, and ends, as with Elixir.
    pub fault: Option<CompileError>,
}

/// Makes a program of its files, which run one after another.
///
/// # Errors
///
/// What is wrong with the first file of which something is.
pub fn compile<S: Kept>(sources: &[Source<'_>]) -> Result<Compilation<S>, Vec<Fault>> {
    let library = Library::get();
    let natives = Natives::get();
    let mut compiler = Compiler::new(Rc::new(Code::default()), natives, library);
    let code = Rc::make_mut(&mut compiler.code);
    super::code::begin(code);
    for (protocol, target, module) in library.implementations() {
        code.implementations.insert((protocol, target), module);
    }
    let mut mains = Vec::new();
    for source in sources {
        let file = Atom::new(source.name);
        Rc::make_mut(&mut compiler.code).sources.insert(file, Rc::from(source.text));
        let parsed = syntax::parse(source.text).map_err(|errors| {
            let fault = |error| Fault::Syntax { file, error: Box::new(error) };
            errors.into_iter().map(fault).collect::<Vec<_>>()
        })?;
        mains.push(compiler.file(file, &parsed.ast).map_err(|error| vec![Fault::Compile(error)])?);
        if compiler.fault.is_some() {
            break;
        }
    }
    let defined = &compiler.code.defined;
    let outside: Vec<Fault> = std::mem::take(&mut compiler.outside)
        .into_iter()
        .filter(|(module, _)| !defined.contains(module))
        .map(|(_, error)| Fault::Compile(error))
        .collect();
    if !outside.is_empty() && compiler.fault.is_none() {
        return Err(outside);
    }
    let parts: Vec<&str> = std::iter::once("elixir")
        .chain(sources.iter().flat_map(|source| [source.name, source.text]))
        .collect();
    let name = sources.first().map_or("", |source| source.name).to_owned();
    let warnings = std::mem::take(&mut compiler.warnings);
    let program = ElixirProgram::new(name, Fingerprint::of(&parts), &compiler.code, library.tools(), mains);
    Ok(Compilation { program, warnings, fault: compiler.fault })
}

/// Compiles a text in which some names have values: a function that gives `{:ok, value, bindings}`.
pub(crate) fn eval(
    code: &mut Rc<Code>,
    natives: &'static Natives,
    text: &str,
    bindings: &Term,
) -> Result<(Atom, Atom), (Atom, String)> {
    let file = Atom::new("nofile");
    let parsed = syntax::parse(text).map_err(|errors| {
        let error = errors.into_iter().next();
        let kind = error.as_ref().map_or("SyntaxError", |error| error.kind.exception());
        (Atom::module(kind), error.map_or_else(String::new, |error| format!("{file}:{error}")))
    })?;
    let mut compiler = Compiler::new(std::mem::take(code), natives, Library::get());
    let result = compiler.eval(file, &parsed.ast, bindings);
    *code = compiler.code;
    result.map_err(|error| {
        let (exception, message) = error.exception();
        (Atom::module(exception), message)
    })
}

/// The tree of a text, or what is wrong with it.
pub(crate) fn quoted(text: &str) -> Result<Term, Unreadable> {
    match syntax::parse(text) {
        Ok(parsed) => Ok(super::expand::quoted(&parsed.ast)),
        Err(errors) => {
            let Some(error) = errors.first() else {
                return Err((Atom::module("SyntaxError"), 0, String::new()));
            };
            Err((Atom::module(error.kind.exception()), error.span.line, error.to_string()))
        }
    }
}
