//! `rashomon token`: what a schedule token holds.

use std::fmt::Write as _;
use std::io::{self, Read};

use clap::Args;
use rashomon::{Limits, Token};

/// More than this is no token.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Tells what a schedule token holds: the program it belongs to, what the run assumed, and the choices.
#[derive(Args)]
#[command(after_help = "Example: rashomon token rsh1.8fXKyNKnqeDNAQAAAAAAARb-1fFH")]
pub(super) struct Arguments {
    /// The token as it was printed, or - to read it from standard input.
    token: String,
}

/// What to print, or what is wrong.
pub(super) fn run(arguments: &Arguments) -> Result<String, String> {
    Ok(describe(&read(&arguments.token)?))
}

/// A token that was given, or that standard input holds if `-` was.
pub(super) fn read(given: &str) -> Result<Token, String> {
    let text = if given == "-" {
        let mut text = String::new();
        let read = io::stdin().take(LONGEST).read_to_string(&mut text);
        read.map_err(|error| format!("cannot read a token from standard input: {error}"))?;
        text
    } else {
        given.to_owned()
    };
    text.parse().map_err(|error: rashomon::strategy::TokenError| error.to_string())
}

fn describe(token: &Token) -> String {
    let settings = &token.settings;
    let lower = |word: &dyn std::fmt::Debug| format!("{word:?}").to_lowercase();
    let mut text = String::new();
    let halt = match settings.halt {
        rashomon::Halt::WithMain => "with the main process",
        rashomon::Halt::Never => "never",
    };
    let _infallible = writeln!(
        text,
        "program   {}\ndelivery  {}\nclock     {}\nhalts     {halt}",
        token.fingerprint,
        lower(&settings.delivery),
        lower(&settings.clock),
    );
    if settings.limits != Limits::default() {
        let limits = &settings.limits;
        let _infallible = writeln!(
            text,
            "limits    {} steps, {} processes, {} messages in a mailbox, {:?}",
            limits.steps,
            limits.processes,
            limits.mailbox,
            std::time::Duration::from_nanos(limits.time)
        );
    }
    let _infallible = writeln!(
        text,
        "choices   {}, {} context switches\n\n{}",
        token.schedule.len(),
        token.schedule.context_switches(),
        token.schedule
    );
    text
}
