//! What a process in Rust can do.

use std::any::type_name;
use std::hash::Hash;
use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use super::Message;
use super::history::{History, write_value};
use super::process::Native;
use super::reason::{ExitReason, Incoming, IntoExit, Never};
use super::shared::{Accepts, Shared};
use super::wait::{Answer, Receive};
use crate::kernel::{
    Action, Bond, Destination, Device, Name, Nanoseconds, Patience, Pid, ProcessInfo, Reference, Refusal,
    Reply, Spawn, StartTimer,
};

/// The handle through which a process acts on its world. Each process is given its own.
///
/// What does not wait is a plain method: the call returns at once, and the action becomes a step of its own that
/// others can come before. What waits, or must know the state of the world, is `async`.
///
/// A process does one thing at a time: its waits cannot be joined or selected from, and nothing that is not
/// of this world (timers, channels, I/O of another runtime) can be awaited. A process that tries is ended, and
/// reported as crashed.
pub struct Ctx<M: Message> {
    pub(super) shared: Rc<Shared<M>>,
    pub(super) pid: Pid,
}

type Place = &'static Location<'static>;

fn nanoseconds(duration: Duration) -> Nanoseconds {
    Nanoseconds::try_from(duration.as_nanos()).unwrap_or(Nanoseconds::MAX)
}

fn patience(duration: Duration) -> Patience {
    match nanoseconds(duration) {
        0 => Patience::Poll,
        span => Patience::Within(span),
    }
}

impl<M: Message> Ctx<M> {
    pub(super) fn new(shared: Rc<Shared<M>>, pid: Pid) -> Ctx<M> {
        Ctx { shared, pid }
    }

    #[inline]
    fn ask(&self, action: Action<Native<M>>, place: Place) {
        self.shared.ask(self.pid, place, || action);
    }

    fn answer<T>(
        &self,
        action: Action<Native<M>>,
        place: Place,
        read: fn(Reply<Native<M>>) -> Option<T>,
    ) -> Answer<'_, M, T> {
        Answer { ctx: self, action: Some(action), place, read }
    }

    #[inline]
    fn receive<F, T, R>(
        &self,
        patience: Patience,
        accepts: Accepts,
        takes: F,
        read: R,
        place: Place,
    ) -> Receive<'_, M, F, R>
    where
        F: FnMut(&Incoming<M>) -> bool,
        R: Fn(Option<Incoming<M>>) -> Option<T>,
    {
        Receive { ctx: self, patience, accepts, takes, read, place, asked: false }
    }

    /// The pid of this process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// A reference that nobody else has.
    #[must_use]
    pub fn make_reference(&self) -> Reference {
        self.shared.make_reference()
    }

    // --- starting processes ---

    fn start<F, Fut>(&self, label: Option<Name>, bond: Bond, code: F, place: Place) -> Pid
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        // What is not known of the code follows from what the parent has gone through.
        let history = self.shared.history_of_child(|into| {
            into.bytes(type_name::<F>().as_bytes());
            self.shared.write_history(into);
        });
        self.begin(label, bond, code, place, history)
    }

    fn start_fn<F, A, Fut>(
        &self,
        label: Option<Name>,
        bond: Bond,
        (code, arguments): (F, A),
        place: Place,
    ) -> Pid
    where
        F: Fn(Ctx<M>, A) -> Fut + 'static,
        A: Hash + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        const {
            assert!(
                size_of::<F>() == 0,
                "spawn_fn takes a function that captures nothing: give it what it needs as arguments"
            )
        };
        let history = self.shared.history_of_child(|into| {
            into.bytes(type_name::<F>().as_bytes());
            write_value(&arguments, into);
        });
        self.begin(label, bond, move |ctx| code(ctx, arguments), place, history)
    }

    fn begin<F, Fut>(
        &self,
        label: Option<Name>,
        bond: Bond,
        code: F,
        place: Place,
        history: Option<Box<History>>,
    ) -> Pid
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        let child = self.shared.reserve_pid();
        let ctx = Ctx::new(Rc::clone(&self.shared), child);
        let body = Native::new(Box::pin(async move { code(ctx).await.into_exit() }), place, history);
        let spawn = Box::new(Spawn { child: Some(child), body, bond, label });
        self.shared.ask(self.pid, place, || Action::Spawn(spawn));
        child
    }

    /// Starts a process.
    #[track_caller]
    pub fn spawn<F, Fut>(&self, code: F) -> Pid
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.start(None, Bond::None, code, Location::caller())
    }

    /// Starts a process that is known by its code and its arguments: the function captures nothing. In a [search through every
    /// ordering](crate::explore::check) such processes can be told to be alike, whoever started them and when.
    ///
    /// A function that captures something does not compile here.
    #[track_caller]
    pub fn spawn_fn<F, A, Fut>(&self, code: F, arguments: A) -> Pid
    where
        F: Fn(Ctx<M>, A) -> Fut + 'static,
        A: Hash + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.start_fn(None, Bond::None, (code, arguments), Location::caller())
    }

    /// Promises that all that this process does from here on depends on nothing but this state, and on what it is told after this. In a [search
    /// through every ordering](crate::explore::check), processes that have come to the same state by different ways are then the same: a server that
    /// says so at the head of its loop is searched as quickly as one that can be looked into. Elsewhere it means nothing.
    ///
    /// It is a promise: where it is broken, the search leaves out what it should not.
    #[track_caller]
    pub fn checkpoint(&self, state: &impl Hash) {
        let place = Location::caller();
        self.shared.cut_history(self.pid, |into| {
            into.bytes(place.file().as_bytes());
            into.number(u64::from(place.line()) << 32 | u64::from(place.column()));
            write_value(state, into);
        });
    }

    /// Starts a process that is linked to this one from the beginning.
    #[track_caller]
    pub fn spawn_link<F, Fut>(&self, code: F) -> Pid
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.start(None, Bond::Link, code, Location::caller())
    }

    /// Starts a process that this one monitors from the beginning.
    #[track_caller]
    pub fn spawn_monitor<F, Fut>(&self, code: F) -> (Pid, Reference)
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        let reference = self.make_reference();
        (self.start(None, Bond::Monitor(reference), code, Location::caller()), reference)
    }

    /// Starts a process that people call by this label, in traces and reports. The label means nothing to the
    /// world; it is no registered name.
    pub fn builder(&self, label: impl AsRef<str>) -> Builder<'_, M> {
        Builder { ctx: self, label: self.shared.intern(label.as_ref()) }
    }

    // --- messages ---

    /// Sends a message. It is silently lost if the process is dead.
    #[track_caller]
    #[inline]
    pub fn send(&self, to: Pid, message: M) {
        let place = Location::caller();
        self.shared.ask(self.pid, place, || Action::Send { to, message: Incoming::Message(message) });
    }

    /// Sends a message to the process that holds a name.
    ///
    /// # Errors
    /// [`Refusal::NotRegistered`] if nobody holds it.
    #[track_caller]
    pub fn send_named(&self, to: impl Into<Name>, message: M) -> impl Future<Output = Result<(), Refusal>> {
        let action = Action::SendNamed { to: to.into(), message: Incoming::Message(message) };
        self.answer(action, Location::caller(), done)
    }

    /// Takes the oldest message of the program's own, waiting for one if there is none. Exit signals and what
    /// monitors tell are left in the mailbox.
    #[track_caller]
    #[inline]
    pub fn recv(&self) -> impl Future<Output = M> {
        self.receive(Patience::Forever, Accepts::Messages, any, own, Location::caller())
    }

    /// As [`recv`](Ctx::recv), but gives up when the time is over. With no time at all it looks at what is there.
    #[track_caller]
    pub fn recv_timeout(&self, timeout: Duration) -> impl Future<Output = Option<M>> {
        self.receive(patience(timeout), Accepts::Messages, any, own_in_time, Location::caller())
    }

    /// Takes the oldest message of the program's own if there is one (Erlang's `after 0`).
    #[track_caller]
    pub fn try_recv(&self) -> impl Future<Output = Option<M>> {
        self.receive(Patience::Poll, Accepts::Messages, any, own_in_time, Location::caller())
    }

    /// Takes the oldest message for which `takes` is true, waiting for one if there is none. All others stay in the
    /// mailbox, in their order.
    #[track_caller]
    pub fn recv_match<F>(&self, takes: F) -> impl Future<Output = M>
    where
        F: FnMut(&M) -> bool + Unpin,
    {
        self.receive(Patience::Forever, Accepts::Asked, own_matching(takes), own, Location::caller())
    }

    /// As [`recv_match`](Ctx::recv_match), but gives up when the time is over.
    #[track_caller]
    pub fn recv_match_timeout<F>(&self, takes: F, timeout: Duration) -> impl Future<Output = Option<M>>
    where
        F: FnMut(&M) -> bool + Unpin,
    {
        let takes = own_matching(takes);
        self.receive(patience(timeout), Accepts::Asked, takes, own_in_time, Location::caller())
    }

    /// Takes the oldest thing in the mailbox, exit signals and what monitors tell included, waiting for one if there
    /// is none.
    #[track_caller]
    pub fn recv_any(&self) -> impl Future<Output = Incoming<M>> {
        self.receive(Patience::Forever, Accepts::Anything, any, |incoming| incoming, Location::caller())
    }

    /// As [`recv_any`](Ctx::recv_any), but gives up when the time is over.
    #[track_caller]
    pub fn recv_any_timeout(&self, timeout: Duration) -> impl Future<Output = Option<Incoming<M>>> {
        self.receive(patience(timeout), Accepts::Anything, any, Some, Location::caller())
    }

    /// Takes the oldest thing in the mailbox for which `takes` is true, waiting for one if there is none.
    #[track_caller]
    pub fn recv_any_match<F>(&self, takes: F) -> impl Future<Output = Incoming<M>>
    where
        F: FnMut(&Incoming<M>) -> bool + Unpin,
    {
        self.receive(Patience::Forever, Accepts::Asked, takes, |incoming| incoming, Location::caller())
    }

    /// As [`recv_any_match`](Ctx::recv_any_match), but gives up when the time is over.
    #[track_caller]
    pub fn recv_any_match_timeout<F>(
        &self,
        takes: F,
        timeout: Duration,
    ) -> impl Future<Output = Option<Incoming<M>>>
    where
        F: FnMut(&Incoming<M>) -> bool + Unpin,
    {
        self.receive(patience(timeout), Accepts::Asked, takes, Some, Location::caller())
    }

    /// Waits for what a monitor tells, and returns why the watched process is gone.
    #[track_caller]
    pub fn recv_down(&self, reference: Reference) -> impl Future<Output = ExitReason> {
        let takes = move |incoming: &Incoming<M>| matches!(incoming, Incoming::Down(down) if down.reference == reference);
        self.receive(Patience::Forever, Accepts::Asked, takes, reason_of, Location::caller())
    }

    /// Waits for the exit signal of a process, as a message, and returns its reason; needs
    /// [`trap_exit`](Ctx::trap_exit).
    #[track_caller]
    pub fn recv_exit(&self, of: Pid) -> impl Future<Output = ExitReason> {
        let takes = move |incoming: &Incoming<M>| matches!(incoming, Incoming::Exit(exit) if exit.from == of);
        self.receive(Patience::Forever, Accepts::Asked, takes, reason_of, Location::caller())
    }

    /// Waits until so much virtual time has gone by. With no time at all it does not wait for a timer, but others may
    /// still come in between.
    #[track_caller]
    pub fn sleep(&self, duration: Duration) -> impl Future<Output = ()> {
        self.receive(patience(duration), Accepts::Nothing, any, |_| Some(()), Location::caller())
    }

    // --- ends ---

    /// Ends this process.
    #[track_caller]
    pub fn exit(&self, reason: ExitReason) -> impl Future<Output = Never> {
        self.answer(Action::Exit { reason, crash: None }, Location::caller(), |_| None)
    }

    /// Sends an exit signal (Erlang's `exit(pid, reason)`).
    #[track_caller]
    pub fn send_exit(&self, to: Pid, reason: ExitReason) {
        self.ask(Action::ExitSignal { to, reason }, Location::caller());
    }

    /// Ends another process, whatever it does.
    #[track_caller]
    pub fn kill(&self, pid: Pid) {
        self.ask(Action::ExitSignal { to: pid, reason: ExitReason::Kill }, Location::caller());
    }

    /// Turns exit signals into messages ([`Incoming::Exit`]), or no longer.
    #[track_caller]
    pub fn trap_exit(&self, on: bool) {
        self.ask(Action::TrapExit(on), Location::caller());
    }

    /// Links to a process.
    ///
    /// # Errors
    /// [`Refusal::NoProcess`] if it is dead and this process does not trap exits; if it does, it gets the exit signal
    /// as a message.
    #[track_caller]
    pub fn link(&self, pid: Pid) -> impl Future<Output = Result<(), Refusal>> {
        self.answer(Action::Link(pid), Location::caller(), done)
    }

    /// Removes the link to a process.
    #[track_caller]
    pub fn unlink(&self, pid: Pid) {
        self.ask(Action::Unlink(pid), Location::caller());
    }

    /// Watches a process: when it is gone, or if it already is, there comes an [`Incoming::Down`].
    #[track_caller]
    pub fn monitor(&self, pid: Pid) -> Reference {
        let reference = self.make_reference();
        self.ask(Action::Monitor { reference, target: Destination::Pid(pid) }, Location::caller());
        reference
    }

    /// Watches the process that holds a name at this moment.
    #[track_caller]
    pub fn monitor_named(&self, name: impl Into<Name>) -> Reference {
        let reference = self.make_reference();
        let target = Destination::Name(name.into());
        self.ask(Action::Monitor { reference, target }, Location::caller());
        reference
    }

    /// Stops watching. What the monitor has told already stays in the mailbox. Returns whether the monitor was still
    /// watching.
    #[track_caller]
    pub fn demonitor(&self, reference: Reference) -> impl Future<Output = bool> {
        self.answer(Action::Demonitor { reference, flush: false }, Location::caller(), flag)
    }

    /// Stops watching, and removes what the monitor has told already. Returns whether the monitor was still watching.
    #[track_caller]
    pub fn demonitor_flush(&self, reference: Reference) -> impl Future<Output = bool> {
        self.answer(Action::Demonitor { reference, flush: true }, Location::caller(), flag)
    }

    // --- names ---

    /// Gives a process a name.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`], [`Refusal::NotAlive`] or [`Refusal::AlreadyNamed`].
    #[track_caller]
    pub fn register(&self, name: impl Into<Name>, pid: Pid) -> impl Future<Output = Result<(), Refusal>> {
        self.answer(Action::Register { name: name.into(), pid }, Location::caller(), done)
    }

    /// Frees a name.
    ///
    /// # Errors
    /// [`Refusal::NotRegistered`] if nobody holds it.
    #[track_caller]
    pub fn unregister(&self, name: impl Into<Name>) -> impl Future<Output = Result<(), Refusal>> {
        self.answer(Action::Unregister(name.into()), Location::caller(), done)
    }

    /// Who holds a name.
    #[track_caller]
    pub fn whereis(&self, name: impl Into<Name>) -> impl Future<Output = Option<Pid>> {
        self.answer(Action::WhereIs(name.into()), Location::caller(), |reply| {
            if let Reply::Pid(pid) = reply { Some(pid) } else { None }
        })
    }

    /// All registered names, in ascending order.
    #[track_caller]
    pub fn registered(&self) -> impl Future<Output = Vec<Name>> {
        self.answer(Action::RegisteredNames, Location::caller(), |reply| {
            if let Reply::Names(names) = reply { Some(names) } else { None }
        })
    }

    // --- timers and the clock ---

    fn start_timer(&self, to: Destination, after: Duration, message: M, place: Place) -> Reference {
        let reference = self.make_reference();
        let message = Incoming::Message(message);
        let after = nanoseconds(after);
        self.ask(Action::StartTimer(Box::new(StartTimer { reference, to, after, message })), place);
        reference
    }

    /// Starts a timer that sends a message to a process. It dies with that process.
    #[track_caller]
    pub fn send_after(&self, to: Pid, after: Duration, message: M) -> Reference {
        self.start_timer(Destination::Pid(to), after, message, Location::caller())
    }

    /// Starts a timer that sends a message to whoever holds a name when it fires.
    #[track_caller]
    pub fn send_after_named(&self, to: impl Into<Name>, after: Duration, message: M) -> Reference {
        self.start_timer(Destination::Name(to.into()), after, message, Location::caller())
    }

    /// Stops a timer. Returns what was left of it, or nothing if it is no longer running.
    #[track_caller]
    pub fn cancel_timer(&self, reference: Reference) -> impl Future<Output = Option<Duration>> {
        self.answer(Action::CancelTimer(reference), Location::caller(), remaining)
    }

    /// What is left of a timer, or nothing if it is no longer running.
    #[track_caller]
    pub fn read_timer(&self, reference: Reference) -> impl Future<Output = Option<Duration>> {
        self.answer(Action::ReadTimer(reference), Location::caller(), remaining)
    }

    /// The virtual time since the world began.
    #[track_caller]
    pub fn now(&self) -> impl Future<Output = Duration> {
        self.answer(Action::Now, Location::caller(), |reply| {
            if let Reply::Time(time) = reply { Some(Duration::from_nanos(time)) } else { None }
        })
    }

    // --- looking around ---

    /// Whether a process is alive.
    #[track_caller]
    pub fn is_alive(&self, pid: Pid) -> impl Future<Output = bool> {
        self.answer(Action::IsAlive(pid), Location::caller(), flag)
    }

    /// What is known about a process, unless it is dead.
    #[track_caller]
    pub fn info(&self, pid: Pid) -> impl Future<Output = Option<Box<ProcessInfo<Native<M>>>>> {
        self.answer(Action::Inspect(pid), Location::caller(), |reply| {
            if let Reply::Info(info) = reply { Some(info) } else { None }
        })
    }

    /// All processes that are alive, in ascending order.
    #[track_caller]
    pub fn processes(&self) -> impl Future<Output = Vec<Pid>> {
        self.answer(Action::Processes, Location::caller(), |reply| {
            if let Reply::Pids(pids) = reply { Some(pids) } else { None }
        })
    }

    // --- output, chance, and the rest ---

    /// Writes to standard output.
    #[track_caller]
    pub fn output(&self, text: impl Into<String>) {
        let text = text.into();
        self.shared.ask(self.pid, Location::caller(), || Action::Output { device: Device::Stdout, text });
    }

    /// Writes to standard error.
    #[track_caller]
    pub fn output_error(&self, text: impl Into<String>) {
        self.ask(Action::Output { device: Device::Stderr, text: text.into() }, Location::caller());
    }

    /// A random number from 0 up to, but not including, `below`. It is the world's to draw: under a seed it is the
    /// same each time, and whoever covers every ordering covers every number.
    ///
    /// A process that asks for a number below 0 is ended, and reported as crashed.
    #[track_caller]
    pub fn draw(&self, below: u64) -> impl Future<Output = u64> {
        let place = Location::caller();
        assert!(below > 0, "draw(0): nothing can be drawn from an empty range");
        self.answer(Action::Draw(below), place, |reply| {
            if let Reply::Number(number) = reply { Some(number) } else { None }
        })
    }

    /// Lets others come in between.
    #[track_caller]
    pub fn yield_now(&self) {
        self.ask(Action::Yield, Location::caller());
    }

    /// The group leader of this process.
    #[track_caller]
    pub fn group_leader(&self) -> impl Future<Output = Pid> {
        self.answer(Action::GroupLeader, Location::caller(), |reply| {
            if let Reply::Pid(pid) = reply { pid } else { None }
        })
    }

    /// Changes a process's group leader.
    ///
    /// # Errors
    /// [`Refusal::NotAlive`] if the process is dead.
    #[track_caller]
    pub fn set_group_leader(&self, of: Pid, leader: Pid) -> impl Future<Output = Result<(), Refusal>> {
        self.answer(Action::SetGroupLeader { of, leader }, Location::caller(), done)
    }
}

/// Starts a process with a label. Made by [`Ctx::builder`].
pub struct Builder<'c, M: Message> {
    ctx: &'c Ctx<M>,
    label: Name,
}

impl<M: Message> Builder<'_, M> {
    /// As [`Ctx::spawn_fn`].
    #[track_caller]
    pub fn spawn_fn<F, A, Fut>(self, code: F, arguments: A) -> Pid
    where
        F: Fn(Ctx<M>, A) -> Fut + 'static,
        A: Hash + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.ctx.start_fn(Some(self.label), Bond::None, (code, arguments), Location::caller())
    }

    /// As [`Ctx::spawn_fn`], linked to this process from the beginning.
    #[track_caller]
    pub fn spawn_link_fn<F, A, Fut>(self, code: F, arguments: A) -> Pid
    where
        F: Fn(Ctx<M>, A) -> Fut + 'static,
        A: Hash + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.ctx.start_fn(Some(self.label), Bond::Link, (code, arguments), Location::caller())
    }

    /// As [`Ctx::spawn`].
    #[track_caller]
    pub fn spawn<F, Fut>(self, code: F) -> Pid
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.ctx.start(Some(self.label), Bond::None, code, Location::caller())
    }

    /// As [`Ctx::spawn_link`].
    #[track_caller]
    pub fn spawn_link<F, Fut>(self, code: F) -> Pid
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        self.ctx.start(Some(self.label), Bond::Link, code, Location::caller())
    }

    /// As [`Ctx::spawn_monitor`].
    #[track_caller]
    pub fn spawn_monitor<F, Fut>(self, code: F) -> (Pid, Reference)
    where
        F: FnOnce(Ctx<M>) -> Fut + 'static,
        Fut: Future<Output: IntoExit> + 'static,
    {
        let reference = self.ctx.make_reference();
        let bond = Bond::Monitor(reference);
        (self.ctx.start(Some(self.label), bond, code, Location::caller()), reference)
    }
}

fn any<M>(_: &Incoming<M>) -> bool {
    true
}

fn own_matching<M>(takes: impl FnMut(&M) -> bool + Unpin) -> impl FnMut(&Incoming<M>) -> bool + Unpin {
    let mut takes = takes;
    move |incoming| match incoming {
        Incoming::Message(message) => takes(message),
        Incoming::Exit(_) | Incoming::Down(_) => false,
    }
}

fn own<M>(incoming: Option<Incoming<M>>) -> Option<M> {
    incoming.and_then(Incoming::message)
}

#[expect(clippy::unnecessary_wraps, reason = "the outer option says that there is an answer")]
fn own_in_time<M>(incoming: Option<Incoming<M>>) -> Option<Option<M>> {
    Some(own(incoming))
}

fn reason_of<M>(incoming: Option<Incoming<M>>) -> Option<ExitReason> {
    match incoming? {
        Incoming::Exit(exit) => Some(exit.reason),
        Incoming::Down(down) => Some(down.reason),
        Incoming::Message(_) => None,
    }
}

fn done<M: Message>(reply: Reply<Native<M>>) -> Option<Result<(), Refusal>> {
    if let Reply::Refused(refusal) = reply { Some(Err(refusal)) } else { Some(Ok(())) }
}

fn flag<M: Message>(reply: Reply<Native<M>>) -> Option<bool> {
    if let Reply::Flag(flag) = reply { Some(flag) } else { None }
}

fn remaining<M: Message>(reply: Reply<Native<M>>) -> Option<Option<Duration>> {
    if let Reply::Remaining(left) = reply { Some(left.map(Duration::from_nanos)) } else { None }
}
