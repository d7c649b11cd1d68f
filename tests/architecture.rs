//! ARCHITECTURE.md states which folder may use which. Here that is held.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of `src`, and those that each may use besides itself.
const LAYERS: [(&str, &[&str]); 8] = [
    ("kernel", &[]),
    ("strategy", &["kernel"]),
    ("trace", &["kernel"]),
    ("native", &["kernel"]),
    ("elixir", &["kernel"]),
    ("explore", &["kernel", "strategy", "trace"]),
    ("scenario", &["kernel", "strategy", "elixir", "explore"]),
    // The command uses the library as anybody else does.
    ("cli", &[]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file: no comments, and nothing from its tests on. A file `tests.rs` is nothing but tests.
fn code(path: &Path) -> String {
    if path.file_name().is_some_and(|name| name == "tests.rs") {
        return String::new();
    }
    let text = fs::read_to_string(path).expect("the file can be read");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn arrows_run_downward_only() {
    let mut wrong = Vec::new();
    for (folder, below) in LAYERS {
        for path in sources(&src().join(folder)) {
            let code = code(&path);
            for (other, _) in LAYERS {
                if other != folder && !below.contains(&other) && code.contains(&format!("crate::{other}")) {
                    wrong.push(format!("{} uses {other}", path.display()));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_folder_is_a_layer() {
    let folders: Vec<String> = fs::read_dir(src())
        .expect("src is there")
        .filter_map(|entry| {
            let entry = entry.expect("it can be listed");
            entry.path().is_dir().then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .collect();
    for folder in &folders {
        assert!(LAYERS.iter().any(|(layer, _)| layer == folder), "{folder} is no layer of ARCHITECTURE.md");
    }
    assert_eq!(folders.len(), LAYERS.len());
}

/// What the kernel must not even mention, and why.
#[test]
fn the_kernel_is_pure() {
    let forbidden = BTreeMap::from([
        ("std::time", "it reads no clock"),
        ("std::thread", "it starts no thread"),
        ("std::io", "it does no I/O"),
        ("std::fs", "it does no I/O"),
        ("std::env", "it has no settings but those that it is given"),
        ("std::sync", "it shares nothing"),
        ("thread_local!", "it has no global state"),
        ("static ", "it has no global state"),
        ("rand", "it never chooses"),
        ("HashMap", "no order of its own may differ from run to run"),
        ("HashSet", "no order of its own may differ from run to run"),
        ("println!", "it never prints"),
    ]);
    let mut wrong = Vec::new();
    for path in sources(&src().join("kernel")) {
        let code = code(&path).replace("&'static ", "").replace("'static ", "");
        for (word, why) in &forbidden {
            if code.contains(word) {
                wrong.push(format!("{} mentions {word}, but {why}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_the_command_prints() {
    let mut wrong = Vec::new();
    for (folder, _) in LAYERS.iter().filter(|(folder, _)| *folder != "cli") {
        for path in sources(&src().join(folder)) {
            let code = code(&path);
            for word in ["println!", "eprintln!", "print!(", "std::io", "std::fs", "std::env"] {
                if code.contains(word) {
                    wrong.push(format!("{} mentions {word}", path.display()));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_document_names_every_layer() {
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md is there");
    for (folder, _) in LAYERS {
        assert!(document.contains(&format!("`{folder}`")), "ARCHITECTURE.md does not speak of {folder}");
    }
}
