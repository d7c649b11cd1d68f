//! Regular expressions: `:rashomon.regex_*`, on which `Regex` stands.
//!
//! They are run by the crate fancy-regex. An expression that is not marked as Unicode works on bytes, as in PCRE: then it
//! and the text are read as Latin-1, in which every byte is a character.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use fancy_regex::{Regex, RegexBuilder};

use super::args::{self, Outcome};
use super::regex_syntax::{Mistake, Reading, translate};
use super::{Raised, atom};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, NIL, Term, list};

table! { "rashomon", context:
    "regex_compile"(source, options) => compile(args::binary(source)?, options);
    "regex_run"(pattern, text, offset) => run(pattern, args::binary(text)?, args::count(offset)?);
    "regex_names"(pattern) => {
        let (source, reading, _) = pattern_of(pattern)?;
        let translation = read(&source, reading).map_err(|_| Raised::badarg())?;
        let pairs = translation.names.into_iter().map(|(name, group)| Term::tuple([Term::text(name), args::size(group)]));
        Ok(list(pairs))
    };
}

/// Each byte as a character.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn read(source: &Binary, reading: Reading) -> Result<super::regex_syntax::Translation, Mistake> {
    if !reading.unicode {
        return translate(&latin(source.bytes()), true, reading);
    }
    match source.text() {
        Some(text) => translate(text, false, reading),
        None => Err(Mistake { message: "invalid UTF-8 string".to_owned(), position: 0 }),
    }
}

/// The options of an expression as bits, in the order of these names.
const OPTIONS: [&str; 8] =
    ["caseless", "multiline", "dotall", "extended", "ungreedy", "unicode", "ucp", "firstline"];
const ANY_NEWLINE: i64 = 1 << OPTIONS.len();

fn option_bits(options: &Term) -> Result<i64, Raised> {
    let mut bits = 0;
    for option in args::elements(options)? {
        match option {
            Term::Atom(name) => {
                let at = OPTIONS.iter().position(|known| *known == name.text()).ok_or_else(Raised::badarg)?;
                bits |= 1 << at;
            }
            _ => match args::tuple(option)? {
                [Term::Atom(name), Term::Atom(kind)] if name.text() == "newline" => {
                    if matches!(kind.text(), "any" | "anycrlf" | "crlf" | "cr") {
                        bits |= ANY_NEWLINE;
                    }
                }
                _ => return Err(Raised::badarg()),
            },
        }
    }
    Ok(bits)
}

fn reading(bits: i64) -> (Reading, bool) {
    let is_set =
        |name: &str| OPTIONS.iter().position(|known| *known == name).is_some_and(|at| bits >> at & 1 == 1);
    let mut reading = Reading {
        unicode: is_set("unicode"),
        properties: is_set("ucp"),
        any_newline: bits & ANY_NEWLINE != 0,
        ..Reading::default()
    };
    reading.flags.caseless = is_set("caseless");
    reading.flags.multiline = is_set("multiline");
    reading.flags.dotall = is_set("dotall");
    reading.flags.extended = is_set("extended");
    reading.flags.ungreedy = is_set("ungreedy");
    (reading, is_set("firstline"))
}

fn compile(source: &Binary, options: &Term) -> Outcome {
    let bits = option_bits(options)?;
    let (reading, _) = reading(bits);
    let mistake = match read(source, reading) {
        Ok(translation) => match build(&translation.text) {
            Ok(_) => {
                let tag = Term::Atom(Atom::new("re_pattern"));
                let unicode = Term::Int(i64::from(reading.unicode));
                let groups = args::size(translation.groups);
                return Ok(Term::ok(Term::tuple([
                    tag,
                    groups,
                    unicode,
                    Term::Int(bits),
                    Term::Binary(source.clone()),
                ])));
            }
            Err(message) => Mistake { message, position: source.len() },
        },
        Err(mistake) => mistake,
    };
    let told = Term::tuple([Term::charlist(&mistake.message), args::size(mistake.position)]);
    Ok(Term::tuple([Term::Atom(atom::ERROR), told]))
}

fn build(text: &str) -> Result<Regex, String> {
    const MOST_BYTES: usize = 1 << 24;
    const MOST_STEPS: usize = 10_000_000;
    let mut builder = RegexBuilder::new(text);
    builder.backtrack_limit(MOST_STEPS).delegate_size_limit(MOST_BYTES);
    builder.build().map_err(|error| match error {
        fancy_regex::Error::CompileError(error) if error.to_string().contains("ook-behind") => {
            "lookbehind assertion is not fixed length".to_owned()
        }
        error => error.to_string(),
    })
}

fn pattern_of(pattern: &Term) -> Result<(Binary, Reading, bool), Raised> {
    match args::tuple(pattern)? {
        [tag, _, _, Term::Int(bits), Term::Binary(source)] if tag.is_atom(Atom::new("re_pattern")) => {
            let (reading, first_line) = reading(*bits);
            Ok((source.clone(), reading, first_line))
        }
        _ => Err(Raised::badarg()),
    }
}

/// A text that is searched, perhaps many times from different places.
struct Text {
    binary: Binary,
    /// The text as characters, if its bytes are not that already.
    latin: Option<Latin>,
    is_ascii: bool,
}

struct Latin {
    text: String,
    /// Where each byte stands in the text, and where that ends.
    places: Vec<usize>,
}

impl Text {
    fn new(binary: &Binary, unicode: bool) -> Option<Text> {
        let is_ascii = binary.bytes().is_ascii();
        let latin = (!unicode && !is_ascii).then(|| {
            let mut places = Vec::with_capacity(binary.len() + 1);
            let mut end = 0;
            for byte in binary.bytes() {
                places.push(end);
                end += if byte.is_ascii() { 1 } else { 2 };
            }
            places.push(end);
            Latin { text: latin(binary.bytes()), places }
        });
        if latin.is_none() && !is_ascii {
            binary.text()?;
        }
        Some(Text { binary: binary.clone(), latin, is_ascii })
    }

    fn is_of(&self, binary: &Binary, unicode: bool) -> bool {
        let (own, other) = (self.binary.bytes(), binary.bytes());
        own.as_ptr() == other.as_ptr()
            && own.len() == other.len()
            && (self.is_ascii || unicode == self.latin.is_none())
    }
}

/// What was compiled and what was searched of late. It saves time, and nothing else depends on it.
#[derive(Default)]
struct Memory {
    compiled: BTreeMap<(Vec<u8>, Reading), Rc<Regex>>,
    text: Option<Rc<Text>>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

fn compiled(source: &Binary, reading: Reading) -> Result<Rc<Regex>, Raised> {
    const MOST: usize = 256;
    let key = (source.bytes().to_vec(), reading);
    if let Some(found) = MEMORY.with_borrow(|memory| memory.compiled.get(&key).cloned()) {
        return Ok(found);
    }
    let translation = read(source, reading).map_err(|_| Raised::badarg())?;
    let regex = Rc::new(build(&translation.text).map_err(|_| Raised::badarg())?);
    MEMORY.with_borrow_mut(|memory| {
        if memory.compiled.len() >= MOST {
            memory.compiled.clear();
        }
        memory.compiled.insert(key, Rc::clone(&regex));
    });
    Ok(regex)
}

fn searched(binary: &Binary, unicode: bool) -> Result<Rc<Text>, Raised> {
    if let Some(text) =
        MEMORY.with_borrow(|memory| memory.text.clone().filter(|text| text.is_of(binary, unicode)))
    {
        return Ok(text);
    }
    let text = Rc::new(Text::new(binary, unicode).ok_or_else(Raised::badarg)?);
    MEMORY.with_borrow_mut(|memory| memory.text = Some(Rc::clone(&text)));
    Ok(text)
}

fn run(pattern: &Term, binary: &Binary, offset: usize) -> Outcome {
    let (source, mut reading, first_line) = pattern_of(pattern)?;
    let bytes = binary.bytes();
    if offset > bytes.len() {
        return Ok(NIL);
    }
    let text = searched(binary, reading.unicode)?;
    reading.ascii_text = text.is_ascii;
    reading.newline_at_end = matches!(bytes.last(), Some(b'\n' | b'\r'));
    let regex = compiled(&source, reading)?;
    let (content, from) = match &text.latin {
        Some(latin) => (latin.text.as_str(), latin.places.get(offset).copied().unwrap_or(0)),
        None => (std::str::from_utf8(bytes).map_err(|_| Raised::badarg())?, offset),
    };
    if !content.is_char_boundary(from) {
        return Err(Raised::badarg());
    }
    // An expression that takes too many steps finds nothing, as on the BEAM.
    let Ok(Some(captures)) = regex.captures_from_pos(content, from) else { return Ok(NIL) };
    let place = |at: usize| match &text.latin {
        Some(latin) => latin.places.binary_search(&at).unwrap_or_else(|at| at),
        None => at,
    };
    let mut groups: Vec<Option<(usize, usize)>> =
        captures.iter().map(|group| group.map(|group| (place(group.start()), place(group.end())))).collect();
    while groups.last().is_some_and(Option::is_none) {
        groups.pop();
    }
    if first_line
        && let Some(Some((start, _))) = groups.first()
        && bytes.get(offset..*start).is_some_and(|before| before.contains(&b'\n'))
    {
        return Ok(NIL);
    }
    let group = |group: Option<(usize, usize)>| match group {
        Some((start, end)) => Term::tuple([args::size(start), args::size(end.saturating_sub(start))]),
        None => Term::tuple([Term::Int(-1), Term::Int(0)]),
    };
    Ok(list(groups.into_iter().map(group)))
}
