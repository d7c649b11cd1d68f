//! A sweep tells the same whatever the number of threads.

use proptest::prelude::*;
use rashomon::explore::Report;
use rashomon::kernel::Program;
use rashomon::strategy::Urw;
use rashomon::{Ctx, Healthy, Pct, Random, RoundRobin, Simulation, Strategy as Chooser, program};

use crate::case::{cases, times};

/// More than two chunks of 256 seeds, the last one not full.
const SEEDS: std::ops::Range<u64> = 3..703;

/// Sweeps with so many threads.
fn sweep<G, T>(simulation: &Simulation<G>, chooser: impl Fn(u64) -> T + Sync, threads: usize) -> Report
where
    G: Program + Sync,
    T: Chooser,
{
    simulation.sweep(SEEDS).strategy(chooser).property(|| Healthy).threads(threads).run()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times(1).cases / 16, ..times(1) })]

    #[test]
    fn a_sweep_tells_the_same_with_one_thread_and_with_three(case in cases()) {
        let simulation = case.simulation();
        let alone = sweep(&simulation, Random::new, 1);
        prop_assert_eq!(alone.runs, SEEDS.end - SEEDS.start);
        prop_assert_eq!(alone.outcomes.values().map(|seen| seen.runs).sum::<u64>(), alone.runs);
        for threads in [2, 3] {
            let report = sweep(&simulation, Random::new, threads);
            prop_assert_eq!(&report, &alone);
            prop_assert_eq!(report.to_string(), alone.to_string());
        }
    }

    #[test]
    fn what_a_sweep_tells_is_what_its_runs_show(case in cases()) {
        let simulation = case.simulation();
        let report = sweep(&simulation, Random::new, 2);
        for (outcome, seen) in &report.outcomes {
            let run = simulation.run(Random::new(seen.first_seed));
            prop_assert_eq!(run.outcome(), outcome);
        }
        for (property, broken) in &report.failures {
            let run = simulation.run_with(Random::new(broken.seen.first_seed), Healthy);
            let failure = run.failures().iter().find(|failure| failure.property == *property);
            prop_assert_eq!(failure.map(|failure| &failure.detail), Some(&broken.detail));
        }
    }
}

/// Three processes in Rust that race, one of them at risk of a crash.
fn race() -> Simulation<impl Program + Sync> {
    Simulation::new(program("race", |ctx: Ctx<u64>| async move {
        let main = ctx.pid();
        for number in 0..3 {
            ctx.spawn(move |ctx| async move {
                let drawn = ctx.draw(4).await;
                assert!(drawn + number < 6, "too much");
                ctx.send(main, drawn * 10 + number);
            });
        }
        for _ in 0..2 {
            let number = ctx.recv().await;
            ctx.output(number.to_string());
        }
    }))
}

#[test]
fn a_sweep_of_a_program_in_rust_tells_the_same_whatever_the_number_of_threads() {
    let simulation = race();
    let profile = simulation.profile(1);
    let choosers: [fn(u64) -> Box<dyn Chooser>; 3] = [
        |seed| Box::new(Random::new(seed)),
        |seed| Box::new(Pct::new(seed, 3, 20)),
        |_| Box::new(RoundRobin::new()),
    ];
    for chooser in choosers {
        let alone = sweep(&simulation, chooser, 1);
        assert_eq!(sweep(&simulation, chooser, 2), alone);
        assert_eq!(sweep(&simulation, chooser, 3), alone);
    }
    let weighted = |threads| sweep(&simulation, |seed| Urw::new(seed, profile.clone()), threads);
    assert_eq!(weighted(1), weighted(2));
    assert_eq!(weighted(1), weighted(3));
}

#[test]
fn the_sweep_of_no_seeds_makes_no_run() {
    let simulation = race();
    for threads in [1, 2, 3] {
        assert_eq!(simulation.sweep(5..5).threads(threads).run(), Report::default());
    }
}
