//! What an observer can keep of events, with messages and reasons as they are and not as text.

use rashomon::kernel::{
    Choice, Destination, Event, Fate, Happening, Nanoseconds, Observer, Pid, Reference, SignalKind, Step,
};

use crate::script::{Message, Reason, Scripted};

/// An event, without what no law asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) step: Step,
    pub(crate) choice: Choice,
    pub(crate) process: Pid,
    pub(crate) time: Nanoseconds,
    pub(crate) what: Noted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    Spawned { child: Pid },
    Sent { to: Pid, message: Message, fate: Fate },
    Received { from: Pid, message: Message },
    Exited,
    ExitSent { to: Pid, reason: Reason, fate: Fate },
    Linked { to: Pid },
    Monitored { target: Destination },
    Demonitored { reference: Reference },
    TimerStarted { reference: Reference, to: Destination, deadline: Nanoseconds },
    TimerCancelled { reference: Reference, left: Option<Nanoseconds> },
    TimerFired { reference: Reference, to: Destination, message: Message, fate: Fate },
    Woken,
    Delivered { from: Pid, kind: SignalKind, message: Option<Message>, reason: Option<Reason>, fate: Fate },
    Other,
}

/// Keeps every event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(pub(crate) Vec<Note>);

impl Observer<Scripted> for Notes {
    fn observe(&mut self, event: &Event<'_, Scripted>) {
        let what = match &event.happening {
            Happening::Spawned { child, .. } => Noted::Spawned { child: *child },
            Happening::Sent { to, message, fate, .. } => {
                Noted::Sent { to: *to, message: (*message).clone(), fate: *fate }
            }
            Happening::Received { from, message } => {
                Noted::Received { from: *from, message: (*message).clone() }
            }
            Happening::Exited { .. } => Noted::Exited,
            Happening::ExitSent { to, reason, fate } => {
                Noted::ExitSent { to: *to, reason: **reason, fate: *fate }
            }
            Happening::Linked { to } => Noted::Linked { to: *to },
            Happening::Monitored { target, .. } => Noted::Monitored { target: (*target).clone() },
            Happening::Demonitored { reference } => Noted::Demonitored { reference: *reference },
            Happening::TimerStarted { reference, to, deadline, .. } => {
                Noted::TimerStarted { reference: *reference, to: (*to).clone(), deadline: *deadline }
            }
            Happening::TimerCancelled { reference, left } => {
                Noted::TimerCancelled { reference: *reference, left: *left }
            }
            Happening::TimerFired { reference, to, message, fate } => Noted::TimerFired {
                reference: *reference,
                to: (*to).clone(),
                message: (*message).clone(),
                fate: *fate,
            },
            Happening::Woken => Noted::Woken,
            Happening::Delivered { from, kind, message, reason, fate } => Noted::Delivered {
                from: *from,
                kind: *kind,
                message: message.cloned(),
                reason: reason.copied(),
                fate: *fate,
            },
            Happening::TimedOut
            | Happening::Output { .. }
            | Happening::Unlinked { .. }
            | Happening::TrapExit { .. }
            | Happening::Registered { .. }
            | Happening::Unregistered { .. }
            | Happening::LookedUp { .. }
            | Happening::TimerRead { .. }
            | Happening::CheckedAlive { .. }
            | Happening::Looked { .. }
            | Happening::DrawAsked { .. }
            | Happening::Drawn { .. }
            | Happening::GroupLeaderSet { .. }
            | Happening::Shared { .. }
            | Happening::Yielded
            | Happening::Refused { .. } => Noted::Other,
        };
        let Event { step, choice, process, time, .. } = *event;
        self.0.push(Note { step, choice, process, time, what });
    }
}
