//! Identifiers, aliases, atoms, keys, reserved words.

use super::Scanner;
use super::token::{Token, TokenKind};
use crate::elixir::syntax::error::Outcome;

/// Words that tree-sitter sees at the beginning of longer ones.
const HIDDEN: [&str; 11] =
    ["after", "and", "catch", "do", "else", "end", "in", "not", "or", "rescue", "when"];

/// Whether a character may stand within a name. Marks that combine with the letter before are not counted as letters by Rust.
pub(super) fn continues(character: char) -> bool {
    character == '_' || character.is_alphanumeric() || matches!(character, '\u{300}'..='\u{36F}' | '\u{B7}')
}

/// Whether a character may begin a name that is no alias.
fn begins(character: char) -> bool {
    character == '_' || (character.is_alphabetic() && !character.is_uppercase())
}

impl Scanner<'_> {
    /// The length of the name at the cursor, with `?` or `!` at its end.
    fn name_length(&self, at_signs: bool) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let ascii = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || (at_signs && **byte == b'@'))
            .count();
        let mut length = ascii;
        if rest.get(ascii).is_some_and(|byte| !byte.is_ascii()) {
            let tail = self.source.get(self.at + ascii..).unwrap_or_default();
            length += tail
                .chars()
                .take_while(|c| continues(*c) || (at_signs && *c == '@'))
                .map(char::len_utf8)
                .sum::<usize>();
        }
        length + usize::from(length > 0 && matches!(rest.get(length), Some(b'?' | b'!')))
    }

    /// A name behind a dot: reserved words are names there.
    pub(super) fn name(&mut self) -> Outcome<()> {
        let length = self.name_length(false);
        self.patches.plain_letters(self.text, self.at, length);
        self.push(TokenKind::Identifier, length);
        Ok(())
    }

    /// A word: an identifier, a key, or a reserved word.
    pub(super) fn word(&mut self) -> Outcome<()> {
        let Some(first) = self.rest().chars().next() else { return Ok(()) };
        if !begins(first) {
            return self.unexpected();
        }
        let with_at = self.name_length(true);
        self.patches.plain_letters(self.text, self.at, with_at);
        if self.is_key(with_at) {
            self.push(TokenKind::Key, with_at + 1);
            return Ok(());
        }
        let length = self.name_length(false);
        let word = self.rest().get(..with_at).unwrap_or_default();
        if self.peek(with_at) == Some(b':')
            && self
                .source
                .get(self.at + with_at + 1..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|next| next != ':' && !next.is_whitespace())
        {
            let title = format!("keyword argument must be followed by space after: {word}:");
            return self.error(self.at, self.at + with_at + 1, title);
        }
        if length != with_at && self.peek(length) == Some(b'@') {
            let title = format!("invalid character \"@\" (code point U+0040) in identifier: {word}");
            return self.error(self.at, self.at + with_at, title);
        }
        self.reserved_or_identifier(length)
    }

    fn reserved_or_identifier(&mut self, length: usize) -> Outcome<()> {
        let word = self.rest().get(..length).unwrap_or_default();
        match word {
            "do" => {
                self.drop_newline();
                return self.open_do();
            }
            "end" => return self.close(3),
            "fn" => return self.open_fn(),
            "else" | "rescue" | "catch" | "after" => self.push(TokenKind::Section, length),
            "true" | "false" | "nil" => self.push(TokenKind::Constant, length),
            "and" | "or" | "in" | "when" => {
                self.drop_newline();
                self.push(TokenKind::Operator, length);
            }
            "not" => {
                let rest = self.source.get(self.at + length..).unwrap_or_default();
                let after = rest.trim_start_matches([' ', '\t']);
                let not_in = after.strip_prefix("in").is_some_and(|end| {
                    !end.starts_with(|c| continues(c) || c == ':' || c == '?' || c == '!')
                });
                if not_in {
                    self.drop_newline();
                    self.push(TokenKind::Operator, length + rest.len() - after.len() + 2);
                } else {
                    self.push(TokenKind::Operator, length);
                }
            }
            "__aliases__" | "__block__" => {
                return self.error(self.at, self.at + length, format!("reserved token: {word}"));
            }
            _ => {
                // Behind an expression, tree-sitter would take `index` for `in dex`.
                let hidden = HIDDEN.iter().any(|hidden| word.starts_with(hidden));
                if hidden && self.last().is_some_and(Token::ends_expression) {
                    self.patches.fill(self.at, 1);
                }
                self.push(TokenKind::Identifier, length);
            }
        }
        Ok(())
    }

    /// What goes on with the expression of the line before.
    fn drop_newline(&mut self) {
        if self.last().is_some_and(|last| last.kind == TokenKind::Newline) {
            self.tokens.pop();
        }
    }

    /// `Foo`, or the key `Foo:`.
    pub(super) fn alias(&mut self) -> Outcome<()> {
        let length = self.name_length(true);
        if self.is_key(length) {
            self.patches.plain_letters(self.text, self.at, length);
            self.push(TokenKind::Key, length + 1);
            return Ok(());
        }
        let word = self.rest().get(..length).unwrap_or_default();
        if let Some(bad) = word.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '_') {
            let title = format!(
                "invalid character \"{bad}\" (code point U+{:04X}) in alias (only ASCII characters, without punctuation, are \
                 allowed): {word}",
                u32::from(bad)
            );
            return self.error(self.at, self.at + length, title);
        }
        if self.peek(length) == Some(b':')
            && self.peek(length + 1).is_some_and(|next| next.is_ascii_alphanumeric() || next == b'"')
        {
            return self.error(
                self.at,
                self.at + length,
                format!("keyword argument must be followed by space after: {word}:"),
            );
        }
        self.push(TokenKind::Alias, length);
        Ok(())
    }

    /// `::`, `:a`, `:"a"`, `:+`.
    pub(super) fn colon(&mut self) -> Outcome<()> {
        match self.peek(1) {
            Some(b'"' | b'\'') => return self.open_atom_quote(),
            Some(b':') => {
                if self.peek(2) == Some(b':') {
                    self.push(TokenKind::Atom, 3);
                } else {
                    self.drop_newline();
                    self.push(TokenKind::Operator, 2);
                }
                return Ok(());
            }
            _ => {}
        }
        let rest = self.source.get(self.at + 1..).unwrap_or_default();
        if rest.chars().next().is_some_and(|c| c == '_' || c.is_alphabetic()) {
            self.at += 1;
            let length = self.name_length(true);
            self.patches.plain_letters(self.text, self.at, length);
            self.at -= 1;
            self.push(TokenKind::Atom, 1 + length);
            return Ok(());
        }
        let names = super::SPECIAL_NAMES.iter().chain(&super::OPERATORS).chain(&["<", ">", "@", "."]);
        let found =
            names.filter(|name| **name != "=>" && rest.starts_with(**name)).max_by_key(|name| name.len());
        match found {
            Some(name) => self.push(TokenKind::Atom, 1 + name.len()),
            None => return self.unexpected(),
        }
        Ok(())
    }
}
