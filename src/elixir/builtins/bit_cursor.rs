//! The bit syntax in patterns: a bitstring that is read from the front.

use num_bigint::{BigInt, Sign};

use super::bits::{Endianness, Segment, SegmentKind};
use crate::elixir::term::{Binary, Term};

/// Reads a bitstring from the front.
#[derive(Clone, Debug)]
pub struct BitCursor {
    binary: Binary,
    /// How many bits have been read.
    position: usize,
}

impl BitCursor {
    /// A cursor at a position in bits.
    #[must_use]
    pub(crate) fn at(binary: Binary, position: usize) -> BitCursor {
        BitCursor { binary, position }
    }

    /// At the front of a bitstring.
    #[must_use]
    pub fn new(binary: Binary) -> BitCursor {
        BitCursor { binary, position: 0 }
    }

    /// How many bits have been read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// How many bits are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.binary.bit_len().saturating_sub(self.position)
    }

    /// What is left, without reading it.
    #[must_use]
    pub fn rest(&self) -> Binary {
        let mut rest = self.clone();
        rest.take(self.left()).unwrap_or_else(|| Binary::from(""))
    }

    /// Reads the value of a segment, of which the size is given in units. `None`, with nothing read, if there is none.
    pub fn read(&mut self, segment: &Segment, size: Option<&Term>) -> Option<Term> {
        let start = self.position;
        let found = self.value(segment, size);
        if found.is_none() {
            self.position = start;
        }
        found
    }

    fn value(&mut self, segment: &Segment, size: Option<&Term>) -> Option<Term> {
        if segment.is_utf() {
            let character = match segment.kind {
                SegmentKind::Utf16 => self.utf16(segment.endianness),
                SegmentKind::Utf32 => self.utf32(segment.endianness),
                _ => self.utf8(),
            };
            return character.map(|character| Term::Int(i64::from(u32::from(character))));
        }
        let bits = segment.bits(size)?;
        match segment.kind {
            SegmentKind::Integer => self.integer(bits.unwrap_or(8), segment),
            SegmentKind::Float => self.float(bits.unwrap_or(64), segment.endianness),
            _ => {
                let left = self.left();
                let bits = bits.unwrap_or(left);
                if size.is_none() && !left.is_multiple_of(usize::from(segment.unit.max(1))) {
                    return None;
                }
                self.take(bits).map(Term::Binary)
            }
        }
    }

    /// The next bits as a bitstring, which shares its bytes if it begins and ends with whole ones.
    pub(super) fn take(&mut self, bits: usize) -> Option<Binary> {
        if bits > self.left() {
            return None;
        }
        let start = self.position;
        self.position += bits;
        if start == 0 && self.left() == 0 {
            return Some(self.binary.clone());
        }
        if start.is_multiple_of(8) && bits.is_multiple_of(8) {
            return self.binary.part(start / 8, bits / 8);
        }
        let spare = (8 - bits % 8) % 8;
        Some(Binary::from_bits(self.bytes(start, bits), u8::try_from(spare).unwrap_or(0)))
    }

    /// Bits from some place on, moved to the front of their first byte.
    fn bytes(&self, start: usize, bits: usize) -> Vec<u8> {
        let source = self.binary.bytes().get(start / 8..).unwrap_or_default();
        let count = bits.div_ceil(8);
        let shift = start % 8;
        if shift == 0 {
            return source.get(..count).unwrap_or_default().to_vec();
        }
        let shifted = |at: usize| {
            let byte = |at: usize| source.get(at).copied().unwrap_or(0);
            byte(at) << shift | byte(at + 1) >> (8 - shift)
        };
        (0..count).map(shifted).collect()
    }

    /// The next whole bytes.
    fn whole<const N: usize>(&mut self) -> Option<[u8; N]> {
        if N * 8 > self.left() {
            return None;
        }
        let start = self.position;
        self.position += N * 8;
        if start.is_multiple_of(8) {
            return self.binary.bytes().get(start / 8..start / 8 + N)?.try_into().ok();
        }
        self.bytes(start, N * 8).try_into().ok()
    }

    fn integer(&mut self, bits: usize, segment: &Segment) -> Option<Term> {
        if bits == 8 {
            let [byte] = self.whole::<1>()?;
            return Some(Term::Int(if segment.signed { i64::from(byte as i8) } else { i64::from(byte) }));
        }
        if bits > self.left() {
            return None;
        }
        let mut bytes = self.bytes(self.position, bits);
        self.position += bits;
        let odd = bits % 8;
        if segment.endianness == Endianness::Little {
            // The bits of the last, incomplete byte are the highest ones.
            if let (1.., Some(last)) = (odd, bytes.last_mut()) {
                *last >>= 8 - odd;
            }
        } else if odd > 0 {
            let shift = 8 - odd;
            for at in (0..bytes.len()).rev() {
                let before = if at > 0 { bytes.get(at - 1).copied().unwrap_or(0) } else { 0 };
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = *byte >> shift | if at > 0 { before << odd } else { 0 };
                }
            }
            bytes.reverse();
        } else {
            bytes.reverse();
        }
        // From here on the least significant byte is the first one.
        if odd > 0
            && let Some(top) = bytes.last_mut()
        {
            *top &= (1 << odd) - 1;
        }
        let negative =
            segment.signed && bits > 0 && bytes.last().is_some_and(|top| top >> ((bits - 1) % 8) & 1 == 1);
        let value = match bytes.len() {
            0..=7 => Term::Int(bytes.iter().rev().fold(0, |value, byte| value << 8 | i64::from(*byte))),
            _ => Term::integer(BigInt::from_bytes_le(Sign::Plus, &bytes)),
        };
        if !negative {
            return Some(value);
        }
        let value = value.as_big()? - (BigInt::from(1) << bits);
        Some(Term::integer(value))
    }

    fn float(&mut self, bits: usize, endianness: Endianness) -> Option<Term> {
        let little = endianness == Endianness::Little;
        let float = match bits {
            64 => {
                let bytes = self.whole()?;
                if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) }
            }
            32 => {
                let bytes = self.whole()?;
                f64::from(if little { f32::from_le_bytes(bytes) } else { f32::from_be_bytes(bytes) })
            }
            16 => {
                let bytes = self.whole()?;
                from_half(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })?
            }
            _ => return None,
        };
        float.is_finite().then_some(Term::Float(float))
    }

    fn utf8(&mut self) -> Option<char> {
        let [first] = self.whole::<1>()?;
        let more = match first {
            0..=0x7f => return Some(char::from(first)),
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => return None,
        };
        let mut bytes = vec![first];
        for _ in 0..more {
            bytes.extend(self.whole::<1>()?);
        }
        std::str::from_utf8(&bytes).ok()?.chars().next()
    }

    fn utf16(&mut self, endianness: Endianness) -> Option<char> {
        let mut unit = || {
            let bytes = self.whole()?;
            Some(if endianness == Endianness::Little {
                u16::from_le_bytes(bytes)
            } else {
                u16::from_be_bytes(bytes)
            })
        };
        let first = unit()?;
        let units = if (0xd800..0xdc00).contains(&first) { vec![first, unit()?] } else { vec![first] };
        char::decode_utf16(units).next()?.ok()
    }

    fn utf32(&mut self, endianness: Endianness) -> Option<char> {
        let bytes = self.whole()?;
        let code = if endianness == Endianness::Little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        };
        char::from_u32(code)
    }
}

/// A float of half precision; `None` if it is infinite or no number.
fn from_half(bits: u16) -> Option<f64> {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    match exponent {
        0 => Some(sign * fraction * 2f64.powi(-24)),
        31 => None,
        _ => Some(sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15)),
    }
}
