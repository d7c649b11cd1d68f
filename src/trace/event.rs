//! Events, with everything in them as text: what is left of a run when its world is gone.

use serde::Serialize;

use super::clock::VectorClock;
use crate::kernel::{
    Bond, Choice, Device, Event, Fate, Happening, Nanoseconds, Pid, Process, Shared, Step, Touch,
};

/// One thing that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceEvent {
    /// Its number, counted from 0.
    pub step: Step,
    /// The choice that made it happen.
    pub choice: Choice,
    /// The process whose doing it is; for a delivery the receiver, for a timer the process that started it.
    pub process: Pid,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
    /// Where in the program.
    pub place: Option<String>,
    /// The virtual time, in nanoseconds.
    pub time: Nanoseconds,
    /// The events that this one could not have come before, with none in between.
    pub after: Vec<Step>,
    /// Its causal past: how many events of each process it could not have come before, itself included. What is
    /// not done by a process (a delivery, a timer) counts for none.
    pub clock: VectorClock,
}

impl TraceEvent {
    /// Whether a process did it, as opposed to a delivery or a timer.
    #[must_use]
    pub fn is_act(&self) -> bool {
        match self.choice {
            Choice::Run(_) | Choice::Draw(_) => true,
            Choice::Deliver { .. } | Choice::Fire(_) => false,
        }
    }
}

/// What happened. Messages, reasons and texts are as people read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are those of kernel::Happening, whose documentation holds here too"
)]
pub enum What {
    Spawned { child: Pid, bond: Bond, label: Option<String> },
    Sent { to: Pid, name: Option<String>, message: String, fate: Fate },
    Received { from: Pid, message: String },
    TimedOut,
    Exited { reason: String, normal: bool, crash: Option<String> },
    ExitSent { to: Pid, reason: String, fate: Fate },
    Output { device: Device, text: String },
    Linked { to: Pid },
    Unlinked { from: Pid },
    Monitored { reference: String, target: String },
    Demonitored { reference: String },
    TrapExit { on: bool },
    Registered { name: String, pid: Pid },
    Unregistered { name: String },
    LookedUp { name: String, found: Option<Pid> },
    TimerStarted { reference: String, to: String, deadline: Nanoseconds, message: String },
    TimerCancelled { reference: String, left: Option<Nanoseconds> },
    TimerRead { reference: String, left: Option<Nanoseconds> },
    TimerFired { reference: String, to: String, message: String, fate: Fate },
    Woken,
    Delivered { from: Pid, signal: &'static str, message: Option<String>, reason: Option<String>, fate: Fate },
    CheckedAlive { of: Pid, alive: bool },
    Looked { at: &'static str },
    DrawAsked { below: u64 },
    Drawn { value: u64 },
    GroupLeaderSet { of: Pid, leader: Pid },
    Shared { request: String, answer: Option<String>, reads: Vec<String>, writes: Vec<String> },
    Yielded,
    Refused { action: &'static str, refusal: String },
}

impl What {
    /// What happened, as text.
    pub(super) fn of<P: Process>(event: &Event<'_, P>) -> What {
        let show = P::show_message;
        match &event.happening {
            Happening::Spawned { child, bond, label } => What::Spawned {
                child: *child,
                bond: *bond,
                label: label.as_ref().map(|label| label.as_str().to_owned()),
            },
            Happening::Sent { to, name, message, fate } => What::Sent {
                to: *to,
                name: name.map(|name| name.as_str().to_owned()),
                message: show(message),
                fate: *fate,
            },
            Happening::Received { from, message } => What::Received { from: *from, message: show(message) },
            Happening::TimedOut => What::TimedOut,
            Happening::Exited { reason, crash } => What::Exited {
                reason: reason.to_string(),
                normal: crate::kernel::Reason::is_normal(*reason),
                crash: crash.map(str::to_owned),
            },
            Happening::ExitSent { to, reason, fate } => {
                What::ExitSent { to: *to, reason: reason.to_string(), fate: *fate }
            }
            Happening::Output { device, text } => What::Output { device: *device, text: text.to_string() },
            Happening::Linked { to } => What::Linked { to: *to },
            Happening::Unlinked { from } => What::Unlinked { from: *from },
            Happening::Monitored { reference, target } => {
                What::Monitored { reference: reference.to_string(), target: target.to_string() }
            }
            Happening::Demonitored { reference } => What::Demonitored { reference: reference.to_string() },
            Happening::TrapExit { on } => What::TrapExit { on: *on },
            Happening::Registered { name, pid } => {
                What::Registered { name: name.as_str().to_owned(), pid: *pid }
            }
            Happening::Unregistered { name } => What::Unregistered { name: name.as_str().to_owned() },
            Happening::LookedUp { name, found } => {
                What::LookedUp { name: name.as_str().to_owned(), found: *found }
            }
            Happening::TimerStarted { reference, to, deadline, message } => What::TimerStarted {
                reference: reference.to_string(),
                to: to.to_string(),
                deadline: *deadline,
                message: show(message),
            },
            Happening::TimerCancelled { reference, left } => {
                What::TimerCancelled { reference: reference.to_string(), left: *left }
            }
            Happening::TimerRead { reference, left } => {
                What::TimerRead { reference: reference.to_string(), left: *left }
            }
            Happening::TimerFired { reference, to, message, fate } => What::TimerFired {
                reference: reference.to_string(),
                to: to.to_string(),
                message: show(message),
                fate: *fate,
            },
            Happening::Woken => What::Woken,
            Happening::Delivered { from, kind, message, reason, fate } => What::Delivered {
                from: *from,
                signal: kind.name(),
                message: message.map(show),
                reason: reason.map(ToString::to_string),
                fate: *fate,
            },
            Happening::CheckedAlive { of, alive } => What::CheckedAlive { of: *of, alive: *alive },
            Happening::Looked { at } => What::Looked { at },
            Happening::DrawAsked { below } => What::DrawAsked { below: *below },
            Happening::Drawn { value } => What::Drawn { value: *value },
            Happening::GroupLeaderSet { of, leader } => What::GroupLeaderSet { of: *of, leader: *leader },
            Happening::Shared { request, answer, touches } => What::Shared {
                request: P::Shared::show_request(request),
                answer: P::Shared::show_answer(answer),
                reads: regions(touches, false),
                writes: regions(touches, true),
            },
            Happening::Yielded => What::Yielded,
            Happening::Refused { action, refusal } => What::Refused { action, refusal: refusal.to_string() },
        }
    }
}

/// The regions of the shared state that were only looked at, or that may have been changed.
fn regions(touches: &[Touch], writes: bool) -> Vec<String> {
    touches.iter().filter(|touch| touch.writes == writes).map(|touch| touch.region.to_string()).collect()
}
