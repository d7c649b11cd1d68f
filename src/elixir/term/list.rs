//! Lists.

use std::rc::Rc;

use super::Term;
use super::release::release;

/// The first element of a list, and the others.
#[derive(Clone, Debug)]
pub struct Cons {
    /// The first element.
    pub head: Term,
    /// The others: a list, or any other value in an improper list.
    pub tail: Term,
}

impl Drop for Cons {
    /// A long list is taken apart in a loop.
    #[inline]
    fn drop(&mut self) {
        if matches!(self.head, Term::List(_) | Term::Tuple(_) | Term::Map(_) | Term::Fun(_)) {
            release(std::slice::from_mut(&mut self.head));
        }
        let Term::List(_) = self.tail else {
            if matches!(self.tail, Term::Tuple(_) | Term::Map(_) | Term::Fun(_)) {
                release(std::slice::from_mut(&mut self.tail));
            }
            return;
        };
        let mut tail = std::mem::take(&mut self.tail);
        while let Term::List(cons) = tail {
            match Rc::try_unwrap(cons) {
                Ok(mut cons) => tail = std::mem::take(&mut cons.tail),
                Err(_) => break,
            }
        }
    }
}

impl Cons {
    /// Takes both parts away, if nobody else holds the cell; otherwise copies them.
    #[inline]
    pub fn into_parts(cell: Rc<Cons>) -> (Term, Term) {
        match Rc::try_unwrap(cell) {
            Ok(mut cons) => (std::mem::take(&mut cons.head), std::mem::take(&mut cons.tail)),
            Err(cell) => (cell.head.clone(), cell.tail.clone()),
        }
    }
}

impl Term {
    /// A list with this first element.
    #[must_use]
    #[inline]
    pub fn cons(head: Term, tail: Term) -> Term {
        Term::List(Rc::new(Cons { head, tail }))
    }

    /// A list of these elements, followed by `tail`.
    #[must_use]
    pub fn list_with_tail<T>(elements: T, tail: Term) -> Term
    where
        T: IntoIterator<Item = Term, IntoIter: DoubleEndedIterator>,
    {
        elements.into_iter().rev().fold(tail, |tail, head| Term::cons(head, tail))
    }
}

/// A list of these elements.
#[must_use]
pub fn list<T>(elements: T) -> Term
where
    T: IntoIterator<Item = Term>,
{
    let elements: Vec<Term> = elements.into_iter().collect();
    Term::list_with_tail(elements, Term::Empty)
}

/// The elements of a list, one after another.
#[derive(Clone, Debug)]
pub struct ListIter<'a> {
    rest: &'a Term,
}

impl<'a> ListIter<'a> {
    pub(super) fn new(list: &'a Term) -> ListIter<'a> {
        ListIter { rest: list }
    }

    /// What has not been visited: [`Term::Empty`] at the end of a proper list.
    #[must_use]
    pub fn rest(&self) -> &'a Term {
        self.rest
    }
}

impl<'a> Iterator for ListIter<'a> {
    type Item = &'a Term;

    #[inline]
    fn next(&mut self) -> Option<&'a Term> {
        match self.rest {
            Term::List(cons) => {
                self.rest = &cons.tail;
                Some(&cons.head)
            }
            _ => None,
        }
    }
}
