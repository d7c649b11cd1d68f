//! Numbers and characters.

use std::rc::Rc;

use num_bigint::BigInt;

use super::{Converter, at};
use crate::elixir::ast::{Ast, Kind};
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::escapes::named;

impl Converter<'_, '_> {
    /// `1_000`, `0x1F`, `0b101`, `0o17`.
    #[inline(never)]
    pub(super) fn integer(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        let text = self.text(node);
        let (digits, base) = match text.get(..2) {
            Some("0x") => (text.get(2..).unwrap_or_default(), 16),
            Some("0o") => (text.get(2..).unwrap_or_default(), 8),
            Some("0b") => (text.get(2..).unwrap_or_default(), 2),
            _ => (text, 10),
        };
        let cleaned;
        let digits = if digits.contains('_') {
            cleaned = digits.replace('_', "");
            &cleaned
        } else {
            digits
        };
        if let Ok(number) = i64::from_str_radix(digits, base) {
            return Ok(at(span, Kind::Integer(number)));
        }
        match BigInt::parse_bytes(digits.as_bytes(), base) {
            Some(number) => Ok(at(span, Kind::Big(Rc::new(number)))),
            None => refuse(SyntaxError::new(span, format!("invalid integer {text}"))),
        }
    }

    /// `1.5e-3`.
    #[inline(never)]
    pub(super) fn float(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        let text = self.text(node);
        match text.replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(at(span, Kind::Float(number))),
            _ => refuse(SyntaxError::new(span, format!("invalid float number {text}"))),
        }
    }

    /// `?a`, `?\n`.
    #[inline(never)]
    pub(super) fn character(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        let mut characters = self.text(node).chars().skip(1);
        let number = match (characters.next(), characters.next()) {
            (Some('\\'), Some(escaped)) => named(escaped).unwrap_or(escaped),
            (Some(character), _) => character,
            (None, _) => return self.strange(),
        };
        Ok(at(span, Kind::Integer(i64::from(u32::from(number)))))
    }
}
