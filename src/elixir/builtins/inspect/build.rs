//! From values to documents.

use std::sync::LazyLock;

use super::containers::{Rest, Shape};
use super::layout::{Break, Document, Slice, Token};
use super::{Base, Binaries, Charlists, Options, escape, name};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::float_format;
use crate::elixir::builtins::{Context, Raised};
use crate::elixir::term::{Binary, Fun, Map, NIL, Piece, Target, Term, compare, told, told_keys};

/// What is still to be written, the next one last.
pub(super) enum Work<'a> {
    Term(&'a Term, Place),
    /// A key of a keyword list, a map or a struct, and its value.
    Keyword(Atom, &'a Term, Place),
    /// A key and a value with an arrow between them.
    Arrow(&'a Term, &'a Term, Place),
    /// The elements that a container still has.
    Rest(Rest<'a>, usize, Place),
    Text(&'static str),
    Token(Token),
    Doc(&'a Term),
    /// Back to the container around, whose elements these are.
    Leave,
}

/// With which options a value is printed, and how many elements may be.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) options: usize,
    pub(super) limit: usize,
}

impl Place {
    pub(super) fn less(self) -> Place {
        let limit = if self.limit == usize::MAX { self.limit } else { self.limit.saturating_sub(1) };
        Place { limit, ..self }
    }
}

/// Makes a document of values.
pub(super) struct Builder<'a> {
    pub(super) document: Document,
    pub(super) work: Vec<Work<'a>>,
    pub(super) options: Vec<(Options, &'a Term)>,
    /// The containers around, and whether their breaks depend on their elements.
    pub(super) open: Vec<(usize, Shape)>,
    context: &'a dyn Context,
    /// The documents of structs that print themselves, by struct and options; `None` if they are not asked to.
    docs: Option<&'a Map>,
    /// The structs, with their options, for which there is no document.
    missing: Vec<Term>,
    known_missing: Map,
}

/// Atoms that are looked up once.
struct Names {
    inspect: Atom,
    limit: Atom,
    map_set: Atom,
    map: Atom,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    inspect: Atom::module("Inspect"),
    limit: Atom::new("limit"),
    map_set: Atom::module("MapSet"),
    map: Atom::new("map"),
});

impl<'a> Builder<'a> {
    pub(super) fn new(context: &'a dyn Context, docs: Option<&'a Map>) -> Builder<'a> {
        Builder {
            document: Document::default(),
            work: Vec::new(),
            options: Vec::new(),
            open: Vec::new(),
            context,
            docs,
            missing: Vec::new(),
            known_missing: Map::default(),
        }
    }

    /// Adds a value, in a group of its own. The options are as they were given, and as they were read.
    pub(super) fn term(&mut self, term: &'a Term, given: &'a Term, options: Options) -> Result<(), Raised> {
        let place = self.place(given, options, usize::MAX);
        self.work.push(Work::Token(Token::Close));
        self.work.push(Work::Term(term, place));
        self.work.push(Work::Token(Token::OpenGroup { inherit: false }));
        self.run()
    }

    /// A place with these options.
    pub(super) fn place(&mut self, given: &'a Term, options: Options, limit: usize) -> Place {
        let place = Place { options: self.options.len(), limit: options.limit.min(limit) };
        self.options.push((options, given));
        place
    }

    /// Adds a document of Elixir's.
    pub(super) fn doc(&mut self, doc: &'a Term) -> Result<(), Raised> {
        self.work.push(Work::Doc(doc));
        self.run()
    }

    /// The document, and the structs that must print themselves first.
    pub(super) fn finish(self) -> (Document, Vec<Term>) {
        (self.document, self.missing)
    }

    fn run(&mut self) -> Result<(), Raised> {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Term(term, place) => self.value(term, place),
                Work::Keyword(key, value, place) => {
                    self.write(|out| name::key(out, key));
                    self.text(" ");
                    self.work.push(Work::Term(value, place));
                }
                Work::Arrow(key, value, place) => {
                    self.work.push(Work::Term(value, place));
                    self.work.push(Work::Text(" => "));
                    self.work.push(Work::Term(key, place));
                }
                Work::Rest(rest, container, place) => self.rest(rest, container, place),
                Work::Text(text) => self.text(text),
                Work::Token(token) => self.token(token),
                Work::Doc(doc) => self.elixir_doc(doc)?,
                Work::Leave => {
                    if let Some((container, shape)) = self.open.pop()
                        && shape == Shape::Maybe
                        && let Some(container) = self.document.containers.get_mut(container)
                    {
                        container.breaks = Break::Flex;
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn options(&self, place: Place) -> Options {
        self.options.get(place.options).map_or_else(Options::default, |(options, _)| *options)
    }

    /// Adds what `write` writes as text.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.document.text.len();
        write(&mut self.document.text);
        let end = self.document.text.len();
        self.slice(start, end, end - start);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.write(|out| out.extend_from_slice(text.as_bytes()));
    }

    pub(super) fn slice(&mut self, start: usize, end: usize, width: usize) {
        if let Some(Token::Text(last)) = self.document.tokens.last_mut()
            && last.end == start
        {
            last.end = end;
            last.width += width;
            return;
        }
        self.document.tokens.push(Token::Text(Slice { start, end, width }));
    }

    /// Adds a token that is not text.
    pub(super) fn token(&mut self, token: Token) {
        if let Some((_, shape @ Shape::Maybe)) = self.open.last_mut()
            && !matches!(token, Token::Pid(_))
        {
            *shape = Shape::Strict;
        }
        self.document.tokens.push(token);
    }

    pub(super) fn value(&mut self, term: &'a Term, place: Place) {
        match term {
            Term::Int(value) => {
                let base = self.options(place).base;
                self.write(|out| integer(out, base, *value < 0, value.unsigned_abs()));
            }
            Term::Big(value) => {
                let (base, negative) = (self.options(place).base, value.sign() == num_bigint::Sign::Minus);
                self.write(|out| integer(out, base, negative, value.magnitude()));
            }
            Term::Float(value) => self.text(&float_format::inspected(*value)),
            Term::Atom(atom) => self.write(|out| name::atom(out, *atom)),
            Term::Pid(pid) => self.token(Token::Pid(*pid)),
            Term::Reference(reference) => {
                told();
                self.text(&reference.to_string())
            }
            Term::Empty => self.text("[]"),
            Term::List(_) => self.list(term, place),
            Term::Tuple(tuple) => match tuple.items() {
                [] => self.text("{}"),
                items => self.container(("{", "}"), Shape::Flex, Rest::Tuple(items), place),
            },
            Term::Map(map) => self.map(term, map, place),
            Term::Binary(binary) => self.binary(binary, place),
            Term::Fun(fun) => self.fun(fun),
        }
    }

    fn fun(&mut self, fun: &Fun) {
        self.write(|out| match fun.target {
            Target::External => {
                out.push(b'&');
                name::atom(out, fun.module);
                out.push(b'.');
                name::function(out, fun.name);
                out.extend_from_slice(format!("/{}", fun.arity).as_bytes());
            }
            Target::Local { index, .. } => {
                let unique = crc32fast::hash(fun.module.text().as_bytes()) % 100_000_000;
                out.extend_from_slice(format!("#Function<{index}.{unique}/{} in ", fun.arity).as_bytes());
                name::atom(out, fun.module);
                out.push(b'.');
                name::enclosing(out, fun.name);
                out.push(b'>');
            }
        });
    }

    fn list(&mut self, list: &'a Term, place: Place) {
        let options = self.options(place);
        let charlist = match options.charlists {
            Charlists::Lists => None,
            Charlists::Infer => charlist(list, options.printable_limit, escape::is_ascii_printable),
            Charlists::Texts => charlist(list, usize::MAX, |_| true),
        };
        if let Some(text) = charlist {
            let whole = text.chars().nth(options.printable_limit).is_none();
            let shown: String = text.chars().take(options.printable_limit).collect();
            self.write(|out| {
                out.push(b'\'');
                escape::text(out, &shown, '\'');
                out.push(b'\'');
            });
            if !whole || list.elements().nth(text.chars().count()).is_some() {
                self.text(" ++ ...");
            }
        } else if is_keyword(list) {
            self.container(("[", "]"), Shape::Strict, Rest::Keyword(list), place);
        } else {
            self.container(("[", "]"), Shape::Maybe, Rest::List(list), place);
        }
    }

    fn map(&mut self, term: &'a Term, map: &'a Map, place: Place) {
        if self.options(place).structs
            && let Some(module) = term.struct_module()
            && self.structure(term, map, module, place)
        {
            return;
        }
        if map.is_empty() {
            return self.text("%{}");
        }
        told_keys(map);
        let entries: Vec<(&Term, &Term)> = map.iter().collect();
        let fields = entries.iter().map(|(key, value)| Some((keyword_key(key)?, *value)));
        let rest = match fields.collect::<Option<Vec<(Atom, &Term)>>>() {
            Some(fields) => Rest::Fields(fields.into_iter()),
            None => Rest::Entries(entries.into_iter()),
        };
        self.container(("%{", "}"), Shape::Strict, rest, place);
    }

    /// Prints a struct, if it is one.
    fn structure(&mut self, term: &'a Term, map: &'a Map, module: Atom, place: Place) -> bool {
        if module == atom::RANGE && self.range(map, place) || module == NAMES.map_set && self.set(map, place)
        {
            return true;
        }
        if let Some(docs) = self.docs
            && self.context.implements(NAMES.inspect, module)
        {
            let key = Term::tuple([term.clone(), self.given(place)]);
            if let Some(doc) = docs.get(&key) {
                self.work.push(Work::Doc(doc));
            } else if self.known_missing.get(&key).is_none() {
                self.known_missing.put(key.clone(), Term::Empty);
                self.missing.push(key);
            }
            return true;
        }
        let Some(fields) = self.context.struct_fields(module) else { return false };
        let values: Option<Vec<(Atom, &Term)>> =
            fields.iter().map(|field| Some((*field, map.get_atom(*field)?))).collect();
        let Some(mut values) = values else { return false };
        let is_exception = |field: &Atom| *field == atom::EXCEPTION;
        let hidden = !fields.iter().any(is_exception) && map.get_atom(atom::EXCEPTION).is_some();
        if values.len() + 1 + usize::from(hidden) != map.len() {
            return false;
        }
        values.retain(|(field, _)| !is_exception(field));
        let start = self.document.text.len();
        self.write(|out| {
            out.push(b'%');
            name::atom(out, module);
            out.push(b'{');
        });
        if values.is_empty() {
            self.text("}");
            return true;
        }
        // The bracket belongs into the group of the container.
        let end = self.document.text.len();
        self.unwrite(start, end);
        let slice = Slice { start, end, width: end - start };
        self.enclose(slice, "}", Shape::Strict, Rest::Fields(values.into_iter()), place);
        true
    }

    /// Takes the text back that was added last, but leaves it in the document.
    fn unwrite(&mut self, start: usize, end: usize) {
        if let Some(Token::Text(last)) = self.document.tokens.last_mut() {
            last.end -= end - start;
            last.width -= end - start;
            if last.start == last.end {
                self.document.tokens.pop();
            }
        }
    }

    /// The options as they were given, but with the limit of this place.
    fn given(&self, place: Place) -> Term {
        let mut given = self.options.get(place.options).map_or(Term::Empty, |(_, given)| (*given).clone());
        if let Term::Map(map) = &mut given {
            let limit = i64::try_from(place.limit).map_or(Term::Atom(atom::INFINITY), Term::Int);
            map.put(Term::Atom(NAMES.limit), limit);
        }
        given
    }

    fn set(&mut self, map: &'a Map, place: Place) -> bool {
        let Some(Term::Map(map)) = map.get_atom(NAMES.map) else { return false };
        if map.is_empty() {
            self.text("MapSet.new([])");
            return true;
        }
        let (options, given) = self.options.get(place.options).copied().unwrap_or((Options::default(), &NIL));
        let options = Options { charlists: Charlists::Lists, ..options };
        let place = self.place(given, options, place.limit);
        told_keys(map);
        let keys: Vec<&Term> = map.iter().map(|(key, _)| key).collect();
        let pairs: Option<Vec<(Atom, &Term)>> = keys.iter().map(|key| keyword_pair(key)).collect();
        self.text("MapSet.new(");
        self.work.push(Work::Text(")"));
        match pairs {
            Some(pairs) => self.container(("[", "]"), Shape::Strict, Rest::Fields(pairs.into_iter()), place),
            None => self.container(("[", "]"), Shape::Maybe, Rest::Keys(keys.into_iter()), place),
        }
        true
    }

    fn range(&mut self, map: &'a Map, place: Place) -> bool {
        let (Some(first), Some(last)) = (map.get_atom(atom::FIRST), map.get_atom(atom::LAST)) else {
            return false;
        };
        let step = map.get_atom(atom::STEP);
        if let Some(step) = step
            && (*step != Term::Int(1) || compare(first, last).is_gt())
        {
            self.work.push(Work::Term(step, place));
            self.work.push(Work::Text("//"));
        }
        self.work.push(Work::Term(last, place));
        self.work.push(Work::Text(".."));
        self.work.push(Work::Term(first, place));
        true
    }

    fn binary(&mut self, binary: &'a Binary, place: Place) {
        let options = self.options(place);
        let limit = options.printable_limit;
        if options.base == Base::Decimal && binary.is_whole() && options.binaries != Binaries::Bytes {
            if let Some(pieces) = binary.pieces()
                && binary.len() <= limit
                && pieces.iter().all(|piece| match piece {
                    Piece::Text(text) => escape::is_text(text, usize::MAX),
                    Piece::Pid(_) => true,
                })
            {
                return self.pieces(pieces);
            }
            if options.binaries == Binaries::Strings || escape::is_text(binary.bytes(), limit) {
                let mut whole = true;
                self.write(|out| {
                    out.push(b'"');
                    whole = escape::bytes(out, binary.bytes(), '"', limit);
                    out.push(b'"');
                });
                if !whole {
                    self.text(" <> ...");
                }
                return;
            }
        }
        if binary.is_empty() {
            return self.text("<<>>");
        }
        self.container(("<<", ">>"), Shape::Flex, Rest::Bytes(binary.bytes(), binary.spare()), place);
    }

    /// A text with pids in it.
    fn pieces(&mut self, pieces: &[Piece]) {
        self.text("\"");
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.write(|out| {
                    escape::bytes(out, text, '"', usize::MAX);
                }),
                Piece::Pid(pid) => self.token(Token::Pid(*pid)),
            }
        }
        self.text("\"");
    }
}

pub(super) fn integer<T>(out: &mut Vec<u8>, base: Base, negative: bool, value: T)
where
    T: std::fmt::Display + std::fmt::Binary + std::fmt::Octal + std::fmt::UpperHex,
{
    if negative {
        out.push(b'-');
    }
    let text = match base {
        Base::Decimal => value.to_string(),
        Base::Binary => format!("{value:#b}"),
        Base::Octal => format!("{value:#o}"),
        Base::Hex => format!("{value:#X}"),
    };
    out.extend_from_slice(text.as_bytes());
}

/// The text of a list, if its first elements are such characters.
fn charlist(list: &Term, limit: usize, wanted: impl Fn(i64) -> bool) -> Option<String> {
    let mut text = String::new();
    let mut elements = list.elements();
    for _ in 0..limit {
        let Some(element) = elements.next() else {
            return matches!(elements.rest(), Term::Empty).then_some(text);
        };
        let character = element.as_int().filter(|character| wanted(*character))?;
        text.push(char::from_u32(u32::try_from(character).ok()?)?);
    }
    Some(text)
}

/// A key that may stand before a colon: a name, but not of a module.
fn keyword_key(term: &Term) -> Option<Atom> {
    term.as_atom().filter(|atom| atom.alias().is_none())
}

fn keyword_pair(term: &Term) -> Option<(Atom, &Term)> {
    match term.as_tuple() {
        Some([key, value]) => Some((keyword_key(key)?, value)),
        _ => None,
    }
}

fn is_keyword(list: &Term) -> bool {
    let mut elements = list.elements();
    elements.by_ref().all(|element| keyword_pair(element).is_some()) && matches!(elements.rest(), Term::Empty)
}
