//! `rashomon step`: a program gone through step by step, in the terminal.
//!
//! `stepper` is the model, `app` says what the keys mean, `view` draws; here are the terminal and the loop.

mod app;
mod stepper;
mod view;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event};

use self::app::{App, Flow};
use self::stepper::Stepper;
use self::view::{Paint, draw};
use super::elixir::Assumptions;
use super::{Refusal, every, token};

/// Goes through an Elixir program step by step, in the terminal: you choose what happens next, and can go back.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon step race.exs\n  rashomon step race.exs --token rsh1.tNbhjqeuiaBXAA…\n\n\
    Keys: up and down select what happens next, Enter makes it happen, left steps back, right steps ahead again, g jumps to a step, \
    Home and End to the first and the last, Page Up and Page Down scroll the processes, q quits.\n\n\
    At the end, a token of the schedule up to the step that is shown stands on standard output, for rashomon replay. \
    Values of variables are shown without their names. The program's standard input is empty.\n\n\
    Exit status: 0, 1 if the program does not compile, 2 bad input or usage, or no terminal."
)]
pub(super) struct Arguments {
    /// The files of the program, which run one after another.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Begins with the run that this token stands for: it lies ahead. What the token assumes counts, and not the options.
    #[arg(long)]
    token: Option<String>,
    #[command(flatten)]
    assumptions: Assumptions,
}

/// Steps.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let Arguments { files, token, assumptions } = arguments;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err("step needs a terminal: it reads keys from standard input and draws on standard output. Without one, \
            rashomon run and rashomon replay --lanes show single runs"
            .to_owned()
            .into());
    }
    let token = token.as_deref().map(token::read).transpose()?;
    let simulation = every::simulation(files, assumptions)?;
    let stepper = match token {
        None => Stepper::new(simulation),
        Some(token) => Stepper::of_token(simulation, &token).map_err(|error| error.to_string())?,
    };
    let mut app = App::new(stepper);
    let failed = |error: io::Error| format!("the terminal cannot be used: {error}");
    let mut terminal = ratatui::try_init().map_err(failed)?;
    let gone_through = go_through(&mut terminal, &mut app);
    ratatui::restore();
    gone_through.map_err(failed)?;
    if !assumptions.quiet() {
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let _closed = writeln!(
            io::stderr(),
            "The schedule up to step {}, for rashomon replay TOKEN {}:",
            app.stepper.at(),
            files.join(" ")
        );
    }
    Ok(super::print(&format!("{}\n", app.stepper.token())))
}

/// Draws and reads keys until the user has seen enough.
fn go_through(terminal: &mut DefaultTerminal, app: &mut App) -> io::Result<()> {
    let paint = if super::colours() { Paint::Colours } else { Paint::Plain };
    loop {
        terminal.draw(|frame| draw(frame, app, paint))?;
        if let Event::Key(key) = event::read()?
            && app.press(key) == Flow::Quit
        {
            return Ok(());
        }
    }
}
