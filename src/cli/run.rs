//! `rashomon run`: one ordering of an Elixir program.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Refusal;
use super::elixir::{self, Options};
use super::trace::TraceOptions;

/// Runs an Elixir program under one ordering of what its processes do.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon run pub_sub.exs --seed 7\n  rashomon run pub_sub.exs --seed 7 --trace run.mmd\n\n\
    Standard output is the program's own.\n\nExit status: that of the program; \
    1 if it does not compile or its main process fails; 2 bad usage; 3 if a limit or a deadlock ended the run."
)]
pub(super) struct Arguments {
    /// The files of the program, which run one after another; - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    trace: TraceOptions,
}

/// Runs the program.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let files = elixir::read(&arguments.files)?;
    elixir::run(&files, &arguments.options, arguments.trace.target()?)
}
