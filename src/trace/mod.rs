//! What happened: the events of a run, with their causes, and the ways to show them.
//!
//! A [`Trace`] is plain data. It does not know what its program was written in.

mod clock;
mod digest;
mod event;
mod json;
mod lanes;
mod mermaid;
mod page;
mod recorder;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use clock::VectorClock;
pub use digest::Digest;
pub use event::{TraceEvent, What};
pub use json::TRACE_SCHEMA_VERSION;
pub use page::Page;
pub use recorder::Recorder;

use crate::kernel::{Fingerprint, Outcome, Pid, Settings, Step, Stuck};

/// The events of one run, in order and with their causes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The name of the program.
    pub program: String,
    /// The fingerprint of the program.
    pub fingerprint: Fingerprint,
    /// What the run assumed.
    pub settings: Settings,
    /// How the choices were made, as people read it.
    pub strategy: String,
    /// What people call the processes that have a label or a registered name.
    pub names: BTreeMap<Pid, String>,
    /// The events, in order.
    pub events: Vec<TraceEvent>,
    /// What an outside observer can tell.
    pub outcome: Outcome,
    /// The processes that were alive at the end, with what they waited for and what lay unread.
    pub alive: Vec<Stuck>,
}

/// All that a trace tells of a run besides its events.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The name of the program.
    pub program: String,
    /// The fingerprint of the program.
    pub fingerprint: Fingerprint,
    /// What the run assumed.
    pub settings: Settings,
    /// How the choices were made, as people read it.
    pub strategy: String,
    /// What an outside observer can tell.
    pub outcome: Outcome,
    /// The processes that were alive at the end.
    pub alive: Vec<Stuck>,
}

impl Trace {
    /// What was recorded of a run.
    #[must_use]
    pub fn new(frame: Frame, recorder: Recorder) -> Trace {
        let (events, mut names) = recorder.into_parts();
        names.entry(Pid::MAIN).or_insert_with(|| "main".to_owned());
        Trace {
            program: frame.program,
            fingerprint: frame.fingerprint,
            settings: frame.settings,
            strategy: frame.strategy,
            names,
            events,
            outcome: frame.outcome,
            alive: frame.alive,
        }
    }

    /// Whether one event could not have come after another: there is a chain of program order, messages and signals
    /// from the first to the second. Two events of which neither happens before the other are concurrent: another
    /// ordering of the same program has them the other way round, or might.
    #[must_use]
    pub fn happens_before(&self, first: Step, second: Step) -> bool {
        let (Some(earlier), Some(later)) =
            (self.events.get(first as usize), self.events.get(second as usize))
        else {
            return false;
        };
        if first >= second {
            return false;
        }
        if earlier.is_act() {
            return later.clock.get(earlier.process) >= earlier.clock.get(earlier.process);
        }
        // What no process did has no number of its own in the clocks: follow the causes.
        let mut open = vec![second];
        let mut seen = BTreeSet::new();
        while let Some(step) = open.pop() {
            for &before in self.events.get(step as usize).map_or(&[][..], |event| &event.after) {
                if before == first {
                    return true;
                }
                if before > first && seen.insert(before) {
                    open.push(before);
                }
            }
        }
        false
    }

    /// What people call a process: its registered name or its label, and its pid where that is not enough
    /// to tell it from others.
    #[must_use]
    pub fn name_of(&self, pid: Pid) -> String {
        name_of(&self.names, pid)
    }
}

fn name_of(names: &BTreeMap<Pid, String>, pid: Pid) -> String {
    match names.get(&pid) {
        Some(name) if names.values().filter(|&other| other == name).count() == 1 => name.clone(),
        Some(name) => format!("{name} {pid}"),
        None => pid.to_string(),
    }
}
