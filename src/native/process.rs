//! A process in Rust: a future, and what it has asked for but not been granted yet.
//!
//! Only what really waits is `async`: a send is a plain call. The future therefore runs ahead of the world: from
//! one wait to the next it asks for any number of things, which queue up here, and the world performs them one by one, each as
//! a step that others can come between. Nobody can tell the difference, since the code between two actions is
//! invisible to everyone else.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;

use super::Message;
use super::reason::{Exit, ExitReason, Incoming};
use super::requests::Ticket;
use super::shared::{Accepts, Hold, Offer, Polled, Shared, Wish};
use crate::kernel::{
    Action, Cpu, Down, Envelope, Pid, Plain, Process, Reference, Reply, Request, Search, search_messages,
};

/// The code of a process.
pub(super) type Body = Pin<Box<dyn Future<Output = ExitReason>>>;

/// A process in Rust.
pub struct Native<M: Message> {
    body: Body,
    /// What it has asked for and not been granted yet.
    queue: Option<Ticket>,
    messages: PhantomData<M>,
    accepts: Accepts,
    place: &'static Location<'static>,
}

impl<M: Message> Native<M> {
    /// A process that begins at `place`.
    pub(super) fn new(body: Body, place: &'static Location<'static>) -> Native<M> {
        Native { body, queue: None, messages: PhantomData, accepts: Accepts::Messages, place }
    }

    /// The exit of a process that failed.
    fn crash(&self, report: String) -> Request<Native<M>> {
        let reason = ExitReason::Crash(Rc::from(report.as_str()));
        Request { action: Action::Exit { reason, crash: Some(report.into()) }, place: Some(self.place) }
    }

    /// Runs the code up to the next wait and takes what it asked for on the way.
    fn advance(
        &mut self,
        cpu: &mut Cpu<'_, Native<M>>,
        reply: Reply<Native<M>>,
        next: &mut Option<Request<Native<M>>>,
    ) {
        let counters = cpu.counters();
        let shared = &***cpu.environment;
        shared.provide(counters, cpu.steps_left);
        let polled = shared.poll(cpu.pid, &mut self.body, reply);
        let counters = shared.counters();
        self.accepts = shared.accepts();
        match polled {
            Polled::Waits => {}
            Polled::Exits(reason) => {
                let action = Action::Exit { reason, crash: None };
                shared.push_last(Request { action, place: Some(self.place) });
            }
            Polled::Crashes(report) => {
                let report = format!("{report} (process {}, last seen at {})", cpu.pid, self.place);
                shared.push_last(self.crash(report));
            }
        }
        let wish = shared.take_asked();
        cpu.set_counters(counters);
        match wish {
            Wish::Request(request) => {
                self.place = request.place.unwrap_or(self.place);
                *next = Some(request);
            }
            Wish::Queued(Some(ticket)) => self.redeem(cpu.environment, ticket, next),
            // Without a request the code is out of steps: the world is about to end.
            Wish::Queued(None) => *next = Some(Request { action: Action::Yield, place: Some(self.place) }),
        }
    }

    /// Takes the oldest thing that it has asked for.
    #[inline]
    fn redeem(&mut self, shared: &Shared<M>, ticket: Ticket, next: &mut Option<Request<Native<M>>>) {
        self.queue = shared.redeem(ticket, next);
        if let Some(Request { place: Some(place), .. }) = next {
            self.place = place;
        }
    }
}

/// The code that goes with a process may fail at its own end. Nobody is there to be told: the process is dead, or its
/// world is over.
impl<M: Message> Drop for Native<M> {
    fn drop(&mut self) {
        let body = std::mem::replace(&mut self.body, Box::pin(std::future::pending()));
        let _failed = catch_unwind(AssertUnwindSafe(|| drop(body)));
    }
}

impl<M: Message> Process for Native<M> {
    type Message = Incoming<M>;
    type Reason = ExitReason;
    type Text = String;
    type Place = &'static Location<'static>;
    type Environment = Hold<M>;
    type Storage = Plain;

    #[inline]
    fn resume(&mut self, cpu: &mut Cpu<'_, Self>, reply: Reply<Self>, next: &mut Option<Request<Self>>) {
        self.advance(cpu, reply, next);
    }

    #[inline]
    fn take_queued(&mut self, shared: &mut Hold<M>, next: &mut Option<Request<Self>>) -> bool {
        match self.queue {
            Some(ticket) => {
                self.redeem(shared, ticket, next);
                true
            }
            None => false,
        }
    }

    #[inline(always)]
    fn takes(&self, message: &Incoming<M>) -> Option<bool> {
        match self.accepts {
            Accepts::Anything => Some(true),
            Accepts::Messages => Some(matches!(message, Incoming::Message(_))),
            Accepts::Nothing => Some(false),
            Accepts::Asked => None,
        }
    }

    #[inline]
    fn search(
        &mut self,
        cpu: &mut Cpu<'_, Self>,
        mailbox: &mut VecDeque<Envelope<Incoming<M>>>,
        position: u64,
    ) -> Search<Self> {
        match self.accepts {
            Accepts::Anything => search_messages(mailbox, position, |_| true),
            Accepts::Messages => {
                search_messages(mailbox, position, |message| matches!(message, Incoming::Message(_)))
            }
            Accepts::Nothing => Search::Nothing,
            Accepts::Asked => {
                let offer =
                    Offer { mailbox: std::mem::take(mailbox), position: position as usize, found: None };
                let shared = Rc::clone(&**cpu.environment);
                let (offer, result) = shared.poll_with_offer(cpu.pid, &mut self.body, offer);
                let found = offer.and_then(|offer| {
                    *mailbox = offer.mailbox;
                    offer.found
                });
                match (result, found) {
                    (Err(report), _) => Search::Failed(Box::new(self.crash(report))),
                    (Ok(()), Some(found)) => Search::Found(found as u64),
                    (Ok(()), None) => Search::Nothing,
                }
            }
        }
    }

    fn exit_message(from: Pid, reason: &ExitReason) -> Incoming<M> {
        Incoming::Exit(Box::new(Exit { from, reason: reason.clone() }))
    }

    fn down_message(down: Down<ExitReason>) -> Incoming<M> {
        Incoming::Down(Box::new(down))
    }

    fn is_down(message: &Incoming<M>, wanted: Reference) -> bool {
        matches!(message, Incoming::Down(down) if down.reference == wanted)
    }

    fn show_message(message: &Incoming<M>) -> String {
        match message {
            Incoming::Message(message) => format!("{message:?}"),
            Incoming::Exit(exit) => format!("Exit({}, {})", exit.from, exit.reason),
            Incoming::Down(down) => format!("Down({}, {})", down.target, down.reason),
        }
    }
}
