//! `rashomon races`: where two steps may come in either order.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::Simulation;
use rashomon::explore::{Order, Race, Races};
use rashomon::strategy::Replay;
use serde::Serialize;

use super::Refusal;
use super::elixir::Assumptions;
use super::every::{self, Format, Program, Search, Shown, Situation};

/// Lists the races of an Elixir program: steps of different processes that touch the same thing, of which either may come first. A race is
/// harmful if something can come out after one order that cannot after the other.
#[derive(Args)]
#[command(
    after_help = "Example: rashomon races examples/race.exs\n\nRaces at the same two places of the program are listed once.\n\n\
    Exit status: 0 if no race is harmful, 1 if one is, 2 bad input or usage, 3 if not every ordering could be covered."
)]
pub(super) struct Arguments {
    /// The files of the program, which run one after another; - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Leaves out the harmless ones.
    #[arg(long)]
    harmful: bool,
    #[command(flatten)]
    assumptions: Assumptions,
    #[command(flatten)]
    search: Search,
    /// How the result is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The list as JSON.
#[derive(Serialize)]
struct Listing {
    schema: &'static str,
    complete: bool,
    reason: Option<String>,
    assumptions: Situation,
    races: Vec<Entry>,
    counts: every::Counted,
}

#[derive(Serialize)]
struct Entry {
    harmful: bool,
    /// In how many states it was met.
    places: u64,
    orders: [Side; 2],
}

/// One order of a race.
#[derive(Serialize)]
struct Side {
    /// What comes first.
    first: String,
    /// What can come out after this order alone.
    only: Option<Shown>,
}

/// Lists the races.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let simulation = every::simulation(&arguments.files, &arguments.assumptions)?;
    let found = arguments
        .search
        .how()
        .search(&simulation)
        .races(arguments.search.progress(arguments.assumptions.quiet()));
    let status = if found.races.iter().any(Race::is_harmful) {
        every::VIOLATED
    } else if found.cut.is_some() {
        every::BOUNDED
    } else {
        every::HOLDS
    };
    let races: Vec<Entry> = found
        .races
        .iter()
        .filter(|race| race.is_harmful() || !arguments.harmful)
        .map(|race| Entry {
            harmful: race.is_harmful(),
            places: race.places,
            orders: race.orders.each_ref().map(|order| side(&simulation, order)),
        })
        .collect();
    let text = match arguments.format {
        Format::Text => table(&found, &races, &arguments.assumptions.in_words()),
        Format::Json => every::json(&Listing {
            schema: "rashomon-races-1",
            complete: found.cut.is_none(),
            reason: found.cut.as_ref().map(ToString::to_string),
            assumptions: Situation::of(simulation.settings()),
            races,
            counts: every::Counted::of(&found.counts),
        })?,
    };
    Ok(every::finish(&text, status))
}

fn side(simulation: &Simulation<Program>, order: &Order) -> Side {
    let run = simulation.run(Replay::new(order.schedule.clone()));
    let first = run.trace().events.last().map(|event| run.trace().sentence(event)).unwrap_or_default();
    let only = order.only.as_ref().map(|possible| Shown::of(simulation, possible));
    Side { first, only }
}

fn table(found: &Races, races: &[Entry], assumptions: &str) -> String {
    let mut text = String::new();
    for (number, race) in races.iter().enumerate() {
        let kind = if race.harmful { "harmful" } else { "harmless" };
        let _ = writeln!(text, "{}. {kind}", number + 1);
        for Side { first, only } in &race.orders {
            let _ = writeln!(text, "   {first}");
            if let Some(shown) = only {
                let ended = &shown.ended;
                let _ = writeln!(text, "     if it is first, this can come out, and otherwise not: {ended}");
                shown.tell(&mut text, 5);
            }
        }
    }
    let harmful = found.races.iter().filter(|race| race.is_harmful()).count();
    let (count, states) = (found.races.len(), found.counts.states);
    let noun = if count == 1 { "race" } else { "races" };
    let _ = match &found.cut {
        None => writeln!(
            text,
            "{count} {noun}, {harmful} harmful: every ordering was covered ({assumptions}; {states} states)."
        ),
        Some(reason) => writeln!(
            text,
            "{count} {noun} found, {harmful} harmful; perhaps there are more, and harm in others: {reason} ({assumptions}; {states} states)."
        ),
    };
    text
}
