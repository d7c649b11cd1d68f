//! `rashomon check`: claims about a program, under every ordering.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use rashomon::explore::Everything;
use rashomon::scenario::{Checked, Claim, Expectation, Manifest, Verdict, odds};
use rashomon::{Clock, Delivery, Halt, Schedule, Settings, Simulation};
use serde::Serialize;

use super::elixir::{self, Assumptions};
use super::every::{self, Format, Likely, OddsOptions, Program, Search, Situation};
use super::explain::Why;

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
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, String> {
    if let Some(unknown) = arguments.without.iter().find(|claim| !USUAL.contains(&claim.as_str())) {
        return Err(format!("--without {unknown:?}: expected one of {USUAL:?}"));
    }
    let is_scenario =
        |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|ending| ending == "toml");
    if arguments.files.iter().any(is_scenario) {
        return scenarios(arguments);
    }
    let mut claims = Vec::new();
    for text in USUAL.into_iter().filter(|usual| !arguments.without.iter().any(|without| without == usual)) {
        claims.push(Claim::parse(text).map_err(|error| error.to_string())?);
    }
    for text in &arguments.claim {
        claims.push(Claim::parse(text).map_err(|error| error.to_string())?);
    }
    let files = elixir::read(&arguments.files)?;
    let program = match every::compiled(&files, &arguments.assumptions) {
        Ok(program) => program,
        Err(code) => return Ok(code),
    };
    let settings = arguments.assumptions.settings();
    let simulation = Simulation::new(program).with_settings(settings);
    if arguments.all_assumptions {
        return grounds(arguments, simulation, &claims);
    }
    let (everything, checked) = arguments.search.check(&simulation, &claims)?;
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
                assumptions: Situation::of(&settings),
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
        if let Verdict::Violated { schedule, .. } = &checked.verdict {
            if let Some((states, runs)) = self.odds.effort() {
                let chance = odds(simulation, claim, states, runs, self.search.progress())
                    .map_err(|error| error.to_string())?;
                property.odds = Some(Likely::of(&chance));
                property.chance = Some(every::chance_in_words(&chance));
            }
            property.explanation = Some(Why::new(simulation, &self.search, claim, schedule)?);
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

#[derive(Serialize)]
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
    mut simulation: Simulation<Program>,
    claims: &[Claim],
) -> Result<ExitCode, String> {
    let mut cells = Vec::new();
    for halt in [Halt::WithMain, Halt::Never] {
        for delivery in [Delivery::Instant, Delivery::Ordered] {
            for clock in [Clock::Patient, Clock::Hasty] {
                let settings = Settings { halt, delivery, clock, ..*simulation.settings() };
                simulation = simulation.with_settings(settings);
                let (_, checked) = arguments.search.check(&simulation, claims)?;
                for (claim, checked) in claims.iter().zip(checked) {
                    let (verdict, reason, token) = told(&simulation, &checked.verdict);
                    let assumptions = Situation::of(&settings);
                    cells.push(Cell { name: claim.text(), assumptions, verdict, reason, token });
                }
            }
        }
    }
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

fn told(
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

/// The scenarios in files and folders.
fn manifests(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
            inside.retain(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "toml"));
            inside.sort();
            found.extend(manifests(&inside)?);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn scenarios(arguments: &Arguments) -> Result<ExitCode, String> {
    let paths = manifests(&arguments.files)?;
    if paths.is_empty() {
        return Err("there is no scenario (a file that ends in .toml) there".to_owned());
    }
    let (mut cells, mut wrong) = (0, 0);
    let mut cut = false;
    for path in paths {
        let (of_this, differences, bounded) = scenario(&path, arguments)?;
        cells += of_this;
        wrong += differences;
        cut |= bounded;
    }
    let text = format!("{cells} expectations, {wrong} not met.\n");
    let status = match (wrong, cut) {
        (0, _) => every::HOLDS,
        (_, true) => every::BOUNDED,
        (_, false) => every::VIOLATED,
    };
    Ok(every::finish(&text, status))
}

/// Assumptions: what they are called, what they are, and what is expected under them of which claims.
type Ground = (String, Settings, Vec<(usize, Expectation)>);

/// Checks one scenario. Gives how many expectations it has, how many are not met, and whether a search was cut short.
fn scenario(path: &Path, arguments: &Arguments) -> Result<(u32, u32, bool), String> {
    let place = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {place}: {error}"))?;
    let manifest = Manifest::parse(&text).map_err(|error| format!("{place}: {error}"))?;
    let program = path.parent().unwrap_or(Path::new(".")).join(&manifest.program);
    let files = elixir::read(&[program])?;
    let program = every::compiled(&files, &arguments.assumptions)
        .map_err(|_| format!("{place}: the program {} does not compile", manifest.program))?;
    let mut simulation = Simulation::new(program);
    // All that is expected under the same assumptions is found in one search.
    let mut grounds: Vec<Ground> = vec![(String::new(), manifest.run.settings(), Vec::new())];
    for (number, property) in manifest.properties.iter().enumerate() {
        if let Some(first) = grounds.first_mut() {
            first.2.push((number, property.expect));
        }
        for (key, expectation) in &property.under {
            let settings = manifest.run.under(key).map_err(|error| format!("{place}: {error}"))?;
            match grounds.iter_mut().find(|(known, ..)| known == key) {
                Some(ground) => ground.2.push((number, *expectation)),
                None => grounds.push((key.clone(), settings, vec![(number, *expectation)])),
            }
        }
    }
    let claims = manifest
        .properties
        .iter()
        .map(|property| Claim::parse(&property.claim).map_err(|error| format!("{place}: {error}")))
        .collect::<Result<Vec<_>, _>>()?;
    let (mut cells, mut wrong, mut cut) = (0, 0, false);
    let mut out = io::stdout().lock();
    let _closed = writeln!(out, "{} ({place})", manifest.title);
    for (key, settings, expected) in grounds.into_iter().filter(|(_, _, expected)| !expected.is_empty()) {
        simulation = simulation.with_settings(settings);
        let asked: Vec<Claim> = expected.iter().filter_map(|(at, _)| claims.get(*at).cloned()).collect();
        let (_, checked) = arguments.search.check(&simulation, &asked)?;
        for ((number, expectation), checked) in expected.iter().zip(&checked) {
            let Some(property) = manifest.properties.get(*number) else { continue };
            let (verdict, reason, token) = told(&simulation, &checked.verdict);
            let wanted = match expectation {
                Expectation::Holds => "holds",
                Expectation::Violated => "violated",
            };
            cells += 1;
            cut |= verdict == "bounded";
            let under = if key.is_empty() { "as it is run" } else { &key };
            if verdict == wanted {
                let _closed = writeln!(out, "  {verdict:<9} {} ({under})", property.name);
            } else {
                wrong += 1;
                let _closed = writeln!(out, "  {verdict:<9} {} ({under}): expected {wanted}", property.name);
                for more in [reason, token].into_iter().flatten() {
                    let _closed = writeln!(out, "            {more}");
                }
            }
            for event in &checked.vacuous {
                let _closed = writeln!(out, "            note: {event} never happens");
            }
        }
    }
    Ok((cells, wrong, cut))
}
