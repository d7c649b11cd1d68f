//! Reading arguments: what a function can't use is `:badarg`.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::Raised;
use crate::elixir::atom::Atom;
use crate::elixir::term::{Binary, Map, Term};

/// What a built-in gives back.
pub(super) type Outcome = Result<Term, Raised>;

/// An integer of at most 64 bits.
pub(super) fn int(term: &Term) -> Result<i64, Raised> {
    term.as_int().ok_or_else(Raised::badarg)
}

/// Any integer.
pub(super) fn big(term: &Term) -> Result<BigInt, Raised> {
    term.as_big().ok_or_else(Raised::badarg)
}

/// A number of things: an integer that is not negative. One that is too large for any use is the largest there is, so
/// that taking memory for it fails.
pub(super) fn count(term: &Term) -> Result<usize, Raised> {
    match term {
        Term::Int(value) => usize::try_from(*value).map_err(|_| Raised::badarg()),
        Term::Big(value) => value.to_biguint().map(|_| usize::MAX).ok_or_else(Raised::badarg),
        _ => Err(Raised::badarg()),
    }
}

/// A number as a float.
pub(super) fn float(term: &Term) -> Result<f64, Raised> {
    as_float(term).ok_or_else(Raised::badarg)
}

/// A number as a float, if it is a number within the range of floats.
pub(super) fn as_float(term: &Term) -> Option<f64> {
    match term {
        Term::Int(value) => Some(*value as f64),
        Term::Float(value) => Some(*value),
        Term::Big(value) => value.to_f64().filter(|value| value.is_finite()),
        _ => None,
    }
}

/// An atom.
pub(super) fn atom(term: &Term) -> Result<Atom, Raised> {
    term.as_atom().ok_or_else(Raised::badarg)
}

/// A proper list.
pub(super) fn list(term: &Term) -> Result<Vec<Term>, Raised> {
    term.as_list().ok_or_else(Raised::badarg)
}

/// The elements of a proper list, in their place.
pub(super) fn elements(term: &Term) -> Result<Vec<&Term>, Raised> {
    let mut elements = term.elements();
    let found = elements.by_ref().collect();
    if matches!(elements.rest(), Term::Empty) { Ok(found) } else { Err(Raised::badarg()) }
}

/// The elements of a list, of which the end is looked at as some functions in Erlang do: `:function_clause` if it is not
/// proper.
pub(super) fn visited(term: &Term) -> Result<Vec<&Term>, Raised> {
    if !matches!(term, Term::Empty | Term::List(_)) {
        return Err(Raised::badarg());
    }
    elements(term).map_err(|_| Raised::atom(crate::elixir::atom::FUNCTION_CLAUSE))
}

/// A tuple.
pub(super) fn tuple(term: &Term) -> Result<&[Term], Raised> {
    term.as_tuple().ok_or_else(Raised::badarg)
}

/// A map, or else `{:badmap, term}`.
pub(super) fn map(term: &Term) -> Result<&Map, Raised> {
    term.as_map().ok_or_else(|| Raised::with(crate::elixir::atom::BADMAP, term.clone()))
}

/// A bitstring.
pub(super) fn bits(term: &Term) -> Result<&Binary, Raised> {
    term.as_binary().ok_or_else(Raised::badarg)
}

/// A binary: whole bytes.
pub(super) fn binary(term: &Term) -> Result<&Binary, Raised> {
    bits(term)?.is_whole().then_some(()).ok_or_else(Raised::badarg)?;
    bits(term)
}

/// A text: a binary in UTF-8.
pub(super) fn text(term: &Term) -> Result<&str, Raised> {
    term.as_text().ok_or_else(Raised::badarg)
}

/// Takes a value out of its place.
pub(super) fn take(place: &mut Term) -> Term {
    std::mem::take(place)
}

/// A binary as a value.
pub(super) fn bytes(bytes: Vec<u8>) -> Term {
    Term::Binary(Binary::from(bytes))
}

/// An integer as a value, of a number of things in memory.
pub(super) fn size(value: usize) -> Term {
    i64::try_from(value).map_or_else(|_| Term::integer(BigInt::from(value)), Term::Int)
}
