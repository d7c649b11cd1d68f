//! What the passes have to say about a program, shown in its text.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::ast::Span;

/// A place in a program, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be said. May be empty: the place is marked nonetheless.
    pub text: String,
}

/// Whether colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// Escape sequences for terminals.
    Always,
}

/// Something to be said about a program: an error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The first line.
    pub title: String,
    /// The name of the file.
    pub file: String,
    /// Where it is.
    pub span: Span,
    /// Other places that have to do with it.
    pub labels: Vec<Label>,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Its text: the title, the lines of the program that it is about, notes and advice.
    ///
    /// `source` is the text of the program. Spans that do not fit it are moved into it.
    #[must_use]
    pub fn render(&self, source: &str, colour: Colour) -> String {
        let mut snippet = Snippet::source(source);
        if !self.title.contains(&self.file) {
            snippet = snippet.path(self.file.as_str());
        }
        snippet = snippet.annotation(AnnotationKind::Primary.span(within(source, self.span)));
        for label in &self.labels {
            let annotation =
                AnnotationKind::Context.span(within(source, label.span)).label(label.text.as_str());
            snippet = snippet.annotation(annotation);
        }
        let mut group: Group<'_> = Level::ERROR.no_name().primary_title(self.title.as_str()).element(snippet);
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = match colour {
            Colour::Never => Renderer::plain(),
            Colour::Always => Renderer::styled(),
        };
        renderer.render(&[group])
    }
}

/// The bytes of a span, at borders of characters, and at least one character where there is one.
fn within(source: &str, span: Span) -> Range<usize> {
    let start = source.floor_char_boundary(span.start as usize);
    let end = source.ceil_char_boundary((span.end as usize).min(source.len()));
    let next = source.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    start..end.max(start + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span { line: 1, column: start + 1, start, end }
    }

    #[test]
    fn a_diagnostic_shows_the_place_the_other_places_and_the_advice() {
        let source = "if a do\n  b\n";
        let diagnostic = Diagnostic {
            title:
                "** (TokenMissingError) a.exs:3:1: missing terminator: end (for \"do\" starting at line 1)"
                    .to_owned(),
            file: "a.exs".to_owned(),
            span: span(12, 12),
            labels: vec![Label { span: span(5, 7), text: "this `do` has no `end`".to_owned() }],
            notes: Vec::new(),
            help: Some("close the `do` of line 1 with `end`".to_owned()),
        };
        let shown = diagnostic.render(source, Colour::Never);
        let expected = "\
** (TokenMissingError) a.exs:3:1: missing terminator: end (for \"do\" starting at line 1)
  |
1 | if a do
  |      -- this `do` has no `end`
2 |   b
  |    ^
  |
  = help: close the `do` of line 1 with `end`";
        assert_eq!(shown, expected);
    }

    #[test]
    fn spans_that_do_not_fit_the_text_are_moved_into_it() {
        let diagnostic = Diagnostic {
            title: "odd".to_owned(),
            file: "a.exs".to_owned(),
            span: span(1, 1),
            labels: vec![Label { span: span(90, 7), text: String::new() }],
            notes: vec!["a note".to_owned()],
            help: None,
        };
        for source in ["", "é", "日本\n"] {
            assert!(diagnostic.render(source, Colour::Always).contains("odd"));
        }
    }
}
