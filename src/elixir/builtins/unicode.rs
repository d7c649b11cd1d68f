//! `:unicode`: texts made of characters, binaries and lists of these.

use unicode_normalization::UnicodeNormalization;

use super::args::{self, Outcome};
use super::{Context, Raised, atom};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, Term, TextWriter, list};

table! { "unicode", context:
    "characters_to_binary"(data) => to_binary(context, data, Encoding::Utf8, Encoding::Utf8);
    "characters_to_binary"(data, from) => to_binary(context, data, encoding(from)?, Encoding::Utf8);
    "characters_to_binary"(data, from, to) => to_binary(context, data, encoding(from)?, encoding(to)?);
    "characters_to_list"(data) => to_list(context, data, Encoding::Utf8);
    "characters_to_list"(data, from) => to_list(context, data, encoding(from)?);
    "characters_to_nfc_binary"(data) => normalized(context, data, Form::Nfc, binary);
    "characters_to_nfd_binary"(data) => normalized(context, data, Form::Nfd, binary);
    "characters_to_nfkc_binary"(data) => normalized(context, data, Form::Nfkc, binary);
    "characters_to_nfkd_binary"(data) => normalized(context, data, Form::Nfkd, binary);
    "characters_to_nfc_list"(data) => normalized(context, data, Form::Nfc, |text| Term::charlist(&text));
    "characters_to_nfd_list"(data) => normalized(context, data, Form::Nfd, |text| Term::charlist(&text));
    "characters_to_nfkc_list"(data) => normalized(context, data, Form::Nfkc, |text| Term::charlist(&text));
    "characters_to_nfkd_list"(data) => normalized(context, data, Form::Nfkd, |text| Term::charlist(&text));
}

/// How characters are written as bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    Utf16 { little: bool },
    Utf32 { little: bool },
}

fn encoding(term: &Term) -> Result<Encoding, Raised> {
    let (name, little) = match term {
        Term::Atom(name) => (name.text(), false),
        _ => match args::tuple(term)? {
            [Term::Atom(name), Term::Atom(endianness)] => match endianness.text() {
                "little" => (name.text(), true),
                "big" => (name.text(), false),
                _ => return Err(Raised::badarg()),
            },
            _ => return Err(Raised::badarg()),
        },
    };
    match name {
        "utf8" | "unicode" => Ok(Encoding::Utf8),
        "latin1" => Ok(Encoding::Latin1),
        "utf16" => Ok(Encoding::Utf16 { little }),
        "utf32" => Ok(Encoding::Utf32 { little }),
        _ => Err(Raised::badarg()),
    }
}

pub(super) fn is_encoding(term: &Term) -> bool {
    encoding(term).is_ok()
}

/// Whether this consists of characters, and of binaries in UTF-8.
pub(super) fn is_data(term: &Term) -> bool {
    matches!(read(term, Encoding::Utf8, |_| true), Ok(None))
}

/// The normal forms of Unicode.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

pub(super) fn normalize(text: &str, form: Form) -> String {
    match form {
        Form::Nfc => text.nfc().collect(),
        Form::Nfd => text.nfd().collect(),
        Form::Nfkc => text.nfkc().collect(),
        Form::Nfkd => text.nfkd().collect(),
    }
}

/// Why reading stopped.
enum Stop {
    /// What cannot be read, and what follows it.
    Wrong(Term),
    /// The bytes of a character that is not complete.
    Incomplete(Vec<u8>),
}

/// How far the first bytes make characters.
enum Step {
    Character(char, usize),
    /// More bytes could make a character.
    Short,
    Wrong,
}

fn step(bytes: &[u8], encoding: Encoding) -> Step {
    let character =
        |code: u32, len| char::from_u32(code).map_or(Step::Wrong, |found| Step::Character(found, len));
    let word = |little: bool, bytes: [u8; 2]| {
        if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    };
    match (encoding, bytes) {
        (Encoding::Latin1, [byte, ..]) => Step::Character(char::from(*byte), 1),
        (Encoding::Utf8, _) => {
            let front = bytes.get(..bytes.len().min(4)).unwrap_or_default();
            match front.utf8_chunks().next().map(|chunk| (chunk.valid().chars().next(), chunk.invalid())) {
                Some((Some(found), _)) => Step::Character(found, found.len_utf8()),
                Some((None, invalid)) if invalid.len() == bytes.len() && is_beginning(invalid) => Step::Short,
                _ => Step::Wrong,
            }
        }
        (Encoding::Utf16 { little }, [a, b, rest @ ..]) => match (word(little, [*a, *b]), rest) {
            (high @ 0xd800..0xdc00, [c, d, ..]) => {
                let pair = [high, word(little, [*c, *d])];
                match char::decode_utf16(pair).next() {
                    Some(Ok(found)) => Step::Character(found, 4),
                    _ => Step::Wrong,
                }
            }
            (0xd800..0xdc00, _) => Step::Short,
            (code, _) => character(u32::from(code), 2),
        },
        (Encoding::Utf32 { little: true }, [a, b, c, d, ..]) => {
            character(u32::from_le_bytes([*a, *b, *c, *d]), 4)
        }
        (Encoding::Utf32 { little: false }, [a, b, c, d, ..]) => {
            character(u32::from_be_bytes([*a, *b, *c, *d]), 4)
        }
        _ => Step::Short,
    }
}

/// Whether these bytes, which are no character, could begin one.
fn is_beginning(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// Reads a binary after the bytes that are left of what came before. Gives back the bytes of an incomplete character.
fn read_bytes(
    bytes: &[u8],
    encoding: Encoding,
    mut put: impl FnMut(char) -> bool,
) -> Result<Vec<u8>, Vec<u8>> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match step(rest, encoding) {
            Step::Character(found, len) => {
                if !put(found) {
                    return Err(rest.to_vec());
                }
                rest = rest.get(len..).unwrap_or_default();
            }
            Step::Short => return Ok(rest.to_vec()),
            Step::Wrong => return Err(rest.to_vec()),
        }
    }
    Ok(Vec::new())
}

/// Hands over all characters, one by one; `put` says whether it can use one.
fn read(data: &Term, encoding: Encoding, mut put: impl FnMut(char) -> bool) -> Result<Option<Stop>, Raised> {
    let mut carried: Vec<u8> = Vec::new();
    // What follows the lists around.
    let mut pending: Vec<&Term> = Vec::new();
    let mut rest = data;
    let remaining = |first: Term, pending: &[&Term]| {
        pending.iter().rev().fold(first, |inner, tail| Term::cons(inner, (*tail).clone()))
    };
    loop {
        let (leaf, tail) = match rest {
            Term::List(cons) => match &cons.head {
                Term::List(_) | Term::Empty => {
                    pending.push(&cons.tail);
                    rest = &cons.head;
                    continue;
                }
                head => (head, Some(&cons.tail)),
            },
            Term::Empty => match pending.pop() {
                Some(next) => {
                    rest = next;
                    continue;
                }
                None => break,
            },
            Term::Binary(_) => (rest, None),
            _ => return Err(Raised::badarg()),
        };
        let wrong = match leaf {
            Term::Binary(binary) if binary.is_whole() => {
                let read = if carried.is_empty() {
                    read_bytes(binary.bytes(), encoding, &mut put)
                } else {
                    carried.extend_from_slice(binary.bytes());
                    read_bytes(&carried, encoding, &mut put)
                };
                match read {
                    Ok(short) => {
                        carried = short;
                        None
                    }
                    Err(bytes) => Some(args::bytes(bytes)),
                }
            }
            Term::Int(_) | Term::Big(_) if !carried.is_empty() => {
                let followed = Term::cons(leaf.clone(), tail.cloned().unwrap_or_default());
                let first = list([args::bytes(carried), remaining(followed, &pending)]);
                return Ok(Some(Stop::Wrong(first)));
            }
            Term::Int(code) => {
                let code =
                    u32::try_from(*code).ok().filter(|code| encoding != Encoding::Latin1 || *code < 256);
                let character = code.and_then(char::from_u32);
                character.filter(|character| put(*character)).is_none().then(|| leaf.clone())
            }
            Term::Big(_) => Some(leaf.clone()),
            _ => return Err(Raised::badarg()),
        };
        if let Some(wrong) = wrong {
            let first = match tail {
                Some(tail) => Term::cons(wrong, tail.clone()),
                None => wrong,
            };
            return Ok(Some(Stop::Wrong(remaining(first, &pending))));
        }
        match tail {
            Some(tail) => rest = tail,
            None => match pending.pop() {
                Some(next) => rest = next,
                None => break,
            },
        }
    }
    Ok(if carried.is_empty() { None } else { Some(Stop::Incomplete(carried)) })
}

/// The result, or why there is none: `{:error, so_far, rest}`, `{:incomplete, so_far, rest}`.
fn outcome(done: Term, stop: Option<Stop>) -> Term {
    match stop {
        None => done,
        Some(Stop::Wrong(rest)) => Term::tuple([Term::Atom(atom::ERROR), done, rest]),
        Some(Stop::Incomplete(rest)) => {
            Term::tuple([Term::Atom(Atom::new("incomplete")), done, args::bytes(rest)])
        }
    }
}

fn encode(out: &mut Vec<u8>, character: char, encoding: Encoding) -> bool {
    let code = u32::from(character);
    match encoding {
        Encoding::Utf8 => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        Encoding::Latin1 => match u8::try_from(code) {
            Ok(byte) => out.push(byte),
            Err(_) => return false,
        },
        Encoding::Utf16 { little } => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(&if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
        }
        Encoding::Utf32 { little } => {
            out.extend_from_slice(&if little { code.to_le_bytes() } else { code.to_be_bytes() });
        }
    }
    true
}

fn to_binary(context: &mut dyn Context, data: &Term, from: Encoding, to: Encoding) -> Outcome {
    if from == Encoding::Utf8
        && to == Encoding::Utf8
        && let Some(text) = valid(data)
    {
        context.reserve(text.len())?;
        return Ok(Term::Binary(text));
    }
    let mut bytes = Vec::new();
    let stop = read(data, from, |character| encode(&mut bytes, character, to))?;
    context.reserve(bytes.len())?;
    Ok(outcome(args::bytes(bytes), stop))
}

/// The text, if nothing is wrong with it: the usual case. The pids that were printed into it are kept.
fn valid(data: &Term) -> Option<Binary> {
    let whole = |binary: &Binary| match binary.pieces() {
        Some(pieces) => pieces.iter().all(|piece| match piece {
            crate::elixir::term::Piece::Text(text) => std::str::from_utf8(text).is_ok(),
            crate::elixir::term::Piece::Pid(_) => true,
        }),
        None => binary.text().is_some(),
    };
    if let Term::Binary(binary) = data {
        return whole(binary).then(|| binary.clone());
    }
    let mut text = TextWriter::default();
    let mut pending = vec![data];
    while let Some(mut rest) = pending.pop() {
        while let Term::List(cons) = rest {
            match &cons.head {
                Term::List(_) => {
                    pending.push(&cons.tail);
                    rest = &cons.head;
                    continue;
                }
                Term::Empty => {}
                Term::Int(code) => {
                    let character = char::from_u32(u32::try_from(*code).ok()?)?;
                    text.push_bytes(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Term::Binary(binary) if whole(binary) => text.push(binary),
                _ => return None,
            }
            rest = &cons.tail;
        }
        match rest {
            Term::Empty => {}
            Term::Binary(binary) if whole(binary) => text.push(binary),
            _ => return None,
        }
    }
    Some(text.finish())
}

fn to_list(context: &mut dyn Context, data: &Term, from: Encoding) -> Outcome {
    let mut characters = Vec::new();
    let stop = read(data, from, |character| {
        characters.push(Term::Int(i64::from(u32::from(character))));
        true
    })?;
    super::lists::reserve(context, characters.len())?;
    Ok(outcome(list(characters), stop))
}

fn binary(text: String) -> Term {
    Term::text(text)
}

fn normalized(context: &mut dyn Context, data: &Term, form: Form, make: fn(String) -> Term) -> Outcome {
    let mut text = String::new();
    let stop = read(data, Encoding::Utf8, |character| {
        text.push(character);
        true
    })?;
    // Here an incomplete character is as wrong as any other.
    let stop = stop.map(|stop| match stop {
        Stop::Incomplete(rest) => Stop::Wrong(args::bytes(rest)),
        Stop::Wrong(rest) => Stop::Wrong(rest),
    });
    let text = normalize(&text, form);
    context.reserve(text.len())?;
    Ok(outcome(make(text), stop))
}
