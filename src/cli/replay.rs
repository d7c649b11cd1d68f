//! `rashomon replay`: the run that a schedule token stands for.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::explore::ReplayError;
use rashomon::trace::Recorder;
use rashomon::{Schedule, Simulation, Strategy, strategy};

use super::Refusal;
use super::elixir::{self, Budget};
use super::terminal::{Terminal, Witness, conclude, recorded};
use super::token;
use super::trace::TraceOptions;

/// Runs an Elixir program as a schedule token says: the run that check, outcomes or sweep has found.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon replay rsh1.tNbhjqeuiaBXAA… race.exs\n  rashomon replay rsh1.tNbhjqeuiaBXAA… race.exs --lanes\n  \
    rashomon replay - race.exs --trace run.mmd < token\n\n\
    A token carries what was assumed (the clock, the delivery, the limits), and belongs to the very program: its files, named as they were named then. \
    The program's standard input is empty, as it was then.\n\n\
    Exit status: that of the program, and 0 if the schedule ends before it; 1 if it does not compile or its main process fails; \
    2 bad usage, or the token does not fit; 3 if a limit or a deadlock ended the run."
)]
pub(super) struct Arguments {
    /// The token as it was printed, or - to read it from standard input.
    token: String,
    /// The files of the program, which run one after another; - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Draws the run, one lane a process, instead of writing what the program writes.
    #[arg(long)]
    lanes: bool,
    #[command(flatten)]
    trace: TraceOptions,
    #[command(flatten)]
    budget: Budget,
    /// Says nothing on standard error but what the program writes there.
    #[arg(long, short)]
    quiet: bool,
}

/// Replays.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let Arguments { token, files, lanes, trace, budget, quiet } = arguments;
    if token == "-" && files.iter().any(|file| file.as_os_str() == "-") {
        return Err("the token and the program cannot both come from standard input".to_owned().into());
    }
    let token = token::read(token)?;
    let files = elixir::read(files)?;
    let program = elixir::compiled(&files, *quiet)?.with_limits(budget.run_limits());
    let target = trace.target()?;
    let simulation = Simulation::<rashomon::elixir::ElixirProgram>::new(program);
    let recorder = (*lanes || target.is_some()).then(Recorder::new);
    let mut witness = Witness { terminal: (!lanes).then(Terminal::new), recorder };
    let replayed = simulation.replay_before(&token, &mut witness);
    witness.terminal = None;
    let world = replayed.map_err(|error| match error {
        ReplayError::OtherProgram { .. } => {
            format!("{error}. The names of the files count: give them as they were given then")
        }
        ReplayError::Token(_) | ReplayError::Diverged(_) | ReplayError::OtherEvents => error.to_string(),
    })?;
    let status = conclude(simulation.program(), &world, None);
    if world.ending().is_none() && !quiet {
        let _closed = writeln!(
            io::stderr(),
            "The schedule ends here, after {} steps; the program would go on.",
            world.steps()
        );
    }
    if let Some(recorder) = witness.recorder {
        let how = strategy::Replay::new(Schedule::default()).describe();
        let trace = recorded(simulation.program(), &world, how, recorder);
        if *lanes {
            super::print(&trace.lanes());
        }
        if let Some(target) = target {
            target.write(&trace)?;
        }
    }
    Ok(ExitCode::from(status))
}
