//! Signals: from their sender, through transit under [`Delivery::Ordered`], to what they do at their receiver.

use super::action::{Action, Down};
use super::choice::Choice;
use super::event::{Fate, Happening, Observer, SignalKind};
use super::id::{Pid, Reference, Step};
use super::outcome::{Bound, Ending};
use super::process::{Envelope, Process, Reason};
use super::record::{Signal, SignalOf, Stage, Wait, Watch};
use super::settings::Delivery;
use super::step::Actor;
use super::storage::{Arrivals, Mailbox, Slots};
use super::world::World;

impl<P: Process> World<P> {
    /// Sends a signal. The event that sends it has just been counted.
    pub(super) fn transmit(&mut self, from: Pid, to: Pid, signal: SignalOf<P>) {
        let sent = self.steps - 1;
        match self.settings.delivery {
            Delivery::Ordered if from != to => self.enqueue(from, to, signal),
            Delivery::Ordered | Delivery::Instant => self.arrive(from, to, signal, sent),
        }
    }

    /// Sends a signal on its way. The event that sends it has just been counted.
    pub(super) fn enqueue(&mut self, from: Pid, to: Pid, signal: SignalOf<P>) {
        let sent = self.steps - 1;
        match self.transit.get_mut(&(to, from)) {
            Some(queue) => queue.push((signal, sent)),
            None => {
                let mut queue = Arrivals::default();
                queue.push((signal, sent));
                self.transit.insert_mut((to, from), queue);
                self.routes.insert(from, to);
            }
        }
    }

    /// The oldest signal on its way from one process to another gets there.
    pub(super) fn deliver<O: Observer<P> + ?Sized>(&mut self, from: Pid, to: Pid, observer: &mut O) {
        let Some(queue) = self.transit.get_mut(&(to, from)) else { return };
        let oldest = queue.next_from(0).map(|(number, _)| number);
        let Some((signal, sent)) = oldest.and_then(|number| queue.take(number)) else { return };
        if queue.is_empty() {
            self.transit.remove_mut(&(to, from));
            self.routes.remove(from, to);
        }
        let actor =
            Actor { pid: to, choice: Choice::Deliver { from, to }, place: None, causes: [Some(sent), None] };
        let kind = signal.kind();
        let fate = if self.lives(to) { Fate::Arrived } else { Fate::Lost };
        let (message, reason) = signal.content();
        let step = self.this_step();
        self.happened(&actor, Happening::Delivered { from, kind, message, reason, fate }, observer);
        self.arrive(from, to, signal, step);
        self.settle_asker(from, to);
        if matches!(kind, SignalKind::LinkExit | SignalKind::Down) {
            self.told(from);
        }
    }

    /// A process that asks about another waits until its signals to that one have got there. If it asks whether that
    /// one is alive, and that one is about to exit, it waits until it has.
    pub(super) fn settle_asker(&mut self, asker: Pid, of: Pid) {
        let Some(record) = self.slots.get(asker.index()).filter(|record| record.stage == Stage::Live) else {
            return;
        };
        let action = record.pending.as_ref().map(|request| &request.action);
        let (asked, waits_for_exit) = match action {
            Some(&Action::IsAlive(pid)) => (pid, true),
            Some(&Action::Inspect(pid)) => (pid, false),
            _ => return,
        };
        if asked != of {
            return;
        }
        if self.transit.contains_key(&(of, asker)) || waits_for_exit && self.stage(of) == Stage::Doomed {
            self.runnable.remove(asker.index());
        } else {
            self.runnable.insert(asker.index());
        }
    }

    /// Whether a process exists, as far as others can tell at once: it is spawned, and its exit has not happened.
    pub fn is_present(&self, pid: Pid) -> bool {
        match self.stage(pid) {
            Stage::Live | Stage::Doomed => true,
            Stage::Unborn | Stage::Mourned | Stage::Dead => false,
        }
    }

    /// A signal is at its receiver. `step` is the event that brought it there.
    fn arrive(&mut self, from: Pid, to: Pid, signal: SignalOf<P>, step: Step) {
        match signal {
            Signal::Message(message) => self.post(from, to, message, step),
            Signal::Exit(reason) => self.strike(from, to, reason, step),
            Signal::LinkExit(reason) => self.break_link(from, to, reason, step),
            Signal::NoProcess(None) => self.break_link(from, to, P::Reason::noproc(), step),
            Signal::NoProcess(Some(reference)) => {
                self.tell_down(from, to, reference, P::Reason::noproc(), step);
            }
            Signal::Down { reference, reason } => self.tell_down(from, to, reference, reason, step),
            Signal::StaleLink => {}
            Signal::Link => {
                if self.is_unlinking(to, from) {
                    // The unlink gets there, and takes the other side's link away too.
                } else if self.lives(to) {
                    if let Some(record) = self.slots.get_mut(to.index()) {
                        record.relations_mut().links.insert_mut(from);
                    }
                } else {
                    self.enqueue(to, from, Signal::NoProcess(None));
                }
            }
            Signal::Unlink => {
                self.unlink(to, from);
                self.revoke_links(to, from);
            }
            Signal::Monitor { reference, target } => {
                // Whoever took it back in the meantime, or died, is not told.
                if !self.holds_monitor(from, reference) {
                    return;
                }
                if self.lives(to) {
                    if let Some(record) = self.slots.get_mut(to.index()) {
                        let watch = Watch { pid: from, target, since: step };
                        record.relations_mut().begin_watch(reference, watch);
                    }
                } else {
                    self.enqueue(to, from, Signal::NoProcess(Some(reference)));
                }
            }
            Signal::Demonitor(reference) => {
                self.unwatch(to, reference);
            }
            Signal::GroupLeader(leader) => {
                if let Some(record) = self.slots.get_mut(to.index()) {
                    record.leader = leader;
                }
            }
        }
    }

    /// Whether an unlink is on its way.
    fn is_unlinking(&self, from: Pid, to: Pid) -> bool {
        let queue = self.transit.get(&(to, from));
        queue.is_some_and(|queue| queue.iter().any(|(signal, _)| matches!(signal, Signal::Unlink)))
    }

    /// An unlink from a peer makes what this process has sent it before to link to it void: otherwise the peer alone
    /// would be linked.
    fn revoke_links(&mut self, pid: Pid, peer: Pid) {
        let Some(queue) = self.transit.get_mut(&(peer, pid)) else { return };
        if queue.iter().any(|(signal, _)| matches!(signal, Signal::Link)) {
            let mut revoked = Arrivals::default();
            for (signal, sent) in queue.iter().cloned() {
                let signal = if matches!(signal, Signal::Link) { Signal::StaleLink } else { signal };
                revoked.push((signal, sent));
            }
            *queue = revoked;
        }
    }

    fn holds_monitor(&self, watcher: Pid, reference: Reference) -> bool {
        let relations = self.slots.get(watcher.index()).and_then(|record| record.relations.as_ref());
        relations.is_some_and(|relations| relations.monitors.contains_key(&reference))
    }

    /// Puts a message into a mailbox; it is lost if nobody reads that any more.
    #[inline(always)]
    pub(super) fn post(&mut self, from: Pid, to: Pid, message: P::Message, step: Step) {
        let Some(record) = self.slots.get_mut(to.index()) else { return };
        let (Stage::Live, Some(body)) = (record.stage, &record.body) else { return };
        let position = record.mailbox.end();
        let (scanned, timed) = if let Wait::Waiting { scanned, timed } = record.wait {
            (scanned, timed)
        } else if let Wait::Polling { scanned } = record.wait {
            (scanned, false)
        } else {
            (u64::MAX, false)
        };
        // Only a receive that has looked at all that came before takes this one, if it does.
        let taken = if scanned == position { body.takes(&message) } else { Some(false) };
        record.mailbox.push(Envelope { message, from, arrived: step });
        if record.mailbox.len() > self.settings.limits.mailbox {
            self.ending = Some(Ending::Bounded(Bound::Mailbox(to)));
        }
        match taken {
            Some(true) => {
                record.wait = Wait::Ready { position, timed };
                self.runnable.insert(to.index());
            }
            Some(false) if scanned == u64::MAX => {}
            Some(false) | None => self.look(to),
        }
    }

    /// An exit signal that was sent on purpose.
    fn strike(&mut self, from: Pid, to: Pid, reason: P::Reason, step: Step) {
        let Some(record) = self.slots.get(to.index()) else { return };
        if record.stage != Stage::Live {
            return;
        }
        if reason.is_kill() {
            self.doom(to, P::Reason::killed(), step);
        } else if record.traps_exits {
            self.post(from, to, P::exit_message(from, &reason), step);
        } else if !reason.is_normal() || from == to {
            self.doom(to, reason, step);
        }
    }

    /// What a monitor tells. One that was removed in the meantime tells nothing.
    fn tell_down(&mut self, from: Pid, to: Pid, reference: Reference, reason: P::Reason, step: Step) {
        let Some(record) = self.slots.get_mut(to.index()) else { return };
        let watch = record.relations.as_ref().and_then(|relations| relations.monitors.get(&reference));
        let Some(watch) = watch.cloned() else { return };
        record.relations_mut().monitors.remove_mut(&reference);
        self.post(from, to, P::down_message(Down { reference, target: watch.target, reason }), step);
    }

    /// The exit signal of a linked process, if it is still linked. Here `kill` is a reason like any other.
    fn break_link(&mut self, from: Pid, to: Pid, reason: P::Reason, step: Step) {
        if !self.unlink(to, from) {
            return;
        }
        let Some(record) = self.slots.get(to.index()) else { return };
        if record.stage != Stage::Live {
            return;
        }
        if record.traps_exits {
            self.post(from, to, P::exit_message(from, &reason), step);
        } else if !reason.is_normal() {
            self.doom(to, reason, step);
        }
    }
}
