//! Links, monitors and names agree with who is alive.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rashomon::kernel::{Choice, Destination, Patience, Pid, Program, World};
use rashomon::{Delivery, Settings};

use crate::case::{cases, times};
use crate::notes::Noted;
use crate::script::{Code, Instruction, Scripted, Takes, Tie, Whom, name};

/// Whether no signal is on its way. Where a number is drawn, and at the end, nobody can tell.
fn is_quiet(world: &World<Scripted>) -> bool {
    let choices = world.choices();
    !choices.is_empty() && choices.iter().all(|choice| matches!(choice, Choice::Run(_) | Choice::Fire(_)))
}

/// Whether an exit signal has ended a process that has not gone yet. What ties it to others is there until it goes,
/// but cannot be asked for any more.
fn is_doomed(world: &World<Scripted>, pid: Pid) -> bool {
    !world.is_alive(pid) && world.pending(pid).is_some()
}

proptest! {
    #![proptest_config(times(10))]

    #[test]
    fn links_are_symmetric_when_no_signal_is_on_its_way(case in cases()) {
        case.each_step(|moment| {
            let world = moment.after;
            if !is_quiet(world) {
                return Ok(());
            }
            for pid in world.pids() {
                for peer in world.info(pid).into_iter().flat_map(|info| info.links) {
                    prop_assert_ne!(peer, pid, "nobody is linked to itself");
                    match world.info(peer) {
                        Some(info) => prop_assert!(info.links.contains(&pid), "{pid} is linked to {peer}, not back"),
                        None => prop_assert!(is_doomed(world, peer), "{pid} is linked to {peer}, which is dead"),
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn every_monitor_has_two_sides_when_no_signal_is_on_its_way(case in cases()) {
        case.each_step(|moment| {
            let world = moment.after;
            if !is_quiet(world) {
                return Ok(());
            }
            // By watcher: how many monitors the watched know of, and how many of them by pid and process.
            let mut known: BTreeMap<Pid, usize> = BTreeMap::new();
            let mut pairs: BTreeMap<(Pid, Pid), usize> = BTreeMap::new();
            for watched in world.pids() {
                for watcher in world.info(watched).into_iter().flat_map(|info| info.monitored_by) {
                    prop_assert!(
                        world.is_alive(watcher) || is_doomed(world, watcher),
                        "{watched} is monitored by {watcher}, which is dead"
                    );
                    *known.entry(watcher).or_default() += 1;
                    *pairs.entry((watcher, watched)).or_default() += 1;
                }
            }
            let somebody_is_doomed = world.pids().any(|pid| is_doomed(world, pid));
            for watcher in world.pids() {
                let Some(info) = world.info(watcher) else { continue };
                let known = known.get(&watcher).copied().unwrap_or(0);
                // What is known of a monitor on the doomed cannot be asked for.
                prop_assert!(known == info.monitors.len() || somebody_is_doomed && known < info.monitors.len());
                for target in &info.monitors {
                    let Destination::Pid(watched) = *target else { continue };
                    let asked = info.monitors.iter().filter(|other| *other == target).count();
                    let known = pairs.get(&(watcher, watched)).copied().unwrap_or(0);
                    prop_assert!(known >= asked || is_doomed(world, watched), "{watcher} monitors {watched}");
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn names_are_held_by_the_living_one_each(case in cases()) {
        case.each_step(|moment| {
            let world = moment.after;
            for number in 0..2 {
                let name = name(number);
                if let Some(holder) = world.whereis(&name) {
                    prop_assert_eq!(world.name_of(holder), Some(&name));
                    let drawing = matches!(world.choices().get(0), Some(Choice::Draw(_)));
                    prop_assert!(world.is_alive(holder) || is_doomed(world, holder) || drawing);
                }
            }
            for pid in world.pids() {
                if let Some(name) = world.name_of(pid) {
                    prop_assert_eq!(world.whereis(name), Some(pid));
                }
            }
            if let Some(note) = moment.note && note.what == Noted::Exited {
                prop_assert_eq!(world.name_of(note.process), None);
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_dead_do_nothing(case in cases()) {
        let mut dead = BTreeSet::new();
        case.each_step(|moment| {
            if let Some(note) = moment.note {
                if let Choice::Run(pid) = note.choice {
                    prop_assert!(!dead.contains(&pid), "{:?}", note);
                }
                if note.what == Noted::Exited {
                    dead.insert(note.process);
                }
            }
            for &pid in &dead {
                prop_assert!(!moment.after.is_alive(pid) && moment.after.info(pid).is_none());
                prop_assert!(moment.after.process(pid).is_none() && moment.after.pending(pid).is_none());
            }
            Ok(())
        })?;
    }
}

/// Two processes: the main process links to the other and takes the link back, while the other links to it.
fn links_that_cross() -> Code {
    let forever = Instruction::Receive { takes: Takes::Any, patience: Patience::Forever, slot: 0 };
    let child = Whom::Slot(0);
    Code::new(vec![
        vec![
            Instruction::Spawn { body: 0, tie: Tie::Nothing, slot: 0 },
            Instruction::Link(child),
            Instruction::Unlink(child),
            forever.clone(),
        ],
        vec![Instruction::Link(Whom::Parent), forever],
    ])
}

#[test]
fn links_that_cross_an_unlink_are_gone_or_there_on_both_sides() {
    let settings = Settings { delivery: Delivery::Ordered, ..Settings::default() };
    let (main, child) = (Pid::MAIN, Pid::from_number(2));
    let mut seen = BTreeSet::new();
    let mut open = vec![links_that_cross().world(settings)];
    // All the orderings there are: none of the worlds is left out.
    while let Some(world) = open.pop() {
        if world.ending().is_some() {
            let links = |pid| world.info(pid).map_or(0, |info| info.links.len());
            seen.insert((links(main), links(child)));
        }
        for choice in world.choices().iter() {
            let mut next = world.clone();
            next.apply(choice, &mut ()).expect("it is listed");
            open.push(next);
        }
    }
    assert_eq!(Vec::from_iter(seen), [(0, 0), (1, 1)]);
}
