//! How processes end.
//!
//! A process that ends by itself does so in a step of its own, after its last action; until then it is alive and
//! holds its name. A process that an exit signal ends runs no more code from that moment on; its exit is then its
//! next step, and until then it still holds its name. Who asks whether it is alive waits for that step.
//!
//! The exit frees the name, stops the timers that would send to the pid, ends the monitors that the process held, and
//! gives away or drops what it owned of the state that processes share.
//! Then those who are to know are told, each in a step of its own, since others can come in between, and since
//! nothing is promised of the order in which different processes learn of it. Under every delivery that is a signal on its
//! way. Under [`Delivery::Instant`] the links, in any order, are told before the monitors, and these in the order of
//! their age: that is what one BEAM node does.

use super::action::{Action, Request};
use super::event::{Happening, Observer};
use super::id::{Pid, Reference, Step};
use super::outcome::Ending;
use super::process::{MailboxOf, Process, Reason};
use super::record::{Signal, Stage, Wait};
use super::settings::{Delivery, Halt};
use super::shared::Shared;
use super::step::Actor;
use super::storage::{Mailbox, Slots};
use super::world::World;

impl<P: Process> World<P> {
    /// An exit signal ends a process.
    pub(super) fn doom(&mut self, pid: Pid, reason: P::Reason, step: Step) {
        self.stop_waiting(pid);
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        debug_assert!(record.stage == Stage::Live, "only the living are ended");
        record.stage = Stage::Doomed;
        record.body = None;
        record.mailbox = MailboxOf::<P>::default();
        record.cause = Some(step);
        record.pending = Some(Request { action: Action::Exit { reason, crash: None }, place: None });
        self.runnable.insert(pid.index());
        self.settle_askers(pid);
    }

    fn stop_waiting(&mut self, pid: Pid) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        let wait = std::mem::replace(&mut record.wait, Wait::NotReceiving);
        if let Wait::Waiting { timed: true, .. } | Wait::Ready { timed: true, .. } = wait {
            self.timers.stop_waking(pid);
        }
    }

    /// Those who ask whether a process is alive can do so now, or no longer.
    fn settle_askers(&mut self, pid: Pid) {
        let Some(relations) = self.slots.get(pid.index()).and_then(|record| record.relations.as_ref()) else {
            return;
        };
        let askers: Vec<Pid> = relations.askers.iter().copied().collect();
        for asker in askers {
            self.settle_asker(asker, pid);
        }
    }

    /// A process exits.
    pub(super) fn exit<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        reason: P::Reason,
        crash: Option<Box<str>>,
        observer: &mut O,
    ) {
        let pid = actor.pid;
        self.happened(actor, Happening::Exited { reason: &reason, crash: crash.as_deref() }, observer);
        if let Some(report) = crash {
            self.crashes.push_front_mut((pid, reason.clone(), report.into()));
        }
        if pid == Pid::MAIN {
            self.main_exit = Some(reason.clone());
            // The end of a script by anything but its last line halts the system even with --no-halt.
            if self.settings.halt == Halt::WithMain || !reason.is_normal() {
                self.ending = Some(Ending::Halted);
            }
        }
        self.runnable.remove(pid.index());
        if !self.timers.is_empty() {
            self.timers.remove_targets(pid);
        }
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        record.stage = Stage::Mourned;
        record.body = None;
        if self.ending.is_some() {
            // The world may begin anew, with the room that there is.
            record.mailbox.clear();
        } else {
            record.mailbox = MailboxOf::<P>::default();
        }
        let tied = record.relations.is_some();
        if !self.shared.is_indifferent(pid) {
            self.bequeath(pid);
        }
        if tied {
            self.leave_behind(pid, actor.place, reason);
        } else {
            self.bury(pid);
        }
    }

    /// Lets go of what ties a dead process to others, and has them told.
    fn leave_behind(&mut self, pid: Pid, place: Option<P::Place>, reason: P::Reason) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        record.pending =
            Some(Request { action: Action::Exit { reason: reason.clone(), crash: None }, place });
        let relations = record.relations_mut();
        let name = relations.name.take();
        let held: Vec<(Reference, Pid)> =
            relations.monitors.iter().map(|(&reference, watch)| (reference, watch.pid)).collect();
        relations.monitors = Default::default();
        let links: Vec<Pid> = relations.links.iter().copied().collect();
        relations.links = Default::default();
        relations.untold = links.len() as u64;
        if let Some(name) = name {
            self.names.remove_mut(&name);
        }
        for (reference, watched) in held {
            self.unwatch(watched, reference);
        }
        for peer in links {
            self.enqueue(pid, peer, Signal::LinkExit(reason.clone()));
        }
        self.settle_askers(pid);
        self.tell_monitors(pid);
    }

    /// Tells the monitors of a dead process that can be told now, and buries it if none is left.
    fn tell_monitors(&mut self, pid: Pid) {
        loop {
            let Some(record) = self.slots.get_mut(pid.index()) else { return };
            let (Stage::Mourned, Some(relations)) = (record.stage, &record.relations) else { return };
            let in_turn = self.settings.delivery == Delivery::Instant;
            if in_turn && relations.untold > 0 {
                return;
            }
            let oldest = relations.watched_since.first().map(|(_, &reference)| reference);
            let watch = oldest.and_then(|reference| relations.watchers.get(&reference));
            let (Some(reference), Some(watch)) = (oldest, watch) else {
                if relations.untold == 0 {
                    self.bury(pid);
                }
                return;
            };
            let watcher = watch.pid;
            let Some(Request { action: Action::Exit { reason, .. }, .. }) = &record.pending else { return };
            let signal = Signal::Down { reference, reason: reason.clone() };
            let relations = record.relations_mut();
            relations.end_watch(reference);
            relations.untold += 1;
            self.enqueue(pid, watcher, signal);
        }
    }

    /// A signal of this process has been delivered; if it is dead, the next one may follow.
    pub(super) fn told(&mut self, pid: Pid) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        if record.stage == Stage::Mourned && record.relations.is_some() {
            let relations = record.relations_mut();
            relations.untold = relations.untold.saturating_sub(1);
            self.tell_monitors(pid);
        }
    }

    fn bury(&mut self, pid: Pid) {
        if let Some(record) = self.slots.get_mut(pid.index()) {
            record.stage = Stage::Dead;
            record.pending = None;
            record.relations = None;
        }
    }

    /// Removes the link to a peer from one side. Returns whether there was one.
    pub(super) fn unlink(&mut self, pid: Pid, peer: Pid) -> bool {
        let Some(record) = self.slots.get_mut(pid.index()) else { return false };
        let linked = record.is_linked(peer);
        if linked {
            record.relations_mut().links.remove_mut(&peer);
        }
        linked
    }

    /// Removes a monitor from the side that is watched.
    pub(super) fn unwatch(&mut self, watched: Pid, reference: Reference) {
        if let Some(record) = self.slots.get_mut(watched.index())
            && record.relations.is_some()
        {
            record.relations_mut().end_watch(reference);
            self.tell_monitors(watched);
        }
    }
}
