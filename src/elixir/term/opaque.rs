//! Whether a program has looked into what it should not be able to tell apart.
//!
//! Pids and references can be compared for equality, and that is all that most programs do with them: such programs go on alike
//! whatever the numbers are. A program that sorts pids, lists the keys of a map in which they stand, or takes the text
//! of one apart can tell more. Comparing is done deep inside of terms, far from any world; so the note of it is kept by the thread,
//! set here, and taken by whoever steps a world and wants to know. Nothing that a program can see depends on it.

use std::cell::Cell;

use super::{Map, Term};

thread_local! {
    static TOLD: Cell<bool> = const { Cell::new(false) };
}

/// How many values are looked at before the answer is "perhaps".
const MOST: usize = 1_000;

/// The order of two pids or references, or the characters of one, have been told to a program.
pub(crate) fn told() {
    TOLD.set(true);
}

/// Whether something was told since the last call.
pub(crate) fn take_told() -> bool {
    TOLD.replace(false)
}

/// The keys of a map are told in the order of terms: that tells something if there is a pid or a reference in more than one.
pub(crate) fn told_keys(map: &Map) {
    if map.len() > 1 && map.iter().filter(|(key, _)| mentions_name(key)).nth(1).is_some() {
        told();
    }
}

/// Whether there is a pid or a reference in a value.
pub(crate) fn mentions_name(term: &Term) -> bool {
    if term.is_immediate() {
        return matches!(term, Term::Pid(_) | Term::Reference(_));
    }
    let mut pending = vec![term];
    let mut looked = 0;
    while let Some(term) = pending.pop() {
        looked += 1;
        if looked > MOST {
            return true;
        }
        match term {
            Term::Pid(_) | Term::Reference(_) => return true,
            Term::List(cell) => {
                pending.push(&cell.tail);
                pending.push(&cell.head);
            }
            Term::Tuple(tuple) => pending.extend(tuple.items()),
            Term::Map(map) => pending.extend(map.iter().flat_map(|(key, value)| [key, value])),
            Term::Fun(fun) => pending.extend(fun.captured()),
            Term::Binary(binary) => {
                if binary.pieces().is_some() {
                    return true;
                }
            }
            Term::Int(_) | Term::Big(_) | Term::Float(_) | Term::Atom(_) | Term::Empty => {}
        }
    }
    false
}
