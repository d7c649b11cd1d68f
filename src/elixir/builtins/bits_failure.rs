//! What Elixir tells when a bitstring can't be built.

use super::Context;
use super::args;
use super::bits::{Segment, SegmentKind};
use super::inspect::inspect_to_string;
use crate::elixir::term::Term;

/// The message for the first segment that has no place for its value: the text of the error that [`super::bits::build`]
/// gives for the same segments.
#[must_use]
pub fn failure(context: &dyn Context, parts: &[(Segment, Term, Option<Term>)]) -> Option<String> {
    let found = parts.iter().enumerate().find_map(|(at, (segment, value, size))| {
        Some((at + 1, segment, fault(context, *segment, value, size.as_ref())?))
    });
    let (at, segment, fault) = found?;
    Some(format!("construction of binary failed: segment {at} of type '{}': {fault}", name(segment.kind)))
}

fn name(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Integer => "integer",
        SegmentKind::Float => "float",
        SegmentKind::Binary | SegmentKind::Bitstring => "binary",
        SegmentKind::Utf8 => "utf8",
        SegmentKind::Utf16 => "utf16",
        SegmentKind::Utf32 => "utf32",
    }
}

fn fault(context: &dyn Context, segment: Segment, value: &Term, size: Option<&Term>) -> Option<String> {
    let shown = |term: &Term| inspect_to_string(term, context);
    let bits = match size {
        Some(Term::Big(size)) if size.sign() == num_bigint::Sign::Plus => {
            return Some(format!("the size {size} is too large"));
        }
        Some(given) => match segment.bits(Some(given)) {
            Some(bits) => bits,
            None => {
                return Some(format!("expected a non-negative integer as size but got: {}", shown(given)));
            }
        },
        None => segment.usual_bits(),
    };
    let unit = usize::from(segment.unit.max(1));
    match (segment.kind, value) {
        (SegmentKind::Integer, Term::Int(_) | Term::Big(_)) => None,
        (SegmentKind::Integer, _) => Some(format!("expected an integer but got: {}", shown(value))),
        (SegmentKind::Float, _) if !matches!(bits, Some(16 | 32 | 64)) => {
            let size = size.map_or_else(String::new, shown);
            Some(format!("expected one of the supported sizes 16, 32, or 64 but got: {size}"))
        }
        (SegmentKind::Float, Term::Int(_) | Term::Float(_)) => None,
        (SegmentKind::Float, Term::Big(_)) => {
            let fits = args::as_float(value).is_some();
            if fits {
                None
            } else {
                Some(format!("the value {} is outside the range expressible as a float", shown(value)))
            }
        }
        (SegmentKind::Float, _) => Some(format!("expected a float or an integer but got: {}", shown(value))),
        (SegmentKind::Binary | SegmentKind::Bitstring, Term::Binary(binary)) => match bits {
            Some(bits) if bits > binary.bit_len() => {
                Some(format!("the value {} is shorter than the size of the segment", shown(value)))
            }
            None if !binary.bit_len().is_multiple_of(unit) => Some(format!(
                "the size of the value {} is not a multiple of the unit for the segment",
                shown(value)
            )),
            Some(_) | None => None,
        },
        (SegmentKind::Binary | SegmentKind::Bitstring, _) => {
            Some(format!("expected a binary but got: {}", shown(value)))
        }
        (kind @ (SegmentKind::Utf8 | SegmentKind::Utf16 | SegmentKind::Utf32), _) => {
            let character = value.as_int().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
            if character.is_some() {
                return None;
            }
            Some(format!(
                "expected a non-negative integer encodable as {} but got: {}",
                name(kind),
                shown(value)
            ))
        }
    }
}
