//! The weighted random walk makes all interleavings of independent processes alike, whatever their lengths.

use std::collections::BTreeMap;

use rashomon::kernel::Program;
use rashomon::{Ctx, Halt, Random, Simulation, Strategy, Urw, program};

#[path = "support/enumerate.rs"]
mod enumerate;

/// How often each schedule comes up.
fn frequencies<S: Strategy>(
    simulation: &Simulation<impl Program>,
    seeds: u64,
    strategy: impl Fn(u64) -> S,
) -> BTreeMap<String, u64> {
    let mut seen = BTreeMap::new();
    for seed in 0..seeds {
        *seen.entry(simulation.run(strategy(seed)).schedule().to_string()).or_default() += 1;
    }
    seen
}

fn chi_square(seen: &BTreeMap<String, u64>, cells: usize, runs: u64) -> f64 {
    let expected = runs as f64 / cells as f64;
    let unseen = (cells - seen.len()) as f64 * expected;
    unseen + seen.values().map(|&seen| (seen as f64 - expected).powi(2) / expected).sum::<f64>()
}

#[test]
fn processes_of_unequal_length_interleave_evenly_under_urw_and_badly_under_random() {
    // After the spawn the main process has 2 steps (a yield, and its exit) and the child has 12: C(14, 2) = 91.
    let simulation = Simulation::new(program("unequal", |ctx: Ctx<()>| async move {
        ctx.spawn(|ctx| async move { (0..11).for_each(|_| ctx.yield_now()) });
        ctx.yield_now();
    }))
    .halt(Halt::Never);
    assert_eq!(enumerate::count(&simulation), 91);
    let runs = 91 * 200;
    let profile = simulation.profile(1);
    let even = frequencies(&simulation, runs, |seed| Urw::new(seed, profile.clone()));
    let (least, most) = (even.values().min().copied(), even.values().max().copied());
    assert_eq!(even.len(), 91);
    // 200 runs each, give or take four standard deviations of 14.
    assert!(least > Some(144) && most < Some(256), "{least:?} to {most:?}");
    // 90 degrees of freedom: one in a thousand would do worse by chance.
    assert!(chi_square(&even, 91, runs) < 137.2);

    // Under the uniform choice the two short steps come at once in a quarter of the runs, and both at the very end in
    // one of 2^12.
    let skewed = frequencies(&simulation, runs, Random::new);
    let most = skewed.values().max().copied().unwrap_or_default();
    assert!(most > runs / 5, "{most}");
    let rare = 91 - skewed.values().filter(|&&seen| seen > 20).count();
    assert!(rare > 91 / 4, "{rare} of the 91 come up less than a tenth as often as they should");
    assert!(chi_square(&skewed, 91, runs) > 100.0 * 137.2);
}

#[test]
fn what_a_process_has_yet_to_spawn_counts_for_it() {
    // Spawn a child of 2 steps, spawn one of 12, exit: 17 steps; the subtrees are 17, (2, 1), 14, 1, (12, …, 1), and so
    // there are 17! / (17 · 2 · 14 · 12!) = 1560 schedules.
    let simulation = Simulation::new(program("siblings", |ctx: Ctx<()>| async move {
        ctx.spawn(|ctx| async move { ctx.yield_now() });
        ctx.spawn(|ctx| async move { (0..11).for_each(|_| ctx.yield_now()) });
    }))
    .halt(Halt::Never);
    assert_eq!(enumerate::count(&simulation), 1_560);
    let runs = 1_560 * 20;
    let profile = simulation.profile(1);
    // 1559 degrees of freedom: one in a thousand would do worse than 1735 by chance.
    assert!(
        chi_square(&frequencies(&simulation, runs, |seed| Urw::new(seed, profile.clone())), 1_560, runs)
            < 1_735.0
    );
    assert!(chi_square(&frequencies(&simulation, runs, Random::new), 1_560, runs) > 20.0 * 1_735.0);
}

#[test]
fn grandchildren_count_for_their_parents_and_their_grandparents() {
    // main: spawn, yield, exit; child: spawn, exit; grandchild: 5 yields, exit. The subtrees: the first spawn 11, then
    // 2, 1 and, for the child, 8, 1, and for the grandchild 6, …, 1: 11! / (11 · 2 · 8 · 720) = 315.
    let simulation = Simulation::new(program("generations", |ctx: Ctx<()>| async move {
        ctx.spawn(|ctx| async move {
            ctx.spawn(|ctx| async move { (0..5).for_each(|_| ctx.yield_now()) });
        });
        ctx.yield_now();
    }))
    .halt(Halt::Never);
    assert_eq!(enumerate::count(&simulation), 315);
    let runs = 315 * 40;
    let profile = simulation.profile(1);
    // 314 degrees of freedom: one in a thousand would do worse by chance.
    assert!(
        chi_square(&frequencies(&simulation, runs, |seed| Urw::new(seed, profile.clone())), 315, runs)
            < 395.0
    );
}

#[test]
fn a_profile_that_knows_nothing_still_reaches_every_schedule() {
    let simulation = Simulation::new(program("unknown", |ctx: Ctx<()>| async move {
        ctx.spawn(|ctx| async move { (0..3).for_each(|_| ctx.yield_now()) });
        ctx.yield_now();
    }))
    .halt(Halt::Never);
    let seen = frequencies(&simulation, 2_000, |seed| Urw::new(seed, rashomon::strategy::Profile::default()));
    assert_eq!(seen.len(), 15, "C(6, 2)");
}
