//! How nested values are dropped without recursing as deep as they are nested.

use std::rc::Rc;

use super::{Term, Tuple};

/// Whether dropping this value may drop others.
#[inline]
fn holds_others(term: &Term) -> bool {
    matches!(term, Term::List(_) | Term::Tuple(_) | Term::Map(_) | Term::Fun(_))
}

/// Whether dropping this value drops nothing that holds others.
#[inline]
fn is_shallow(term: &Term) -> bool {
    match term {
        Term::List(cell) => {
            Rc::strong_count(cell) > 1 || !(holds_others(&cell.head) || holds_others(&cell.tail))
        }
        Term::Tuple(tuple) => !tuple.items().iter().any(holds_others),
        Term::Map(map) => {
            map.is_shared() || !map.iter().any(|(key, value)| holds_others(key) || holds_others(value))
        }
        Term::Fun(fun) => Rc::strong_count(fun) > 1 || !fun.captured().iter().any(holds_others),
        Term::Int(_)
        | Term::Big(_)
        | Term::Float(_)
        | Term::Atom(_)
        | Term::Pid(_)
        | Term::Reference(_)
        | Term::Empty
        | Term::Binary(_) => true,
    }
}

/// Empties the places of a container that is being dropped.
#[inline]
pub(super) fn release(places: &mut [Term]) {
    if places.iter().any(|place| holds_others(place) && !is_shallow(place)) {
        release_deep(places);
    }
}

#[inline(never)]
fn release_deep(places: &mut [Term]) {
    let mut pending: Vec<Term> = Vec::new();
    take_deep(places, &mut pending);
    while let Some(mut term) = pending.pop() {
        match &mut term {
            Term::List(cell) => {
                if let Some(cons) = Rc::get_mut(cell) {
                    take_deep(std::slice::from_mut(&mut cons.head), &mut pending);
                    take_deep(std::slice::from_mut(&mut cons.tail), &mut pending);
                }
            }
            Term::Tuple(tuple) => {
                if let Some(items) = Tuple::items_mut(tuple) {
                    take_deep(items, &mut pending);
                }
            }
            Term::Map(map) => map.take_values(|place| take_deep(std::slice::from_mut(place), &mut pending)),
            Term::Fun(fun) => {
                if let Some(fun) = Rc::get_mut(fun) {
                    take_deep(fun.captured_mut(), &mut pending);
                }
            }
            Term::Int(_)
            | Term::Big(_)
            | Term::Float(_)
            | Term::Atom(_)
            | Term::Pid(_)
            | Term::Reference(_)
            | Term::Empty
            | Term::Binary(_) => {}
        }
    }
}

fn take_deep(places: &mut [Term], pending: &mut Vec<Term>) {
    for place in places {
        if holds_others(place) {
            pending.push(std::mem::take(place));
        }
    }
}
