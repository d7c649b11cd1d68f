//! Tuples. Small ones, which are most, take one allocation.

use std::rc::Rc;

use super::Term;
use super::release::release;

/// A fixed number of values.
#[derive(Clone, Debug)]
pub enum Tuple {
    /// None.
    Unit,
    /// One.
    One(Rc<Cells<1>>),
    /// Two.
    Two(Rc<Cells<2>>),
    /// Three.
    Three(Rc<Cells<3>>),
    /// Four.
    Four(Rc<Cells<4>>),
    /// Any other number.
    Many(Rc<Many>),
}

/// The values of a small tuple.
#[derive(Clone, Debug)]
pub struct Cells<const N: usize>([Term; N]);

impl<const N: usize> Drop for Cells<N> {
    #[inline]
    fn drop(&mut self) {
        release(&mut self.0);
    }
}

/// The values of a large tuple.
#[derive(Clone, Debug)]
pub struct Many(Vec<Term>);

impl Drop for Many {
    fn drop(&mut self) {
        release(&mut self.0);
    }
}

impl Tuple {
    /// Its values.
    #[must_use]
    #[inline]
    pub fn items(&self) -> &[Term] {
        match self {
            Tuple::Unit => &[],
            Tuple::One(cells) => &cells.0,
            Tuple::Two(cells) => &cells.0,
            Tuple::Three(cells) => &cells.0,
            Tuple::Four(cells) => &cells.0,
            Tuple::Many(many) => &many.0,
        }
    }

    /// Its values, to be taken away, if nobody else holds it.
    pub(super) fn items_mut(&mut self) -> Option<&mut [Term]> {
        match self {
            Tuple::Unit => None,
            Tuple::One(cells) => Rc::get_mut(cells).map(|cells| cells.0.as_mut_slice()),
            Tuple::Two(cells) => Rc::get_mut(cells).map(|cells| cells.0.as_mut_slice()),
            Tuple::Three(cells) => Rc::get_mut(cells).map(|cells| cells.0.as_mut_slice()),
            Tuple::Four(cells) => Rc::get_mut(cells).map(|cells| cells.0.as_mut_slice()),
            Tuple::Many(many) => Rc::get_mut(many).map(|many| many.0.as_mut_slice()),
        }
    }

    /// Replaces the value at an index, if there is one. Costs no copy if nobody else holds the tuple.
    pub fn set(&mut self, index: usize, value: Term) {
        if let Some(items) = self.items_mut() {
            if let Some(item) = items.get_mut(index) {
                *item = value;
            }
            return;
        }
        let mut value = Some(value);
        let replaced = |(at, item): (usize, &Term)| match value.take_if(|_| at == index) {
            Some(value) => value,
            None => item.clone(),
        };
        *self = self.items().iter().enumerate().map(replaced).collect();
    }

    /// Takes the values out of these places, which are empty afterwards.
    #[inline]
    pub fn take(places: &mut [Term]) -> Tuple {
        match places {
            [] => Tuple::Unit,
            [a] => Tuple::One(Rc::new(Cells([std::mem::take(a)]))),
            [a, b] => Tuple::Two(Rc::new(Cells([std::mem::take(a), std::mem::take(b)]))),
            [a, b, c] => {
                Tuple::Three(Rc::new(Cells([std::mem::take(a), std::mem::take(b), std::mem::take(c)])))
            }
            [a, b, c, d] => Tuple::Four(Rc::new(Cells([
                std::mem::take(a),
                std::mem::take(b),
                std::mem::take(c),
                std::mem::take(d),
            ]))),
            many => Tuple::Many(Rc::new(Many(many.iter_mut().map(std::mem::take).collect()))),
        }
    }

    /// Whether both are the same tuple in memory.
    #[must_use]
    pub(super) fn is_same(&self, other: &Tuple) -> bool {
        std::ptr::eq(self.items(), other.items())
    }
}

impl FromIterator<Term> for Tuple {
    fn from_iter<T: IntoIterator<Item = Term>>(items: T) -> Tuple {
        let mut items: Vec<Term> = items.into_iter().collect();
        if items.len() <= 4 { Tuple::take(&mut items) } else { Tuple::Many(Rc::new(Many(items))) }
    }
}
