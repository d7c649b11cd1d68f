//! Elixir programs on the command line: what goes where, how a run ends, and what stops a program that does not.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicU32, Ordering};

use command::{command, command_in, output};

/// A file in the folder that Cargo gives to tests.
fn file(text: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("command_{number}.exs"));
    fs::write(&path, text).expect("the folder of tests can be written to");
    path
}

fn rashomon(command: &str, text: &str, options: &[&str], input: &str) -> Output {
    let path = file(text);
    let name = path.file_name().and_then(|name| name.to_str()).expect("it has a name");
    let folder = path.parent().expect("it is in a folder");
    let arguments: Vec<&str> = [command, name].into_iter().chain(options.iter().copied()).collect();
    output(command_in(folder, &arguments), input)
}

fn run(text: &str, options: &[&str]) -> Output {
    rashomon("run", text, options, "")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn output_is_the_programs_own() {
    let output = run("IO.puts(\"hello\")\nIO.puts(:stderr, \"aside\")\n", &["--seed", "0"]);
    assert_eq!((out(&output).as_str(), err(&output).as_str()), ("hello\n", "aside\n"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn equal_seeds_give_equal_runs_and_other_seeds_others() {
    let race = "me = self()\nfor n <- 1..5, do: spawn(fn -> send(me, n) end)\n\
        IO.inspect(for _ <- 1..5, do: receive(do: (n -> n)))\n";
    let under = |seed: u32| out(&run(race, &["--seed", &seed.to_string()]));
    assert_eq!(under(3), under(3));
    assert!((0..20).map(under).collect::<std::collections::BTreeSet<_>>().len() > 3);
}

#[test]
fn a_seed_that_was_drawn_is_told_and_shows_the_same_run() {
    let race = "me = self()\nfor n <- 1..5, do: spawn(fn -> send(me, n) end)\n\
        IO.inspect(for _ <- 1..5, do: receive(do: (n -> n)))\n";
    let drawn = run(race, &[]);
    let told = err(&drawn);
    let seed = told.trim().strip_prefix("seed ").expect("the seed is told");
    assert_eq!(out(&run(race, &["--seed", seed])), out(&drawn));
    assert_eq!(err(&run(race, &["--seed", seed])), "", "a seed that was given is known");
    assert_eq!(err(&run(race, &["--quiet"])), "");
}

/// A folder with these files, in the one that Cargo gives to tests.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the folder of tests can be written to");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("the folder of tests can be written to");
    }
    folder
}

fn run_in(folder: &Path, file: &str) -> Output {
    output(command_in(folder, &["run", file, "--seed", "0"]), "")
}

#[test]
fn a_required_file_comes_once_and_before_those_that_require_it() {
    let require = |file: &str| format!("Code.require_file(\"{file}\", __DIR__)\n");
    let files = folder(
        "required",
        &[
            ("main.exs", &(require("left.exs") + &require("right.exs") + "IO.puts(\"main\")\n")),
            ("left.exs", &(require("base.exs") + "IO.puts(\"left\")\n")),
            ("right.exs", &(require("../required/base.exs") + "IO.puts(\"right\")\n")),
            ("base.exs", "IO.puts(\"base\")\n"),
        ],
    );
    let output = run_in(&files, "main.exs");
    assert_eq!((out(&output).as_str(), err(&output).as_str()), ("base\nleft\nright\nmain\n", ""));
}

/// Elixir itself waits for ever in such a circle. Here every file runs once, and a remark says what is odd.
#[test]
fn files_that_require_each_other_in_a_circle_are_told() {
    let require = |file: &str| format!("Code.require_file(\"{file}\", __DIR__)\nIO.puts(\"not {file}\")\n");
    let files = folder("circle", &[("a.exs", &require("b.exs")), ("b.exs", &require("a.exs"))]);
    let output = run_in(&files, "a.exs");
    assert_eq!(out(&output), "not a.exs\nnot b.exs\n");
    let remark =
        "warning: a.exs and b.exs require each other in a circle, in which elixir would wait for ever\n";
    assert_eq!(err(&output), remark);
    let files = folder("circle", &[("self.exs", &require("self.exs"))]);
    let output = run_in(&files, "self.exs");
    assert_eq!(out(&output), "not self.exs\n");
    assert_eq!(err(&output), "warning: self.exs requires itself, for which elixir would wait for ever\n");
}

#[test]
fn standard_input_is_read_line_by_line() {
    let text =
        "name = IO.gets(\"who? \")\nIO.puts(\"hi \" <> String.trim(name))\nIO.inspect(IO.gets(\"\"))\n";
    let output = rashomon("run", text, &[], "ada\n");
    assert_eq!(out(&output), "who? hi ada\n:eof\n");
}

#[test]
fn the_end_of_the_script_halts_the_others_unless_told_not_to() {
    let text = "spawn(fn ->\n  Process.sleep(10)\n  IO.puts(\"late\")\nend)\n";
    assert_eq!(out(&run(text, &[])), "");
    assert_eq!(out(&run(text, &["--no-halt"])), "late\n");
}

#[test]
fn exit_statuses_are_those_of_elixir() {
    for (text, status) in [
        ("exit(:normal)", 0),
        ("exit(:shutdown)", 0),
        ("exit({:shutdown, 5})", 5),
        ("exit(:other)", 1),
        ("raise \"no\"", 1),
        ("throw(:no)", 1),
        ("System.halt(4)", 4),
        ("this is no elixir )", 1),
    ] {
        assert_eq!(run(text, &[]).status.code(), Some(status), "{text}");
    }
}

#[test]
fn a_main_process_that_waits_for_ever_is_told() {
    let output = run("receive do\n  :never -> :ok\nend\n", &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("deadlock"), "{}", err(&output));
    assert!(err(&output).contains(":1"), "the place is told: {}", err(&output));
}

#[test]
fn programs_without_end_are_stopped_by_the_limit_that_they_reach() {
    let loops = |body: &str| format!("defmodule L do\n{body}\nend\n");
    for (text, options, limit) in [
        (loops("def go, do: go()") + "L.go()", vec!["--max-calls", "1000000"], "the limit of calls"),
        (
            loops("def go(n), do: 1 + go(n + 1)") + "L.go(0)",
            vec!["--max-memory", "30"],
            "the limit of memory",
        ),
        (
            loops("def go(list), do: go([1 | list])") + "L.go([])",
            vec!["--max-memory", "100"],
            "the limit of memory",
        ),
        (
            loops("def go do\nspawn(fn -> Process.sleep(:infinity) end)\ngo()\nend") + "L.go()",
            vec!["--max-processes", "1000"],
            "the limit of processes",
        ),
        (
            loops("def go do\nsend(self(), :more)\ngo()\nend") + "L.go()",
            vec!["--max-messages", "1000"],
            "the limit of unread messages",
        ),
        (
            loops("def go do\nsend(self(), :more)\nreceive do\n:more -> go()\nend\nend") + "L.go()",
            vec!["--max-steps", "1000"],
            "the limit of steps",
        ),
    ] {
        let output = run(&text, &options);
        assert_eq!(output.status.code(), Some(3), "{text}: {}", err(&output));
        assert!(err(&output).contains(limit), "{text}: {}", err(&output));
    }
}

#[test]
fn what_does_not_compile_is_shown_in_its_place() {
    let output = run("defmodule M do\n  def f(x) do\n    totl + x\n  end\nend\n", &[]);
    assert_eq!(output.status.code(), Some(1));
    let text = err(&output);
    assert!(text.contains(":3"), "{text}");
    assert!(text.contains("totl"), "{text}");
}

#[test]
fn what_rashomon_does_not_run_is_refused_before_the_run() {
    let text = "IO.puts(\"begun\")\nFile.write(\"a\", \"b\")\nf = &Node.monitor/2\n:gen_tcp.listen(80, [])\n";
    let output = run(text, &[]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(1), ""));
    for (place, call) in [(":2:", "File.write/2"), (":3:", "Node.monitor/2"), (":4:", ":gen_tcp.listen/2")] {
        let text = err(&output);
        assert!(
            text.contains(place) && text.contains(&format!("{call} is outside of what Rashomon runs")),
            "{text}"
        );
    }
    // A program may have a module with such a name itself.
    let own = "defmodule File do\n  def write(_, _), do: :mine\nend\nIO.inspect(File.write(1, 2))\n";
    let output = run(own, &[]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), ":mine\n"), "{}", err(&output));
}

#[test]
fn a_file_that_is_not_there_is_bad_usage() {
    let output = output(command(&["run", "no_such_file.exs"]), "");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("cannot read no_such_file.exs"), "{}", err(&output));
}

#[test]
fn tests_pass_or_fail_in_the_manner_of_exunit() {
    let text = |expected: u32| {
        format!(
            "defmodule SumTest do\n  use ExUnit.Case\n\n  test \"sums\" do\n    assert 1 + 1 == {expected}\n  end\nend\n"
        )
    };
    let passes = rashomon("test", &text(2), &[], "");
    assert_eq!(passes.status.code(), Some(0), "{}{}", out(&passes), err(&passes));
    assert!(out(&passes).contains("1 test, 0 failures"), "{}", out(&passes));
    let fails = rashomon("test", &text(3), &[], "");
    assert_eq!(fails.status.code(), Some(2), "{}{}", out(&fails), err(&fails));
    for part in ["1 test, 1 failure", "test sums (SumTest)", "left:  2", "right: 3"] {
        assert!(out(&fails).contains(part), "{part} in {}", out(&fails));
    }
}
