//! What happened: one event for each choice that was applied.

use serde::{Deserialize, Serialize};

use super::action::{Bond, Destination, Device, Refusal};
use super::choice::Choice;
use super::id::{Name, Nanoseconds, Pid, Reference, Step};
use super::process::{Process, SharedAnswer, SharedRequest};
use super::shared::Touch;

/// One thing that did happen.
pub struct Event<'w, P: Process> {
    /// Its number, counted from 0.
    pub step: Step,
    /// The choice that made it happen.
    pub choice: Choice,
    /// The process whose doing it is; for a delivery the receiver, for a timer the process that started it.
    pub process: Pid,
    /// What happened.
    pub happening: Happening<'w, P>,
    /// The events, besides the earlier ones of the same process, that this one could not have come before: the
    /// spawn of the process, the send of the message that was received, the signal that ended it, the registration
    /// of the name that was used.
    pub causes: [Option<Step>; 2],
    /// Where in the program.
    pub place: Option<P::Place>,
    /// The virtual time at which it happened.
    pub time: Nanoseconds,
}

/// What became of a signal when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is where it was meant to be.
    Arrived,
    /// It is on its way.
    InTransit,
    /// Nobody has that pid (any more).
    Lost,
}

/// What kind of signal travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignalKind {
    /// A message.
    Message,
    /// An exit signal, sent on purpose.
    Exit,
    /// An exit signal that a link carries.
    LinkExit,
    /// The request for a link.
    Link,
    /// The end of a link.
    Unlink,
    /// The request for a monitor.
    Monitor,
    /// The end of a monitor.
    Demonitor,
    /// What a monitor tells.
    Down,
    /// The answer to a link or a monitor that found nobody.
    NoProcess,
    /// A new group leader.
    GroupLeader,
}

impl SignalKind {
    /// The signal's name. Part of the trace's schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SignalKind::Message => "message",
            SignalKind::Exit => "exit",
            SignalKind::LinkExit => "link_exit",
            SignalKind::Link => "link",
            SignalKind::Unlink => "unlink",
            SignalKind::Monitor => "monitor",
            SignalKind::Demonitor => "demonitor",
            SignalKind::Down => "down",
            SignalKind::NoProcess => "no_process",
            SignalKind::GroupLeader => "group_leader",
        }
    }
}

/// What happened in one step.
pub enum Happening<'w, P: Process> {
    /// A process was started.
    Spawned {
        /// Its pid.
        child: Pid,
        /// What ties it to its parent.
        bond: Bond,
        /// What people call it.
        label: Option<&'w Name>,
    },
    /// A message was sent.
    Sent {
        /// To this process.
        to: Pid,
        /// By this name, if it was sent to a name.
        name: Option<&'w Name>,
        /// What.
        message: &'w P::Message,
        /// What became of it.
        fate: Fate,
    },
    /// A message was taken out of the mailbox.
    Received {
        /// From whom.
        from: Pid,
        /// What.
        message: &'w P::Message,
    },
    /// A receive ended without a message.
    TimedOut,
    /// The process ended.
    Exited {
        /// Why.
        reason: &'w P::Reason,
        /// What went to the crash log.
        crash: Option<&'w str>,
    },
    /// An exit signal was sent.
    ExitSent {
        /// To this process.
        to: Pid,
        /// With this reason.
        reason: &'w P::Reason,
        /// What became of it.
        fate: Fate,
    },
    /// Text was written.
    Output {
        /// Where to.
        device: Device,
        /// What.
        text: &'w P::Text,
    },
    /// A link was asked for.
    Linked {
        /// To this process.
        to: Pid,
    },
    /// A link was removed.
    Unlinked {
        /// From this process.
        from: Pid,
    },
    /// A monitor was set up.
    Monitored {
        /// Known by this.
        reference: Reference,
        /// On this process.
        target: &'w Destination,
    },
    /// A monitor was removed.
    Demonitored {
        /// Known by this.
        reference: Reference,
    },
    /// Exit signals become messages, or no longer.
    TrapExit {
        /// Whether they do.
        on: bool,
    },
    /// A process got a name.
    Registered {
        /// The name.
        name: &'w Name,
        /// The process.
        pid: Pid,
    },
    /// A name was freed.
    Unregistered {
        /// The name.
        name: &'w Name,
    },
    /// A name was looked up.
    LookedUp {
        /// The name.
        name: &'w Name,
        /// Who holds it.
        found: Option<Pid>,
    },
    /// A timer was started.
    TimerStarted {
        /// Known by this.
        reference: Reference,
        /// It sends to this process.
        to: &'w Destination,
        /// When it is due.
        deadline: Nanoseconds,
        /// What it sends.
        message: &'w P::Message,
    },
    /// A timer was cancelled, or was no longer there.
    TimerCancelled {
        /// Known by this.
        reference: Reference,
        /// What was left of it.
        left: Option<Nanoseconds>,
    },
    /// A timer was read.
    TimerRead {
        /// Known by this.
        reference: Reference,
        /// What is left of it.
        left: Option<Nanoseconds>,
    },
    /// A timer sent its message.
    TimerFired {
        /// Known by this.
        reference: Reference,
        /// To whom.
        to: &'w Destination,
        /// What.
        message: &'w P::Message,
        /// What became of it.
        fate: Fate,
    },
    /// The patience of a receive ended.
    Woken,
    /// A signal that was on its way got there.
    Delivered {
        /// From whom.
        from: Pid,
        /// What kind of signal.
        kind: SignalKind,
        /// The message, if it is one.
        message: Option<&'w P::Message>,
        /// The exit reason, if it carries one.
        reason: Option<&'w P::Reason>,
        /// What became of it.
        fate: Fate,
    },
    /// Somebody asked whether a process is alive.
    CheckedAlive {
        /// Which.
        of: Pid,
        /// Whether it is.
        alive: bool,
    },
    /// Somebody asked what is known about the world: a process, all processes, all names, the clock.
    Looked {
        /// At what.
        at: &'static str,
    },
    /// A number is about to be drawn.
    DrawAsked {
        /// It will be below this.
        below: u64,
    },
    /// A number was drawn.
    Drawn {
        /// The number.
        value: u64,
    },
    /// A group leader was changed.
    GroupLeaderSet {
        /// Whose.
        of: Pid,
        /// To whom.
        leader: Pid,
    },
    /// The state that processes share was asked for something.
    Shared {
        /// What was asked.
        request: &'w SharedRequest<P>,
        /// What the process is told.
        answer: &'w SharedAnswer<P>,
        /// The parts that it looked at or may have changed.
        touches: &'w [Touch],
    },
    /// Others were let in between.
    Yielded,
    /// The world did not do what was asked.
    Refused {
        /// What was asked.
        action: &'static str,
        /// Why not.
        refusal: Refusal,
    },
}

impl<P: Process> Happening<'_, P> {
    /// What kind of event it is: one lower-case word or two, joined by an underscore. Part of the trace's schema.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Happening::Spawned { .. } => "spawned",
            Happening::Sent { .. } => "sent",
            Happening::Received { .. } => "received",
            Happening::TimedOut => "timed_out",
            Happening::Exited { .. } => "exited",
            Happening::ExitSent { .. } => "exit_sent",
            Happening::Output { .. } => "output",
            Happening::Linked { .. } => "linked",
            Happening::Unlinked { .. } => "unlinked",
            Happening::Monitored { .. } => "monitored",
            Happening::Demonitored { .. } => "demonitored",
            Happening::TrapExit { .. } => "trap_exit",
            Happening::Registered { .. } => "registered",
            Happening::Unregistered { .. } => "unregistered",
            Happening::LookedUp { .. } => "looked_up",
            Happening::TimerStarted { .. } => "timer_started",
            Happening::TimerCancelled { .. } => "timer_cancelled",
            Happening::TimerRead { .. } => "timer_read",
            Happening::TimerFired { .. } => "timer_fired",
            Happening::Woken => "woken",
            Happening::Delivered { .. } => "delivered",
            Happening::CheckedAlive { .. } => "checked_alive",
            Happening::Looked { .. } => "looked",
            Happening::DrawAsked { .. } => "draw_asked",
            Happening::Drawn { .. } => "drawn",
            Happening::GroupLeaderSet { .. } => "group_leader_set",
            Happening::Shared { .. } => "shared",
            Happening::Yielded => "yielded",
            Happening::Refused { .. } => "refused",
        }
    }
}

/// Whoever watches a world. It sees every event and can change nothing.
pub trait Observer<P: Process> {
    /// An event has just happened.
    fn observe(&mut self, event: &Event<'_, P>);
}

/// Sees nothing.
impl<P: Process> Observer<P> for () {
    #[inline]
    fn observe(&mut self, _event: &Event<'_, P>) {}
}

impl<P: Process, O: Observer<P> + ?Sized> Observer<P> for &mut O {
    fn observe(&mut self, event: &Event<'_, P>) {
        (**self).observe(event);
    }
}

/// Both see it.
impl<P: Process, A: Observer<P>, B: Observer<P>> Observer<P> for (A, B) {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.0.observe(event);
        self.1.observe(event);
    }
}
