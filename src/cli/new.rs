//! `rashomon new`: a scenario to begin with.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::Refusal;

/// What is in the folder: the name of each file, its text, and what it is.
const FILES: [(&str, &str, &str); 2] = [
    ("racy.exs", include_str!("template/racy.exs"), "a program that goes wrong under some orderings"),
    ("racy.toml", include_str!("template/racy.toml"), "what is claimed of it, and what is expected"),
];

/// Makes a folder with a scenario in it: a program with a race to be found, and the claims about it.
#[derive(Args)]
#[command(after_help = "Example: rashomon new tickets && rashomon check tickets\n\n\
    What exists is left as it is.\n\nExit status: 0 if the scenario was made, 2 if it was not.")]
pub(super) struct Arguments {
    /// The folder; it must not exist yet. Its name is the title of the scenario.
    name: PathBuf,
    /// Does not say what was made.
    #[arg(long, short)]
    quiet: bool,
}

/// Makes the folder.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let folder = &arguments.name;
    let Some(title) = folder.file_name().and_then(|name| name.to_str()) else {
        return Err(format!("{} is no name for a folder: give one, such as tickets", folder.display()).into());
    };
    let failed = |path: &Path, error: &io::Error| format!("cannot make {}: {error}", path.display());
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
    }
    fs::create_dir(folder).map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            format!("{} exists already, and is left as it is: choose another name", folder.display())
        } else {
            failed(folder, &error)
        }
    })?;
    let mut told = String::new();
    for (name, text, what) in FILES {
        let path = folder.join(name);
        let text = text.replace("{title}", &serde_json::to_string(title).map_err(|error| error.to_string())?);
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
        let _infallible = writeln!(told, "{}: {what}", path.display());
    }
    let program = folder.join("racy.exs");
    let next = [
        (format!("check {}", folder.display()), "is it as expected?"),
        (format!("outcomes {}", program.display()), "what can come out?"),
        (format!("sweep {}", program.display()), "and how often?"),
    ];
    let width = next.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    told.push('\n');
    for (command, question) in next {
        let _infallible = writeln!(told, "rashomon {command:width$}    {question}");
    }
    Ok(if arguments.quiet { ExitCode::SUCCESS } else { super::print(&told) })
}
