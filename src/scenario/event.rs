//! Events that claims speak of.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use fancy_regex::Regex;

use super::pattern::Pattern;
use crate::elixir::atom::Atom;
use crate::elixir::term::Piece;
use crate::elixir::vm::{ElixirProcess, Kept, Place, Text};
use crate::kernel::{Device, Event, Happening, Name, Pid};

/// Who does it.
#[derive(Clone, Debug)]
pub(super) enum Who {
    Anybody,
    Main,
    /// The holder of a registered name.
    Named(Name),
    /// Whoever was spawned where a variable got its pid: the variable, and where that is, once the program is known.
    Held {
        variable: String,
        places: BTreeSet<(Atom, u32)>,
    },
    /// Whoever runs a function: its module, its name, its arity, and where its code stands, once the program is known.
    Running {
        module: String,
        name: String,
        arity: u8,
        places: BTreeSet<(Atom, u32)>,
    },
}

/// What is written.
#[derive(Clone, Debug)]
pub(super) enum Wording {
    Line(String),
    Like(Rc<Regex>),
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Received(Pattern),
    Sent(Pattern),
    Output(Wording),
    Crash(Option<Pattern>),
    Exited(Pattern),
    Spawned,
    Halted,
}

/// Which processes the names and variables mean that a claim speaks of.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The holders of registered names.
    pub(super) holders: Vec<(Name, Pid)>,
    /// The processes that variables got where they were spawned.
    pub(super) held: Vec<(String, Pid)>,
}

/// A kind of events.
#[derive(Clone, Debug)]
pub(super) struct EventPattern {
    pub(super) who: Who,
    pub(super) what: What,
    /// The text, and where it stands in that of the claim.
    pub(super) text: String,
    pub(super) place: (usize, usize),
    /// Whether such an event has ever happened, in whichever run.
    pub(super) met: Rc<Cell<bool>>,
}

impl EventPattern {
    /// How often an event is one of this kind: a text of several lines may be several times.
    pub(super) fn count<S: Kept>(&self, event: &Event<'_, ElixirProcess<S>>, known: &Known) -> u64 {
        let found = self.count_what(&event.happening, event.process);
        if found == 0 || !self.is_by(event.process, event.place, known) {
            return 0;
        }
        self.met.set(true);
        found
    }

    fn is_by(&self, pid: Pid, place: Option<Place>, known: &Known) -> bool {
        match &self.who {
            Who::Anybody => true,
            Who::Main => pid == Pid::MAIN,
            Who::Named(name) => known.holders.iter().any(|(held, holder)| held == name && *holder == pid),
            Who::Held { variable, .. } => {
                known.held.iter().any(|(name, held)| name == variable && *held == pid)
            }
            Who::Running { places, .. } => {
                place.is_some_and(|place| places.contains(&(place.file, place.line)))
            }
        }
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "most events are of no such kind")]
    fn count_what<S: Kept>(&self, happening: &Happening<'_, ElixirProcess<S>>, pid: Pid) -> u64 {
        let is = match (&self.what, happening) {
            (What::Received(pattern), Happening::Received { message, .. })
            | (What::Sent(pattern), Happening::Sent { message, .. }) => pattern.matches(message),
            (What::Output(wording), Happening::Output { device: Device::Stdout, text }) => {
                let text = with_hidden_pids(text);
                return text.lines().filter(|line| wording.is(line)).count() as u64;
            }
            (What::Crash(pattern), Happening::Exited { reason, crash: Some(_) }) => {
                pattern.as_ref().is_none_or(|pattern| pattern.matches(&reason.0))
            }
            (What::Exited(pattern), Happening::Exited { reason, .. }) => pattern.matches(&reason.0),
            (What::Spawned, Happening::Spawned { .. }) => true,
            (What::Halted, Happening::Exited { .. }) => pid == Pid::MAIN,
            _ => false,
        };
        u64::from(is)
    }

    /// Whether an outcome tells how often it has happened.
    pub(super) fn is_shown_by_outcome(&self) -> bool {
        matches!(self.who, Who::Anybody | Who::Main)
            && matches!(self.what, What::Output(_) | What::Crash(_))
            && !matches!((&self.who, &self.what), (Who::Main, What::Output(_)))
    }
}

/// A text in which all pids look alike: a claim must not depend on which numbers processes happen to have, since worlds that
/// differ in nothing else are taken for one.
fn with_hidden_pids(text: &Text) -> String {
    let Some(pieces) = text.0.pieces() else { return text.to_string() };
    let mut hidden = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => hidden.push_str(&String::from_utf8_lossy(text)),
            Piece::Pid(_) => hidden.push_str("#PID<0.0.0>"),
        }
    }
    hidden
}

impl Wording {
    fn is(&self, line: &str) -> bool {
        match self {
            Wording::Line(wanted) => wanted == line,
            // A regular expression that takes too long does not match.
            Wording::Like(regex) => regex.is_match(line).unwrap_or(false),
        }
    }
}
