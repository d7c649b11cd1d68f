//! The search through every ordering, compared with brute force: whatever is left out must make no difference.

#[path = "support/assumptions.rs"]
mod assumptions;
#[path = "support/random_programs.rs"]
mod random_programs;
#[path = "support/script.rs"]
mod script;

use std::collections::{BTreeMap, BTreeSet};

use assumptions::settings;
use proptest::prelude::*;
use random_programs::{Shape, programs};
use rashomon::explore::{AtTheEnd, BLINDNESSES, Chance, Everything, Explanation, Reductions, outcome_key};
use rashomon::kernel::{Action, Choice, Event, Observer, Patience, Pid, Program, World};
use rashomon::{Clock, Ending, Failure, Halt, Property, Settings, Simulation};
use script::{Address, Code, Instruction, Scripted, Takes, Tie, Whom};

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

/// What a search has found.
fn shown(every: &Everything) -> Shown {
    let is_wrong = |property: &str| every.wrong.iter().any(|wrong| wrong.property == property);
    Shown {
        outcomes: every.outcomes.iter().map(|possible| possible.key).collect(),
        early_exit: is_wrong("no early exit"),
        deadlock: is_wrong("no deadlock"),
    }
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
        prop_assert_eq!(
            &shown(&every),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_out_that_makes_a_difference(
        code in programs(Shape::tiny()),
        settings in settings(),
        order in proptest::bool::weighted(0.2),
    ) {
        compare(&code, settings, order)?;
    }
}

/// How likely each outcome is, and the two usual ways to go wrong, by following every choice of every state.
fn chances(
    world: &World<Scripted>,
    part: f64,
    order: bool,
    odds: &mut BTreeMap<u128, f64>,
    steps: &mut u64,
) -> Option<()> {
    if world.ending().is_some() {
        *odds.entry(outcome_key(world, order)).or_insert(0.0) += part;
        return Some(());
    }
    let part = part / world.choices().len() as f64;
    for choice in world.choices().iter() {
        *steps += 1;
        if *steps > MOST_STEPS {
            return None;
        }
        let mut next = world.clone();
        next.apply(choice, &mut ()).expect("what is listed can happen");
        chances(&next, part, order, odds, steps)?;
    }
    Some(())
}

/// Whether a run that goes on from here can come out so.
fn can_come_out(world: &World<Scripted>, key: u128, steps: &mut u64) -> Option<bool> {
    if world.ending().is_some() {
        return Some(outcome_key(world, false) == key);
    }
    for choice in world.choices().iter() {
        *steps += 1;
        if *steps > MOST_STEPS {
            return None;
        }
        let mut next = world.clone();
        next.apply(choice, &mut ()).expect("what is listed can happen");
        if can_come_out(&next, key, steps)? {
            return Some(true);
        }
    }
    Some(false)
}

/// The claim that this comes out.
#[derive(Clone, Copy)]
struct ComesOut(u128);

impl Observer<Scripted> for ComesOut {
    fn observe(&mut self, _event: &Event<'_, Scripted>) {}
}

impl Property<Scripted> for ComesOut {
    fn judge(&self, world: &World<Scripted>, failures: &mut Vec<Failure>) {
        if outcome_key(world, false) != self.0 {
            failures.push(Failure::new("it comes out", "something else does"));
        }
    }
}

fn draws(code: &Code) -> bool {
    code.bodies.iter().flatten().any(|instruction| matches!(instruction, Instruction::Draw(_)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn odds_are_those_of_all_choices(
        code in programs(Shape::tiny()),
        settings in settings(),
        order in proptest::bool::weighted(0.2),
    ) {
        let mut expected = BTreeMap::new();
        if chances(&code.world(settings), 1.0, order, &mut expected, &mut 0).is_none() {
            return Ok(());
        }
        let simulation = Simulation::new(code).with_settings(settings);
        let odds = simulation.every_ordering().order_of_output(order).odds((), 1_000_000, 0, |_| true);
        prop_assert_eq!(odds.outcomes.len(), expected.len());
        for (key, expected) in expected {
            let found = odds.outcomes.get(&key).map(Chance::probability);
            prop_assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{:?} {}", found, expected);
        }
        prop_assert!(odds.outcomes.values().all(|chance| matches!(chance, Chance::Exact(_))));
    }

    /// What comes out depends on the ordering if, and only if, there is a race that does harm.
    #[test]
    fn races_are_what_outcomes_differ_by(code in programs(Shape::tiny()), settings in settings()) {
        let mut expected = Shown::default();
        let known = brute_force(&code.world(settings), false, &mut expected, &mut 0);
        if known.is_none() || draws(&code) {
            return Ok(());
        }
        let simulation = Simulation::new(code).with_settings(settings);
        let found = simulation.every_ordering().races(|_| true);
        let harmful: Vec<_> = found.races.iter().filter(|race| race.is_harmful()).collect();
        prop_assert_eq!(!harmful.is_empty(), expected.outcomes.len() > 1, "{:?}", found);
        for race in harmful {
            for only in race.orders.iter().filter_map(|order| order.only.as_ref()) {
                prop_assert!(expected.outcomes.contains(&only.key));
                let mut world = simulation.world();
                for choice in only.schedule.choices() {
                    world.apply(*choice, &mut ()).expect("it can be replayed");
                }
                prop_assert_eq!(outcome_key(&world, false), only.key);
            }
        }
    }

    /// Up to the point of no return it could still have come out otherwise, and from there on no more.
    #[test]
    fn nothing_helps_after_the_point_of_no_return(code in programs(Shape::tiny()), settings in settings()) {
        let mut expected = Shown::default();
        if brute_force(&code.world(settings), false, &mut expected, &mut 0).is_none() || expected.outcomes.len() < 2 {
            return Ok(());
        }
        let simulation = Simulation::new(code).with_settings(settings);
        let every = simulation.every_ordering();
        let outcomes = every.explore(|_| true).outcomes;
        let (wanted, other) = (outcomes[0].key, &outcomes[1]);
        let explanation = every.explain(&other.schedule, AtTheEnd(ComesOut(wanted)), |_| true);
        let Explanation::Decided(decision) = explanation else {
            return Err(TestCaseError::fail(format!("{explanation:?}")));
        };
        let after = |choices: &[Choice]| {
            let mut world = simulation.world();
            for choice in choices {
                world.apply(*choice, &mut ()).expect("it can be replayed");
            }
            world
        };
        let choices = other.schedule.choices();
        prop_assert_eq!(can_come_out(&after(&choices[..decision.fatal]), wanted, &mut 0), Some(true));
        prop_assert_eq!(can_come_out(&after(&choices[..=decision.fatal]), wanted, &mut 0), Some(false));
        prop_assert_eq!(outcome_key(&after(decision.kept.choices()), false), wanted);
        prop_assert_eq!(&decision.kept.choices()[..decision.fatal], &choices[..decision.fatal]);
        if let Some(then) = decision.then {
            prop_assert_eq!(decision.kept.choices()[then], choices[decision.fatal]);
            prop_assert!(decision.before.iter().all(|before| (decision.fatal..then).contains(before)));
            // It had to wait for something.
            prop_assert!(!decision.before.is_empty(), "{:?}", decision);
        }
    }
}

/// For each kind of dependency, in the order of their numbers, a program in which it makes a difference.
fn telling_programs() -> [(Vec<Vec<Instruction>>, Settings); BLINDNESSES] {
    use Instruction::{
        CancelTimer, ExitSignal, GroupLeader, Inspect, IsAlive, Monitor, Now, Output, Processes, Receive,
        Register, RegisteredNames, Send, SetGroupLeader, StartTimer, WhereIs, Yield,
    };
    let spawn = |body| Instruction::Spawn { body, tie: Tie::Nothing, slot: body };
    let take = |takes, patience| Receive { takes, patience, slot: 2 };
    let any = || take(Takes::Any, Patience::Forever);
    let send = |tag| Send { to: Address::To(Whom::Parent), tag, carries: None };
    let child = Whom::Slot(0);
    let me = || Address::To(Whom::Me);
    let (patient, hasty) = (Settings::default(), Settings { clock: Clock::Hasty, ..Settings::default() });
    let no_halt = Settings { halt: Halt::Never, ..Settings::default() };
    let named = || {
        vec![
            vec![spawn(0), WhereIs { name: 0, slot: 1 }, Output],
            vec![Register { name: 0, whom: Whom::Me }, any()],
        ]
    };
    [
        // A message comes before another or after it.
        (vec![vec![spawn(0), spawn(1), any(), Output], vec![send(0)], vec![send(1)]], patient),
        // A poll finds a message, or not yet.
        (vec![vec![spawn(0), take(Takes::Any, Patience::Poll), Output], vec![send(0)]], patient),
        // A process is killed before it writes, or after.
        (vec![vec![spawn(0), ExitSignal { to: child, reason: script::Reason::Kill }], vec![Output]], no_halt),
        // A process is seen running, or waiting.
        (vec![vec![spawn(0), Inspect(child), Output], vec![Yield, any()]], patient),
        // A monitor is there before the death of what it watches, or too late.
        (
            vec![
                vec![spawn(0), Monitor(Address::To(child)), take(Takes::News, Patience::Forever), Output],
                vec![],
            ],
            patient,
        ),
        // A process is still alive, or no longer.
        (vec![vec![spawn(0), IsAlive(child), Output], vec![]], patient),
        // A name is held, or not yet; seen from either side.
        (named(), patient),
        (named(), patient),
        (
            vec![vec![spawn(0), RegisteredNames, Output], vec![Register { name: 0, whom: Whom::Me }, any()]],
            patient,
        ),
        // A process is listed, or no longer.
        (vec![vec![spawn(0), Processes, Output], vec![]], patient),
        // The clock is read before a timer fires, or after.
        (vec![vec![StartTimer { to: me(), after: 1, tag: 0 }, Now, Output]], hasty),
        // A timer is stopped in time, or too late.
        (vec![vec![StartTimer { to: me(), after: 0, tag: 0 }, CancelTimer, Output]], patient),
        // Something is written before the end, or not.
        (vec![vec![spawn(0)], vec![Output]], patient),
        // A process asks for its group leader before it is changed, or after.
        (
            vec![
                vec![spawn(0), SetGroupLeader { of: child, leader: Whom::Me }],
                vec![GroupLeader { slot: 1 }, Output],
            ],
            no_halt,
        ),
    ]
}

/// Whoever overlooks what a step touches finds too little, and a comparison like that of these tests notices.
#[test]
fn each_dependency_is_needed() {
    for (kind, (bodies, settings)) in telling_programs().into_iter().enumerate() {
        let code = Code::new(bodies);
        let mut expected = Shown::default();
        brute_force(&code.world(settings), false, &mut expected, &mut 0).expect("it is small");
        let simulation = Simulation::new(code).with_settings(settings);
        let found = simulation.every_ordering().explore(|_| true);
        assert_eq!(shown(&found), expected, "program {kind}");
        let blind = simulation.every_ordering().blind(kind).explore(|_| true);
        assert_ne!(shown(&blind), expected, "nobody notices that {kind} is overlooked");
    }
}

/// N processes that each send one message to the main process, which waits for all: N! orderings.
#[test]
fn orderings_are_counted_as_stateless_checkers_count_them() {
    for (count, orderings) in [(1, 1), (2, 2), (3, 6), (4, 24), (5, 120)] {
        let mut main: Vec<Instruction> =
            (0..count).map(|_| Instruction::Spawn { body: 0, tie: Tie::Nothing, slot: 0 }).collect();
        main.extend((0..count).map(|_| Instruction::Receive {
            takes: Takes::Any,
            patience: Patience::Forever,
            slot: 0,
        }));
        let sender = vec![Instruction::Send { to: Address::To(Whom::Parent), tag: 0, carries: None }];
        let simulation = Simulation::new(Code::new(vec![main, sender]));
        assert_eq!(simulation.every_ordering().count_orderings(1_000_000), Some(orderings));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    /// The same for longer: `cargo test --release --test every_ordering -- --ignored`.
    #[test]
    #[ignore = "takes long"]
    fn nothing_is_left_out_in_many_programs(
        code in programs(Shape { bodies: 2..=4, phrases: 0..=3 }),
        settings in settings(),
        order in proptest::bool::weighted(0.2),
    ) {
        compare(&code, settings, order)?;
    }
}
