//! The bit syntax: `<<value::integer-size(8), …>>` as an expression and as a pattern.
//!
//! A [`Segment`] says how a value stands in a bitstring. Sizes that are only known at run time are given beside it, in
//! units. Values that stand on whole bytes take no detour over single bits.

use num_bigint::Sign;
use serde::{Deserialize, Serialize};

pub use super::bit_cursor::BitCursor;
use super::{Context, Raised};
use crate::elixir::term::{Binary, BitWriter, Term};

/// What kind of value a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SegmentKind {
    /// An integer.
    Integer,
    /// A float of 16, 32 or 64 bits.
    Float,
    /// Whole bytes.
    Binary,
    /// Any number of bits.
    Bitstring,
    /// A character in UTF-8.
    Utf8,
    /// A character in UTF-16.
    Utf16,
    /// A character in UTF-32.
    Utf32,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Endianness {
    /// The most significant one.
    #[default]
    Big,
    /// The least significant one; also what is native, on every platform.
    Little,
}

/// How a value stands in a bitstring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Segment {
    /// What kind of value it is.
    pub kind: SegmentKind,
    /// How many bits make one unit of the size.
    pub unit: u16,
    /// Whether an integer that is read may be negative.
    pub signed: bool,
    /// Which byte comes first.
    pub endianness: Endianness,
}

impl Segment {
    /// A segment with the usual unit, unsigned, with the most significant byte first.
    #[must_use]
    pub const fn new(kind: SegmentKind) -> Segment {
        let unit = match kind {
            SegmentKind::Binary => 8,
            _ => 1,
        };
        Segment { kind, unit, signed: false, endianness: Endianness::Big }
    }

    /// How many bits it takes if no size is given; `None` for all that is left, or for as many as the character takes.
    #[must_use]
    pub const fn usual_bits(self) -> Option<usize> {
        match self.kind {
            SegmentKind::Integer => Some(8),
            SegmentKind::Float => Some(64),
            SegmentKind::Binary
            | SegmentKind::Bitstring
            | SegmentKind::Utf8
            | SegmentKind::Utf16
            | SegmentKind::Utf32 => None,
        }
    }

    pub(super) fn is_utf(self) -> bool {
        matches!(self.kind, SegmentKind::Utf8 | SegmentKind::Utf16 | SegmentKind::Utf32)
    }

    /// How many bits a size means. In a pattern, a size that means none does not match.
    pub(super) fn bits(self, size: Option<&Term>) -> Option<Option<usize>> {
        match size {
            None => Some(self.usual_bits()),
            Some(Term::Int(size)) => {
                let size = usize::try_from(*size).ok()?;
                Some(Some(size.checked_mul(usize::from(self.unit))?))
            }
            Some(_) => None,
        }
    }
}

/// Builds a bitstring of segments, their values and their sizes in units.
///
/// # Errors
///
/// `:badarg` if a value does not fit its segment, `:system_limit` if the bitstring becomes too large.
pub fn build(context: &mut dyn Context, parts: &[(Segment, Term, Option<Term>)]) -> Result<Binary, Raised> {
    let mut writer = BitWriter::default();
    for (segment, value, size) in parts {
        put(context, &mut writer, *segment, value, size.as_ref())?;
    }
    Ok(writer.finish())
}

fn put(
    context: &mut dyn Context,
    writer: &mut BitWriter,
    segment: Segment,
    value: &Term,
    size: Option<&Term>,
) -> Result<(), Raised> {
    let bits = if segment.is_utf() { None } else { segment.bits(size).ok_or_else(Raised::badarg)? };
    if let Some(bits) = bits {
        context.reserve(bits / 8 + 1)?;
    }
    let endianness = segment.endianness;
    match (segment.kind, value) {
        (SegmentKind::Integer, Term::Int(_) | Term::Big(_)) => {
            put_integer(writer, value, bits.unwrap_or(8), endianness);
        }
        (SegmentKind::Float, _) => {
            let float = super::args::as_float(value).ok_or_else(Raised::badarg)?;
            let mut bytes = float_bytes(float, bits.unwrap_or(64))?;
            if endianness == Endianness::Little {
                bytes.reverse();
            }
            writer.push_bytes(&bytes);
        }
        (SegmentKind::Binary | SegmentKind::Bitstring, Term::Binary(binary)) => {
            put_bits(context, writer, binary, bits, usize::from(segment.unit))?;
        }
        (SegmentKind::Utf8 | SegmentKind::Utf16 | SegmentKind::Utf32, Term::Int(code)) => {
            let character = u32::try_from(*code).ok().and_then(char::from_u32).ok_or_else(Raised::badarg)?;
            writer.push_bytes(&encoded(character, segment.kind, endianness));
        }
        _ => return Err(Raised::badarg()),
    }
    Ok(())
}

fn encoded(character: char, kind: SegmentKind, endianness: Endianness) -> Vec<u8> {
    match kind {
        SegmentKind::Utf16 => {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            let bytes = |unit: u16| {
                if endianness == Endianness::Little { unit.to_le_bytes() } else { unit.to_be_bytes() }
            };
            units.into_iter().flat_map(bytes).collect()
        }
        SegmentKind::Utf32 if endianness == Endianness::Little => u32::from(character).to_le_bytes().to_vec(),
        SegmentKind::Utf32 => u32::from(character).to_be_bytes().to_vec(),
        _ => character.encode_utf8(&mut [0; 4]).as_bytes().to_vec(),
    }
}

fn put_bits(
    context: &mut dyn Context,
    writer: &mut BitWriter,
    binary: &Binary,
    bits: Option<usize>,
    unit: usize,
) -> Result<(), Raised> {
    let Some(bits) = bits else {
        if !binary.bit_len().is_multiple_of(unit.max(1)) {
            return Err(Raised::badarg());
        }
        context.reserve(binary.room())?;
        writer.push_bits(binary);
        return Ok(());
    };
    match BitCursor::new(binary.clone()).take(bits) {
        Some(part) => writer.push_bits(&part),
        None => return Err(Raised::badarg()),
    }
    Ok(())
}

/// The lowest bits of an integer, as many as are asked for.
fn put_integer(writer: &mut BitWriter, value: &Term, bits: usize, endianness: Endianness) {
    if let (8, Term::Int(value)) = (bits, value) {
        return writer.push_bytes(&[(*value & 0xff) as u8]);
    }
    let (extension, mut bytes) = match value {
        Term::Int(value) => (if *value < 0 { 0xff } else { 0 }, value.to_le_bytes().to_vec()),
        _ => {
            let big = value.as_big().unwrap_or_default();
            (if big.sign() == Sign::Minus { 0xff } else { 0 }, big.to_signed_bytes_le())
        }
    };
    bytes.resize(bits.div_ceil(8), extension);
    let odd = bits % 8;
    if odd == 0 {
        if endianness == Endianness::Big {
            bytes.reverse();
        }
        return writer.push_bytes(&bytes);
    }
    let Some(top) = bytes.pop() else { return };
    let put_top = |writer: &mut BitWriter| {
        for bit in (0..odd).rev() {
            writer.push(top >> bit & 1 == 1);
        }
    };
    match endianness {
        Endianness::Big => {
            put_top(writer);
            bytes.reverse();
            writer.push_bytes(&bytes);
        }
        Endianness::Little => {
            writer.push_bytes(&bytes);
            put_top(writer);
        }
    }
}

fn float_bytes(float: f64, bits: usize) -> Result<Vec<u8>, Raised> {
    match bits {
        64 => Ok(float.to_be_bytes().to_vec()),
        // What is too large becomes infinity, which no pattern matches.
        32 => Ok((float as f32).to_be_bytes().to_vec()),
        16 => Ok(half(float).to_be_bytes().to_vec()),
        _ => Err(Raised::badarg()),
    }
}

/// A float as one of half precision: 1 bit of sign, 5 of exponent, 10 of fraction; ties go to even.
fn half(float: f64) -> u16 {
    const INFINITY: u16 = 0x7c00;
    const LARGEST: f64 = 65_520.0;
    const SMALLEST_NORMAL: f64 = 6.103_515_625e-5;
    const SMALLEST: f64 = 5.960_464_477_539_063e-8;
    let sign = if float.is_sign_negative() { 0x8000 } else { 0 };
    let value = float.abs();
    if value >= LARGEST {
        return sign | INFINITY;
    }
    if value < SMALLEST_NORMAL {
        return sign | (value / SMALLEST).round_ties_even() as u16;
    }
    let exponent = (value.to_bits() >> 52) as i32 - 1023;
    let fraction = value / 2f64.powi(exponent) - 1.0;
    // A fraction that is rounded up to one carries into the exponent.
    let bits = ((exponent + 15) as u16) << 10;
    sign | (bits + (fraction * 1024.0).round_ties_even() as u16)
}
