//! What the compiler's own code calls.

use super::args::{Outcome, take};
use super::{Raised, atom, float_format};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, Term, Tuple, list};

table! { "rashomon", context:
    "elem"(tuple, index) => elem(tuple, index);
    "put_elem"(tuple, index, value) => put_elem(tuple, index, value);
    "to_text"(value) => Ok(to_text(value));
    "macro_escape"(value) => Ok(escape(value));
    "macro_escape"(value, _unquote) => Ok(escape(value));
}

fn elem(tuple: &Term, index: &Term) -> Outcome {
    let (Some(items), Some(index)) = (tuple.as_tuple(), index.as_int()) else { return Err(Raised::badarg()) };
    usize::try_from(index).ok().and_then(|index| items.get(index)).cloned().ok_or_else(Raised::badarg)
}

fn put_elem(tuple: &Term, index: &Term, value: &mut Term) -> Outcome {
    let (Some(items), Some(index)) = (tuple.as_tuple(), index.as_int()) else { return Err(Raised::badarg()) };
    let mut items = items.to_vec();
    let place =
        usize::try_from(index).ok().and_then(|index| items.get_mut(index)).ok_or_else(Raised::badarg)?;
    *place = take(value);
    Ok(Term::Tuple(items.into_iter().collect::<Tuple>()))
}

/// The text of a value whose text needs no protocol; `false` for all others.
fn to_text(value: &mut Term) -> Term {
    match value {
        Term::Binary(binary) if binary.is_whole() => take(value),
        Term::Int(number) => Term::text(number.to_string()),
        Term::Big(number) => Term::text(number.to_string()),
        Term::Float(number) => Term::text(float_format::shortest(*number)),
        Term::Atom(atom::NIL) => Term::text(""),
        Term::Atom(name) => Term::text(name.text()),
        _ => Term::boolean(false),
    }
}

/// The tree that stands for a value.
fn escape(value: &Term) -> Term {
    match value {
        Term::Tuple(tuple) => match tuple.items() {
            [a, b] => Term::tuple([escape(a), escape(b)]),
            items => {
                Term::tuple([Term::Atom(atom::TUPLE_BRACES), Term::Empty, list(items.iter().map(escape))])
            }
        },
        Term::List(_) => match value.as_list() {
            Some(items) => list(items.iter().map(escape)),
            None => value.clone(),
        },
        Term::Map(map) => {
            let pairs = map.iter().map(|(key, value)| Term::tuple([escape(key), escape(value)]));
            Term::tuple([Term::Atom(Atom::new("%{}")), Term::Empty, list(pairs)])
        }
        Term::Binary(binary) if !binary.is_whole() => {
            let _: &Binary = binary;
            value.clone()
        }
        _ => value.clone(),
    }
}
