//! What is wrong with a program before it runs.

use std::fmt;

use crate::elixir::ast::Span;
use crate::elixir::atom::Atom;

/// How Elixir tells of something that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// As an error of the compiler, with its place.
    Compiler,
    /// As an exception of another module: the compiler runs code that raises it.
    Exception(&'static str),
    /// The message is a whole report: code that belongs to the program has raised something.
    Report,
}

/// Something in the source that can't be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The file.
    pub file: Atom,
    /// Where in the file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// How Elixir says it.
    pub told: Told,
    /// Whether it is about a module, so that what stands before that module happens first.
    pub(crate) late: bool,
}

impl CompileError {
    /// An error at a place.
    #[must_use]
    pub fn new(file: Atom, span: Span, message: impl Into<String>) -> CompileError {
        CompileError { file, span, message: message.into(), hint: None, told: Told::Compiler, late: false }
    }

    /// With the next step to take.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> CompileError {
        self.hint = Some(hint.into());
        self
    }

    /// As an exception that is none of the compiler's.
    #[must_use]
    pub fn told(mut self, told: Told) -> CompileError {
        self.told = told;
        self
    }

    /// The exception, and what it says.
    #[must_use]
    pub fn exception(&self) -> (&str, String) {
        match self.told {
            Told::Compiler => ("CompileError", format!("{}:{}: {}", self.file, self.span.line, self.message)),
            Told::Exception(name) => (name, self.message.clone()),
            Told::Report => {
                let text = self.message.strip_prefix("** (").unwrap_or(&self.message);
                match text.split_once(") ") {
                    Some((name, message)) if !name.contains(' ') => (name, message.to_owned()),
                    _ => ("RuntimeError", text.to_owned()),
                }
            }
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.told {
            Told::Compiler => {
                write!(f, "** (CompileError) {}:{}: {}", self.file, self.span.line, self.message)
            }
            Told::Exception(name) => {
                write!(f, "** ({name}) {}\n    {}:{}", self.message, self.file, self.span.line)
            }
            Told::Report => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for CompileError {}

/// Something in the source that is probably not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The file.
    pub file: Atom,
    /// Where in the file.
    pub span: Span,
    /// What is odd.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "warning: {}\n  {}:{}", self.message, self.file, self.span.line)
    }
}
