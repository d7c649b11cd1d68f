//! `rashomon outcomes`: all that can come out of a program.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::Simulation;
use rashomon::explore::{Chance, Everything, Odds, Possible};
use serde::Serialize;

use super::elixir::{self, Assumptions};
use super::every::{self, Format, Likely, OddsOptions, Search, Situation};

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
    #[command(flatten)]
    odds: OddsOptions,
    /// How the result is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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
    /// How likely it is under chance.
    odds: Option<Likely>,
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
    let search = arguments.search.how().search(&simulation);
    let everything = search.explore(arguments.search.progress());
    let odds = arguments
        .odds
        .effort()
        .map(|(states, runs)| search.odds((), states, runs, arguments.search.progress()))
        .unwrap_or_default();
    let mut outcomes: Vec<Listed<'_>> =
        everything.outcomes.iter().map(|possible| Listed::new(&simulation, possible, &odds)).collect();
    outcomes.sort_by(|a, b| (&a.lines, a.possible.key).cmp(&(&b.lines, b.possible.key)));
    let text = match arguments.format {
        Format::Text => table(&everything, &arguments.assumptions, &outcomes, &odds),
        Format::Json => {
            let outcomes = outcomes.into_iter().map(|listed| Entry {
                output: listed.lines,
                ended: every::ended(&listed.possible.outcome),
                crashes: listed.possible.outcome.crashes.iter().map(|crash| crash.reason.as_str()).collect(),
                odds: listed.chance.map(Likely::of),
                token: listed.token,
            });
            every::json(&Listing {
                schema: "rashomon-outcomes-1",
                complete: everything.is_complete(),
                reason: everything.cut.as_ref().map(ToString::to_string),
                assumptions: Situation::of(&settings),
                outcomes: outcomes.collect(),
                counts: every::Counted::of(&everything.counts),
            })?
        }
    };
    Ok(every::finish(&text, if everything.is_complete() { every::HOLDS } else { every::BOUNDED }))
}

/// An outcome with all that is told of it.
struct Listed<'a> {
    possible: &'a Possible,
    lines: Vec<String>,
    token: String,
    chance: Option<&'a Chance>,
}

impl<'a> Listed<'a> {
    fn new(simulation: &Simulation<every::Program>, possible: &'a Possible, odds: &'a Odds) -> Listed<'a> {
        Listed {
            possible,
            lines: every::lines(simulation, possible),
            token: every::token(simulation, &possible.schedule),
            chance: odds.outcomes.get(&possible.key),
        }
    }
}

fn table(everything: &Everything, assumptions: &Assumptions, outcomes: &[Listed<'_>], odds: &Odds) -> String {
    let mut text = String::new();
    for (number, Listed { possible, lines, token, chance }) in outcomes.iter().enumerate() {
        let _ = write!(text, "{}. {}", number + 1, every::ended(&possible.outcome));
        let _ = match chance {
            Some(chance) => writeln!(text, ", {chance}"),
            // Not one of the runs that were counted.
            None if !odds.outcomes.is_empty() => writeln!(text, ", in none of the runs that were counted"),
            None => writeln!(text),
        };
        for line in lines {
            let _ = writeln!(text, "     {line}");
        }
        for crash in &possible.outcome.crashes {
            let _ = writeln!(text, "     crash: {}", crash.reason);
        }
        let _ = writeln!(text, "   {token}");
    }
    if let Some(endless) = &odds.endless {
        let _ = writeln!(text, "Runs that do not end: {endless}");
    }
    let count = outcomes.len();
    let noun = if count == 1 { "outcome" } else { "outcomes" };
    let states = everything.counts.states;
    let assumptions = assumptions.in_words();
    let _ = match &everything.cut {
        None => {
            writeln!(text, "{count} {noun}: every ordering was covered ({assumptions}; {states} states).")
        }
        Some(reason) => {
            writeln!(
                text,
                "{count} {noun} found, perhaps not all: {reason} ({assumptions}; {states} states)."
            )
        }
    };
    text
}
