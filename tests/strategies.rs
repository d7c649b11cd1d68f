//! Who chooses, and how: each strategy does what it says.

use std::collections::BTreeMap;
use std::time::Duration;

use rashomon::explore::Seen;
use rashomon::kernel::{Choice, Choices, Program};
use rashomon::native::Native;
use rashomon::strategy::{Manual, Recording, Replay, drive};
use rashomon::{
    Clock, Ctx, Delivery, Halt, Pct, Pid, Property, Random, RoundRobin, Run, Schedule, Simulation, Strategy,
    Urw, explore, program,
};

#[path = "support/enumerate.rs"]
mod enumerate;
use enumerate::every_schedule;

/// The sum of the squared deviations, each in units of what was expected.
fn chi_square(observed_and_expected: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    observed_and_expected.into_iter().map(|(seen, expected)| (seen - expected).powi(2) / expected).sum()
}

/// The main process and its child take this many steps after the spawn, the exits included.
fn two(main: usize, child: usize) -> impl Program {
    program("two", move |ctx: Ctx<()>| async move {
        ctx.spawn(move |ctx| async move { (1..child).for_each(|_| ctx.yield_now()) });
        (1..main).for_each(|_| ctx.yield_now());
    })
}

fn run_of(number: u32) -> Choice {
    Choice::Run(Pid::from_number(number))
}

#[test]
fn random_takes_each_choice_as_often_as_any_other() {
    // 15 schedules (see tests/interleavings.rs), each as likely as its choices: 1 / (the product of their numbers).
    let simulation = Simulation::new(two(2, 4)).halt(Halt::Never);
    let mut likely = BTreeMap::new();
    every_schedule(
        &simulation,
        || (),
        |told| {
            likely.insert(
                told.schedule.to_string(),
                told.widths.iter().map(|&width| 1.0 / width as f64).product::<f64>(),
            );
        },
    );
    assert_eq!(likely.len(), 15);
    assert!((likely.values().sum::<f64>() - 1.0).abs() < 1e-9);
    let runs = 15_000_u32;
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..runs {
        *seen.entry(simulation.run(Random::new(seed.into())).schedule().to_string()).or_default() += 1;
    }
    assert_eq!(seen.len(), 15, "all are seen");
    let deviation = chi_square(
        likely.iter().map(|(schedule, likely)| (f64::from(seen[schedule]), likely * f64::from(runs))),
    );
    // 14 degrees of freedom: one program in a thousand would do worse by chance.
    assert!(deviation < 36.1, "{deviation}");
}

#[test]
fn a_drawn_number_is_as_likely_as_any_other_under_every_strategy_that_rolls_dice() {
    let simulation = Simulation::new(program("die", |ctx: Ctx<()>| async move {
        ctx.output(ctx.draw(6).await.to_string());
    }));
    let profile = simulation.profile(0);
    let roll = |strategy: &dyn Fn(u64) -> Box<dyn Strategy>| {
        let mut seen: BTreeMap<String, f64> = BTreeMap::new();
        for seed in 0..6_000 {
            let run = simulation.run(strategy(seed));
            let (_, line) = run.outcome().lines().next().expect("a line");
            *seen.entry(line.to_owned()).or_default() += 1.0;
        }
        assert_eq!(seen.keys().collect::<Vec<_>>(), ["0", "1", "2", "3", "4", "5"]);
        chi_square(seen.values().map(|&seen| (seen, 1_000.0)))
    };
    // 5 degrees of freedom: one die in a thousand would do worse by chance.
    assert!(roll(&|seed| Box::new(Random::new(seed))) < 20.5);
    assert!(roll(&|seed| Box::new(Pct::new(seed, 2, 10))) < 20.5);
    assert!(roll(&|seed| Box::new(Urw::new(seed, profile.clone()))) < 20.5);
}

#[test]
fn equal_seeds_make_equal_runs_and_other_seeds_make_others() {
    let simulation = Simulation::new(two(20, 20)).halt(Halt::Never);
    let schedules: Vec<Schedule> =
        (0..50).map(|seed| simulation.run(Random::new(seed)).schedule().clone()).collect();
    for (seed, schedule) in schedules.iter().enumerate() {
        assert_eq!(simulation.run(Random::new(seed as u64)).schedule(), schedule);
        assert_eq!(schedules.iter().filter(|other| *other == schedule).count(), 1, "seed {seed}");
    }
}

#[test]
fn round_robin_gives_a_step_to_everybody_in_turn() {
    let program = program("three", |ctx: Ctx<()>| async move {
        for steps in [1, 3] {
            ctx.spawn(move |ctx| async move { (0..steps).for_each(|_| ctx.yield_now()) });
        }
        ctx.yield_now();
    });
    let run = Simulation::new(program).halt(Halt::Never).run(RoundRobin::new());
    // 1 spawns 2; 2 yields; 1 is the only one else, and spawns 3; 2 exits; 3 yields; 1 yields; 3, 1 (exits), 3, 3.
    let expected = [1, 2, 1, 2, 3, 1, 3, 1, 3, 3].map(run_of).to_vec();
    assert_eq!(*run.schedule(), expected.into());
}

#[test]
fn round_robin_takes_processes_then_deliveries_then_timers() {
    let program = program("all kinds", |ctx: Ctx<()>| async move {
        let child = ctx.spawn(|ctx| async move { ctx.recv().await });
        ctx.send(child, ());
        ctx.sleep(Duration::from_secs(1)).await;
        ctx.draw(7).await;
    });
    let run = Simulation::new(program).delivery(Delivery::Ordered).clock(Clock::Hasty).run(RoundRobin::new());
    let (main, child) = (Pid::MAIN, Pid::from_number(2));
    let expected = vec![
        Choice::Run(main), // spawns
        Choice::Run(main), // sends, and begins to sleep
        Choice::Deliver { from: main, to: child },
        Choice::Fire(main),
        Choice::Run(main),  // its sleep is over
        Choice::Run(child), // receives
        Choice::Run(main),  // asks for a number
        Choice::Draw(0),
        Choice::Run(child), // exits
        Choice::Run(main),  // exits
    ];
    assert_eq!(*run.schedule(), expected.into());
}

/// Whenever the actor changes, the one before could not go on, or the new one could not have acted a step earlier.
fn stays_as_long_as_it_can(simulation: &Simulation<impl Program>, strategy: impl Strategy) {
    let mut strategy = strategy;
    let mut last: Option<(Choice, Vec<Choice>)> = None;
    let watching = Manual::new(|choices: &Choices<'_>| {
        let choice = strategy.choose(choices)?;
        if let Some((before, possible)) = &last {
            let switched = choice != *before && choices.contains(*before);
            assert!(!switched || !possible.contains(&choice), "{before}, and then {choice}");
        }
        last = Some((choice, choices.iter().collect()));
        Some(choice)
    });
    assert!(simulation.run(watching).outcome().ending.is_some());
}

#[test]
fn pct_of_depth_one_switches_only_when_somebody_blocks_or_comes_into_play() {
    let program = program("ping pong", |ctx: Ctx<Pid>| async move {
        let main = ctx.pid();
        for _ in 0..3 {
            ctx.spawn(move |ctx| async move {
                (0..5).for_each(|_| ctx.yield_now());
                ctx.send(main, ctx.pid());
                (0..5).for_each(|_| ctx.yield_now());
                ctx.recv().await;
            });
        }
        for _ in 0..3 {
            let child = ctx.recv().await;
            ctx.send(child, main);
            ctx.yield_now();
        }
    });
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        let simulation = Simulation::new(&program).halt(Halt::Never).delivery(delivery);
        for seed in 0..200 {
            stays_as_long_as_it_can(&simulation, Pct::new(seed, 1, 60));
        }
    }
}

/// Process `b` breaks the claim if all its 8 steps fall between two certain steps of process `a`: two constraints, a bug of
/// depth 2. Nobody shares memory: both report to the main process, which gets the messages in the order of the sends.
fn needle() -> Simulation<impl Program<Process = Native<char>> + Sync> {
    Simulation::new(program("needle", |ctx: Ctx<char>| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move { "aaaA".chars().for_each(|letter| ctx.send(main, letter)) });
        ctx.spawn(move |ctx| async move { "bbbbbbbb".chars().for_each(|letter| ctx.send(main, letter)) });
        let mut text = String::new();
        for _ in 0..12 {
            text.push(ctx.recv().await);
        }
        ctx.output(text);
    }))
}

fn no_needle() -> impl Property<Native<char>> {
    explore::outcome("no needle", |outcome| match outcome.lines().next() {
        Some((_, "aaabbbbbbbbA")) => Err("found".to_owned()),
        Some(_) | None => Ok(()),
    })
}

#[test]
fn pct_finds_a_bug_of_depth_two_as_often_as_it_promises() {
    // n = 3 processes; k = 29 steps: 2 spawns and 12 receives, the line, 4 and 8 sends, and 3 exits, less the
    // one or two that the end of the main process cuts off. The promise is 1 / (n · k) = 1 / 87 of the runs.
    let simulation = needle();
    let found =
        |report: explore::Report| report.failures.get("no needle").map_or(0, |broken| broken.seen.runs);
    let steps = simulation.run(RoundRobin::new()).schedule().len() as u64;
    assert!((28..=30).contains(&steps), "{steps}");
    let runs = 8_700;
    let with_pct =
        found(simulation.sweep(0..runs).strategy(|seed| Pct::new(seed, 2, 30)).property(no_needle).run());
    assert!(with_pct >= runs / (3 * 30), "{with_pct}");
    // A random walk has to pass by the other process eight times in a row, and is not promised anything.
    let with_random = found(simulation.sweep(0..runs).property(no_needle).run());
    assert!(with_random * 10 < with_pct, "{with_random}");
}

#[test]
fn a_sweep_is_the_same_on_any_number_of_threads() {
    let simulation = needle();
    let sweep = |threads| simulation.sweep(100..1_900).property(no_needle).threads(threads).run();
    let one = sweep(1);
    assert_eq!(one.runs, 1_800);
    assert_eq!(one.outcomes.values().map(|seen| seen.runs).sum::<u64>(), 1_800);
    assert_eq!(one, sweep(2));
    assert_eq!(one, sweep(7));
    // The first seed of each outcome shows it, and no earlier one does.
    for (outcome, &Seen { first_seed, .. }) in one.outcomes.iter().take(5) {
        assert_eq!(simulation.run(Random::new(first_seed)).outcome(), outcome);
        assert!((100..first_seed).all(|seed| simulation.run(Random::new(seed)).outcome() != outcome));
    }
}

#[test]
fn a_sweep_over_no_seeds_makes_no_runs() {
    let report = needle().sweep(5..5).run();
    assert_eq!((report.runs, report.outcomes.len()), (0, 0));
}

#[test]
fn a_sweep_ends_at_the_last_seed_there_is() {
    let report = needle().sweep(u64::MAX - 3..u64::MAX).threads(2).run();
    assert_eq!(report.runs, 3);
}

#[test]
fn recording_changes_nothing_and_replay_does_the_same_again() {
    let simulation = Simulation::new(two(8, 8)).halt(Halt::Never);
    let run = simulation.run(Random::new(5));
    let mut recording = Recording::new(Random::new(5));
    let mut world = simulation.world();
    assert_eq!(drive(&mut world, &mut recording, &mut ()), Ok(()));
    assert_eq!(recording.describe(), "random, seed 5");
    let (schedule, inner) = recording.finish();
    assert_eq!((&schedule, inner.describe().as_str()), (run.schedule(), "random, seed 5"));
    let mut replay = Replay::new(schedule.clone());
    assert_eq!(replay.left(), schedule.len());
    let mut world = simulation.world();
    assert_eq!(drive(&mut world, &mut replay, &mut ()), Ok(()));
    assert_eq!((replay.left(), world.outcome()), (0, run.outcome().clone()));
}

#[test]
fn a_strategy_may_leave_a_run_and_must_not_want_the_impossible() {
    let simulation = Simulation::new(two(2, 2));
    let mut steps = 0;
    let run = simulation.run(Manual::new(|choices| {
        steps += 1;
        choices.get(0).filter(|_| steps <= 2)
    }));
    assert_eq!((run.schedule().len(), run.outcome().ending, run.diverged().is_none()), (2, None, true));
    assert!(run.failures().is_empty(), "what is not over is not judged");

    let run: Run = simulation.run(Manual::new(|_| Some(run_of(77))));
    assert!(run.schedule().is_empty() && run.outcome().ending.is_none());
    let diverged = run.diverged().expect("77 never lived");
    assert_eq!(
        diverged.to_string(),
        "at step 0, it was expected that #PID<0.77.0> acts, but it was only possible that #PID<0.1.0> acts"
    );
    let report = simulation.sweep(0..3).strategy(|_| Manual::new(|_: &Choices<'_>| Some(run_of(77)))).run();
    assert_eq!(report.failures["the strategy chooses what is possible"].seen.runs, 3);
}
