//! When values are equal, and which of two comes first: number < atom < reference < function < pid < tuple < map < list <
//! bitstring.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

use super::opaque::{told, told_keys};
use super::{Fun, Map, Term};

/// What is still to be compared, and whether integers and floats may be equal.
struct Comparison<'a> {
    pending: Vec<(&'a Term, &'a Term)>,
    exact: bool,
    tells: bool,
}

/// The order of terms, as `<` sees it: `1` and `1.0` are equal.
#[must_use]
pub fn compare(a: &Term, b: &Term) -> Ordering {
    ordering(a, b, false, true)
}

/// The order of the keys of a map: as [`compare`], but every integer comes before every float.
#[must_use]
pub fn compare_exact(a: &Term, b: &Term) -> Ordering {
    ordering(a, b, true, false)
}

/// Whether two values are the same (`===`).
#[must_use]
#[inline]
pub fn equal(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Int(a), Term::Int(b)) => a == b,
        (Term::Atom(a), Term::Atom(b)) => a == b,
        (Term::Pid(a), Term::Pid(b)) => a == b,
        (Term::Reference(a), Term::Reference(b)) => a == b,
        (Term::Binary(a), Term::Binary(b)) => a == b,
        (Term::Atom(_) | Term::Int(_) | Term::Pid(_) | Term::Reference(_), _)
        | (_, Term::Atom(_) | Term::Int(_) | Term::Pid(_) | Term::Reference(_)) => false,
        _ => ordering(a, b, true, false).is_eq(),
    }
}

/// Whether two values are equal (`==`): `1 == 1.0`.
#[must_use]
#[inline]
pub fn equal_loose(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Int(a), Term::Int(b)) => a == b,
        (Term::Atom(a), Term::Atom(b)) => a == b,
        (Term::Pid(a), Term::Pid(b)) => a == b,
        (Term::Binary(a), Term::Binary(b)) => a == b,
        _ => ordering(a, b, false, false).is_eq(),
    }
}

/// `tells`: which of two pids comes first is told to the program.
fn ordering(a: &Term, b: &Term, exact: bool, tells: bool) -> Ordering {
    if let (Term::Int(a), Term::Int(b)) = (a, b) {
        return a.cmp(b);
    }
    let mut comparison = Comparison { pending: Vec::new(), exact, tells };
    let mut next = Some((a, b));
    while let Some((a, b)) = next {
        let found = comparison.step(a, b);
        if found.is_ne() {
            return found;
        }
        next = comparison.pending.pop();
    }
    Ordering::Equal
}

impl<'a> Comparison<'a> {
    /// Compares two values as far as that goes without looking into what they hold, which is left for later.
    fn step(&mut self, a: &'a Term, b: &'a Term) -> Ordering {
        match (a, b) {
            (Term::Atom(a), Term::Atom(b)) => a.cmp(b),
            (Term::Reference(a), Term::Reference(b)) => self.names(a, b),
            (Term::Pid(a), Term::Pid(b)) => self.names(a, b),
            (Term::Binary(a), Term::Binary(b)) => a.cmp(b),
            (Term::Fun(a), Term::Fun(b)) => self.funs(a, b),
            (Term::Tuple(a), Term::Tuple(b)) => {
                if a.is_same(b) {
                    return Ordering::Equal;
                }
                let (a, b) = (a.items(), b.items());
                let lengths = a.len().cmp(&b.len());
                if lengths.is_eq() {
                    self.pending.extend(a.iter().zip(b).rev());
                }
                lengths
            }
            (Term::Map(a), Term::Map(b)) => self.maps(a, b),
            (Term::List(a), Term::List(b)) => {
                if !Rc::ptr_eq(a, b) {
                    self.pending.push((&a.tail, &b.tail));
                    self.pending.push((&a.head, &b.head));
                }
                Ordering::Equal
            }
            _ => match (rank(a), rank(b)) {
                (0, 0) => self.numbers(a, b),
                (left, right) => left.cmp(&right),
            },
        }
    }

    fn names<N: Ord>(&self, a: &N, b: &N) -> Ordering {
        let found = a.cmp(b);
        if self.tells && found.is_ne() {
            told();
        }
        found
    }

    fn numbers(&self, a: &Term, b: &Term) -> Ordering {
        match (a, b) {
            (Term::Int(a), Term::Int(b)) => a.cmp(b),
            (Term::Big(a), Term::Big(b)) => a.cmp(b),
            (Term::Int(_), Term::Big(b)) => {
                if b.is_negative() {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Term::Big(a), Term::Int(_)) => {
                if a.is_negative() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Term::Float(a), Term::Float(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
            (Term::Float(_), _) if self.exact => Ordering::Greater,
            (_, Term::Float(_)) if self.exact => Ordering::Less,
            (Term::Float(float), other) => with_float(other, *float).reverse(),
            (other, Term::Float(float)) => with_float(other, *float),
            _ => Ordering::Equal,
        }
    }

    fn maps(&mut self, a: &'a Map, b: &'a Map) -> Ordering {
        if a.is_same(b) {
            return Ordering::Equal;
        }
        let lengths = a.len().cmp(&b.len());
        if lengths.is_ne() {
            return lengths;
        }
        if self.tells {
            told_keys(a);
            told_keys(b);
        }
        // All keys count before any value; keys are compared exactly, as they are held.
        for ((left, _), (right, _)) in a.iter().zip(b.iter()) {
            let keys = compare_exact(left, right);
            if keys.is_ne() {
                return keys;
            }
        }
        let first = self.pending.len();
        self.pending.extend(a.iter().zip(b.iter()).map(|((_, left), (_, right))| (left, right)));
        if let Some(new) = self.pending.get_mut(first..) {
            new.reverse();
        }
        Ordering::Equal
    }

    fn funs(&mut self, a: &'a Rc<Fun>, b: &'a Rc<Fun>) -> Ordering {
        if Rc::ptr_eq(a, b) {
            return Ordering::Equal;
        }
        let key = |fun: &Fun| match fun.target {
            super::Target::Local { function, index } => (0, index, function),
            super::Target::External => (1, 0, 0),
        };
        let heads = (a.module, key(a), a.name, a.arity, a.captured().len());
        let found = heads.cmp(&(b.module, key(b), b.name, b.arity, b.captured().len()));
        if found.is_eq() {
            self.pending.extend(a.captured().iter().zip(b.captured()).rev());
        }
        found
    }
}

/// The place of a value's type in the order of types.
fn rank(term: &Term) -> u8 {
    match term {
        Term::Int(_) | Term::Big(_) | Term::Float(_) => 0,
        Term::Atom(_) => 1,
        Term::Reference(_) => 2,
        Term::Fun(_) => 3,
        Term::Pid(_) => 4,
        Term::Tuple(_) => 5,
        Term::Map(_) => 6,
        Term::Empty => 7,
        Term::List(_) => 8,
        Term::Binary(_) => 9,
    }
}

/// The order of an integer and a float, without losing a digit of either.
fn with_float(integer: &Term, float: f64) -> Ordering {
    const EXACT: i64 = 1 << 53;
    match integer {
        Term::Int(value) if (-EXACT..=EXACT).contains(value) => {
            (*value as f64).partial_cmp(&float).unwrap_or(Ordering::Equal)
        }
        Term::Int(value) => with_large(&BigInt::from(*value), float),
        Term::Big(value) => with_large(value, float),
        _ => Ordering::Equal,
    }
}

fn with_large(integer: &BigInt, float: f64) -> Ordering {
    match BigInt::from_f64(float) {
        // The integer is beyond the floats that have a fraction.
        Some(whole) => integer.cmp(&whole),
        None => Ordering::Equal,
    }
}
