//! `rashomon check` and `rashomon outcomes` as people use them.

use std::process::{Command, Output};

fn rashomon(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rashomon"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the command runs")
}

/// The exit status, standard output and standard error.
fn told(arguments: &[&str]) -> (i32, String, String) {
    let output = rashomon(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn outcomes_are_listed() {
    let (status, list, _) = told(&["outcomes", "examples/race.exs"]);
    assert_eq!(status, 0);
    assert!(list.contains("2 outcomes: every ordering was covered"), "{list}");
    assert!(list.contains("the counter says 1") && list.contains("the counter says 2"), "{list}");
}

#[test]
fn outcomes_are_listed_for_programs() {
    let (status, list, _) = told(&["outcomes", "examples/race.exs", "--format", "json"]);
    assert_eq!(status, 0);
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    assert_eq!(list["schema"], "rashomon-outcomes-1");
    assert_eq!(list["complete"], true);
    assert_eq!(list["outcomes"].as_array().map(Vec::len), Some(2));
    assert!(list["outcomes"][0]["token"].as_str().is_some_and(|token| token.starts_with("rsh1.")));
}

#[test]
fn a_list_that_is_not_complete_says_so() {
    let (status, list, _) = told(&["outcomes", "tests/elixir/post/naive.exs", "--max-states", "50"]);
    assert_eq!(status, 3);
    assert!(list.contains("perhaps not all: there are more than 50 states"), "{list}");
}

#[test]
fn claims_hold_or_are_violated() {
    let post = "tests/elixir/post/notices.exs";
    let (status, text, _) = told(&["check", post, "--claim", "count(output(~r/received/)) == 10"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("holds     count(output(~r/received/)) == 10"), "{text}");
    assert!(text.contains("Every ordering was covered"), "{text}");

    let (status, text, _) =
        told(&["check", "examples/race.exs", "--claim", "eventually output(\"the counter says 2\")"]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("violated  eventually"), "{text}");
    assert!(text.contains("rsh1."), "there is a token: {text}");
    assert!(text.contains("main"), "there is a picture: {text}");

    let (status, text, _) = told(&[
        "check",
        "examples/race.exs",
        "--claim",
        "never output(\"the counter says 7\")",
        "--format",
        "json",
    ]);
    assert_eq!(status, 0);
    let report: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let verdicts: Vec<&str> = report["properties"]
        .as_array()
        .expect("there are some")
        .iter()
        .filter_map(|property| property["verdict"].as_str())
        .collect();
    assert_eq!(verdicts, ["holds", "holds", "holds", "holds"]);
}

#[test]
fn a_claim_about_nothing_says_so() {
    let claim = "received(:nobody, {:a, _}) always before received(:nobody, {:b, _})";
    let (status, text, _) = told(&["check", "examples/race.exs", "--claim", claim]);
    assert_eq!(status, 0);
    assert!(text.contains("note: received(:nobody, {:b, _}) never happens"), "{text}");
}

#[test]
fn what_is_no_claim_is_refused_with_its_place() {
    for (claim, wrong, marked) in [
        ("nevr output(\"x\")", "there is no event nevr", "^^^^"),
        ("never recieved(_, _)", "did you mean received?", "^^^^^^^^"),
        ("never output(\"x\") and", "expected a claim or an event", "^"),
        ("count(output(\"x\")) = 3", "expected one of == != < <= > >=", "^"),
        ("never output(~r/(/)", "", "^"),
        ("never received(Foo.bar/1, _)", "the program has no function Foo.bar/1", "^"),
        ("never received(who, _)", "nobody is meant by this", "^^^"),
        ("never received(_, f(x))", "this cannot stand in the pattern of a claim", "^"),
        ("never received(_, x when y > 1)", "y is bound nowhere in the pattern", "^"),
        ("not no early exit and never halted()", "has to stand alone", "^"),
        ("never output(\"x\"", "is never closed", "^"),
    ] {
        let (status, _, error) = told(&["check", "examples/race.exs", "--claim", claim]);
        assert_eq!(status, 2, "{claim}: {error}");
        assert!(error.contains(wrong) && error.contains(marked), "{claim}: {error}");
    }
}

#[test]
fn the_ground_of_a_claim_is_told() {
    let text = "me = self()\nspawn(fn -> Process.sleep(10)\n send(me, :late) end)\nProcess.sleep(20)\n        receive do :late -> IO.puts(\"in time\") after 0 -> IO.puts(\"too late\") end\n";
    let path = std::env::temp_dir().join(format!("rashomon-sleep-{}.exs", std::process::id()));
    std::fs::write(&path, text).expect("there is room");
    let file = path.display().to_string();
    let usual = ["--without", "no deadlock", "--without", "no crash", "--without", "no early exit"];
    let mut arguments = vec!["check", &file, "--assumptions", "--claim", "never output(\"too late\")"];
    arguments.extend(usual);
    let (status, text, error) = told(&arguments);
    std::fs::remove_file(&path).expect("it can be removed");
    assert_eq!(status, 1, "{error}");
    for row in ["halt, instant", "halt, ordered", "no halt, instant", "no halt, ordered"] {
        let line = format!("  {row:<22} holds      violated");
        assert!(text.contains(&line), "{line}\n{text}");
    }
}

#[test]
fn scenarios_are_as_expected() {
    let (status, text, error) = told(&["check", "scenarios/lost_update", "scenarios/poll/racy.toml"]);
    assert_eq!(status, 0, "{text}{error}");
    assert!(text.ends_with("6 expectations, 0 not met.\n"), "{text}");
}

#[test]
fn a_scenario_that_is_wrong_is_refused() {
    let folder = std::env::temp_dir().join(format!("rashomon-scenario-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room");
    let path = folder.join("a.toml");
    let given = path.display().to_string();
    let scenario = "title = \"a\"\nstory = \"b\"\nprogram = \"a.exs\"\n";
    for (text, wrong) in [
        (format!("{scenario}colour = 1\n"), "unknown field `colour`"),
        ("title = \"a\"\n".to_owned(), "missing field `story`"),
        (
            format!("{scenario}[[property]]\nname = \"n\"\nclaim = \"no crash\"\nexpect = \"maybe\"\n"),
            "unknown variant `maybe`",
        ),
        (
            format!(
                "{scenario}[[property]]\nname = \"n\"\nclaim = \"no crash\"\nexpect = \"holds\"\nunder = {{ \"slow\" = \"holds\" }}\n"
            ),
            "is no assumption",
        ),
        (scenario.to_owned(), "cannot read"),
    ] {
        std::fs::write(&path, text).expect("it can be written");
        let (status, _, error) = told(&["check", &given]);
        assert_eq!(status, 2, "{error}");
        assert!(error.contains(wrong), "{error}");
    }
    std::fs::write(folder.join("a.exs"), "IO.puts(1)\n").expect("it can be written");
    let expected = "[[property]]\nname = \"n\"\nclaim = \"no crash\"\nexpect = \"violated\"\n";
    std::fs::write(&path, format!("{scenario}{expected}")).expect("it can be written");
    let (status, text, _) = told(&["check", &given]);
    assert_eq!(status, 1);
    assert!(text.contains("expected violated"), "{text}");
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}

#[test]
fn readme_shows_the_outcomes_as_they_are_listed() {
    let (_, list, _) = told(&["outcomes", "examples/race.exs"]);
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("it is there");
    assert!(readme.contains(&list), "README.md does not show this:\n{list}");
}
