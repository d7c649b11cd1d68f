//! Events in words: the sentences that stand beside lanes, in diagrams, and wherever else people read what happened.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::event::{TraceEvent, What};
use super::{Trace, name_of};
use crate::kernel::{Bond, Device, Fate, Nanoseconds, Pid};

/// A text longer than this is cut.
const MOST_CHARACTERS: usize = 90;

impl Trace {
    /// What happened in an event of this trace, in words, and where in the program.
    #[must_use]
    pub fn sentence(&self, event: &TraceEvent) -> String {
        let words = event.in_words(&self.names);
        match &event.place {
            Some(place) => format!("{words}  [{place}]"),
            None => words,
        }
    }
}

impl TraceEvent {
    /// What happened, in words. `names` says what people call the processes; who is not among them is called by the pid.
    pub fn in_words(&self, names: &BTreeMap<Pid, String>) -> String {
        let who = name_of(names, self.process);
        let name = |pid: Pid| if pid == self.process { "itself".to_owned() } else { name_of(names, pid) };
        let lost = |fate: Fate| match fate {
            Fate::Arrived => "",
            Fate::InTransit => " (on its way)",
            Fate::Lost => " (lost: it is dead)",
        };
        match &self.what {
            What::Spawned { child, bond, .. } => {
                let bond = match bond {
                    Bond::None => "",
                    Bond::Link => ", linked",
                    Bond::Monitor(_) => ", monitored",
                    Bond::LinkAndMonitor(_) => ", linked and monitored",
                };
                format!("{who} spawns {}{bond}", name(*child))
            }
            What::Sent { to, message, fate, .. } => {
                format!("{who} sends {} {}{}", name(*to), cut(message), lost(*fate))
            }
            What::Received { from, message } => {
                let from =
                    if *from == Pid::SYSTEM { String::new() } else { format!(" from {}", name(*from)) };
                format!("{who} takes {}{from}", cut(message))
            }
            What::TimedOut => format!("{who} has waited long enough"),
            What::Exited { crash: Some(crash), .. } => format!("{who} crashes: {}", cut(crash)),
            What::Exited { normal: true, .. } => format!("{who} ends"),
            What::Exited { reason, .. } => format!("{who} ends: {}", cut(reason)),
            What::ExitSent { to, reason, fate } => {
                format!("{who} sends {} the exit signal {}{}", name(*to), cut(reason), lost(*fate))
            }
            What::Output { device: Device::Stdout, text } => {
                format!("{who} writes: {}", cut(text.trim_end()))
            }
            What::Output { device: Device::Stderr, text } => {
                format!("{who} writes to stderr: {}", cut(text.trim_end()))
            }
            What::Linked { to } => format!("{who} links to {}", name(*to)),
            What::Unlinked { from } => format!("{who} unlinks from {}", name(*from)),
            What::Monitored { target, .. } => format!("{who} monitors {target}"),
            What::Demonitored { .. } => format!("{who} stops monitoring"),
            What::TrapExit { on: true } => format!("{who} traps exits"),
            What::TrapExit { on: false } => format!("{who} no longer traps exits"),
            What::Registered { name: registered, pid } => {
                format!("{who} registers {} as {registered}", name(*pid))
            }
            What::Unregistered { name } => format!("{who} unregisters {name}"),
            What::LookedUp { name: looked, found: Some(pid) } => {
                format!("{who} looks up {looked}: {}", name(*pid))
            }
            What::LookedUp { name, found: None } => format!("{who} looks up {name}: nobody"),
            What::TimerStarted { to, deadline, message, .. } => format!(
                "{who} starts a timer: {} for {to} in {}",
                cut(message),
                span(deadline.saturating_sub(self.time))
            ),
            What::TimerCancelled { left: Some(left), .. } => {
                format!("{who} cancels a timer that had {} to go", span(*left))
            }
            What::TimerCancelled { left: None, .. } => {
                format!("{who} cancels a timer that is no longer running")
            }
            What::TimerRead { left: Some(left), .. } => {
                format!("{who} reads a timer: {} to go", span(*left))
            }
            What::TimerRead { left: None, .. } => format!("{who} reads a timer that is no longer running"),
            What::TimerFired { to, message, fate, .. } => {
                format!("a timer of {who} sends {} to {to}{}", cut(message), lost(*fate))
            }
            What::Woken => format!("the wait of {who} is over"),
            What::Delivered { from, message: Some(message), fate, .. } => {
                format!("{} from {} reaches {who}{}", cut(message), name(*from), lost(*fate))
            }
            What::Delivered { from, signal: "link_exit", reason: Some(reason), fate, .. } => format!(
                "{who}, which is linked to {}, learns that it is gone: {}{}",
                name(*from),
                cut(reason),
                lost(*fate)
            ),
            What::Delivered { from, signal: "down", reason: Some(reason), fate, .. } => format!(
                "{who}, which monitors {}, learns that it is gone: {}{}",
                name(*from),
                cut(reason),
                lost(*fate)
            ),
            What::Delivered { from, signal: "no_process", fate, .. } => {
                format!("{who} learns that {} is no more{}", name(*from), lost(*fate))
            }
            What::Delivered { from, signal, reason, fate, .. } => {
                let reason = reason.as_ref().map_or(String::new(), |reason| format!(" ({})", cut(reason)));
                format!("the signal {signal}{reason} from {} reaches {who}{}", name(*from), lost(*fate))
            }
            What::CheckedAlive { of, alive: true } => format!("{who} finds {} alive", name(*of)),
            What::CheckedAlive { of, alive: false } => format!("{who} finds {} dead", name(*of)),
            What::Looked { at } => format!("{who} looks at {at}"),
            What::DrawAsked { below } => format!("{who} asks for a number below {below}"),
            What::Drawn { value } => format!("{who} draws {value}"),
            What::GroupLeaderSet { of, leader } => {
                format!("{who} makes {} the group leader of {}", name(*leader), name(*of))
            }
            What::Shared { request, answer: Some(answer), .. } => {
                format!("{who}: {} gives {}", cut(request), cut(answer))
            }
            What::Shared { request, answer: None, .. } => format!("{who}: {}", cut(request)),
            What::Yielded => format!("{who} lets others come in between"),
            What::Refused { action, refusal } => format!("{who} cannot {action}: {refusal}"),
        }
    }
}

/// A text that fits on a line.
pub(super) fn cut(text: &str) -> String {
    let text = text.replace('\n', "⏎");
    if text.width() <= MOST_CHARACTERS {
        return text;
    }
    let kept: String = text.chars().take(MOST_CHARACTERS - 1).collect();
    format!("{kept}…")
}

/// A span of virtual time.
pub(super) fn span(nanoseconds: Nanoseconds) -> String {
    format!("{:?}", std::time::Duration::from_nanos(nanoseconds))
}
