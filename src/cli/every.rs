//! What the commands that cover every ordering have in common.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rashomon::elixir::ElixirProgram;
use rashomon::explore::{Bounds, Chance, Counts, Everything, Possible, Reductions};
use rashomon::kernel::Persistent;
use rashomon::scenario::{Check, Checked, Claim, check};
use rashomon::strategy::{Replay, drive};
use rashomon::trace::Page;
use rashomon::{Clock, Delivery, Ending, Halt, Outcome, Schedule, Settings, Simulation};
use serde::Serialize;

use super::Refusal;
use super::elixir::{self, Assumptions, Files};
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
    /// Threads for searches that have nothing to do with each other, such as those under different assumptions; one for each core
    /// unless told otherwise. What comes out does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
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
fn watch_over(seconds: Option<u64>, quiet: bool) -> impl FnMut(&Counts) -> bool {
    let begun = std::time::Instant::now();
    let spinner = ProgressBar::with_draw_target(None, draw_target(quiet));
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
        quiet: bool,
    ) -> Result<(Everything, Vec<Checked>), String> {
        check(simulation, self.how(), claims, self.progress(quiet)).map_err(|error| error.to_string())
    }

    /// So many threads; one for each core if nobody says how many.
    pub(super) fn threads(&self) -> Option<u16> {
        self.threads
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
    pub(super) fn progress(&self, quiet: bool) -> impl FnMut(&Counts) -> bool + use<> {
        watch_over(self.max_time, quiet)
    }
}

/// The assumptions, for programs to read.
#[derive(Clone, Serialize)]
pub(super) struct Situation {
    delivery: Delivery,
    clock: Clock,
    halt: bool,
}

impl Situation {
    pub(super) fn of(settings: &Settings) -> Situation {
        let halt = settings.halt == Halt::WithMain;
        Situation { delivery: settings.delivery, clock: settings.clock, halt }
    }

    /// All but the clock, in a few words.
    pub(super) fn row(&self) -> String {
        let halt = if self.halt { "halt" } else { "no halt" };
        let delivery = match self.delivery {
            Delivery::Instant => "instant",
            Delivery::Ordered => "ordered",
        };
        format!("{halt}, {delivery}")
    }

    /// All of them, in a few words.
    pub(super) fn in_words(&self) -> String {
        let clock = match self.clock {
            Clock::Patient => "patient",
            Clock::Hasty => "hasty",
        };
        format!("{clock}, {}", self.row())
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

/// Reads and compiles these files to a program whose worlds can be copied.
pub(super) fn simulation(
    files: &[PathBuf],
    assumptions: &Assumptions,
) -> Result<Simulation<Program>, Refusal> {
    compiled(&elixir::read(files)?, assumptions, assumptions.quiet())
}

/// Compiles these files; says nothing of what is odd about them if they are `quiet`.
pub(super) fn compiled(
    files: &Files,
    assumptions: &Assumptions,
    quiet: bool,
) -> Result<Simulation<Program>, Refusal> {
    let program = elixir::compiled::<Persistent>(files, quiet)?.with_limits(assumptions.run_limits());
    Ok(Simulation::new(program).with_settings(assumptions.settings()))
}

/// The token that stands for a schedule.
pub(super) fn token(simulation: &Simulation<Program>, schedule: &Schedule) -> String {
    simulation.run(Replay::new(schedule.clone())).token().to_string()
}

/// Something that can come out, as it is told.
#[derive(Serialize)]
pub(super) struct Shown {
    /// What was written to standard output, line by line, in the order of the run that shows it.
    pub(super) output: Vec<String>,
    pub(super) ended: String,
    crashes: Vec<String>,
    /// Nothing if the run is so long that its seed is the better way to see it again.
    token: Option<String>,
}

impl Shown {
    /// As a run shows it in which this is written.
    pub(super) fn new(outcome: &Outcome, written: &str, token: Option<String>) -> Shown {
        Shown {
            output: written.lines().map(ToOwned::to_owned).collect(),
            ended: ended(outcome),
            crashes: outcome.crashes.iter().map(|crash| crash.reason.clone()).collect(),
            token,
        }
    }

    /// As a search has found it.
    pub(super) fn of(simulation: &Simulation<Program>, possible: &Possible) -> Shown {
        let mut page = Page::default();
        let replayed = drive(&mut simulation.world(), &mut Replay::new(possible.schedule.clone()), &mut page);
        debug_assert!(replayed.is_ok(), "a schedule that was found can be replayed");
        Shown::new(&possible.outcome, page.text(), Some(token(simulation, &possible.schedule)))
    }

    /// All but how it ended, at this distance from the margin.
    pub(super) fn tell(&self, text: &mut String, margin: usize) {
        let Shown { output, crashes, token, .. } = self;
        for line in output {
            let _infallible = writeln!(text, "{:margin$}  {line}", "");
        }
        for crash in crashes {
            let _infallible = writeln!(text, "{:margin$}  crash: {crash}", "");
        }
        if let Some(token) = token {
            let _infallible = writeln!(text, "{:margin$}{token}", "");
        }
    }
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
