//! The command, as people run it.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

/// The exit status, standard output and standard error.
pub(crate) type Told = (i32, String, String);

/// The command with these arguments, in the folder of the project.
pub(crate) fn command(arguments: &[&str]) -> Command {
    command_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

pub(crate) fn command_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rashomon"));
    command.args(arguments).current_dir(folder);
    command
}

/// Runs it with this as its standard input.
pub(crate) fn output(mut command: Command, input: &str) -> Output {
    command.write_stdin(input).output().expect("the command runs")
}

pub(crate) fn told(output: &Output) -> Told {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

/// Runs the command with these arguments, in the folder of the project.
pub(crate) fn rashomon(arguments: &[&str]) -> Told {
    told(&output(command(arguments), ""))
}

/// As [`rashomon`], in this folder.
pub(crate) fn rashomon_in(folder: &Path, arguments: &[&str]) -> Told {
    told(&output(command_in(folder, arguments), ""))
}
