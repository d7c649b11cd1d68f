//! What Elixir tells of an argument error: which arguments the function could not use, found by looking at them again.

use super::args;
use super::erlang_binary::iodata_size;
use super::float_format;
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, NIL, Term};

table! { "rashomon", context:
    "badarg_message"(stack) => Ok(of_stack(stack).map_or(NIL, Term::text));
}

/// The message for the function that the first entry of a stack names together with its arguments.
fn of_stack(stack: &Term) -> Option<String> {
    let Term::List(first) = stack else { return None };
    match first.head.as_tuple()? {
        [Term::Atom(module), Term::Atom(name), arguments, ..] => {
            message(*module, *name, &arguments.as_list()?)
        }
        _ => None,
    }
}

/// The message for an argument error of a built-in function with these arguments; `None` if there is nothing to be said
/// but "argument error".
#[must_use]
pub fn message(module: Atom, name: Atom, arguments: &[Term]) -> Option<String> {
    let faults = match module.text() {
        "erlang" => erlang(name.text(), arguments)
            .or_else(|| super::badarg_process::process(name.text(), arguments))?,
        // Tuples count from 0 here.
        "rashomon" => match (name.text(), arguments) {
            ("elem", [tuple, index]) => erlang("element", &[next(index), tuple.clone()])?,
            ("put_elem", [tuple, index, value]) => {
                erlang("setelement", &[next(index), tuple.clone(), value.clone()])?
            }
            _ => return None,
        },
        "binary" => binary(name.text(), arguments)?,
        "lists" => lists(name.text(), arguments)?,
        "maps" => maps(name.text(), arguments)?,
        "math" => arguments.iter().map(number).collect(),
        "unicode" => unicode(arguments),
        _ => return None,
    };
    if let ("binary", "decode_hex", [Term::Binary(hex)]) = (module.text(), name.text(), arguments)
        && hex.len().is_multiple_of(2)
    {
        let wrong = hex.bytes().chunks(2).find(|pair| !pair.iter().all(u8::is_ascii_hexdigit))?;
        return Some(format!(
            "{BEGINNING}  * 1st argument: {} is not a valid hex\n",
            String::from_utf8_lossy(wrong)
        ));
    }
    listed(&faults)
}

/// The message that names each argument with a fault; nothing if none has one.
pub(crate) fn listed(faults: &[Fault]) -> Option<String> {
    let mut text = String::from(BEGINNING);
    for (place, fault) in ["1st", "2nd", "3rd", "4th"].iter().zip(faults) {
        if let Some(fault) = fault {
            text.push_str(&format!("  * {place} argument: {fault}\n"));
        }
    }
    faults.iter().any(Option::is_some).then_some(text)
}

/// The place that an index into a tuple stands for.
fn next(index: &Term) -> Term {
    match index {
        Term::Int(index) => Term::Int(index.saturating_add(1)),
        other => other.clone(),
    }
}

const BEGINNING: &str = "errors were found at the given arguments:\n\n";

/// What is wrong with an argument.
pub(crate) type Fault = Option<&'static str>;

pub(crate) fn unless(good: bool, fault: &'static str) -> Fault {
    if good { None } else { Some(fault) }
}

fn number(term: &Term) -> Fault {
    unless(matches!(term, Term::Int(_) | Term::Big(_) | Term::Float(_)), "not a number")
}

pub(crate) fn integer(term: &Term) -> Fault {
    unless(matches!(term, Term::Int(_) | Term::Big(_)), "not an integer")
}

pub(crate) fn at_least(least: i64, term: &Term) -> Fault {
    match term {
        Term::Int(value) => unless(*value >= least, "out of range"),
        _ => integer(term),
    }
}

pub(crate) fn atom(term: &Term) -> Fault {
    unless(matches!(term, Term::Atom(_)), "not an atom")
}

fn tuple(term: &Term) -> Fault {
    unless(matches!(term, Term::Tuple(_)), "not a tuple")
}

pub(super) fn list(term: &Term) -> Fault {
    unless(matches!(term, Term::Empty | Term::List(_)), "not a list")
}

fn is_proper(term: &Term) -> bool {
    args::elements(term).is_ok()
}

pub(crate) fn proper(term: &Term) -> Fault {
    list(term).or_else(|| unless(is_proper(term), "not a proper list"))
}

pub(super) fn options(term: &Term) -> Fault {
    proper(term).or(Some("invalid option in list"))
}

fn bytes(term: &Term) -> Fault {
    unless(args::binary(term).is_ok(), "not a binary")
}

fn bits(term: &Term) -> Fault {
    unless(matches!(term, Term::Binary(_)), "not a bitstring")
}

fn iodata(term: &Term) -> Fault {
    unless(iodata_size(term, Binary::room).is_ok(), "not an iodata term")
}

pub(super) fn pid(term: &Term) -> Fault {
    unless(matches!(term, Term::Pid(_)), "not a pid")
}

pub(super) fn reference(term: &Term) -> Fault {
    unless(matches!(term, Term::Reference(_)), "not a reference")
}

pub(super) fn fun(term: &Term) -> Fault {
    unless(matches!(term, Term::Fun(_)), "not a fun")
}

fn base(term: &Term) -> Fault {
    unless(matches!(term, Term::Int(2..=36)), "not an integer in the range 2 through 36")
}

/// An index of a tuple that has so many elements.
fn index(term: &Term, len: usize) -> Fault {
    at_least(1, term).or_else(|| unless(args::count(term).is_ok_and(|index| index <= len), "out of range"))
}

/// The place at which the elements of a tuple may be indexed; any, if it is no tuple.
fn index_of(place: &Term, term: &Term, more: usize) -> Fault {
    let len = term.as_tuple().map_or(usize::MAX, |items| items.len().saturating_add(more));
    index(place, len)
}

/// A list of characters.
fn characters(term: &Term) -> Fault {
    let is_character = |term: &&Term| {
        term.as_int().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32).is_some()
    };
    proper(term)
        .or_else(|| unless(term.elements().all(|element| is_character(&element)), "not a list of characters"))
}

fn is_encoding(term: &Term) -> bool {
    matches!(term.as_atom().map(Atom::text), Some("latin1" | "utf8" | "unicode"))
}

fn erlang(name: &str, arguments: &[Term]) -> Option<Vec<Fault>> {
    Some(match (name, arguments) {
        ("abs" | "float" | "round" | "trunc" | "floor" | "ceil", [a]) => vec![number(a)],
        ("tuple_size" | "tuple_to_list", [a]) => vec![tuple(a)],
        ("append_element", [a, _]) => vec![tuple(a)],
        ("list_to_tuple" | "length", [a]) => vec![unless(is_proper(a), "not a list")],
        ("hd" | "tl", [a]) => vec![unless(matches!(a, Term::List(_)), "not a nonempty list")],
        ("byte_size" | "bit_size" | "bitstring_to_list", [a]) => vec![bits(a)],
        ("size", [_]) => vec![Some("not tuple or binary")],
        ("element" | "delete_element", [place, term]) => vec![index_of(place, term, 0), tuple(term)],
        ("setelement", [place, term, _]) => vec![index_of(place, term, 0), tuple(term)],
        ("insert_element", [place, term, _]) => vec![index_of(place, term, 1), tuple(term)],
        ("make_tuple", [size, _, others]) => match size_of_tuple(size) {
            None => vec![None, None, options(others)],
            fault => vec![fault, None, proper(others)],
        },
        ("make_tuple", [size, _]) => vec![size_of_tuple(size)],
        ("binary_to_list", [a]) => vec![bytes(a)],
        ("binary_to_list", [a, first, last]) => byte_range(a, first, last),
        ("binary_part", [a, range]) => vec![bytes(a), range_fault(range)],
        ("binary_part", [a, start, len]) => part(a, start, len),
        ("split_binary", [a, at]) => {
            let first = bytes(a);
            vec![first, if first.is_none() { within(a, at) } else { at_least(0, at) }]
        }
        ("list_to_binary", [a]) => {
            let good = matches!(a, Term::Empty | Term::List(_)) && iodata_size(a, Binary::room).is_ok();
            vec![unless(good, "not an iolist term")]
        }
        ("list_to_bitstring", [_]) => vec![Some("not a bitstring list")],
        ("iolist_to_binary" | "iolist_size" | "iolist_to_iovec" | "adler32" | "md5" | "crc32", [a]) => {
            vec![iodata(a)]
        }
        ("crc32", [old, a]) => vec![integer(old), iodata(a)],
        ("is_function", [_, arity]) => vec![None, at_least(0, arity)],
        ("is_record", [_, tag]) => vec![atom(tag)],
        ("is_record", [_, tag, size]) => vec![None, atom(tag), integer(size)],
        ("fun_info", [a]) => vec![fun(a)],
        ("fun_info", [a, _]) => match fun(a) {
            Some(fault) => vec![Some(fault)],
            None => vec![None, Some("invalid item")],
        },
        ("make_fun", [module, function, arity]) => vec![atom(module), atom(function), at_least(0, arity)],
        ("phash2", [_, range]) => vec![None, at_least(1, range).or(Some("out of range"))],
        ("term_to_binary", [_, given]) => vec![None, options(given)],
        ("binary_to_term", [a]) => vec![bytes(a).or(Some("invalid external representation of a term"))],
        ("binary_to_term", [a, given]) => match (bytes(a), proper(given)) {
            (None, None) => vec![None, Some("invalid option in list")],
            (first, second) => vec![first, second],
        },
        ("pid_to_list", [a]) => vec![pid(a)],
        ("ref_to_list", [a]) => vec![reference(a)],
        _ => return texts(name, arguments),
    })
}

/// Texts of atoms and numbers.
fn texts(name: &str, arguments: &[Term]) -> Option<Vec<Fault>> {
    const NO_INTEGER: &str = "not a textual representation of an integer";
    const NO_FLOAT: &str = "not a textual representation of a float";
    let text = |term: &Term| args::binary(term).ok().and_then(|binary| binary.text().map(str::to_owned));
    Some(match (name, arguments) {
        ("atom_to_list" | "atom_to_binary", [a]) => vec![atom(a)],
        ("atom_to_binary", [a, encoding]) if is_encoding(encoding) => {
            vec![atom(a).or(Some("contains a character not expressible in latin1"))]
        }
        ("atom_to_binary", [a, _]) => vec![atom(a), Some("is an invalid encoding option")],
        ("binary_to_atom" | "binary_to_existing_atom", [a, encoding]) if !is_encoding(encoding) => {
            vec![bytes(a), Some("not one of the atoms: latin1, utf8, or unicode")]
        }
        ("binary_to_atom", [a, ..]) => vec![bytes(a).or(Some("invalid UTF8 encoding"))],
        ("binary_to_existing_atom", [a, encoding @ ..]) => {
            let latin = encoding.first().is_some_and(|encoding| encoding.is_atom(Atom::new("latin1")));
            let fault = if latin || text(a).is_some() {
                "not an already existing atom"
            } else {
                "invalid UTF8 encoding"
            };
            vec![bytes(a).or(Some(fault))]
        }
        ("list_to_atom", [a]) => vec![characters(a)],
        ("list_to_existing_atom", [a]) => vec![characters(a).or(Some("not an already existing atom"))],
        ("integer_to_binary" | "integer_to_list", [a]) => vec![integer(a)],
        ("integer_to_binary" | "integer_to_list", [a, to]) => vec![integer(a), base(to)],
        ("binary_to_integer", [a]) => vec![bytes(a).or(Some(NO_INTEGER))],
        ("binary_to_integer", [a, from]) => match base(from) {
            Some(fault) => vec![bytes(a), Some(fault)],
            None => vec![bytes(a).or(Some(NO_INTEGER))],
        },
        ("list_to_integer", [a]) => vec![unless(is_proper(a), "not a list").or(Some(NO_INTEGER))],
        ("list_to_integer", [a, from]) => match base(from) {
            Some(fault) => vec![proper(a), Some(fault)],
            None => vec![proper(a).or(Some(NO_INTEGER))],
        },
        ("binary_to_float", [a]) => vec![bytes(a).or(Some(NO_FLOAT))],
        ("list_to_float", [a]) => vec![unless(is_proper(a), "not a list").or(Some(NO_FLOAT))],
        ("float_to_binary" | "float_to_list", [a]) => vec![float(a)],
        ("float_to_binary" | "float_to_list", [a, given]) => {
            let good = matches!(a, Term::Float(_)) && float_format::with_options(0.5, given).is_ok();
            match float(a) {
                Some(fault) => vec![Some(fault), proper(given)],
                None if good => vec![None, Some("invalid option in list")],
                None => vec![None, options(given)],
            }
        }
        _ => return None,
    })
}

fn float(term: &Term) -> Fault {
    unless(matches!(term, Term::Float(_)), "not a float")
}

fn size_of_tuple(size: &Term) -> Fault {
    const MOST: i64 = (1 << 24) - 1;
    match size {
        Term::Int(0..=MOST) => None,
        _ => Some("out of range"),
    }
}

fn byte_range(a: &Term, first: &Term, last: &Term) -> Vec<Fault> {
    let (start, end) = (at_least(1, first), at_least(1, last));
    if bytes(a).or(start).or(end).is_some() {
        return vec![bytes(a), start, end];
    }
    if crate::elixir::term::compare(first, last).is_gt() {
        return vec![None, Some("start position greater than stop position")];
    }
    let len = args::binary(a).map_or(usize::MAX, |binary| binary.len());
    vec![None, index(first, len), index(last, len)]
}

/// Whether a place is within a binary, or the end of it.
fn within(a: &Term, place: &Term) -> Fault {
    let len = args::bits(a).map_or(usize::MAX, |bits| bits.bit_len() / 8);
    at_least(0, place).or_else(|| unless(args::count(place).is_ok_and(|place| place <= len), "out of range"))
}

fn part(a: &Term, start: &Term, len: &Term) -> Vec<Fault> {
    let (first, third) = (bytes(a), integer(len));
    let second = if first.or(third).is_none() { within(a, start) } else { at_least(0, start) };
    if first.or(second).or(third).is_some() {
        return vec![first, second, third];
    }
    vec![None, None, Some("out of range")]
}

fn range_fault(range: &Term) -> Fault {
    match range.as_tuple() {
        Some([Term::Int(_) | Term::Big(_), Term::Int(_) | Term::Big(_)]) => Some("out of range"),
        _ => Some("not a valid {Pos,Length} tuple"),
    }
}

fn binary(name: &str, arguments: &[Term]) -> Option<Vec<Fault>> {
    let pattern = |term: &Term| unless(super::binary_module::is_pattern(term), "not a valid pattern");
    let endianness = |term: &Term| {
        unless(matches!(term.as_atom().map(Atom::text), Some("big" | "little")), "must be 'big' or 'little'")
    };
    Some(match (name, arguments) {
        ("decode_hex", [a]) => {
            let odd = args::binary(a).is_ok_and(|binary| !binary.len().is_multiple_of(2));
            vec![bytes(a).or_else(|| unless(!odd, "must contain an even number of bytes"))]
        }
        (
            "first"
            | "last"
            | "copy"
            | "bin_to_list"
            | "encode_hex"
            | "decode_unsigned"
            | "referenced_byte_size",
            [a],
        ) => {
            vec![bytes(a)]
        }
        ("copy" | "at", [a, count]) => vec![bytes(a), at_least(0, count)],
        ("list_to_bin", [_]) => vec![Some("not an iodata term")],
        ("longest_common_prefix" | "longest_common_suffix", [_]) => vec![Some("not a flat list of binaries")],
        ("compile_pattern", [_]) => vec![Some("not a valid pattern")],
        ("part" | "bin_to_list", [a, range]) => {
            vec![bytes(a), if bytes(a).is_some() && is_range(range) { None } else { range_fault(range) }]
        }
        ("part" | "bin_to_list", [a, start, len]) => part(a, start, len),
        ("match" | "matches" | "split", [a, wanted]) => vec![bytes(a), pattern(wanted)],
        ("match" | "matches" | "split", [a, wanted, given]) => {
            let (first, second) = (bytes(a), pattern(wanted));
            if first.or(second).is_some() {
                return Some(vec![first, second]);
            }
            vec![None, None, Some(search(name, given))]
        }
        ("replace", [a, wanted, new, given @ ..]) => {
            let faults = [bytes(a), pattern(wanted), bytes(new)];
            // With nothing else to blame, it must be the options: a place beyond the binary, perhaps.
            let blamed = faults.iter().all(Option::is_none)
                || given
                    .first()
                    .is_some_and(|given| !are_options(given, &["scope", "global", "insert_replaced"]));
            let fault = if blamed { Some("invalid options") } else { None };
            faults.into_iter().chain([fault]).collect()
        }
        ("encode_unsigned", [a]) => vec![at_least(0, a)],
        ("encode_unsigned", [a, order]) => vec![at_least(0, a), endianness(order)],
        ("decode_unsigned", [a, order]) => vec![bytes(a), endianness(order)],
        _ => return None,
    })
}

fn is_range(range: &Term) -> bool {
    matches!(range.as_tuple(), Some([Term::Int(_) | Term::Big(_), Term::Int(_) | Term::Big(_)]))
}

fn are_options(given: &Term, known: &[&str]) -> bool {
    let is_option = |option: &Term| match option.as_tuple() {
        None => option.as_atom().is_some_and(|name| {
            known.contains(&name.text()) && !matches!(name.text(), "scope" | "insert_replaced")
        }),
        Some([Term::Atom(name), value]) => match name.text() {
            "scope" => known.contains(&"scope") && is_range(value),
            "insert_replaced" => known.contains(&"insert_replaced"),
            _ => false,
        },
        Some(_) => false,
    };
    is_proper(given) && given.elements().all(is_option)
}

fn search(name: &str, given: &Term) -> &'static str {
    if name != "split" && are_options(given, &["scope"]) {
        "specified part is not wholly inside binary"
    } else {
        "invalid options"
    }
}

fn lists(name: &str, arguments: &[Term]) -> Option<Vec<Fault>> {
    Some(match (name, arguments) {
        ("reverse", [a]) => vec![unless(is_proper(a), "not a list")],
        ("suffix", [_, _]) => vec![Some("not a list")],
        ("reverse", [a, _]) => vec![proper(a)],
        ("member", [_, items]) => vec![None, proper(items)],
        ("keyfind" | "keymember" | "keysearch", [_, place, items]) => {
            vec![None, at_least(1, place), if at_least(1, place).is_none() { proper(items) } else { None }]
        }
        ("seq", [first, last, step]) => {
            let faults = vec![integer(first), integer(last), integer(step)];
            match (first, last) {
                (Term::Int(first), Term::Int(last)) if faults.iter().all(Option::is_none) => {
                    let fault =
                        if last >= first { "not a positive increment" } else { "not a negative increment" };
                    vec![None, None, Some(fault)]
                }
                _ => faults,
            }
        }
        ("keysort" | "ukeysort", [place, items]) => {
            let len = args::count(place).unwrap_or(usize::MAX);
            let has_key = |item: &&Term| item.as_tuple().is_some_and(|items| items.len() >= len);
            match items.elements().find(|item| !has_key(item)) {
                Some(Term::Tuple(_)) => vec![Some("out of range")],
                Some(_) => vec![None, Some("not a tuple")],
                None => vec![at_least(1, place)],
            }
        }
        _ => return None,
    })
}

fn maps(name: &str, arguments: &[Term]) -> Option<Vec<Fault>> {
    Some(match (name, arguments) {
        ("with" | "without" | "from_keys" | "from_list", [keys, ..]) => vec![proper(keys)],
        _ => return None,
    })
}

fn unicode(arguments: &[Term]) -> Vec<Fault> {
    let data =
        |term: &Term| unless(super::unicode::is_data(term), "not valid character data (an iodata term)");
    let encoding = |term: &Term| unless(super::unicode::is_encoding(term), "not a valid encoding");
    arguments.iter().enumerate().map(|(at, term)| if at == 0 { data(term) } else { encoding(term) }).collect()
}
