//! How fast Elixir programs run, beside Elixir itself on the BEAM with one scheduler, where that is installed.
//!
//! `cargo bench --bench elixir` measures with criterion, has `elixir` do the same, and then prints what each figure is in
//! relation to the BEAM's. The figures in README come from here. The programs stand in `benches/elixir`.

#![allow(clippy::print_stdout, reason = "it says what it has measured")]
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, and finds out where cargo builds"
)]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use rashomon::elixir::{ElixirProcess, ElixirProgram, Source, compile};
use rashomon::kernel::{Plain, Program, World};
use rashomon::strategy::drive;
use rashomon::{Limits, Random, Settings, Simulation};

/// The programs that run in one go, and how many of what they do.
const PROGRAMS: [(&str, u64); 4] =
    [("ping_pong", 100_000), ("fib", 832_039), ("enum", 1_000_000), ("maps", 300_000)];

/// So many processes wait.
const CROWD: u32 = 100_000;

/// How often `elixir` does something; the shortest time counts.
const TIMES: u32 = 7;

fn path(folder: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(format!("{name}.exs"))
}

fn text(folder: &str, name: &str) -> String {
    fs::read_to_string(path(folder, name)).expect("the program can be read")
}

fn program(name: &str, text: &str) -> ElixirProgram<Plain> {
    match compile(&[Source { name, text }]) {
        Ok(compilation) => compilation.program,
        Err(faults) => panic!("{name} does not compile: {faults:?}"),
    }
}

fn settings() -> Settings {
    let limits = Limits { steps: u64::MAX, processes: u32::MAX, ..Limits::default() };
    Settings { limits, ..Settings::default() }
}

fn to_the_end(world: &mut World<ElixirProcess<Plain>>) {
    // A random choice is always an enabled one.
    let _ended = drive(world, &mut Random::new(1), &mut ());
    assert!(world.crashes().next().is_none(), "the program crashes");
}

/// A command, from its start to its end.
fn timed(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "the command fails");
    start.elapsed()
}

/// A script from the start of the host process to its end.
fn scripts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("elixir_script");
    for name in ["hello", "first_enum"] {
        let path = path("benches/elixir", name);
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_rashomon"));
                command.arg("run").arg(&path).args(["--seed", "1"]);
                (0..times).map(|_| timed(&mut command)).sum()
            });
        });
    }
    group.finish();
}

/// Programs in a world that is used again, as in a sweep: what is measured is their run.
fn programs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("elixir_program");
    group.sample_size(20);
    for (name, count) in PROGRAMS {
        group.throughput(Throughput::Elements(count));
        let program = program(name, &format!("{}\nBench.run()", text("benches/elixir", name)));
        let mut world = program.world(settings());
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    // What the main process does before it asks for something belongs to its birth.
                    let start = Instant::now();
                    program.rewind(&mut world);
                    to_the_end(&mut world);
                    spent += start.elapsed();
                }
                spent
            });
        });
    }
    group.finish();
}

/// The last stage of the post, a seed a run, one core.
fn last_stage(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("elixir_last_stage");
    group.throughput(Throughput::Elements(1));
    let simulation = Simulation::new(program("notices", &text("tests/elixir/post", "notices")));
    group.bench_function("runs", |bencher| {
        bencher.iter_custom(|runs| {
            let start = Instant::now();
            black_box(simulation.sweep(0..runs).threads(1).without_outcomes().run());
            start.elapsed()
        });
    });
    group.finish();
}

/// The memory that a crowd of idle processes takes, in bytes each.
fn bytes_a_process() -> Option<f64> {
    let text = format!("{}\nBench.crowd()\nBench.wait()", text("benches/elixir", "idle"));
    let program = program("idle", &text);
    let mut world = program.world(settings());
    let before = memory_stats::memory_stats()?.physical_mem;
    let _ended = drive(&mut world, &mut Random::new(1), &mut ());
    let after = memory_stats::memory_stats()?.physical_mem;
    black_box(&world);
    Some(after.saturating_sub(before) as f64 / f64::from(CROWD))
}

/// Elixir on the BEAM, with one scheduler.
fn beam() -> Command {
    let mut command = Command::new("elixir");
    command.args(["--erl", "+S 1:1"]);
    command
}

fn beam_is_there() -> bool {
    let version = beam().arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// What the last line is that a script writes on the BEAM, as a number.
fn told_by_beam(script: &str) -> Option<f64> {
    let output = beam().args(["-e", script]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.lines().last()?.trim().parse().ok()
}

/// The shortest time that the BEAM takes for a program that is compiled already, in nanoseconds.
fn time_on_beam(name: &str) -> Option<f64> {
    let times = format!(
        "times = for _ <- 1..{TIMES}, do: elem(:timer.tc(&Bench.run/0), 0)\nIO.puts(1000 * Enum.min(times))"
    );
    told_by_beam(&format!("{}\n{times}", text("benches/elixir", name)))
}

fn bytes_on_beam() -> Option<f64> {
    let difference = format!(
        "before = :erlang.memory(:processes)\nBench.crowd()\n\
         IO.puts((:erlang.memory(:processes) - before) / {CROWD})"
    );
    told_by_beam(&format!("{}\n{difference}", text("benches/elixir", "idle")))
}

/// The shortest time from the start of the BEAM to its end, in nanoseconds.
fn script_on_beam(name: &str) -> Option<f64> {
    let mut command = beam();
    command.arg(path("benches/elixir", name));
    (0..TIMES).map(|_| timed(&mut command).as_secs_f64() * 1e9).reduce(f64::min)
}

/// The mean time of one iteration that criterion has just measured, in nanoseconds.
fn measured(benchmark: &str) -> Option<f64> {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let path = Path::new(&target).join("criterion").join(benchmark).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    estimates.get("mean")?.get("point_estimate")?.as_f64()
}

/// One line: what we take, what the BEAM takes, and how often its time ours is.
fn line(what: &str, ours: f64, beam: Option<f64>, show: impl Fn(f64) -> String) {
    match beam {
        Some(beam) => {
            println!("{what}: {}; the BEAM {}: {:.2} times its", show(ours), show(beam), ours / beam);
        }
        None => println!("{what}: {}", show(ours)),
    }
}

/// Prints the ratios. A benchmark that was not run is left out.
fn summary(bytes: Option<f64>) {
    let there = beam_is_there();
    println!("\nIn relation{}:", if there { "" } else { " (elixir is not installed: our own figures only)" });
    let milliseconds = |time: f64| format!("{:.1} ms", time / 1e6);
    for (name, what) in [("hello", "hello, world, start to end"), ("first_enum", "the same with Enum")] {
        if let Some(ours) = measured(&format!("elixir_script/{name}")) {
            line(what, ours, there.then(|| script_on_beam(name)).flatten(), milliseconds);
        }
    }
    if let Some(ours) = measured("elixir_last_stage/runs") {
        println!("last stage, 10 subscribers: {:.0} runs a second", 1e9 / ours);
    }
    for (name, count) in PROGRAMS {
        if let Some(ours) = measured(&format!("elixir_program/{name}")) {
            let show = |time: f64| {
                format!("{:.1} ms ({:.2} million a second)", time / 1e6, count as f64 / time * 1e3)
            };
            line(name, ours, there.then(|| time_on_beam(name)).flatten(), show);
        }
    }
    if let Some(bytes) = bytes {
        let beam = there.then(bytes_on_beam).flatten();
        line("an idle process", bytes, beam, |bytes| format!("{bytes:.0} bytes"));
    }
}

fn main() {
    // First of all, while the memory of this process is still its own.
    let bytes = bytes_a_process();
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    scripts(&mut criterion);
    last_stage(&mut criterion);
    programs(&mut criterion);
    criterion.final_summary();
    if !std::env::args().any(|argument| argument == "--test") {
        summary(bytes);
    }
}
