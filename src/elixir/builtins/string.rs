//! Texts as `String` sees them: graphemes, case, white space. A byte that is not UTF-8 counts as a grapheme of its own,
//! and stays as it is.

use unicode_segmentation::UnicodeSegmentation;

use super::args::{self, Outcome};
use super::inspect::is_text;
use super::unicode::{Form, normalize};
use super::{Context, Raised, atom};
use crate::elixir::term::{Binary, NIL, Term, list};

table! { "rashomon", context:
    "string_length"(text) => Ok(args::size(length(args::binary(text)?.bytes())));
    "string_graphemes"(text) => graphemes(context, args::binary(text)?);
    "string_next_grapheme"(text) => next_grapheme(args::binary(text)?);
    "string_offset"(text, count) => {
        let (bytes, count) = (args::binary(text)?.bytes(), args::count(count)?);
        Ok(args::size(lengths(bytes).take(count).sum()))
    };
    "string_case"(text, to, mode) => case(context, args::binary(text)?, to, mode);
    "string_normalize"(text, form) => normal(context, args::binary(text)?, form);
    "string_trim"(text, side) => trim(text, side);
    "string_split"(text) => split(context, args::binary(text)?);
    "string_printable"(text, limit) => {
        let limit = match limit {
            Term::Atom(atom::INFINITY) => usize::MAX,
            _ => args::count(limit)?,
        };
        Ok(Term::boolean(is_text(args::binary(text)?.bytes(), limit)))
    };
}

/// The lengths of the graphemes of a text, in bytes.
fn lengths(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let invalid = chunk.invalid().iter().map(|_| 1);
        chunk.valid().graphemes(true).map(str::len).chain(invalid)
    })
}

fn length(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len() - bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    }
    lengths(bytes).count()
}

fn graphemes(context: &mut dyn Context, text: &Binary) -> Outcome {
    const CELL: usize = 96;
    context.reserve(text.len().saturating_mul(CELL))?;
    let bytes = text.bytes();
    let mut start = 0;
    let part = |len: usize| {
        let part = bytes.get(start..start + len).unwrap_or_default();
        start += len;
        args::bytes(part.to_vec())
    };
    Ok(list(lengths(bytes).map(part).collect::<Vec<_>>()))
}

/// The first grapheme and the rest, found without looking at more of the text than is needed.
fn next_grapheme(text: &Binary) -> Outcome {
    let bytes = text.bytes();
    if bytes.is_empty() {
        return Ok(NIL);
    }
    let mut window = 32;
    let len = loop {
        let front = bytes.get(..window.min(bytes.len())).unwrap_or_default();
        let mut found = lengths(front);
        let first = found.next().unwrap_or(1);
        // The last character in the window may be incomplete, and the grapheme may go on after it.
        if window >= bytes.len() || first + 4 <= front.len() {
            break first;
        }
        window = window.saturating_mul(2);
    };
    let first = args::bytes(bytes.get(..len).unwrap_or_default().to_vec());
    let rest = text.part(len, bytes.len() - len).ok_or_else(Raised::badarg)?;
    Ok(Term::tuple([first, Term::Binary(rest)]))
}

/// To which case, by which rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Default,
    Ascii,
    Greek,
    Turkic,
}

fn case(context: &mut dyn Context, text: &Binary, to: &Term, mode: &Term) -> Outcome {
    let mode = match args::atom(mode)?.text() {
        "default" => Mode::Default,
        "ascii" => Mode::Ascii,
        "greek" => Mode::Greek,
        "turkic" => Mode::Turkic,
        _ => return Err(Raised::badarg()),
    };
    context.reserve(text.len().saturating_mul(2))?;
    let mut out = Vec::with_capacity(text.len());
    let mut first = true;
    let to = args::atom(to)?.text();
    for chunk in text.bytes().utf8_chunks() {
        let mut rest = chunk.valid();
        match to {
            "upcase" => upper(&mut out, rest, mode),
            "downcase" => lower(&mut out, rest, mode),
            "capitalize" => {
                if let (true, Some(character)) = (first, rest.chars().next()) {
                    title(&mut out, character, mode);
                    rest = rest.get(character.len_utf8()..).unwrap_or_default();
                }
                lower(&mut out, rest, mode);
            }
            _ => return Err(Raised::badarg()),
        }
        out.extend_from_slice(chunk.invalid());
        first = false;
    }
    Ok(args::bytes(out))
}

fn push(out: &mut Vec<u8>, characters: impl IntoIterator<Item = char>) {
    for character in characters {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

fn upper(out: &mut Vec<u8>, text: &str, mode: Mode) {
    if mode == Mode::Ascii || text.is_ascii() && mode != Mode::Turkic {
        out.extend(text.bytes().map(|byte| byte.to_ascii_uppercase()));
        return;
    }
    for character in text.chars() {
        match character {
            'i' if mode == Mode::Turkic => push(out, ['İ']),
            _ => push(out, character.to_uppercase()),
        }
    }
}

fn lower(out: &mut Vec<u8>, text: &str, mode: Mode) {
    if mode == Mode::Ascii || text.is_ascii() && mode != Mode::Turkic {
        out.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        return;
    }
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            'Σ' if mode == Mode::Greek => {
                let ends = characters.peek().is_none_or(|next| !next.is_alphabetic());
                push(out, [if ends { 'ς' } else { 'σ' }]);
            }
            'I' if mode == Mode::Turkic => push(out, ['ı']),
            'İ' if mode == Mode::Turkic => push(out, ['i']),
            _ => push(out, character.to_lowercase()),
        }
    }
}

fn title(out: &mut Vec<u8>, character: char, mode: Mode) {
    let first = character;
    match character {
        _ if mode == Mode::Ascii => push(out, [character.to_ascii_uppercase()]),
        'i' if mode == Mode::Turkic => push(out, ['İ']),
        'Ǆ'..='ǆ' => push(out, ['ǅ']),
        'Ǉ'..='ǉ' => push(out, ['ǈ']),
        'Ǌ'..='ǌ' => push(out, ['ǋ']),
        'Ǳ'..='ǳ' => push(out, ['ǲ']),
        // Georgian has no title case.
        'ა'..='ჿ' => push(out, [character]),
        'ŉ' => push(out, ['ʼ', 'N']),
        // Greek letters with a iota below them: the capital is one character in a title, but two in capitals.
        'ᾀ'..='ᾇ' | 'ᾐ'..='ᾗ' | 'ᾠ'..='ᾧ' => push(out, char::from_u32(u32::from(character) + 8)),
        'ᾈ'..='ᾏ' | 'ᾘ'..='ᾟ' | 'ᾨ'..='ᾯ' | 'ᾼ' | 'ῌ' | 'ῼ' => push(out, [character]),
        'ᾳ' | 'ῃ' | 'ῳ' => push(out, char::from_u32(u32::from(character) + 9)),
        _ => {
            let mut upper = character.to_uppercase();
            push(out, upper.next());
            // The iota after a Greek capital stands below it.
            let iota = |character: char| {
                if ('ἀ'..='῾').contains(&first) && character == 'Ι' { '\u{345}' } else { character }
            };
            push(out, upper.map(iota).flat_map(char::to_lowercase));
        }
    }
}

fn normal(context: &mut dyn Context, text: &Binary, form: &Term) -> Outcome {
    let form = match args::atom(form)?.text() {
        "nfc" => Form::Nfc,
        "nfd" => Form::Nfd,
        "nfkc" => Form::Nfkc,
        "nfkd" => Form::Nfkd,
        _ => return Err(Raised::badarg()),
    };
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.bytes().utf8_chunks() {
        out.extend_from_slice(normalize(chunk.valid(), form).as_bytes());
        out.extend_from_slice(chunk.invalid());
    }
    context.reserve(out.len())?;
    Ok(args::bytes(out))
}

fn trim(text: &Term, side: &Term) -> Outcome {
    let text = args::binary(text).map_err(|_| Raised::atom(atom::FUNCTION_CLAUSE))?;
    let (leading, trailing) = match args::atom(side)?.text() {
        "leading" => (true, false),
        "trailing" => (false, true),
        "both" => (true, true),
        _ => return Err(Raised::badarg()),
    };
    let bytes = text.bytes();
    let start = match bytes.utf8_chunks().next() {
        Some(first) if leading => first.valid().len() - first.valid().trim_start().len(),
        _ => 0,
    };
    let rest = bytes.get(start..).unwrap_or_default();
    let end = match rest.utf8_chunks().last() {
        Some(last) if trailing && last.invalid().is_empty() => {
            bytes.len() - (last.valid().len() - last.valid().trim_end().len())
        }
        _ => bytes.len(),
    };
    text.part(start, end - start).map(Term::Binary).ok_or_else(Raised::badarg)
}

/// Whether a text may be split at this character: not at spaces that hold words together.
fn splits(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

fn split(context: &mut dyn Context, text: &Binary) -> Outcome {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    let mut at = 0;
    for chunk in text.bytes().utf8_chunks() {
        for character in chunk.valid().chars() {
            if splits(character) {
                parts.extend(start.take().map(|start| (start, at)));
            } else {
                start.get_or_insert(at);
            }
            at += character.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            start.get_or_insert(at);
            at += chunk.invalid().len();
        }
    }
    parts.extend(start.map(|start| (start, at)));
    super::lists::reserve(context, parts.len())?;
    Ok(list(parts.into_iter().filter_map(|(start, end)| text.part(start, end - start)).map(Term::Binary)))
}
