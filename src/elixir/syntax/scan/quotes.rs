//! Strings, charlists, heredocs, sigils, quoted atoms: where they end, and the interpolations in them.

use super::Scanner;
use super::token::{Token, TokenKind};
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::escapes::unescape;

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    String,
    Heredoc,
    Sigil(char),
    Atom,
    /// The name of a call: `a."b"()`.
    Name,
}

/// A text that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quote {
    form: Form,
    /// The byte that closes it, and how often it must stand there.
    closing: u8,
    count: usize,
    interpolates: bool,
    /// The number of its token.
    token: usize,
    pub(super) start: usize,
    /// The first byte of its inside.
    pub(super) body: usize,
}

impl Quote {
    pub(super) fn closing(&self) -> String {
        String::from(char::from(self.closing)).repeat(self.count)
    }

    /// What Elixir calls it.
    pub(super) fn what(&self) -> String {
        match self.form {
            Form::String => "string".to_owned(),
            Form::Heredoc => "heredoc".to_owned(),
            Form::Atom => "atom".to_owned(),
            Form::Name => "function name".to_owned(),
            Form::Sigil(name) => {
                let opening = match self.closing {
                    b')' => '(',
                    b']' => '[',
                    b'}' => '{',
                    b'>' => '<',
                    same => char::from(same),
                };
                format!("sigil ~{name}{opening}")
            }
        }
    }
}

/// The first character that would show text in another order than it is read, and its place.
pub(super) fn bidirectional(text: &str) -> Option<(usize, char)> {
    if text.is_ascii() {
        return None;
    }
    text.char_indices().find(|(_, c)| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

impl Scanner<'_> {
    /// `"`, `'`, `"""`, `'''`.
    pub(super) fn open_quote(&mut self) -> Outcome<()> {
        let mark = self.peek(0).unwrap_or(b'"');
        let triple = self.peek(1) == Some(mark) && self.peek(2) == Some(mark);
        let name = self.last().is_some_and(|last| last.kind == TokenKind::Dot);
        let form = match (name, triple) {
            (true, _) => Form::Name,
            (false, true) => Form::Heredoc,
            (false, false) => Form::String,
        };
        let count = if triple && !name { 3 } else { 1 };
        let kind = if name { TokenKind::Identifier } else { TokenKind::Text };
        self.open_text(kind, form, count, mark, count, true)
    }

    /// `:"`.
    pub(super) fn open_atom_quote(&mut self) -> Outcome<()> {
        let mark = self.peek(1).unwrap_or(b'"');
        self.open_text(TokenKind::Atom, Form::Atom, 2, mark, 1, true)
    }

    /// `~r/`.
    pub(super) fn sigil(&mut self) -> Outcome<()> {
        let name = char::from(self.peek(1).unwrap_or(b's'));
        let closing = match self.peek(2) {
            Some(b'(') => b')',
            Some(b'[') => b']',
            Some(b'{') => b'}',
            Some(b'<') => b'>',
            Some(same @ (b'/' | b'|' | b'"' | b'\'')) => same,
            _ => {
                let found =
                    self.source.get(self.at + 2..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                let (_, column) = self.places.of(self.at + 2);
                let title = format!(
                    "invalid sigil delimiter: \"{found}\" (column {column}, code point U+{:04X}). The available delimiters are: \
                     //, ||, \"\", '', (), [], {{}}, <>",
                    u32::from(found)
                );
                return self.error(self.at, self.at + 2, title);
            }
        };
        let triple =
            matches!(closing, b'"' | b'\'') && self.peek(3) == Some(closing) && self.peek(4) == Some(closing);
        let count = if triple { 3 } else { 1 };
        let form = if triple { Form::Heredoc } else { Form::Sigil(name) };
        self.open_text(TokenKind::Sigil, form, 2 + count, closing, count, name.is_ascii_lowercase())
    }

    fn open_text(
        &mut self,
        kind: TokenKind,
        form: Form,
        length: usize,
        closing: u8,
        count: usize,
        interpolates: bool,
    ) -> Outcome<()> {
        let start = self.at;
        self.push(kind, length);
        let token = self.tokens.len() - 1;
        self.quotes.push(Quote { form, closing, count, interpolates, token, start, body: self.at });
        if count == 3 {
            let header = self.rest().split('\n').next().unwrap_or_default();
            let blank = header.trim_matches([' ', '\t', '\r']).is_empty();
            if !blank || header.len() == self.rest().len() {
                let mark = self.source.get(self.at - 3..self.at).unwrap_or_default();
                let title = format!(
                    "heredoc allows only zero or more whitespace characters followed by a new line after {mark}"
                );
                return self.error(start, self.at, title);
            }
        }
        self.quote_body()
    }

    /// Reads the inside of the innermost text, up to its end or to an interpolation.
    pub(super) fn quote_body(&mut self) -> Outcome<()> {
        let Some(quote) = self.quotes.last().copied() else { return Ok(()) };
        // A heredoc ends only where a line begins.
        let mut line_begins = false;
        loop {
            let Some(byte) = self.peek(0) else { return refuse(self.unfinished(&quote)) };
            match byte {
                b'\\' => {
                    let next = self.rest().chars().nth(1);
                    let sigil =
                        matches!(self.tokens.get(quote.token), Some(Token { kind: TokenKind::Sigil, .. }));
                    match next {
                        Some('\\') if !quote.interpolates => self.patches.fill(self.at, 2),
                        Some('x' | 'u') if sigil => self.patches.fill(self.at, 2),
                        Some('x' | 'u') => self.check_escape(&quote)?,
                        _ => {}
                    }
                    line_begins = next == Some('\n');
                    self.at += 1 + next.map_or(0, char::len_utf8);
                }
                b'#' if quote.interpolates && self.peek(1) == Some(b'{') => return self.open_interpolation(),
                b'\n' => {
                    self.at += 1;
                    line_begins = true;
                }
                b' ' | b'\t' => self.at += 1,
                _ if byte == quote.closing && self.closes(&quote, line_begins) => {
                    return self.end_text(quote);
                }
                0xE2 => {
                    if let Some((0, bad)) = bidirectional(self.rest().get(..3).unwrap_or_default()) {
                        let title = format!(
                            "invalid bidirectional formatting character in string: \\u{:04X}. If you want to use such character, \
                             use it in its escaped \\u{:04X} form instead",
                            u32::from(bad),
                            u32::from(bad)
                        );
                        return self.error(self.at, self.at + 3, title);
                    }
                    self.at += 3;
                    line_begins = false;
                }
                _ => {
                    self.at += 1;
                    line_begins = false;
                }
            }
        }
    }

    /// Refuses `\xZZ` and the like.
    fn check_escape(&self, quote: &Quote) -> Outcome<()> {
        let rest = self.rest();
        let escape: usize = rest.chars().take(10).map(char::len_utf8).sum();
        let Err(bad) = unescape(rest.get(..escape).unwrap_or_default(), &mut Vec::new()) else {
            return Ok(());
        };
        if bad.at > 0 {
            return Ok(());
        }
        // Elixir points to the beginning of the text.
        let start = if quote.form == Form::Atom { quote.start } else { quote.start + quote.count };
        let error = SyntaxError::new(self.places.span(start, start), bad.title);
        refuse(error.label(self.places.span(self.at, self.at + 2), "this escape"))
    }

    fn closes(&self, quote: &Quote, line_begins: bool) -> bool {
        quote.count == 1
            || (line_begins && self.peek(1) == Some(quote.closing) && self.peek(2) == Some(quote.closing))
    }

    fn end_text(&mut self, quote: Quote) -> Outcome<()> {
        self.at += quote.count;
        self.quotes.pop();
        let mut key = false;
        match quote.form {
            Form::String if self.is_key(0) => {
                self.at += 1;
                key = true;
            }
            _ => {}
        }
        let sigil = self.tokens.get(quote.token).is_some_and(|token| token.kind == TokenKind::Sigil);
        if sigil {
            while self.peek(0).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
                self.at += 1;
            }
        }
        let end = crate::elixir::syntax::places::narrow(self.at);
        if let Some(token) = self.tokens.get_mut(quote.token) {
            token.end = end;
            if key {
                token.kind = TokenKind::Key;
            }
        }
        // The words of interpolations stand behind the text that they are in; the text itself comes last again.
        if self.tokens.len() > quote.token + 1
            && let Some(token) = self.tokens.get(quote.token).copied()
        {
            self.tokens.push(token);
        }
        Ok(())
    }
}
