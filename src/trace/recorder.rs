//! Records a run.

use std::collections::BTreeMap;

use super::clock::VectorClock;
use super::event::{TraceEvent, What};
use crate::kernel::{Event, Happening, Observer, Pid, Process, Step};

/// Records every event of a run, with its causal past.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    events: Vec<TraceEvent>,
    /// The latest event of each process.
    latest: BTreeMap<Pid, Step>,
    /// What people call the processes: their labels, then their registered names.
    names: BTreeMap<Pid, String>,
}

impl Recorder {
    /// A recorder that has seen nothing yet.
    #[must_use]
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// The events up to now.
    #[must_use]
    pub fn events(&self) -> &[TraceEvent] {
        &self.events
    }

    /// Whether an act of a process is in the past of another event. Deliveries and timers need not be asked for: none
    /// leads to the same event in two ways.
    fn is_known_to(&self, act: Step, other: Step) -> bool {
        let (Some(act), Some(other)) = (self.events.get(act as usize), self.events.get(other as usize))
        else {
            return false;
        };
        act.step != other.step && act.is_act() && other.clock.get(act.process) >= act.clock.get(act.process)
    }

    pub(super) fn into_parts(self) -> (Vec<TraceEvent>, BTreeMap<Pid, String>) {
        (self.events, self.names)
    }
}

impl<P: Process> Observer<P> for Recorder {
    fn observe(&mut self, event: &Event<'_, P>) {
        match &event.happening {
            Happening::Spawned { child, label: Some(label), .. } => {
                self.names.insert(*child, label.as_str().to_owned());
            }
            Happening::Registered { name, pid } => {
                self.names.insert(*pid, name.as_str().to_owned());
            }
            _ => {}
        }
        let mut recorded = TraceEvent {
            step: event.step,
            choice: event.choice,
            process: event.process,
            what: What::of(event),
            place: event.place.map(|place| place.to_string()),
            time: event.time,
            after: Vec::new(),
            clock: VectorClock::default(),
        };
        let own = if recorded.is_act() { self.latest.get(&event.process).copied() } else { None };
        for step in own.into_iter().chain(event.causes.into_iter().flatten()) {
            if let Some(before) = self.events.get(step as usize)
                && !recorded.after.contains(&step)
            {
                recorded.after.push(step);
                recorded.clock.join(&before.clock);
            }
        }
        if recorded.after.len() > 1 {
            let all = recorded.after.clone();
            recorded.after.retain(|&step| !all.iter().any(|&other| self.is_known_to(step, other)));
        }
        recorded.after.sort_unstable();
        if recorded.is_act() {
            recorded.clock.tick(event.process);
            self.latest.insert(event.process, event.step);
        }
        self.events.push(recorded);
    }
}
