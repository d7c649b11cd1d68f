//! `rashomon run`, `replay` and `sweep`: one ordering, that ordering again, and many of them.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use command::{command, output, rashomon, told};

/// A path in the folder that Cargo gives to tests.
fn place(name: &str) -> String {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).display().to_string()
}

fn file(name: &str, text: &str) -> String {
    let path = place(name);
    fs::write(&path, text).expect("the folder of tests can be written to");
    path
}

/// The tokens in a text, in its order.
fn tokens(text: &str) -> Vec<String> {
    text.split_whitespace().filter(|word| word.starts_with("rsh1.")).map(ToOwned::to_owned).collect()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

const RACE: &str = "examples/race.exs";

/// A process that prints and crashes, a link that tells, a timer, a named process, and a message to the dead.
const ODDS: &str = r#"Process.flag(:trap_exit, true)
Process.register(self(), :boss)
child = spawn_link(fn ->
  receive do
    {:say, text} -> IO.puts(text)
  end
  exit({:shutdown, "a; b # c"})
end)
send(child, {:say, "%%{init}%% <b>"})
receive do
  {:EXIT, ^child, reason} -> IO.inspect(reason)
end
send(child, :anybody?)
Process.send_after(:boss, :ring, 1500)
receive do: (:ring -> IO.puts(:stderr, "done"))
"#;

#[test]
fn every_strategy_runs_a_program() {
    for (options, how) in [
        (&["--strategy", "random"][..], "random, seed 5"),
        (&["--strategy", "pct"], "PCT of depth 3, seed 5"),
        (&["--strategy", "pct", "--depth", "2"], "PCT of depth 2, seed 5"),
        (&["--strategy", "urw"], "URW, seed 5"),
    ] {
        let trace = place("strategy.json");
        let arguments = [&["run", RACE, "--seed", "5", "--trace", &trace], options].concat();
        let (status, text, error) = rashomon(&arguments);
        assert_eq!((status, error.as_str()), (0, ""), "{options:?}");
        assert!(text.starts_with("the counter says "), "{options:?}: {text}");
        let trace = fs::read_to_string(&trace).expect("it was written");
        let trace: serde_json::Value = serde_json::from_str(&trace).expect("it is JSON");
        assert_eq!(trace["strategy"], how);
    }
}

/// Everybody in turn knows no chance: there is no seed to tell, and none to give.
#[test]
fn round_robin_has_no_seed() {
    let (status, text, error) = rashomon(&["run", RACE, "--strategy", "round-robin"]);
    assert_eq!((status, text.as_str(), error.as_str()), (0, "the counter says 1\n", ""));
    let (status, _, error) = rashomon(&["run", RACE, "--strategy", "round-robin", "--seed", "1"]);
    assert_eq!(status, 2);
    assert!(error.contains("--seed has no say under --strategy round-robin"), "{error}");
}

#[test]
fn a_depth_belongs_to_pct() {
    let (status, _, error) = rashomon(&["run", RACE, "--depth", "2"]);
    assert_eq!(status, 2);
    assert!(error.contains("--depth belongs to --strategy pct"), "{error}");
    let (status, _, error) = rashomon(&["run", RACE, "--strategy", "pct", "--depth", "0"]);
    assert_eq!(status, 2);
    assert!(error.contains("0 is not in 1..=1000"), "{error}");
}

#[test]
fn a_run_that_waits_for_ever_says_under_which_strategy() {
    let program = file("waits.exs", "receive do: (:never -> :ok)\n");
    let (status, _, error) = rashomon(&["run", &program, "--strategy", "urw", "--seed", "3"]);
    assert_eq!(status, 3);
    assert!(error.contains("(URW, seed 3)"), "{error}");
}

#[test]
fn a_trace_is_written_in_three_forms() {
    let program = file("odds.exs", ODDS);
    let mut written = Vec::new();
    for name in ["odds.json", "odds.txt", "odds.mmd"] {
        let path = place(name);
        let (status, text, error) = rashomon(&["run", &program, "--seed", "1", "--trace", &path]);
        assert_eq!(status, 0, "{error}");
        assert_eq!(
            text, "%%{init}%% <b>\n{:shutdown, \"a; b # c\"}\n",
            "standard output is the program's own"
        );
        assert_eq!(error, "done\n");
        let trace = fs::read_to_string(&path).expect("it was written");
        // The folder of the tests is another one elsewhere.
        written.push(trace.replace(&program, "odds.exs"));
    }
    let json: serde_json::Value = serde_json::from_str(&written[0]).expect("it is JSON");
    assert_eq!(json["schema"], "rashomon/trace");
    assert_eq!(json["program"], "odds.exs");
    snapshot("run__trace_lanes", &written[1]);
    snapshot("run__trace_mermaid", &written[2]);
}

#[test]
fn what_is_still_on_its_way_is_drawn_when_it_arrives() {
    let program = file("ordered.exs", ODDS);
    let path = place("ordered.mmd");
    let options = ["--seed", "1", "--delivery", "ordered", "--clock", "hasty", "--trace", &path];
    let (status, _, error) = rashomon(&[&["run", program.as_str()], &options[..]].concat());
    assert_eq!(status, 0, "{error}");
    snapshot("run__trace_mermaid_ordered", &fs::read_to_string(&path).expect("it was written"));
}

#[test]
fn the_format_of_a_trace_can_be_given() {
    let path = place("trace.out");
    let (status, _, error) = rashomon(&["run", RACE, "--seed", "1", "--trace", &path]);
    assert_eq!(status, 2);
    assert!(error.contains("its ending does not say how to write the trace"), "{error}");
    let (status, _, _) =
        rashomon(&["run", RACE, "--seed", "1", "--trace", &path, "--trace-format", "mermaid"]);
    assert_eq!(status, 0);
    assert!(fs::read_to_string(&path).expect("it was written").starts_with("sequenceDiagram\n"));
}

#[test]
fn a_trace_that_cannot_be_written_is_told_before_the_program_runs() {
    for (file, wrong) in [
        ("-", "standard output belongs to the program"),
        ("no/such/folder/trace.json", "cannot write the trace to no/such/folder/trace.json"),
    ] {
        let (status, text, error) = rashomon(&["run", RACE, "--seed", "1", "--trace", file]);
        assert_eq!((status, text.as_str()), (2, ""));
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn tokens_of_outcomes_check_and_sweep_are_replayed() {
    let (_, outcomes, _) = rashomon(&["outcomes", RACE]);
    let (_, sweep, _) = rashomon(&["sweep", RACE, "--seeds", "0..100"]);
    for listed in [outcomes, sweep] {
        let tokens = tokens(&listed);
        assert_eq!(tokens.len(), 2, "{listed}");
        let mut said = Vec::new();
        for token in tokens {
            let (status, text, error) = rashomon(&["replay", &token, RACE]);
            assert_eq!((status, error.as_str()), (0, ""));
            let before = listed.split(&token).next().expect("it stands there");
            assert!(before.trim_end().ends_with(text.trim_end()), "{text} is not what {listed} says");
            said.push(text);
        }
        said.sort();
        assert_eq!(said, ["the counter says 1\n", "the counter says 2\n"]);
    }
    let claim = ["check", RACE, "--claim", "eventually output(\"the counter says 2\")"];
    let (_, checked, _) = rashomon(&claim);
    let token = tokens(&checked).remove(0);
    let (status, text, _) = rashomon(&["replay", &token, RACE]);
    assert_eq!((status, text.as_str()), (0, "the counter says 1\n"));
}

#[test]
fn a_token_may_come_from_standard_input_and_so_may_the_program() {
    let (_, outcomes, _) = rashomon(&["outcomes", RACE]);
    let token = tokens(&outcomes).remove(0);
    let (status, text, _) = told(&output(command(&["replay", "-", RACE]), &format!("{token}\n")));
    assert_eq!((status, text.as_str()), (0, "the counter says 1\n"));

    let program = "IO.puts(\"hello\")\n";
    let (_, outcomes, _) = told(&output(command(&["outcomes", "-"]), program));
    let token = tokens(&outcomes).remove(0);
    let (status, text, _) = told(&output(command(&["replay", &token, "-"]), program));
    assert_eq!((status, text.as_str()), (0, "hello\n"));

    let (status, _, error) = told(&output(command(&["replay", "-", "-"]), program));
    assert_eq!(status, 2);
    assert!(error.contains("cannot both come from standard input"), "{error}");
}

#[test]
fn a_replay_is_drawn_and_recorded() {
    let (_, outcomes, _) = rashomon(&["outcomes", RACE]);
    let token = tokens(&outcomes).remove(1);
    let path = place("replayed.txt");
    let (status, lanes, error) = rashomon(&["replay", &token, RACE, "--lanes", "--trace", &path]);
    assert_eq!((status, error.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(&path).expect("it was written"), lanes);
    snapshot("replay__lanes", &lanes);
}

#[test]
fn a_schedule_may_end_before_the_program_does() {
    let program = file(
        "early.exs",
        "main = self()\nspawn(fn -> send(main, :go) end)\nreceive do: (:go -> IO.puts(\"bad\"))\nIO.puts(\"more\")\n",
    );
    let (_, checked, _) = rashomon(&["check", &program, "--claim", "never output(\"bad\")"]);
    let token = tokens(&checked).remove(0);
    let (status, text, error) = rashomon(&["replay", &token, &program]);
    assert_eq!((status, text.as_str()), (0, "bad\n"));
    assert!(error.contains("The schedule ends here, after "), "{error}");
    let (_, _, error) = rashomon(&["replay", &token, &program, "--quiet"]);
    assert_eq!(error, "");
}

#[test]
fn a_replay_exits_as_the_run_did() {
    let crash = file("crash.exs", "IO.puts(\"before\")\nraise \"oh\"\n");
    let waits = file("waits_too.exs", "receive do: (:never -> :ok)\n");
    for (program, expected, wrong) in [(crash, 1, "(RuntimeError) oh"), (waits, 3, "deadlock")] {
        let (_, outcomes, _) = rashomon(&["outcomes", &program]);
        let (status, _, error) = rashomon(&["replay", &tokens(&outcomes).remove(0), &program]);
        assert_eq!(status, expected, "{error}");
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn a_token_that_does_not_fit_is_refused() {
    let (_, outcomes, _) = rashomon(&["outcomes", RACE]);
    let token = tokens(&outcomes).remove(0);
    let other = file("other.exs", "IO.puts(1)\n");
    for (token, program, wrong) in [
        (token.as_str(), other.as_str(), "belongs to another program"),
        (token.as_str(), "./examples/race.exs", "give them as they were given then"),
        (&token[..token.len() - 3], RACE, "this schedule token is damaged"),
        ("seven", RACE, "this is no schedule token"),
        (token.as_str(), "no_such.exs", "cannot read no_such.exs"),
    ] {
        let (status, text, error) = rashomon(&["replay", token, program]);
        assert_eq!((status, text.as_str()), (2, ""), "{error}");
        assert!(error.starts_with("error: ") && error.contains(wrong), "{error}");
    }
}

/// A token that was made by hand for this program, and whose schedule is another's.
#[test]
fn a_replay_that_diverges_says_where() {
    let (_, outcomes, _) = rashomon(&["outcomes", RACE]);
    let mut token: rashomon::Token = tokens(&outcomes)[0].parse().expect("it is one");
    let mut choices = token.schedule.choices().to_vec();
    choices.truncate(3);
    choices.push(rashomon::kernel::Choice::Run(rashomon::Pid::from_number(9)));
    token.schedule = choices.into();
    let (status, _, error) = rashomon(&["replay", &token.to_string(), RACE]);
    assert_eq!(status, 2);
    assert!(
        error.contains("the replay diverged: at step 3, it was expected that #PID<0.9.0> acts"),
        "{error}"
    );
    token.schedule = token.schedule.choices()[..3].to_vec().into();
    let (status, _, error) = rashomon(&["replay", &token.to_string(), RACE]);
    assert_eq!(status, 2);
    assert!(error.contains("other things happened"), "{error}");
}

#[test]
fn a_sweep_is_a_histogram() {
    let (status, text, error) = rashomon(&["sweep", RACE, "--seeds", "0..200"]);
    assert_eq!((status, error.as_str()), (0, ""));
    snapshot("sweep__race", &text);
    let readme = fs::read_to_string("README.md").expect("it is there");
    assert!(readme.contains(&text), "README.md does not show this:\n{text}");
}

#[test]
fn a_sweep_finds_the_outcomes_that_there_are() {
    let program = "scenarios/worker_pool/racy.exs";
    let (_, every, _) = rashomon(&["outcomes", program]);
    let (_, swept, _) = rashomon(&["sweep", program, "--seeds", "0..500", "--strategy", "urw"]);
    let count = |text: &str| -> usize {
        let last = text.lines().last().expect("there is one");
        last.split_whitespace().next().and_then(|word| word.parse().ok()).expect("it begins with a number")
    };
    assert!(count(&swept) <= count(&every), "{swept}\n{every}");
}

#[test]
fn what_a_sweep_says_does_not_depend_on_the_number_of_threads() {
    for strategy in ["random", "pct", "urw"] {
        let under = |threads: &str| {
            let options =
                ["--seeds", "7..307", "--strategy", strategy, "--threads", threads, "--format", "json"];
            let (status, text, error) =
                rashomon(&[&["sweep", "tests/elixir/post/naive.exs", "--no-halt"], &options[..]].concat());
            assert_eq!((status, error.as_str()), (0, ""));
            text
        };
        let one = under("1");
        assert_eq!(under("2"), one);
        assert_eq!(under("7"), one);
    }
}

#[test]
fn a_sweep_is_told_to_programs() {
    let options = ["--seeds", "0..200", "--format", "json", "--clock", "hasty"];
    let (status, text, _) = rashomon(&[&["sweep", RACE], &options[..]].concat());
    assert_eq!(status, 0);
    let list: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(list["schema"], "rashomon-sweep-1");
    assert_eq!(list["complete"], true);
    assert_eq!(list["runs"], 200);
    assert_eq!(list["strategy"], "random");
    assert_eq!(list["assumptions"]["clock"], "hasty");
    let outcomes = list["outcomes"].as_array().expect("it is a list");
    assert_eq!(outcomes.len(), 2);
    let runs: u64 = outcomes.iter().filter_map(|outcome| outcome["runs"].as_u64()).sum();
    assert_eq!(runs, 200);
    for outcome in outcomes {
        let seed = outcome["first_seed"].as_u64().expect("it has one").to_string();
        let (_, text, _) = rashomon(&["run", RACE, "--seed", &seed, "--clock", "hasty"]);
        assert_eq!(outcome["output"][0].as_str(), text.lines().next(), "the seed shows the outcome");
    }
}

#[test]
fn crashes_and_deadlocks_are_outcomes() {
    let program = file(
        "crashes.exs",
        "me = self()\nspawn(fn -> send(me, 1) end)\nspawn(fn -> send(me, 2) end)\n\
         receive do\n  1 -> raise \"one\"\n  2 -> receive do: (:never -> :ok)\nend\n",
    );
    let (status, text, _) = rashomon(&["sweep", &program, "--seeds", "0..100"]);
    assert_eq!(status, 0);
    let text = text.lines().filter(|line| !line.contains("rsh1.")).collect::<Vec<_>>().join("\n");
    snapshot("sweep__crashes", &text);
}

#[test]
fn structs_are_shown_as_structs() {
    let program = file(
        "structs.exs",
        "defmodule User do\n  defstruct [:name, age: 7]\nend\n\
         send(self(), [{:new, %User{name: \"Ada\"}}, %{a: %ArgumentError{message: \"no\"}}, 1..2])\n",
    );
    let path = place("structs.txt");
    let (status, _, error) = rashomon(&["run", &program, "--seed", "1", "--trace", &path]);
    assert_eq!(status, 0, "{error}");
    let lanes = fs::read_to_string(&path).expect("it was written");
    let message = "[{:new, %User{age: 7, name: \"Ada\"}}, %{a: %ArgumentError{message: \"no\"}}, 1..2]";
    assert!(lanes.contains(message), "{lanes}");
}

#[test]
fn only_the_most_frequent_outcomes_are_listed() {
    let program = file("many.exs", "IO.puts(Enum.random(1..1000))\n");
    let (status, text, _) = rashomon(&["sweep", &program, "--seeds", "0..50", "--top", "3"]);
    assert_eq!(status, 0);
    assert_eq!(tokens(&text).len(), 3);
    assert!(text.contains("more outcomes, in ") && text.contains("(--top lists more)"), "{text}");
}

#[test]
fn seeds_that_are_none_are_refused() {
    for (seeds, wrong) in [
        ("10", "expected two numbers with two dots between, such as 0..1000"),
        ("a..b", "expected two numbers"),
        ("5..5", "there is no seed from 5 up to, but not including, 5"),
        ("9..1", "there is no seed"),
        ("0..99999999999999999999", "expected two numbers"),
    ] {
        let (status, _, error) = rashomon(&["sweep", RACE, "--seeds", seeds]);
        assert_eq!(status, 2);
        assert!(error.contains(wrong), "{seeds}: {error}");
    }
    let (status, _, error) = rashomon(&["sweep", RACE, "--strategy", "round-robin"]);
    assert_eq!(status, 2);
    assert!(error.contains("every seed gives the same run"), "{error}");
    let (status, _, error) = rashomon(&["sweep", RACE, "--threads", "0"]);
    assert_eq!(status, 2);
    assert!(error.contains("0 is not in 1..=1024"), "{error}");
}

/// A process that is asked to stop before it listens ends without a word: then it is given more time.
#[cfg(unix)]
#[test]
fn an_interrupted_sweep_tells_what_it_knows() {
    for seconds in [1, 5, 20] {
        let child = Command::new(env!("CARGO_BIN_EXE_rashomon"))
            .args(["sweep", RACE, "--seeds", "0..10000000000"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let kill = format!("sleep {seconds}; kill -INT {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("there is a shell").success());
        let output = child.wait_with_output().expect("it ends");
        if output.status.code().is_none() {
            continue;
        }
        let (status, text, _) = told(&output);
        assert_eq!(status, 130);
        assert!(text.contains("first with seed 0: halted"), "{text}");
        assert!(
            text.contains("interrupted: ") && text.contains(" of the seeds 0..10000000000 were run"),
            "{text}"
        );
        return;
    }
    panic!("it never listens");
}

#[test]
fn steps_need_a_terminal() {
    let (status, text, error) = rashomon(&["step", RACE]);
    assert_eq!((status, text.as_str()), (2, ""));
    assert!(error.starts_with("error: step needs a terminal"), "{error}");
}

#[test]
fn help_shows_examples() {
    for command in ["run", "replay", "step", "sweep"] {
        let (status, text, _) = rashomon(&[command, "--help"]);
        assert_eq!(status, 0);
        assert!(text.contains(&format!("Examples:\n  rashomon {command} ")), "{text}");
        assert!(text.contains("Exit status: "), "{text}");
    }
}
