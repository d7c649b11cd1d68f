//! `:erlang`: comparisons, tests of types, tuples, lists, maps, functions.

use std::rc::Rc;

use super::args::{self, Outcome, take};
use super::{Raised, atom, maps};
use crate::elixir::atom::Atom;
use crate::elixir::term::{
    FALSE, Fun, Target, Term, Tuple, compare, compare_exact, equal, equal_loose, list,
};

table! { "erlang", context:
    "=="(a, b) => Ok(Term::boolean(equal_loose(a, b)));
    "/="(a, b) => Ok(Term::boolean(!equal_loose(a, b)));
    "=:="(a, b) => Ok(Term::boolean(equal(a, b)));
    "=/="(a, b) => Ok(Term::boolean(!equal(a, b)));
    "<"(a, b) => Ok(Term::boolean(compare(a, b).is_lt()));
    ">"(a, b) => Ok(Term::boolean(compare(a, b).is_gt()));
    "=<"(a, b) => Ok(Term::boolean(compare(a, b).is_le()));
    ">="(a, b) => Ok(Term::boolean(compare(a, b).is_ge()));
    "min"(a, b) => Ok(if compare(a, b).is_gt() { take(b) } else { take(a) });
    "max"(a, b) => Ok(if compare(a, b).is_lt() { take(b) } else { take(a) });
    "not"(a) => Ok(Term::boolean(!boolean(a)?));
    "and"(a, b) => Ok(Term::boolean(boolean(a)? & boolean(b)?));
    "or"(a, b) => Ok(Term::boolean(boolean(a)? | boolean(b)?));
    "xor"(a, b) => Ok(Term::boolean(boolean(a)? ^ boolean(b)?));
    "is_atom"(a) => Ok(Term::boolean(matches!(a, Term::Atom(_))));
    "is_boolean"(a) => Ok(Term::boolean(boolean(a).is_ok()));
    "is_integer"(a) => Ok(Term::boolean(matches!(a, Term::Int(_) | Term::Big(_))));
    "is_float"(a) => Ok(Term::boolean(matches!(a, Term::Float(_))));
    "is_number"(a) => Ok(Term::boolean(matches!(a, Term::Int(_) | Term::Big(_) | Term::Float(_))));
    "is_list"(a) => Ok(Term::boolean(matches!(a, Term::Empty | Term::List(_))));
    "is_tuple"(a) => Ok(Term::boolean(matches!(a, Term::Tuple(_))));
    "is_map"(a) => Ok(Term::boolean(matches!(a, Term::Map(_))));
    "is_pid"(a) => Ok(Term::boolean(matches!(a, Term::Pid(_))));
    "is_port"(_a) => Ok(FALSE);
    "is_reference"(a) => Ok(Term::boolean(matches!(a, Term::Reference(_))));
    "is_binary"(a) => Ok(Term::boolean(args::binary(a).is_ok()));
    "is_bitstring"(a) => Ok(Term::boolean(matches!(a, Term::Binary(_))));
    "is_function"(a) => Ok(Term::boolean(matches!(a, Term::Fun(_))));
    "is_function"(a, arity) => is_function(a, arity);
    "is_map_key"(key, map) => Ok(Term::boolean(args::map(map)?.get(key).is_some()));
    "is_record"(a, tag) => is_record(a, tag, None);
    "is_record"(a, tag, size) => is_record(a, tag, Some(args::int(size)?));
    "map_size"(map) => Ok(args::size(args::map(map)?.len()));
    "map_get"(key, map) => maps::get(key, map);
    "tuple_size"(tuple) => Ok(args::size(args::tuple(tuple)?.len()));
    "element"(index, tuple) => element(index, tuple);
    "setelement"(index, tuple, value) => set_element(index, tuple, take(value));
    "append_element"(tuple, value) => append_element(args::tuple(tuple)?, take(value));
    "insert_element"(index, tuple, value) => insert_element(index, args::tuple(tuple)?, take(value));
    "delete_element"(index, tuple) => delete_element(index, args::tuple(tuple)?);
    "make_tuple"(size, value) => { reserve_tuple(context, size)?; make_tuple(size, value, &Term::Empty) };
    "make_tuple"(size, value, others) => { reserve_tuple(context, size)?; make_tuple(size, value, others) };
    "tuple_to_list"(tuple) => Ok(list(args::tuple(tuple)?.iter().cloned()));
    "list_to_tuple"(items) => Ok(Term::Tuple(Tuple::from_iter(args::list(items)?)));
    "hd"(list) => if let Term::List(cons) = list { Ok(cons.head.clone()) } else { Err(Raised::badarg()) };
    "tl"(list) => if let Term::List(cons) = list { Ok(cons.tail.clone()) } else { Err(Raised::badarg()) };
    "length"(list) => Ok(args::size(args::elements(list)?.len()));
    "++"(a, b) => {
        context.reserve(a.elements().count().saturating_mul(CELL))?;
        let b = take(b);
        append(a, b)
    };
    "--"(a, b) => without(a, b);
    "make_fun"(module, name, arity) => make_fun(module, name, arity);
    "fun_info"(fun) => Ok(list(ITEMS.iter().map(|item| info(fun, Atom::new(item))).collect::<Result<Vec<_>, _>>()?));
    "fun_info"(fun, item) => info(fun, args::atom(item)?);
}

/// What `fun_info/1` tells.
const ITEMS: &[&str] = &["module", "name", "arity", "env", "type"];

fn boolean(term: &Term) -> Result<bool, Raised> {
    match term {
        Term::Atom(atom::TRUE) => Ok(true),
        Term::Atom(atom::FALSE) => Ok(false),
        _ => Err(Raised::badarg()),
    }
}

fn is_function(term: &Term, arity: &Term) -> Outcome {
    let arity = args::count(arity)?;
    Ok(Term::boolean(matches!(term, Term::Fun(fun) if usize::from(fun.arity) == arity)))
}

fn is_record(term: &Term, tag: &Term, size: Option<i64>) -> Outcome {
    let tag = args::atom(tag)?;
    let Some(items) = term.as_tuple() else { return Ok(FALSE) };
    let tagged = items.first().is_some_and(|first| first.is_atom(tag));
    Ok(Term::boolean(tagged && size.is_none_or(|size| usize::try_from(size) == Ok(items.len()))))
}

/// The place in a tuple that an index, which counts from 1, means.
fn place(index: &Term, len: usize) -> Result<usize, Raised> {
    let index = args::count(index)?;
    if (1..=len).contains(&index) { Ok(index - 1) } else { Err(Raised::badarg()) }
}

fn element(index: &Term, tuple: &Term) -> Outcome {
    let items = args::tuple(tuple)?;
    let place = place(index, items.len())?;
    items.get(place).cloned().ok_or_else(Raised::badarg)
}

fn set_element(index: &Term, tuple: &mut Term, value: Term) -> Outcome {
    let place = place(index, args::tuple(tuple)?.len())?;
    let Term::Tuple(mut tuple) = take(tuple) else { return Err(Raised::badarg()) };
    tuple.set(place, value);
    Ok(Term::Tuple(tuple))
}

fn append_element(items: &[Term], value: Term) -> Outcome {
    Ok(Term::Tuple(items.iter().cloned().chain([value]).collect()))
}

fn insert_element(index: &Term, items: &[Term], value: Term) -> Outcome {
    let (before, after) = items.split_at(place(index, items.len() + 1)?);
    Ok(Term::Tuple(before.iter().cloned().chain([value]).chain(after.iter().cloned()).collect()))
}

fn delete_element(index: &Term, items: &[Term]) -> Outcome {
    let place = place(index, items.len())?;
    let others = items.iter().enumerate().filter(|(at, _)| *at != place);
    Ok(Term::Tuple(others.map(|(_, item)| item.clone()).collect()))
}

/// A tuple has at most so many elements.
const MOST_ELEMENTS: usize = (1 << 24) - 1;

fn reserve_tuple(context: &mut dyn super::Context, size: &Term) -> Result<(), Raised> {
    let size = args::count(size)?;
    if size > MOST_ELEMENTS {
        return Err(Raised::badarg());
    }
    context.reserve(size * std::mem::size_of::<Term>())
}

fn make_tuple(size: &Term, value: &Term, others: &Term) -> Outcome {
    let mut items = vec![value.clone(); args::count(size)?];
    for pair in args::elements(others)? {
        let [index, value] = args::tuple(pair)? else { return Err(Raised::badarg()) };
        let place = place(index, items.len())?;
        if let Some(item) = items.get_mut(place) {
            *item = value.clone();
        }
    }
    Ok(Term::Tuple(Tuple::from_iter(items)))
}

/// `a ++ b`
///
/// # Errors
///
/// `:badarg` if `a` is not a proper list.
pub fn append(a: &Term, b: Term) -> Outcome {
    if matches!(a, Term::Empty) {
        return Ok(b);
    }
    Ok(Term::list_with_tail(args::list(a)?, b))
}

/// Bytes of a list cell.
const CELL: usize = 64;

/// `a -- b`
///
/// # Errors
///
/// `:badarg` if one is not a proper list.
pub fn without(a: &Term, b: &Term) -> Outcome {
    let items = args::elements(a)?;
    let mut removed = args::elements(b)?;
    if removed.is_empty() {
        return Ok(a.clone());
    }
    removed.sort_by(|a, b| compare_exact(a, b));
    let mut counts: Vec<(&Term, usize)> = Vec::new();
    for item in removed {
        match counts.last_mut() {
            Some((last, count)) if equal(last, item) => *count += 1,
            _ => counts.push((item, 1)),
        }
    }
    let kept = items.into_iter().filter(|item| {
        let found = counts.binary_search_by(|(other, _)| compare_exact(other, item));
        match found.ok().and_then(|at| counts.get_mut(at)) {
            Some((_, count)) if *count > 0 => {
                *count -= 1;
                false
            }
            Some(_) | None => true,
        }
    });
    Ok(list(kept.cloned()))
}

fn make_fun(module: &Term, name: &Term, arity: &Term) -> Outcome {
    let arity = u8::try_from(args::count(arity)?).map_err(|_| Raised::badarg())?;
    let (module, name) = (args::atom(module)?, args::atom(name)?);
    Ok(Term::Fun(Rc::new(Fun::new(module, name, arity, Target::External, Box::default()))))
}

fn info(fun: &Term, item: Atom) -> Outcome {
    let Term::Fun(fun) = fun else { return Err(Raised::badarg()) };
    let value = match (item.text(), fun.target) {
        ("module", _) => Term::Atom(fun.module),
        ("name", _) => Term::Atom(fun.name),
        ("arity", _) => Term::Int(i64::from(fun.arity)),
        ("env", _) => list(fun.captured().iter().cloned()),
        ("type", Target::External) => Term::Atom(Atom::new("external")),
        ("type", Target::Local { .. }) => Term::Atom(Atom::new("local")),
        ("index" | "new_index", Target::Local { index, .. }) => Term::Int(i64::from(index)),
        ("index" | "new_index" | "uniq" | "new_uniq" | "pid", _) => Term::Atom(atom::UNDEFINED),
        _ => return Err(Raised::badarg()),
    };
    Ok(Term::tuple([Term::Atom(item), value]))
}
