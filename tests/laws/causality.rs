//! Which events could not have come before which: `after`, the clocks, and `happens_before` tell the same story.

use proptest::prelude::*;
use rashomon::Trace;
use rashomon::kernel::Pid;

use crate::case::{cases, times};

/// For each event, the events that `after` leads to, directly or not: a set of bits for each event.
fn reachable(trace: &Trace) -> Vec<Vec<bool>> {
    let mut reachable: Vec<Vec<bool>> = Vec::new();
    for event in &trace.events {
        let mut past = vec![false; trace.events.len()];
        for &before in &event.after {
            let before = before as usize;
            past[before] = true;
            for (known, &also) in past.iter_mut().zip(&reachable[before]) {
                *known |= also;
            }
        }
        reachable.push(past);
    }
    reachable
}

proptest! {
    #![proptest_config(times(2))]

    #[test]
    fn happens_before_is_what_after_leads_to(case in cases()) {
        let trace = case.simulation().run(case.chooser()).trace().clone();
        let reachable = reachable(&trace);
        for (second, past) in (0..).zip(&reachable) {
            for (first, &known) in (0..).zip(past) {
                prop_assert_eq!(trace.happens_before(first, second), known, "{} and {}", first, second);
            }
        }
    }

    #[test]
    fn happens_before_is_a_partial_order_within_the_order_of_steps(case in cases()) {
        let trace = case.simulation().run(case.chooser()).trace().clone();
        let before = |first: usize, second: usize| trace.happens_before(first as u64, second as u64);
        let count = trace.events.len().min(60);
        for first in 0..count {
            prop_assert!(!before(first, first));
            for second in (0..count).filter(|&second| before(first, second)) {
                prop_assert!(first < second);
                for third in (0..count).filter(|&third| before(second, third)) {
                    prop_assert!(before(first, third));
                }
            }
        }
    }

    #[test]
    fn a_clock_counts_the_acts_of_each_process_in_the_past_of_an_event(case in cases()) {
        let trace = case.simulation().run(case.chooser()).trace().clone();
        for (past, event) in reachable(&trace).iter().zip(&trace.events) {
            for pid in (0..=trace.events.len() as u32).map(Pid::from_number) {
                let acts = trace.events.iter().zip(past).filter(|(other, known)| {
                    let itself = other.step == event.step;
                    (**known || itself) && other.is_act() && other.process == pid
                });
                prop_assert_eq!(event.clock.get(pid), acts.count() as u64);
            }
        }
    }

    #[test]
    fn the_acts_of_a_process_happen_one_after_the_other(case in cases()) {
        let trace = case.simulation().run(case.chooser()).trace().clone();
        let acts: Vec<_> = trace.events.iter().filter(|event| event.is_act()).collect();
        for (index, act) in acts.iter().enumerate() {
            if let Some(next) = acts[index + 1..].iter().find(|next| next.process == act.process) {
                prop_assert!(trace.happens_before(act.step, next.step));
            }
        }
    }

    #[test]
    fn after_lists_nothing_with_another_event_in_between(case in cases()) {
        let trace = case.simulation().run(case.chooser()).trace().clone();
        for event in &trace.events {
            for &first in &event.after {
                for &second in &event.after {
                    prop_assert!(!trace.happens_before(first, second), "{first} and {second} before {}", event.step);
                }
            }
            prop_assert!(event.after.is_sorted_by(|a, b| a < b));
        }
    }
}
