//! `rashomon test`: ExUnit files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::elixir::{self, Options};

/// Runs the tests of ExUnit files, each test in a process of its own, under one ordering.
#[derive(Args)]
#[command(
    after_help = "Example: rashomon test counter.ex counter_test.exs --only slow\n\nExit status: 0 if all tests pass, 2 if one fails."
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
    #[command(flatten)]
    options: Options,
}

/// Runs the tests.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, String> {
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
    let mut read = elixir::read(&arguments.files)?;
    read.files.insert(0, ("rashomon test".to_owned(), start));
    elixir::run(&read, &arguments.options, None)
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
