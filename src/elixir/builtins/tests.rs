//! Built-ins compared with what Erlang and Elixir answered: `recorded/*.tsv`, which `recorded/record.exs` writes. Each
//! line is a call, its result as `inspect/2` prints it, the arguments in the external format, and the message of an
//! argument error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use data_encoding::BASE64;

use super::bits::{BitCursor, Endianness, Segment, SegmentKind, build};
use super::bits_failure::failure;
use super::inspect::{Everything, inspect_with};
use super::{Class, Context, Entry, Raised, all, badarg};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{Binary, NIL, Term, list};

/// A context that knows a few structs.
#[derive(Default)]
pub(super) struct TestContext {
    pub(super) reserved: usize,
}

impl Context for TestContext {
    fn struct_fields(&self, module: Atom) -> Option<Vec<Atom>> {
        static FIELDS: std::sync::LazyLock<Vec<(Atom, Vec<Atom>)>> = std::sync::LazyLock::new(|| {
            let named = |names: &[&str]| names.iter().map(|name| Atom::new(name)).collect::<Vec<_>>();
            vec![
                (Atom::module("RuntimeError"), named(&["message", "__exception__"])),
                (Atom::module("KeyError"), named(&["key", "term", "message", "__exception__"])),
                (Atom::module("Order"), named(&["zebra", "apple", "mango"])),
                (Atom::module("Nothing"), Vec::new()),
            ]
        });
        FIELDS.iter().find(|(name, _)| *name == module).map(|(_, fields)| fields.clone())
    }

    fn implements(&self, protocol: Atom, module: Atom) -> bool {
        protocol == Atom::module("Inspect") && module == Atom::module("Version")
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Raised> {
        const MOST: usize = 1 << 28;
        self.reserved = self.reserved.saturating_add(bytes);
        if self.reserved > MOST { Err(Raised::atom(atom::SYSTEM_LIMIT)) } else { Ok(()) }
    }
}

pub(super) fn entries() -> BTreeMap<(&'static str, &'static str, u8), &'static Entry> {
    all().map(|entry| ((entry.module, entry.name, entry.arity), entry)).collect()
}

fn decode(text: &str) -> Vec<Term> {
    let binary = Term::Binary(Binary::from(BASE64.decode(text.as_bytes()).expect("base64")));
    let entries = entries();
    let read = entries.get(&("erlang", "binary_to_term", 1)).expect("binary_to_term");
    (read.run)(&mut TestContext::default(), &mut [binary]).expect("a term").as_list().expect("arguments")
}

fn shown(outcome: Result<Term, Raised>) -> String {
    let context = TestContext::default();
    match outcome {
        Ok(term) => inspect_with(&term, &context, Everything),
        Err(Raised { class, reason }) => {
            let class = match class {
                Class::Error => "error",
                Class::Exit => "exit",
                Class::Throw => "throw",
            };
            format!("** {class} {}", inspect_with(&reason, &context, Everything))
        }
    }
}

#[test]
fn built_ins_answer_as_erlang_and_elixir_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/elixir/builtins/recorded");
    let entries = entries();
    // The BEAM has this atom from the start.
    let _ = Atom::new("");
    let (mut count, mut wrong, mut shown_of) = (0, Vec::new(), BTreeMap::new());
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("records").map(|file| file.expect("a file").path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "tsv")) {
        for line in fs::read_to_string(file).expect("records").lines() {
            let [call, expected, arguments, told] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("not a record: {line}")
            };
            count += 1;
            let mut arguments = decode(arguments);
            let (module, rest) = call.split_once(' ').expect("a module and a name");
            let name = rest.split_once('(').map_or(rest, |(name, _)| name);
            let arity = u8::try_from(arguments.len()).expect("an arity");
            match (module, name) {
                ("bits", _) => arguments = vec![bits(name, &arguments)],
                (_, "regex_all") => arguments = regex_all(&arguments),
                _ => {}
            }
            let before = arguments.clone();
            let found = match entries.get(&(module, name, arity)) {
                None if module == "bits" => shown(
                    arguments.first().expect("a result").as_tuple().map_or_else(|| Ok(NIL), bits_outcome),
                ),
                None if name == "regex_all" => shown(Ok(list(arguments.clone()))),
                Some(entry) => shown((entry.run)(&mut TestContext::default(), &mut arguments)),
                None => "no such built-in".to_owned(),
            };
            let bits_message =
                arguments.first().and_then(Term::as_tuple).and_then(|found| found.get(2)).cloned();
            let message = match (expected, badarg::message(Atom::new(module), Atom::new(name), &before)) {
                ("** error :badarg", Some(message)) => shown(Ok(Term::text(message))),
                ("** error :badarg", None) if module == "bits" => {
                    shown(bits_message.ok_or_else(Raised::badarg))
                }
                ("** error :badarg", None) => "\"argument error\"".to_owned(),
                _ => told.to_owned(),
            };
            if found == expected && message != told {
                let of: &mut u32 = shown_of.entry(format!("message of {module} {name}/{arity}")).or_default();
                *of += 1;
                if *of <= 6 {
                    wrong.push(format!("{call}\n  expected {told}\n  found    {message}"));
                }
            }
            if found != expected {
                // A few of each kind tell enough.
                let of: &mut u32 = shown_of.entry(format!("{module} {name}/{arity}")).or_default();
                *of += 1;
                if *of > 6 {
                    continue;
                }
                wrong.push(format!("{call}\n  expected {expected}\n  found    {found}"));
            }
        }
    }
    let shown = wrong.join("\n");
    assert!(wrong.is_empty(), "{} of {count} differ\n{shown}", shown_of.values().sum::<u32>());
}

/// What `bits` made, which it wrapped.
fn bits_outcome(found: &[Term]) -> Result<Term, Raised> {
    match found {
        [ok, value] if ok.is_atom(atom::OK) => Ok(value.clone()),
        [_, reason, _] => Err(Raised::error(reason.clone())),
        _ => panic!("not an outcome: {found:?}"),
    }
}

/// Builds or matches a segment after some bits: `{:ok, value}` or `{:error, reason}`.
fn bits(name: &str, arguments: &[Term]) -> Term {
    let [kind, unit, sign, endianness, before, value, size] = arguments else { panic!("seven arguments") };
    let text = |term: &Term| term.as_atom().expect("an atom").text();
    let kind = match text(kind) {
        "integer" => SegmentKind::Integer,
        "float" => SegmentKind::Float,
        "binary" => SegmentKind::Binary,
        "bitstring" => SegmentKind::Bitstring,
        "utf8" => SegmentKind::Utf8,
        "utf16" => SegmentKind::Utf16,
        _ => SegmentKind::Utf32,
    };
    let mut segment = Segment::new(kind);
    segment.signed = text(sign) == "signed";
    segment.endianness = if text(endianness) == "little" { Endianness::Little } else { Endianness::Big };
    if let Some(unit) = unit.as_int() {
        segment.unit = u16::try_from(unit).expect("a unit");
    }
    let size = size.as_int().map(Term::Int);
    let ahead = Segment::new(SegmentKind::Bitstring);
    let before = usize::try_from(before.as_int().expect("bits")).expect("bits");
    if name == "build" {
        let zeros = Term::Binary(Binary::from_bits(vec![0; before.div_ceil(8)], (8 - before as u8) % 8));
        let parts = [(ahead, zeros, None), (segment, value.clone(), size)];
        return match build(&mut TestContext::default(), &parts) {
            Ok(binary) => Term::ok(Term::Binary(binary)),
            Err(raised) => {
                let failure = failure(&TestContext::default(), &parts).expect("a reason");
                Term::tuple([Term::Atom(atom::ERROR), raised.reason, Term::text(failure)])
            }
        };
    }
    let mut cursor = BitCursor::new(value.as_binary().expect("bits").clone());
    let found = cursor
        .read(&ahead, Some(&Term::Int(before as i64)))
        .and_then(|_| cursor.read(&segment, size.as_ref()));
    Term::ok(found.map_or(NIL, |found| Term::tuple([found, Term::Binary(cursor.rest())])))
}

/// What compiling an expression says, and what running it finds.
fn regex_all(arguments: &[Term]) -> Vec<Term> {
    let call = |name: &'static str, arguments: &[Term]| {
        let arity = u8::try_from(arguments.len()).expect("an arity");
        let entry = entries()[&("rashomon", name, arity)];
        (entry.run)(&mut TestContext::default(), &mut arguments.to_vec())
            .unwrap_or_else(|raised| raised.reason)
    };
    let [source, options, text, offset] = arguments else { panic!("four arguments") };
    let compiled = call("regex_compile", &[source.clone(), options.clone()]);
    match compiled.as_tuple() {
        Some([ok, pattern]) if ok.is_atom(atom::OK) => {
            vec![ok.clone(), call("regex_run", &[pattern.clone(), text.clone(), offset.clone()])]
        }
        _ => vec![compiled.clone(), Term::Atom(atom::BADARG)],
    }
}

#[test]
fn no_two_built_ins_have_one_name() {
    assert_eq!(entries().len(), all().count());
}

#[test]
fn nothing_is_reserved_in_vain() {
    let mut context = TestContext::default();
    let list = list([Term::Int(1)]);
    let entries = entries();
    let inspect = entries.get(&("rashomon", "inspect", 3)).expect("inspect");
    (inspect.run)(&mut context, &mut [list, Term::Empty, Term::Map(Default::default())]).expect("text");
    assert!(context.reserved < 100, "{}", context.reserved);
}
