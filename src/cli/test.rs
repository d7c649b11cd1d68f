//! `rashomon test`: ExUnit files.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::explore::{Possible, Reason, ReplayError};
use rashomon::strategy::{Replay, drive};
use rashomon::trace::Page;
use rashomon::{Random, Simulation};

use super::elixir::{self, Files, Options};
use super::every::{self, Program, Search};
use super::{Refusal, terminal};

/// Runs the tests of ExUnit files, each test in a process of its own, under one ordering; or each test under every ordering.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon test counter.ex counter_test.exs --only slow\n  rashomon test counter.ex counter_test.exs --every-ordering\n\n\
    Exit status: 0 if all tests pass, 2 if one fails, 3 if not every ordering of a test could be covered."
)]
pub(super) struct Arguments {
    /// The test files, and the files that they test; these come first.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Runs only tests with this tag: name, or name:value.
    #[arg(long)]
    only: Vec<String>,
    /// Runs tests with this tag although they are excluded.
    #[arg(long)]
    include: Vec<String>,
    /// Leaves out tests with this tag.
    #[arg(long)]
    exclude: Vec<String>,
    /// Shows each test by name.
    #[arg(long)]
    trace: bool,
    /// Runs each test under every ordering, and shows those under which it fails.
    #[arg(long)]
    every_ordering: bool,
    /// Draws the run of a test that this token of --every-ordering stands for.
    #[arg(long, conflicts_with = "every_ordering")]
    token: Option<String>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    search: Search,
}

/// Runs the tests.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let mut include = tags(&arguments.include)?;
    let mut exclude = tags(&arguments.exclude)?;
    if !arguments.only.is_empty() {
        include.extend(tags(&arguments.only)?);
        exclude.push(":test".to_owned());
    }
    let trace = if arguments.trace { ", trace: true" } else { "" };
    let start = format!(
        "ExUnit.start(include: [{}], exclude: [{}]{trace})\n",
        include.join(", "),
        exclude.join(", ")
    );
    let files = elixir::read(&arguments.files)?;
    if arguments.every_ordering || arguments.token.is_some() {
        return each(arguments, files, &include, &exclude);
    }
    elixir::run(&with_start(files, start), &arguments.options, None)
}

/// The files, with what starts ExUnit before them.
fn with_start(mut files: Files, start: String) -> Files {
    files.files.insert(0, ("rashomon test".to_owned(), start));
    files
}

/// Each test alone: under every ordering, or under the one that a token stands for.
fn each(
    arguments: &Arguments,
    files: Files,
    include: &[String],
    exclude: &[String],
) -> Result<ExitCode, Refusal> {
    let assumptions = arguments.options.assumptions();
    let simulation =
        |start: String, quiet: bool| every::compiled(&with_start(files.clone(), start), assumptions, quiet);
    let all = format!(
        "ExUnit.start(include: [{}], exclude: [{}], trace: true)\n",
        include.join(", "),
        exclude.join(", ")
    );
    let all = simulation(all, assumptions.quiet())?;
    let names = names(&page(&all, Random::new(0)).1);
    if names.is_empty() {
        return Err("there is no test to run in these files".to_owned().into());
    }
    let (mut failing, mut cut) = (0, false);
    let mut text = String::new();
    for name in &names {
        let start = format!("ExUnit.start(include: [test: {}], exclude: [:test])\n", atom(name));
        // What is odd about the files has been told.
        let simulation = simulation(start, true)?;
        if let Some(token) = &arguments.token {
            match simulation.replay(token.trim()) {
                Ok(run) => {
                    let simulation = simulation.with_settings(run.trace().settings);
                    let (_, written) = page(&simulation, Replay::new(run.schedule().clone()));
                    return Ok(every::finish(&(run.trace().lanes() + "\n" + &written), every::HOLDS));
                }
                Err(ReplayError::OtherProgram { .. }) => continue,
                Err(error) => return Err(error.to_string().into()),
            }
        }
        let everything = arguments
            .search
            .how()
            .search(&simulation)
            .explore(arguments.search.progress(assumptions.quiet()));
        let failures: Vec<(&Possible, String)> = everything
            .outcomes
            .iter()
            .filter_map(|possible| {
                let (status, written) = page(&simulation, Replay::new(possible.schedule.clone()));
                (status != 0).then_some((possible, written))
            })
            .collect();
        let states = everything.counts.states;
        let verdict = match (&failures[..], &everything.cut) {
            ([_, ..], _) => "fails",
            ([], Some(_)) => "bounded",
            ([], None) => "passes",
        };
        let _ = writeln!(text, "{verdict:<8} {name} ({states} states)");
        if let Some(reason) = &everything.cut {
            let _ = writeln!(text, "         not every ordering was covered: {reason}");
        }
        for (possible, written) in &failures {
            for line in written.lines().filter(|line| !line.trim().is_empty()) {
                let _ = writeln!(text, "         {line}");
            }
            let _ = writeln!(text, "         {}", every::token(&simulation, &possible.schedule));
        }
        failing += usize::from(!failures.is_empty());
        cut |= everything.cut.is_some();
        if everything.cut == Some(Reason::Stopped) {
            break;
        }
    }
    if arguments.token.is_some() {
        return Err("this token stands for a run of none of these tests".to_owned().into());
    }
    let count = names.len();
    let tests = if count == 1 { "test" } else { "tests" };
    let _ = writeln!(
        text,
        "{count} {tests}, {failing} that fail under some ordering ({}).",
        assumptions.in_words()
    );
    let status = match (failing, cut) {
        (0, false) => every::HOLDS,
        (0, true) => every::BOUNDED,
        _ => FAILED,
    };
    Ok(every::finish(&text, status))
}

/// A test fails: ExUnit's exit status.
const FAILED: u8 = 2;

/// The exit status of a run, and what it writes to standard output.
fn page(simulation: &Simulation<Program>, mut strategy: impl rashomon::Strategy) -> (u8, String) {
    let mut page = Page::default();
    let mut world = simulation.world();
    let driven = drive(&mut world, &mut strategy, &mut page);
    debug_assert!(driven.is_ok(), "only what is possible is chosen");
    let status = terminal::status(simulation.program(), &world);
    (status, page.text().to_owned())
}

/// The names of the tests that were run, from what ExUnit writes when it names them: twice on a line, with the line of the file.
fn names(written: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in written.lines() {
        let named = line.strip_prefix("  * ").and_then(|line| line.split_once(" [L#"));
        let Some((name, rest)) = named else { continue };
        let left_out = ["(excluded)", "(skipped)"].iter().any(|why| rest.contains(why));
        if !left_out && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// An atom, as Elixir reads it.
fn atom(name: &str) -> String {
    format!(":{}", format!("{name:?}").replace("#{", "\\#{"))
}

/// Tags as ExUnit takes them: an atom, or a pair of an atom and a text.
fn tags(given: &[String]) -> Result<Vec<String>, String> {
    given
        .iter()
        .map(|tag| {
            let (name, value) =
                tag.split_once(':').map_or((tag.as_str(), None), |(name, value)| (name, Some(value)));
            let fits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
            if !fits(name) || name.starts_with(|c: char| c.is_numeric()) {
                return Err(format!("{tag} is no tag: expected a name, or name:value"));
            }
            Ok(match value {
                None => format!(":{name}"),
                Some(value) => format!("{{:{name}, {value:?}}}"),
            })
        })
        .collect()
}
