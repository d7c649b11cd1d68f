//! `:lists`: lists of tuples, of which one element is the key. Keys are compared with `==`.

use super::args::{self, Outcome, take};
use super::lists::{function_clause, proper, reserve};
use super::{Raised, atom};
use crate::elixir::term::{Term, compare, equal_loose, list};

table! { "lists", context:
    "keyfind"(key, place, items) => Ok(find(key, place, items)?.map_or(Term::boolean(false), Term::clone));
    "keymember"(key, place, items) => Ok(Term::boolean(find(key, place, items)?.is_some()));
    "keysearch"(key, place, items) => Ok(match find(key, place, items)? {
        Some(tuple) => Term::tuple([Term::Atom(crate::elixir::atom::Atom::new("value")), tuple.clone()]),
        None => Term::boolean(false),
    });
    "keydelete"(key, place, items) => Ok(match cut(key, place, items)? {
        Some((before, _, after)) => Term::list_with_tail(before, after),
        None => take(items),
    });
    "keytake"(key, place, items) => Ok(match cut(key, place, items)? {
        Some((before, tuple, after)) => {
            let value = Term::Atom(crate::elixir::atom::Atom::new("value"));
            Term::tuple([value, tuple, Term::list_with_tail(before, after)])
        }
        None => Term::boolean(false),
    });
    "keyreplace"(key, place, items, new) => {
        tuple(new)?;
        Ok(match cut(key, place, items)? {
            Some((before, _, after)) => Term::list_with_tail(before, Term::cons(take(new), after)),
            None => take(items),
        })
    };
    "keystore"(key, place, items, new) => {
        tuple(new)?;
        match cut(key, place, items)? {
            Some((before, _, after)) => Ok(Term::list_with_tail(before, Term::cons(take(new), after))),
            None => Ok(Term::list_with_tail(proper(items)?, list([take(new)]))),
        }
    };
    "keysort"(place, items) => {
        let items = sorted(place, items)?;
        reserve(context, items.len())?;
        Ok(list(items.into_iter().map(|(_, item)| item)))
    };
    "ukeysort"(place, items) => {
        let mut items = sorted(place, items)?;
        reserve(context, items.len())?;
        items.dedup_by(|(new, _), (old, _)| equal_loose(new, old));
        Ok(list(items.into_iter().map(|(_, item)| item)))
    };
    "keymerge"(place, a, b) => merge(place, a, b);
}

fn tuple(term: &Term) -> Result<(), Raised> {
    if matches!(term, Term::Tuple(_)) { Ok(()) } else { Err(function_clause()) }
}

/// The place of the key, counted from 0.
fn place(term: &Term) -> Option<usize> {
    args::count(term).ok()?.checked_sub(1)
}

fn has_key(item: &Term, place: usize, key: &Term) -> bool {
    item.as_tuple().and_then(|items| items.get(place)).is_some_and(|found| equal_loose(found, key))
}

/// The first tuple with this key. Only how far was searched must be a list.
fn find<'a>(key: &Term, at: &Term, items: &'a Term) -> Result<Option<&'a Term>, Raised> {
    let at = place(at).ok_or_else(Raised::badarg)?;
    let mut elements = items.elements();
    match elements.by_ref().find(|item| has_key(item, at, key)) {
        None if !matches!(elements.rest(), Term::Empty) => Err(Raised::badarg()),
        found => Ok(found),
    }
}

/// What stands before the first tuple with this key, the tuple, and what follows it.
type Cut = (Vec<Term>, Term, Term);

fn cut(key: &Term, at: &Term, items: &Term) -> Result<Option<Cut>, Raised> {
    let at = place(at).ok_or_else(function_clause)?;
    let mut before = Vec::new();
    let mut rest = items;
    while let Term::List(cons) = rest {
        if has_key(&cons.head, at, key) {
            return Ok(Some((before, cons.head.clone(), cons.tail.clone())));
        }
        before.push(cons.head.clone());
        rest = &cons.tail;
    }
    if matches!(rest, Term::Empty) { Ok(None) } else { Err(function_clause()) }
}

/// The tuples with their keys.
fn keyed(at: usize, items: &Term) -> Result<Vec<(Term, Term)>, Raised> {
    let keyed = |item: Term| {
        let key = item.as_tuple().and_then(|items| items.get(at)).cloned().ok_or_else(Raised::badarg)?;
        Ok((key, item))
    };
    proper(items)?.into_iter().map(keyed).collect()
}

fn sorted(at: &Term, items: &Term) -> Result<Vec<(Term, Term)>, Raised> {
    let at = place(at).ok_or_else(function_clause)?;
    let mut items = keyed(at, items)?;
    items.sort_by(|(a, _), (b, _)| compare(a, b));
    Ok(items)
}

fn merge(at: &Term, a: &Term, b: &Term) -> Outcome {
    let at = place(at).ok_or_else(|| Raised::atom(atom::FUNCTION_CLAUSE))?;
    let (a, b) = (keyed(at, a)?, keyed(at, b)?);
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some((first, _)), Some((second, _))) if compare(first, second).is_le() => a.next(),
            (Some(_), None) => a.next(),
            (_, Some(_)) => b.next(),
            (None, None) => return Ok(list(merged)),
        };
        merged.extend(next.map(|(_, item)| item));
    }
}
