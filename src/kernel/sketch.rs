//! A world written down, so that two can be compared although their pids and references differ.
//!
//! Programs cannot look into pids and references: worlds that differ only in them go on alike. So a [`Sketch`] keeps them
//! apart from everything else: a digest of what they stand in, and the list of them, in the order in which they occur.
//! What follows from the rest of the world is left out: how it was reached, how many steps it took, what numbers come next.

use std::collections::BTreeMap;

use twox_hash::XxHash3_128;

use super::action::{Action, Bond, Destination, Device, Patience};
use super::id::{Name, Nanoseconds, Pid, Reference};
use super::outcome::Ending;
use super::process::{Process, SharedRequest};
use super::record::{Record, Signal, Stage, Wait};
use super::storage::{Mailbox, Slots};
use super::world::World;

/// What programs can compare with others of its kind, but cannot look into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Opaque {
    /// A process.
    Pid(Pid),
    /// A reference.
    Reference(Reference),
}

/// Something written down: what is the same under every renaming, and the names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// Everything but the names. Whoever takes two that are equal for the same takes a chance of 1 in 2^128.
    pub digest: u128,
    /// The names, in the order in which they occur.
    pub names: Vec<Opaque>,
}

/// Writes things down.
#[derive(Clone, Debug, Default)]
pub struct Sketcher {
    bytes: Vec<u8>,
    names: Vec<Opaque>,
}

impl Sketcher {
    /// A mark, to tell apart things that would otherwise look the same.
    #[inline]
    pub fn mark(&mut self, mark: u8) {
        self.bytes.push(mark);
    }

    /// A number.
    #[inline]
    pub fn number(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// A sequence of bytes. Where it ends counts.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// A pid.
    #[inline]
    pub fn pid(&mut self, pid: Pid) {
        self.bytes.push(0xf0);
        self.names.push(Opaque::Pid(pid));
    }

    /// A reference.
    #[inline]
    pub fn reference(&mut self, reference: Reference) {
        self.bytes.push(0xf1);
        self.names.push(Opaque::Reference(reference));
    }

    fn destination(&mut self, destination: &Destination) {
        match destination {
            Destination::Pid(pid) => {
                self.mark(0);
                self.pid(*pid);
            }
            Destination::Name(name) => {
                self.mark(1);
                self.bytes(name.as_str().as_bytes());
            }
        }
    }

    fn name(&mut self, name: &Name) {
        self.bytes(name.as_str().as_bytes());
    }

    /// What has been written; the sketcher is as new.
    pub fn finish(&mut self) -> Sketch {
        let digest = XxHash3_128::oneshot(&self.bytes);
        self.bytes.clear();
        Sketch { digest, names: std::mem::take(&mut self.names) }
    }
}

/// A process form that can be written down.
pub trait Sketched: Process {
    /// Whether [`looked_into_names`](Sketched::looked_into_names) tells all. Where it does not, worlds with other pids are other worlds, unless
    /// whoever asks says that programs do not look into pids.
    const NOTICES_LOOKS: bool = true;
    /// Whether [`another`](Sketched::another) copies a world, instead of making it again.
    const COPIED: bool = true;

    /// Another world like this one: a copy where processes can be copied. Otherwise `again` makes one, by doing again what led here.
    fn another(world: &World<Self>, again: &mut dyn FnMut() -> World<Self>) -> World<Self>;
    /// The process: all that its further doings depend on.
    fn sketch(&self, into: &mut Sketcher);
    /// Where the process is in its code, as a number: what it may still do differs from place to place. Only its own steps change it. It need not
    /// tell all places apart; the more it does, the more orderings can be left out. `place` is that of what it is about to do.
    fn phase(&self, _place: Option<&Self::Place>) -> u64 {
        0
    }
    /// A message.
    fn sketch_message(message: &Self::Message, into: &mut Sketcher);
    /// An exit reason.
    fn sketch_reason(reason: &Self::Reason, into: &mut Sketcher);
    /// A text that was written.
    fn sketch_text(text: &Self::Text, into: &mut Sketcher);
    /// What processes can tell of the environment.
    fn sketch_environment(environment: &Self::Environment, into: &mut Sketcher);
    /// What a process asks of the shared state.
    fn sketch_request(request: &SharedRequest<Self>, into: &mut Sketcher);
    /// The parts of the shared state, each by itself and in any order. What is written of one begins with the pid of the
    /// process that it belongs to.
    fn sketch_shared(shared: &Self::Shared, part: &mut dyn FnMut(Sketcher));
    /// A number that is another one whenever what processes can tell of the environment has changed.
    fn environment_mark(environment: &Self::Environment) -> u64;
    /// Whether, since the last call, a program has looked at what is not to be seen: which of two pids or references comes first,
    /// or what characters it is printed with. Worlds that differ only in such names then are not alike after all.
    fn looked_into_names(environment: &mut Self::Environment) -> bool;
    /// What the sketches of processes rest on: two of them can be compared only if this was the same for both. Code that is
    /// loaded while programs run changes it.
    fn version(environment: &Self::Environment) -> u64;
}

/// A process, written down.
#[derive(Clone, Debug)]
pub struct ProcessSketch {
    /// The process, its mailbox, its pending action. The names that it holds come first.
    pub sketch: Sketch,
    /// How many of the names it holds: it can send to them, or hand them on.
    pub held: usize,
    /// Whether it waits for a message, for ever.
    pub waits: bool,
    /// Whether there are messages in its mailbox.
    pub unread: bool,
}

/// What stands between processes, written down.
#[derive(Clone, Debug)]
pub struct TieSketch {
    /// The tie. The process that it belongs to comes first among the names.
    pub sketch: Sketch,
    /// Whether something will still come of it: not so for what was written, and for crashes.
    pub live: bool,
}

/// The phase of a process that does not live: of nobody.
const NO_PHASE: u64 = 0;
/// The phase of a process that is about to die from a signal, whatever it was doing.
pub(crate) const DOOMED_PHASE: u64 = 1;

impl<P: Sketched> World<P> {
    /// Where a process is in its course: [where in its code](Sketched::phase), if it lives. Nothing but its own steps, and what kills it,
    /// changes that.
    #[must_use]
    pub fn phase(&self, pid: Pid) -> u64 {
        let Some(record) = self.slots.get(pid.index()) else { return NO_PHASE };
        match (record.stage, &record.body, &record.pending) {
            (Stage::Doomed, ..) => DOOMED_PHASE,
            (Stage::Live, Some(body), Some(request)) => {
                // No phase of a program is one of those above.
                body.phase(request.place.as_ref()) | 1 << 63
            }
            (Stage::Live | Stage::Unborn | Stage::Mourned | Stage::Dead, ..) => NO_PHASE,
        }
    }

    /// Writes down a process. `None` if it is dead or not yet born.
    pub fn sketch_process(&self, pid: Pid, into: &mut Sketcher) -> Option<ProcessSketch> {
        let record = self.slots.get(pid.index())?;
        if matches!(record.stage, Stage::Unborn | Stage::Dead) {
            return None;
        }
        let Record { body, pending, mailbox, relations, wait, cause: _, leader, parent, stage, traps_exits } =
            record;
        into.mark(*stage as u8);
        into.mark(u8::from(*traps_exits));
        let mut waits = false;
        match *wait {
            Wait::NotReceiving => into.mark(0),
            Wait::Ready { position, timed } => {
                into.mark(1 + u8::from(timed));
                let before = numbered(mailbox).take_while(|&(at, _)| at < position).count();
                into.number(before as u64);
            }
            Wait::Waiting { timed, .. } => {
                waits = !timed;
                into.mark(3 + u8::from(timed));
            }
            Wait::Polling { .. } => into.mark(5),
            Wait::TimedOut(_) => into.mark(6),
        }
        // A process that is about to end never runs its body again: what it knew, it will not use.
        let ends = pending.as_ref().is_some_and(|request| matches!(request.action, Action::Exit { .. }));
        if let Some(body) = body
            && !ends
        {
            into.mark(1);
            body.sketch(into);
        }
        if let Some(request) = pending {
            into.mark(2);
            sketch_action(&request.action, into);
        }
        for (_, envelope) in numbered(mailbox) {
            into.mark(3);
            P::sketch_message(&envelope.message, into);
        }
        let held = into.names.len();
        into.mark(4);
        into.pid(*leader);
        into.pid(*parent);
        if let Some(relations) = relations {
            into.number(relations.untold);
            if let Some(name) = &relations.name {
                into.mark(5);
                into.name(name);
            }
            // The eldest is told first.
            for reference in relations.watched_since.values() {
                if let Some(watch) = relations.watchers.get(reference) {
                    into.reference(*reference);
                    into.pid(watch.pid);
                    into.destination(&watch.target);
                }
            }
        }
        let unread = !mailbox.is_empty();
        Some(ProcessSketch { sketch: into.finish(), held, waits, unread })
    }

    /// Writes down what stands between processes, and what they have left behind.
    pub fn sketch_ties(&self, into: &mut Sketcher, mut visit: impl FnMut(TieSketch)) {
        for pid in self.pids() {
            let Some(relations) = self.slots.get(pid.index()).and_then(|record| record.relations.as_ref())
            else {
                continue;
            };
            for &peer in &relations.links {
                into.mark(0);
                into.pid(pid);
                into.pid(peer);
                visit(TieSketch { sketch: into.finish(), live: true });
            }
            for (&reference, watch) in &relations.monitors {
                into.mark(1);
                into.pid(pid);
                into.pid(watch.pid);
                into.reference(reference);
                into.destination(&watch.target);
                visit(TieSketch { sketch: into.finish(), live: true });
            }
        }
        for (&(to, from), queue) in &self.transit {
            into.mark(2);
            into.pid(to);
            into.pid(from);
            for (signal, _) in queue.iter() {
                sketch_signal::<P>(signal, into);
            }
            visit(TieSketch { sketch: into.finish(), live: true });
        }
        P::sketch_shared(&self.shared, &mut |mut part| {
            part.mark(6);
            visit(TieSketch { sketch: part.finish(), live: true });
        });
        self.sketch_timers(into, &mut visit);
        self.sketch_traces(into, &mut visit);
    }

    fn sketch_timers(&self, into: &mut Sketcher, visit: &mut impl FnMut(TieSketch)) {
        let mut before: Option<(Nanoseconds, Pid)> = None;
        let mut rank = 0_u64;
        self.timers.each(|deadline, owner, waking| {
            rank = if before == Some((deadline, owner)) { rank + 1 } else { 0 };
            before = Some((deadline, owner));
            into.mark(3);
            into.pid(owner);
            into.number(deadline.saturating_sub(self.now));
            into.mark(u8::from(deadline <= self.now));
            into.number(rank);
            if let Some((reference, to, message)) = waking {
                into.reference(reference);
                into.destination(to);
                P::sketch_message(message, into);
            }
            visit(TieSketch { sketch: into.finish(), live: true });
        });
    }

    /// What was written, and the crashes: all that an observer will know of a process that is dead.
    pub fn sketch_traces(&self, into: &mut Sketcher, visit: &mut impl FnMut(TieSketch)) {
        let mut written: BTreeMap<Pid, Sketcher> = BTreeMap::new();
        self.each_written(|text| {
            let by = written.entry(text.pid).or_insert_with(|| {
                let mut by = Sketcher::default();
                by.mark(4);
                by.pid(text.pid);
                by
            });
            by.mark(match text.device {
                Device::Stdout => 0,
                Device::Stderr => 1,
            });
            P::sketch_text(&text.text, by);
        });
        for mut by in written.into_values() {
            visit(TieSketch { sketch: by.finish(), live: false });
        }
        for (pid, reason, _) in self.crashes() {
            into.mark(5);
            into.pid(*pid);
            P::sketch_reason(reason, into);
            visit(TieSketch { sketch: into.finish(), live: false });
        }
    }

    /// Writes down what belongs to no process: names, the end, what is being drawn, the environment, and, if it matters, the
    /// time.
    pub fn sketch_rest(&self, with_time: bool, into: &mut Sketcher) -> Sketch {
        for (name, (holder, _)) in &self.names {
            into.name(name);
            into.pid(*holder);
        }
        into.mark(0);
        if let Some((pid, below)) = self.drawing {
            into.mark(1);
            into.pid(pid);
            into.number(below);
        }
        if with_time {
            into.mark(2);
            into.number(self.now);
        }
        P::sketch_environment(&self.environment, into);
        self.sketch_end(into);
        into.finish()
    }

    /// Writes down how the world ended.
    pub fn sketch_end(&self, into: &mut Sketcher) {
        match self.ending {
            None => into.mark(0),
            Some(Ending::Halted) => into.mark(1),
            Some(Ending::Stopped(status)) => {
                into.mark(2);
                into.mark(status);
            }
            Some(Ending::Idle) => into.mark(3),
            Some(Ending::Deadlock) => into.mark(4),
            Some(Ending::Bounded(_)) => into.mark(5),
        }
        if let Some(reason) = &self.main_exit {
            P::sketch_reason(reason, into);
        }
    }

    /// Changes with the environment: see [`Sketched::environment_mark`].
    pub fn environment_mark(&self) -> u64 {
        P::environment_mark(&self.environment)
    }

    /// What its sketches rest on: see [`Sketched::version`].
    pub fn version(&self) -> u64 {
        P::version(&self.environment)
    }

    /// Whether programs have looked at what is not to be seen since the last call: see [`Sketched::looked_into_names`].
    pub fn looked_into_names(&mut self) -> bool {
        P::looked_into_names(&mut self.environment)
    }
}

impl<P: Process> World<P> {
    /// The processes that a process is tied to: by links, by monitors that it holds, by monitors held on it.
    pub fn tied(&self, pid: Pid) -> impl Iterator<Item = Pid> {
        let relations = self.slots.get(pid.index()).and_then(|record| record.relations.as_deref());
        relations.into_iter().flat_map(|relations| {
            let links = relations.links.iter().copied();
            links
                .chain(relations.monitors.values().map(|watch| watch.pid))
                .chain(relations.watchers.values().map(|watch| watch.pid))
        })
    }

    /// The process for which a number is to be drawn, if that is what happens next. Nothing else can happen meanwhile.
    #[must_use]
    pub fn draws(&self) -> Option<Pid> {
        self.drawing.map(|(pid, _)| pid)
    }

    /// The pairs of processes, sender and receiver, between which signals are on their way.
    pub fn in_transit(&self) -> impl Iterator<Item = (Pid, Pid)> {
        self.transit.keys().map(|&(to, from)| (from, to))
    }

    /// The processes that have started timers which are still to fire.
    pub fn timer_owners(&self) -> impl Iterator<Item = Pid> {
        self.timers.owners()
    }

    /// The next pid and the next reference that will be given out.
    #[must_use]
    pub fn next_names(&self) -> (Pid, Reference) {
        let (pid, reference) = self.counters.peek();
        (Pid::from_number(pid), Reference::from_number(reference))
    }
}

fn numbered<'m, T: 'm, M: Mailbox<T>>(mailbox: &'m M) -> impl Iterator<Item = (u64, &'m T)> {
    let mut position = 0;
    std::iter::from_fn(move || {
        let (found, value) = mailbox.next_from(position)?;
        position = found + 1;
        Some((found, value))
    })
}

fn sketch_signal<P: Sketched>(signal: &Signal<P::Message, P::Reason>, into: &mut Sketcher) {
    into.mark(signal.kind() as u8);
    match signal {
        Signal::Message(message) => P::sketch_message(message, into),
        Signal::Exit(reason) | Signal::LinkExit(reason) => P::sketch_reason(reason, into),
        Signal::Down { reference, reason } => {
            into.reference(*reference);
            P::sketch_reason(reason, into);
        }
        Signal::Monitor { reference, target } => {
            into.reference(*reference);
            into.destination(target);
        }
        Signal::Demonitor(reference) => into.reference(*reference),
        Signal::NoProcess(reference) => {
            if let Some(reference) = reference {
                into.reference(*reference);
            }
        }
        Signal::GroupLeader(pid) => into.pid(*pid),
        Signal::StaleLink => into.mark(1),
        Signal::Link | Signal::Unlink => {}
    }
}

/// Writes down what a process asks for.
pub fn sketch_action<P: Sketched>(action: &Action<P>, into: &mut Sketcher) {
    into.bytes(action.name().as_bytes());
    match action {
        Action::Send { to, message } => {
            into.pid(*to);
            P::sketch_message(message, into);
        }
        Action::SendNamed { to, message } => {
            into.name(to);
            P::sketch_message(message, into);
        }
        Action::Receive { patience } => {
            if let Patience::Within(span) = patience {
                into.number(*span);
            }
        }
        Action::Spawn(spawn) => {
            match spawn.bond {
                Bond::None => into.mark(0),
                Bond::Link => into.mark(1),
                Bond::Monitor(reference) => {
                    into.mark(2);
                    into.reference(reference);
                }
                Bond::LinkAndMonitor(reference) => {
                    into.mark(3);
                    into.reference(reference);
                }
            }
            if let Some(child) = spawn.child {
                into.pid(child);
            }
            spawn.body.sketch(into);
        }
        Action::Exit { reason, crash } => {
            into.mark(u8::from(crash.is_some()));
            P::sketch_reason(reason, into);
        }
        Action::ExitSignal { to, reason } => {
            into.pid(*to);
            P::sketch_reason(reason, into);
        }
        Action::Output { device, text } => {
            into.mark(*device as u8);
            P::sketch_text(text, into);
        }
        Action::Link(pid) | Action::Unlink(pid) | Action::IsAlive(pid) | Action::Inspect(pid) => {
            into.pid(*pid)
        }
        Action::Monitor { reference, target } => {
            into.reference(*reference);
            into.destination(target);
        }
        Action::Demonitor { reference, flush } => {
            into.reference(*reference);
            into.mark(u8::from(*flush));
        }
        Action::TrapExit(on) => into.mark(u8::from(*on)),
        Action::Register { name, pid } => {
            into.name(name);
            into.pid(*pid);
        }
        Action::Unregister(name) | Action::WhereIs(name) => into.name(name),
        Action::StartTimer(start) => {
            into.reference(start.reference);
            into.destination(&start.to);
            into.number(start.after);
            P::sketch_message(&start.message, into);
        }
        Action::CancelTimer(reference) | Action::ReadTimer(reference) => into.reference(*reference),
        Action::Draw(below) => into.number(*below),
        Action::SetGroupLeader { of, leader } => {
            into.pid(*of);
            into.pid(*leader);
        }
        Action::Shared(request) => P::sketch_request(request, into),
        Action::GiveUp(_) | Action::RegisteredNames | Action::Processes | Action::Now => {}
        Action::GroupLeader | Action::Yield => {}
        Action::Halt(status) => into.mark(*status),
    }
}
