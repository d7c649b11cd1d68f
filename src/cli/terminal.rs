//! One run of an Elixir program before somebody's eyes: what it writes goes where it belongs, and how it ends is told.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use rashomon::elixir::{ElixirProcess, ElixirProgram, Kept};
use rashomon::kernel::{Device, Event, Happening, Observer, Process, Program, World};
use rashomon::trace::{Frame, Recorder};
use rashomon::{Ending, Trace};

/// The exit status of a run that did not come to its end: a limit was reached, or the main process waits for ever.
const CUT_OFF: u8 = 3;

/// Writes what the program writes, when it writes it.
pub(super) struct Terminal {
    output: RefCell<io::BufWriter<io::Stdout>>,
    at_once: bool,
}

impl Terminal {
    pub(super) fn new() -> Terminal {
        let output = RefCell::new(io::BufWriter::new(io::stdout()));
        Terminal { output, at_once: io::stdout().is_terminal() }
    }

    fn flush(&self) {
        // Whoever closed standard output has seen enough.
        let _closed = self.output.borrow_mut().flush();
    }
}

impl<P: Process> Observer<P> for Terminal {
    fn observe(&mut self, event: &Event<'_, P>) {
        if let Happening::Output { device, text } = &event.happening {
            match device {
                Device::Stdout => {
                    let _closed = write!(self.output.borrow_mut(), "{text}");
                    if self.at_once {
                        self.flush();
                    }
                }
                Device::Stderr => {
                    self.flush();
                    let _closed = write!(io::stderr(), "{text}");
                }
            }
        }
        if let Happening::Exited { crash: Some(report), .. } = &event.happening {
            self.flush();
            let _closed = writeln!(io::stderr(), "{report}");
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Those who watch a run, as far as they are there.
pub(super) struct Witness {
    pub(super) terminal: Option<Terminal>,
    pub(super) recorder: Option<Recorder>,
}

impl<P: Process> Observer<P> for Witness {
    fn observe(&mut self, event: &Event<'_, P>) {
        if let Some(terminal) = &mut self.terminal {
            terminal.observe(event);
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.observe(event);
        }
    }
}

/// Tells how a run has ended, where there is something to tell, and gives the exit status. `how` says what chose the
/// ordering.
pub(super) fn conclude<S: Kept>(
    program: &ElixirProgram<S>,
    world: &World<ElixirProcess<S>>,
    how: Option<&str>,
) -> u8 {
    let mut errors = io::stderr();
    if let Some(report) = program.exit_report(world) {
        let _closed = writeln!(errors, "{report}");
    }
    for fault in program.faults(world) {
        let _closed = writeln!(errors, "error: the library is broken, which is a fault of rashomon: {fault}");
    }
    if let Some(ending @ (Ending::Deadlock | Ending::Bounded(_))) = world.ending() {
        let how = how.map_or_else(String::new, |how| format!(" ({how})"));
        let _closed = writeln!(errors, "error: {ending}{how}");
        for stuck in world.stuck().iter().take(20) {
            let _closed = writeln!(errors, "  {stuck}");
        }
    }
    status(program, world)
}

/// The exit status of a run.
pub(super) fn status<S: Kept>(program: &ElixirProgram<S>, world: &World<ElixirProcess<S>>) -> u8 {
    match world.ending() {
        Some(Ending::Stopped(status)) => status,
        Some(Ending::Halted | Ending::Idle) | None => program.status(world),
        Some(Ending::Deadlock | Ending::Bounded(_)) => CUT_OFF,
    }
}

/// The trace of a run that was recorded.
pub(super) fn recorded<S: Kept>(
    program: &ElixirProgram<S>,
    world: &World<ElixirProcess<S>>,
    strategy: String,
    recorder: Recorder,
) -> Trace {
    let frame = Frame {
        program: program.name().to_owned(),
        fingerprint: program.fingerprint(),
        settings: *world.settings(),
        strategy,
        outcome: world.outcome(),
        alive: world.stuck(),
    };
    Trace::new(frame, recorder)
}
