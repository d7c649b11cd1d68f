//! `:binary`

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem::Finder;
use num_bigint::{BigInt, Sign};

use super::args::{self, Outcome};
use super::erlang_binary::{iodata, part, to_list};
use super::{Context, Raised};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, Term, list};

table! { "binary", context:
    "part"(binary, range) => { let (start, len) = range_of(range)?; part(args::binary(binary)?, start, len) };
    "part"(binary, start, len) => part(args::binary(binary)?, args::int(start)?, args::int(len)?);
    "at"(binary, place) => byte(args::binary(binary)?.bytes().get(args::count(place)?));
    "first"(binary) => byte(args::binary(binary)?.bytes().first());
    "last"(binary) => byte(args::binary(binary)?.bytes().last());
    "copy"(binary) => Ok(args::bytes(args::binary(binary)?.bytes().to_vec()));
    "copy"(binary, count) => {
        let (binary, count) = (args::binary(binary)?, args::count(count)?);
        context.reserve(binary.len().saturating_mul(count))?;
        Ok(args::bytes(binary.bytes().repeat(count)))
    };
    "bin_to_list"(binary) => { let binary = args::binary(binary)?; to_list(context, binary, 0, binary.len()) };
    "bin_to_list"(binary, range) => { let (start, len) = range_of(range)?; some_bytes(context, binary, start, len) };
    "bin_to_list"(binary, start, len) => some_bytes(context, binary, args::int(start)?, args::int(len)?);
    "list_to_bin"(items) => {
        if !matches!(items, Term::Empty | Term::List(_)) { return Err(Raised::badarg()) }
        iodata(context, items).map(Term::Binary)
    };
    "match"(binary, pattern) => first_match(binary, pattern, &Term::Empty);
    "match"(binary, pattern, options) => first_match(binary, pattern, options);
    "matches"(binary, pattern) => all_matches(binary, pattern, &Term::Empty);
    "matches"(binary, pattern, options) => all_matches(binary, pattern, options);
    "split"(binary, pattern) => split(binary, pattern, &Term::Empty);
    "split"(binary, pattern, options) => split(binary, pattern, options);
    "replace"(binary, pattern, new) => replace(context, binary, pattern, new, &Term::Empty);
    "replace"(binary, pattern, new, options) => replace(context, binary, pattern, new, options);
    "compile_pattern"(pattern) => {
        Pattern::new(pattern)?;
        Ok(Term::tuple([Term::Atom(Atom::new(COMPILED)), args::take(pattern)]))
    };
    "longest_common_prefix"(binaries) => common(binaries, |bytes, at| bytes.get(at).copied());
    "longest_common_suffix"(binaries) => common(binaries, |bytes, at| bytes.iter().rev().nth(at).copied());
    "referenced_byte_size"(binary) => Ok(args::size(args::binary(binary)?.len()));
    "encode_unsigned"(integer) => Ok(args::bytes(unsigned(integer)?));
    "encode_unsigned"(integer, endianness) => {
        let mut bytes = unsigned(integer)?;
        if is_little(endianness)? { bytes.reverse(); }
        Ok(args::bytes(bytes))
    };
    "decode_unsigned"(binary) => Ok(decoded(args::binary(binary)?.bytes(), false));
    "decode_unsigned"(binary, endianness) => Ok(decoded(args::binary(binary)?.bytes(), is_little(endianness)?));
    "encode_hex"(binary) => {
        let binary = args::binary(binary)?;
        context.reserve(binary.len().saturating_mul(2))?;
        Ok(Term::text(data_encoding::HEXUPPER.encode(binary.bytes())))
    };
    "decode_hex"(text) => {
        let decoded = data_encoding::HEXUPPER_PERMISSIVE.decode(args::binary(text)?.bytes());
        decoded.map(args::bytes).map_err(|_| Raised::badarg())
    };
}

const COMPILED: &str = "bm";

fn byte(byte: Option<&u8>) -> Outcome {
    byte.map(|byte| Term::Int(i64::from(*byte))).ok_or_else(Raised::badarg)
}

fn range_of(term: &Term) -> Result<(i64, i64), Raised> {
    match args::tuple(term)? {
        [start, len] => Ok((args::int(start)?, args::int(len)?)),
        _ => Err(Raised::badarg()),
    }
}

fn some_bytes(context: &mut dyn Context, binary: &Term, start: i64, len: i64) -> Outcome {
    let Term::Binary(part) = part(args::binary(binary)?, start, len)? else { return Err(Raised::badarg()) };
    to_list(context, &part, 0, part.len())
}

fn unsigned(integer: &Term) -> Result<Vec<u8>, Raised> {
    match args::big(integer)?.to_bytes_be() {
        (Sign::Minus, _) => Err(Raised::badarg()),
        (_, bytes) => Ok(bytes),
    }
}

fn is_little(endianness: &Term) -> Result<bool, Raised> {
    match args::atom(endianness)?.text() {
        "little" => Ok(true),
        "big" => Ok(false),
        _ => Err(Raised::badarg()),
    }
}

fn decoded(bytes: &[u8], little: bool) -> Term {
    Term::integer(if little {
        BigInt::from_bytes_le(Sign::Plus, bytes)
    } else {
        BigInt::from_bytes_be(Sign::Plus, bytes)
    })
}

fn common(binaries: &Term, at: fn(&[u8], usize) -> Option<u8>) -> Outcome {
    let binaries: Vec<&Binary> =
        args::elements(binaries)?.into_iter().map(args::binary).collect::<Result<_, _>>()?;
    let Some((first, others)) = binaries.split_first() else { return Err(Raised::badarg()) };
    let same =
        |place: &usize| others.iter().all(|other| at(other.bytes(), *place) == at(first.bytes(), *place));
    Ok(args::size((0..first.len()).take_while(same).count()))
}

/// What is searched for: the leftmost of some binaries, and of these the longest.
enum Pattern {
    One(Box<Finder<'static>>, usize),
    Any(Box<AhoCorasick>),
}

/// Whether this can be searched for.
pub(super) fn is_pattern(term: &Term) -> bool {
    Pattern::new(term).is_ok()
}

impl Pattern {
    fn new(term: &Term) -> Result<Pattern, Raised> {
        let needles: Vec<&[u8]> = match term {
            Term::Tuple(compiled) => match compiled.items() {
                [Term::Atom(tag), pattern]
                    if tag.text() == COMPILED && !matches!(pattern, Term::Tuple(_)) =>
                {
                    return Pattern::new(pattern);
                }
                _ => return Err(Raised::badarg()),
            },
            Term::Binary(_) => vec![args::binary(term)?.bytes()],
            _ => args::elements(term)?
                .into_iter()
                .map(|needle| Ok(args::binary(needle)?.bytes()))
                .collect::<Result<_, _>>()?,
        };
        match needles[..] {
            [] => Err(Raised::badarg()),
            _ if needles.iter().any(|needle| needle.is_empty()) => Err(Raised::badarg()),
            [needle] => Ok(Pattern::One(Box::new(Finder::new(needle).into_owned()), needle.len())),
            _ => {
                let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(needles);
                Ok(Pattern::Any(Box::new(built.map_err(|_| Raised::badarg())?)))
            }
        }
    }

    /// Where the first match is, and how long.
    fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        match self {
            Pattern::One(finder, len) => finder.find(bytes.get(from..)?).map(|at| (from + at, *len)),
            Pattern::Any(any) => {
                any.find(bytes.get(from..)?).map(|found| (from + found.start(), found.len()))
            }
        }
    }

    fn matches(&self, bytes: &[u8], from: usize, most: usize) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut from = from;
        while found.len() < most
            && let Some((at, len)) = self.find(bytes, from)
        {
            found.push((at, len));
            from = at + len;
        }
        found
    }
}

/// The options of the functions that search.
struct Search {
    /// What is searched: from here, up to there.
    from: usize,
    to: usize,
    global: bool,
    trim: bool,
    trim_all: bool,
    insert_replaced: Vec<usize>,
}

impl Search {
    /// Reads options. Which of them a function knows, it says itself.
    fn read(binary: &Binary, options: &Term, known: &[&str]) -> Result<Search, Raised> {
        let mut search = Search {
            from: 0,
            to: binary.len(),
            global: false,
            trim: false,
            trim_all: false,
            insert_replaced: Vec::new(),
        };
        for option in args::elements(options)? {
            let (name, value) = match option {
                Term::Atom(name) => (name.text(), None),
                _ => match args::tuple(option)? {
                    [Term::Atom(name), value] => (name.text(), Some(value)),
                    _ => return Err(Raised::badarg()),
                },
            };
            if !known.contains(&name) {
                return Err(Raised::badarg());
            }
            match (name, value) {
                ("global", None) => search.global = true,
                ("trim", None) => search.trim = true,
                ("trim_all", None) => search.trim_all = true,
                ("scope", Some(range)) => {
                    let (start, len) = range_of(range)?;
                    let from = usize::try_from(start.min(start.saturating_add(len)))
                        .map_err(|_| Raised::badarg())?;
                    let to = usize::try_from(start.max(start.saturating_add(len)))
                        .map_err(|_| Raised::badarg())?;
                    if to > binary.len() {
                        return Err(Raised::badarg());
                    }
                    (search.from, search.to) = (from, to);
                }
                ("insert_replaced", Some(Term::Int(place))) => {
                    search.insert_replaced.push(usize::try_from(*place).map_err(|_| Raised::badarg())?);
                }
                ("insert_replaced", Some(places @ (Term::List(_) | Term::Empty))) => {
                    for place in args::elements(places)? {
                        search.insert_replaced.push(args::count(place)?);
                    }
                }
                _ => return Err(Raised::badarg()),
            }
        }
        Ok(search)
    }

    fn matches(&self, binary: &Binary, pattern: &Pattern, most: usize) -> Vec<(usize, usize)> {
        pattern.matches(binary.bytes().get(..self.to).unwrap_or_default(), self.from, most)
    }
}

fn found((at, len): (usize, usize)) -> Term {
    Term::tuple([args::size(at), args::size(len)])
}

fn first_match(binary: &Term, pattern: &Term, options: &Term) -> Outcome {
    let binary = args::binary(binary)?;
    let none = || Term::Atom(Atom::new("nomatch"));
    // In an empty binary nothing is searched, and so nothing is said against the pattern.
    if binary.is_empty() && matches!(options, Term::Empty) {
        return Ok(none());
    }
    let pattern = Pattern::new(pattern)?;
    let search = Search::read(binary, options, &["scope"])?;
    Ok(search.matches(binary, &pattern, 1).first().map_or_else(none, |first| found(*first)))
}

fn all_matches(binary: &Term, pattern: &Term, options: &Term) -> Outcome {
    let binary = args::binary(binary)?;
    if binary.is_empty() && matches!(options, Term::Empty) {
        return Ok(Term::Empty);
    }
    let pattern = Pattern::new(pattern)?;
    let search = Search::read(binary, options, &["scope"])?;
    Ok(list(search.matches(binary, &pattern, usize::MAX).into_iter().map(found)))
}

fn split(binary: &Term, pattern: &Term, options: &Term) -> Outcome {
    let binary = args::binary(binary)?;
    if binary.is_empty() && matches!(options, Term::Empty) {
        return Ok(list([Term::Binary(binary.clone())]));
    }
    let pattern = Pattern::new(pattern)?;
    let search = Search::read(binary, options, &["scope", "global", "trim", "trim_all"])?;
    let matches = search.matches(binary, &pattern, if search.global { usize::MAX } else { 1 });
    if matches.is_empty() {
        let empty = binary.is_empty() && (search.trim || search.trim_all);
        return Ok(if empty { Term::Empty } else { list([Term::Binary(binary.clone())]) });
    }
    let mut parts = Vec::with_capacity(matches.len() + 1);
    let mut start = 0;
    for (at, len) in matches {
        parts.extend(binary.part(start, at - start));
        start = at + len;
    }
    parts.extend(binary.part(start, binary.len() - start));
    if search.trim_all {
        parts.retain(|part| !part.is_empty());
    } else if search.trim {
        while parts.last().is_some_and(Binary::is_empty) {
            parts.pop();
        }
    }
    Ok(list(parts.into_iter().map(Term::Binary)))
}

fn replace(context: &mut dyn Context, binary: &Term, pattern: &Term, new: &Term, options: &Term) -> Outcome {
    let (binary, new) = (args::binary(binary)?, args::binary(new)?);
    let pattern = Pattern::new(pattern)?;
    let mut search = Search::read(binary, options, &["scope", "global", "insert_replaced"])?;
    search.insert_replaced.sort_unstable();
    if search.insert_replaced.iter().any(|place| *place > new.len()) {
        return Err(Raised::badarg());
    }
    let matches = search.matches(binary, &pattern, if search.global { usize::MAX } else { 1 });
    let inserted = |len: usize| new.len() + search.insert_replaced.len() * len;
    let added = matches.iter().fold(0, |added: usize, (_, len)| added.saturating_add(inserted(*len)));
    context.reserve(binary.len().saturating_add(added))?;
    let bytes = binary.bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut start = 0;
    for (at, len) in matches {
        out.extend_from_slice(bytes.get(start..at).unwrap_or_default());
        let replaced = bytes.get(at..at + len).unwrap_or_default();
        let mut written = 0;
        for place in &search.insert_replaced {
            out.extend_from_slice(new.bytes().get(written..*place).unwrap_or_default());
            out.extend_from_slice(replaced);
            written = *place;
        }
        out.extend_from_slice(new.bytes().get(written..).unwrap_or_default());
        start = at + len;
    }
    out.extend_from_slice(bytes.get(start..).unwrap_or_default());
    Ok(args::bytes(out))
}
