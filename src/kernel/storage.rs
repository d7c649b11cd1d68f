//! How a world keeps its processes, mailboxes and output.
//!
//! A world is a value. Where its processes can be cloned ([`Persistent`]), so can the world, and the copy shares
//! everything with the original until one of them changes it: cloning costs the same for ten processes and for a
//! million, and a step copies only what it touches. Where they cannot be cloned, as with Rust futures
//! ([`Plain`]), nothing is ever shared and plain vectors serve better.

use std::collections::VecDeque;
use std::rc::Rc;

use rpds::{List, RedBlackTreeMap, Vector};

use super::process::{Envelope, Process};
use super::record::{Record, Written};

/// The containers of one kind of world.
pub trait Storage<P: Process> {
    /// The processes, by the number of their pid.
    type Slots: Slots<Record<P>>;
    /// The unread messages of one process.
    type Mailbox: Mailbox<Envelope<P::Message>> + Clone;
    /// What was written, oldest first.
    type Log: Log<Written<P::Text>> + Clone;
}

/// A growing sequence with access by index.
pub trait Slots<T> {
    /// An empty one.
    fn new() -> Self;
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The one at `index`.
    fn get(&self, index: usize) -> Option<&T>;
    /// The one at `index`, to change it.
    fn get_mut(&mut self, index: usize) -> Option<&mut T>;
    /// Adds one at the end.
    fn push(&mut self, value: T);
    /// Makes it empty again. What it holds may be made empty with `empty` and kept to be used again.
    fn reset(&mut self, empty: impl FnMut(&mut T));
}

/// Messages in the order of their arrival. A position is valid until the next [`take`](Mailbox::take).
pub trait Mailbox<T>: Default {
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Adds one at the end.
    fn push(&mut self, value: T);
    /// The first one at `position` or after it, and its position.
    fn next_from(&self, position: u64) -> Option<(u64, &T)>;
    /// The position that the next one to arrive will have.
    fn end(&self) -> u64;
    /// Removes the one at `position`; the others keep their order.
    fn take(&mut self, position: u64) -> Option<T>;
    /// Removes all.
    fn clear(&mut self);
}

/// A sequence that only grows.
pub trait Log<T>: Default {
    /// Adds one at the end.
    fn push(&mut self, value: T);
    /// Removes all.
    fn clear(&mut self);
    /// Calls `visit` on each, oldest first.
    fn each<'a>(&'a self, visit: impl FnMut(&'a T))
    where
        T: 'a;
}

/// For processes that cannot be cloned.
#[derive(Debug)]
pub enum Plain {}

impl<P: Process> Storage<P> for Plain {
    type Slots = Vec<Record<P>>;
    type Mailbox = VecDeque<Envelope<P::Message>>;
    type Log = Vec<Written<P::Text>>;
}

/// For processes that can be cloned: everything is shared until it is changed.
#[derive(Debug)]
pub enum Persistent {}

impl<P: Process + Clone> Storage<P> for Persistent {
    type Slots = Vector<Record<P>>;
    type Mailbox = Arrivals<Envelope<P::Message>>;
    type Log = List<Written<P::Text>>;
}

impl<T> Slots<T> for Vec<T> {
    fn new() -> Vec<T> {
        // Most programs have a few processes, and none has only one slot.
        Vec::with_capacity(16)
    }
    fn len(&self) -> usize {
        Vec::len(self)
    }
    #[inline(always)]
    fn get(&self, index: usize) -> Option<&T> {
        <[T]>::get(self, index)
    }
    #[inline(always)]
    fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        <[T]>::get_mut(self, index)
    }
    fn push(&mut self, value: T) {
        Vec::push(self, value);
    }
    fn reset(&mut self, empty: impl FnMut(&mut T)) {
        self.truncate(KEPT_SLOTS);
        self.iter_mut().for_each(empty);
    }
}

/// So many slots are kept when a world begins anew.
const KEPT_SLOTS: usize = 64;

impl<T: Clone> Slots<T> for Vector<T> {
    fn new() -> Vector<T> {
        Vector::new()
    }
    fn len(&self) -> usize {
        Vector::len(self)
    }
    fn get(&self, index: usize) -> Option<&T> {
        Vector::get(self, index)
    }
    fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Vector::get_mut(self, index)
    }
    fn push(&mut self, value: T) {
        self.push_back_mut(value);
    }
    fn reset(&mut self, _empty: impl FnMut(&mut T)) {
        *self = Vector::new();
    }
}

impl<T> Mailbox<T> for VecDeque<T> {
    #[inline]
    fn len(&self) -> usize {
        VecDeque::len(self)
    }
    #[inline(always)]
    fn push(&mut self, value: T) {
        self.push_back(value);
    }
    #[inline]
    fn next_from(&self, position: u64) -> Option<(u64, &T)> {
        let index = usize::try_from(position).ok()?;
        self.get(index).map(|value| (position, value))
    }
    #[inline]
    fn end(&self) -> u64 {
        VecDeque::len(self) as u64
    }
    #[inline(always)]
    fn take(&mut self, position: u64) -> Option<T> {
        if position == 0 { self.pop_front() } else { take_later(self, position) }
    }
    #[inline]
    fn clear(&mut self) {
        VecDeque::clear(self);
    }
}

#[inline(never)]
fn take_later<T>(mailbox: &mut VecDeque<T>, position: u64) -> Option<T> {
    mailbox.remove(usize::try_from(position).ok()?)
}

/// A mailbox that shares its messages with its copies: a persistent tree by the number of the arrival, so that
/// any message can be taken out in logarithmic time.
#[derive(Clone, Debug)]
pub struct Arrivals<T> {
    by_number: RedBlackTreeMap<u64, Rc<T>>,
    next: u64,
}

impl<T> Default for Arrivals<T> {
    fn default() -> Arrivals<T> {
        Arrivals { by_number: RedBlackTreeMap::new(), next: 0 }
    }
}

impl<T> Arrivals<T> {
    /// All of them, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.by_number.values().map(Rc::as_ref)
    }
}

impl<T: Clone> Mailbox<T> for Arrivals<T> {
    fn len(&self) -> usize {
        self.by_number.size()
    }
    fn push(&mut self, value: T) {
        self.by_number.insert_mut(self.next, Rc::new(value));
        self.next += 1;
    }
    fn next_from(&self, position: u64) -> Option<(u64, &T)> {
        let (number, value) =
            if position == 0 { self.by_number.first()? } else { self.by_number.range(position..).next()? };
        Some((*number, value))
    }
    fn end(&self) -> u64 {
        self.next
    }
    fn take(&mut self, position: u64) -> Option<T> {
        let value = Rc::clone(self.by_number.get(&position)?);
        self.by_number.remove_mut(&position);
        if self.by_number.is_empty() {
            self.next = 0;
        }
        Some(Rc::unwrap_or_clone(value))
    }
    fn clear(&mut self) {
        *self = Arrivals::default();
    }
}

impl<T> Log<T> for Vec<T> {
    fn push(&mut self, value: T) {
        Vec::push(self, value);
    }
    fn clear(&mut self) {
        Vec::clear(self);
    }
    fn each<'a>(&'a self, visit: impl FnMut(&'a T))
    where
        T: 'a,
    {
        self.iter().for_each(visit);
    }
}

/// Kept newest first, which is where it grows.
impl<T> Log<T> for List<T> {
    fn push(&mut self, value: T) {
        self.push_front_mut(value);
    }
    fn clear(&mut self) {
        *self = List::new();
    }
    fn each<'a>(&'a self, visit: impl FnMut(&'a T))
    where
        T: 'a,
    {
        let newest_first: Vec<&T> = self.iter().collect();
        newest_first.into_iter().rev().for_each(visit);
    }
}
