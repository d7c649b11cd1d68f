//! `rashomon check`: claims about a program, under every ordering.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::explore::Everything;
use rashomon::scenario::{Checked, Claim, Verdict, odds};
use rashomon::{Clock, Delivery, Halt, Schedule, Settings, Simulation};
use serde::Serialize;

use super::elixir::Assumptions;
use super::every::{self, Format, Likely, OddsOptions, Program, Search, Situation};
use super::explain::Why;
use super::parallel::in_parallel;
use super::{Refusal, scenarios};

/// Covers every ordering of an Elixir program, and says of each claim whether it holds.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon check pub_sub.exs --claim 'count(output(~r/received/)) == 10'\n  \
    rashomon check scenarios/pub_sub/03_naive.toml\n  rashomon check scenarios/\n\n\
    A scenario is checked under each assumption for which it expects something, and what is found is compared with what is expected.\n\n\
    Exit status: 0 if all claims hold (for scenarios: are as expected), 1 if one is violated, 2 bad input or usage, \
    3 if not every ordering could be covered."
)]
pub(super) struct Arguments {
    /// The files of the program; or a scenario (TOML), or a folder of scenarios.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A claim; may be given several times.
    #[arg(long, short)]
    claim: Vec<String>,
    /// Leaves out a claim that is made of every program: "no deadlock", "no crash" or "no early exit".
    #[arg(long, value_name = "CLAIM")]
    without: Vec<String>,
    /// Tries all deliveries, clocks and ways of halting, and tells under which of them each claim holds.
    #[arg(long = "assumptions")]
    all_assumptions: bool,
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

/// The claims that are made of every program.
const USUAL: [&str; 3] = ["no deadlock", "no crash", "no early exit"];

/// The findings as JSON.
#[derive(Serialize)]
struct Report {
    schema: &'static str,
    assumptions: Situation,
    properties: Vec<Property>,
    outcomes: usize,
    counts: every::Counted,
}

#[derive(Serialize)]
struct Property {
    name: String,
    verdict: &'static str,
    reason: Option<String>,
    token: Option<String>,
    /// How likely it is under chance that it is broken.
    odds: Option<Likely>,
    #[serde(skip)]
    chance: Option<String>,
    /// Why it is broken in the run that the token stands for.
    explanation: Option<Why>,
    vacuous: Vec<String>,
    states: u64,
}

/// Checks.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    if let Some(unknown) = arguments.without.iter().find(|claim| !USUAL.contains(&claim.as_str())) {
        return Err(format!("--without {unknown:?}: expected one of {USUAL:?}").into());
    }
    let is_scenario =
        |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|ending| ending == "toml");
    if arguments.files.iter().any(is_scenario) {
        return scenarios::run(&arguments.files, &arguments.assumptions, &arguments.search, arguments.format);
    }
    let mut claims = Vec::new();
    for text in USUAL.into_iter().filter(|usual| !arguments.without.iter().any(|without| without == usual)) {
        claims.push(Claim::parse(text).map_err(|error| error.to_string())?);
    }
    for text in &arguments.claim {
        claims.push(Claim::parse(text).map_err(|error| error.to_string())?);
    }
    let simulation = every::simulation(&arguments.files, &arguments.assumptions)?;
    if arguments.all_assumptions {
        return grounds(arguments, &simulation, &claims);
    }
    let (everything, checked) =
        arguments.search.check(&simulation, &claims, arguments.assumptions.quiet())?;
    let mut properties = Vec::new();
    for (claim, checked) in claims.iter().zip(&checked) {
        properties.push(arguments.property(&simulation, claim, checked)?);
    }
    let status = status(properties.iter().map(|property| property.verdict));
    let text = match arguments.format {
        Format::Text => {
            let mut text = String::new();
            for (property, checked) in properties.iter().zip(&checked) {
                property.tell(&mut text);
                if let Verdict::Violated { schedule, .. } = &checked.verdict {
                    show(&mut text, &simulation, schedule);
                }
            }
            text + &summary(&everything, &arguments.assumptions.in_words())
        }
        Format::Json => {
            let report = Report {
                schema: "rashomon-check-1",
                assumptions: Situation::of(simulation.settings()),
                properties,
                outcomes: everything.outcomes.len(),
                counts: every::Counted::of(&everything.counts),
            };
            every::json(&report)?
        }
    };
    Ok(every::finish(&text, status))
}

impl Arguments {
    fn property(
        &self,
        simulation: &Simulation<Program>,
        claim: &Claim,
        checked: &Checked,
    ) -> Result<Property, String> {
        let (verdict, reason, token) = told(simulation, &checked.verdict);
        let mut property = Property {
            name: checked.claim.clone(),
            verdict,
            reason,
            token,
            odds: None,
            chance: None,
            explanation: None,
            vacuous: checked.vacuous.clone(),
            states: checked.counts.states,
        };
        let quiet = self.assumptions.quiet();
        if let Verdict::Violated { schedule, .. } = &checked.verdict {
            if let Some((states, runs)) = self.odds.effort() {
                let chance = odds(simulation, claim, states, runs, self.search.progress(quiet))
                    .map_err(|error| error.to_string())?;
                property.odds = Some(Likely::of(&chance));
                property.chance = Some(every::chance_in_words(&chance));
            }
            property.explanation = Some(Why::new(simulation, &self.search, claim, schedule, quiet)?);
        }
        Ok(property)
    }
}

/// Under which assumptions each claim holds, as JSON.
#[derive(Serialize)]
struct GroundReport<'a> {
    schema: &'static str,
    cells: Vec<Cell<'a>>,
}

#[derive(Clone, Serialize)]
struct Cell<'a> {
    name: &'a str,
    assumptions: Situation,
    verdict: &'static str,
    reason: Option<String>,
    token: Option<String>,
}

/// Tells under which assumptions each claim holds.
fn grounds(
    arguments: &Arguments,
    simulation: &Simulation<Program>,
    claims: &[Claim],
) -> Result<ExitCode, Refusal> {
    let mut grounds = Vec::new();
    for halt in [Halt::WithMain, Halt::Never] {
        for delivery in [Delivery::Instant, Delivery::Ordered] {
            for clock in [Clock::Patient, Clock::Hasty] {
                grounds.push(Settings { halt, delivery, clock, ..*simulation.settings() });
            }
        }
    }
    let texts: Vec<&str> = claims.iter().map(Claim::text).collect();
    let found = in_parallel(grounds.len(), arguments.search.threads(), |number| match grounds.get(number) {
        Some(settings) => cells_under(arguments, simulation, *settings, &texts),
        None => Ok(Vec::new()),
    });
    let cells = found.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    let status = status(cells.iter().map(|cell| cell.verdict));
    let text = match arguments.format {
        Format::Json => {
            let report = GroundReport { schema: "rashomon-assumptions-1", cells };
            every::json(&report)?
        }
        Format::Text => {
            let mut text = String::new();
            for claim in claims {
                let _ = writeln!(text, "{}\n{:25}patient    hasty", claim.text(), "");
                let own: Vec<&Cell<'_>> = cells.iter().filter(|cell| cell.name == claim.text()).collect();
                for pair in own.chunks(2) {
                    if let [patient, hasty] = pair {
                        let row = patient.assumptions.row();
                        let _ = writeln!(text, "  {row:<22} {:<10} {}", patient.verdict, hasty.verdict);
                    }
                }
            }
            text
        }
    };
    Ok(every::finish(&text, status))
}

/// Whether claims hold under one set of assumptions.
fn cells_under<'t>(
    arguments: &Arguments,
    simulation: &Simulation<Program>,
    settings: Settings,
    claims: &[&'t str],
) -> Result<Vec<Cell<'t>>, String> {
    let simulation = simulation.clone().with_settings(settings);
    let parsed = claims.iter().map(|text| Claim::parse(text)).collect::<Result<Vec<_>, _>>();
    let parsed = parsed.map_err(|error| error.to_string())?;
    let (_, checked) = arguments.search.check(&simulation, &parsed, arguments.assumptions.quiet())?;
    let cell = |(name, checked): (&&'t str, Checked)| {
        let (verdict, reason, token) = told(&simulation, &checked.verdict);
        Cell { name, assumptions: Situation::of(&settings), verdict, reason, token }
    };
    Ok(claims.iter().zip(checked).map(cell).collect())
}

/// What a verdict is called, why, and the token of a run that shows it.
pub(super) fn told(
    simulation: &Simulation<Program>,
    verdict: &Verdict,
) -> (&'static str, Option<String>, Option<String>) {
    match verdict {
        Verdict::Holds => ("holds", None, None),
        Verdict::Violated { detail, schedule } => {
            ("violated", Some(detail.clone()), Some(every::token(simulation, schedule)))
        }
        Verdict::Bounded(reason) => ("bounded", Some(reason.to_string()), None),
    }
}

fn status<'a>(verdicts: impl Iterator<Item = &'a str>) -> u8 {
    let mut status = every::HOLDS;
    for verdict in verdicts {
        match verdict {
            "violated" => return every::VIOLATED,
            "bounded" => status = every::BOUNDED,
            _ => {}
        }
    }
    status
}

impl Property {
    fn tell(&self, text: &mut String) {
        let Property { name, verdict, reason, token, chance, explanation, vacuous, .. } = self;
        let _ = writeln!(text, "{verdict:<9} {name}");
        let why = explanation.as_ref().map(Why::in_words);
        let more = [reason.as_ref(), chance.as_ref(), token.as_ref(), why.as_ref()];
        for line in more.into_iter().flatten().flat_map(|more| more.lines()) {
            let _ = writeln!(text, "          {line}");
        }
        for event in vacuous {
            let _ =
                writeln!(text, "          note: {event} never happens, under any ordering that was covered");
        }
    }
}

/// Draws the run that breaks a claim.
fn show(text: &mut String, simulation: &Simulation<Program>, schedule: &Schedule) {
    let run = simulation.run(rashomon::strategy::Replay::new(schedule.clone()));
    for line in run.trace().lanes().to_string().lines() {
        let _ = writeln!(text, "    {line}");
    }
}

fn summary(everything: &Everything, assumptions: &str) -> String {
    let states = everything.counts.states;
    match &everything.cut {
        None => format!("Every ordering was covered ({assumptions}; {states} states).\n"),
        Some(reason) => {
            format!("Not every ordering was covered: {reason} ({assumptions}; {states} states).\n")
        }
    }
}
