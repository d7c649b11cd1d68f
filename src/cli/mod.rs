//! The command line: one file a command. All input and output of the project is here.
//!
//! Results go to standard output, remarks and errors to standard error. Exit codes: 0 as asked, 2 bad input or usage; what else a command
//! exits with stands in its help.

mod check;
mod completions;
mod elixir;
mod every;
mod explain;
mod interrupt;
mod man;
mod new;
mod outcomes;
mod parallel;
mod races;
mod replay;
mod run;
mod scenarios;
mod schema;
mod step;
mod strategies;
mod sweep;
mod terminal;
mod test;
mod token;
mod trace;

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
    Completions(completions::Arguments),
    Explain(explain::Arguments),
    Man(man::Arguments),
    New(new::Arguments),
    Outcomes(outcomes::Arguments),
    Races(races::Arguments),
    Replay(replay::Arguments),
    Run(run::Arguments),
    Schema(schema::Arguments),
    Step(step::Arguments),
    Sweep(sweep::Arguments),
    Test(test::Arguments),
    Token(token::Arguments),
}

/// Bad input or usage.
const BAD_INPUT: u8 = 2;

/// Why a command does not do what it is asked for.
enum Refusal {
    /// Bad input or usage, in words.
    Because(String),
    /// It has been told on standard error already.
    Told(ExitCode),
}

impl From<String> for Refusal {
    fn from(message: String) -> Refusal {
        Refusal::Because(message)
    }
}

/// Runs the command that the arguments of this process ask for.
pub(crate) fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Completions(arguments) => {
            completions::run(&arguments).map(|text| print(&text)).map_err(Refusal::from)
        }
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Man(arguments) => man::run(&arguments).map(|text| print(&text)).map_err(Refusal::from),
        Command::New(arguments) => new::run(&arguments),
        Command::Outcomes(arguments) => outcomes::run(&arguments),
        Command::Races(arguments) => races::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments).map(|text| print(&text)).map_err(Refusal::from),
        Command::Step(arguments) => step::run(&arguments),
        Command::Sweep(arguments) => sweep::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Token(arguments) => token::run(&arguments).map(|text| print(&text)).map_err(Refusal::from),
    };
    result.unwrap_or_else(|refusal| match refusal {
        Refusal::Because(message) => {
            // There is nowhere left to tell it if standard error is gone.
            let _closed = writeln!(io::stderr(), "error: {message}");
            ExitCode::from(BAD_INPUT)
        }
        Refusal::Told(status) => status,
    })
}

/// Whether the environment lets us use colours, where there is a terminal to show them.
fn colours() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
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
