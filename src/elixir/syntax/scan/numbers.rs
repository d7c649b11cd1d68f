//! Numbers and characters.

use super::Scanner;
use super::token::TokenKind;
use super::words::continues;
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};

/// The length of digits with single underscores between them.
fn digits(text: &[u8], is_digit: fn(&u8) -> bool) -> usize {
    let mut length = 0;
    loop {
        match text.get(length) {
            Some(byte) if is_digit(byte) => length += 1,
            Some(b'_') if length > 0 && text.get(length + 1).is_some_and(is_digit) => length += 1,
            _ => return length,
        }
    }
}

impl Scanner<'_> {
    fn after(&self, skip: usize) -> &[u8] {
        self.text.get(self.at + skip..).unwrap_or_default()
    }

    /// `1_000`, `0x1F`, `1.5e-3`.
    pub(super) fn number(&mut self) -> Outcome<()> {
        let based = match (self.peek(0), self.peek(1)) {
            (Some(b'0'), Some(b'x')) => digits(self.after(2), u8::is_ascii_hexdigit),
            (Some(b'0'), Some(b'o')) => digits(self.after(2), |byte| (b'0'..=b'7').contains(byte)),
            (Some(b'0'), Some(b'b')) => digits(self.after(2), |byte| matches!(byte, b'0' | b'1')),
            _ => 0,
        };
        let mut length = if based > 0 { based + 2 } else { digits(self.after(0), u8::is_ascii_digit) };
        if based == 0 && self.peek(length) == Some(b'.') {
            let fraction = digits(self.after(length + 1), u8::is_ascii_digit);
            if fraction > 0 {
                length += 1 + fraction;
                if matches!(self.peek(length), Some(b'e' | b'E')) {
                    let sign = usize::from(matches!(self.peek(length + 1), Some(b'+' | b'-')));
                    let exponent = digits(self.after(length + 1 + sign), u8::is_ascii_digit);
                    if exponent > 0 {
                        length += 1 + sign + exponent;
                    }
                }
            }
        }
        let start = self.at;
        let next = self.source.get(start + length..).and_then(|rest| rest.chars().next());
        // After digits with a base, more digits are a number of their own: a syntax error, but a later one.
        if let Some(next) = next
            && continues(next)
            && !next.is_ascii_digit()
        {
            let number = self.source.get(start..start + length).unwrap_or_default();
            let title = format!(
                "invalid character \"{next}\" after number {number}. If you intended to write a number, make sure to separate \
                 the number from the character (using comma, space, etc). If you meant to write a function name or a variable, \
                 note that identifiers in Elixir cannot start with numbers. Unexpected token: {next}"
            );
            return refuse(SyntaxError::new(self.places.span(start, start + length), title));
        }
        self.push(TokenKind::Number, length);
        Ok(())
    }

    /// `?a`, `?\n`.
    pub(super) fn character(&mut self) -> Outcome<()> {
        let mut characters = self.rest().chars().skip(1);
        let length = match (characters.next(), characters.next()) {
            (Some('\\'), Some(escaped)) => 2 + escaped.len_utf8(),
            (Some(character), _) => 1 + character.len_utf8(),
            (None, _) => return self.unexpected(),
        };
        self.push(TokenKind::Number, length);
        Ok(())
    }
}
