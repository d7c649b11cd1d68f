//! Where tree-sitter's grammar would read a text in another way than Elixir does, or not at all.
//!
//! The text that tree-sitter gets differs from the program in a few bytes, never in their number: so every byte keeps its place, and
//! whatever is taken from the text is taken from the program itself.
//!
//! - `f -(1)` is a subtraction for Elixir: the operator moves to the left, `f- (1)`.
//! - `[a] [b]` is an access for Elixir: the bracket moves to the left.
//! - `&(a).b` is `&((a).b)` for Elixir: the parentheses become those of a list.
//! - `#{a; b}`, `a[b: c]` and the name in `%A.b{}` are read on their own; what holds them gets something simpler instead.
//! - `a;` at the end of a line loses its semicolon: tree-sitter takes it and the line's end for two, and then for the end of a clause.
//! - Of many empty lines in a row, only the first few stay: tree-sitter looks at all that follow each one.
//! - `a index` is a call, not `a in dex`: the name behind another expression begins with `x`.
//! - Letters beyond ASCII, in names, become `x`; `\\` in a sigil without escapes becomes `xx`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::brackets::{Bracket, Opener};
use super::token::{Token, TokenKind};

/// A part of the text that is read on its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Apart {
    /// The inside of an interpolation, up to this byte.
    Interpolation(usize),
    /// `[b: c]` of an access, brackets included, up to this byte.
    Access(usize),
    /// `A.b` in `%A.b{}`, up to this byte.
    Struct(usize),
}

impl Apart {
    pub(crate) fn end(self) -> usize {
        match self {
            Apart::Interpolation(end) | Apart::Access(end) | Apart::Struct(end) => end,
        }
    }
}

/// What to change before tree-sitter reads a text.
#[derive(Debug, Default)]
pub(crate) struct Patches {
    /// New bytes at places, in the order in which they apply.
    bytes: Vec<(usize, u8)>,
    /// What is read on its own, by its first byte.
    pub(crate) apart: BTreeMap<usize, Apart>,
    /// Interpolations, by their token, that hold a semicolon.
    semicolons: Vec<usize>,
    /// Places of `..` behind a name, which must be between two operands.
    pub(crate) ranges: Vec<u32>,
}

impl Patches {
    /// The text that tree-sitter gets, except that nothing is taken out of it yet.
    pub(crate) fn base<'s>(&self, source: &'s str) -> Cow<'s, [u8]> {
        if self.bytes.is_empty() {
            return Cow::Borrowed(source.as_bytes());
        }
        let mut text = source.as_bytes().to_vec();
        for (at, byte) in &self.bytes {
            if let Some(place) = text.get_mut(*at) {
                *place = *byte;
            }
        }
        Cow::Owned(text)
    }

    /// A part of the base, without what is read on its own in turn.
    pub(crate) fn part<'b>(&self, base: &'b [u8], from: usize, to: usize) -> Cow<'b, [u8]> {
        let part = base.get(from..to).unwrap_or_default();
        if self.apart.range(from + 1..to).next().is_none() {
            return Cow::Borrowed(part);
        }
        let mut part = part.to_vec();
        let mut done = from;
        for (start, apart) in self.apart.range(from + 1..to) {
            // What is within something that is read on its own has no place here at all.
            if *start >= done {
                blank(&mut part, *apart, start - from, apart.end() - from);
                done = apart.end();
            }
        }
        Cow::Owned(part)
    }

    /// `f -(1)`: a sign behind a name and a blank, and before a bracket.
    pub(super) fn dual(&mut self, text: &[u8], at: usize, length: usize, last: Option<Token>) {
        let Some(last) = last.filter(|last| last.kind == TokenKind::Identifier) else { return };
        if length == 2 && text.get(at..at + 2) == Some(b"..") {
            self.ranges.push(super::narrow(at));
        }
        if length != 1 || last.end as usize == at {
            return;
        }
        let sign = text.get(at).copied().unwrap_or_default();
        if matches!(sign, b'+' | b'-')
            && matches!(text.get(at + 1), Some(b'(' | b'[' | b'<' | b'{' | b'%' | b'+' | b'-'))
        {
            self.bytes.push((at, b' '));
            self.bytes.push((last.end as usize, sign));
        }
    }

    /// `[a] [b]`.
    pub(super) fn pull_bracket(&mut self, to: usize, from: usize) {
        self.bytes.push((from, b' '));
        self.bytes.push((to, b'['));
    }

    /// The brace of `%A.b{`, behind these words.
    pub(super) fn struct_name(&mut self, tokens: &[Token]) {
        let names =
            |token: &&Token| matches!(token.kind, TokenKind::Alias | TokenKind::Identifier | TokenKind::Dot);
        let count = tokens.iter().rev().take_while(names).count();
        let (before, name) = tokens.split_at(tokens.len() - count);
        if before.last().is_some_and(|last| last.kind == TokenKind::Percent)
            && let [first, .., last] = name
            && last.kind == TokenKind::Identifier
        {
            self.apart.insert(first.start as usize, Apart::Struct(last.end as usize));
        }
    }

    /// `&(…)` has ended: one expression in it is seen as a list.
    pub(super) fn end_of_capture(&mut self, tokens: &[Token], opener: Opener) {
        let last = tokens.len() - 1;
        let inside = tokens.get(opener.token + 1..last).unwrap_or_default();
        let open = tokens.get(opener.token).copied();
        let behind = opener.token.checked_sub(1).and_then(|before| tokens.get(before));
        if behind.is_none_or(|before| before.kind != TokenKind::Capture) {
            return;
        }
        if let (Some(open), Some(close)) = (open, tokens.get(last))
            && !inside.is_empty()
            && !has_separators(inside)
        {
            self.bytes.push((open.start as usize, b'['));
            self.bytes.push((close.start as usize, b']'));
        }
    }

    /// Letters beyond ASCII.
    pub(super) fn plain_letters(&mut self, text: &[u8], at: usize, length: usize) {
        for place in at..at + length {
            if text.get(place).is_some_and(|byte| !byte.is_ascii()) {
                self.bytes.push((place, b'x'));
            }
        }
    }

    /// The end of an empty line among many.
    pub(super) fn empty_line(&mut self, at: usize) {
        self.bytes.push((at, b' '));
    }

    /// A semicolon at the end of a line, which the end of the line does as well.
    pub(super) fn idle_semicolon(&mut self, at: usize) {
        self.bytes.push((at, b' '));
    }

    /// Bytes that mean nothing.
    pub(super) fn fill(&mut self, at: usize, length: usize) {
        self.bytes.extend((at..at + length).map(|place| (place, b'x')));
    }

    /// A semicolon, perhaps directly within an interpolation.
    pub(super) fn separator(&mut self, _at: usize, opener: Option<&Opener>) {
        if let Some(Opener { bracket: Bracket::Interpolation, token, .. }) = opener {
            self.semicolons.push(*token);
        }
    }

    /// An interpolation has ended: more than one expression in it is more than tree-sitter takes.
    pub(super) fn end_of_interpolation(&mut self, tokens: &[Token], opener: Opener) {
        let last = tokens.len() - 1;
        let inside = tokens.get(opener.token + 1..last).unwrap_or_default();
        let mut several = has_separators(inside);
        if self.semicolons.last() == Some(&opener.token) {
            self.semicolons.pop();
            several = true;
        }
        if several && let (Some(open), Some(close)) = (tokens.get(opener.token), tokens.get(last)) {
            self.apart.insert(open.end as usize, Apart::Interpolation(close.start as usize));
        }
    }

    /// `a[b: c]` or `a[b,]` has ended.
    pub(super) fn end_of_access(&mut self, tokens: &[Token], opener: Opener) {
        let last = tokens.len() - 1;
        let first = tokens
            .get(opener.token + 1..last)
            .unwrap_or_default()
            .iter()
            .find(|token| token.kind != TokenKind::Newline);
        let keywords = first.is_some_and(|first| first.kind == TokenKind::Key);
        let comma = tokens.get(last.saturating_sub(1)).is_some_and(|token| token.kind == TokenKind::Comma);
        if (keywords || comma)
            && let (Some(open), Some(close)) = (tokens.get(opener.token), tokens.get(last))
        {
            self.apart.insert(open.start as usize, Apart::Access(close.end as usize));
        }
    }
}

/// Whether there is more than one expression, or a clause, between brackets.
fn has_separators(inside: &[Token]) -> bool {
    let mut depth = 0_u32;
    for (number, token) in inside.iter().enumerate() {
        match token.kind {
            TokenKind::Open | TokenKind::Do | TokenKind::Fn | TokenKind::Interpolation => depth += 1,
            TokenKind::Close | TokenKind::End | TokenKind::InterpolationEnd => {
                depth = depth.saturating_sub(1)
            }
            TokenKind::Semicolon | TokenKind::Arrow if depth == 0 => return true,
            TokenKind::Newline if depth == 0 && number > 0 && number + 1 < inside.len() => return true,
            _ => {}
        }
    }
    false
}

/// Puts blanks over the inside of an interpolation, a zero into an access, a name over a name.
fn blank(text: &mut [u8], apart: Apart, start: usize, end: usize) {
    let (inside, mut first, other) = match apart {
        Apart::Interpolation(_) => (start..end, None, b' '),
        Apart::Access(_) => (start + 1..end - 1, Some(b'0'), b' '),
        Apart::Struct(_) => (start..end, None, b'x'),
    };
    for byte in text.get_mut(inside).unwrap_or_default() {
        *byte = first.take().unwrap_or(other);
    }
}
