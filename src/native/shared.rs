//! What the processes of one world share with the world while one of them runs: the desk across which requests go
//! one way and answers the other.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::Message;
use super::panics::{Desk, NO_MESSAGE};
use super::process::{Body, Native};
use super::reason::{ExitReason, Incoming, IntoExit};
use super::requests::{Asked, Last, Requests, Ticket, put};
use crate::kernel::{Action, Cpu, Envelope, Name, Patience, Pid, Reference, Reply, Request};

/// A process may ask for no more than this without waiting, whatever the limit of steps.
const MOST_REQUESTS: u64 = 1 << 24;

/// So many labels are looked through for equal ones.
const MOST_LABELS: usize = 16;

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
    /// Empty when there is no offer.
    pub(super) mailbox: VecDeque<Envelope<Incoming<M>>>,
    /// Where to begin.
    pub(super) position: usize,
    /// Where the first message is that the receive takes.
    pub(super) found: Option<usize>,
}

/// A world's own hold on what its processes share. When the world lets go of it, what was asked for and never granted is
/// forgotten: there may be processes among it, which hold on to it in turn.
pub struct Hold<M: Message>(pub(super) Rc<Shared<M>>);

impl<M: Message> Deref for Hold<M> {
    type Target = Rc<Shared<M>>;

    fn deref(&self) -> &Rc<Shared<M>> {
        &self.0
    }
}

impl<M: Message> Drop for Hold<M> {
    fn drop(&mut self) {
        self.0.forget_requests();
    }
}

/// How a poll ended, unless the process waits for the answer to its latest request.
pub(super) enum End {
    /// It is over.
    Exits(ExitReason),
    /// It failed: why.
    Crashes(String),
}

/// What a poll returned, or with what it panicked.
type Caught = Result<Poll<ExitReason>, Box<dyn Any + Send>>;

/// The process asked for more than the steps that are left.
struct OutOfSteps;

/// What processes share with their world.
pub struct Shared<M: Message> {
    /// The process whose code runs.
    running: Cell<Option<Pid>>,
    /// What all processes have asked for and not been granted yet.
    requests: RefCell<Requests<M>>,
    /// What the one that runs has asked for since it began to.
    asked: Cell<Asked>,
    /// The first of these.
    first: Cell<Option<Request<Native<M>>>>,
    /// The place of the latest.
    place: Cell<&'static Location<'static>>,
    /// Whether it waits for the latest.
    waits: Cell<bool>,
    /// The receive in which it waits, if it does: this comes after all that it has asked for.
    receive: Cell<Option<Patience>>,
    accepts: Cell<Accepts>,
    /// The answer to the latest request that was waited for, if it is a message.
    message: Cell<Option<Incoming<M>>>,
    /// That answer, if it is no message; [`Reply::Start`] when there is none.
    answer: Cell<Reply<Native<M>>>,
    /// Whether that is an answer, and nobody has taken it.
    untaken: Cell<bool>,
    offer: RefCell<Offer<M>>,
    /// Whether there is one.
    offers: Cell<bool>,
    next_pid: Cell<u32>,
    next_reference: Cell<u64>,
    requests_left: Cell<u64>,
    /// The labels in use, so that equal ones are one.
    labels: RefCell<Vec<Name>>,
    desk: Arc<Desk>,
    waker: Waker,
}

impl<M: Message> Shared<M> {
    pub(super) fn new() -> Rc<Shared<M>> {
        let desk = Desk::of_this_thread();
        let waker = Waker::from(Arc::clone(&desk));
        Rc::new(Shared {
            running: Cell::new(None),
            requests: RefCell::new(Requests::new()),
            asked: Cell::new(Asked::default()),
            first: Cell::new(None),
            place: Cell::new(Location::caller()),
            waits: Cell::new(false),
            receive: Cell::new(None),
            accepts: Cell::new(Accepts::Messages),
            message: Cell::new(None),
            answer: Cell::new(Reply::Start),
            untaken: Cell::new(false),
            offer: RefCell::new(Offer { mailbox: VecDeque::new(), position: 0, found: None }),
            offers: Cell::new(false),
            next_pid: Cell::new(0),
            next_reference: Cell::new(0),
            requests_left: Cell::new(0),
            labels: RefCell::new(Vec::new()),
            desk,
            waker,
        })
    }

    /// Whether a process may ask for something now. Outside its own code it is not heard: the dead do not act.
    #[inline(always)]
    fn may_ask(&self, pid: Pid, place: &'static Location<'static>) -> bool {
        let left = self.requests_left.get();
        if self.running.get() == Some(pid) && !self.waits.get() && left > 0 {
            self.requests_left.set(left - 1);
            return true;
        }
        self.refuse_to_listen(pid, place);
        false
    }

    #[cold]
    #[inline(never)]
    fn refuse_to_listen(&self, pid: Pid, place: &'static Location<'static>) {
        if self.running.get() != Some(pid) {
            self.refuse_stranger(pid, place);
        } else if self.waits.get() {
            refuse_second(place);
        } else if !std::thread::panicking() {
            resume_unwind(Box::new(OutOfSteps));
        }
    }

    /// Takes a request of a process. It is made where it is to stand.
    #[inline(always)]
    pub(super) fn ask(
        &self,
        pid: Pid,
        place: &'static Location<'static>,
        make: impl FnOnce() -> Action<Native<M>>,
    ) {
        if !self.may_ask(pid, place) {
            return;
        }
        self.place.set(place);
        if self.asked.get().any {
            self.push_more(Request { action: make(), place: Some(place) });
        } else {
            self.push_first(Request { action: make(), place: Some(place) });
        }
    }

    /// Takes a request that the process then waits for.
    pub(super) fn ask_and_wait(
        &self,
        pid: Pid,
        action: Action<Native<M>>,
        place: &'static Location<'static>,
    ) {
        self.ask(pid, place, || action);
        self.waits.set(true);
        self.accepts.set(Accepts::Nothing);
    }

    /// Takes the wish of a process to wait for a message.
    #[inline(always)]
    pub(super) fn wait(
        &self,
        pid: Pid,
        patience: Patience,
        accepts: Accepts,
        place: &'static Location<'static>,
    ) {
        if self.may_ask(pid, place) {
            self.place.set(place);
            self.receive.set(Some(patience));
            self.waits.set(true);
            self.accepts.set(accepts);
        }
    }

    fn refuse_stranger(&self, pid: Pid, place: &'static Location<'static>) {
        let Some(running) = self.running.get() else { return };
        if running == Pid::SYSTEM {
            refuse(format!(
                "{pid} used its Ctx at {place} before it began; only what is inside of the async block is its own doing"
            ));
        } else {
            refuse(format!(
                "{running} used the Ctx of {pid} at {place}; processes share nothing, so each uses the Ctx that it was given"
            ));
        }
    }

    /// Calls the function that makes the main process. What goes wrong there goes wrong in the process.
    pub(super) fn prepare<F>(&self, make: impl FnOnce() -> F) -> Body
    where
        F: Future<Output: IntoExit> + 'static,
    {
        let ran_before = self.running.replace(Some(Pid::SYSTEM));
        let polled_before = self.desk.set_polling(true);
        let made = catch_unwind(AssertUnwindSafe(make));
        self.desk.set_polling(polled_before);
        self.running.set(ran_before);
        match made {
            Ok(future) => Box::pin(async move { future.await.into_exit() }),
            Err(panic) => {
                let report = self.report(panic.as_ref());
                Box::pin(async move { resume_unwind(Box::new(Refused(report))) })
            }
        }
    }

    /// Fails unless it is the world that polls: an executor inside a process would wait forever.
    #[inline]
    pub(super) fn check_waker(&self, waker: &Waker, place: &'static Location<'static>) {
        if !waker.will_wake(&self.waker) {
            self.refuse_executor(place);
        }
    }

    #[cold]
    fn refuse_executor(&self, place: &'static Location<'static>) {
        assert!(
            self.running.get().is_some(),
            "a Ctx was used at {place}, outside of its process: nobody will ever answer what is awaited there"
        );
        refuse(format!(
            "what was asked for at {place} is polled by an executor of its own (block_on, say), which would block the \
             process on itself; await it directly"
        ));
    }

    /// The answer to what was waited for; [`Reply::Start`] if there is none.
    #[inline]
    pub(super) fn take_answer(&self) -> Reply<Native<M>> {
        self.untaken.set(false);
        match self.message.take() {
            Some(message) => Reply::Message(message),
            None => self.answer.replace(Reply::Start),
        }
    }

    /// The message that was waited for, if that is the answer.
    #[inline(always)]
    pub(super) fn take_message(&self) -> Option<Incoming<M>> {
        let message = self.message.take();
        if message.is_some() {
            self.untaken.set(false);
        }
        message
    }

    /// Lets a receive look at the mailbox, if that is what it is polled for.
    #[inline(always)]
    pub(super) fn with_offer(&self, look: impl FnOnce(&mut Offer<M>)) -> bool {
        let offers = self.offers.get();
        if offers {
            look(&mut self.offer.borrow_mut());
        }
        offers
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
    #[inline(always)]
    fn provide(&self, (pid, reference): (u32, u64), steps_left: u64) {
        self.next_pid.set(pid);
        self.next_reference.set(reference);
        self.requests_left.set(steps_left.min(MOST_REQUESTS));
    }

    /// The pids and references that are left.
    #[inline(always)]
    pub(super) fn counters(&self) -> (u32, u64) {
        (self.next_pid.get(), self.next_reference.get())
    }

    /// The place of the latest request.
    #[inline(always)]
    pub(super) fn place(&self) -> &'static Location<'static> {
        self.place.get()
    }

    /// Runs the code of a process, which was last seen at `place`, until it waits or ends.
    #[inline(always)]
    pub(super) fn poll(
        &self,
        cpu: &Cpu<'_, Native<M>>,
        body: &mut Body,
        place: &'static Location<'static>,
        answer: Reply<Native<M>>,
    ) -> Option<End> {
        self.provide(cpu.counters(), cpu.steps_left);
        self.place.set(place);
        if self.untaken.get() {
            // A process that ended without looking at its answer has left it.
            drop(self.take_answer());
        }
        self.untaken.set(!matches!(answer, Reply::Start));
        // What is replaced is no answer: there is nothing to be dropped.
        if let Reply::Message(message) = answer {
            std::mem::forget(self.message.replace(Some(message)));
        } else {
            std::mem::forget(self.answer.replace(answer));
        }
        self.waits.set(false);
        let polled = self.poll_once(cpu.pid, body);
        if matches!(polled, Ok(Poll::Pending)) && self.waits.get() && !self.untaken.get() {
            // There is nothing in it that would have to be dropped.
            std::mem::forget(polled);
            return None;
        }
        self.poll_on(cpu.pid, cpu.steps_left, body, polled)
    }

    /// What comes of a poll; it may be polled again.
    #[inline(never)]
    fn poll_on(&self, pid: Pid, steps_left: u64, body: &mut Body, polled: Caught) -> Option<End> {
        let provided = steps_left.min(MOST_REQUESTS);
        let mut polled = polled;
        loop {
            match polled {
                Ok(Poll::Ready(_)) if self.waits.get() => return Some(End::Crashes(DROPPED_WAIT.to_owned())),
                Ok(Poll::Ready(reason)) => return Some(End::Exits(reason)),
                Ok(Poll::Pending) if self.waits.get() && !self.untaken.get() => return None,
                Err(panic) if panic.is::<OutOfSteps>() => return self.out_of_steps(provided),
                Err(panic) => return Some(End::Crashes(self.report(panic.as_ref()))),
                Ok(Poll::Pending) if self.untaken.get() => {
                    drop(self.take_answer());
                    return Some(End::Crashes(DROPPED_WAIT.to_owned()));
                }
                // A future that wakes itself lets others come in between, and is polled again.
                Ok(Poll::Pending) if self.desk.take_woken() => {
                    match self.requests_left.get().checked_sub(1) {
                        Some(left) => {
                            self.requests_left.set(left);
                            self.push(Request { action: Action::Yield, place: None });
                        }
                        None => return self.out_of_steps(provided),
                    }
                }
                Ok(Poll::Pending) => {
                    return Some(End::Crashes(
                        "awaits something that is not of this world (a timer or a channel of another runtime, say), \
                         which nobody here will ever complete; use the methods of Ctx"
                            .to_owned(),
                    ));
                }
            }
            polled = self.poll_once(pid, body);
        }
    }

    /// What becomes of a process that has asked for all that it may ask for. `provided` is how much that was.
    #[cold]
    fn out_of_steps(&self, provided: u64) -> Option<End> {
        // Otherwise the world is at its end when it has granted all that.
        (provided >= MOST_REQUESTS)
            .then(|| End::Crashes(format!("asked for {MOST_REQUESTS} things without ever waiting")))
    }

    /// Lets a waiting process look at the messages of its mailbox, from `position` on. Returns where the first one is that
    /// it takes.
    pub(super) fn poll_with_offer(
        &self,
        pid: Pid,
        body: &mut Body,
        mailbox: &mut VecDeque<Envelope<Incoming<M>>>,
        position: usize,
    ) -> Result<Option<usize>, String> {
        let mut offer = self.offer.borrow_mut();
        std::mem::swap(&mut offer.mailbox, mailbox);
        (offer.position, offer.found) = (position, None);
        drop(offer);
        self.offers.set(true);
        // Whoever looks at messages is waiting, and can ask for nothing else.
        self.waits.set(true);
        let polled = self.poll_once(pid, body);
        self.offers.set(false);
        let mut offer = self.offer.borrow_mut();
        std::mem::swap(&mut offer.mailbox, mailbox);
        let found = offer.found;
        drop(offer);
        match polled {
            Ok(Poll::Pending | Poll::Ready(_)) => Ok(found),
            Err(panic) => Err(self.report(panic.as_ref())),
        }
    }

    #[inline(always)]
    fn poll_once(&self, pid: Pid, body: &mut Body) -> Caught {
        self.running.set(Some(pid));
        let polled_before = self.desk.set_polling(true);
        let mut context = Context::from_waker(&self.waker);
        let result = catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(&mut context)));
        self.desk.set_polling(polled_before);
        self.running.set(None);
        result
    }

    /// What goes to the crash log after a panic.
    fn report(&self, panic: &(dyn Any + Send)) -> String {
        if let Some(refused) = panic.downcast_ref::<Refused>() {
            return refused.0.clone();
        }
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or(NO_MESSAGE);
        // The place is known if the hook was called for this panic, and not for one that the program caught. It is not
        // known if the program has a hook of its own.
        let report = self.desk.take_report().filter(|report| report.ends_with(message));
        report.unwrap_or_else(|| format!("panicked: {message}"))
    }

    /// Adds the last thing that the process will ever ask for. It takes the place of what the process waits for, if it
    /// does: nobody is there any more to be answered.
    pub(super) fn push_last(&self, request: Request<Native<M>>) {
        let receives = self.receive.take().is_some();
        let asked = self.asked.get();
        if !asked.any || !self.waits.get() || receives {
            return self.push(request);
        }
        match asked.last {
            Some(last) => self.requests.borrow_mut().slot(last).request = Some(request),
            None => self.first.set(Some(request)),
        }
    }

    /// Forgets what was asked for and never granted.
    pub(super) fn forget_requests(&self) {
        let mut requests = self.requests.borrow_mut();
        if requests.used == 0 {
            return;
        }
        let mut slots = std::mem::take(&mut requests.slots);
        *requests = Requests { slots: Vec::new(), free: None, used: 0 };
        // What is forgotten may be a process, whose end may do anything, such as asking for more in vain.
        drop(requests);
        slots.clear();
        self.requests.borrow_mut().slots = slots;
    }

    /// Adds to what the process that runs has asked for.
    fn push(&self, request: Request<Native<M>>) {
        if self.asked.get().any {
            self.push_more(request);
        } else {
            self.push_first(request);
        }
    }

    #[inline(always)]
    fn push_first(&self, request: Request<Native<M>>) {
        self.asked.set(Asked { any: true, second: None, last: None });
        // Whoever has not asked for anything has left nothing there.
        std::mem::forget(self.first.replace(Some(request)));
    }

    #[inline(never)]
    fn push_more(&self, request: Request<Native<M>>) {
        let mut requests = self.requests.borrow_mut();
        let added = requests.add(request);
        let mut asked = self.asked.get();
        match asked.last {
            Some(last) => requests.follow(last, added),
            None => asked.second = Some(added),
        }
        asked.last = Some(added);
        self.asked.set(asked);
    }

    /// Moves the first thing that the process has asked for to `next`, which is empty. Returns the second, and the look at
    /// the mailbox that comes after all others.
    #[inline(always)]
    pub(super) fn take_asked(&self, next: &mut Option<Request<Native<M>>>) -> (Option<Ticket>, Last) {
        let patience = self.receive.take();
        if !self.asked.get().any {
            put(next, patience.map(|patience| receive(patience, self.place.get())));
            return (None, Last::Nothing);
        }
        let last = match patience {
            None => Last::Nothing,
            Some(Patience::Forever) => Last::Receives,
            Some(Patience::Poll) => Last::Polls,
            Some(patience @ Patience::Within(_)) => {
                self.push_more(receive(patience, self.place.get()));
                Last::Nothing
            }
        };
        put(next, self.first.take());
        (self.asked.take().second, last)
    }

    /// Moves a request to `next`, which is empty, and returns the one that follows it.
    #[inline]
    pub(super) fn redeem(&self, ticket: Ticket, next: &mut Option<Request<Native<M>>>) -> Option<Ticket> {
        self.requests.borrow_mut().remove(ticket, next)
    }

    /// A label, the same one for the same text.
    pub(super) fn intern(&self, text: &str) -> Name {
        let mut labels = self.labels.borrow_mut();
        if let Some(known) = labels.iter().find(|label| label.as_str() == text) {
            return known.clone();
        }
        let label = Name::from(text);
        if labels.len() < MOST_LABELS {
            labels.push(label.clone());
        }
        label
    }

    pub(super) fn accepts(&self) -> Accepts {
        self.accepts.get()
    }
}

/// The request for a message.
#[inline(always)]
pub(super) fn receive<M: Message>(
    patience: Patience,
    place: &'static Location<'static>,
) -> Request<Native<M>> {
    Request { action: Action::Receive { patience }, place: Some(place) }
}

const DROPPED_WAIT: &str = "dropped a wait before it was answered; a process does one thing at a time, so waits cannot \
                            be joined or selected from (use recv_timeout or recv_match)";

/// Why a process is ended by the library itself.
struct Refused(String);

fn refuse_second(place: &'static Location<'static>) {
    refuse(format!(
        "asked for a second thing at {place} while it waits for a first; a process does one thing at a time, so waits \
         cannot be joined or selected from (use recv_timeout or recv_match)"
    ));
}

/// Ends the process that runs, without calling the panic hook.
fn refuse(message: String) {
    if !std::thread::panicking() {
        resume_unwind(Box::new(Refused(message)));
    }
}
