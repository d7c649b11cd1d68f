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
use super::requests::{Last, Ticket, put};
use super::shared::{Accepts, End, Hold, Shared, receive};
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
    /// The last of that, if it is not in the queue.
    last: Last,
    messages: PhantomData<M>,
    accepts: Accepts,
    /// Where it was seen last: the place of the last thing that it has asked for.
    place: &'static Location<'static>,
}

impl<M: Message> Native<M> {
    /// A process that begins at `place`.
    pub(super) fn new(body: Body, place: &'static Location<'static>) -> Native<M> {
        Native {
            body,
            queue: None,
            last: Last::Nothing,
            messages: PhantomData,
            accepts: Accepts::Messages,
            place,
        }
    }

    /// The exit of a process that failed.
    fn crash(&self, report: String) -> Request<Native<M>> {
        let reason = ExitReason::Crash(Rc::from(report.as_str()));
        Request { action: Action::Exit { reason, crash: Some(report.into()) }, place: Some(self.place) }
    }

    /// Whether its receive, which is not one for messages of the program's own, takes whatever comes.
    #[inline(never)]
    fn takes_any(&self) -> Option<bool> {
        match self.accepts {
            Accepts::Messages | Accepts::Anything => Some(true),
            Accepts::Nothing => Some(false),
            Accepts::Asked => None,
        }
    }

    /// Adds the exit of a process that is over.
    #[inline(never)]
    fn finish(&self, shared: &Shared<M>, pid: Pid, end: End) {
        shared.push_last(match end {
            End::Exits(reason) => {
                Request { action: Action::Exit { reason, crash: None }, place: Some(self.place) }
            }
            End::Crashes(report) => {
                self.crash(format!("{report} (process {pid}, last seen at {})", self.place))
            }
        });
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
    type Shared = ();
    type Storage = Plain;

    /// Runs the code up to the next wait and takes what it asked for on the way.
    #[inline(always)]
    fn resume(&mut self, cpu: &mut Cpu<'_, Self>, reply: Reply<Self>, next: &mut Option<Request<Self>>) {
        let shared = &***cpu.environment;
        if let Some(end) = shared.poll(cpu, &mut self.body, self.place, reply) {
            self.finish(shared, cpu.pid, end);
        }
        self.accepts = shared.accepts();
        (self.queue, self.last) = shared.take_asked(next);
        self.place = shared.place();
        let counters = shared.counters();
        cpu.set_counters(counters);
        if next.is_none() {
            // The code is out of steps: the world is about to end.
            put(next, Some(Request { action: Action::Yield, place: Some(self.place) }));
        }
    }

    #[inline(always)]
    fn take_queued(&mut self, shared: &mut Hold<M>, next: &mut Option<Request<Self>>) -> bool {
        if let Some(ticket) = self.queue {
            self.queue = shared.redeem(ticket, next);
            return true;
        }
        let Some(patience) = std::mem::replace(&mut self.last, Last::Nothing).patience() else {
            return false;
        };
        put(next, Some(receive(patience, self.place)));
        true
    }

    #[inline(always)]
    fn takes(&self, message: &Incoming<M>) -> Option<bool> {
        // Most receives are of this kind.
        if self.accepts == Accepts::Messages {
            Some(matches!(message, Incoming::Message(_)))
        } else {
            self.takes_any()
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
                let shared = &***cpu.environment;
                match shared.poll_with_offer(cpu.pid, &mut self.body, mailbox, position as usize) {
                    Ok(Some(found)) => Search::Found(found as u64),
                    Ok(None) => Search::Nothing,
                    Err(report) => Search::Failed(Box::new(self.crash(report))),
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
