//! The commands that write files and texts for others: `rashomon new`, `schema`, `completions`, `man`.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use std::fs;
use std::path::{Path, PathBuf};

use command::rashomon_in;
use serde_json::Value;

/// A fresh folder in the one that Cargo gives to tests.
fn fresh(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _absent = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder of tests can be written to");
    folder
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_new_scenario_has_a_race_and_is_as_expected() {
    let folder = fresh("new");
    let (status, text, error) = rashomon_in(&folder, &["new", "tickets"]);
    assert_eq!((status, error.as_str()), (0, ""));
    snapshot("new", &text);
    let (status, text, error) = rashomon_in(&folder, &["check", "tickets"]);
    assert_eq!(status, 0, "{text}{error}");
    assert!(text.starts_with("tickets\n"), "{text}");
    assert!(text.ends_with("5 expectations, 0 not met.\n"), "{text}");
    assert!(text.contains("violated  racy: no ticket is sold twice (patient, halt, instant)"), "{text}");
    let (status, text, _) = rashomon_in(&folder, &["outcomes", "tickets/racy.exs"]);
    assert_eq!(status, 0);
    assert!(text.contains("tickets sold: 1\n") && text.contains("tickets sold: 2\n"), "{text}");
    let (_, text, _) = rashomon_in(&folder, &["run", "tickets/racy.exs", "--seed", "0"]);
    assert_eq!(text, "tickets sold: 2\n", "the seed in the manifest shows what it says");
    assert_conforms(&schema(), &manifest(&folder.join("tickets/racy.toml")), "tickets/racy.toml");
}

#[test]
fn a_new_scenario_overwrites_nothing() {
    let folder = fresh("new_twice");
    fs::create_dir(folder.join("taken")).expect("it can be made");
    fs::write(folder.join("file"), "mine").expect("it can be written");
    for name in ["taken", "file"] {
        let (status, text, error) = rashomon_in(&folder, &["new", name]);
        assert_eq!((status, text.as_str()), (2, ""));
        assert_eq!(
            error,
            format!("error: {name} exists already, and is left as it is: choose another name\n")
        );
    }
    assert_eq!(fs::read_dir(folder.join("taken")).expect("it is there").count(), 0);
    assert_eq!(fs::read_to_string(folder.join("file")).expect("it is there"), "mine");
}

#[test]
fn a_new_scenario_may_be_deep_down_and_have_an_odd_name() {
    let folder = fresh("new_deep");
    let (status, text, error) = rashomon_in(&folder, &["new", "a/b/the \"last\" \\ ticket", "--quiet"]);
    assert_eq!((status, text.as_str(), error.as_str()), (0, "", ""));
    let (status, text, error) = rashomon_in(&folder, &["check", "a"]);
    assert_eq!(status, 0, "{error}");
    assert!(text.starts_with("a/b/the \"last\" \\ ticket\n"), "{text}");
    for name in ["..", "/"] {
        let (status, _, error) = rashomon_in(&folder, &["new", name]);
        assert_eq!(status, 2, "{error}");
        assert!(error.contains("is no name for a folder"), "{error}");
    }
}

fn schema() -> Value {
    let (status, text, error) = rashomon_in(project(), &["schema"]);
    assert_eq!((status, error.as_str()), (0, ""));
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn the_schema_that_is_checked_in_is_that_of_the_command() {
    let (_, text, _) = rashomon_in(project(), &["schema"]);
    let checked_in = fs::read_to_string(project().join("scenarios/manifest.schema.json")).unwrap_or_default();
    assert!(
        text == checked_in.replace("\r\n", "\n"),
        "make it anew: rashomon schema > scenarios/manifest.schema.json\n{text}"
    );
}

fn manifest(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("it can be read");
    toml::from_str(&text).expect("it is TOML")
}

/// What the schema says of the keys of a value and of their types, and of words that are one of several.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect("what is referred to is there");
        return faults(root, target, value, at, found);
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(options) = schema[several].as_array() {
            let fits = options.iter().any(|option| {
                let mut wrong = Vec::new();
                faults(root, option, value, at, &mut wrong);
                wrong.is_empty()
            });
            if !fits {
                found.push(format!("{at}: {value} is none of {options:?}"));
            }
        }
    }
    if let Some(constant) = schema.get("const")
        && constant != value
    {
        found.push(format!("{at}: {value} is not {constant}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        Value::String(name) => vec![name],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.is_empty() && !types.contains(&is) {
        found.push(format!("{at}: {value} is not of {types:?}"));
    }
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            faults(root, &schema["items"], item, &format!("{at}[{index}]"), found);
        }
    }
    if let Value::Object(fields) = value {
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(required) {
                found.push(format!("{at}: {required} is missing"));
            }
        }
        for (key, field) in fields {
            match (schema["properties"].get(key), &schema["additionalProperties"]) {
                (Some(known), _) => faults(root, known, field, &format!("{at}.{key}"), found),
                (None, Value::Bool(false)) => found.push(format!("{at}: there is no {key}")),
                (None, any) => faults(root, any, field, &format!("{at}.{key}"), found),
            }
        }
    }
}

fn assert_conforms(schema: &Value, value: &Value, name: &str) {
    let mut found = Vec::new();
    faults(schema, schema, value, name, &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_scenarios_conform_to_the_schema() {
    let schema = schema();
    let mut count = 0;
    for folder in fs::read_dir(project().join("scenarios")).expect("they are there") {
        let folder = folder.expect("it can be listed").path();
        for file in fs::read_dir(&folder).into_iter().flatten() {
            let path = file.expect("it can be listed").path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                assert_conforms(&schema, &manifest(&path), &path.display().to_string());
                count += 1;
            }
        }
    }
    assert!(count > 30, "{count}");
}

/// What the command refuses, the schema refuses.
#[test]
fn the_schema_notices_what_is_wrong() {
    let schema = schema();
    let scenario = "title = \"a\"\nstory = \"b\"\nprogram = \"a.exs\"\n";
    for (more, wrong) in [
        ("colour = 1\n", "there is no colour"),
        ("[run]\nclock = \"slow\"\n", "is none of"),
        ("[[property]]\nname = \"n\"\nclaim = \"c\"\n", "expect is missing"),
        ("[[property]]\nname = \"n\"\nclaim = \"c\"\nexpect = \"maybe\"\n", "is none of"),
        ("[[seed]]\nseed = \"one\"\nshows = \"s\"\n", "is not of"),
    ] {
        let value: Value = toml::from_str(&format!("{scenario}{more}")).expect("it is TOML");
        let mut found = Vec::new();
        faults(&schema, &schema, &value, "it", &mut found);
        assert!(found.iter().any(|fault| fault.contains(wrong)), "{more}: {found:?}");
    }
}

#[test]
fn shells_are_told_all_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (status, text, error) = rashomon_in(project(), &["completions", shell]);
        assert_eq!((status, error.as_str()), (0, ""));
        for command in ["check", "outcomes", "replay", "run", "step", "sweep", "--delivery"] {
            assert!(text.contains(command.trim_start_matches('-')), "{shell}: {command}");
        }
    }
    let (status, _, error) = rashomon_in(project(), &["completions", "cobra"]);
    assert_eq!(status, 2);
    assert!(error.contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{error}");
}

#[test]
fn there_is_a_page_for_each_command() {
    let folder = fresh("man");
    let (status, text, error) = rashomon_in(&folder, &["man", "pages/man1"]);
    assert_eq!((status, error.as_str()), (0, ""));
    let (_, help, _) = rashomon_in(&folder, &["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next()
        })
        .filter(|word| *word != "help")
        .collect();
    assert!(commands.len() >= 10, "{commands:?}");
    for command in &commands {
        let page =
            fs::read_to_string(folder.join(format!("pages/man1/rashomon-{command}.1"))).expect("it is there");
        assert!(
            page.contains(".SH SYNOPSIS") && page.contains("Exit status") || page.contains("Example"),
            "{page}"
        );
    }
    assert_eq!(text.lines().count(), commands.len() + 1);
    assert!(folder.join("pages/man1/rashomon.1").exists());
    let page = fs::read_to_string(folder.join("pages/man1/rashomon-new.1")).expect("it is there");
    snapshot("man_new", &page.replace(env!("CARGO_PKG_VERSION"), "VERSION"));

    fs::write(folder.join("file"), "").expect("it can be written");
    let (status, _, error) = rashomon_in(&folder, &["man", "file"]);
    assert_eq!(status, 2);
    assert!(error.starts_with("error: cannot make file"), "{error}");
}
