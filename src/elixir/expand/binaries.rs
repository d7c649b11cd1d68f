//! `<<…>>`, strings with interpolation, and sigils.

use super::patterns::Bound;
use super::{Expander, Result};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::bits::{Endianness, Segment, SegmentKind};
use crate::elixir::core::{Expr, ExprKind, Pattern};
use crate::elixir::term::{Binary, Term, list};

/// What the type of a segment says.
struct Typed<'a> {
    segment: Segment,
    size: Option<&'a Ast>,
}

impl Expander<'_> {
    /// `<<…>>`
    pub(super) fn binary(&mut self, span: Span, segments: &[Ast]) -> Result<Expr> {
        let mut parts: Vec<(Segment, Expr, Option<Expr>)> = Vec::new();
        for segment in segments {
            let (value, typed) = self.typed(segment)?;
            if let Some(text) = interpolated(value)
                && typed.segment.kind == SegmentKind::Binary
            {
                let text = self.expr(text)?;
                let text = self.text_of(span.line, text);
                parts.push((typed.segment, text, None));
                continue;
            }
            let size = match typed.size {
                Some(size) => Some(self.expr(size)?),
                None => None,
            };
            if let (Kind::Text(bytes), None, SegmentKind::Utf8 | SegmentKind::Utf16 | SegmentKind::Utf32) =
                (&value.kind, &size, typed.segment.kind)
            {
                for character in String::from_utf8_lossy(bytes).chars() {
                    let value = Expr::literal(Term::Int(i64::from(u32::from(character))));
                    parts.push((typed.segment, value, None));
                }
                continue;
            }
            parts.push((typed.segment, self.expr(value)?, size));
        }
        Ok(Expr::new(span.line, ExprKind::Bits(parts)))
    }

    pub(super) fn bits_pattern(
        &mut self,
        span: Span,
        segments: &[Ast],
        bound: &mut Bound,
    ) -> Result<Pattern> {
        let mut parts = Vec::new();
        for (index, segment) in segments.iter().enumerate() {
            let (value, typed) = self.typed(segment)?;
            if interpolated(value).is_some() {
                return self.error(span, "interpolation is not allowed in a pattern");
            }
            let open = matches!(typed.segment.kind, SegmentKind::Binary | SegmentKind::Bitstring);
            let text = matches!(value.kind, Kind::Text(_)) || value.as_call(atom::BITSTRING).is_some();
            if open && typed.size.is_none() && !text && index + 1 < segments.len() {
                let message = "a binary field without size is only allowed at the end of a binary pattern";
                return self.error(segment.meta.span, message);
            }
            let size = match typed.size {
                // The size may be a variable that was bound further to the left.
                Some(size) => Some(self.scoped(|expander| {
                    for (key, variable) in bound.iter() {
                        expander.define(*key, *variable);
                    }
                    expander.expr(size)
                })?),
                None => None,
            };
            match &value.kind {
                Kind::Text(bytes)
                    if typed.size.is_none() && matches!(typed.segment.kind, SegmentKind::Binary) =>
                {
                    let size = Expr::literal(Term::Int(bytes.len() as i64));
                    let literal = Pattern::Literal(Term::Binary(Binary::from(bytes.to_vec())));
                    parts.push((typed.segment, literal, Some(size)));
                }
                Kind::Text(bytes) if !open && typed.segment.kind != SegmentKind::Integer => {
                    for character in String::from_utf8_lossy(bytes).chars() {
                        let value = Pattern::Literal(Term::Int(i64::from(u32::from(character))));
                        parts.push((typed.segment, value, None));
                    }
                }
                _ => parts.push((typed.segment, self.pattern_in(value, bound)?, size)),
            }
        }
        Ok(Pattern::Bits(parts))
    }

    /// A segment and its type.
    fn typed<'a>(&mut self, segment: &'a Ast) -> Result<(&'a Ast, Typed<'a>)> {
        let (value, kind) = match segment.as_call(atom::DOUBLE_COLON) {
            Some([value, kind]) => (value, Some(kind)),
            _ => (segment, None),
        };
        let mut typed = Typed { segment: Segment::new(SegmentKind::Integer), size: None };
        let mut unit = None;
        let mut given = false;
        if let Some(kind) = kind {
            self.modifiers(kind, &mut typed, &mut unit, &mut given)?;
        }
        if !given {
            typed.segment.kind = match &value.kind {
                Kind::Text(_) => SegmentKind::Binary,
                Kind::Float(_) => SegmentKind::Float,
                _ if value.as_call(atom::BITSTRING).is_some() => SegmentKind::Bitstring,
                _ => SegmentKind::Integer,
            };
        }
        typed.segment.unit = unit.unwrap_or(match typed.segment.kind {
            SegmentKind::Binary => 8,
            SegmentKind::Integer
            | SegmentKind::Float
            | SegmentKind::Bitstring
            | SegmentKind::Utf8
            | SegmentKind::Utf16
            | SegmentKind::Utf32 => 1,
        });
        Ok((value, typed))
    }

    fn modifiers<'a>(
        &mut self,
        kind: &'a Ast,
        typed: &mut Typed<'a>,
        unit: &mut Option<u16>,
        given: &mut bool,
    ) -> Result<()> {
        let span = kind.meta.span;
        match &kind.kind {
            Kind::Integer(_) => typed.size = Some(kind),
            Kind::Variable(name, _) => match name.text() {
                "integer" => (typed.segment.kind, *given) = (SegmentKind::Integer, true),
                "float" => (typed.segment.kind, *given) = (SegmentKind::Float, true),
                "binary" | "bytes" => (typed.segment.kind, *given) = (SegmentKind::Binary, true),
                "bitstring" | "bits" => (typed.segment.kind, *given) = (SegmentKind::Bitstring, true),
                "utf8" => (typed.segment.kind, *given) = (SegmentKind::Utf8, true),
                "utf16" => (typed.segment.kind, *given) = (SegmentKind::Utf16, true),
                "utf32" => (typed.segment.kind, *given) = (SegmentKind::Utf32, true),
                "signed" => typed.segment.signed = true,
                "unsigned" => typed.segment.signed = false,
                "big" => typed.segment.endianness = Endianness::Big,
                "little" | "native" => typed.segment.endianness = Endianness::Little,
                // A variable stands for its value: `<<x::size>>`
                _ => typed.size = Some(kind),
            },
            Kind::Call(Head::Name(name), arguments) => match (name.text(), arguments.as_slice()) {
                ("-", [a, b]) => {
                    self.modifiers(a, typed, unit, given)?;
                    self.modifiers(b, typed, unit, given)?;
                }
                ("*", [size, factor]) => {
                    typed.size = Some(size);
                    *unit = self.unit(factor)?;
                }
                ("size", [size]) => typed.size = Some(size),
                ("unit", [factor]) => *unit = self.unit(factor)?,
                ("@" | "__block__", [_]) => typed.size = Some(kind),
                (_, []) => {
                    let plain = Ast { kind: Kind::Variable(*name, None), meta: kind.meta };
                    if matches!(
                        name.text(),
                        "integer"
                            | "float"
                            | "binary"
                            | "bytes"
                            | "bitstring"
                            | "bits"
                            | "utf8"
                            | "utf16"
                            | "utf32"
                            | "signed"
                            | "unsigned"
                            | "big"
                            | "little"
                            | "native"
                    ) {
                        let mut inner = Typed { segment: typed.segment, size: None };
                        self.modifiers(&plain, &mut inner, unit, given)?;
                        typed.segment = inner.segment;
                    } else {
                        return self.error(span, format!("unknown bitstring specifier: {name}()"));
                    }
                }
                _ => {
                    return self
                        .error(span, format!("unknown bitstring specifier: {name}/{}", arguments.len()));
                }
            },
            _ => return self.error(span, "unknown bitstring specifier"),
        }
        Ok(())
    }

    fn unit(&self, factor: &Ast) -> Result<Option<u16>> {
        match factor.kind {
            Kind::Integer(value @ 1..=256) => Ok(u16::try_from(value).ok()),
            _ => self.error(factor.meta.span, "unit in bitstring expects an integer between 1 and 256"),
        }
    }

    /// `~s(…)`, `~w(…)a`, `~r/…/`, …
    pub(super) fn sigil(&mut self, span: Span, name: &str, arguments: &[Ast]) -> Result<Expr> {
        let [text, modifiers] = arguments else { return Ok(Self::nil()) };
        let line = span.line;
        let modifiers: String = match &modifiers.kind {
            Kind::List(items) => items
                .iter()
                .filter_map(|item| match item.kind {
                    Kind::Integer(character) => char::from_u32(u32::try_from(character).ok()?),
                    _ => None,
                })
                .collect(),
            _ => String::new(),
        };
        let value = match text.as_call(atom::BITSTRING) {
            Some([only]) if matches!(only.kind, Kind::Text(_)) => self.expr(only)?,
            _ => self.expr(text)?,
        };
        let fixed = match value.as_literal() {
            Some(Term::Binary(binary)) => binary.text().map(ToOwned::to_owned),
            _ => None,
        };
        match (name, fixed) {
            ("sigil_s" | "sigil_S", _) => Ok(value),
            ("sigil_c" | "sigil_C", Some(text)) => Ok(Expr::literal(Term::charlist(&text))),
            ("sigil_c" | "sigil_C", None) => {
                Ok(Expr::remote(line, Atom::module("String"), Atom::new("to_charlist"), vec![value]))
            }
            ("sigil_w" | "sigil_W", Some(text)) => {
                let words = text.split_whitespace().map(|word| match modifiers.as_str() {
                    "a" => Term::Atom(Atom::new(word)),
                    "c" => Term::charlist(word),
                    _ => Term::text(word),
                });
                Ok(Expr::literal(list(words)))
            }
            ("sigil_w" | "sigil_W", None) => {
                let modifiers = Expr::literal(Term::text(modifiers));
                Ok(Expr::remote(
                    line,
                    Atom::new("rashomon_kernel"),
                    Atom::new("words"),
                    vec![value, modifiers],
                ))
            }
            ("sigil_r" | "sigil_R", _) => {
                let options = Expr::literal(Term::text(modifiers));
                Ok(Expr::remote(line, Atom::module("Regex"), Atom::new("compile!"), vec![value, options]))
            }
            _ => {
                let letter = name.trim_start_matches("sigil_");
                self.error(span, format!("the sigil ~{letter} is not supported: dates, times and own sigils are outside of what Rashomon runs"))
            }
        }
    }
}

/// The value that a part of a string with interpolation shows.
fn interpolated(ast: &Ast) -> Option<&Ast> {
    let Kind::Call(Head::Expression(head), arguments) = &ast.kind else { return None };
    match (head.as_call(atom::DOT), arguments.as_slice()) {
        (Some([module, name]), [value])
            if module.as_atom() == Some(atom::KERNEL) && name.as_atom() == Some(atom::TO_STRING) =>
        {
            Some(value)
        }
        _ => None,
    }
}
