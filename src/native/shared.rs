//! What the processes of one world share with the world while one of them runs: the desk across which requests go
//! one way and answers the other.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::Message;
use super::panics::Desk;
use super::process::{Body, Native, Queue};
use super::reason::{ExitReason, Incoming};
use crate::kernel::{Action, Envelope, Pid, Reference, Reply, Request};

/// A process may ask for no more than this without waiting, whatever the limit of steps.
const MOST_REQUESTS: u64 = 1 << 24;

/// Which messages a waiting receive takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accepts {
    /// All of the program's own.
    Messages,
    /// All.
    Anything,
    /// None: it waits for its time to be over.
    Nothing,
    /// The future must be asked.
    Asked,
}

/// The mailbox of a process, while its future looks for the message that it takes.
pub(super) struct Offer<M> {
    pub(super) mailbox: VecDeque<Envelope<Incoming<M>>>,
    /// Where to begin.
    pub(super) position: usize,
    /// Where the first message is that the receive takes.
    pub(super) found: Option<usize>,
}

/// How a poll ended.
pub(super) enum Polled {
    /// The process waits for the answer to its latest request.
    Waits,
    /// It is over.
    Exits(ExitReason),
    /// It failed: why.
    Crashes(String),
}

/// The process asked for more than the steps that are left.
struct OutOfSteps;

/// What processes share with their world.
pub struct Shared<M: Message> {
    /// The process whose code runs.
    running: Cell<Option<Pid>>,
    /// What it has asked for since it began to run.
    requests: RefCell<Box<Queue<M>>>,
    /// Whether the latest of these is one that it waits for.
    waits: Cell<bool>,
    accepts: Cell<Accepts>,
    answer: RefCell<Option<Reply<Native<M>>>>,
    offer: RefCell<Option<Offer<M>>>,
    next_pid: Cell<u32>,
    next_reference: Cell<u64>,
    requests_left: Cell<u64>,
    /// Empty buffers, to be used again.
    #[expect(clippy::vec_box, reason = "a process keeps such a box while it has requests")]
    spare: RefCell<Vec<Box<Queue<M>>>>,
    desk: Arc<Desk>,
    waker: Waker,
}

impl<M: Message> Shared<M> {
    pub(super) fn new() -> Rc<Shared<M>> {
        let desk = Desk::of_this_thread();
        let waker = Waker::from(Arc::clone(&desk));
        Rc::new(Shared {
            running: Cell::new(None),
            requests: RefCell::new(Box::new(Vec::with_capacity(8))),
            waits: Cell::new(false),
            accepts: Cell::new(Accepts::Messages),
            answer: RefCell::new(None),
            offer: RefCell::new(None),
            next_pid: Cell::new(0),
            next_reference: Cell::new(0),
            requests_left: Cell::new(0),
            spare: RefCell::new(Vec::new()),
            desk,
            waker,
        })
    }

    /// Takes a request of a process. Outside its own code it is not heard: the dead do not act.
    #[inline]
    pub(super) fn ask(&self, pid: Pid, action: Action<Native<M>>, place: &'static Location<'static>) {
        if self.running.get() != Some(pid) {
            return self.refuse_stranger(pid, place);
        }
        if self.waits.get() {
            refuse(format!(
                "asked for a second thing at {place} while it waits for a first; a process does one thing at a time, so \
                 waits cannot be joined or selected from (use recv_timeout or recv_match)"
            ));
            return;
        }
        match self.requests_left.get().checked_sub(1) {
            Some(left) => self.requests_left.set(left),
            None => {
                if !std::thread::panicking() {
                    resume_unwind(Box::new(OutOfSteps));
                }
                return;
            }
        }
        self.requests.borrow_mut().push(Request { action, place: Some(place) });
    }

    /// Takes a request that the process then waits for.
    #[inline]
    pub(super) fn ask_and_wait(
        &self,
        pid: Pid,
        action: Action<Native<M>>,
        accepts: Accepts,
        place: &'static Location<'static>,
    ) {
        self.ask(pid, action, place);
        self.waits.set(true);
        self.accepts.set(accepts);
    }

    #[cold]
    fn refuse_stranger(&self, pid: Pid, place: &'static Location<'static>) {
        if let Some(running) = self.running.get() {
            refuse(format!(
                "{running} used the Ctx of {pid} at {place}; processes share nothing, so each uses the Ctx that it was given"
            ));
        }
    }

    /// Fails unless it is the world that polls: an executor inside a process would wait forever.
    #[inline]
    pub(super) fn check_waker(&self, waker: &Waker, place: &'static Location<'static>) {
        if !waker.will_wake(&self.waker) {
            refuse(format!(
                "what was asked for at {place} is polled by an executor of its own (block_on, say), which would block the \
                 process on itself; await it directly"
            ));
        }
    }

    pub(super) fn take_answer(&self) -> Option<Reply<Native<M>>> {
        self.answer.borrow_mut().take()
    }

    pub(super) fn with_offer<R>(&self, look: impl FnOnce(&mut Offer<M>) -> R) -> Option<R> {
        self.offer.borrow_mut().as_mut().map(look)
    }

    pub(super) fn reserve_pid(&self) -> Pid {
        let number = self.next_pid.get();
        self.next_pid.set(number.saturating_add(1));
        Pid::from_number(number)
    }

    pub(super) fn make_reference(&self) -> Reference {
        let number = self.next_reference.get();
        self.next_reference.set(number + 1);
        Reference::from_number(number)
    }

    /// Sets what the process may use up: pids and references from here on, and so many requests.
    #[inline]
    pub(super) fn provide(&self, (pid, reference): (u32, u64), steps_left: u64) {
        self.next_pid.set(pid);
        self.next_reference.set(reference);
        self.requests_left.set(steps_left.min(MOST_REQUESTS));
    }

    /// The pids and references that are left.
    #[inline]
    pub(super) fn counters(&self) -> (u32, u64) {
        (self.next_pid.get(), self.next_reference.get())
    }

    /// Runs the code of a process until it waits or ends.
    #[inline]
    pub(super) fn poll(&self, pid: Pid, body: &mut Body, answer: Reply<Native<M>>) -> Polled {
        *self.answer.borrow_mut() = match answer {
            Reply::Start => None,
            answer => Some(answer),
        };
        self.waits.set(false);
        let polls_before = self.requests_left.get();
        loop {
            match self.poll_once(pid, body) {
                Ok(Poll::Ready(reason)) => return Polled::Exits(reason),
                Err(panic) if panic.is::<OutOfSteps>() && polls_before < MOST_REQUESTS => return Polled::Waits,
                Err(panic) if panic.is::<OutOfSteps>() => {
                    return Polled::Crashes(format!("asked for {MOST_REQUESTS} things without ever waiting"));
                }
                Err(panic) => return Polled::Crashes(self.report(panic.as_ref())),
                Ok(Poll::Pending) if self.answer.borrow_mut().take().is_some() => {
                    return Polled::Crashes(
                        "dropped a wait before it was answered; a process does one thing at a time, so waits cannot be \
                         joined or selected from (use recv_timeout or recv_match)"
                            .to_owned(),
                    );
                }
                Ok(Poll::Pending) if self.waits.get() => return Polled::Waits,
                Ok(Poll::Pending) => {
                    // A future that only wants to be polled again may have its way, for as long as there are steps.
                    let left = self.requests_left.get();
                    if !self.desk.take_woken() || left == 0 {
                        return Polled::Crashes(
                            "awaits something that is not of this world (a timer or a channel of another runtime, say), \
                             which nobody here will ever complete; use the methods of Ctx"
                                .to_owned(),
                        );
                    }
                    self.requests_left.set(left - 1);
                }
            }
        }
    }

    /// Lets a waiting process look at messages.
    pub(super) fn poll_with_offer(
        &self,
        pid: Pid,
        body: &mut Body,
        offer: Offer<M>,
    ) -> (Option<Offer<M>>, Result<(), String>) {
        *self.offer.borrow_mut() = Some(offer);
        let polled = self.poll_once(pid, body);
        let offer = self.offer.borrow_mut().take();
        let result = match polled {
            Ok(_) => Ok(()),
            Err(panic) => Err(self.report(panic.as_ref())),
        };
        (offer, result)
    }

    #[inline]
    fn poll_once(&self, pid: Pid, body: &mut Body) -> Result<Poll<ExitReason>, Box<dyn Any + Send>> {
        let ran_before = self.running.replace(Some(pid));
        let polled_before = self.desk.set_polling(true);
        let mut context = Context::from_waker(&self.waker);
        let result = catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(&mut context)));
        self.desk.set_polling(polled_before);
        self.running.set(ran_before);
        result
    }

    /// What goes to the crash log after a panic.
    fn report(&self, panic: &(dyn Any + Send)) -> String {
        if let Some(refused) = panic.downcast_ref::<Refused>() {
            return refused.0.clone();
        }
        // Without our hook (the program may have set one of its own) the place is not known.
        self.desk.take_report().unwrap_or_else(|| {
            let message = panic
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("a panic without a message");
            format!("panicked: {message}")
        })
    }

    /// What the process has asked for, oldest first.
    pub(super) fn take_requests(&self) -> Box<Queue<M>> {
        let empty = self.spare.borrow_mut().pop().unwrap_or_default();
        std::mem::replace(&mut *self.requests.borrow_mut(), empty)
    }

    /// The one thing that the process has asked for, if it is one.
    #[inline]
    pub(super) fn take_single_request(&self) -> Option<Request<Native<M>>> {
        let mut requests = self.requests.borrow_mut();
        if requests.len() == 1 { requests.pop() } else { None }
    }

    /// Gives an empty buffer back.
    #[inline]
    pub(super) fn recycle(&self, buffer: Box<Queue<M>>) {
        debug_assert!(buffer.is_empty());
        if buffer.capacity() <= 1024 {
            self.spare.borrow_mut().push(buffer);
        }
    }

    pub(super) fn accepts(&self) -> Accepts {
        self.accepts.get()
    }
}

/// Why a process is ended by the library itself.
struct Refused(String);

/// Ends the process that runs, without calling the panic hook.
fn refuse(message: String) {
    if !std::thread::panicking() {
        resume_unwind(Box::new(Refused(message)));
    }
}
