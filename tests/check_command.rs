//! `rashomon check` and `rashomon outcomes` as people use them.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use command::{command, output, rashomon, told};

#[test]
fn outcomes_are_listed() {
    let (status, list, _) = rashomon(&["outcomes", "examples/race.exs"]);
    assert_eq!(status, 0);
    assert!(list.contains("2 outcomes: every ordering was covered"), "{list}");
    assert!(list.contains("the counter says 1") && list.contains("the counter says 2"), "{list}");
}

#[test]
fn outcomes_are_listed_for_programs() {
    let (status, list, _) = rashomon(&["outcomes", "examples/race.exs", "--format", "json"]);
    assert_eq!(status, 0);
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    assert_eq!(list["schema"], "rashomon-outcomes-1");
    assert_eq!(list["complete"], true);
    assert_eq!(list["outcomes"].as_array().map(Vec::len), Some(2));
    assert!(list["outcomes"][0]["token"].as_str().is_some_and(|token| token.starts_with("rsh1.")));
}

#[test]
fn a_list_that_is_not_complete_says_so() {
    let (status, list, _) = rashomon(&["outcomes", "tests/elixir/post/naive.exs", "--max-states", "50"]);
    assert_eq!(status, 3);
    assert!(list.contains("perhaps not all: there are more than 50 states"), "{list}");
}

#[test]
fn claims_hold_or_are_violated() {
    let post = "tests/elixir/post/notices.exs";
    let (status, text, _) = rashomon(&["check", post, "--claim", "count(output(~r/received/)) == 10"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("holds     count(output(~r/received/)) == 10"), "{text}");
    assert!(text.contains("Every ordering was covered"), "{text}");

    let (status, text, _) =
        rashomon(&["check", "examples/race.exs", "--claim", "eventually output(\"the counter says 2\")"]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("violated  eventually"), "{text}");
    assert!(text.contains("rsh1."), "there is a token: {text}");
    assert!(text.contains("main"), "there is a picture: {text}");

    let (status, text, _) = rashomon(&[
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
    let (status, text, _) = rashomon(&["check", "examples/race.exs", "--claim", claim]);
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
        ("never received(42, _)", "nobody is meant by this", "^^"),
        ("never received(who, _)", "the program has no variable who", "^^^^^^^^^^^^^^^^"),
        ("never received(_, f(x))", "this cannot stand in the pattern of a claim", "^"),
        ("never received(_, x when y > 1)", "y is bound nowhere in the pattern", "^"),
        ("never output(\"x\"", "is never closed", "^"),
    ] {
        let (status, _, error) = rashomon(&["check", "examples/race.exs", "--claim", claim]);
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
    let (status, text, error) = rashomon(&arguments);
    std::fs::remove_file(&path).expect("it can be removed");
    assert_eq!(status, 1, "{error}");
    for row in ["halt, instant", "halt, ordered", "no halt, instant", "no halt, ordered"] {
        let line = format!("  {row:<22} holds      violated");
        assert!(text.contains(&line), "{line}\n{text}");
    }
}

#[test]
fn scenarios_are_as_expected() {
    let (status, text, error) = rashomon(&["check", "scenarios/lost_update", "scenarios/poll/racy.toml"]);
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
        let (status, _, error) = rashomon(&["check", &given]);
        assert_eq!(status, 2, "{error}");
        assert!(error.contains(wrong), "{error}");
    }
    std::fs::write(folder.join("a.exs"), "IO.puts(1)\n").expect("it can be written");
    let expected = "[[property]]\nname = \"n\"\nclaim = \"no crash\"\nexpect = \"violated\"\n";
    std::fs::write(&path, format!("{scenario}{expected}")).expect("it can be written");
    let (status, text, _) = rashomon(&["check", &given]);
    assert_eq!(status, 1);
    assert!(text.contains("NOT MET: a: n (patient, halt, instant): holds, expected: violated"), "{text}");
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}

#[test]
fn readme_shows_the_outcomes_as_they_are_listed() {
    let (_, list, _) = rashomon(&["outcomes", "examples/race.exs"]);
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("it is there");
    assert!(readme.contains(&list), "README.md does not show this:\n{list}");
    let (_, list, _) = rashomon(&["races", "examples/race.exs"]);
    let harmful = &list[list.find("2. harmful").expect("the second is")..];
    assert!(readme.contains(harmful), "README.md does not show this:\n{harmful}");
}

#[test]
fn outcomes_are_told_with_their_odds() {
    let (status, list, _) = rashomon(&["outcomes", "examples/race.exs", "--format", "json"]);
    assert_eq!(status, 0);
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    let fraction = |at: usize| list["outcomes"][at]["odds"]["fraction"].as_str().map(str::to_owned);
    assert_eq!([fraction(0).as_deref(), fraction(1).as_deref()], [Some("7/8"), Some("1/8")]);
    assert_eq!(list["outcomes"][1]["odds"]["runs_for_95_percent"], 23);

    // Counted, where there are too many states.
    let counted = [
        "outcomes",
        "examples/race.exs",
        "--exact-odds-up-to",
        "3",
        "--odds-runs",
        "200",
        "--format",
        "json",
    ];
    let (_, list, _) = rashomon(&counted);
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    assert!(list["outcomes"][0]["odds"]["fraction"].is_null());
    let (low, high) =
        (&list["outcomes"][0]["odds"]["interval"][0], &list["outcomes"][0]["odds"]["interval"][1]);
    assert!(low.as_f64() < Some(0.875) && high.as_f64() > Some(0.875), "{list}");

    let (_, list, _) = rashomon(&["outcomes", "examples/race.exs", "--no-odds"]);
    assert!(!list.contains('%'), "{list}");
}

#[test]
fn races_are_listed() {
    let (status, list, _) = rashomon(&["races", "examples/race.exs"]);
    assert_eq!(status, 1, "{list}");
    assert!(list.contains("2 races, 1 harmful: every ordering was covered"), "{list}");
    assert!(
        list.contains(
            "if it is first, this can come out, and otherwise not: halted\n       the counter says 2"
        ),
        "{list}"
    );

    let (status, list, _) = rashomon(&["races", "tests/elixir/post/notices.exs", "--format", "json"]);
    assert_eq!(status, 0, "{list}");
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    assert_eq!((&list["schema"], &list["complete"]), (&"rashomon-races-1".into(), &true.into()));
    assert_eq!(list["races"][0]["harmful"], false);
}

#[test]
fn a_run_is_explained() {
    let claim = "eventually output(\"the counter says 2\")";
    let (status, story, _) = rashomon(&["explain", "examples/race.exs", "--seed", "1", "--claim", claim]);
    assert_eq!(status, 1, "{story}");
    assert!(story.contains("Broken: eventually output(\"the counter says 2\")\n  output(\"the counter says 2\") does not happen\n  Decided at step "), "{story}");
    assert!(
        story.contains(
            "It came before this, and nothing orders the two: #PID<0.3.0> sends #PID<0.2.0> {:set, 1}"
        ),
        "{story}"
    );

    // What is broken has a token, which is explained likewise; and the token of the run that keeps it keeps it.
    let token = |story: &str, before: &str| {
        let at = story.find(before).expect("there is a token") + before.len();
        story[at..].split_whitespace().next().expect("a word").to_owned()
    };
    let (broken, kept) = (token(&story, "Replay: "), token(&story, "Kept by: "));
    let explain =
        |token: &str| rashomon(&["explain", "examples/race.exs", "--token", token, "--claim", claim]);
    assert_eq!(explain(&broken).1, story);
    let (status, story, _) = explain(&kept);
    assert_eq!(status, 0, "{story}");
    assert!(story.contains("It breaks none of the claims."), "{story}");

    let (status, _, error) = rashomon(&["explain", "examples/race.exs", "--token", "rsh1.nonsense"]);
    assert_eq!(status, 2);
    assert!(error.contains("token"), "{error}");
    let (status, _, error) = rashomon(&["explain", "examples/race.exs"]);
    assert_eq!(status, 2);
    assert!(error.contains("--seed"), "{error}");
}

#[test]
fn claims_of_an_early_exit_can_be_put_together() {
    let claim = "not no early exit or never output(_, ~r/x/)";
    let (status, text, _) = rashomon(&[
        "check",
        "tests/elixir/post/notices.exs",
        "--claim",
        claim,
        "--claim",
        "not no early exit",
    ]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains(&format!("holds     {claim}")), "{text}");
    assert!(
        text.contains("violated  not no early exit") && text.contains("Every ordering breaks it."),
        "{text}"
    );
}

#[test]
fn each_test_is_run_under_every_ordering() {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/every_ordering_test.exs");
    let text = "defmodule OrderTest do
  use ExUnit.Case

  test \"the first is \\\"one\\\"\" do
    me = self()
    for word <- [:one, :two], do: spawn(fn -> send(me, word) end)
    assert receive(do: (word -> word)) == :one
  end

  test \"an agent counts\" do
    {:ok, agent} = Agent.start_link(fn -> 0 end)
    Agent.update(agent, &(&1 + 1))
    assert Agent.get(agent, & &1) == 1
  end

  @tag :skip
  test \"not this one\" do
    flunk(\"never\")
  end
end
";
    std::fs::write(path, text).expect("it is written");
    let (status, text, error) = rashomon(&["test", path, "--every-ordering"]);
    assert_eq!(status, 2, "{text}{error}");
    assert!(text.starts_with("fails    test the first is \"one\" ("), "{text}");
    assert!(text.contains("left:  :two") && text.contains("\npasses   test an agent counts ("), "{text}");
    assert!(text.contains("2 tests, 1 that fail under some ordering (instant delivery"), "{text}");

    let token = text.split_whitespace().find(|word| word.starts_with("rsh1.")).expect("there is a token");
    let (status, run, error) = rashomon(&["test", path, "--token", token]);
    assert_eq!(status, 0, "{error}");
    assert!(run.contains("takes :two") && run.contains("1 failure"), "{run}");

    let (status, text, _) = rashomon(&["test", path, "--every-ordering", "--exclude", "test"]);
    assert_eq!((status, text.as_str()), (2, ""));
    let other = "rsh1.tNbhjqeuiaBXAAAAAYDC1y_AhD3AhD2AgIztsrqCOPfirRoYDAEYECAUABwBCBgUACQAECAIIAgUAAwBqfjvBw";
    let (status, _, error) = rashomon(&["test", path, "--token", other]);
    assert_eq!(status, 2);
    assert!(error.contains("none of these tests"), "{error}");
    let (status, text, _) = rashomon(&["test", path, "--every-ordering", "--max-states", "5"]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("bounded  test an agent counts"), "{text}");
}

/// The variable that gets the pid at the place of spawn says who is meant.
#[test]
fn a_variable_tells_who_is_meant() {
    let program = "me = self()\n\
        server = spawn(fn -> receive do {:ping, from} -> send(from, :pong) end end)\n\
        clients = for _ <- 1..2, do: spawn(fn -> send(server, {:ping, me}) end)\n\
        receive do :pong -> IO.puts(length(clients)) end\n\
        {:ok, counter} = Agent.start_link(fn -> 0 end)\n\
        Agent.stop(counter)\n";
    for (claim, holds) in [
        ("count(received(server, {:ping, _})) == 1", true),
        ("count(sent(clients, {:ping, _})) == 2", false),
        ("count(sent(clients, {:ping, _})) <= 2 and eventually sent(clients, _)", true),
        ("sent(clients, _) always before received(server, _)", true),
        ("all sent(clients, _) before any sent(server, _)", false),
        ("eventually exited(counter, :normal)", true),
        ("never received(main, _)", false),
        ("never received(me, _)", true),
    ] {
        let arguments = ["check", "-", "--no-odds", "--claim", claim];
        let (status, text, error) = told(&output(command(&arguments), program));
        assert_eq!(status, i32::from(!holds), "{claim}: {text}{error}");
    }
}
