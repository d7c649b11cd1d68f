//! `:lists`, as far as it does not call functions.

use super::args::{self, Outcome, take};
use super::{Context, Raised, arithmetic, atom, erlang_terms};
use crate::elixir::term::{Term, compare, equal, equal_loose, list};

table! { "lists", context:
    "append"(a, b) => { let b = take(b); erlang_terms::append(a, b) };
    "append"(parts) => append_all(parts);
    "subtract"(a, b) => erlang_terms::without(a, b);
    "concat"(parts) => concat(parts);
    "delete"(item, items) => delete(item, items);
    "droplast"(items) => {
        let mut items = proper(items)?;
        items.pop().ok_or_else(function_clause)?;
        Ok(list(items))
    };
    "duplicate"(count, item) => {
        let count = usize::try_from(args::int(count).map_err(|_| function_clause())?).map_err(|_| function_clause())?;
        reserve(context, count)?;
        Ok((0..count).fold(Term::Empty, |list, _| Term::cons(item.clone(), list)))
    };
    "enumerate"(items) => Ok(enumerate(1, proper(items)?));
    "enumerate"(first, items) => Ok(enumerate(args::int(first).map_err(|_| function_clause())?, proper(items)?));
    "flatlength"(items) => Ok(args::size(flat(items)?.len()));
    "flatten"(items) => Ok(list(flat(items)?));
    "flatten"(items, tail) => {
        if !is_list(tail) { return Err(function_clause()) }
        Ok(Term::list_with_tail(flat(items)?, take(tail)))
    };
    "join"(between, items) => {
        let items = proper(items)?;
        let pairs = items.into_iter().flat_map(|item| [between.clone(), item]);
        Ok(list(pairs.skip(1)))
    };
    "last"(items) => proper(items)?.pop().ok_or_else(function_clause);
    "max"(items) => best(items, |new, old| compare(new, old).is_gt());
    "min"(items) => best(items, |new, old| compare(new, old).is_lt());
    "member"(item, items) => member(item, items);
    "merge"(a, b) => merge(a, b, Equal::Both);
    "merge"(parts) => {
        let parts = proper(parts)?;
        parts.iter().try_fold(Term::Empty, |merged, part| merge(&merged, part, Equal::Both))
    };
    "umerge"(a, b) => merge(a, b, Equal::One);
    "umerge"(parts) => {
        let parts = proper(parts)?;
        parts.iter().try_fold(Term::Empty, |merged, part| merge(&merged, part, Equal::One))
    };
    "nth"(index, items) => {
        let index = position(index)?;
        items.elements().nth(index).cloned().ok_or_else(function_clause)
    };
    "nthtail"(count, items) => nthtail(count, items);
    "prefix"(prefix, items) => prefix_of(prefix, items);
    "suffix"(suffix, items) => {
        let (suffix, items) = (badarg_list(suffix)?, badarg_list(items)?);
        Ok(Term::boolean(items.ends_with(&suffix)))
    };
    "reverse"(items) => match items {
        Term::Empty => Ok(Term::Empty),
        Term::List(cons) if is_list(&cons.tail) => reverse(items, Term::Empty),
        _ => Err(function_clause()),
    };
    "reverse"(items, tail) => { let tail = take(tail); reverse(items, tail) };
    "seq"(first, last) => match (&*first, &*last) {
        (Term::Int(first), Term::Int(last)) if *last >= first.saturating_sub(1) => seq(context, *first, *last, 1),
        _ => Err(function_clause()),
    };
    "seq"(first, last, step) => match (&*first, &*last, &*step) {
        (Term::Int(first), Term::Int(last), Term::Int(step)) => seq(context, *first, *last, *step),
        _ => Err(Raised::badarg()),
    };
    "sort"(items) => {
        let mut items = proper(items)?;
        reserve(context, items.len())?;
        items.sort_by(compare);
        Ok(list(items))
    };
    "usort"(items) => {
        let mut items = proper(items)?;
        reserve(context, items.len())?;
        items.sort_by(compare);
        items.dedup_by(|new, old| equal_loose(new, old));
        Ok(list(items))
    };
    "uniq"(items) => {
        let mut seen = crate::elixir::term::Map::default();
        let mut items = proper(items)?;
        items.retain(|item| {
            let new = seen.get(item).is_none();
            if new { seen.put(item.clone(), Term::Empty); }
            new
        });
        Ok(list(items))
    };
    "split"(count, items) => split(count, items);
    "sublist"(items, count) => sublist(items, 0, count);
    "sublist"(items, start, count) => sublist(items, position(start)?, count);
    "sum"(items) => {
        let items = proper(items)?;
        items.iter().try_fold(Term::Int(0), |sum, item| arithmetic::add(item, &sum))
    };
    "unzip"(pairs) => {
        let [first, second] = unzip(pairs)?;
        Ok(Term::tuple([first, second]))
    };
    "unzip3"(triples) => {
        let [first, second, third] = unzip(triples)?;
        Ok(Term::tuple([first, second, third]))
    };
    "zip"(a, b) => zip([a, b]);
    "zip3"(a, b, c) => zip([a, b, c]);
}

pub(super) fn function_clause() -> Raised {
    Raised::atom(atom::FUNCTION_CLAUSE)
}

pub(super) fn is_list(term: &Term) -> bool {
    matches!(term, Term::Empty | Term::List(_))
}

/// The elements of a proper list; anything else matches no clause.
pub(super) fn proper(term: &Term) -> Result<Vec<Term>, Raised> {
    term.as_list().ok_or_else(function_clause)
}

fn badarg_list(term: &Term) -> Result<Vec<Term>, Raised> {
    term.as_list().ok_or_else(Raised::badarg)
}

/// A place that counts from 1, as one that counts from 0.
fn position(term: &Term) -> Result<usize, Raised> {
    match args::count(term) {
        Ok(index) if index > 0 => Ok(index - 1),
        _ => Err(function_clause()),
    }
}

/// Counts the cells of a new list.
pub(super) fn reserve(context: &mut dyn Context, cells: usize) -> Result<(), Raised> {
    const CELL: usize = 48;
    context.reserve(cells.saturating_mul(CELL))
}

fn append_all(parts: &Term) -> Outcome {
    let mut parts = proper(parts)?;
    let Some(mut appended) = parts.pop() else { return Ok(Term::Empty) };
    while let Some(part) = parts.pop() {
        appended = erlang_terms::append(&part, appended)?;
    }
    Ok(appended)
}

fn concat(parts: &Term) -> Outcome {
    let mut lists = Vec::new();
    for part in proper(parts)? {
        lists.push(match &part {
            Term::Int(value) => Term::charlist(&value.to_string()),
            Term::Big(value) => Term::charlist(&value.to_string()),
            Term::Float(value) => Term::charlist(&super::float_format::exponential(*value, 20)),
            Term::Atom(atom) => Term::charlist(atom.text()),
            Term::Empty | Term::List(_) => part,
            _ => return Err(function_clause()),
        });
    }
    append_all(&list(lists))
}

fn delete(item: &Term, items: &Term) -> Outcome {
    let mut before = Vec::new();
    let mut rest = items;
    while let Term::List(cons) = rest {
        if equal(&cons.head, item) {
            return Ok(Term::list_with_tail(before, cons.tail.clone()));
        }
        before.push(cons.head.clone());
        rest = &cons.tail;
    }
    if matches!(rest, Term::Empty) { Ok(items.clone()) } else { Err(function_clause()) }
}

fn enumerate(first: i64, items: Vec<Term>) -> Term {
    list((first..).zip(items).map(|(index, item)| Term::tuple([Term::Int(index), item])))
}

/// The elements of nested lists.
fn flat(items: &Term) -> Result<Vec<Term>, Raised> {
    if !is_list(items) {
        return Err(function_clause());
    }
    let mut found = Vec::new();
    let mut pending = vec![items];
    while let Some(mut rest) = pending.pop() {
        while let Term::List(cons) = rest {
            if is_list(&cons.head) {
                pending.push(&cons.tail);
                rest = &cons.head;
            } else {
                found.push(cons.head.clone());
                rest = &cons.tail;
            }
        }
        if !matches!(rest, Term::Empty) {
            return Err(function_clause());
        }
    }
    Ok(found)
}

fn best(items: &Term, better: fn(&Term, &Term) -> bool) -> Outcome {
    let items = proper(items)?;
    items
        .into_iter()
        .reduce(|old, new| if better(&new, &old) { new } else { old })
        .ok_or_else(function_clause)
}

fn member(item: &Term, items: &Term) -> Outcome {
    let mut elements = items.elements();
    if elements.by_ref().any(|element| equal(element, item)) {
        return Ok(Term::boolean(true));
    }
    if matches!(elements.rest(), Term::Empty) { Ok(Term::boolean(false)) } else { Err(Raised::badarg()) }
}

/// How many of equal elements of two lists are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Equal {
    Both,
    One,
}

fn merge(a: &Term, b: &Term, kept: Equal) -> Outcome {
    let (a, b) = (proper(a)?, proper(b)?);
    let mut merged: Vec<Term> = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(first), Some(second)) if compare(first, second).is_le() => a.next(),
            (Some(_), None) => a.next(),
            (_, Some(_)) => b.next(),
            (None, None) => return Ok(list(merged)),
        };
        let again = |next: &Term| merged.last().is_some_and(|last| equal_loose(last, next));
        merged.extend(next.filter(|next| kept == Equal::Both || !again(next)));
    }
}

fn nthtail(count: &Term, items: &Term) -> Outcome {
    let count = args::count(count).map_err(|_| function_clause())?;
    if count == 0 && !is_list(items) {
        return Err(function_clause());
    }
    let mut rest = items;
    for _ in 0..count {
        let Term::List(cons) = rest else { return Err(function_clause()) };
        rest = &cons.tail;
    }
    if is_list(rest) { Ok(rest.clone()) } else { Err(function_clause()) }
}

fn prefix_of(mut prefix: &Term, mut items: &Term) -> Outcome {
    loop {
        match (prefix, items) {
            (Term::List(a), Term::List(b)) if equal(&a.head, &b.head) => (prefix, items) = (&a.tail, &b.tail),
            (Term::Empty, Term::Empty | Term::List(_)) => return Ok(Term::boolean(true)),
            (Term::List(_), Term::Empty | Term::List(_)) => return Ok(Term::boolean(false)),
            _ => return Err(function_clause()),
        }
    }
}

fn reverse(items: &Term, tail: Term) -> Outcome {
    let mut elements = items.elements();
    let reversed = elements.by_ref().fold(tail, |tail, item| Term::cons(item.clone(), tail));
    if matches!(elements.rest(), Term::Empty) { Ok(reversed) } else { Err(Raised::badarg()) }
}

fn seq(context: &mut dyn Context, first: i64, last: i64, step: i64) -> Outcome {
    let distance = i128::from(last) - i128::from(first);
    let step = i128::from(step);
    if step == 0 {
        return if distance == 0 { Ok(list([Term::Int(first)])) } else { Err(Raised::badarg()) };
    }
    // One step beyond the end is still an empty list.
    if (distance + step).signum() == -step.signum() {
        return Err(Raised::badarg());
    }
    let count = if distance.signum() == -step.signum() { 0 } else { distance / step + 1 };
    reserve(context, usize::try_from(count).unwrap_or(usize::MAX))?;
    let item = |index: i128| Term::Int(i64::try_from(i128::from(first) + index * step).unwrap_or(last));
    Ok((0..count).rev().fold(Term::Empty, |tail, index| Term::cons(item(index), tail)))
}

fn split(count: &Term, items: &Term) -> Outcome {
    let count = match count {
        Term::Int(_) | Term::Big(_) if is_list(items) => args::count(count)?,
        _ => return Err(Raised::badarg()),
    };
    let mut before = Vec::new();
    let mut rest = items;
    for _ in 0..count {
        let Term::List(cons) = rest else {
            return Err(if matches!(rest, Term::Empty) { Raised::badarg() } else { function_clause() });
        };
        before.push(cons.head.clone());
        rest = &cons.tail;
    }
    Ok(Term::tuple([list(before), rest.clone()]))
}

fn sublist(items: &Term, start: usize, count: &Term) -> Outcome {
    let count = args::count(count).map_err(|_| function_clause())?;
    if !is_list(items) {
        return Err(function_clause());
    }
    let mut elements = items.elements();
    if start > 0 && elements.nth(start - 1).is_none() {
        return Ok(Term::Empty);
    }
    let found: Vec<Term> = elements.by_ref().take(count).cloned().collect();
    if found.len() < count && !matches!(elements.rest(), Term::Empty) {
        return Err(function_clause());
    }
    Ok(list(found))
}

fn unzip<const N: usize>(tuples: &Term) -> Result<[Term; N], Raised> {
    let mut columns: [Vec<Term>; N] = std::array::from_fn(|_| Vec::new());
    for tuple in proper(tuples)? {
        let items = tuple.as_tuple().filter(|items| items.len() == N).ok_or_else(function_clause)?;
        for (column, item) in columns.iter_mut().zip(items) {
            column.push(item.clone());
        }
    }
    Ok(columns.map(list))
}

fn zip<const N: usize>(lists: [&mut Term; N]) -> Outcome {
    let columns: Vec<Vec<Term>> = lists.iter().map(|list| proper(list)).collect::<Result<_, _>>()?;
    let count = columns.first().map_or(0, Vec::len);
    if columns.iter().any(|column| column.len() != count) {
        return Err(function_clause());
    }
    let row = |at: usize| columns.iter().filter_map(|column| column.get(at).cloned()).collect();
    Ok(list((0..count).map(|at| Term::Tuple(row(at)))))
}
