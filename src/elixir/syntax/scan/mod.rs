//! The words of a program, its brackets, and what tree-sitter's grammar gets wrong about both.
//!
//! Elixir reads all words before it looks at their order, so what is wrong with a word, a text or the balance of brackets is
//! reported first, whatever else is wrong. This pass does the same, in one go and without recursion, and finds the words at which
//! the messages of later passes point. It also finds the few places that tree-sitter would read in another way than Elixir
//! ([`patches`]).

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the words of a language: each place names those that mean something there"
)]

mod brackets;
mod numbers;
pub(crate) mod patches;
mod quotes;
pub(crate) mod token;
mod words;

use super::DEPTH_LIMIT;
use super::error::{Outcome, SyntaxError, refuse};
use super::places::{Places, narrow};
use brackets::Opener;
use patches::Patches;
use quotes::Quote;
use token::{Token, TokenKind};

/// All words of a text.
pub(crate) struct Scanned {
    pub(crate) tokens: Vec<Token>,
    pub(crate) patches: Patches,
    /// The first word that begins a line although the brackets around it separate with commas, or a comma that does.
    pub(crate) stray: Option<Token>,
}

/// What reads words.
struct Scanner<'s> {
    source: &'s str,
    text: &'s [u8],
    places: &'s Places<'s>,
    at: usize,
    tokens: Vec<Token>,
    openers: Vec<Opener>,
    quotes: Vec<Quote>,
    patches: Patches,
    stray: Option<Token>,
    /// Where the program ends: comments have no width for Elixir.
    end: usize,
    /// The first byte after the end of a line that was read last.
    line: usize,
    /// How many empty lines have just been read.
    empty_lines: usize,
    /// How many binary operators there are in the expression at hand, roughly.
    operators: u32,
}

/// How many empty lines in a row tree-sitter gets to see.
const EMPTY_LINES: usize = 8;

/// How many operators may stand in a row, without a bracket, a comma or an end of a line between them. A longer chain is hardly
/// ever less deep than is allowed, and takes long to be read.
const OPERATORS_IN_A_ROW: u32 = 4 * DEPTH_LIMIT;

/// The operators, longest first.
const OPERATORS: [&str; 45] = [
    "...", "~~~", "&&&", "|||", "===", "!==", "^^^", "<<<", ">>>", "~>>", "<<~", "<~>", "<|>", "+++", "---",
    "==", "!=", "=~", "<=", ">=", "&&", "||", "++", "--", "**", "<>", "<-", "|>", "<~", "~>", "->", "=>",
    "::", "//", "..", "\\\\", "+", "-", "*", "/", "^", "!", "&", "|", "=",
];

/// What may stand before `:` as a key although it is no single operator.
const SPECIAL_NAMES: [&str; 5] = ["..//", "<<>>", "%{}", "{}", "%"];

/// Reads the words of a text.
pub(crate) fn scan(source: &str, places: &Places<'_>) -> Outcome<Scanned> {
    let mut scanner = Scanner {
        source,
        text: source.as_bytes(),
        places,
        at: 0,
        tokens: Vec::with_capacity(source.len() / 4),
        openers: Vec::new(),
        quotes: Vec::new(),
        patches: Patches::default(),
        stray: None,
        end: source.len(),
        line: 0,
        empty_lines: 0,
        operators: 0,
    };
    while scanner.at < scanner.text.len() {
        scanner.step()?;
        if scanner.operators > OPERATORS_IN_A_ROW {
            let title = format!("more than {OPERATORS_IN_A_ROW} operators in a row");
            return scanner.error(scanner.at, scanner.at, title);
        }
    }
    scanner.finish()?;
    Ok(Scanned { tokens: scanner.tokens, patches: scanner.patches, stray: scanner.stray })
}

impl<'s> Scanner<'s> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn last(&self) -> Option<Token> {
        self.tokens.last().copied()
    }

    fn slice(&self, token: Token) -> &'s str {
        self.source.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// Takes the next bytes as a token.
    fn push(&mut self, kind: TokenKind, length: usize) {
        let start = self.at;
        self.at = (self.at + length).min(self.text.len());
        let token = Token { kind, start: narrow(start), end: narrow(self.at) };
        if self.stray.is_none() && self.is_stray(kind) {
            self.stray = Some(token);
        }
        match kind {
            TokenKind::Operator | TokenKind::Capture => self.operators += 1,
            TokenKind::Newline
            | TokenKind::Semicolon
            | TokenKind::Comma
            | TokenKind::Arrow
            | TokenKind::Open
            | TokenKind::Close => {
                self.operators = 0;
            }
            _ => {}
        }
        self.tokens.push(token);
    }

    /// Whether a token cannot stand behind those before it, although tree-sitter might think so.
    fn is_stray(&self, kind: TokenKind) -> bool {
        let last = self.last();
        let newline = last.is_some_and(|last| last.kind == TokenKind::Newline);
        let before = if newline { self.tokens.iter().nth_back(1).copied() } else { last };
        match kind {
            TokenKind::Comma => newline,
            TokenKind::Do | TokenKind::End | TokenKind::Section => {
                before.is_some_and(|before| match before.kind {
                    TokenKind::Operator => self.slice(before) != "..",
                    TokenKind::Capture | TokenKind::Key | TokenKind::Percent => true,
                    _ => false,
                })
            }
            TokenKind::Close | TokenKind::InterpolationEnd => false,
            _ => {
                newline
                    && before.is_some_and(Token::ends_expression)
                    && self.openers.last().is_some_and(|opener| !opener.lines)
            }
        }
    }

    fn error<T>(&self, start: usize, end: usize, title: impl Into<String>) -> Outcome<T> {
        refuse(SyntaxError::new(self.places.span(start, end), title))
    }

    /// A character that can begin nothing.
    fn unexpected<T>(&self) -> Outcome<T> {
        let character = self.rest().chars().next().unwrap_or(' ');
        let (_, column) = self.places.of(self.at);
        let title = format!(
            "unexpected token: \"{character}\" (column {column}, code point U+{:04X})",
            u32::from(character)
        );
        self.error(self.at, self.at + character.len_utf8(), title)
    }

    /// Reads one token, or passes over what is none.
    fn step(&mut self) -> Outcome<()> {
        let Some(byte) = self.peek(0) else { return Ok(()) };
        match byte {
            b' ' | b'\t' => self.at += 1,
            b'\r' if self.peek(1) == Some(b'\n') => self.at += 1,
            b'\n' => self.newline(),
            b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
            b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
            b'\\' if self.peek(1).is_none() => {
                let span = self.places.span(self.at, self.at + 1);
                return refuse(SyntaxError::missing(span, "invalid escape \\ at end of file"));
            }
            b'#' => return self.comment(),
            b'0'..=b'9' => return self.number(),
            b'?' => return self.character(),
            b'a'..=b'z' | b'_' => return self.word(),
            b'A'..=b'Z' => return self.alias(),
            b'"' | b'\'' => return self.open_quote(),
            b':' => return self.colon(),
            b'~' if self.peek(1).is_some_and(|next| next.is_ascii_alphabetic()) => return self.sigil(),
            b',' => self.push(TokenKind::Comma, 1),
            b';' => return self.semicolon(),
            0x80.. => return self.word(),
            _ => return self.punctuation(),
        }
        Ok(())
    }

    /// The end of a line means nothing behind a comma, a semicolon, or another end of a line.
    fn newline(&mut self) {
        let blank = self.source.get(self.line..self.at).unwrap_or_default().trim_ascii().is_empty();
        self.empty_lines = if blank { self.empty_lines + 1 } else { 0 };
        self.line = self.at + 1;
        if self.empty_lines > EMPTY_LINES {
            self.patches.empty_line(self.at);
        }
        let idle = [TokenKind::Comma, TokenKind::Semicolon, TokenKind::Newline];
        if self.last().is_none_or(|last| !idle.contains(&last.kind)) {
            self.push(TokenKind::Newline, 1);
        } else {
            self.at += 1;
        }
    }

    fn semicolon(&mut self) -> Outcome<()> {
        match self.last().map(|last| last.kind) {
            Some(TokenKind::Semicolon) => return self.unexpected(),
            Some(TokenKind::Newline) => {
                self.tokens.pop();
            }
            _ => {}
        }
        let ends_line = self
            .source
            .get(self.at + 1..)
            .unwrap_or_default()
            .trim_start_matches([' ', '\t', '\r'])
            .starts_with(['\n', '#']);
        if ends_line
            && self.last().is_some_and(|last| last.ends_expression() || last.kind == TokenKind::Arrow)
        {
            self.patches.idle_semicolon(self.at);
        }
        self.push(TokenKind::Semicolon, 1);
        if self.stray.is_none() && self.openers.last().is_some_and(|opener| !opener.lines) {
            self.stray = self.last();
        }
        self.patches.separator(self.at - 1, self.openers.last());
        Ok(())
    }

    fn comment(&mut self) -> Outcome<()> {
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        let end = self.at + length;
        if let Some(bad) = quotes::bidirectional(self.source.get(self.at..end).unwrap_or_default()) {
            let title =
                format!("invalid bidirectional formatting character in comment: \\u{:04X}", u32::from(bad.1));
            return self.error(self.at, self.at + bad.0, title);
        }
        if end == self.text.len() {
            self.end = self.at;
        }
        self.at = end;
        Ok(())
    }

    /// Operators and brackets.
    fn punctuation(&mut self) -> Outcome<()> {
        if let Some(name) =
            SPECIAL_NAMES.iter().find(|name| self.rest().starts_with(**name) && self.is_key(name.len()))
        {
            self.push(TokenKind::Key, name.len() + 1);
            return Ok(());
        }
        match self.peek(0) {
            Some(b'(' | b'[' | b'{') => return self.open(1),
            Some(b')' | b']' | b'}') => return self.close(1),
            Some(b'%') => return self.percent(),
            Some(b'<')
                if self.rest().starts_with("<<")
                    && !self.rest().starts_with("<<<")
                    && !self.rest().starts_with("<<~") =>
            {
                return self.open(2);
            }
            Some(b'>') if self.rest().starts_with(">>") && !self.rest().starts_with(">>>") => {
                return self.close(2);
            }
            _ => {}
        }
        let found = OPERATORS.iter().find(|operator| self.rest().starts_with(**operator));
        let length = match (found, self.peek(0)) {
            (Some(operator), _) => operator.len(),
            (None, Some(b'<' | b'>' | b'@')) => 1,
            (None, Some(b'.')) => return self.dot(),
            (None, _) => return self.unexpected(),
        };
        if self.is_key(length) {
            self.push(TokenKind::Key, length + 1);
            return Ok(());
        }
        self.operator(length);
        Ok(())
    }

    fn operator(&mut self, length: usize) {
        let operator = self.rest().get(..length).unwrap_or_default();
        if operator == "..." {
            self.push(TokenKind::Identifier, length);
            return;
        }
        // An operator goes on with the expression of the line before; but `..` and unary ones may begin one.
        let unary = matches!(operator, "+" | "-" | "!" | "^" | "&" | "@" | "~~~" | "..");
        if !unary && self.last().is_some_and(|last| last.kind == TokenKind::Newline) {
            self.tokens.pop();
        }
        let before = self.last();
        self.patches.dual(self.text, self.at, length, self.last());
        let kind = match operator {
            "->" => TokenKind::Arrow,
            "&" => TokenKind::Capture,
            _ => TokenKind::Operator,
        };
        self.push(kind, length);
        if !unary && before.is_some_and(|before| before.kind == TokenKind::Semicolon) && self.stray.is_none()
        {
            self.stray = self.last();
        }
    }

    fn percent(&mut self) -> Outcome<()> {
        if let Some(bracket @ (b'[' | b'(')) = self.peek(1) {
            let title = format!("expected %{{ to define a map, got: %{}", char::from(bracket));
            return self.error(self.at, self.at + 2, title);
        }
        self.push(TokenKind::Percent, 1);
        Ok(())
    }

    /// A dot, and the name behind it, which may be any word or operator.
    fn dot(&mut self) -> Outcome<()> {
        if self.last().is_some_and(|last| last.kind == TokenKind::Newline) {
            self.tokens.pop();
        }
        self.push(TokenKind::Dot, 1);
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'#') => self.comment()?,
                _ => break,
            }
        }
        match self.peek(0) {
            Some(b'"' | b'\'') => self.open_quote(),
            Some(b'a'..=b'z' | b'_') => self.name(),
            Some(0x80..) => self.word(),
            _ => {
                let found = OPERATORS
                    .iter()
                    .find(|operator| **operator != "=>" && self.rest().starts_with(**operator));
                let length = found
                    .map_or(usize::from(matches!(self.peek(0), Some(b'<' | b'>' | b'@'))), |operator| {
                        operator.len()
                    });
                if length > 0 && !(self.rest().starts_with("<<") && length == 1) {
                    self.push(TokenKind::Identifier, length);
                }
                Ok(())
            }
        }
    }

    /// Whether `:` and a blank follow after some bytes.
    fn is_key(&self, after: usize) -> bool {
        self.peek(after) == Some(b':') && matches!(self.peek(after + 1), Some(b' ' | b'\t' | b'\n' | b'\r'))
    }
}
