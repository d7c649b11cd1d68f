//! A copy of a world goes on as the original would have, and neither notices the other.

use proptest::prelude::*;
use rashomon::kernel::{Choice, World};
use rashomon::strategy::{Recording, Replay, Schedule, drive};
use rashomon::trace::Recorder;

use crate::case::{Case, cases, chooser, times};
use crate::portrait::{Portrait, portrait};
use crate::script::Scripted;

/// A fresh world after the first choices of a schedule, with what was recorded of them.
fn after(case: &Case, choices: &[Choice]) -> (World<Scripted>, Recorder) {
    let (mut world, mut recorder) = (case.world(), Recorder::new());
    go_on(&mut world, choices, &mut recorder);
    (world, recorder)
}

fn go_on(world: &mut World<Scripted>, choices: &[Choice], recorder: &mut Recorder) {
    let schedule: Schedule = choices.iter().copied().collect();
    drive(world, &mut Replay::new(schedule), recorder).expect("the schedule is one of this program");
}

/// The choices of a whole run.
fn schedule(case: &Case) -> Vec<Choice> {
    let mut recording = Recording::new(case.chooser());
    drive(&mut case.world(), &mut recording, &mut ()).expect("strategies choose what is possible");
    recording.schedule().choices().to_vec()
}

fn full(world: &World<Scripted>, recorder: &Recorder) -> (Portrait, Vec<rashomon::trace::TraceEvent>) {
    (portrait(world), recorder.events().to_vec())
}

proptest! {
    #![proptest_config(times(6))]

    #[test]
    fn a_copy_goes_on_as_the_original_does(case in cases(), at in any::<prop::sample::Index>()) {
        let schedule = schedule(&case);
        let (begin, rest) = schedule.split_at(at.index(schedule.len() + 1));
        let (mut world, mut recorder) = after(&case, begin);
        let (mut copy, mut copied) = (world.clone(), recorder.clone());
        prop_assert_eq!(portrait(&copy), portrait(&world));
        // The copy first, then the original, so that neither can have been helped by the other.
        go_on(&mut copy, rest, &mut copied);
        go_on(&mut world, rest, &mut recorder);
        let uninterrupted = after(&case, &schedule);
        prop_assert_eq!(full(&copy, &copied), full(&uninterrupted.0, &uninterrupted.1));
        prop_assert_eq!(full(&world, &recorder), full(&uninterrupted.0, &uninterrupted.1));
        prop_assert!(world.ending().is_some());
    }

    #[test]
    fn what_a_copy_does_leaves_the_original_as_it_was(
        case in cases(),
        at in any::<prop::sample::Index>(),
        other in any::<u64>(),
    ) {
        let schedule = schedule(&case);
        let (begin, rest) = schedule.split_at(at.index(schedule.len() + 1));
        let (mut world, mut recorder) = after(&case, begin);
        let before = portrait(&world);
        let mut copy = world.clone();
        while copy.ending().is_none() {
            let choice = chooser(other).choose(&copy.choices()).expect("something is possible");
            copy.apply(choice, &mut ()).expect("it is possible");
            prop_assert_eq!(&portrait(&world), &before);
        }
        drop(copy);
        go_on(&mut world, rest, &mut recorder);
        let uninterrupted = after(&case, &schedule);
        prop_assert_eq!(full(&world, &recorder), full(&uninterrupted.0, &uninterrupted.1));
    }

    #[test]
    fn what_the_original_does_leaves_a_copy_as_it_was(case in cases()) {
        let mut album: Vec<(World<Scripted>, Portrait)> = Vec::new();
        case.each_step(|moment| {
            album.push((moment.before.clone(), portrait(moment.before)));
            Ok(())
        })?;
        for (world, before) in &album {
            prop_assert_eq!(&portrait(world), before);
        }
    }
}
