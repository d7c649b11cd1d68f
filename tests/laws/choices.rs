//! The list of what may happen next: one list, however it is asked for, and nothing happens that is not on it.

use proptest::prelude::*;
use rashomon::kernel::{Choice, NotEnabled, Pid, World};

use crate::case::{Case, cases, times};
use crate::notes::Notes;
use crate::portrait::portrait;
use crate::script::Scripted;

/// Where a choice stands in the canonical order, as the module `choice` of the kernel words it: the processes that can
/// act, by pid; the deliveries, by receiver and then by sender; the timers, by the process that started them.
fn place(choice: Choice) -> (u8, u64, u64) {
    let number = |pid: Pid| u64::from(pid.number());
    match choice {
        Choice::Draw(value) => (0, value, 0),
        Choice::Run(pid) => (1, number(pid), 0),
        Choice::Deliver { from, to } => (2, number(to), number(from)),
        Choice::Fire(owner) => (3, number(owner), 0),
    }
}

/// Every choice that has anything to do with the pids of a world, and some that have not.
fn thinkable(world: &World<Scripted>) -> Vec<Choice> {
    let highest = world.pids().last().map_or(0, Pid::number);
    let pids: Vec<Pid> = (0..=highest + 2).chain([63, 64, 65, u32::MAX]).map(Pid::from_number).collect();
    let mut thinkable: Vec<Choice> = [0, 1, 2, 3, 4, u64::MAX].map(Choice::Draw).to_vec();
    for &to in &pids {
        thinkable.extend([Choice::Run(to), Choice::Fire(to)]);
        thinkable.extend(pids.iter().map(|&from| Choice::Deliver { from, to }));
    }
    thinkable
}

/// Looks at the world before each step, and at its end.
fn each_world(
    case: &Case,
    mut look: impl FnMut(&World<Scripted>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let world = case.each_step(|moment| look(moment.before))?;
    look(&world)
}

proptest! {
    #![proptest_config(times(4))]

    #[test]
    fn choices_are_one_list_however_they_are_asked_for(case in cases()) {
        each_world(&case, |world| {
            let choices = world.choices();
            let list: Vec<Choice> = choices.iter().collect();
            prop_assert_eq!(choices.len(), list.len() as u64);
            prop_assert_eq!(choices.is_empty(), list.is_empty());
            for (rank, &choice) in (0..).zip(&list) {
                prop_assert_eq!(choices.get(rank), Some(choice));
                prop_assert_eq!(choices.rank(choice), Some(rank));
                prop_assert!(choices.contains(choice));
            }
            prop_assert_eq!(choices.get(choices.len()), None);
            prop_assert_eq!(choices.get(u64::MAX), None);
            for choice in thinkable(world).into_iter().filter(|choice| !list.contains(choice)) {
                prop_assert_eq!(choices.rank(choice), None);
                prop_assert!(!choices.contains(choice));
            }
            let runnable = |pid: Pid| list.iter().find_map(|choice| match *choice {
                Choice::Run(other) if other >= pid => Some(other),
                _ => None,
            });
            for pid in (0..=world.pids().last().map_or(0, Pid::number) + 1).map(Pid::from_number) {
                prop_assert_eq!(choices.next_process(pid), runnable(pid));
            }
            Ok(())
        })?;
    }

    #[test]
    fn choices_stand_in_canonical_order(case in cases()) {
        each_world(&case, |world| {
            let list: Vec<Choice> = world.choices().iter().collect();
            prop_assert!(list.is_sorted_by(|&a, &b| place(a) < place(b)), "{list:?}");
            if let Some(Choice::Draw(_)) = list.first() {
                // A number is being drawn: its values, and nothing else.
                prop_assert_eq!(list.clone(), (0..list.len() as u64).map(Choice::Draw).collect::<Vec<_>>());
            }
            Ok(())
        })?;
    }

    #[test]
    fn there_is_a_choice_until_the_world_has_ended_and_none_after(case in cases()) {
        each_world(&case, |world| {
            prop_assert_eq!(world.choices().is_empty(), world.ending().is_some());
            Ok(())
        })?;
    }

    #[test]
    fn every_choice_that_is_listed_can_be_made(case in cases()) {
        each_world(&case, |world| {
            for choice in world.choices().iter() {
                let (mut copy, mut notes) = (world.clone(), Notes::default());
                prop_assert_eq!(copy.apply(choice, &mut notes), Ok(()));
                // One event, or a bound that ends the run.
                match notes.0.as_slice() {
                    [note] => {
                        prop_assert_eq!((note.step, note.choice), (world.steps(), choice));
                        prop_assert_eq!(copy.steps(), world.steps() + 1);
                    }
                    [] => prop_assert!(matches!(copy.ending(), Some(rashomon::Ending::Bounded(_)))),
                    [_, _, ..] => prop_assert!(false, "{:?}", notes),
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_not_listed_is_refused_and_changes_nothing(case in cases()) {
        each_world(&case, |world| {
            let before = portrait(world);
            let mut copy = world.clone();
            let mut notes = Notes::default();
            for choice in thinkable(world) {
                if !world.choices().contains(choice) {
                    prop_assert_eq!(copy.apply(choice, &mut notes), Err(NotEnabled { choice }));
                }
            }
            prop_assert_eq!(portrait(&copy), before);
            prop_assert!(notes.0.is_empty());
            Ok(())
        })?;
    }
}
