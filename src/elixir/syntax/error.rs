//! What is wrong with a text, said so that its author can mend it.

use std::fmt;

use crate::elixir::ast::Span;
use crate::elixir::diagnostic::{Diagnostic, Label};

/// The exception that Elixir would raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Something stands where it must not: `SyntaxError`.
    Syntax,
    /// The text ends before something that was opened was closed: `TokenMissingError`.
    TokenMissing,
}

impl ErrorKind {
    /// The name of the exception.
    #[must_use]
    pub fn exception(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::TokenMissing => "TokenMissingError",
        }
    }
}

/// Why a text is no Elixir program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SyntaxError {
    /// Which exception this is in Elixir.
    pub kind: ErrorKind,
    /// What is wrong, in Elixir's own words where it has some.
    pub title: String,
    /// Where.
    pub span: Span,
    /// Other places that have to do with it.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl SyntaxError {
    /// Something that must not stand at a place.
    pub(crate) fn new(span: Span, title: impl Into<String>) -> SyntaxError {
        SyntaxError { kind: ErrorKind::Syntax, title: title.into(), span, labels: Vec::new(), hint: None }
    }

    /// Something that the text ends without.
    pub(crate) fn missing(span: Span, title: impl Into<String>) -> SyntaxError {
        SyntaxError { kind: ErrorKind::TokenMissing, ..SyntaxError::new(span, title) }
    }

    /// The same with advice.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> SyntaxError {
        self.hint = Some(hint.into());
        self
    }

    /// The same with another place.
    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> SyntaxError {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The first line of Elixir's own message: `** (SyntaxError) file.exs:3:5: syntax error before: ')'`.
    #[must_use]
    pub fn headline(&self, file: &str) -> String {
        let Span { line, column, .. } = self.span;
        format!("** ({}) {file}:{line}:{column}: {}", self.kind.exception(), self.title)
    }
}

impl SyntaxError {
    /// The error as it is shown: Elixir's own line, the place, and what to do about it.
    #[must_use]
    pub fn diagnostic(&self, file: &str) -> Diagnostic {
        Diagnostic {
            title: self.headline(file),
            file: file.to_owned(),
            span: self.span,
            labels: self.labels.clone(),
            notes: Vec::new(),
            help: self.hint.clone(),
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.span.line, self.span.column, self.title)
    }
}

/// What is no error, but hardly meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is odd.
    pub title: String,
    /// Where.
    pub span: Span,
}

/// The result of all that may find an error. Boxed, since errors are rare and large.
pub(crate) type Outcome<T> = Result<T, Box<SyntaxError>>;

/// An error as a result.
pub(crate) fn refuse<T>(error: SyntaxError) -> Outcome<T> {
    Err(Box::new(error))
}
