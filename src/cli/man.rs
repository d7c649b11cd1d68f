//! `rashomon man`: manual pages.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

/// Writes manual pages into a folder: one for each command, and one for all.
#[derive(Args)]
#[command(after_help = "Example: rashomon man ~/.local/share/man/man1 && man rashomon-check\n\n\
    Pages of the same names are overwritten. Standard output names the pages.\n\n\
    Exit status: 0, or 2 if a page cannot be written.")]
pub(super) struct Arguments {
    /// The folder; it is made if it does not exist.
    folder: PathBuf,
}

/// Writes the pages, and gives their names.
pub(super) fn run(arguments: &Arguments) -> Result<String, String> {
    let Arguments { folder } = arguments;
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let mut command = super::Arguments::command().disable_help_subcommand(true);
    command.build();
    let mut pages = vec![command.clone()];
    for subcommand in command.get_subcommands() {
        let name = format!("rashomon-{}", subcommand.get_name());
        pages.push(subcommand.clone().display_name(name));
    }
    let mut told = String::new();
    for page in pages {
        let page = Man::new(page).source(concat!("rashomon ", env!("CARGO_PKG_VERSION"))).manual("Rashomon");
        let path = folder.join(page.get_filename());
        let failed = |error| format!("cannot write {}: {error}", path.display());
        let mut text = Vec::new();
        page.render(&mut text).map_err(failed)?;
        fs::write(&path, text).map_err(failed)?;
        let _infallible = writeln!(told, "{}", path.display());
    }
    Ok(told)
}
