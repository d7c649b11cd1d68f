//! The search through every ordering, compared with brute force: whatever is left out must make no difference.

#[path = "support/random_programs.rs"]
mod random_programs;
#[path = "support/script.rs"]
mod script;

use std::collections::BTreeSet;

use proptest::prelude::*;
use random_programs::{Shape, programs};
use rashomon::explore::{Reductions, outcome_key};
use rashomon::kernel::{Action, Choice, Pid, Program, World};
use rashomon::{Clock, Delivery, Ending, Halt, Limits, Settings, Simulation};
use script::{Code, Scripted};

/// Programs with more steps in all their orderings together are passed over.
const MOST_STEPS: u64 = 60_000;

/// What all orderings of a program show.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shown {
    outcomes: BTreeSet<u128>,
    early_exit: bool,
    deadlock: bool,
}

/// Follows every choice of every state, one after the other.
fn brute_force(world: &World<Scripted>, order: bool, shown: &mut Shown, steps: &mut u64) -> Option<()> {
    if let Some(ending) = world.ending() {
        shown.outcomes.insert(outcome_key(world, order));
        shown.deadlock |= ending == Ending::Deadlock;
        return Some(());
    }
    let (mut halts, mut writes) = (false, false);
    for choice in world.choices().iter() {
        *steps += 1;
        if *steps > MOST_STEPS {
            return None;
        }
        let mut next = world.clone();
        next.apply(choice, &mut ()).expect("what is listed can happen");
        if choice == Choice::Run(Pid::MAIN) {
            halts |= next.ending() == Some(Ending::Halted);
        } else if let Choice::Run(pid) = choice {
            writes |= matches!(
                world.pending(pid).map(|request| &request.action),
                Some(Action::Output { .. } | Action::Exit { crash: Some(_), .. })
            );
        }
        brute_force(&next, order, shown, steps)?;
    }
    shown.early_exit |= halts && writes && world.settings().halt == Halt::WithMain;
    Some(())
}

fn compare(code: &Code, settings: Settings, order: bool) -> Result<bool, TestCaseError> {
    let mut expected = Shown::default();
    if brute_force(&code.world(settings), order, &mut expected, &mut 0).is_none() {
        return Ok(false);
    }
    let simulation = Simulation::new(code.clone()).with_settings(settings);
    for (partial_order, symmetry) in [(false, false), (false, true), (true, false), (true, true)] {
        let every = simulation
            .every_ordering()
            .order_of_output(order)
            .reductions(Reductions { partial_order, symmetry })
            .explore(|_| true);
        prop_assert!(every.is_complete(), "{:?}", every.cut);
        let found = Shown {
            outcomes: every.outcomes.iter().map(|possible| possible.key).collect(),
            early_exit: every.wrong.iter().any(|wrong| wrong.property == "no early exit"),
            deadlock: every.wrong.iter().any(|wrong| wrong.property == "no deadlock"),
        };
        prop_assert_eq!(
            &found,
            &expected,
            "{:?} {:?} order {} with partial order {}, symmetry {}",
            code,
            settings,
            order,
            partial_order,
            symmetry
        );
    }
    Ok(true)
}

fn settings() -> impl Strategy<Value = Settings> {
    let delivery = prop_oneof![Just(Delivery::Instant), Just(Delivery::Ordered)];
    let clock = prop_oneof![Just(Clock::Patient), Just(Clock::Hasty)];
    let halt = prop_oneof![Just(Halt::WithMain), Just(Halt::Never)];
    (delivery, clock, halt).prop_map(|(delivery, clock, halt)| Settings {
        delivery,
        clock,
        halt,
        limits: Limits::default(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_out_that_makes_a_difference(
        code in programs(Shape::tiny()),
        settings in settings(),
        order in proptest::bool::weighted(0.2),
    ) {
        compare(&code, settings, order)?;
    }
}
