//! Brackets, `do`, `fn`, and what closes them.

use super::token::TokenKind;
use super::{Scanner, quotes};
use crate::elixir::syntax::DEPTH_LIMIT;
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};

/// What was opened and must be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bracket {
    Parenthesis,
    Square,
    Curly,
    Bits,
    Do,
    Fn,
    /// `#{` in a text.
    Interpolation,
}

impl Bracket {
    pub(crate) fn opening(self) -> &'static str {
        match self {
            Bracket::Parenthesis => "(",
            Bracket::Square => "[",
            Bracket::Curly => "{",
            Bracket::Bits => "<<",
            Bracket::Do => "do",
            Bracket::Fn => "fn",
            Bracket::Interpolation => "#{",
        }
    }

    pub(crate) fn closing(self) -> &'static str {
        match self {
            Bracket::Parenthesis => ")",
            Bracket::Square => "]",
            Bracket::Curly | Bracket::Interpolation => "}",
            Bracket::Bits => ">>",
            Bracket::Do | Bracket::Fn => "end",
        }
    }
}

/// What stands in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Expressions on lines of their own.
    Block,
    /// What commas separate.
    Elements,
    /// `a[`.
    Access,
}

/// Something open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opener {
    pub(crate) bracket: Bracket,
    /// Its number among the tokens.
    pub(crate) token: usize,
    /// Its first byte.
    pub(crate) start: usize,
    /// The indentation of its line.
    indentation: u32,
    /// Whether it is `a[`.
    pub(crate) access: bool,
    /// Whether the ends of lines separate expressions in it.
    pub(crate) lines: bool,
    /// A block below that ended at this opener's indentation although it began deeper: probably it is this one's `end`.
    suspect: Option<(usize, usize)>,
}

impl Scanner<'_> {
    /// How far the line of a byte is indented, in bytes.
    fn indentation(&self, at: usize) -> u32 {
        let (line, _) = self.places.of(at);
        let begin = self.places.line_start(line as usize - 1);
        let rest = self.text.get(begin..).unwrap_or_default();
        crate::elixir::syntax::places::narrow(
            rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count(),
        )
    }

    fn push_opener(&mut self, bracket: Bracket, form: Form) -> Outcome<()> {
        let token = self.tokens.len().saturating_sub(1);
        let start = self.tokens.last().map_or(0, |token| token.start as usize);
        if self.openers.len() >= DEPTH_LIMIT as usize {
            let title = format!("the program is nested more than {DEPTH_LIMIT} levels deep");
            let error = SyntaxError::new(self.places.span(start, self.at), title);
            return refuse(error.hint("take parts of it out into variables or functions"));
        }
        let indentation =
            if matches!(bracket, Bracket::Do | Bracket::Fn) { self.indentation(start) } else { 0 };
        let access = form == Form::Access;
        let lines = form == Form::Block;
        self.openers.push(Opener { bracket, token, start, indentation, access, lines, suspect: None });
        Ok(())
    }

    /// `(`, `[`, `{`, `<<`.
    pub(super) fn open(&mut self, length: usize) -> Outcome<()> {
        let bracket = match self.peek(0) {
            Some(b'(') => Bracket::Parenthesis,
            Some(b'[') => Bracket::Square,
            Some(b'{') => Bracket::Curly,
            _ => Bracket::Bits,
        };
        let last = self.last();
        let touches = last.is_some_and(|last| last.end as usize == self.at);
        if bracket == Bracket::Parenthesis
            && let Some(last) = last
            && last.kind == TokenKind::Alias
        {
            let title = format!(
                "unexpected ( after alias {}. Function names and identifiers in Elixir start with lowercase characters or \
                 underscore. For example:",
                self.slice(last)
            );
            // Elixir points behind the parenthesis.
            let error = SyntaxError::new(self.places.span(self.at + 1, self.at + 1), title);
            return refuse(
                error.hint("write the name of the function with a small letter, or `Module.function(…)`"),
            );
        }
        if bracket == Bracket::Curly {
            self.patches.struct_name(&self.tokens);
        }
        let call = touches && last.is_some_and(|last| last.ends_expression() || last.kind == TokenKind::Dot);
        let mut form = if bracket == Bracket::Parenthesis && !call { Form::Block } else { Form::Elements };
        if bracket == Bracket::Square
            && let Some(last) = last
            && last.ends_expression()
        {
            if touches || last.kind != TokenKind::Identifier {
                form = Form::Access;
            }
            if form == Form::Access && !touches {
                self.patches.pull_bracket(last.end as usize, self.at);
            }
        }
        self.push(TokenKind::Open, length);
        self.push_opener(bracket, form)
    }

    /// `do`.
    pub(super) fn open_do(&mut self) -> Outcome<()> {
        let last = self.last();
        let span = self.places.span(self.at, self.at + 2);
        let hint = "a block is `call do … end`; as a keyword it is `call, do: …`, with a comma before and a colon behind `do`";
        match last.map(|last| (last.kind, self.slice(last))) {
            Some((TokenKind::Fn, _)) => {
                let error = SyntaxError::new(
                    span,
                    "unexpected reserved word: do. Anonymous functions are written as:",
                );
                return refuse(error.hint("fn pattern -> expression end"));
            }
            Some((TokenKind::Comma | TokenKind::Semicolon | TokenKind::Section, _)) => {
                let title = "unexpected reserved word: do. In case you wanted to write a \"do\" expression, you must either use \
                             do-blocks or separate the keyword argument with comma. For example, you should either write:";
                return refuse(SyntaxError::new(span, title).hint(hint));
            }
            _ => {}
        }
        self.push(TokenKind::Do, 2);
        self.push_opener(Bracket::Do, Form::Block)
    }

    /// `fn`.
    pub(super) fn open_fn(&mut self) -> Outcome<()> {
        self.push(TokenKind::Fn, 2);
        self.push_opener(Bracket::Fn, Form::Block)
    }

    /// `#{`.
    pub(super) fn open_interpolation(&mut self) -> Outcome<()> {
        self.push(TokenKind::Interpolation, 2);
        self.push_opener(Bracket::Interpolation, Form::Block)
    }

    /// `)`, `]`, `}`, `>>`, `end`.
    pub(super) fn close(&mut self, length: usize) -> Outcome<()> {
        let word = self.rest().get(..length).unwrap_or_default();
        let span = self.places.span(self.at, self.at + length);
        let unexpected = if word == "end" { "unexpected reserved word" } else { "unexpected token" };
        let Some(opener) = self.openers.last().copied() else {
            let error = SyntaxError::new(span, format!("{unexpected}: {word}"));
            return refuse(error.hint(self.nothing_open(word)));
        };
        if opener.bracket.closing() != word {
            if opener.bracket == Bracket::Interpolation {
                let error = SyntaxError::new(span, format!("{unexpected}: {word}"));
                return refuse(error.hint("inside an interpolation, `}` comes first"));
            }
            let (open, close) = (opener.bracket.opening(), opener.bracket.closing());
            let place = self.places.span(opener.start, opener.start + open.len());
            let title = format!(
                "{unexpected}: {word}. The \"{open}\" at line {} is missing terminator \"{close}\"",
                place.line
            );
            return refuse(
                SyntaxError::new(span, title)
                    .label(place, format!("this {open} is not closed"))
                    .hint(format!("close the `{open}` with `{close}` before this `{word}`")),
            );
        }
        self.openers.pop();
        if opener.bracket == Bracket::Interpolation {
            self.push(TokenKind::InterpolationEnd, 1);
            self.patches.end_of_interpolation(&self.tokens, opener);
            return self.quote_body();
        }
        self.push(if word == "end" { TokenKind::End } else { TokenKind::Close }, length);
        if opener.bracket == Bracket::Parenthesis {
            self.patches.end_of_capture(&self.tokens, opener);
        }
        if opener.access {
            self.patches.end_of_access(&self.tokens, opener);
        }
        if word == "end" {
            self.suspect_indentation(opener);
        }
        Ok(())
    }

    /// Remembers an `end` that stands further left than what it closes: that one probably lacks its own `end`.
    fn suspect_indentation(&mut self, closed: Opener) {
        let at = self.at - 3;
        let indentation = self.indentation(at);
        let starts_line = self.places.of(at).1 == indentation + 1;
        let deeper = starts_line && indentation < closed.indentation;
        let suspect = closed.suspect.or_else(|| deeper.then_some((closed.start, at)));
        if let (Some(outer), Some(suspect)) = (self.openers.last_mut(), suspect)
            && outer.suspect.is_none()
        {
            outer.suspect = Some(suspect);
        }
    }

    fn nothing_open(&self, word: &str) -> String {
        match word {
            "end" => "no `do` or `fn` before it is open: is there one `end` too many, or is a `do` missing?"
                .to_owned(),
            _ => format!("nothing that it could close is open before this `{word}`"),
        }
    }

    /// At the end of the text everything must be closed.
    pub(super) fn finish(&mut self) -> Outcome<()> {
        let span = self.places.span(self.end, self.end);
        if let Some(Opener { bracket: Bracket::Interpolation, start, .. }) = self.openers.last()
            && let Some(quote) = self.quotes.last()
        {
            let line = self.places.of(quote.start).0;
            let title = format!(
                "missing interpolation terminator: \"}}\" (for {} starting at line {line})",
                quote.what()
            );
            let error = SyntaxError::missing(self.places.span(*start, *start + 2), title);
            return refuse(error.hint("close the interpolation with `}`"));
        }
        let Some(opener) = self.openers.last() else { return Ok(()) };
        let (open, close) = (opener.bracket.opening(), opener.bracket.closing());
        let place = self.places.span(opener.start, opener.start + open.len());
        let title = format!("missing terminator: {close} (for \"{open}\" starting at line {})", place.line);
        let mut error =
            SyntaxError::missing(span, title).label(place, format!("this `{open}` has no `{close}`"));
        if let Some((start, end)) = opener.suspect {
            let (line, end_line) = (self.places.of(start).0, self.places.of(end).0);
            let word = self.source.get(start..start + 2).unwrap_or_default();
            error = error
                .label(self.places.span(start, start + 2), format!("probably this `{word}` lacks its `end`"))
                .hint(format!(
                    "the `end` on line {end_line} closes the `{word}` on line {line}, but is indented as if it closed something \
                     further out: put an `end` before it"
                ));
        } else {
            error = error.hint(format!("close the `{open}` of line {} with `{close}`", place.line));
        }
        refuse(error)
    }

    /// The text that is being read at the end of the program.
    pub(super) fn unfinished(&self, quote: &quotes::Quote) -> SyntaxError {
        let end = self.text.len();
        let place = self.places.span(quote.start, quote.body);
        let title = format!(
            "missing terminator: {} (for {} starting at line {})",
            quote.closing(),
            quote.what(),
            place.line
        );
        SyntaxError::missing(self.places.span(end, end), title)
            .label(place, "the text begins here")
            .hint(format!("close it with `{}`", quote.closing()))
    }
}
