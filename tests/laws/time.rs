//! Virtual time and its timers.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rashomon::Clock;
use rashomon::kernel::{Action, Choice, Destination, Ending, Nanoseconds, Patience, Pid, Reference};

use crate::case::{cases, times};
use crate::notes::{Noted, Notes};

/// A timer that was started.
#[derive(Clone, Debug)]
struct Started {
    owner: Pid,
    to: Destination,
    deadline: Nanoseconds,
    /// The how many-th step.
    step: u64,
}

proptest! {
    #![proptest_config(times(12))]

    #[test]
    fn time_moves_only_forward_and_only_when_a_timer_fires(case in cases()) {
        case.each_step(|moment| {
            let (before, after) = (moment.before.now(), moment.after.now());
            match moment.choice {
                Choice::Fire(_) => prop_assert!(before <= after),
                Choice::Run(_) | Choice::Deliver { .. } | Choice::Draw(_) => prop_assert_eq!(before, after),
            }
            if let Some(note) = moment.note {
                prop_assert_eq!(note.time, after);
            }
            if before < after && case.settings.clock == Clock::Patient {
                let all_wait = moment.before.choices().iter().all(|choice| matches!(choice, Choice::Fire(_)));
                prop_assert!(all_wait, "a patient clock waits for everybody");
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_timer_is_ever_overdue(case in cases()) {
        // So they fire in the order of their deadlines.
        case.each_step(|moment| {
            for (reference, _, deadline) in moment.after.timers() {
                prop_assert!(deadline >= moment.after.now(), "{reference} was due at {deadline}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_timer_fires_once_at_its_deadline_unless_it_is_cancelled_or_its_receiver_dies(case in cases()) {
        let mut notes = Notes::default();
        let world = case.run(&mut notes);
        let mut pending: BTreeMap<Reference, Started> = BTreeMap::new();
        let mut dead = std::collections::BTreeSet::new();
        for note in &notes.0 {
            match &note.what {
                Noted::TimerStarted { reference, to, deadline } => {
                    if !matches!(to, Destination::Pid(pid) if *pid == Pid::SYSTEM || dead.contains(pid)) {
                        let (owner, step) = (note.process, note.step);
                        let timer = Started { owner, to: to.clone(), deadline: *deadline, step };
                        prop_assert!(pending.insert(*reference, timer).is_none(), "a reference is used once");
                    }
                }
                Noted::TimerFired { reference, .. } => {
                    let fired = pending.remove(reference);
                    prop_assert!(fired.is_some(), "{reference} does not run");
                    let Some(fired) = fired else { continue };
                    prop_assert_eq!((note.process, note.time), (fired.owner, fired.deadline));
                    // The timers of one process that are due at the same time fire in the order of their age.
                    for other in pending.values().filter(|other| other.owner == fired.owner) {
                        prop_assert!((fired.deadline, fired.step) < (other.deadline, other.step));
                    }
                }
                Noted::TimerCancelled { reference, left } => {
                    let cancelled = pending.remove(reference);
                    prop_assert_eq!(*left, cancelled.map(|timer| timer.deadline - note.time));
                }
                Noted::Exited => {
                    dead.insert(note.process);
                    pending.retain(|_, timer| timer.to != Destination::Pid(note.process));
                }
                _ => {}
            }
        }
        let still: Vec<Reference> = world.timers().map(|(reference, _, _)| reference).collect();
        prop_assert!(still.len() == pending.len() && still.iter().all(|reference| pending.contains_key(reference)));
        prop_assert!(still.is_empty() || !matches!(world.ending(), Some(Ending::Idle | Ending::Deadlock)));
    }

    #[test]
    fn a_wait_ends_as_long_after_its_beginning_as_it_was_to_last(case in cases()) {
        // The time at which the pending action of each process was asked for: that of its latest event, or its birth.
        let mut asked: BTreeMap<Pid, Nanoseconds> = BTreeMap::from([(Pid::MAIN, 0)]);
        case.each_step(|moment| {
            let Some(note) = moment.note else { return Ok(()) };
            match note.what {
                Noted::Woken => {
                    let pending = moment.before.pending(note.process).map(|request| &request.action);
                    let Some(&Action::Receive { patience: Patience::Within(span) }) = pending else {
                        prop_assert!(false, "{} does not wait for so long", note.process);
                        return Ok(());
                    };
                    prop_assert_eq!(note.time, asked[&note.process] + span);
                }
                Noted::Spawned { child } => {
                    asked.insert(child, note.time);
                    asked.insert(note.process, note.time);
                }
                _ => {
                    if let Choice::Run(pid) = note.choice {
                        asked.insert(pid, note.time);
                    } else if let Choice::Draw(_) = note.choice {
                        asked.insert(note.process, note.time);
                    }
                }
            }
            Ok(())
        })?;
    }
}
