//! Programs that Elixir refuses are refused, in its words and at its place.

use rashomon::elixir::diagnostic::Colour;
use rashomon::elixir::syntax::{ErrorKind, SyntaxError, parse};

use crate::recorded::{difference, read};

fn error(source: &str) -> SyntaxError {
    let mut errors = parse(source).expect_err("no program");
    errors.remove(0)
}

#[test]
fn the_first_lines_of_errors_are_those_of_elixir() {
    let recorded = read(include_str!("recorded/errors.txt"));
    assert!(recorded.len() > 400, "{}", recorded.len());
    let wrong: Vec<String> = recorded
        .iter()
        .filter_map(|(program, expected)| {
            let found = match parse(program) {
                Ok(_) => "a program".to_owned(),
                Err(errors) => errors[0].headline("nofile"),
            };
            difference(program, expected, &found)
        })
        .collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_missing_end_names_what_lacks_it() {
    let source = "defmodule Broken do\n  def f(x) do\n    if x do\n      1\n  end\nend\n";
    let error = error(source);
    assert_eq!(error.kind, ErrorKind::TokenMissing);
    assert_eq!(
        error.headline("broken.exs"),
        "** (TokenMissingError) broken.exs:7:1: missing terminator: end (for \"do\" starting at line 1)"
    );
    // The indentation tells more than Elixir does.
    let expected = "\
** (TokenMissingError) broken.exs:7:1: missing terminator: end (for \"do\" starting at line 1)
  |
1 | defmodule Broken do
  |                  -- this `do` has no `end`
2 |   def f(x) do
3 |     if x do
  |          -- probably this `do` lacks its `end`
...
6 | end
  |    ^
  |
  = help: the `end` on line 5 closes the `do` on line 3, but is indented as if it closed something further out: put an `end` before it";
    assert_eq!(error.diagnostic("broken.exs").render(source, Colour::Never), expected);
}

#[test]
fn advice_says_what_to_do() {
    let advice = |source| error(source).hint.unwrap_or_default();
    assert!(advice("f(1, 2\nx)").contains("comma"));
    assert!(advice("[a\n, b]").contains("end of a line"));
    assert!(advice("f (1, 2)").contains("without the space"));
    assert!(advice("if x, do 1 end").contains("comma before and a colon behind"));
    assert!(advice("def f() do: 1").contains("comma before `do:`"));
    assert!(advice("Foo()").contains("small letter"));
    assert!(advice("f(a: 1, b)").contains("keywords last"));
    assert!(advice("end").contains("one `end` too many"));
    assert!(advice("{a: 1}").contains("map"));
    assert!(advice("x +").contains("must follow"));
}
