//! Bitstrings in registers.

use super::environment::View;
use crate::elixir::builtins::Raised;
use crate::elixir::builtins::bits::{self, BitCursor, Segment, SegmentKind};
use crate::elixir::builtins::bits_failure::failure;
use crate::elixir::term::{Binary, Term};

/// Builds a bitstring from registers: each segment's value, followed by its size where it has one. A text that nobody
/// else holds grows in place.
pub(super) fn build(
    view: &mut View<'_>,
    layout: &[(Segment, bool)],
    registers: &mut [Term],
) -> Result<Binary, (Raised, Option<String>)> {
    if let Some(joined) = join(view, layout, registers).map_err(|raised| (raised, None))? {
        return Ok(joined);
    }
    let mut values = registers.iter_mut();
    let mut parts = Vec::with_capacity(layout.len());
    for (segment, sized) in layout {
        let value = values.next().map(std::mem::take).unwrap_or_default();
        let size = if *sized { values.next().map(std::mem::take) } else { None };
        parts.push((*segment, value, size));
    }
    bits::build(view, &parts).map_err(|raised| (raised, failure(view, &parts)))
}

/// One text from several, as `<>` and interpolation make it, with the pids that were printed into them. Nothing if it is
/// something else.
fn join(
    view: &mut View<'_>,
    layout: &[(Segment, bool)],
    registers: &mut [Term],
) -> Result<Option<Binary>, Raised> {
    use crate::elixir::builtins::Context;
    let plain = layout
        .iter()
        .all(|(segment, sized)| segment.kind == SegmentKind::Binary && segment.unit == 8 && !sized)
        && registers.iter().all(|value| matches!(value, Term::Binary(binary) if binary.is_whole()));
    if !plain {
        return Ok(None);
    }
    let mut values = registers.iter_mut();
    let Some(Term::Binary(first)) = values.next().map(std::mem::take) else { return Ok(None) };
    let mut joined = first;
    for value in values {
        if let Term::Binary(next) = value {
            view.reserve(next.room())?;
            joined = joined.append(next);
        }
    }
    Ok(Some(joined))
}

/// Reads a segment at a position in bits. Returns the value and the position after it.
pub(super) fn read(
    binary: &Binary,
    position: usize,
    segment: &Segment,
    size: Option<&Term>,
) -> Option<(Term, usize)> {
    let mut cursor = BitCursor::at(binary.clone(), position);
    let value = cursor.read(segment, size)?;
    Some((value, cursor.position()))
}
