//! Printing of what is large, and of what is random.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::tests::{TestContext, entries};
use super::super::{Context, Raised, badarg};
use super::{inspect_to_binary, inspect_to_string};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, Map, NIL, Piece, Term, Tuple, list};
use crate::kernel::Pid;

fn keyword(pairs: &[(&str, Term)]) -> Term {
    Term::Map(pairs.iter().map(|(key, value)| (Term::Atom(Atom::new(key)), value.clone())).collect())
}

fn inspect(term: &Term, options: &[(&str, Term)]) -> Result<Term, Raised> {
    let entry = entries()[&("rashomon", "inspect", 3)];
    let none = Term::Map(Map::default());
    (entry.run)(&mut TestContext::default(), &mut [term.clone(), keyword(options), none])
}

fn nested(depth: usize, wrap: impl Fn(Term) -> Term) -> Term {
    (0..depth).fold(Term::Int(1), |inner, _| wrap(inner))
}

#[test]
fn deep_values_are_printed_without_recursion() {
    const DEPTH: usize = 100_000;
    let unlimited = [("limit", Term::Atom(Atom::new("infinity")))];
    let deep = nested(DEPTH, |inner| list([inner]));
    let text = inspect(&deep, &unlimited).expect("a text").as_tuple().expect("ok")[1].clone();
    assert_eq!(text.as_text().map(str::len), Some(2 * DEPTH + 1));
    let deep = nested(DEPTH, |inner| Term::tuple([Term::Int(0), inner]));
    inspect(&deep, &unlimited).expect("a text");
    let deep = nested(DEPTH, |inner| keyword(&[("a", inner)]));
    inspect(&deep, &unlimited).expect("a text");
    // With a limit, which each level lowers, little of it is printed even on many lines.
    let pretty = [("pretty", Term::boolean(true)), ("width", Term::Int(10))];
    let text = inspect(&deep, &pretty).expect("a text").as_tuple().expect("ok")[1].clone();
    assert!(text.as_text().expect("a text").ends_with('}'));
}

#[test]
fn deep_values_survive_the_external_format_and_flattening() {
    const DEPTH: usize = 100_000;
    let deep = nested(DEPTH, |inner| list([inner]));
    let entries = entries();
    let call = |module: &'static str, name: &'static str, arguments: &[Term]| {
        let arity = u8::try_from(arguments.len()).expect("an arity");
        (entries[&(module, name, arity)].run)(&mut TestContext::default(), &mut arguments.to_vec())
            .expect("a result")
    };
    let written = call("erlang", "term_to_binary", std::slice::from_ref(&deep));
    assert!(call("erlang", "binary_to_term", &[written]) == deep);
    assert!(call("lists", "flatten", std::slice::from_ref(&deep)) == list([Term::Int(1)]));
    assert!(call("erlang", "iolist_to_binary", &[deep]) == Term::text("\u{1}"));
}

#[test]
fn a_pid_in_a_text_stays_a_pid() {
    let pid = Pid::from_number(7);
    let text = inspect_to_binary(
        &Term::tuple([Term::Atom(Atom::new("from")), Term::Pid(pid)]),
        &TestContext::default(),
    );
    assert_eq!(text.to_string(), "{:from, #PID<0.7.0>}");
    let pieces = text.pieces().expect("pieces");
    assert!(pieces.contains(&Piece::Pid(pid)), "{pieces:?}");
    // Also in a text that holds such a text.
    let outer = inspect_to_binary(&list([Term::Binary(text)]), &TestContext::default());
    assert_eq!(outer.to_string(), "[\"{:from, #PID<0.7.0>}\"]");
    assert!(outer.pieces().expect("pieces").contains(&Piece::Pid(pid)));
}

#[test]
fn structs_that_print_themselves_are_asked_for_with_their_options() {
    let version = keyword(&[("__struct__", Term::Atom(Atom::module("Version"))), ("major", Term::Int(1))]);
    let outer = list([Term::Int(0), version.clone(), version.clone()]);
    let options = keyword(&[("limit", Term::Int(9))]);
    let entry = entries()[&("rashomon", "inspect", 3)];
    let ask = |docs: Term| {
        (entry.run)(&mut TestContext::default(), &mut [outer.clone(), options.clone(), docs])
            .expect("an answer")
    };
    let asked = ask(Term::Map(Map::default()));
    let at = |limit: i64| Term::tuple([version.clone(), keyword(&[("limit", Term::Int(limit))])]);
    let structs = Term::Atom(Atom::new("structs"));
    assert!(asked == Term::tuple([structs, list([at(7), at(6)])]), "{asked:?}");
    let term = Term::tuple([Term::Atom(Atom::new("rashomon_term")), list([Term::Int(5)]), keyword(&[])]);
    let docs = Map::from_iter([(at(7), Term::text("#V<1>")), (at(6), term)]);
    assert!(ask(Term::Map(docs)) == Term::ok(Term::text("[0, #V<1>, [5]]")));
}

/// Printing as simple as it can be: for values without structs, on one line, with nothing left out.
fn reference(term: &Term) -> String {
    let all = |items: &mut dyn Iterator<Item = &Term>| items.map(reference).collect::<Vec<_>>().join(", ");
    match term {
        Term::Tuple(tuple) => format!("{{{}}}", all(&mut tuple.items().iter())),
        Term::List(_) => {
            let mut elements = term.elements();
            let shown = all(&mut elements.by_ref());
            match elements.rest() {
                Term::Empty => format!("[{shown}]"),
                tail => format!("[{shown} | {}]", reference(tail)),
            }
        }
        Term::Map(map) => {
            let pair = |(key, value)| format!("{} => {}", reference(key), reference(value));
            format!("%{{{}}}", map.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Term::Binary(binary) if binary.text().is_none_or(|text| text.contains('\0')) => {
            let bytes: Vec<String> = binary.bytes().iter().map(u8::to_string).collect();
            format!("<<{}>>", bytes.join(", "))
        }
        Term::Int(_) | Term::Atom(_) | Term::Binary(_) | Term::Empty | Term::Float(_) | Term::Big(_) => {
            inspect_to_string(term, &TestContext::default())
        }
        Term::Pid(_) | Term::Reference(_) | Term::Fun(_) => inspect_to_string(term, &TestContext::default()),
    }
}

fn leaf() -> impl Strategy<Value = Term> {
    prop_oneof![
        // No integers that look like characters, and no atoms as keys of keyword lists: the reference knows neither.
        (200i64..300).prop_map(Term::Int),
        any::<i64>().prop_map(|value| Term::Int(value.saturating_abs().max(200))),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Term::Float),
        "[ -~é]{0,8}".prop_map(Term::text),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(|mut bytes| {
            bytes.push(0);
            Term::Binary(Binary::from(bytes))
        }),
        Just(Term::Empty),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(list),
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| Term::Tuple(Tuple::from_iter(items))),
            (prop::collection::vec(inner.clone(), 1..4), leaf())
                .prop_map(|(items, tail)| Term::list_with_tail(items, tail)),
            prop::collection::vec((inner.clone(), inner), 1..5)
                .prop_map(|pairs| Term::Map(pairs.into_iter().collect())),
        ]
    })
}

/// Any value, also such as functions expect: small numbers, names of options, functions.
fn argument() -> impl Strategy<Value = Term> {
    let names = "global|trim|scope|utf8|latin1|big|short|decimals|infinity|nfc|upcase|default|both|second|a|__struct__";
    let atoms = prop::sample::select(names.split('|').collect::<Vec<_>>())
        .prop_map(|name| Term::Atom(Atom::new(name)));
    prop_oneof![
        4 => (-3i64..9).prop_map(Term::Int),
        2 => atoms.clone(),
        2 => "[a-c]{0,4}".prop_map(Term::text),
        2 => "[a-c(){}*+?.^$|\\\\\\[\\]0-3:=!<>-]{0,8}".prop_map(Term::text),
        1 => "[a-c0-9]{0,4}".prop_map(|text| Term::charlist(&text)),
        1 => prop::collection::vec(atoms.clone(), 0..3).prop_map(list),
        1 => prop::collection::vec((atoms.clone(), -3i64..9).prop_map(|(name, value)| Term::tuple([name, Term::Int(value)])), 0..3).prop_map(list),
        1 => (atoms, -3i64..9).prop_map(|(name, value)| keyword(&[("__struct__", name), ("first", Term::Int(value)), ("last", NIL)])),
        2 => any::<i64>().prop_map(Term::Int),
        2 => (any::<i64>(), 1u32..5).prop_map(|(value, power)| Term::integer(num_bigint::BigInt::from(value).pow(power))),
        4 => term(),
    ]
}

/// A context that gives little memory, so that nothing takes long.
struct Poor(usize);

impl Context for Poor {
    fn struct_fields(&self, _: Atom) -> Option<Vec<Atom>> {
        None
    }

    fn implements(&self, _: Atom, _: Atom) -> bool {
        false
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Raised> {
        self.0 = self.0.saturating_add(bytes);
        if self.0 > 1 << 20 { Err(Raised::badarg()) } else { Ok(()) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn values_are_printed_as_the_reference_prints_them(term in term()) {
        let entry = entries()[&("rashomon", "inspect", 3)];
        let infinity = Term::Atom(Atom::new("infinity"));
        let options = keyword(&[("limit", infinity), ("charlists", Term::Atom(Atom::new("as_lists")))]);
        let found = (entry.run)(&mut TestContext::default(), &mut [term.clone(), options, Term::Map(Map::default())]);
        prop_assert_eq!(found.map(|found| found == Term::ok(Term::text(reference(&term)))).ok(), Some(true), "{}", reference(&term));
    }

    #[test]
    fn the_external_format_loses_nothing(term in term()) {
        let entries = entries();
        let written = (entries[&("erlang", "term_to_binary", 1)].run)(&mut TestContext::default(), &mut [term.clone()]);
        let read = (entries[&("erlang", "binary_to_term", 1)].run)(&mut TestContext::default(), &mut [written.expect("bytes")]);
        prop_assert!(read.expect("a term") == term);
    }

    #[test]
    fn no_argument_makes_a_built_in_panic(arguments in prop::collection::vec(argument(), 5), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let table: BTreeMap<_, _> = entries();
        for entry in table.values() {
            let mut given: Vec<Term> = arguments.iter().take(entry.arity.into()).cloned().collect();
            if entry.name == "binary_to_term" {
                given[0] = Term::Binary(Binary::from([&[131], bytes.as_slice()].concat()));
            }
            let before = given.clone();
            if let Err(raised) = (entry.run)(&mut Poor(0), &mut given)
                && raised.reason.is_atom(crate::elixir::atom::BADARG)
            {
                let message = badarg::message(Atom::new(entry.module), Atom::new(entry.name), &before);
                prop_assert!(message.is_none_or(|message| message.ends_with('\n')));
            }
        }
    }
}
