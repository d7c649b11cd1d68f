//! The command line: one file a command. All input and output of the project is here.
//!
//! Results go to standard output, remarks and errors to standard error. Exit codes: 0 as asked, 2 bad input or usage.

mod check;
mod elixir;
mod every;
mod explain;
mod outcomes;
mod races;
mod run;
mod test;
mod token;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A deterministic simulator for message-passing processes.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Outcomes(outcomes::Arguments),
    Races(races::Arguments),
    Run(run::Arguments),
    Test(test::Arguments),
    Token(token::Arguments),
}

/// Bad input or usage.
const BAD_INPUT: u8 = 2;

/// Runs the command that the arguments of this process ask for.
pub(crate) fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Outcomes(arguments) => outcomes::run(&arguments),
        Command::Races(arguments) => races::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Token(arguments) => token::run(&arguments).map(|text| print(&text)),
    };
    result.unwrap_or_else(|message| {
        // There is nowhere left to tell it if standard error is gone.
        let _closed = writeln!(io::stderr(), "error: {message}");
        ExitCode::from(BAD_INPUT)
    })
}

/// Writes to standard output. Whoever closed it has seen enough.
fn print(text: &str) -> ExitCode {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _closed = writeln!(io::stderr(), "error: cannot write to standard output: {error}");
            ExitCode::FAILURE
        }
    }
}
