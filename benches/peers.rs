//! How fast it is, beside its peers in the same run, as ratios.
//!
//! `cargo bench --bench peers` measures with criterion and then prints what each figure is in relation to its peer. The
//! figures in README come from here.

#![allow(clippy::print_stdout, reason = "it says what it has measured")]
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, and finds out where cargo builds"
)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use rashomon::kernel::{Choice, Process, Program, World};
use rashomon::strategy::drive;
use rashomon::{Clock, Ctx, Delivery, Limits, Pid, Random, Simulation, program};

#[path = "../examples/pub_sub.rs"]
mod pub_sub;
#[path = "support/shuttle_pub_sub.rs"]
mod shuttle_pub_sub;

const SUBSCRIBERS: usize = 10;
const MESSAGES: u64 = 100_000;
const CROWD: u32 = 1_000_000;
const CROWDS: [u32; 4] = [10, 1_000, 100_000, 1_000_000];
const STEPS: u64 = 20_000;

fn unlimited() -> Limits {
    Limits { steps: u64::MAX, processes: u32::MAX, ..Limits::default() }
}

/// The last stage of the post, run after run, one core.
fn last_stage(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("last_stage");
    group.throughput(Throughput::Elements(1));
    let simulation = pub_sub::simulation(pub_sub::STAGES[7], SUBSCRIBERS, Clock::Patient, Delivery::Instant);
    group.bench_function("rashomon", |bencher| {
        bencher.iter_custom(|runs| {
            let start = Instant::now();
            black_box(simulation.sweep(0..runs).threads(1).without_outcomes().run());
            start.elapsed()
        });
    });
    group.bench_function("shuttle", |bencher| {
        bencher.iter_custom(|runs| {
            let start = Instant::now();
            shuttle_pub_sub::run(SUBSCRIBERS, usize::try_from(runs).unwrap_or(usize::MAX));
            start.elapsed()
        });
    });
    group.finish();
}

/// Two processes that send each other a number.
fn ping_pong() -> impl Program {
    program("ping pong", |ctx: Ctx<u64>| async move {
        let main = ctx.pid();
        let pong = ctx.spawn(move |ctx| async move {
            loop {
                let number = ctx.recv().await;
                ctx.send(main, number + 1);
            }
        });
        for number in 0..MESSAGES / 2 {
            ctx.send(pong, number);
            ctx.recv().await;
        }
    })
}

fn messages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ping_pong");
    group.throughput(Throughput::Elements(MESSAGES));
    let simulation = Simulation::new(ping_pong()).limits(unlimited());
    group.bench_function("rashomon", |bencher| {
        bencher.iter(|| to_the_end(simulation.world()));
    });
    group.bench_function("shuttle", |bencher| {
        bencher.iter(|| shuttle_pub_sub::ping_pong(MESSAGES));
    });
    group.finish();
}

fn to_the_end<P: Process>(world: World<P>) {
    let mut world = world;
    // A random choice is always an enabled one.
    let _ended = drive(&mut world, &mut Random::new(1), &mut ());
}

/// A main process that spawns so many others and waits; each of those waits for a message.
fn crowd(size: u32) -> impl Program {
    program("crowd", move |ctx: Ctx<u64>| async move {
        for _ in 0..size {
            ctx.spawn(|ctx| async move {
                ctx.recv().await;
            });
        }
        ctx.recv().await;
    })
}

fn idle(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("idle");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Elements(u64::from(CROWD)));
    let simulation = Simulation::new(crowd(CROWD)).limits(unlimited());
    group.bench_function("spawn", |bencher| {
        bencher.iter_custom(|times| {
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                let start = Instant::now();
                let mut world = simulation.world();
                let _ended = drive(&mut world, &mut Random::new(1), &mut ());
                spent += start.elapsed();
                drop(world);
            }
            spent
        });
    });
    group.finish();
}

/// The memory that a crowd of idle processes takes, in bytes each.
fn bytes_a_process() -> Option<f64> {
    let simulation = Simulation::new(crowd(CROWD)).limits(unlimited());
    let before = memory_stats::memory_stats()?.physical_mem;
    let mut world = simulation.world();
    let _ended = drive(&mut world, &mut Random::new(1), &mut ());
    let after = memory_stats::memory_stats()?.physical_mem;
    black_box(&world);
    Some(after.saturating_sub(before) as f64 / f64::from(CROWD))
}

/// So many processes of which each lets the others come in between, for ever.
fn busy(size: u32, active: u32) -> impl Program {
    program("busy", move |ctx: Ctx<u64>| async move {
        for number in 1..size {
            ctx.spawn(move |ctx| async move {
                if number >= active {
                    ctx.recv().await;
                }
                loop {
                    ctx.yield_now();
                    ctx.sleep(Duration::ZERO).await;
                }
            });
        }
        ctx.recv().await;
    })
}

fn step_cost(criterion: &mut Criterion) {
    for (name, active) in [("step_all_active", u32::MAX), ("step_ten_active", 10)] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10).throughput(Throughput::Elements(STEPS));
        for size in CROWDS {
            let mut ready = None;
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                let (world, strategy) = ready.get_or_insert_with(|| {
                    let mut world = Simulation::new(busy(size, active)).limits(unlimited()).world();
                    let mut strategy = Random::new(1);
                    // Left to chance, the spawns would take as many steps as the square of their number.
                    while world.apply(Choice::Run(Pid::MAIN), &mut ()).is_ok() {}
                    advance(&mut world, &mut strategy, 4 * u64::from(size));
                    (world, strategy)
                });
                bencher.iter(|| advance(world, strategy, STEPS));
            });
        }
        group.finish();
    }
}

fn advance<P: Process>(world: &mut World<P>, strategy: &mut Random, steps: u64) {
    for _ in 0..steps {
        let Some(choice) = rashomon::Strategy::choose(strategy, &world.choices()) else { return };
        if world.apply(choice, &mut ()).is_err() {
            return;
        }
    }
}

/// The mean time of one iteration that criterion has just measured, in nanoseconds.
fn measured(benchmark: &str) -> Option<f64> {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let path = Path::new(&target).join("criterion").join(benchmark).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    estimates.get("mean")?.get("point_estimate")?.as_f64()
}

/// Prints the ratios. A benchmark that was not run is left out.
fn summary(bytes: Option<f64>) {
    println!("\nIn relation:");
    if let (Some(ours), Some(theirs)) = (measured("last_stage/rashomon"), measured("last_stage/shuttle")) {
        println!(
            "last stage, {SUBSCRIBERS} subscribers: {:.0} runs a second; shuttle {:.0}: {:.1} times as many",
            1e9 / ours,
            1e9 / theirs,
            theirs / ours
        );
    }
    if let (Some(ours), Some(theirs)) = (measured("ping_pong/rashomon"), measured("ping_pong/shuttle")) {
        println!(
            "ping pong: {:.1} million messages a second; shuttle {:.2}: {:.1} times as many",
            MESSAGES as f64 / ours * 1e3,
            MESSAGES as f64 / theirs * 1e3,
            theirs / ours
        );
    }
    if let Some(time) = measured("idle/spawn") {
        println!("one million idle processes: {:.2} million spawned a second", f64::from(CROWD) / time * 1e3);
    }
    if let Some(bytes) = bytes {
        println!("one million idle processes: {bytes:.0} bytes each");
    }
    for name in ["step_all_active", "step_ten_active"] {
        let cost = |size: u32| measured(&format!("{name}/{size}")).map(|time| time / STEPS as f64);
        if let (Some(few), Some(many)) = (cost(CROWDS[0]), cost(CROWDS[3])) {
            println!(
                "{name}: {few:.0} ns with {} processes, {many:.0} ns with {}: {:.1} times as much",
                CROWDS[0],
                CROWDS[3],
                many / few
            );
        }
    }
}

fn main() {
    // First of all, while the memory of this process is still its own.
    let bytes = bytes_a_process();
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    last_stage(&mut criterion);
    messages(&mut criterion);
    idle(&mut criterion);
    step_cost(&mut criterion);
    criterion.final_summary();
    summary(bytes);
}
