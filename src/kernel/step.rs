//! A process performs its pending action.

use super::action::{Action, Bond, Destination, Refusal, Reply, Request, Spawn, StartTimer};
use super::choice::Choice;
use super::event::{Event, Fate, Happening, Observer};
use super::id::{Name, Nanoseconds, Pid, Step};
use super::outcome::{Bound, Ending};
use super::process::{Process, SharedRequest};
use super::record::{Signal, Stage, Wait, Written};
use super::settings::Delivery;
use super::shared::{Performed, Shared};
use super::storage::{Log, Slots};
use super::timer::{Purpose, Timer};
use super::world::World;

/// Who acts, and what its event is to carry.
pub(super) struct Actor<P: Process> {
    pub(super) pid: Pid,
    pub(super) choice: Choice,
    pub(super) place: Option<P::Place>,
    pub(super) causes: [Option<Step>; 2],
}

/// Who performs this request.
#[inline(always)]
fn actor<P: Process>(pid: Pid, request: &Request<P>, cause: &mut Option<Step>) -> Actor<P> {
    Actor { pid, choice: Choice::Run(pid), place: request.place, causes: [cause.take(), None] }
}

impl<P: Process> World<P> {
    /// Counts an event, and shows it.
    #[inline(always)]
    pub(super) fn happened<O>(&mut self, actor: &Actor<P>, happening: Happening<'_, P>, observer: &mut O)
    where
        O: Observer<P> + ?Sized,
    {
        observer.observe(&Event {
            step: self.steps,
            choice: actor.choice,
            process: actor.pid,
            happening,
            causes: actor.causes,
            place: actor.place,
            time: self.now,
        });
        self.steps += 1;
    }

    /// The number of the event that is being made to happen.
    #[inline]
    pub(super) fn this_step(&self) -> Step {
        self.steps
    }

    /// A process performs its pending action.
    ///
    /// Nearly all actions are of two kinds; the others stand apart, out of their way.
    #[inline(always)]
    #[expect(clippy::wildcard_enum_match_arm, reason = "the match over all actions is in perform_other")]
    pub(super) fn run<O: Observer<P> + ?Sized>(&mut self, pid: Pid, observer: &mut O) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        let Some(request) = &record.pending else { return };
        match request.action {
            Action::Receive { .. } => {
                let (place, cause) = (request.place, record.cause.take());
                // There is nothing in it that would have to be dropped.
                std::mem::forget(record.pending.take());
                let reply = self.receive(pid, place, cause, observer);
                self.resume(pid, || reply);
            }
            Action::Send { .. } => {
                let actor = actor(pid, request, &mut record.cause);
                match record.pending.take() {
                    Some(Request { action: Action::Send { to, message }, .. }) => {
                        self.send(&actor, to, None, message, observer);
                        self.resume(pid, || Reply::Done);
                    }
                    // It was a send a moment ago.
                    other => std::mem::forget(other),
                }
            }
            _ => self.run_other(pid, observer),
        }
    }

    /// A process performs its pending action, one that is neither a send nor a receive.
    #[inline(never)]
    fn run_other<O: Observer<P> + ?Sized>(&mut self, pid: Pid, observer: &mut O) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        let Some(request) = &record.pending else { return };
        let mut actor = actor(pid, request, &mut record.cause);
        let request = record.pending.take();
        if let Some(reply) = self.perform_other(&mut actor, request, observer) {
            self.resume(pid, || reply);
        }
    }

    /// Performs an action. Returns the answer with which the process goes on, if it does so at once.
    ///
    /// The request comes as it was found: to look at it before it is moved is slower.
    #[inline(never)]
    fn perform_other<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &mut Actor<P>,
        request: Option<Request<P>>,
        observer: &mut O,
    ) -> Option<Reply<P>> {
        let pid = actor.pid;
        match request?.action {
            Action::Send { .. } | Action::Receive { .. } => None,
            Action::Output { device, text } => {
                self.happened(actor, Happening::Output { device, text: &text }, observer);
                self.log.push(Written { pid, device, text });
                Some(Reply::Done)
            }
            Action::Spawn(spawn) => self.spawn(actor, *spawn, observer),
            Action::Exit { reason, crash } => {
                self.exit(actor, reason, crash, observer);
                None
            }
            Action::SendNamed { to: name, message } => match self.names.get(&name).copied() {
                Some((to, registered)) => {
                    actor.causes[1] = Some(registered);
                    self.send(actor, to, Some(&name), message, observer);
                    Some(Reply::Done)
                }
                None => Some(self.refuse(actor, "send", Refusal::NotRegistered, observer)),
            },
            Action::ExitSignal { to, reason } => {
                let fate = self.fate(pid, to);
                self.happened(actor, Happening::ExitSent { to, reason: &reason, fate }, observer);
                self.transmit(pid, to, Signal::Exit(reason));
                self.lives(pid).then_some(Reply::Done)
            }
            Action::Link(to) => self.link(actor, to, observer),
            Action::Unlink(from) => {
                self.happened(actor, Happening::Unlinked { from }, observer);
                if from != pid {
                    let linked = self.slots.get(pid.index()).is_some_and(|record| record.is_linked(from));
                    if linked && let Some(record) = self.slots.get_mut(pid.index()) {
                        record.relations_mut().links.remove_mut(&from);
                        self.transmit(pid, from, Signal::Unlink);
                    }
                }
                Some(Reply::Done)
            }
            Action::Monitor { reference, target } => {
                self.monitor(actor, reference, target, observer);
                Some(Reply::Done)
            }
            Action::Demonitor { reference, flush } => Some(self.demonitor(actor, reference, flush, observer)),
            Action::TrapExit(on) => {
                self.happened(actor, Happening::TrapExit { on }, observer);
                let record = self.slots.get_mut(pid.index())?;
                Some(Reply::Flag(std::mem::replace(&mut record.traps_exits, on)))
            }
            Action::Register { name, pid: holder } => Some(self.register(actor, name, holder, observer)),
            Action::Unregister(name) => Some(self.unregister(actor, &name, observer)),
            Action::WhereIs(name) => {
                let found = self.names.get(&name).copied();
                actor.causes[1] = found.map(|(_, registered)| registered);
                let found = found.map(|(holder, _)| holder);
                self.happened(actor, Happening::LookedUp { name: &name, found }, observer);
                Some(Reply::Pid(found))
            }
            Action::RegisteredNames => {
                self.happened(actor, Happening::Looked { at: "registered names" }, observer);
                Some(Reply::Names(self.names.keys().cloned().collect()))
            }
            Action::StartTimer(start) => {
                let StartTimer { reference, to, after, message } = *start;
                let deadline = self.now.saturating_add(after);
                let happening = Happening::TimerStarted { reference, to: &to, deadline, message: &message };
                let started = self.this_step();
                self.happened(actor, happening, observer);
                let target_lives = match &to {
                    Destination::Pid(target) => self.lives(*target) || self.stage(*target) == Stage::Doomed,
                    Destination::Name(_) => true,
                };
                if target_lives {
                    let purpose = Purpose::Send { reference, to, message };
                    self.timers.start(deadline, pid, Timer { purpose, started });
                }
                Some(Reply::Done)
            }
            Action::CancelTimer(reference) => {
                let left = self.time_left(reference);
                self.happened(actor, Happening::TimerCancelled { reference, left }, observer);
                if let Some(key) = self.timers.find(reference) {
                    self.timers.remove(key);
                }
                Some(Reply::Remaining(left))
            }
            Action::ReadTimer(reference) => {
                let left = self.time_left(reference);
                self.happened(actor, Happening::TimerRead { reference, left }, observer);
                Some(Reply::Remaining(left))
            }
            Action::IsAlive(of) => {
                let alive = self.is_alive(of);
                self.stop_asking(pid, of);
                self.happened(actor, Happening::CheckedAlive { of, alive }, observer);
                Some(Reply::Flag(alive))
            }
            Action::Inspect(of) => {
                self.happened(actor, Happening::Looked { at: "a process" }, observer);
                Some(Reply::Info(self.info(of).map(Box::new)))
            }
            Action::Processes => {
                self.happened(actor, Happening::Looked { at: "all processes" }, observer);
                Some(Reply::Pids(self.pids().filter(|&other| self.lives(other)).collect()))
            }
            Action::Now => {
                self.happened(actor, Happening::Looked { at: "the clock" }, observer);
                Some(Reply::Time(self.now))
            }
            Action::Draw(0) => Some(self.refuse(actor, "draw", Refusal::EmptyRange, observer)),
            Action::Draw(below) => {
                self.happened(actor, Happening::DrawAsked { below }, observer);
                self.drawing = Some((pid, below));
                None
            }
            Action::GroupLeader => {
                self.happened(actor, Happening::Looked { at: "its group leader" }, observer);
                Some(Reply::Pid(self.slots.get(pid.index()).map(|record| record.leader)))
            }
            Action::SetGroupLeader { of, leader } => {
                if of != pid && !self.lives(of) {
                    return Some(self.refuse(actor, "set group leader", Refusal::NotAlive, observer));
                }
                self.happened(actor, Happening::GroupLeaderSet { of, leader }, observer);
                self.transmit(pid, of, Signal::GroupLeader(leader));
                Some(Reply::Done)
            }
            Action::Shared(request) => Some(self.share(actor, *request, observer)),
            Action::Yield => {
                self.happened(actor, Happening::Yielded, observer);
                Some(Reply::Done)
            }
            Action::GiveUp(bound) => {
                self.ending = Some(Ending::Bounded(bound));
                None
            }
            Action::Halt(status) => {
                self.happened(actor, Happening::Yielded, observer);
                self.ending = Some(Ending::Stopped(status));
                None
            }
        }
    }

    pub(super) fn refuse<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        action: &'static str,
        refusal: Refusal,
        observer: &mut O,
    ) -> Reply<P> {
        self.happened(actor, Happening::Refused { action, refusal }, observer);
        Reply::Refused(refusal)
    }

    /// Whether a process still runs its code.
    pub(super) fn lives(&self, pid: Pid) -> bool {
        self.stage(pid) == Stage::Live
    }

    #[inline(always)]
    fn send<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        to: Pid,
        name: Option<&Name>,
        message: P::Message,
        observer: &mut O,
    ) {
        let fate = self.fate(actor.pid, to);
        self.happened(actor, Happening::Sent { to, name, message: &message, fate }, observer);
        if self.settings.delivery == Delivery::Instant || to == actor.pid {
            self.post(actor.pid, to, message, self.steps - 1);
        } else {
            self.enqueue(actor.pid, to, Signal::Message(message));
        }
    }

    /// The shared state is asked for something.
    fn share<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        request: SharedRequest<P>,
        observer: &mut O,
    ) -> Reply<P> {
        let touches = self.shared.touches(&request);
        let slots = &self.slots;
        let lives = |pid: Pid| slots.get(pid.index()).is_some_and(|record| record.stage == Stage::Live);
        let Performed { answer, sends } = self.shared.perform(actor.pid, request.clone(), &lives);
        let happening = Happening::Shared { request: &request, answer: &answer, touches: &touches };
        self.happened(actor, happening, observer);
        for (to, message) in sends {
            self.transmit(actor.pid, to, Signal::Message(message));
        }
        Reply::Shared(Box::new(answer))
    }

    /// What a process leaves behind of the shared state.
    pub(super) fn bequeath(&mut self, pid: Pid) {
        let slots = &self.slots;
        let lives = |pid: Pid| slots.get(pid.index()).is_some_and(|record| record.stage == Stage::Live);
        for (to, message) in self.shared.end(pid, &lives) {
            self.transmit(pid, to, Signal::Message(message));
        }
    }

    fn time_left(&self, reference: super::id::Reference) -> Option<Nanoseconds> {
        self.timers.find(reference).map(|key| key.deadline.saturating_sub(self.now))
    }

    fn spawn<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        spawn: Spawn<P>,
        observer: &mut O,
    ) -> Option<Reply<P>> {
        let Spawn { child, body, bond, label } = spawn;
        let parent = actor.pid;
        if self.born >= self.settings.limits.processes {
            self.ending = Some(Ending::Bounded(Bound::Processes));
            return None;
        }
        let child = child.unwrap_or_else(|| {
            let pid = Pid::from_number(self.counters.pid);
            self.counters.pid += 1;
            pid
        });
        let step = self.this_step();
        self.happened(actor, Happening::Spawned { child, bond, label: label.as_ref() }, observer);
        self.give_birth(parent, child, body, Some(step));
        match bond {
            Bond::None => {}
            Bond::Link => self.tie(parent, child),
            Bond::Monitor(reference) => {
                self.watch(reference, parent, child, &Destination::Pid(child), step);
            }
            Bond::LinkAndMonitor(reference) => {
                self.tie(parent, child);
                self.watch(reference, parent, child, &Destination::Pid(child), step);
            }
        }
        Some(Reply::Pid(Some(child)))
    }

    fn tie(&mut self, parent: Pid, child: Pid) {
        self.relate(parent, |relations| {
            relations.links.insert_mut(child);
        });
        self.relate(child, |relations| {
            relations.links.insert_mut(parent);
        });
    }

    fn stop_asking(&mut self, asker: Pid, of: Pid) {
        if let Some(record) = self.slots.get_mut(of.index())
            && record.relations.as_ref().is_some_and(|relations| relations.askers.contains(&asker))
        {
            record.relations_mut().askers.remove_mut(&asker);
        }
    }

    /// A timer fires.
    pub(super) fn fire<O: Observer<P> + ?Sized>(&mut self, owner: Pid, observer: &mut O) {
        let due = self.timers.front().map_or(0, |(deadline, _)| deadline);
        if due > self.settings.limits.time {
            self.ending = Some(Ending::Bounded(Bound::Time));
            return;
        }
        let Some((key, timer)) = self.timers.fire(owner) else { return };
        self.now = self.now.max(key.deadline);
        let step = self.this_step();
        let actor = Actor {
            pid: owner,
            choice: Choice::Fire(owner),
            place: None,
            causes: [Some(timer.started), None],
        };
        match timer.purpose {
            Purpose::Wake => {
                self.happened(&actor, Happening::Woken, observer);
                if let Some(record) = self.slots.get_mut(owner.index()) {
                    record.wait = Wait::TimedOut(step);
                    self.runnable.insert(owner.index());
                }
            }
            Purpose::Send { reference, to, message } => {
                let target = match &to {
                    Destination::Pid(target) => Some(*target),
                    Destination::Name(name) => self.whereis(name),
                };
                let fate = match target {
                    Some(target) if self.lives(target) => Fate::Arrived,
                    Some(_) | None => Fate::Lost,
                };
                let happening = Happening::TimerFired { reference, to: &to, message: &message, fate };
                self.happened(&actor, happening, observer);
                if let Some(target) = target {
                    self.post(Pid::SYSTEM, target, message, step);
                }
            }
        }
    }

    /// A number is drawn.
    pub(super) fn draw<O: Observer<P> + ?Sized>(&mut self, value: u64, observer: &mut O) {
        let Some((pid, _)) = self.drawing.take() else { return };
        let actor = Actor { pid, choice: Choice::Draw(value), place: None, causes: [None, None] };
        self.happened(&actor, Happening::Drawn { value }, observer);
        self.resume(pid, || Reply::Number(value));
    }

    /// What will become of a signal that is sent now.
    #[inline]
    pub(super) fn fate(&self, from: Pid, to: Pid) -> Fate {
        if from == to || self.lives(to) {
            match self.settings.delivery {
                Delivery::Ordered if from != to => Fate::InTransit,
                Delivery::Ordered | Delivery::Instant => Fate::Arrived,
            }
        } else {
            Fate::Lost
        }
    }
}
