//! `rashomon outcomes`: all that can come out of a program.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::explore::{Chance, Everything, Odds};
use serde::Serialize;

use super::Refusal;
use super::elixir::Assumptions;
use super::every::{self, Format, Likely, OddsOptions, Search, Shown, Situation};

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
    outcomes: &'a [Entry],
    counts: every::Counted,
}

#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    shown: Shown,
    /// How likely it is under chance.
    odds: Option<Likely>,
    #[serde(skip)]
    chance: Option<Chance>,
}

/// Lists the outcomes.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let simulation = every::simulation(&arguments.files, &arguments.assumptions)?;
    let search = arguments.search.how().search(&simulation);
    let everything = search.explore(arguments.search.progress(arguments.assumptions.quiet()));
    let odds = arguments
        .odds
        .effort()
        .map(|(states, runs)| {
            search.odds((), states, runs, arguments.search.progress(arguments.assumptions.quiet()))
        })
        .unwrap_or_default();
    let mut outcomes: Vec<Entry> = everything
        .outcomes
        .iter()
        .map(|possible| {
            let chance = odds.outcomes.get(&possible.key).cloned();
            let shown = Shown::of(&simulation, possible);
            Entry { shown, odds: chance.as_ref().map(Likely::of), chance }
        })
        .collect();
    // Those that write the same are told apart by how they end; the search finds them in the same order every time.
    outcomes.sort_by(|a, b| (&a.shown.output, &a.shown.ended).cmp(&(&b.shown.output, &b.shown.ended)));
    let text = match arguments.format {
        Format::Text => table(&everything, &arguments.assumptions, &outcomes, &odds),
        Format::Json => every::json(&Listing {
            schema: "rashomon-outcomes-1",
            complete: everything.is_complete(),
            reason: everything.cut.as_ref().map(ToString::to_string),
            assumptions: Situation::of(simulation.settings()),
            outcomes: &outcomes,
            counts: every::Counted::of(&everything.counts),
        })?,
    };
    Ok(every::finish(&text, if everything.is_complete() { every::HOLDS } else { every::BOUNDED }))
}

fn table(everything: &Everything, assumptions: &Assumptions, outcomes: &[Entry], odds: &Odds) -> String {
    let mut text = String::new();
    for (number, Entry { shown, chance, .. }) in outcomes.iter().enumerate() {
        let _ = write!(text, "{}. {}", number + 1, shown.ended);
        let _ = match chance {
            Some(chance) => writeln!(text, ", {chance}"),
            // Not one of the runs that were counted.
            None if !odds.outcomes.is_empty() => writeln!(text, ", in none of the runs that were counted"),
            None => writeln!(text),
        };
        shown.tell(&mut text, 3);
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
