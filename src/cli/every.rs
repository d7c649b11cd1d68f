//! What the commands that cover every ordering have in common.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rashomon::elixir::{ElixirProcess, ElixirProgram, RunLimits};
use rashomon::explore::{Bounds, Chance, Counts, Everything, Possible, Reductions};
use rashomon::kernel::{Device, Event, Happening, Observer, Persistent};
use rashomon::scenario::{Check, Checked, Claim, check};
use rashomon::strategy::{Replay, drive};
use rashomon::{Ending, Outcome, Schedule, Settings, Simulation};
use serde::Serialize;

use super::elixir::{Assumptions, Files};
use super::interrupt;

/// All claims hold.
pub(super) const HOLDS: u8 = 0;
/// A claim is violated.
pub(super) const VIOLATED: u8 = 1;
/// Not every ordering was covered.
pub(super) const BOUNDED: u8 = 3;

pub(super) type Program = ElixirProgram<Persistent>;

/// How a result is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs: see the documentation of the schema.
    Json,
}

/// How a search is made.
#[derive(Args)]
pub(super) struct Search {
    /// The order of the lines of different processes counts.
    #[arg(long)]
    ordered_output: bool,
    /// Processes that differ only in their pid are told apart.
    #[arg(long)]
    no_symmetry: bool,
    /// Orderings of steps that have nothing to do with each other are told apart.
    #[arg(long)]
    no_reduction: bool,
    /// States at the most.
    #[arg(long, default_value_t = 2_000_000)]
    max_states: u64,
    /// Seconds at the most; a search that takes longer ends with what is known by then.
    #[arg(long, value_name = "SECONDS")]
    max_time: Option<u64>,
}

/// How odds are found.
#[derive(Args)]
pub(super) struct OddsOptions {
    /// Does not tell how likely anything is.
    #[arg(long)]
    no_odds: bool,
    /// Odds are exact if there are not more states than this, without leaving out orderings of independent steps.
    #[arg(long, value_name = "STATES", default_value_t = 20_000)]
    exact_odds_up_to: u64,
    /// Otherwise so many runs are counted.
    #[arg(long, value_name = "RUNS", default_value_t = 1_000)]
    odds_runs: u64,
}

impl OddsOptions {
    /// The most states for exact odds, and the runs otherwise; nothing if odds are not asked for.
    pub(super) fn effort(&self) -> Option<(u64, u64)> {
        (!self.no_odds).then_some((self.exact_odds_up_to, self.odds_runs))
    }
}

/// How likely something is, for programs to read.
#[derive(Serialize)]
pub(super) struct Likely {
    /// From 0 to 1.
    probability: f64,
    /// Exactly, if that is known.
    fraction: Option<String>,
    /// The bounds of a confidence of 95 %, if runs were counted.
    interval: Option<(f64, f64)>,
    /// How many runs it takes to see it once with a probability of 95 %.
    runs_for_95_percent: Option<u64>,
}

impl Likely {
    pub(super) fn of(chance: &Chance) -> Likely {
        let fraction = match chance {
            Chance::Exact(ratio) => Some(ratio.to_string()),
            Chance::Counted { .. } => None,
        };
        Likely {
            probability: chance.probability(),
            fraction,
            interval: chance.interval(),
            runs_for_95_percent: chance.runs_to_see(0.95),
        }
    }
}

/// How likely something is, and what follows from that.
pub(super) fn chance_in_words(chance: &Chance) -> String {
    match chance.runs_to_see(0.95) {
        Some(1) => chance.to_string(),
        Some(runs) => format!("{chance}: {runs} runs for a 95 % chance to see it once"),
        None => chance.to_string(),
    }
}

/// Where progress is drawn: on standard error, if somebody looks there.
pub(super) fn draw_target(quiet: bool) -> ProgressDrawTarget {
    if quiet || !io::stderr().is_terminal() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    }
}

/// Tells how far a search is, and says whether it goes on: until Ctrl-C is pressed, or the time is over.
#[expect(clippy::disallowed_methods, reason = "how long people want to wait is a matter of their clock")]
fn watch_over(seconds: Option<u64>) -> impl FnMut(&Counts) -> bool {
    let begun = std::time::Instant::now();
    let spinner = ProgressBar::with_draw_target(None, draw_target(false));
    let style = ProgressStyle::with_template("{spinner} {msg}, {per_sec}, {elapsed}");
    let spinner = if let Ok(style) = style { spinner.with_style(style) } else { spinner };
    // What is wrong with listening is no reason not to search.
    let _deaf = interrupt::listen();
    move |counts| {
        let Counts { states, open, depth, restarts, .. } = *counts;
        spinner.set_position(states);
        let again = if restarts > 0 { format!(", begun {} times", restarts + 1) } else { String::new() };
        spinner.set_message(format!("{states} states, {open} to be visited, depth {depth}{again}"));
        !interrupt::pressed() && seconds.is_none_or(|seconds| begun.elapsed().as_secs() < seconds)
    }
}

/// As JSON, with a line's end.
pub(super) fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| error.to_string())
}

impl Search {
    /// Checks claims.
    pub(super) fn check(
        &self,
        simulation: &Simulation<Program>,
        claims: &[Claim],
    ) -> Result<(Everything, Vec<Checked>), String> {
        check(simulation, self.how(), claims, self.progress()).map_err(|error| error.to_string())
    }

    /// What is asked for.
    pub(super) fn how(&self) -> Check {
        Check {
            reductions: Reductions { partial_order: !self.no_reduction, symmetry: !self.no_symmetry },
            bounds: Bounds { states: self.max_states, ..Bounds::default() },
            order_of_output: self.ordered_output,
        }
    }

    /// Says whether to go on.
    pub(super) fn progress(&self) -> impl FnMut(&Counts) -> bool + use<> {
        watch_over(self.max_time)
    }
}

/// The assumptions, for programs to read.
#[derive(Serialize)]
pub(super) struct Situation {
    delivery: rashomon::Delivery,
    clock: rashomon::Clock,
    halt: bool,
}

impl Situation {
    pub(super) fn of(settings: &Settings) -> Situation {
        let halt = settings.halt == rashomon::Halt::WithMain;
        Situation { delivery: settings.delivery, clock: settings.clock, halt }
    }

    /// All but the clock, in a few words.
    pub(super) fn row(&self) -> String {
        let halt = if self.halt { "halt" } else { "no halt" };
        let delivery = match self.delivery {
            rashomon::Delivery::Instant => "instant",
            rashomon::Delivery::Ordered => "ordered",
        };
        format!("{halt}, {delivery}")
    }
}

/// How far a search went, for programs to read.
#[derive(Serialize)]
pub(super) struct Counted {
    states: u64,
    steps: u64,
    depth: u64,
}

impl Counted {
    pub(super) fn of(counts: &Counts) -> Counted {
        let Counts { states, steps, depth, .. } = *counts;
        Counted { states, steps, depth }
    }
}

/// Compiles the files to a program whose worlds can be copied.
pub(super) fn compiled(files: &Files, assumptions: &Assumptions) -> Result<Program, ExitCode> {
    compiled_quietly(files, assumptions, assumptions.quiet())
}

/// As [`compiled`]; says nothing of what is odd about the program if that is known already.
pub(super) fn compiled_quietly(
    files: &Files,
    assumptions: &Assumptions,
    quiet: bool,
) -> Result<Program, ExitCode> {
    let program = super::elixir::compiled::<Persistent>(files, quiet)?;
    let RunLimits { calls, memory } = assumptions.run_limits();
    Ok(program.with_limits(RunLimits { calls, memory }))
}

/// The token that stands for a schedule.
pub(super) fn token(simulation: &Simulation<Program>, schedule: &Schedule) -> String {
    simulation.run(Replay::new(schedule.clone())).token().to_string()
}

/// What is written in a run, in its order.
struct Page(Vec<u8>);

impl Observer<ElixirProcess<Persistent>> for Page {
    fn observe(&mut self, event: &Event<'_, ElixirProcess<Persistent>>) {
        if let Happening::Output { device: Device::Stdout, text } = &event.happening {
            let _ = write!(self.0, "{text}");
        }
    }
}

/// The lines that are written to standard output in the run that shows an outcome.
pub(super) fn lines(simulation: &Simulation<Program>, possible: &Possible) -> Vec<String> {
    let mut page = Page(Vec::new());
    let replayed = drive(&mut simulation.world(), &mut Replay::new(possible.schedule.clone()), &mut page);
    debug_assert!(replayed.is_ok(), "a schedule that was found can be replayed");
    String::from_utf8_lossy(&page.0).lines().map(ToOwned::to_owned).collect()
}

/// How a run ended, in a few words.
pub(super) fn ended(outcome: &Outcome) -> String {
    let how = match outcome.ending {
        Some(Ending::Halted) => "halted".to_owned(),
        Some(Ending::Stopped(status)) => format!("stopped with status {status}"),
        Some(Ending::Idle) => "idle".to_owned(),
        Some(Ending::Deadlock) => "deadlock".to_owned(),
        Some(Ending::Bounded(bound)) => format!("cut off by {bound}"),
        None => "not over".to_owned(),
    };
    match &outcome.main_exit {
        Some(reason) => format!("{how} ({reason})"),
        None => how,
    }
}

/// Writes the result, and gives the exit status unless even that fails.
pub(super) fn finish(text: &str, status: u8) -> ExitCode {
    let written = super::print(text);
    if written == ExitCode::SUCCESS { ExitCode::from(status) } else { written }
}
