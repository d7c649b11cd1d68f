//! Receives: which message a process takes, and when it can.

use super::action::Reply;
use super::choice::Choice;
use super::event::{Happening, Observer};
use super::id::{Nanoseconds, Pid, Step};
use super::process::{Cpu, Process, Search};
use super::record::Wait;
use super::step::Actor;
use super::storage::{Mailbox, Slots};
use super::timer::{Purpose, Timer};
use super::world::World;

impl<P: Process> World<P> {
    /// A process takes the message that it waits for, or ends its wait. `cause` is what its doing so could not have come
    /// before.
    #[inline(always)]
    pub(super) fn receive<O: Observer<P> + ?Sized>(
        &mut self,
        pid: Pid,
        place: Option<P::Place>,
        cause: Option<Step>,
        observer: &mut O,
    ) -> Reply<P> {
        let Some(record) = self.slots.get_mut(pid.index()) else { return Reply::TimedOut };
        let wait = std::mem::replace(&mut record.wait, Wait::NotReceiving);
        let Wait::Ready { position, timed } = wait else {
            return self.receive_nothing(pid, place, cause, wait, observer);
        };
        if timed {
            self.timers.stop_waking(pid);
        }
        let Some(envelope) = record.mailbox.take(position) else { return Reply::TimedOut };
        let causes = [cause, Some(envelope.arrived)];
        let actor = Actor { pid, choice: Choice::Run(pid), place, causes };
        let happening = Happening::Received { from: envelope.from, message: &envelope.message };
        self.happened(&actor, happening, observer);
        Reply::Message(envelope.message)
    }

    /// A process ends its wait without a message.
    #[inline(never)]
    fn receive_nothing<O: Observer<P> + ?Sized>(
        &mut self,
        pid: Pid,
        place: Option<P::Place>,
        cause: Option<Step>,
        wait: Wait,
        observer: &mut O,
    ) -> Reply<P> {
        let woken = if let Wait::TimedOut(woken) = wait {
            Some(woken)
        } else {
            debug_assert!(matches!(wait, Wait::Polling { .. }), "a receive that waits is not enabled");
            None
        };
        let actor = Actor { pid, choice: Choice::Run(pid), place, causes: [cause, woken] };
        self.happened(&actor, Happening::TimedOut, observer);
        Reply::TimedOut
    }

    /// Looks for the message that the pending receive of a process takes, among those not looked at yet.
    pub(super) fn look(&mut self, pid: Pid) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        let (Wait::Waiting { scanned, .. } | Wait::Polling { scanned }) = record.wait else { return };
        if scanned == record.mailbox.end() {
            return;
        }
        let Some(body) = &mut record.body else { return };
        let steps_left = self.settings.limits.steps.saturating_sub(self.steps);
        let mut cpu = Cpu::new(pid, &mut self.environment, steps_left, &mut self.counters);
        let search = body.search(&mut cpu, &mut record.mailbox, scanned);
        let (timed, polls) = match record.wait {
            Wait::Waiting { timed, .. } => (timed, false),
            Wait::NotReceiving | Wait::Ready { .. } | Wait::Polling { .. } | Wait::TimedOut(_) => {
                (false, true)
            }
        };
        match search {
            Search::Found(position) => record.wait = Wait::Ready { position, timed },
            Search::Failed(request) => {
                record.wait = Wait::NotReceiving;
                record.pending = Some(*request);
                if timed {
                    self.timers.stop_waking(pid);
                }
            }
            Search::Nothing => {
                let scanned = record.mailbox.end();
                record.wait =
                    if polls { Wait::Polling { scanned } } else { Wait::Waiting { scanned, timed } };
                return;
            }
        }
        self.runnable.insert(pid.index());
    }

    /// Starts the timer that bounds a wait, unless there is nothing to wait for.
    pub(super) fn start_waiting(&mut self, pid: Pid, span: Nanoseconds) {
        let deadline = self.now.saturating_add(span);
        // The wait begins with the local code that follows the latest event.
        let started = self.steps.saturating_sub(1);
        if let Some(record) = self.slots.get_mut(pid.index())
            && let Wait::Waiting { timed, .. } = &mut record.wait
        {
            *timed = true;
            self.timers.start(deadline, pid, Timer { purpose: Purpose::Wake, started });
        }
    }
}
