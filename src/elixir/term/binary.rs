//! Binaries and bitstrings.
//!
//! A part of a binary shares its bytes. A text into which a pid was printed keeps the pid, until something looks at its
//! characters.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::opaque::told;
use crate::kernel::Pid;

/// A sequence of bytes, or of bits.
#[derive(Clone)]
pub struct Binary(Rc<Content>);

enum Content {
    /// Bytes. The lowest `spare` bits of the last one do not belong to it, and are zero.
    Bytes { bytes: Vec<u8>, spare: u8 },
    /// A part of a sequence of bytes.
    Part { whole: Binary, start: usize, len: usize },
    /// A text with pids in it. `flat` is the text as it reads, once somebody has looked.
    Pieces { pieces: Vec<Piece>, flat: OnceCell<Vec<u8>> },
}

/// A piece of a text into which pids were printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Text.
    Text(Rc<[u8]>),
    /// A pid, in the form in which it is printed.
    Pid(Pid),
}

impl Binary {
    /// Bits: the lowest `spare` bits of the last byte, at most 7, do not belong to it.
    #[must_use]
    pub fn from_bits(mut bytes: Vec<u8>, spare: u8) -> Binary {
        let spare = if bytes.is_empty() { 0 } else { spare & 7 };
        if let Some(last) = bytes.last_mut() {
            *last &= u8::MAX << spare;
        }
        Binary(Rc::new(Content::Bytes { bytes, spare }))
    }

    /// A text made of pieces.
    #[must_use]
    pub fn from_pieces(pieces: Vec<Piece>) -> Binary {
        if pieces.iter().any(|piece| matches!(piece, Piece::Pid(_))) {
            Binary(Rc::new(Content::Pieces { pieces, flat: OnceCell::new() }))
        } else {
            Binary::from(flatten(&pieces))
        }
    }

    /// Its bytes. The last one may be incomplete: see [`Binary::spare`].
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match &*self.0 {
            Content::Bytes { bytes, .. } => bytes,
            Content::Part { whole, start, len } => {
                whole.bytes().get(*start..*start + *len).unwrap_or_default()
            }
            Content::Pieces { pieces, flat } => {
                told();
                flat.get_or_init(|| flatten(pieces))
            }
        }
    }

    /// How many bits of the last byte do not belong to it.
    #[must_use]
    pub fn spare(&self) -> u8 {
        match &*self.0 {
            Content::Bytes { spare, .. } => *spare,
            Content::Part { .. } | Content::Pieces { .. } => 0,
        }
    }

    /// Whether it consists of whole bytes.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.spare() == 0
    }

    /// How many bits it has.
    #[must_use]
    pub fn bit_len(&self) -> usize {
        self.bytes().len() * 8 - usize::from(self.spare())
    }

    /// How many bytes it has, counting an incomplete one.
    #[must_use]
    pub fn len(&self) -> usize {
        match &*self.0 {
            Content::Part { len, .. } => *len,
            Content::Bytes { .. } | Content::Pieces { .. } => self.bytes().len(),
        }
    }

    /// How many bytes it may take, without a look at the characters of the pids in it.
    #[must_use]
    pub fn room(&self) -> usize {
        const PID: usize = 20;
        match self.pieces() {
            None => self.len(),
            Some(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.len(),
                    Piece::Pid(_) => PID,
                })
                .sum(),
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces().is_none() && self.len() == 0
    }

    /// Its text, if it is UTF-8 and of whole bytes.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if self.is_whole() { std::str::from_utf8(self.bytes()).ok() } else { None }
    }

    /// The pieces of a text into which pids were printed.
    #[must_use]
    pub fn pieces(&self) -> Option<&[Piece]> {
        match &*self.0 {
            Content::Pieces { pieces, .. } => Some(pieces),
            Content::Bytes { .. } | Content::Part { .. } => None,
        }
    }

    /// A part of it, which shares its bytes: `None` if it does not have so many.
    #[must_use]
    pub fn part(&self, start: usize, len: usize) -> Option<Binary> {
        let end = start.checked_add(len)?;
        self.bytes().get(start..end)?;
        if end == self.len() && !self.is_whole() {
            return Some(Binary::from_bits(self.bytes().get(start..)?.to_vec(), self.spare()));
        }
        if start == 0 && len == self.len() {
            return Some(self.clone());
        }
        let (whole, before) = match &*self.0 {
            Content::Part { whole, start, .. } => (whole.clone(), *start),
            Content::Bytes { .. } | Content::Pieces { .. } => (self.clone(), 0),
        };
        Some(Binary(Rc::new(Content::Part { whole, start: before + start, len })))
    }

    /// This, followed by another. Costs only what is added, if nobody else holds this.
    #[must_use]
    pub fn append(mut self, other: &Binary) -> Binary {
        if self.pieces().is_some() || other.pieces().is_some() {
            let mut pieces = self.as_pieces();
            pieces.extend(other.as_pieces());
            return Binary::from_pieces(pieces);
        }
        if let Some(Content::Bytes { bytes, spare: 0 }) = Rc::get_mut(&mut self.0)
            && other.is_whole()
        {
            bytes.extend_from_slice(other.bytes());
            return self;
        }
        if self.is_whole() {
            let mut bytes = Vec::with_capacity(self.len() + other.len());
            bytes.extend_from_slice(self.bytes());
            bytes.extend_from_slice(other.bytes());
            return Binary::from_bits(bytes, other.spare());
        }
        let mut bits = BitWriter::default();
        bits.push_bits(&self);
        bits.push_bits(other);
        bits.finish()
    }

    fn as_pieces(&self) -> Vec<Piece> {
        match self.pieces() {
            Some(pieces) => pieces.to_vec(),
            None if self.is_empty() => Vec::new(),
            None => vec![Piece::Text(Rc::from(self.bytes()))],
        }
    }
}

/// Puts a bitstring together.
#[derive(Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// How many bits of the last byte are free.
    free: u8,
}

impl BitWriter {
    /// Adds one bit.
    pub fn push(&mut self, bit: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let (true, Some(last)) = (bit, self.bytes.last_mut()) {
            *last |= 1 << self.free;
        }
    }

    /// Adds whole bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        if self.free == 0 {
            self.bytes.extend_from_slice(bytes);
            return;
        }
        for byte in bytes {
            for bit in (0..8).rev() {
                self.push(byte >> bit & 1 == 1);
            }
        }
    }

    /// Adds the bits of a bitstring.
    pub fn push_bits(&mut self, bits: &Binary) {
        let whole = bits.bit_len() / 8;
        let (full, rest) = bits.bytes().split_at(whole.min(bits.bytes().len()));
        self.push_bytes(full);
        for byte in rest {
            for bit in (bits.spare()..8).rev() {
                self.push(byte >> bit & 1 == 1);
            }
        }
    }

    /// What was put together.
    #[must_use]
    pub fn finish(self) -> Binary {
        Binary::from_bits(self.bytes, self.free)
    }
}

/// Puts a text together, and keeps the pids in it.
#[derive(Debug, Default)]
pub struct TextWriter {
    pieces: Vec<Piece>,
    bytes: Vec<u8>,
}

impl TextWriter {
    /// Adds bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds a pid as it is printed.
    pub fn push_pid(&mut self, pid: Pid) {
        if !self.bytes.is_empty() {
            self.pieces.push(Piece::Text(Rc::from(std::mem::take(&mut self.bytes))));
        }
        self.pieces.push(Piece::Pid(pid));
    }

    /// Adds a binary of whole bytes.
    pub fn push(&mut self, binary: &Binary) {
        let Some(pieces) = binary.pieces() else { return self.push_bytes(binary.bytes()) };
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.push_bytes(text),
                Piece::Pid(pid) => self.push_pid(*pid),
            }
        }
    }

    /// What was put together.
    #[must_use]
    pub fn finish(mut self) -> Binary {
        if self.pieces.is_empty() {
            return Binary::from(self.bytes);
        }
        if !self.bytes.is_empty() {
            self.pieces.push(Piece::Text(Rc::from(self.bytes)));
        }
        Binary::from_pieces(self.pieces)
    }
}

fn flatten(pieces: &[Piece]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => bytes.extend_from_slice(text),
            Piece::Pid(pid) => bytes.extend_from_slice(pid.to_string().as_bytes()),
        }
    }
    bytes
}

impl From<Vec<u8>> for Binary {
    fn from(bytes: Vec<u8>) -> Binary {
        Binary(Rc::new(Content::Bytes { bytes, spare: 0 }))
    }
}

impl From<&str> for Binary {
    fn from(text: &str) -> Binary {
        Binary::from(text.as_bytes().to_vec())
    }
}

impl PartialEq for Binary {
    fn eq(&self, other: &Binary) -> bool {
        if Rc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        // The same pieces make the same text: nobody has to look at the characters.
        let same_pieces = self.pieces().is_some() && self.pieces() == other.pieces();
        same_pieces || (self.bytes() == other.bytes() && self.spare() == other.spare())
    }
}

impl Eq for Binary {}

impl Ord for Binary {
    fn cmp(&self, other: &Binary) -> Ordering {
        // A bitstring that is the beginning of another comes first; a missing bit is no smaller than a zero otherwise.
        self.bytes().cmp(other.bytes()).then_with(|| other.spare().cmp(&self.spare()))
    }
}

impl PartialOrd for Binary {
    fn partial_cmp(&self, other: &Binary) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Binary {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        state.write(self.bytes());
        state.write_u8(self.spare());
    }
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self.bytes()), f)
    }
}

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.bytes()))
    }
}
