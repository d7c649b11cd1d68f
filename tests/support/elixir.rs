//! Programs with what Elixir did beside them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// All programs with a record, in the order of their names.
pub(crate) fn programs() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/elixir"), &mut found);
    assert!(found.len() > 10, "there are programs");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "exs")
            && path.with_extension("out").exists()
        {
            found.push(path);
        }
    }
}

/// How a program ended.
pub(crate) struct Ended {
    status: Option<i32>,
    output: Vec<u8>,
    /// The first line of standard error that names what ended it.
    banner: String,
}

impl Ended {
    /// Runs a program with a command that gets its name, in its folder.
    pub(crate) fn of(program: &Path, command: &mut Command) -> Ended {
        let output = command
            .current_dir(program.parent().expect("a program is in a folder"))
            .stdin(Stdio::null())
            .output()
            .expect("the command starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        let banner = errors.lines().find(|line| line.starts_with("**")).unwrap_or_default();
        // Some of Elixir's messages end in spaces, which no record keeps.
        let banner = without_pids(banner).trim_end().to_owned();
        Ended { status: output.status.code(), output: output.stdout, banner }
    }

    /// What differs from the record.
    pub(crate) fn differences(&self, program: &Path) -> Vec<String> {
        let mut wrong = Vec::new();
        let expected = fs::read(program.with_extension("out")).expect("the recorded output can be read");
        if self.output != expected {
            let (output, expected) =
                (String::from_utf8_lossy(&self.output), String::from_utf8_lossy(&expected));
            let line = output.lines().zip(expected.lines()).position(|(a, b)| a != b);
            wrong.push(format!(
                "{}: differs from line {:?} on",
                program.display(),
                line.map(|line| line + 1)
            ));
        }
        let recorded = fs::read_to_string(program.with_extension("err")).unwrap_or_default();
        let wanted = |name: &str| {
            recorded.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).unwrap_or_default()
        };
        if !recorded.is_empty() {
            let found = (self.status.unwrap_or(-1).to_string(), self.banner.clone());
            let expected = (wanted("exit:").to_owned(), wanted("stderr:").to_owned());
            if found != expected {
                wrong.push(format!("{}: ends with {found:?} and not {expected:?}", program.display()));
            }
        }
        wrong
    }
}

/// The name of a program in its folder.
pub(crate) fn name(program: &Path) -> &std::ffi::OsStr {
    program.file_name().expect("a program has a name")
}

fn without_pids(line: &str) -> String {
    let mut parts = line.split("#PID<");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("#PID<_");
        text.push_str(part.find('>').and_then(|end| part.get(end..)).unwrap_or_default());
    }
    text
}
