//! A trace as text, one lane a process.
//!
//! Time runs downward. A lane begins where its process is spawned and ends where it exits. Arrows are signals: from
//! the lane of the sender to the lane of the receiver. What happened stands to the right, in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Trace;
use super::event::{TraceEvent, What};
use super::words::{cut, span};
use crate::kernel::{Fate, Pid};

/// More processes than this get no lane; what they do is still told in words.
pub(super) const MOST_LANES: usize = 40;

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
    pub(super) fn lane_order(&self) -> Vec<Pid> {
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
