//! `term_to_binary` and back: Erlang's external format.
//!
//! Pids, references and local functions are written so that only the same program reads them back as the same.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};

use super::args::{self, Outcome};
use super::{Context, Raised};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, Fun, Map, Target, Term, Tuple, told};
use crate::kernel::{Pid, Reference};

table! { "erlang", context:
    "term_to_binary"(term) => encoded(context, term);
    "term_to_binary"(term, options) => { args::elements(options)?; encoded(context, term) };
    "term_to_iovec"(term) => Ok(crate::elixir::term::list([encoded(context, term)?]));
    "external_size"(term) => Ok(args::size(encode(term).len()));
    "binary_to_term"(binary) => decoded(binary, Atoms::New).map(|(term, _)| term);
    "binary_to_term"(binary, options) => {
        let mut atoms = Atoms::New;
        let mut with_used = false;
        for option in args::elements(options)? {
            match option.as_atom().map(Atom::text) {
                Some("safe") => atoms = Atoms::Existing,
                Some("used") => with_used = true,
                _ => return Err(Raised::badarg()),
            }
        }
        let (term, used) = decoded(binary, atoms)?;
        Ok(if with_used { Term::tuple([term, args::size(used)]) } else { term })
    };
}

const VERSION: u8 = 131;
const NEW_FLOAT: u8 = 70;
const BIT_BINARY: u8 = 77;
const NEW_PID: u8 = 88;
const NEWER_REFERENCE: u8 = 90;
const SMALL_INTEGER: u8 = 97;
const INTEGER: u8 = 98;
const ATOM: u8 = 100;
const SMALL_TUPLE: u8 = 104;
const LARGE_TUPLE: u8 = 105;
const NIL: u8 = 106;
const STRING: u8 = 107;
const LIST: u8 = 108;
const BINARY: u8 = 109;
const SMALL_BIG: u8 = 110;
const LARGE_BIG: u8 = 111;
const NEW_FUN: u8 = 112;
const EXPORT: u8 = 113;
const SMALL_ATOM: u8 = 115;
const MAP: u8 = 116;
const ATOM_UTF8: u8 = 118;
const SMALL_ATOM_UTF8: u8 = 119;

/// Whether reading may make new atoms.
#[derive(Clone, Copy)]
enum Atoms {
    New,
    Existing,
}

fn encoded(context: &mut dyn Context, term: &Term) -> Outcome {
    let bytes = encode(term);
    context.reserve(bytes.len())?;
    Ok(args::bytes(bytes))
}

/// A term in the external format.
#[must_use]
pub fn encode(term: &Term) -> Vec<u8> {
    let mut out = vec![VERSION];
    let mut pending = vec![term];
    while let Some(term) = pending.pop() {
        write(&mut out, term, &mut pending);
    }
    out
}

fn length(out: &mut Vec<u8>, len: usize) {
    out.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
}

fn write<'a>(out: &mut Vec<u8>, term: &'a Term, pending: &mut Vec<&'a Term>) {
    match term {
        Term::Int(value) => write_int(out, *value),
        Term::Big(value) => write_big(out, value),
        Term::Float(value) => {
            out.push(NEW_FLOAT);
            out.extend_from_slice(&value.to_bits().to_be_bytes());
        }
        Term::Atom(atom) => write_atom(out, *atom),
        Term::Pid(pid) => {
            told();
            out.push(NEW_PID);
            write_node(out);
            out.extend_from_slice(&pid.number().to_be_bytes());
            out.extend_from_slice(&[0; 8]);
        }
        Term::Reference(reference) => {
            told();
            out.extend_from_slice(&[NEWER_REFERENCE, 0, 3]);
            write_node(out);
            out.extend_from_slice(&[0; 4]);
            let number = reference.number();
            // The lowest part first, as on the BEAM.
            out.extend_from_slice(&((number & 0xFFFF_FFFF) as u32).to_be_bytes());
            out.extend_from_slice(&((number >> 32) as u32).to_be_bytes());
            out.extend_from_slice(&[0; 4]);
        }
        Term::Empty => out.push(NIL),
        Term::List(_) => write_list(out, term, pending),
        Term::Tuple(tuple) => {
            let items = tuple.items();
            if let Ok(len) = u8::try_from(items.len()) {
                out.extend_from_slice(&[SMALL_TUPLE, len]);
            } else {
                out.push(LARGE_TUPLE);
                length(out, items.len());
            }
            pending.extend(items.iter().rev());
        }
        Term::Map(map) => {
            out.push(MAP);
            length(out, map.len());
            let first = pending.len();
            pending.extend(map.iter().flat_map(|(key, value)| [key, value]));
            if let Some(new) = pending.get_mut(first..) {
                new.reverse();
            }
        }
        Term::Binary(binary) => {
            if binary.is_whole() {
                out.push(BINARY);
                length(out, binary.len());
            } else {
                out.push(BIT_BINARY);
                length(out, binary.len());
                out.push(8 - binary.spare());
            }
            out.extend_from_slice(binary.bytes());
        }
        Term::Fun(fun) => write_fun(out, fun, pending),
    }
}

fn write_node(out: &mut Vec<u8>) {
    write_atom(out, super::atom::NONODE);
}

fn write_int(out: &mut Vec<u8>, value: i64) {
    if let Ok(small) = u8::try_from(value) {
        out.extend_from_slice(&[SMALL_INTEGER, small]);
    } else if let Ok(value) = i32::try_from(value) {
        out.push(INTEGER);
        out.extend_from_slice(&value.to_be_bytes());
    } else {
        write_big(out, &BigInt::from(value));
    }
}

fn write_big(out: &mut Vec<u8>, value: &BigInt) {
    let (sign, bytes) = value.to_bytes_le();
    if let Ok(len) = u8::try_from(bytes.len()) {
        out.extend_from_slice(&[SMALL_BIG, len]);
    } else {
        out.push(LARGE_BIG);
        length(out, bytes.len());
    }
    out.push(u8::from(sign == Sign::Minus));
    out.extend_from_slice(&bytes);
}

fn write_atom(out: &mut Vec<u8>, atom: Atom) {
    let text = atom.text();
    let latin: Option<Vec<u8>> =
        text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    let (tag, bytes) = match latin {
        Some(bytes) => (ATOM, bytes),
        None if text.len() < 256 => (SMALL_ATOM_UTF8, text.as_bytes().to_vec()),
        None => (ATOM_UTF8, text.as_bytes().to_vec()),
    };
    out.push(tag);
    if tag == SMALL_ATOM_UTF8 {
        out.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    } else {
        out.extend_from_slice(&u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
    }
    out.extend_from_slice(&bytes);
}

fn write_list<'a>(out: &mut Vec<u8>, list: &'a Term, pending: &mut Vec<&'a Term>) {
    let mut elements = list.elements();
    let items: Vec<&Term> = elements.by_ref().collect();
    let tail = elements.rest();
    let short = u16::try_from(items.len()).ok().filter(|_| matches!(tail, Term::Empty));
    let small = |term: &&Term| term.as_int().and_then(|value| u8::try_from(value).ok());
    if let (Some(len), Some(bytes)) = (short, items.iter().map(small).collect::<Option<Vec<u8>>>()) {
        out.push(STRING);
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(&bytes);
        return;
    }
    out.push(LIST);
    length(out, items.len());
    pending.push(tail);
    pending.extend(items.into_iter().rev());
}

fn write_fun<'a>(out: &mut Vec<u8>, fun: &'a Fun, pending: &mut Vec<&'a Term>) {
    match fun.target {
        Target::External => {
            out.push(EXPORT);
            write_atom(out, fun.module);
            write_atom(out, fun.name);
            write_int(out, i64::from(fun.arity));
        }
        Target::Local { function, index } => {
            // The name stands where the BEAM has the identity of the module's code.
            out.extend_from_slice(&[NEW_FUN, fun.arity]);
            length(out, index as usize);
            length(out, function as usize);
            length(out, fun.captured().len());
            write_atom(out, fun.module);
            write_atom(out, fun.name);
            pending.extend(fun.captured().iter().rev());
        }
    }
}

fn decoded(binary: &Term, atoms: Atoms) -> Result<(Term, usize), Raised> {
    decode(args::binary(binary)?.bytes(), atoms).ok_or_else(Raised::badarg)
}

/// What is being put together, and how many parts it still waits for.
enum Frame {
    Tuple(usize, Vec<Term>),
    List(usize, Vec<Term>),
    Map(usize, Vec<Term>),
    Fun(usize, Vec<Term>, Fun),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    atoms: Atoms,
}

fn decode(bytes: &[u8], atoms: Atoms) -> Option<(Term, usize)> {
    let mut reader = Reader { bytes, at: 0, atoms };
    if reader.byte()? != VERSION {
        return None;
    }
    let mut frames: Vec<Frame> = Vec::new();
    loop {
        let mut value = match reader.value()? {
            Read::Value(term) => term,
            Read::Frame(frame) => {
                frames.push(frame);
                match complete(&mut frames)? {
                    Some(term) => term,
                    None => continue,
                }
            }
        };
        loop {
            let Some(frame) = frames.last_mut() else { return Some((value, reader.at)) };
            let (Frame::Tuple(left, parts)
            | Frame::List(left, parts)
            | Frame::Map(left, parts)
            | Frame::Fun(left, parts, _)) = frame;
            parts.push(value);
            *left -= 1;
            match complete(&mut frames)? {
                Some(term) => value = term,
                None => break,
            }
        }
    }
}

/// The value that the innermost frame is, if it has all its parts.
fn complete(frames: &mut Vec<Frame>) -> Option<Option<Term>> {
    let (Frame::Tuple(left, _) | Frame::List(left, _) | Frame::Map(left, _) | Frame::Fun(left, _, _)) =
        frames.last()?;
    if *left > 0 {
        return Some(None);
    }
    Some(Some(match frames.pop()? {
        Frame::Tuple(_, items) => Term::Tuple(Tuple::from_iter(items)),
        Frame::List(_, mut items) => {
            let tail = items.pop()?;
            Term::list_with_tail(items, tail)
        }
        Frame::Map(_, items) => {
            let mut map = Map::default();
            let mut items = items.into_iter();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                if map.get(&key).is_some() {
                    return None;
                }
                map.put(key, value);
            }
            Term::Map(map)
        }
        Frame::Fun(_, captured, fun) => Term::Fun(Rc::new(Fun::new(
            fun.module,
            fun.name,
            fun.arity,
            fun.target,
            captured.into_boxed_slice(),
        ))),
    }))
}

enum Read {
    Value(Term),
    Frame(Frame),
}

impl Reader<'_> {
    fn take(&mut self, len: usize) -> Option<&[u8]> {
        let end = self.at.checked_add(len)?;
        let found = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(found)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn short(&mut self) -> Option<usize> {
        Some(usize::from(u16::from_be_bytes(self.take(2)?.try_into().ok()?)))
    }

    fn word(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number of parts, of which each takes at least one byte.
    fn count(&mut self, each: usize) -> Option<usize> {
        let count = usize::try_from(self.word()?).ok()?;
        (count.checked_mul(each)? <= self.bytes.len() - self.at).then_some(count)
    }

    fn atom(&mut self) -> Option<Atom> {
        let tag = self.byte()?;
        self.atom_with(tag)
    }

    fn atom_with(&mut self, tag: u8) -> Option<Atom> {
        let len = match tag {
            ATOM | ATOM_UTF8 => self.short()?,
            SMALL_ATOM | SMALL_ATOM_UTF8 => usize::from(self.byte()?),
            _ => return None,
        };
        let bytes = self.take(len)?;
        let text = if matches!(tag, ATOM | SMALL_ATOM) {
            bytes.iter().map(|byte| char::from(*byte)).collect()
        } else {
            String::from_utf8(bytes.to_vec()).ok()?
        };
        if text.chars().count() > 255 {
            return None;
        }
        match self.atoms {
            Atoms::New => Some(Atom::new(&text)),
            Atoms::Existing => Atom::existing(&text),
        }
    }

    fn big(&mut self, len: usize) -> Option<Term> {
        let sign = if self.byte()? == 0 { Sign::Plus } else { Sign::Minus };
        Some(Term::integer(BigInt::from_bytes_le(sign, self.take(len)?)))
    }

    fn value(&mut self) -> Option<Read> {
        let tag = self.byte()?;
        Some(Read::Value(match tag {
            SMALL_INTEGER => Term::Int(i64::from(self.byte()?)),
            INTEGER => Term::Int(i64::from(i32::from_be_bytes(self.take(4)?.try_into().ok()?))),
            SMALL_BIG => {
                let len = usize::from(self.byte()?);
                self.big(len)?
            }
            LARGE_BIG => {
                let len = self.count(1)?;
                self.big(len)?
            }
            NEW_FLOAT => {
                let float = f64::from_bits(u64::from_be_bytes(self.take(8)?.try_into().ok()?));
                Term::Float(Some(float).filter(|float| float.is_finite())?)
            }
            ATOM | ATOM_UTF8 | SMALL_ATOM | SMALL_ATOM_UTF8 => Term::Atom(self.atom_with(tag)?),
            NIL => Term::Empty,
            STRING => {
                let len = self.short()?;
                let bytes = self.take(len)?;
                crate::elixir::term::list(bytes.iter().map(|byte| Term::Int(i64::from(*byte))))
            }
            BINARY => {
                let len = self.count(1)?;
                args::bytes(self.take(len)?.to_vec())
            }
            BIT_BINARY => {
                let len = self.count(1)?;
                let used = self.byte()?;
                if len == 0 || !(1..=8).contains(&used) {
                    return None;
                }
                Term::Binary(Binary::from_bits(self.take(len)?.to_vec(), 8 - used))
            }
            NEW_PID => {
                self.atom()?;
                let number = self.word()?;
                self.take(8)?;
                Term::Pid(Pid::from_number(number))
            }
            NEWER_REFERENCE => {
                let words = self.short()?;
                self.atom()?;
                self.word()?;
                let low = u64::from(self.word()?);
                let high = if words > 1 { u64::from(self.word()?) } else { 0 };
                self.take(words.checked_sub(2)? * 4)?;
                Term::Reference(Reference::from_number(high << 32 | low))
            }
            EXPORT => {
                let (module, name) = (self.atom()?, self.atom()?);
                let Read::Value(Term::Int(arity)) = self.value()? else { return None };
                let arity = u8::try_from(arity).ok()?;
                Term::Fun(Rc::new(Fun::new(module, name, arity, Target::External, Box::default())))
            }
            _ => return self.frame(tag).map(Read::Frame),
        }))
    }

    fn frame(&mut self, tag: u8) -> Option<Frame> {
        Some(match tag {
            SMALL_TUPLE => {
                let len = usize::from(self.byte()?);
                Frame::Tuple(len, Vec::with_capacity(len))
            }
            LARGE_TUPLE => Frame::Tuple(self.count(1)?, Vec::new()),
            LIST => Frame::List(self.count(1)? + 1, Vec::new()),
            MAP => Frame::Map(self.count(2)? * 2, Vec::new()),
            NEW_FUN => {
                let arity = self.byte()?;
                let (index, function) = (self.word()?, self.word()?);
                let captured = self.count(1)?;
                let (module, name) = (self.atom()?, self.atom()?);
                let target = Target::Local { function, index };
                Frame::Fun(captured, Vec::new(), Fun::new(module, name, arity, target, Box::default()))
            }
            _ => return None,
        })
    }
}
