//! `rashomon check` of scenarios: what is found is compared with what is expected.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rashomon::scenario::{Checked, Claim, Expectation, ExpectedProperty, Manifest};
use rashomon::{Clock, Delivery, Halt, Settings, Simulation};
use serde::Serialize;

use super::Refusal;
use super::check::told;
use super::elixir::{self, Assumptions};
use super::every::{self, Format, Program, Search, Situation};
use super::parallel::in_parallel;

/// What has been found, as JSON.
#[derive(Serialize)]
struct Report {
    schema: &'static str,
    scenarios: Vec<Scenario>,
    expectations: usize,
    not_met: usize,
}

#[derive(Serialize)]
struct Scenario {
    file: String,
    title: String,
    findings: Vec<Finding>,
}

/// What has been found of one claim under one set of assumptions.
#[derive(Serialize)]
struct Finding {
    property: String,
    claim: String,
    assumptions: Situation,
    #[serde(skip)]
    settings: Settings,
    expected: &'static str,
    verdict: &'static str,
    reason: Option<String>,
    token: Option<String>,
    vacuous: Vec<String>,
}

impl Finding {
    fn is_met(&self) -> bool {
        self.verdict == self.expected
    }
}

/// A scenario that has been read.
struct Read {
    path: PathBuf,
    manifest: Manifest,
}

/// Checks the scenarios in these files and folders.
pub(super) fn run(
    paths: &[PathBuf],
    assumptions: &Assumptions,
    search: &Search,
    format: Format,
) -> Result<ExitCode, Refusal> {
    let mut read = Vec::new();
    for path in manifests(paths)? {
        let place = path.display();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {place}: {error}"))?;
        let manifest = Manifest::parse(&text).map_err(|error| format!("{place}: {error}"))?;
        read.push(Read { path, manifest });
    }
    if read.is_empty() {
        return Err("there is no scenario (a file that ends in .toml) there".to_owned().into());
    }
    let mut scenarios = Vec::new();
    // Those in the same folder are told together, as soon as they are known.
    for folder in read.chunk_by(|a, b| a.path.parent() == b.path.parent()) {
        let from = scenarios.len();
        for scenario in folder {
            scenarios.push(check(scenario, assumptions, search)?);
        }
        if format == Format::Text {
            let place = folder.first().and_then(|read| read.path.parent()).unwrap_or(Path::new(""));
            super::print(&told_of(place, scenarios.get(from..).unwrap_or_default()));
        }
    }
    let findings = || scenarios.iter().flat_map(|scenario| &scenario.findings);
    let (expectations, not_met) =
        (findings().count(), findings().filter(|finding| !finding.is_met()).count());
    let status = match not_met {
        0 => every::HOLDS,
        _ if findings().any(|finding| finding.verdict == "bounded") => every::BOUNDED,
        _ => every::VIOLATED,
    };
    let text = match format {
        Format::Text => format!("{expectations} expectations, {not_met} not met.\n"),
        Format::Json => {
            every::json(&Report { schema: "rashomon-scenarios-1", scenarios, expectations, not_met })?
        }
    };
    Ok(every::finish(&text, status))
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

/// Assumptions, and what is asked under them: properties, and what is expected of them.
type Ground<'r> = (Settings, Vec<(&'r ExpectedProperty, Expectation)>);

/// Checks one scenario under all assumptions for which it expects something.
fn check(
    Read { path, manifest }: &Read,
    assumptions: &Assumptions,
    search: &Search,
) -> Result<Scenario, Refusal> {
    let place = path.display();
    let program = path.parent().unwrap_or(Path::new(".")).join(&manifest.program);
    let simulation = every::compiled(&elixir::read(&[program])?, assumptions, assumptions.quiet())?;
    // All that is expected under the same assumptions is found in one search.
    let mut grounds: Vec<Ground<'_>> = Vec::new();
    for property in &manifest.properties {
        let _fits = Claim::parse(&property.claim).map_err(|error| format!("{place}: {error}"))?;
        for (settings, expectation) in
            manifest.expectations(property).map_err(|error| format!("{place}: {error}"))?
        {
            match grounds.iter_mut().find(|(known, _)| *known == settings) {
                Some((_, others)) => others.push((property, expectation)),
                None => grounds.push((settings, vec![(property, expectation)])),
            }
        }
    }
    let found = in_parallel(grounds.len(), search.threads(), |number| match grounds.get(number) {
        Some(ground) => check_under(&simulation, ground, assumptions, search),
        None => Ok(Vec::new()),
    });
    let mut findings = Vec::new();
    for found in found {
        findings.extend(found.map_err(|error| format!("{place}: {error}"))?);
    }
    Ok(Scenario { file: place.to_string(), title: manifest.title.clone(), findings })
}

/// What is found under one set of assumptions.
fn check_under(
    simulation: &Simulation<Program>,
    (settings, asked): &Ground<'_>,
    assumptions: &Assumptions,
    search: &Search,
) -> Result<Vec<Finding>, String> {
    let simulation = simulation.clone().with_settings(*settings);
    let claims = asked.iter().map(|(property, _)| Claim::parse(&property.claim));
    let claims = claims.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    let (_, checked) = search.check(&simulation, &claims, assumptions.quiet())?;
    let finding = |((property, expectation), checked): (&(&ExpectedProperty, Expectation), Checked)| {
        let (verdict, reason, token) = told(&simulation, &checked.verdict);
        Finding {
            property: property.name.clone(),
            claim: property.claim.clone(),
            assumptions: Situation::of(settings),
            settings: *settings,
            expected: match expectation {
                Expectation::Holds => "holds",
                Expectation::Violated => "violated",
            },
            verdict,
            reason,
            token,
            vacuous: checked.vacuous,
        }
    };
    Ok(asked.iter().zip(checked).map(finding).collect())
}

/// A row of the table: the file, whether the world halts with the main process, and the delivery if there is more than one row otherwise.
type Row = (String, bool, Option<Delivery>);

/// What has been found of the scenarios of a folder: a table of the claims that several of them make, the others, and what was not expected.
fn told_of(folder: &Path, scenarios: &[Scenario]) -> String {
    let shared = shared(scenarios);
    let hasty = |finding: &Finding| finding.settings.clock == Clock::Hasty;
    let both_clocks = scenarios.iter().flat_map(|scenario| &scenario.findings).any(hasty);
    let cell = |findings: &[&Finding], property: &str| {
        let of = |clock| {
            let fits = |finding: &&&Finding| finding.property == property && finding.settings.clock == clock;
            findings.iter().find(fits).map_or("·", |finding| finding.verdict)
        };
        if both_clocks {
            format!("{} / {}", of(Clock::Patient), of(Clock::Hasty))
        } else {
            of(Clock::Patient).to_owned()
        }
    };
    let mut rows: Vec<(Row, Vec<String>)> = Vec::new();
    let (mut alone, mut unmet) = (String::new(), String::new());
    for scenario in scenarios {
        let name = Path::new(&scenario.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for halt in [Halt::WithMain, Halt::Never] {
            let row = |delivery| {
                let fits = |finding: &&Finding| {
                    finding.settings.halt == halt && finding.settings.delivery == delivery
                };
                let findings: Vec<&Finding> = scenario.findings.iter().filter(fits).collect();
                let cells: Vec<String> = shared.iter().map(|property| cell(&findings, property)).collect();
                let known = findings.iter().any(|finding| shared.contains(&finding.property.as_str()));
                known.then_some(cells)
            };
            let label = |delivery| (name.clone(), halt == Halt::WithMain, delivery);
            let (instant, ordered) = (row(Delivery::Instant), row(Delivery::Ordered));
            if instant == ordered {
                rows.extend(instant.map(|cells| (label(None), cells)));
            } else {
                rows.extend(instant.map(|cells| (label(Some(Delivery::Instant)), cells)));
                rows.extend(ordered.map(|cells| (label(Some(Delivery::Ordered)), cells)));
            }
        }
        tell_alone(&mut alone, &name, scenario, &shared);
        for finding in &scenario.findings {
            tell_unmet(&mut unmet, &name, finding);
        }
    }
    let mut text = format!("{}\n", folder.display());
    if !rows.is_empty() {
        tell_table(&mut text, &shared, &rows, both_clocks);
    }
    text + &alone + &unmet + "\n"
}

/// The claims that several scenarios make, in the order in which they are first made.
fn shared(scenarios: &[Scenario]) -> Vec<&str> {
    let mut makers: Vec<(&str, Vec<&str>)> = Vec::new();
    for scenario in scenarios {
        for finding in &scenario.findings {
            let name = finding.property.as_str();
            match makers.iter_mut().find(|(known, _)| *known == name) {
                Some((_, files)) => {
                    if !files.contains(&scenario.file.as_str()) {
                        files.push(&scenario.file);
                    }
                }
                None => makers.push((name, vec![&scenario.file])),
            }
        }
    }
    makers.retain(|(_, files)| files.len() > 1);
    makers.into_iter().map(|(name, _)| name).collect()
}

fn tell_table(text: &mut String, properties: &[&str], rows: &[(Row, Vec<String>)], both_clocks: bool) {
    let label = |(name, halt, delivery): &Row| {
        let halt = if *halt { "" } else { " --no-halt" };
        let delivery = match delivery {
            None => "",
            Some(Delivery::Instant) => " (instant)",
            Some(Delivery::Ordered) => " (ordered)",
        };
        format!("{name}{halt}{delivery}")
    };
    let mut head = vec![if both_clocks { "patient / hasty".to_owned() } else { String::new() }];
    head.extend(properties.iter().map(|property| (*property).to_owned()));
    let mut lines = vec![head];
    for (row, cells) in rows {
        lines.push([label(row)].into_iter().chain(cells.iter().cloned()).collect());
    }
    let columns = properties.len() + 1;
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for line in &lines {
        let cells: Vec<String> =
            line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        let _infallible = writeln!(text, "  {}", cells.join("   ").trim_end());
    }
}

/// The claims that only this scenario makes.
fn tell_alone(text: &mut String, name: &str, scenario: &Scenario, shared: &[&str]) {
    for Finding { property, verdict, assumptions, .. } in &scenario.findings {
        if !shared.contains(&property.as_str()) {
            let under = assumptions.in_words();
            let _infallible = writeln!(text, "  {verdict:<9} {name}: {property} ({under})");
        }
    }
}

fn tell_unmet(text: &mut String, name: &str, finding: &Finding) {
    let under = finding.assumptions.in_words();
    if !finding.is_met() {
        let Finding { property, verdict, expected, .. } = finding;
        let _infallible =
            writeln!(text, "  NOT MET: {name}: {property} ({under}): {verdict}, expected: {expected}");
        for more in [&finding.reason, &finding.token].into_iter().flatten() {
            let _infallible = writeln!(text, "           {more}");
        }
    }
    for event in &finding.vacuous {
        let _infallible = writeln!(text, "  note: {name}: {event} never happens ({under})");
    }
}
