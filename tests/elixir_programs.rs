//! Elixir programs do what real Elixir does: each program in `tests/elixir` has what Elixir 1.14 printed beside it.
//!
//! `NAME.out` is standard output, byte for byte. `NAME.err`, where it is there, has the exit status and the first line of
//! standard error that begins with `**`, with pids as `#PID<_>`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn programs(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            programs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "exs")
            && path.with_extension("out").exists()
        {
            found.push(path);
        }
    }
}

/// Exit status, standard output, and the first line of standard error that names what ended the program.
fn run(program: &Path) -> (Option<i32>, Vec<u8>, String) {
    let folder = program.parent().expect("a program is in a folder");
    let name = program.file_name().expect("a program has a name");
    let output = Command::new(env!("CARGO_BIN_EXE_rashomon"))
        .arg("run")
        .arg(name)
        .args(["--seed", "0"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    let banner = errors.lines().find(|line| line.starts_with("**")).unwrap_or_default();
    (output.status.code(), output.stdout, without_pids(banner))
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

#[test]
fn each_program_prints_what_real_elixir_prints() {
    let mut all = Vec::new();
    programs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/elixir"), &mut all);
    assert!(all.len() > 10, "there are programs");
    let mut wrong = Vec::new();
    for program in &all {
        let (status, output, banner) = run(program);
        let expected = fs::read(program.with_extension("out")).expect("the recorded output can be read");
        if output != expected {
            let (output, expected) = (String::from_utf8_lossy(&output), String::from_utf8_lossy(&expected));
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
            // Some of Elixir's messages end in spaces, which no record keeps.
            let found = (status.unwrap_or(-1).to_string(), banner.trim_end().to_owned());
            let expected = (wanted("exit:").to_owned(), wanted("stderr:").to_owned());
            if found != expected {
                wrong.push(format!("{}: ends with {found:?} and not {expected:?}", program.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
