//! Values. A value never changes: whoever holds it may share it.
//!
//! Numbers, atoms, pids and references stand for themselves; everything else is shared by reference count within a
//! thread. Reading, comparing, hashing and dropping never recurse as deep as the data is nested.

mod binary;
mod fun;
mod hash;
mod list;
mod map;
mod opaque;
mod order;
mod release;
mod sketch;
mod tuple;

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

pub use binary::{Binary, BitWriter, Piece, TextWriter};
pub use fun::{Fun, Target};
pub use list::{Cons, ListIter, list};
pub use map::Map;
pub(crate) use opaque::{mentions_name, take_told, told, told_keys};
pub use order::{compare, compare_exact, equal, equal_loose};
pub use tuple::Tuple;

use super::atom::{self, Atom};
use crate::kernel::{Pid, Reference};

/// A value.
#[derive(Debug, Default)]
pub enum Term {
    /// An integer of at most 64 bits.
    Int(i64),
    /// Any other integer: always beyond 64 bits, so that equal integers look equal.
    Big(Rc<BigInt>),
    /// A float; never infinite and never NaN.
    Float(f64),
    /// An atom.
    Atom(Atom),
    /// A process.
    Pid(Pid),
    /// A reference.
    Reference(Reference),
    /// The empty list.
    #[default]
    Empty,
    /// A list that is not empty, proper or not.
    List(Rc<Cons>),
    /// A tuple.
    Tuple(Tuple),
    /// A map, also of a struct.
    Map(Map),
    /// A binary, or a bitstring.
    Binary(Binary),
    /// A function.
    Fun(Rc<Fun>),
}

/// The atom `nil`.
pub const NIL: Term = Term::Atom(atom::NIL);
/// The atom `true`.
pub const TRUE: Term = Term::Atom(atom::TRUE);
/// The atom `false`.
pub const FALSE: Term = Term::Atom(atom::FALSE);
/// The atom `ok`.
pub const OK: Term = Term::Atom(atom::OK);

impl Term {
    /// The same value once more: what does not stand for itself is held by one more place.
    #[inline(never)]
    fn shared(&self) -> Term {
        match self {
            Term::Int(value) => Term::Int(*value),
            Term::Float(value) => Term::Float(*value),
            Term::Atom(value) => Term::Atom(*value),
            Term::Pid(value) => Term::Pid(*value),
            Term::Reference(value) => Term::Reference(*value),
            Term::Empty => Term::Empty,
            Term::Big(value) => Term::Big(Rc::clone(value)),
            Term::List(value) => Term::List(Rc::clone(value)),
            Term::Tuple(value) => Term::Tuple(value.clone()),
            Term::Map(value) => Term::Map(value.clone()),
            Term::Binary(value) => Term::Binary(value.clone()),
            Term::Fun(value) => Term::Fun(Rc::clone(value)),
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(value: bool) -> Term {
        Term::Atom(Atom::boolean(value))
    }

    /// A binary with this text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Term {
        Term::Binary(Binary::from(text.into().into_bytes()))
    }

    /// An integer, in whichever form it takes.
    #[must_use]
    pub fn integer(value: BigInt) -> Term {
        match value.to_i64() {
            Some(small) => Term::Int(small),
            None => Term::Big(Rc::new(value)),
        }
    }

    /// A list of its characters, as Erlang has texts.
    #[must_use]
    pub fn charlist(text: &str) -> Term {
        list(text.chars().map(|character| Term::Int(i64::from(u32::from(character)))))
    }

    /// A tuple.
    #[must_use]
    pub fn tuple<const N: usize>(items: [Term; N]) -> Term {
        Term::Tuple(Tuple::from_iter(items))
    }

    /// `{:ok, value}`
    #[must_use]
    pub fn ok(value: Term) -> Term {
        Term::tuple([OK, value])
    }

    /// Whether it stands for itself: nothing has to be let go when it is forgotten.
    #[must_use]
    #[inline(always)]
    pub(crate) fn is_immediate(&self) -> bool {
        matches!(
            self,
            Term::Int(_) | Term::Float(_) | Term::Atom(_) | Term::Pid(_) | Term::Reference(_) | Term::Empty
        )
    }

    /// Whether it counts as true: everything but `false` and `nil`.
    #[must_use]
    #[inline]
    pub fn is_truthy(&self) -> bool {
        !matches!(self, Term::Atom(atom::FALSE | atom::NIL))
    }

    /// Whether it is this atom.
    #[must_use]
    #[inline]
    pub fn is_atom(&self, wanted: Atom) -> bool {
        matches!(self, Term::Atom(atom) if *atom == wanted)
    }

    /// The atom that it is.
    #[must_use]
    pub fn as_atom(&self) -> Option<Atom> {
        if let Term::Atom(atom) = self { Some(*atom) } else { None }
    }

    /// The small integer that it is.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Term::Int(value) = self { Some(*value) } else { None }
    }

    /// The integer that it is.
    #[must_use]
    pub fn as_big(&self) -> Option<BigInt> {
        match self {
            Term::Int(value) => Some(BigInt::from(*value)),
            Term::Big(value) => Some(BigInt::clone(value)),
            _ => None,
        }
    }

    /// The elements of the tuple that it is.
    #[must_use]
    pub fn as_tuple(&self) -> Option<&[Term]> {
        if let Term::Tuple(tuple) = self { Some(tuple.items()) } else { None }
    }

    /// The binary that it is.
    #[must_use]
    pub fn as_binary(&self) -> Option<&Binary> {
        if let Term::Binary(binary) = self { Some(binary) } else { None }
    }

    /// The text that it is: a binary in UTF-8.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.as_binary().and_then(Binary::text)
    }

    /// The map that it is.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Term::Map(map) = self { Some(map) } else { None }
    }

    /// The module of the struct that it is.
    #[must_use]
    pub fn struct_module(&self) -> Option<Atom> {
        self.as_map()?.get(&Term::Atom(atom::STRUCT))?.as_atom()
    }

    /// Its elements, if it is a list; what follows the last one is asked for with [`ListIter::rest`].
    #[must_use]
    pub fn elements(&self) -> ListIter<'_> {
        ListIter::new(self)
    }

    /// The elements of the proper list that it is.
    #[must_use]
    pub fn as_list(&self) -> Option<Vec<Term>> {
        let mut elements = self.elements();
        let found = elements.by_ref().cloned().collect();
        matches!(elements.rest(), Term::Empty).then_some(found)
    }
}

impl Clone for Term {
    #[inline(always)]
    fn clone(&self) -> Term {
        match self {
            Term::Int(value) => Term::Int(*value),
            Term::Float(value) => Term::Float(*value),
            Term::Atom(value) => Term::Atom(*value),
            Term::Pid(value) => Term::Pid(*value),
            Term::Empty => Term::Empty,
            _ => self.shared(),
        }
    }
}

impl From<i64> for Term {
    fn from(value: i64) -> Term {
        Term::Int(value)
    }
}

impl From<Atom> for Term {
    fn from(value: Atom) -> Term {
        Term::Atom(value)
    }
}

impl From<BigInt> for Term {
    fn from(value: BigInt) -> Term {
        Term::integer(value)
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        equal(self, other)
    }
}

impl Eq for Term {}
