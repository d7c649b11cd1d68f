//! What the commands that run Elixir programs have in common: reading and compiling the files, the options of a run, and
//! the run itself.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rashomon::elixir::diagnostic::Colour;
use rashomon::elixir::{Compilation, ElixirProgram, Kept, RunLimits, Source, compile, required_files};
use rashomon::strategy::{Strategy, drive, fresh_seed};
use rashomon::trace::Recorder;
use rashomon::{Clock, Delivery, Halt, Limits, Settings};

use super::Refusal;
use super::strategies::StrategyOptions;
use super::terminal::{Terminal, Witness, conclude, recorded};
use super::trace::Target;

/// When virtual time moves.
#[derive(Clone, Copy, ValueEnum)]
enum ClockOption {
    /// Only when no process can do anything else: an infinitely fast machine.
    Patient,
    /// At any moment: a slow, loaded machine.
    Hasty,
}

/// When signals arrive.
#[derive(Clone, Copy, ValueEnum)]
enum DeliveryOption {
    /// As soon as they are sent: one node of the BEAM.
    Instant,
    /// Later; only the order between one sender and one receiver is kept.
    Ordered,
}

/// What is assumed, and how much a program may use.
#[derive(Args)]
pub(super) struct Assumptions {
    /// Goes on when the main process has ended, for as long as anything can happen.
    #[arg(long)]
    no_halt: bool,
    /// When virtual time moves.
    #[arg(long, value_enum, default_value = "patient")]
    clock: ClockOption,
    /// When signals arrive.
    #[arg(long, value_enum, default_value = "instant")]
    delivery: DeliveryOption,
    /// Steps at the most.
    #[arg(long, default_value_t = 100_000_000)]
    max_steps: u64,
    /// Processes at the most, the dead ones too.
    #[arg(long, default_value_t = 1_000_000)]
    max_processes: u32,
    /// Unread messages in one mailbox at the most.
    #[arg(long, default_value_t = 1_000_000)]
    max_messages: usize,
    #[command(flatten)]
    budget: Budget,
    /// Says nothing on standard error but what the program writes there.
    #[arg(long, short)]
    quiet: bool,
}

/// How much a program may use that no schedule token tells.
#[derive(Args)]
pub(super) struct Budget {
    /// Calls of functions at the most.
    #[arg(long, default_value_t = 2_000_000_000)]
    max_calls: u64,
    /// Megabytes of data that one process may hold.
    #[arg(long, default_value_t = 1024)]
    max_memory: u64,
}

impl Budget {
    pub(super) fn run_limits(&self) -> RunLimits {
        RunLimits { calls: self.max_calls, memory: self.max_memory.saturating_mul(1 << 20) }
    }
}

impl Assumptions {
    pub(super) fn quiet(&self) -> bool {
        self.quiet
    }

    pub(super) fn run_limits(&self) -> RunLimits {
        self.budget.run_limits()
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            delivery: match self.delivery {
                DeliveryOption::Instant => Delivery::Instant,
                DeliveryOption::Ordered => Delivery::Ordered,
            },
            clock: match self.clock {
                ClockOption::Patient => Clock::Patient,
                ClockOption::Hasty => Clock::Hasty,
            },
            halt: if self.no_halt { Halt::Never } else { Halt::WithMain },
            limits: Limits {
                steps: self.max_steps,
                processes: self.max_processes,
                mailbox: self.max_messages,
                ..Limits::default()
            },
        }
    }

    /// The assumptions, for people.
    pub(super) fn in_words(&self) -> String {
        let delivery = match self.delivery {
            DeliveryOption::Instant => "instant",
            DeliveryOption::Ordered => "ordered",
        };
        let clock = match self.clock {
            ClockOption::Patient => "patient",
            ClockOption::Hasty => "hasty",
        };
        let halt = if self.no_halt { "no halt" } else { "halt with the main process" };
        format!("{delivery} delivery, {clock} clock, {halt}")
    }
}

/// How a program is run.
#[derive(Args)]
pub(super) struct Options {
    /// The seed of the ordering. Without one, a fresh seed is drawn, and told on standard error.
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    strategy: StrategyOptions,
    #[command(flatten)]
    assumptions: Assumptions,
}

impl Options {
    pub(super) fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }
}

/// A file of a program: its name and its text.
pub(super) type File = (String, String);

/// The files of a program, in the order in which they run, and what is odd about how they ask for each other.
#[derive(Clone, Default)]
pub(super) struct Files {
    pub(super) files: Vec<File>,
    remarks: Vec<String>,
}

/// Reads the files of a program. A file that another one requires comes before it; `-` is standard input.
pub(super) fn read(paths: &[PathBuf]) -> Result<Files, String> {
    let mut read = Files::default();
    let mut seen = BTreeSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut text = String::new();
            let taken = io::stdin().read_to_string(&mut text);
            taken.map_err(|error| format!("cannot read a program from standard input: {error}"))?;
            read.files.push(("nofile".to_owned(), text));
        } else {
            read_with_required(path, &mut seen, &mut read)?;
        }
    }
    Ok(read)
}

/// A file that has been begun, and those that it requires and that are still to be read.
struct Begun {
    path: PathBuf,
    /// Under which it is known, however it is reached.
    identity: PathBuf,
    text: String,
    required: std::vec::IntoIter<String>,
}

fn begin(path: &Path) -> Result<Begun, String> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("cannot read {name}: it is not UTF-8"))?;
    let required = required_files(&text).into_iter();
    Ok(Begun { path: path.to_owned(), identity: identity(path), text, required })
}

fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Reads a file after those that it requires. Each file is read once; a file that is required while it is still waiting
/// for others stands after them all the same.
fn read_with_required(path: &Path, seen: &mut BTreeSet<PathBuf>, read: &mut Files) -> Result<(), String> {
    if !seen.insert(identity(path)) {
        return Ok(());
    }
    let mut begun = vec![begin(path)?];
    while let Some(current) = begun.last_mut() {
        let Some(file) = current.required.next() else {
            if let Some(Begun { path, text, .. }) = begun.pop() {
                read.files.push((path.display().to_string(), text));
            }
            continue;
        };
        let beside = current.path.parent().unwrap_or(Path::new(".")).join(&file);
        let path = if beside.exists() { beside } else { PathBuf::from(&file) };
        let (this, wanted) = (current.path.display().to_string(), identity(&path));
        if seen.insert(wanted.clone()) {
            begun.push(begin(&path)?);
        } else if let Some(at) = begun.iter().position(|file| file.identity == wanted) {
            let circle: Vec<String> =
                begun.iter().skip(at).map(|file| file.path.display().to_string()).collect();
            read.remarks.push(match circle.as_slice() {
                [_] => format!("{this} requires itself, for which elixir would wait for ever"),
                _ => format!(
                    "{} and {} require each other in a circle, in which elixir would wait for ever",
                    circle.iter().rev().skip(1).rev().map(String::as_str).collect::<Vec<_>>().join(", "),
                    this
                ),
            });
        }
    }
    Ok(())
}

/// Compiles a program. What is wrong with it is on standard error.
pub(super) fn compiled<S: Kept>(
    Files { files, remarks }: &Files,
    quiet: bool,
) -> Result<ElixirProgram<S>, Refusal> {
    if !quiet {
        for remark in remarks {
            let _closed = writeln!(io::stderr(), "warning: {remark}");
        }
    }
    let colour = if io::stderr().is_terminal() && super::colours() { Colour::Always } else { Colour::Never };
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    let text_of = |file: &str| {
        files.iter().find(|(name, _)| name == file).map(|(_, text)| text.as_str()).unwrap_or_default()
    };
    let Compilation { program, warnings, .. } = match compile::<S>(&sources) {
        Ok(compilation) => compilation,
        Err(faults) => {
            for fault in faults {
                let diagnostic = fault.diagnostic();
                let _closed =
                    writeln!(io::stderr(), "{}", diagnostic.render(text_of(&diagnostic.file), colour));
            }
            return Err(Refusal::Told(ExitCode::FAILURE));
        }
    };
    if !quiet {
        for warning in warnings {
            let _closed = writeln!(io::stderr(), "{warning}\n");
        }
    }
    Ok(program)
}

/// Compiles a program and runs it once. What is wrong with it is on standard error.
pub(super) fn run(files: &Files, options: &Options, trace: Option<Target>) -> Result<ExitCode, Refusal> {
    let program = compiled(files, options.assumptions.quiet)?.with_limits(options.assumptions.run_limits());
    execute(&program, options, trace)
}

fn execute(program: &ElixirProgram, options: &Options, trace: Option<Target>) -> Result<ExitCode, Refusal> {
    let Options { seed, strategy, assumptions } = options;
    let settings = assumptions.settings();
    let chooser = strategy.chooser(program, settings)?;
    if !chooser.uses_chance() && seed.is_some() {
        return Err("--seed has no say under --strategy round-robin: leave one of the two out"
            .to_owned()
            .into());
    }
    let drawn = seed.unwrap_or_else(fresh_seed);
    if seed.is_none() && chooser.uses_chance() && !assumptions.quiet {
        let _closed = writeln!(io::stderr(), "seed {drawn}");
    }
    let mut strategy = chooser.strategy(drawn);
    let mut world = program.world_with(settings, assumptions.run_limits(), read_line);
    let mut witness =
        Witness { terminal: Some(Terminal::new()), recorder: trace.is_some().then(Recorder::new) };
    let diverged = drive(&mut world, &mut strategy, &mut witness);
    debug_assert!(diverged.is_ok(), "the strategy chooses what is possible");
    // What the program has written is out before its end is told.
    witness.terminal = None;
    let how = if chooser.is_usual() { format!("seed {drawn}") } else { strategy.describe() };
    let status = conclude(program, &world, Some(&how));
    if let (Some(recorder), Some(target)) = (witness.recorder, trace) {
        target.write(&recorded(program, &world, strategy.describe(), recorder))?;
    }
    Ok(ExitCode::from(status))
}

fn read_line() -> Option<String> {
    let mut line = String::new();
    match io::stdin().read_line(&mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line),
    }
}
