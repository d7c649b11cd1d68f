//! Sweeps: which outcomes count as one, when a sweep is stopped, and how seeds are shared out.

use std::sync::atomic::{AtomicU64, Ordering};

use rashomon::{Ctx, Random, Simulation, program};

/// Two processes that are the same but for their pid, one of which is first.
fn twins() -> Simulation<impl rashomon::kernel::Program + Sync> {
    Simulation::new(program("twins", |ctx: Ctx<&'static str>| async move {
        let main = ctx.pid();
        for _ in 0..2 {
            ctx.spawn(move |ctx| async move {
                ctx.send(main, "first");
                ctx.output(ctx.pid().to_string());
            });
        }
        ctx.recv().await;
        ctx.output("over");
    }))
}

#[test]
fn outcomes_with_the_same_key_are_one_as_the_first_seed_shows_it() {
    let twins = twins();
    let apart = twins.sweep(0..500).run();
    let all = || twins.sweep(0..500).outcomes_by(|world| u128::from(world.outcome().output.len() as u64));
    let together = all().threads(1).run();
    assert!(apart.outcomes.len() > together.outcomes.len());
    assert_eq!(together.outcomes.values().map(|seen| seen.runs).sum::<u64>(), 500);
    for (outcome, seen) in &together.outcomes {
        assert_eq!(twins.run(Random::new(seen.first_seed)).outcome(), outcome);
    }
    for threads in [2, 3, 8] {
        assert_eq!(all().threads(threads).run(), together);
    }
}

#[test]
fn a_sweep_that_is_stopped_reports_the_runs_that_it_made() {
    let asked = AtomicU64::new(0);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 100;
    let report = twins().sweep(0..1_000_000).threads(1).stop(stop).run();
    assert_eq!(report.runs, 100);
    let asked = AtomicU64::new(0);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 100;
    assert_eq!(twins().sweep(0..1_000_000).threads(4).stop(stop).run().runs, 100);
    assert_eq!(twins().sweep(0..1_000_000).stop(|| true).run().runs, 0);
}

/// Few runs may take long: every thread gets some of them.
#[test]
fn few_seeds_are_shared_out() {
    for seeds in 0..40 {
        for threads in [1, 2, 5] {
            let report = twins().sweep(0..seeds).threads(threads).run();
            assert_eq!((report.runs, seeds), (seeds, report.outcomes.values().map(|seen| seen.runs).sum()));
        }
    }
    let ends = twins().sweep(u64::MAX - 3..u64::MAX).threads(2).run();
    assert_eq!(ends.runs, 3);
}
