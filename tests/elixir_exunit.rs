//! What ExUnit writes: each file in `tests/elixir/exunit` has what Elixir 1.14 wrote beside it, under the same name with
//! `.recorded`.
//!
//! Times are not compared, nor are the functions that ExUnit makes of callbacks. Elixir finds documentation only in
//! compiled modules, so the record of the doctests is that of `elixirc *.ex && elixir all_test.exs`.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use std::fs;
use std::path::{Path, PathBuf};

use command::{command_in, output};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/elixir/exunit")
}

/// The lines, without what differs from run to run.
fn lines(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text)
        .lines()
        .filter(|line| !line.starts_with("Finished in") && !line.contains(".__ex_unit_"))
        .map(|line| match (line.rfind(" ("), line.find("ms) [L#")) {
            (Some(start), Some(end)) => format!("{} (_{}", &line[..start], &line[end..]),
            _ => line.to_owned(),
        })
        .collect()
}

fn agrees(command: &str, folder: &Path, files: &[&str], recorded: &str) {
    let arguments: Vec<&str> =
        [command].into_iter().chain(files.iter().copied()).chain(["--seed", "0"]).collect();
    let output = output(command_in(folder, &arguments), "");
    let expected = fs::read(folder.join(recorded)).expect("the record can be read");
    assert_eq!(lines(&output.stdout), lines(&expected), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "a test fails");
}

#[test]
fn doctests_pass_and_fail_as_with_elixir() {
    let files = ["calc.ex", "fine.ex", "imp.ex", "join.ex", "more.ex", "all_test.exs"];
    agrees("test", &folder().join("doctest"), &files, "all_test.recorded");
}

#[test]
fn tests_that_are_left_out_are_counted() {
    agrees("run", &folder(), &["left_out.exs"], "left_out.recorded");
}

#[test]
fn a_trace_names_each_test() {
    agrees("run", &folder(), &["trace.exs"], "trace.recorded");
}

/// What Elixir refuses to read in documentation.
#[test]
fn documentation_that_is_no_test_is_refused() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let text = "defmodule Bad do\n  @doc \"\"\"\n      iex> 1 + 1\n    2\n  \"\"\"\n  def a, do: 1\nend\n\
        defmodule BadTest do\n  use ExUnit.Case\n  doctest Bad\nend\n";
    fs::write(folder.join("bad_doctest.exs"), text).expect("the folder of tests can be written to");
    let output = output(command_in(&folder, &["test", "bad_doctest.exs"]), "");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("indentation level mismatch on doctest line: \"  2\""), "{errors}");
    assert_eq!(output.status.code(), Some(1));
}
