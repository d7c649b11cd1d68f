//! What Elixir reads in another way. Each of these is a gap that is known; who closes one finds its test failing.

use rashomon::elixir::syntax::parse;

use crate::outline::outline;

fn refused(source: &str) -> bool {
    parse(source).is_err()
}

/// The first line of the outline of a program.
fn first(source: &str) -> String {
    let parsed = parse(source).expect("a program");
    outline(&parsed.ast).lines().next().unwrap_or_default().to_owned()
}

/// The grammar of tree-sitter knows no `do` block behind the call of a function in a variable.
#[test]
fn a_block_behind_an_anonymous_call_is_refused() {
    assert!(refused("f.(1) do 2 end"));
    assert!(!refused("f.(1, do: 2)"));
}

/// Only a call without parentheses as the key of a map.
#[test]
fn a_call_without_parentheses_is_no_key_of_a_map() {
    assert!(refused("%{f a => b}"));
    assert!(!refused("%{f(a) => b}"));
}

/// The name of a struct as the field of an attribute.
#[test]
fn a_field_of_an_attribute_is_no_name_of_a_struct() {
    assert!(refused("%@a.b{}"));
    assert!(!refused("%a.b{}"));
    assert!(!refused("%@a{}"));
}

/// Elixir: `a(+/b)`, where `+` is a name.
#[test]
fn operators_are_names_only_before_an_arity() {
    assert!(refused("a +/ b"));
    assert!(!refused("&+/2"));
}

/// Elixir: `(x = &a) | b`.
#[test]
fn a_capture_right_of_a_stronger_operator_takes_the_weaker_one() {
    assert_eq!(first("x = &a | b"), "call = @1:3");
    assert_eq!(first("&a | b"), "call | @1:4");
}

/// Elixir: `(@Foo).Bar`.
#[test]
fn an_attribute_takes_a_whole_alias() {
    assert_eq!(first("@Foo.Bar"), "call @ @1:1");
}

/// Elixir: `a.-(> b)`, which is an error or another operation.
#[test]
fn an_arrow_behind_a_dot_is_a_name() {
    assert_eq!(first("a.->(b)"), "expr @1:3");
}

/// Elixir counts `\"` in a text as one column, not two. Lines are right.
#[test]
fn columns_behind_escaped_quotes_are_the_real_ones() {
    assert_eq!(first("\"\\\"\" <> x"), "call <> @1:6");
}
