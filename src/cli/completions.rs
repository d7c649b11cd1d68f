//! `rashomon completions`: what a shell needs to know to complete our commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Writes the completions of all commands for a shell.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon completions bash > ~/.local/share/bash-completion/completions/rashomon\n  \
    rashomon completions zsh > ~/.zfunc/_rashomon\n  rashomon completions fish > ~/.config/fish/completions/rashomon.fish\n\n\
    Exit status: 0, or 2 if the shell is none that we know."
)]
pub(super) struct Arguments {
    /// The shell.
    shell: Shell,
}

/// The completions.
pub(super) fn run(arguments: &Arguments) -> Result<String, String> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "rashomon", &mut text);
    String::from_utf8(text).map_err(|error| error.to_string())
}
