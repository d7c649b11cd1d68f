//! Programs that Elixir accepts become the trees that it makes of them.

use rashomon::elixir::syntax::parse;

use crate::outline::outline;
use crate::recorded::{difference, read};

#[test]
fn trees_are_those_of_elixir_with_lines_and_columns() {
    let recorded = read(include_str!("recorded/trees.txt"));
    assert!(recorded.len() > 700, "{}", recorded.len());
    let wrong: Vec<String> = recorded
        .iter()
        .filter_map(|(program, expected)| {
            let found = match parse(program) {
                Ok(parsed) => outline(&parsed.ast).trim_end_matches('\n').to_owned(),
                Err(errors) => errors[0].headline("nofile"),
            };
            difference(program, expected, &found)
        })
        .collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Lines end with a carriage return and a line feed on Windows; only texts keep the difference.
#[test]
fn carriage_returns_change_nothing_but_texts() {
    for (program, expected) in read(include_str!("recorded/trees.txt")) {
        if program.contains(['"', '\'', '~', '\\', '?']) {
            continue;
        }
        let parsed = parse(&program.replace('\n', "\r\n")).expect("the same program");
        let found = outline(&parsed.ast);
        assert_eq!(found.trim_end_matches('\n'), expected, "{program}");
    }
}

#[test]
fn spans_hold_the_whole_expression() {
    let source = "x = foo(1) + bar.baz\n";
    let parsed = parse(source).expect("a program");
    let span = parsed.ast.meta.span;
    assert_eq!(&source[span.start as usize..span.end as usize], "x = foo(1) + bar.baz");
    assert_eq!((span.line, span.column), (1, 3));
}

#[test]
fn columns_count_characters() {
    let parsed = parse("\"日本é\" <> x").expect("a program");
    assert_eq!(parsed.ast.meta.span.column, 7);
}

#[test]
fn odd_programs_bring_warnings() {
    let titles = |source| -> Vec<String> {
        parse(source).expect("a program").warnings.into_iter().map(|warning| warning.title).collect()
    };
    assert!(titles("fn x -> end")[0].starts_with("an expression is always required on the right side of ->"));
    assert!(titles("foo ()")[0].starts_with("invalid expression ()"));
    assert!(titles("not a in b")[0].starts_with("\"not expr1 in expr2\" is deprecated"));
    assert_eq!(titles("a not in b"), Vec::<String>::new());
}
