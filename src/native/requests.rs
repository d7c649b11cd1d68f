//! What processes have asked for and not been granted yet.

use std::num::NonZeroU32;

use super::Message;
use super::process::Native;
use crate::kernel::{Patience, Request};

/// More slots than this are given back when none is in use.
const LARGE: usize = 4096;

/// A place in [`Requests`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket(NonZeroU32);

/// What a process has asked for in one go. The first request has a place of its own; the others are here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    /// Whether it has asked for anything.
    pub(super) any: bool,
    /// The second request.
    pub(super) second: Option<Ticket>,
    /// The last one, if that is not the first.
    pub(super) last: Option<Ticket>,
}

/// What a process does after all that it has asked for, where that needs no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    /// It waits for a message, however long that takes.
    Receives,
    /// It looks at what messages there are.
    Polls,
}

impl Last {
    /// The patience of the receive that this is, if it is one.
    #[inline(always)]
    pub(super) fn patience(self) -> Option<Patience> {
        match self {
            Last::Nothing => None,
            Last::Receives => Some(Patience::Forever),
            Last::Polls => Some(Patience::Poll),
        }
    }
}

pub(super) struct Slot<M: Message> {
    pub(super) request: Option<Request<Native<M>>>,
    /// The request that the same process made next; for a free slot, the next free one.
    next: Option<Ticket>,
}

/// Requests of all processes, each in a slot that knows the next one of the same process. One growing vector for all
/// of them costs a process nothing while it has none.
pub(super) struct Requests<M: Message> {
    pub(super) slots: Vec<Slot<M>>,
    pub(super) free: Option<Ticket>,
    pub(super) used: usize,
}

impl<M: Message> Requests<M> {
    pub(super) fn new() -> Requests<M> {
        Requests { slots: Vec::with_capacity(16), free: None, used: 0 }
    }

    pub(super) fn slot(&mut self, ticket: Ticket) -> &mut Slot<M> {
        // A ticket is the number of its slot, counted from 1.
        &mut self.slots[ticket.0.get() as usize - 1]
    }

    #[inline(always)]
    pub(super) fn add(&mut self, request: Request<Native<M>>) -> Ticket {
        self.used += 1;
        if let Some(free) = self.free {
            let slot = self.slot(free);
            let next = slot.next.take();
            slot.request = Some(request);
            self.free = next;
            return free;
        }
        self.slots.push(Slot { request: Some(request), next: None });
        // Requests are bounded far below the number of tickets.
        Ticket(NonZeroU32::new(self.slots.len() as u32).unwrap_or(NonZeroU32::MAX))
    }

    pub(super) fn follow(&mut self, ticket: Ticket, next: Ticket) {
        self.slot(ticket).next = Some(next);
    }

    #[inline]
    pub(super) fn remove(
        &mut self,
        ticket: Ticket,
        taken: &mut Option<Request<Native<M>>>,
    ) -> Option<Ticket> {
        let free = self.free;
        let slot = self.slot(ticket);
        put(taken, slot.request.take());
        let next = std::mem::replace(&mut slot.next, free);
        self.free = Some(ticket);
        self.used -= 1;
        if self.used == 0 && self.slots.capacity() > LARGE {
            *self = Requests::new();
        }
        next
    }
}

/// Fills a place that is empty. What it replaces is nothing that would have to be dropped.
#[inline(always)]
pub(super) fn put<T>(place: &mut Option<T>, value: Option<T>) {
    debug_assert!(place.is_none());
    std::mem::forget(std::mem::replace(place, value));
}
