//! A trace as text, one lane a process.
//!
//! Time runs downward. A lane begins where its process is spawned and ends where it exits. Arrows are signals: from
//! the lane of the sender to the lane of the receiver. What happened stands to the right, in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Trace;
use super::event::{TraceEvent, What};
use crate::kernel::{Bond, Device, Fate, Nanoseconds, Pid};

/// More processes than this get no lane; what they do is still told in words.
const MOST_LANES: usize = 40;
/// A text longer than this is cut.
const MOST_CHARACTERS: usize = 90;

/// What a lane shows in one row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The process acts.
    Acts,
    /// It takes a message.
    Takes,
    /// It writes.
    Writes,
    /// It ends.
    Ends,
    /// Something reaches it.
    Reached,
    /// Something is lost on it.
    Missed,
}

impl Mark {
    fn glyph(self) -> char {
        match self {
            Mark::Acts => '●',
            Mark::Takes => '◆',
            Mark::Writes => '■',
            Mark::Ends => '╳',
            Mark::Reached => '▸',
            Mark::Missed => '×',
        }
    }
}

/// Which signal a row draws, from lane to lane.
struct Arrow {
    from: Pid,
    to: Pid,
    lost: bool,
}

struct Row {
    mark: Option<(Pid, Mark)>,
    arrow: Option<Arrow>,
    born: Option<Pid>,
    died: Option<Pid>,
}

impl Trace {
    /// The run as people read it: one lane a process, and what happened in words.
    ///
    /// `●` acts, `◆` takes a message out of its mailbox, `■` writes, `╳` ends; an arrow is a signal, and ends in `×` where
    /// it is lost.
    #[must_use]
    pub fn lanes(&self) -> String {
        let lanes = self.lane_order();
        let mut text = String::new();
        let mut alive: BTreeMap<Pid, bool> = BTreeMap::new();
        for (index, &pid) in lanes.iter().enumerate() {
            text.push_str("      ");
            for _ in 0..index {
                text.push_str("│  ");
            }
            text.push_str(&self.name_of(pid));
            text.push('\n');
        }
        let _infallible = writeln!(text, "step  {}", vec!["│"; lanes.len()].join("  "));
        alive.insert(Pid::MAIN, true);
        let mut time = 0;
        for event in &self.events {
            if event.time != time {
                time = event.time;
                let rest: String = lane_row(&lanes, &alive, &Row::empty());
                let _infallible = writeln!(text, "      {rest}  ┄┄ the clock moves to {} ┄┄", span(time));
            }
            let row = Row::of(event);
            if let Some(born) = row.born {
                alive.insert(born, true);
            }
            let drawn = lane_row(&lanes, &alive, &row);
            let _infallible = writeln!(text, "{:>4}  {drawn}  {}", event.step, self.sentence(event));
            if let Some(died) = row.died {
                alive.insert(died, false);
            }
        }
        let _infallible = writeln!(text, "\n{}", self.end());
        text
    }

    /// The processes in the order in which they were spawned.
    fn lane_order(&self) -> Vec<Pid> {
        let spawned = self.events.iter().filter_map(|event| {
            if let What::Spawned { child, .. } = event.what { Some(child) } else { None }
        });
        std::iter::once(Pid::MAIN).chain(spawned).take(MOST_LANES).collect()
    }

    /// How the run ended, and who had not come to an end.
    fn end(&self) -> String {
        let mut text = match &self.outcome.ending {
            Some(ending) => format!("The end: {ending}"),
            None => "The run was left before its end".to_owned(),
        };
        if let Some(reason) = &self.outcome.main_exit {
            let _infallible = write!(text, " ({reason})");
        }
        text.push('.');
        for stuck in self.alive.iter().take(MOST_LANES) {
            let name = self.name_of(stuck.pid);
            let how = match stuck.action {
                "receive" | "poll" => "was in",
                _ => "had yet to",
            };
            let _infallible = write!(text, "\n  {name} {how} {}", stuck.action);
            if let Some(place) = &stuck.place {
                let _infallible = write!(text, " at {place}");
            }
            if !stuck.unread.is_empty() {
                let _infallible = write!(text, "; unread in its mailbox: {}", cut(&stuck.unread.join(", ")));
            }
        }
        text
    }

    /// What happened, in words.
    #[must_use]
    pub fn sentence(&self, event: &TraceEvent) -> String {
        let who = self.name_of(event.process);
        let name = |pid: Pid| if pid == event.process { "itself".to_owned() } else { self.name_of(pid) };
        let lost = |fate: Fate| match fate {
            Fate::Arrived => "",
            Fate::InTransit => " (on its way)",
            Fate::Lost => " (lost: it is dead)",
        };
        let text = match &event.what {
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
                span(deadline.saturating_sub(event.time))
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
        };
        match &event.place {
            Some(place) => format!("{text}  [{place}]"),
            None => text,
        }
    }
}

impl Row {
    fn empty() -> Row {
        Row { mark: None, arrow: None, born: None, died: None }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most events are drawn as an act of one process")]
    fn of(event: &TraceEvent) -> Row {
        let who = event.process;
        let arrow =
            |from, to, fate: Fate| (from != to).then_some(Arrow { from, to, lost: fate == Fate::Lost });
        let mut row = Row { mark: Some((who, Mark::Acts)), ..Row::empty() };
        match &event.what {
            What::Spawned { child, .. } => {
                row.arrow = arrow(who, *child, Fate::Arrived);
                row.born = Some(*child);
            }
            // What is still on its way has not reached anybody: the arrow is drawn when it does.
            What::Sent { fate: Fate::InTransit, .. } | What::ExitSent { fate: Fate::InTransit, .. } => {}
            What::Sent { to, fate, .. } | What::ExitSent { to, fate, .. } => {
                row.arrow = arrow(who, *to, *fate);
            }
            What::Received { .. } => row.mark = Some((who, Mark::Takes)),
            What::Output { .. } => row.mark = Some((who, Mark::Writes)),
            What::Exited { .. } => {
                row.mark = Some((who, Mark::Ends));
                row.died = Some(who);
            }
            What::Delivered { from, fate, .. } => {
                row.mark = None;
                row.arrow = arrow(*from, who, *fate);
            }
            What::TimerFired { .. } | What::Woken => row.mark = Some((who, Mark::Reached)),
            _ => {}
        }
        row
    }
}

/// The lanes of one row.
fn lane_row(lanes: &[Pid], alive: &BTreeMap<Pid, bool>, row: &Row) -> String {
    let column = |pid: Pid| lanes.iter().position(|&lane| lane == pid);
    let arrow =
        row.arrow.as_ref().and_then(|arrow| Some((column(arrow.from)?, column(arrow.to)?, arrow.lost)));
    let mut text = String::new();
    for (index, &pid) in lanes.iter().enumerate() {
        let crossed = arrow.is_some_and(|(from, to, _)| from.min(to) < index && index < from.max(to));
        let mark = row.mark.and_then(|(marked, mark)| (marked == pid).then_some(mark));
        let head = match arrow {
            Some((_, to, lost)) if to == index => Some(if lost { Mark::Missed } else { Mark::Reached }),
            _ => None,
        };
        let lives = alive.get(&pid).copied().unwrap_or(false);
        let glyph = match (mark, head) {
            (Some(mark), None) => mark.glyph(),
            (_, Some(Mark::Reached)) => match arrow {
                Some((from, to, _)) if from > to => '◂',
                _ => '▸',
            },
            (_, Some(head)) => head.glyph(),
            (None, None) if crossed && lives => '┼',
            (None, None) if crossed => '─',
            (None, None) if lives => '│',
            (None, None) => ' ',
        };
        text.push(glyph);
        if index + 1 < lanes.len() {
            let spanned = arrow.is_some_and(|(from, to, _)| from.min(to) <= index && index < from.max(to));
            text.push_str(if spanned { "──" } else { "  " });
        }
    }
    text
}

/// A text that fits on a line.
fn cut(text: &str) -> String {
    let text = text.replace('\n', "⏎");
    if text.width() <= MOST_CHARACTERS {
        return text;
    }
    let kept: String = text.chars().take(MOST_CHARACTERS - 1).collect();
    format!("{kept}…")
}

/// A span of virtual time.
fn span(nanoseconds: Nanoseconds) -> String {
    format!("{:?}", std::time::Duration::from_nanos(nanoseconds))
}
