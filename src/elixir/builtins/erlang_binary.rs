//! `:erlang`: binaries and what they are made of; hashes.

use std::hash::{Hash, Hasher};

use twox_hash::XxHash64;

use super::args::{self, Outcome};
use super::{Context, Raised};
use crate::elixir::term::{Binary, BitWriter, Term, TextWriter, list, mentions_name, told};

table! { "erlang", context:
    "byte_size"(bits) => Ok(args::size(args::bits(bits)?.len()));
    "bit_size"(bits) => Ok(args::size(args::bits(bits)?.bit_len()));
    "size"(term) => match term {
        Term::Tuple(tuple) => Ok(args::size(tuple.items().len())),
        _ => Ok(args::size(args::bits(term)?.bit_len() / 8)),
    };
    "binary_part"(binary, range) => {
        let [start, len] = args::tuple(range)? else { return Err(Raised::badarg()) };
        part(args::bits(binary)?, args::int(start)?, args::int(len)?)
    };
    "binary_part"(binary, start, len) => part(args::bits(binary)?, args::int(start)?, args::int(len)?);
    "split_binary"(binary, at) => split(args::bits(binary)?, args::count(at)?);
    "binary_to_list"(binary) => { let binary = args::binary(binary)?; to_list(context, binary, 0, binary.len()) };
    "binary_to_list"(binary, first, last) => {
        let (binary, first, last) = (args::binary(binary)?, args::count(first)?, args::count(last)?);
        if first == 0 || last > binary.len() || first > last { return Err(Raised::badarg()) }
        to_list(context, binary, first - 1, last)
    };
    "bitstring_to_list"(bits) => bitstring_to_list(context, args::bits(bits)?);
    "list_to_binary"(items) => {
        if !matches!(items, Term::Empty | Term::List(_)) { return Err(Raised::badarg()) }
        iodata(context, items).map(Term::Binary)
    };
    "list_to_bitstring"(items) => list_to_bitstring(context, items);
    "iolist_to_binary"(items) => iodata(context, items).map(Term::Binary);
    "iolist_to_iovec"(items) => Ok(list([Term::Binary(iodata(context, items)?)]));
    "iolist_size"(items) => Ok(args::size(iodata_size(items, Binary::len)?));
    "phash2"(term) => Ok(Term::Int(i64::from(hash(term) & 0x7ff_ffff)));
    "phash2"(term, range) => match args::int(range)? {
        range @ 1..=0x1_0000_0000 => Ok(Term::Int(i64::from(hash(term)) % range)),
        _ => Err(Raised::badarg()),
    };
    "crc32"(data) => Ok(Term::Int(i64::from(crc32fast::hash(iodata(context, data)?.bytes()))));
    "crc32"(old, data) => {
        let old = u32::try_from(args::int(old)?).map_err(|_| Raised::badarg())?;
        let mut hasher = crc32fast::Hasher::new_with_initial(old);
        hasher.update(iodata(context, data)?.bytes());
        Ok(Term::Int(i64::from(hasher.finalize())))
    };
    "adler32"(data) => Ok(Term::Int(adler32(1, iodata(context, data)?.bytes())));
}

/// A part of a binary; a negative length goes backwards.
pub(super) fn part(binary: &Binary, start: i64, len: i64) -> Outcome {
    let from = if len < 0 { start.checked_add(len) } else { Some(start) };
    let from = from.and_then(|from| usize::try_from(from).ok()).ok_or_else(Raised::badarg)?;
    if start.unsigned_abs() > (binary.bit_len() / 8) as u64 {
        return Err(Raised::badarg());
    }
    let len = usize::try_from(len.unsigned_abs()).map_err(|_| Raised::badarg())?;
    if from + len > binary.bit_len() / 8 {
        return Err(Raised::badarg());
    }
    binary.part(from, len).map(Term::Binary).ok_or_else(Raised::badarg)
}

fn split(bits: &Binary, at: usize) -> Outcome {
    let whole = bits.bit_len() / 8;
    if at > whole {
        return Err(Raised::badarg());
    }
    let first = bits.part(0, at).ok_or_else(Raised::badarg)?;
    let second = bits.part(at, bits.len() - at).ok_or_else(Raised::badarg)?;
    Ok(Term::tuple([Term::Binary(first), Term::Binary(second)]))
}

/// The bytes from one place up to another as a list.
pub(super) fn to_list(context: &mut dyn Context, binary: &Binary, from: usize, to: usize) -> Outcome {
    const CELL: usize = 48;
    context.reserve(to.saturating_sub(from).saturating_mul(CELL))?;
    let bytes = binary.bytes().get(from..to).ok_or_else(Raised::badarg)?;
    Ok(list(bytes.iter().map(|byte| Term::Int(i64::from(*byte)))))
}

fn bitstring_to_list(context: &mut dyn Context, bits: &Binary) -> Outcome {
    if bits.is_whole() {
        return to_list(context, bits, 0, bits.len());
    }
    let whole = bits.len() - 1;
    let last = bits.bytes().get(whole..).unwrap_or_default().to_vec();
    let last = Term::Binary(Binary::from_bits(last, bits.spare()));
    let bytes = bits.bytes().get(..whole).unwrap_or_default();
    Ok(list(bytes.iter().map(|byte| Term::Int(i64::from(*byte))).chain([last])))
}

/// Visits the leaves of nested lists of bytes and bitstrings, in order.
fn leaves<'a>(items: &'a Term, mut visit: impl FnMut(&'a Term) -> Result<(), Raised>) -> Result<(), Raised> {
    let mut pending = vec![items];
    while let Some(term) = pending.pop() {
        let mut rest = term;
        while let Term::List(cons) = rest {
            match &cons.head {
                Term::List(_) => {
                    pending.push(&cons.tail);
                    rest = &cons.head;
                    continue;
                }
                Term::Empty => {}
                head => visit(head)?,
            }
            rest = &cons.tail;
        }
        match rest {
            Term::Empty => {}
            // Only a bitstring may end a list that is not proper.
            Term::Binary(_) => visit(rest)?,
            _ => return Err(Raised::badarg()),
        }
    }
    Ok(())
}

fn byte(term: &Term) -> Result<u8, Raised> {
    u8::try_from(args::int(term)?).map_err(|_| Raised::badarg())
}

/// The size of nested lists of bytes and binaries, each binary counting as `size` says.
pub(super) fn iodata_size(items: &Term, size_of: fn(&Binary) -> usize) -> Result<usize, Raised> {
    let mut size = 0;
    leaves(items, |leaf| {
        size += match leaf {
            Term::Binary(_) => size_of(args::binary(leaf)?),
            _ => byte(leaf).map(|_| 1)?,
        };
        Ok(())
    })?;
    Ok(size)
}

/// The binary that bytes and binaries in nested lists make. Pids that were printed into them are kept.
pub(super) fn iodata(context: &mut dyn Context, items: &Term) -> Result<Binary, Raised> {
    if let Term::Binary(binary) = items {
        return if binary.is_whole() { Ok(binary.clone()) } else { Err(Raised::badarg()) };
    }
    context.reserve(iodata_size(items, Binary::room)?)?;
    let mut text = TextWriter::default();
    leaves(items, |leaf| {
        match leaf {
            Term::Binary(binary) => text.push(binary),
            _ => text.push_bytes(&[byte(leaf)?]),
        }
        Ok(())
    })?;
    Ok(text.finish())
}

fn list_to_bitstring(context: &mut dyn Context, items: &Term) -> Outcome {
    if !matches!(items, Term::Empty | Term::List(_)) {
        return Err(Raised::badarg());
    }
    let mut size = 0;
    leaves(items, |leaf| {
        size += if let Term::Binary(bits) = leaf { bits.room() } else { 1 };
        Ok(())
    })?;
    context.reserve(size)?;
    let mut bits = BitWriter::default();
    leaves(items, |leaf| {
        match leaf {
            Term::Binary(part) => bits.push_bits(part),
            _ => bits.push_bytes(&[byte(leaf)?]),
        }
        Ok(())
    })?;
    Ok(Term::Binary(bits.finish()))
}

/// A hash of our own; the BEAM's has other values.
fn hash(term: &Term) -> u32 {
    if mentions_name(term) {
        told();
    }
    let mut hasher = XxHash64::with_seed(0);
    term.hash(&mut hasher);
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

fn adler32(start: u32, bytes: &[u8]) -> i64 {
    const BASE: u32 = 65_521;
    let (mut low, mut high) = (start & 0xffff, start >> 16);
    for byte in bytes {
        low = (low + u32::from(*byte)) % BASE;
        high = (high + low) % BASE;
    }
    i64::from(high << 16 | low)
}
