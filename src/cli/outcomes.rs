//! `rashomon outcomes`: all that can come out of a program.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rashomon::Simulation;
use rashomon::explore::{Everything, Possible};
use serde::Serialize;

use super::elixir::{self, Assumptions};
use super::every::{self, Search, Situation};

/// Lists all that can come out of an Elixir program, under every ordering of what its processes do.
#[derive(Args)]
#[command(
    after_help = "Example: rashomon outcomes race.exs\n\nTwo runs have the same outcome if each process wrote the same, \
    the same processes crashed for the same reason, and the runs ended alike. Processes that differ only in their pid are not told apart.\n\n\
    Exit status: 0 if the list is complete, 2 bad input or usage, 3 if it is not complete."
)]
pub(super) struct Arguments {
    /// The files of the program, which run one after another; - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    assumptions: Assumptions,
    #[command(flatten)]
    search: Search,
    /// How the result is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs: see the documentation of the schema.
    Json,
}

/// The list as JSON. The number of the schema changes when something in it gets another meaning.
#[derive(Serialize)]
struct Listing<'a> {
    schema: &'static str,
    complete: bool,
    reason: Option<String>,
    assumptions: Situation,
    outcomes: Vec<Entry<'a>>,
    counts: every::Counted,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// What was written to standard output, line by line, in the order of the run that the token stands for.
    output: Vec<String>,
    ended: String,
    crashes: Vec<&'a str>,
    token: String,
}

/// Lists the outcomes.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, String> {
    let files = elixir::read(&arguments.files)?;
    let program = match every::compiled(&files, &arguments.assumptions) {
        Ok(program) => program,
        Err(code) => return Ok(code),
    };
    let settings = arguments.assumptions.settings();
    let simulation = Simulation::new(program).with_settings(settings);
    let mut everything = arguments.search.explore(&simulation);
    let lines = |possible: &Possible| every::lines(&simulation, possible);
    everything.outcomes.sort_by_cached_key(|possible| (lines(possible), possible.key));
    let text = match arguments.format {
        Format::Text => table(&everything, &arguments.assumptions, lines, |possible| {
            every::token(&simulation, &possible.schedule)
        }),
        Format::Json => {
            let outcomes = everything.outcomes.iter().map(|possible| Entry {
                output: lines(possible),
                ended: every::ended(&possible.outcome),
                crashes: possible.outcome.crashes.iter().map(|crash| crash.reason.as_str()).collect(),
                token: every::token(&simulation, &possible.schedule),
            });
            let listing = Listing {
                schema: "rashomon-outcomes-1",
                complete: everything.is_complete(),
                reason: everything.cut.as_ref().map(ToString::to_string),
                assumptions: Situation::of(&settings),
                outcomes: outcomes.collect(),
                counts: every::Counted::of(&everything.counts),
            };
            serde_json::to_string_pretty(&listing).map_err(|error| error.to_string())? + "\n"
        }
    };
    Ok(every::finish(&text, if everything.is_complete() { every::HOLDS } else { every::BOUNDED }))
}

fn table(
    everything: &Everything,
    assumptions: &Assumptions,
    lines: impl Fn(&Possible) -> Vec<String>,
    token: impl Fn(&Possible) -> String,
) -> String {
    let mut text = String::new();
    for (number, possible) in everything.outcomes.iter().enumerate() {
        let _ = writeln!(text, "{}. {}", number + 1, every::ended(&possible.outcome));
        for line in lines(possible) {
            let _ = writeln!(text, "     {line}");
        }
        for crash in &possible.outcome.crashes {
            let _ = writeln!(text, "     crash: {}", crash.reason);
        }
        let _ = writeln!(text, "   {}", token(possible));
    }
    let count = everything.outcomes.len();
    let outcomes = if count == 1 { "outcome" } else { "outcomes" };
    let _ = match &everything.cut {
        None => writeln!(
            text,
            "{count} {outcomes}: every ordering was covered ({}; {} states).",
            assumptions.in_words(),
            everything.counts.states
        ),
        Some(reason) => writeln!(
            text,
            "{count} {outcomes} found, perhaps not all: {reason} ({}; {} states).",
            assumptions.in_words(),
            everything.counts.states
        ),
    };
    text
}
