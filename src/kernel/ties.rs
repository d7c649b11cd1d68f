//! What ties processes to each other and to names: links, monitors, registration.

use super::action::{Destination, Refusal, Reply};
use super::event::{Happening, Observer};
use super::id::{Name, Pid, Reference, Step};
use super::process::{Process, Reason};
use super::record::{Relations, Signal, Watch};
use super::step::Actor;
use super::storage::{Mailbox, Slots};
use super::world::World;

impl<P: Process> World<P> {
    pub(super) fn relate(&mut self, pid: Pid, change: impl FnOnce(&mut Relations)) {
        if let Some(record) = self.slots.get_mut(pid.index()) {
            change(record.relations_mut());
        }
    }

    /// Sets up both sides of a monitor.
    pub(super) fn watch(
        &mut self,
        reference: Reference,
        watcher: Pid,
        watched: Pid,
        target: &Destination,
        since: Step,
    ) {
        self.relate(watcher, |relations| {
            let watch = Watch { pid: watched, target: target.clone(), since };
            relations.monitors.insert_mut(reference, watch);
        });
        self.relate(watched, |relations| {
            relations.begin_watch(reference, Watch { pid: watcher, target: target.clone(), since });
        });
    }

    pub(super) fn link<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        to: Pid,
        observer: &mut O,
    ) -> Option<Reply<P>> {
        let pid = actor.pid;
        let traps = self.slots.get(pid.index()).is_some_and(|record| record.traps_exits);
        // A link that is still there is enough, even to the dead: their exit signal is on its way.
        let is_linked = self.slots.get(pid.index()).is_some_and(|record| record.is_linked(to));
        if !is_linked && !self.is_present(to) && to != Pid::SYSTEM && !traps {
            return Some(self.refuse(actor, "link", Refusal::NoProcess, observer));
        }
        let step = self.this_step();
        self.happened(actor, Happening::Linked { to }, observer);
        if is_linked || to == pid || to == Pid::SYSTEM {
            return Some(Reply::Done);
        }
        if self.is_present(to) {
            self.relate(pid, |relations| {
                relations.links.insert_mut(to);
            });
            self.transmit(pid, to, Signal::Link);
        } else {
            self.post(to, pid, P::exit_message(to, &<P::Reason as Reason>::noproc()), step);
        }
        Some(Reply::Done)
    }

    pub(super) fn monitor<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &mut Actor<P>,
        reference: Reference,
        target: Destination,
        observer: &mut O,
    ) {
        let pid = actor.pid;
        let watched = match &target {
            Destination::Pid(watched) => Some(*watched),
            Destination::Name(name) => self.names.get(name).map(|&(holder, registered)| {
                actor.causes[1] = Some(registered);
                holder
            }),
        };
        let since = self.this_step();
        self.happened(actor, Happening::Monitored { reference, target: &target }, observer);
        match watched {
            Some(watched) if watched == pid || watched == Pid::SYSTEM => {}
            Some(watched) => {
                let watch = Watch { pid: watched, target: target.clone(), since };
                self.relate(pid, |relations| {
                    relations.monitors.insert_mut(reference, watch);
                });
                self.transmit(pid, watched, Signal::Monitor { reference, target });
            }
            // Until the answer comes the monitor is active, and can be removed.
            None => {
                let watch = Watch { pid: Pid::SYSTEM, target, since };
                self.relate(pid, |relations| {
                    relations.monitors.insert_mut(reference, watch);
                });
                self.enqueue(Pid::SYSTEM, pid, Signal::NoProcess(Some(reference)));
            }
        }
    }

    pub(super) fn demonitor<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        reference: Reference,
        flush: bool,
        observer: &mut O,
    ) -> Reply<P> {
        let pid = actor.pid;
        self.happened(actor, Happening::Demonitored { reference }, observer);
        let watch = self
            .slots
            .get(pid.index())
            .and_then(|record| record.relations.as_ref()?.monitors.get(&reference).map(|watch| watch.pid));
        if let Some(watched) = watch {
            self.relate(pid, |relations| {
                relations.monitors.remove_mut(&reference);
            });
            if watched != Pid::SYSTEM {
                self.transmit(pid, watched, Signal::Demonitor(reference));
            }
        } else if flush && let Some(record) = self.slots.get_mut(pid.index()) {
            let mut position = 0;
            while let Some((found, envelope)) = record.mailbox.next_from(position) {
                if P::is_down(&envelope.message, reference) {
                    record.mailbox.take(found);
                    break;
                }
                position = found + 1;
            }
        }
        Reply::Flag(watch.is_some())
    }

    pub(super) fn register<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &Actor<P>,
        name: Name,
        holder: Pid,
        observer: &mut O,
    ) -> Reply<P> {
        let refusal = if self.names.contains_key(&name) {
            Some(Refusal::NameTaken)
        } else if !self.is_present(holder) {
            Some(Refusal::NotAlive)
        } else if self.name_of(holder).is_some() {
            Some(Refusal::AlreadyNamed)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            return self.refuse(actor, "register", refusal, observer);
        }
        let step = self.this_step();
        self.happened(actor, Happening::Registered { name: &name, pid: holder }, observer);
        self.names.insert_mut(name.clone(), (holder, step));
        self.relate(holder, |relations| relations.name = Some(name));
        Reply::Done
    }

    pub(super) fn unregister<O: Observer<P> + ?Sized>(
        &mut self,
        actor: &mut Actor<P>,
        name: &Name,
        observer: &mut O,
    ) -> Reply<P> {
        let Some(&(holder, registered)) = self.names.get(name) else {
            return self.refuse(actor, "unregister", Refusal::NotRegistered, observer);
        };
        actor.causes[1] = Some(registered);
        self.happened(actor, Happening::Unregistered { name }, observer);
        self.names.remove_mut(name);
        self.relate(holder, |relations| relations.name = None);
        Reply::Done
    }
}
