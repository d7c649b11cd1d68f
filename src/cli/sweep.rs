//! `rashomon sweep`: what comes out under many seeds, and how often.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use rashomon::elixir::ElixirProgram;
use rashomon::explore::{Progress, Report, Seen, outcome_key};
use rashomon::kernel::{Plain, Program};
use rashomon::strategy::{Recording, drive};
use rashomon::trace::{Digest, Page};
use rashomon::{Outcome, Simulation, Token};
use serde::Serialize;

use super::Refusal;
use super::elixir::{self, Assumptions};
use super::every::{self, Format, Shown, Situation};
use super::interrupt;
use super::strategies::{Chooser, StrategyOptions};

/// The token of a run with more steps than this is longer than anybody wants; its seed is enough.
const LONGEST_TOKEN: usize = 20_000;
/// The width of a bar of the histogram.
const BAR: usize = 20;

/// Runs an Elixir program under many seeds, and tells how often each outcome was seen.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon sweep race.exs\n  rashomon sweep race.exs --seeds 0..1000000 --strategy pct\n\n\
    Two runs have the same outcome if each process wrote the same, the same processes crashed for the same reason, and the runs ended alike. \
    Processes that differ only in their pid are not told apart. Each outcome is shown as its first seed shows it. \
    The program's standard input is empty.\n\n\
    Ctrl-C ends the sweep and tells what is known; a second one ends it at once.\n\n\
    Exit status: 0 if all seeds were run, 2 bad input or usage, 130 if the sweep was interrupted."
)]
pub(super) struct Arguments {
    /// The files of the program, which run one after another; - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The seeds: from A up to, but not including, B.
    #[arg(long, value_name = "A..B", default_value = "0..1000", value_parser = seeds)]
    seeds: Range<u64>,
    #[command(flatten)]
    strategy: StrategyOptions,
    /// Threads; one for each core unless told otherwise. What comes out does not depend on it.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Outcomes at the most that are listed as text, the most frequent first.
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    #[command(flatten)]
    assumptions: Assumptions,
    /// How the result is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let wanted = || "expected two numbers with two dots between, such as 0..1000".to_owned();
    let (start, end) = text.split_once("..").ok_or_else(wanted)?;
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| wanted());
    let seeds = number(start)?..number(end)?;
    if seeds.is_empty() {
        return Err(format!("there is no seed from {start} up to, but not including, {end}"));
    }
    Ok(seeds)
}

/// The histogram as JSON. The number of the schema changes when something in it gets another meaning.
#[derive(Serialize)]
struct Histogram {
    schema: &'static str,
    /// Whether all seeds were run.
    complete: bool,
    seeds: [u64; 2],
    runs: u64,
    strategy: String,
    assumptions: Situation,
    outcomes: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    runs: u64,
    /// Of all runs, from 0 to 1.
    share: f64,
    first_seed: u64,
    #[serde(flatten)]
    shown: Shown,
}

/// Sweeps.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let Arguments { files, seeds, strategy, threads, top, assumptions, format } = arguments;
    let files = elixir::read(files)?;
    let program =
        elixir::compiled::<Plain>(&files, assumptions.quiet())?.with_limits(assumptions.run_limits());
    let settings = assumptions.settings();
    let chooser = strategy.chooser(&program, settings)?;
    if !chooser.uses_chance() {
        return Err("under --strategy round-robin every seed gives the same run: rashomon run shows it"
            .to_owned()
            .into());
    }
    let simulation = Simulation::new(program).with_settings(settings);
    interrupt::listen()?;
    let bar = bar(seeds, assumptions.quiet());
    let mut sweep = simulation
        .sweep(seeds.clone())
        .strategy(|seed| chooser.strategy(seed))
        .outcomes_by(|world| outcome_key(world, false))
        .progress(|Progress { done, .. }| bar.set_position(done))
        .stop(interrupt::pressed);
    if let Some(threads) = threads {
        sweep = sweep.threads(usize::from(*threads));
    }
    let report = sweep.run();
    bar.finish_and_clear();
    let total = seeds.end - seeds.start;
    let complete = report.runs == total;
    let text = match format {
        Format::Text => {
            let mut text = String::new();
            for (outcome, seen) in report.histogram().into_iter().take(*top) {
                tell(&mut text, &entry(&simulation, &chooser, &report, outcome, seen));
            }
            text + &rest(&report, *top) + &summary(arguments, &report, &chooser)
        }
        Format::Json => {
            let entries = report.histogram();
            let entries = entries
                .into_iter()
                .map(|(outcome, seen)| entry(&simulation, &chooser, &report, outcome, seen));
            let histogram = Histogram {
                schema: "rashomon-sweep-1",
                complete,
                seeds: [seeds.start, seeds.end],
                runs: report.runs,
                strategy: chooser.in_words(),
                assumptions: Situation::of(&settings),
                outcomes: entries.collect(),
            };
            every::json(&histogram)?
        }
    };
    Ok(every::finish(&text, if complete { 0 } else { interrupt::INTERRUPTED }))
}

/// A bar on standard error, if somebody looks there.
fn bar(seeds: &Range<u64>, quiet: bool) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(seeds.end - seeds.start), every::draw_target(quiet));
    match ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} runs, {eta} to go") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What there is to tell of an outcome. It is looked at once more, in the run with its first seed.
fn entry(
    simulation: &Simulation<ElixirProgram>,
    chooser: &Chooser,
    report: &Report,
    outcome: &Outcome,
    seen: &Seen,
) -> Entry {
    let mut strategy = Recording::new(chooser.strategy(seen.first_seed));
    let mut watch = (Page::default(), Digest::default());
    let diverged = drive(&mut simulation.world(), &mut strategy, &mut watch);
    debug_assert!(diverged.is_ok(), "the strategy chooses what is possible");
    let ((page, digest), (schedule, _)) = (watch, strategy.finish());
    let token = (schedule.len() <= LONGEST_TOKEN).then(|| {
        let (fingerprint, settings) = (simulation.program().fingerprint(), *simulation.settings());
        Token { fingerprint, settings, schedule, digest: digest.number() }.to_string()
    });
    Entry {
        runs: seen.runs,
        share: seen.runs as f64 / report.runs as f64,
        first_seed: seen.first_seed,
        shown: Shown::new(outcome, page.text(), token),
    }
}

fn tell(text: &mut String, entry: &Entry) {
    let Entry { runs, share, first_seed, shown } = entry;
    let full = ((share * BAR as f64).round() as usize).clamp(1, BAR);
    let bar = "█".repeat(full) + &"·".repeat(BAR - full);
    let times = if *runs == 1 { "run" } else { "runs" };
    let _infallible = writeln!(
        text,
        "{:>6.2} % {bar} {runs} {times}, first with seed {first_seed}: {}",
        share * 100.0,
        shown.ended
    );
    shown.tell(text, 3);
}

/// What is not listed.
fn rest(report: &Report, top: usize) -> String {
    let hidden: Vec<u64> = report.histogram().iter().skip(top).map(|(_, seen)| seen.runs).collect();
    if hidden.is_empty() {
        return String::new();
    }
    let outcomes = if hidden.len() == 1 { "outcome" } else { "outcomes" };
    format!(
        "… and {} more {outcomes}, in {} runs (--top lists more)\n",
        hidden.len(),
        hidden.iter().sum::<u64>()
    )
}

fn summary(arguments: &Arguments, report: &Report, chooser: &Chooser) -> String {
    let count = report.outcomes.len();
    let outcomes = if count == 1 { "outcome" } else { "outcomes" };
    let Range { start, end } = arguments.seeds;
    let seeds = match report.runs {
        all if all == end - start => format!("seeds {start}..{end}"),
        runs => format!("interrupted: {runs} of the seeds {start}..{end} were run"),
    };
    format!(
        "{count} {outcomes} in {} runs ({seeds}; {}; {}).\n",
        report.runs,
        chooser.in_words(),
        arguments.assumptions.in_words()
    )
}
